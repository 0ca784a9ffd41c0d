// What BuildKit's shell lexer makes of words, against what expand() makes of them. expansion-cases.jsonl
// holds a case a line: the word, the escape character, and what came out: "result" or "error", and the
// names it looked for in vain.

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/model/expansion.h"
#include "tests/catch.h"

using namespace bulkhead;
using nlohmann::json;

TEST_CASE("words become what the reference makes of them") {
  std::ifstream in(BULKHEAD_SOURCE_DIR "/tests/model/expansion-cases.jsonl");
  std::size_t count = 0;
  std::map<std::string, std::string, std::less<>> variables;
  for (std::string line; std::getline(in, line);) {
    const json item = json::parse(line);
    if (item.contains("variables")) {  // the first line
      variables = item["variables"];
      continue;
    }
    ++count;
    INFO(line);
    std::optional<ExpansionFault> fault;
    const std::string word = item["word"];
    const Value value = expand(
        word, item["escape"].get<std::string>()[0],
        [&](std::string_view name) -> std::optional<Value> {
          const auto found = variables.find(name);
          if (found == variables.end()) return std::nullopt;
          return Value{found->second, true, {}};
        },
        &fault);
    // To the builder a name that nothing defines is empty; here it is not known.
    const bool has_unset = item.contains("unset");
    if (!item.contains("result")) {
      CHECK((fault || has_unset));
      continue;
    }
    CHECK_FALSE(fault);
    CHECK((value.known || has_unset));
    if (value.known) CHECK(value.text == item["result"].get<std::string>());
  }
  CHECK(count > 500);
}
