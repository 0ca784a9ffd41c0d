# Facts are data: analysis/facts/data/* become tables of constants when bulkhead is built. What the
# generator cannot make sense of is an error of the build that names file and line.
file(GLOB facts_data CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/analysis/facts/data/*")
set(facts_tables "${PROJECT_BINARY_DIR}/generated/facts_tables.cpp")

add_executable(generate_facts tools/facts/generate.cpp)
target_link_libraries(generate_facts PRIVATE bulkhead_options nlohmann_json::nlohmann_json)
add_custom_command(
  OUTPUT "${facts_tables}"
  COMMAND generate_facts analysis/facts/data "${facts_tables}"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  DEPENDS generate_facts ${facts_data}
  COMMENT "Making tables of the facts"
  VERBATIM)
target_sources(bulkhead_facts PRIVATE "${facts_tables}")
