// What BuildKit's parser says of 240 Dockerfiles, each written for one point of its rules, against what the
// model says. reference-cases.jsonl holds a case a line: the text, whether the reference takes it, and its
// instructions (lines 1-based; words after continuations are joined).

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/text/ascii.h"
#include "tests/catch.h"

using namespace bulkhead;
using nlohmann::json;

namespace {

using Texts = std::vector<std::string>;

std::vector<json> cases() {
  std::vector<json> cases;
  std::ifstream in(BULKHEAD_SOURCE_DIR "/tests/model/reference-cases.jsonl");
  for (std::string line; std::getline(in, line);) cases.push_back(json::parse(line));
  return cases;
}

// Bytes that are not UTF-8 can not stand in JSON: `latin1` has a character for each of them.
std::string text_of(const json& item) {
  if (item.contains("text")) return item["text"];
  std::string bytes;
  const std::string latin1 = item["latin1"];
  for (std::size_t i = 0; i < latin1.size(); ++i) {
    const auto lead = static_cast<unsigned char>(latin1[i]);
    if (lead < 0x80) {
      bytes += latin1[i];
    } else {
      bytes +=
          static_cast<char>((lead & 3) << 6 | (static_cast<unsigned char>(latin1[++i]) & 0x3F));
    }
  }
  return bytes;
}

Texts strings(const json& instruction, const char* key) {
  return instruction.contains(key) ? instruction[key].get<Texts>() : Texts{};
}

Texts words(const Instruction& instruction) {
  Texts words;
  for (const Word& word : instruction.words()) words.emplace_back(word.text());
  for (const Pair& pair : instruction.pairs()) {
    const bool arg = instruction.kind() == Keyword::arg;
    const auto value = pair.value();
    words.emplace_back(pair.name().text());
    if (arg) {
      if (value) words.back() += "=" + std::string(value->text());
    } else {
      words.emplace_back(value ? value->text() : "");
      words.emplace_back(instruction.data().old_form ? "" : "=");
    }
  }
  return words;
}

void compare(const Instruction& instruction, const json& expected) {
  INFO("line " << expected["start"] << ": " << expected.dump(-1, ' ', true));
  CHECK(upper_case(instruction.keyword().text()) ==
        upper_case(expected["name"].get<std::string>()));
  if (!instruction.is_trigger()) {
    CHECK(instruction.first_line() + 1 == expected["start"].get<std::uint32_t>());
    CHECK(instruction.last_line() + 1 == expected["end"].get<std::uint32_t>());
  }
  if (instruction.kind() == Keyword::unknown || instruction.kind() == Keyword::onbuild) return;
  Texts arguments = strings(expected, "args");
  // The reference writes U+FFFD for what is not UTF-8; the model keeps the bytes.
  if (expected.dump(-1, ' ', true).find("\\ufffd") == std::string::npos) {
    Texts read = words(instruction);
    // It keeps the command of HEALTHCHECK as one string, and an empty argument where there is none.
    if (arguments == Texts{""}) arguments.clear();
    CHECK(read == arguments);
  }
  Texts flags;
  for (const Flag& flag : instruction.flags()) flags.emplace_back(flag.whole().text());
  CHECK(flags == strings(expected, "flags"));
  CHECK(instruction.is_json() == expected.value("json", false));
  if (!expected.contains("heredocs")) {
    if (!instruction.is_trigger()) CHECK(instruction.data().heredocs.empty());
    return;
  }
  REQUIRE(instruction.data().heredocs.size() == expected["heredocs"].size());
  for (std::size_t i = 0; i < expected["heredocs"].size(); ++i) {
    const HeredocData& heredoc = instruction.data().heredocs[i];
    const json& reference = expected["heredocs"][i];
    CHECK(heredoc.delimiter == reference["name"].get<std::string>());
    CHECK(heredoc.expands == reference["expand"].get<bool>());
    CHECK(heredoc.strips_tabs == reference.value("chomp", false));
  }
}

}  // namespace

TEST_CASE("the model reads what the reference reads") {
  for (const json& item : cases()) {
    if (!item["ok"]) continue;
    DYNAMIC_SECTION(item["name"].get<std::string>()) {
      const auto document = Document::create(text_of(item));
      CHECK(document->faults().empty());
      std::vector<Instruction> top;
      for (const Instruction& instruction : document->instructions()) {
        if (!instruction.is_trigger()) top.push_back(instruction);
      }
      REQUIRE(top.size() == item["instructions"].size());
      for (std::size_t i = 0; i < top.size(); ++i) {
        const json& expected = item["instructions"][i];
        compare(top[i], expected);
        if (expected.contains("sub"))
          compare(document->instructions()[top[i].index() + 1], expected["sub"]);
      }
    }
  }
}
