# Rules register themselves by standing in analysis/rules/<category>/: the file `a-rule.cpp` defines
# `extern constinit const Rule a_rule`, and this makes the table of all of them. A misnamed one is an
# error of the linker that names it; nothing runs before main().
file(GLOB rule_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/analysis/rules/*/*.cpp")
# Beside them: what several rules share.
file(GLOB engine_sources CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/analysis/*.cpp" "${PROJECT_SOURCE_DIR}/analysis/rules/*.cpp")

set(ids)
foreach(source IN LISTS rule_sources)
  get_filename_component(id "${source}" NAME_WE)
  list(APPEND ids "${id}")
endforeach()
list(SORT ids)
set(declarations "")
set(entries "")
foreach(id IN LISTS ids)
  string(REPLACE "-" "_" symbol "${id}")
  string(APPEND declarations "extern const Rule ${symbol};\n")
  string(APPEND entries "      &rules::${symbol},\n")
endforeach()
configure_file(cmake/rules_table.cpp.in "${PROJECT_BINARY_DIR}/generated/rules_table.cpp" @ONLY)

add_library(bulkhead_analysis STATIC
  ${engine_sources} ${rule_sources} "${PROJECT_BINARY_DIR}/generated/rules_table.cpp")
target_link_libraries(bulkhead_analysis PUBLIC bulkhead_options bulkhead_model bulkhead_compose)
