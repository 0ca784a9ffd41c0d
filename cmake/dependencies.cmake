# All that bulkhead is built from, with the oldest versions it is known to work with (Debian 12).
# `./dev setup` installs them.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED CONFIG)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 2.1 REQUIRED)

# fmt, compiled once: with its headers alone each of our files takes twice as long to compile, and Debian has no
# static library of it.
add_library(fmt_compiled STATIC "${PROJECT_SOURCE_DIR}/cmake/fmt.cpp")
get_target_property(FMT_INCLUDE_DIRS fmt::fmt-header-only INTERFACE_INCLUDE_DIRECTORIES)
target_include_directories(fmt_compiled SYSTEM PUBLIC ${FMT_INCLUDE_DIRS})

# The static library where there is one: users of the program need not have it.
find_library(YAML_CPP NAMES libyaml-cpp.a yaml-cpp REQUIRED)
add_library(yaml_cpp INTERFACE)
target_link_libraries(yaml_cpp INTERFACE "${YAML_CPP}")

# RE2, and what it is built on in newer versions: the static ones as well.
find_package(PkgConfig REQUIRED)
pkg_check_modules(RE2 REQUIRED re2)
add_library(re2 INTERFACE)
target_include_directories(re2 SYSTEM INTERFACE ${RE2_INCLUDE_DIRS})
foreach(library IN LISTS RE2_STATIC_LIBRARIES)
  if(library MATCHES "^(re2|absl_.*)$")
    find_library(RE2_${library} NAMES lib${library}.a ${library} REQUIRED)
    set(library "${RE2_${library}}")
  endif()
  target_link_libraries(re2 INTERFACE "${library}")
endforeach()
target_link_libraries(re2 INTERFACE Threads::Threads)

# tree-sitter's runtime and its grammar for bash come from npm: Debian's runtime is too old for them.
set(modules "${PROJECT_SOURCE_DIR}/grammar/node_modules")
set(runtime "${modules}/tree-sitter/vendor/tree-sitter/lib")
set(bash "${modules}/tree-sitter-bash/src")
foreach(file IN ITEMS "${runtime}/src/lib.c" "${bash}/parser.c")
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "${file} is missing. Run `npm ci --ignore-scripts` in grammar/, or `./dev setup`.")
  endif()
endforeach()

# Has lib.c, which includes all of the runtime, include a copy of one source in which `old` reads `new`.
set(patched "${PROJECT_BINARY_DIR}/generated/tree-sitter")
file(READ "${runtime}/src/lib.c" lib)
function(patch_runtime name old new)
  file(READ "${runtime}/src/${name}" text)
  string(FIND "${text}" "${old}" found)
  string(FIND "${lib}" "./${name}" included)
  if(found EQUAL -1 OR included EQUAL -1)
    message(FATAL_ERROR "${runtime}/src/${name} is not the one that cmake/dependencies.cmake patches.")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(CONFIGURE OUTPUT "${patched}/${name}" CONTENT "${text}" @ONLY)
  string(REPLACE "./${name}" "${patched}/${name}" lib "${lib}")
  set(lib "${lib}" PARENT_SCOPE)
endfunction()

# The runtime bounds how many ways through an ambiguous text it follows at a time, but not how many it
# has finished: a text of 8 KB (a thousand times "`<a") can keep it busy for seconds. Count both.
patch_runtime(stack.c
  "if (self->iterators.size >= MAX_ITERATOR_COUNT) continue;"
  "if (self->iterators.size + self->slices.size >= MAX_ITERATOR_COUNT) continue;")

# A third of a parse is stepping through the text, which is nearly all ASCII: decode that at once.
set(next_character "const uint8_t *chunk = (const uint8_t *)self->chunk + position_in_chunk;")
patch_runtime(lexer.c "${next_character}" "${next_character}
  if (*chunk < 0x80 && self->input.encoding == TSInputEncodingUTF8) {
    self->lookahead_size = 1;
    self->data.lookahead = *chunk;
    return;
  }")

file(CONFIGURE OUTPUT "${patched}/lib.c" CONTENT "${lib}" @ONLY)
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

# Worth optimising in every build, for tests run on them. No symbol is replaced at run time, so that the compiler
# may inline across the runtime's files: together they make a parse a tenth faster.
foreach(target IN ITEMS tree_sitter tree_sitter_bash tree_sitter_dockerfile)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden)
  target_compile_options(${target} PRIVATE -O2)
endforeach()
target_compile_options(tree_sitter PRIVATE -O3 -fno-semantic-interposition)
