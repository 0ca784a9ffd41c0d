// What BuildKit makes of variables, USER, WORKDIR, SHELL, ENTRYPOINT and CMD through the stages and triggers
// of Dockerfiles, against what the model says. state-cases.jsonl holds a case a line: the text, the
// configuration of the image that comes out, and for each RUN that goes into it the user, the folder and the
// environment that it has.

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/model/document.h"
#include "tests/catch.h"

using namespace bulkhead;
using nlohmann::json;

namespace {

using Texts = std::vector<std::string>;

Texts texts(const std::optional<Instruction>& instruction) {
  Texts found;
  if (!instruction) return found;
  for (const Word& word : instruction->words()) found.emplace_back(word.text());
  return found;
}

// What depends on the platform of the build is not known here.
void compare(const Value& value, const json& expected) {
  INFO(value.text);
  CHECK((value.known || value.text.find("${") != std::string::npos));
  if (value.known) CHECK(value.text == expected.get<std::string>());
}

void compare(const EffectiveState& state, const json& expected) {
  compare(state.account, expected["user"]);
  if (state.workdir) compare(state.folder, expected["folder"]);
}

}  // namespace

TEST_CASE("the state at each line is what the reference makes of it") {
  std::ifstream in(BULKHEAD_SOURCE_DIR "/tests/model/state-cases.jsonl");
  std::size_t runs = 0;
  std::size_t values = 0;
  for (std::string line; std::getline(in, line);) {
    const json item = json::parse(line);
    const auto document = Document::create(item["text"]);
    INFO(item["text"].get<std::string>() << item.dump());
    const Stage last = document->stages().back();
    const EffectiveState state = last.state();
    compare(state, item);
    CHECK(texts(state.entrypoint) == item["entrypoint"].get<Texts>());
    CHECK(texts(state.cmd) == item["cmd"].get<Texts>());
    CHECK(texts(state.shell) == item["shell"].get<Texts>());
    for (const Instruction& instruction : document->instructions()) {
      if (instruction.kind() != Keyword::run) continue;
      const auto expected = std::ranges::find_if(item["runs"], [&](const json& run) {
        return run["command"] == std::string(instruction.words()[0].text());
      });
      if (expected == item["runs"].end()) continue;  // of a stage that is not built
      ++runs;
      INFO(expected->dump());
      const EffectiveState at = instruction.stage()->state_before(instruction.index());
      compare(at, *expected);
      const Texts shell = texts(at.shell);
      CHECK((shell.empty() ? "/bin/sh" : shell[0]) == (*expected)["shell"].get<std::string>());
      for (const char* name : {"A", "B", "C", "TARGETOS"}) {
        const auto value = instruction.variable(name);
        const auto& environment = (*expected)["env"];
        if (environment.contains(name)) {
          REQUIRE(value);
          compare(*value, environment[name]);
          values += value->known;
        } else if (value) {
          CHECK_FALSE(value->known);  // ARG without a value
        }
      }
    }
  }
  CHECK(runs > 100);
  CHECK(values > 100);
}
