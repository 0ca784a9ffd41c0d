# All that bulkhead is built from, with the oldest versions it is known to work with (Debian 12).
# `./dev setup` installs them.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED CONFIG)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 2.1 REQUIRED)

# The static library where there is one: users of the program need not have it.
find_library(YAML_CPP NAMES libyaml-cpp.a yaml-cpp REQUIRED)
add_library(yaml_cpp INTERFACE)
target_link_libraries(yaml_cpp INTERFACE "${YAML_CPP}")

# tree-sitter's runtime and its grammar for bash come from npm: Debian's runtime is too old for them.
set(modules "${PROJECT_SOURCE_DIR}/grammar/node_modules")
set(runtime "${modules}/tree-sitter/vendor/tree-sitter/lib")
set(bash "${modules}/tree-sitter-bash/src")
foreach(file IN ITEMS "${runtime}/src/lib.c" "${bash}/parser.c")
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "${file} is missing. Run `npm ci --ignore-scripts` in grammar/, or `./dev setup`.")
  endif()
endforeach()

# The runtime bounds how many ways through an ambiguous text it follows at a time, but not how many it
# has finished: a text of 8 KB (a thousand times "`<a") can keep it busy for seconds. Count both.
set(patched "${PROJECT_BINARY_DIR}/generated/tree-sitter")
set(bound "if (self->iterators.size >= MAX_ITERATOR_COUNT) continue;")
file(READ "${runtime}/src/stack.c" stack)
string(FIND "${stack}" "${bound}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "${runtime}/src/stack.c is not the one that cmake/dependencies.cmake patches.")
endif()
string(REPLACE "${bound}" "if (self->iterators.size + self->slices.size >= MAX_ITERATOR_COUNT) continue;"
       stack "${stack}")
file(CONFIGURE OUTPUT "${patched}/stack.c" CONTENT "${stack}" @ONLY)
configure_file("${runtime}/src/lib.c" "${patched}/lib.c" COPYONLY)

add_library(tree_sitter STATIC "${patched}/lib.c")
target_include_directories(tree_sitter SYSTEM PUBLIC "${runtime}/include" PRIVATE "${runtime}/src")
target_compile_definitions(tree_sitter PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
target_compile_options(tree_sitter PRIVATE -w)

add_library(tree_sitter_bash STATIC "${bash}/parser.c" "${bash}/scanner.c")
target_include_directories(tree_sitter_bash PRIVATE "${bash}")
target_compile_options(tree_sitter_bash PRIVATE -w)

# Our own grammar, as generated; CONTRIBUTING.md says how.
add_library(tree_sitter_dockerfile STATIC grammar/src/parser.c grammar/src/scanner.c)
target_include_directories(tree_sitter_dockerfile PRIVATE grammar/src)
target_compile_options(tree_sitter_dockerfile PRIVATE -Wno-unused-but-set-variable)

# Three thousand generated lines a grammar: worth optimising in every build, for tests run on them.
foreach(target IN ITEMS tree_sitter tree_sitter_bash tree_sitter_dockerfile)
  target_compile_options(${target} PRIVATE -O2)
endforeach()
