#include "report/terminal.h"

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/report/sample.h"

namespace bulkhead::report {
namespace {

std::string shown(const Sample& sample, const Finding& finding, std::uint32_t width = 120) {
  return terminal(sample.source(), std::vector{finding}, {.width = width});
}

// Only the snippet, without the headline.
std::string snippet(const Sample& sample, const Finding& finding, std::uint32_t width = 120) {
  const std::string all = shown(sample, finding, width);
  return all.substr(all.find('\n') + 1);
}

TEST_CASE("a finding with its line, caret and fixes") {
  const Sample sample("FROM debian:12\nADD src /app\n");
  Finding finding = sample.finding("ADD", "ADD only copies local files here");
  finding.fixes = {{"Replace ADD with COPY", Safety::safe, {}}, {"Do without", Safety::unsafe, {}}};
  CHECK(shown(sample, finding) ==
        "api/Dockerfile:2:1: warning[add-instead-of-copy] ADD only copies local files here\n"
        "  |\n"
        "2 | ADD src /app\n"
        "  | ^^^\n"
        "  |\n"
        "  = help: Replace ADD with COPY (safe)\n"
        "  = help: Do without (unsafe)\n"
        "\n");
}

TEST_CASE("carets stand under wide characters, tabs and what is not UTF-8") {
  const Sample wide("LABEL a=日本 b=c\n");
  CHECK(snippet(wide, wide.finding("b=c")) ==
        "  |\n1 | LABEL a=日本 b=c\n  |              ^^^\n\n");
  CHECK(shown(wide, wide.finding("b=c")).starts_with("api/Dockerfile:1:12: "));
  const Sample tabs("RUN\tx\ty\n");
  CHECK(snippet(tabs, tabs.finding("y")) == "  |\n1 | RUN x   y\n  |         ^\n\n");
  const Sample latin("LABEL a=\xE4 b=c\n");
  CHECK(snippet(latin, latin.finding("b=c")) ==
        "  |\n1 | LABEL a=\uFFFD b=c\n  |           ^^^\n\n");
  CHECK(snippet(wide, wide.finding("日本")) == "  |\n1 | LABEL a=日本 b=c\n  |         ^^^^\n\n");
}

TEST_CASE("nothing of the file commands the terminal") {
  const Sample sample("RUN \x1B]0;title\x07 x\n", "a\x1B[2J\nb");
  Finding finding = sample.finding("x", "name '\x1B[31m'");
  finding.related = {{sample.at("RUN"), "see\r\x1B"}};
  finding.fixes = {{"Replace \x1B", Safety::safe, {}}};
  const std::string out = shown(sample, finding);
  CHECK(out.find_first_of("\x1B\x07\r") == std::string::npos);
  CHECK(out.starts_with("a␛[2J␊b:1:16: warning[add-instead-of-copy] name '␛[31m'\n"));
}

TEST_CASE("an empty span still has a caret") {
  const Sample end("FROM a\nRUN b");
  CHECK(snippet(end, end.finding(Span{12, 12})) == "  |\n2 | RUN b\n  |      ^\n\n");
  const Sample nothing("");
  CHECK(snippet(nothing, nothing.finding(Span{0, 0})) == "  |\n1 |\n  | ^\n\n");
  const Sample blank("FROM a\n\n\nRUN b");
  CHECK(snippet(blank, blank.finding(Span{7, 8})) == "  |\n2 |\n  | ^\n\n");
}

TEST_CASE("a span of a few lines is marked in each, without the blanks around") {
  const Sample sample("RUN a \\\n\n    && b  \n");
  CHECK(snippet(sample, sample.finding(Span{0, 18})) ==
        "  |\n1 | RUN a \\\n  | ^^^^^^^\n2 |\n3 |     && b  \n  |     ^^^^\n\n");
}

TEST_CASE("a span of many lines is cut to its first two and its last") {
  const Sample sample("RUN a \\\n  b \\\n  c \\\n  d \\\n  e\n");
  CHECK(snippet(sample,
                sample.finding(Span{0, static_cast<std::uint32_t>(sample.text.size() - 1)})) ==
        "  |\n1 | RUN a \\\n  | ^^^^^^^\n2 |   b \\\n  |   ^^^\n.\n5 |   e\n  |   ^\n\n");
}

TEST_CASE("related places stand in the same snippet, in the order of the file") {
  const Sample sample(
      "ARG TOKEN\nRUN one\nRUN two\nRUN use $TOKEN\nRUN three\nRUN four\nRUN again $TOKEN\n");
  Finding finding = sample.finding("TOKEN");
  finding.related = {{{70, 76}, "and here"}, {sample.at("$TOKEN"), "read here"}};
  finding.fixes = {{"Mount it", Safety::unsafe, {}}};
  CHECK(snippet(sample, finding) ==
        "  |\n"
        "1 | ARG TOKEN\n"
        "  |     ^^^^^\n"
        ".\n"
        "4 | RUN use $TOKEN\n"
        "  |         ------ read here\n"
        ".\n"
        "7 | RUN again $TOKEN\n"
        "  |           ------ and here\n"
        "  |\n"
        "  = help: Mount it (unsafe)\n"
        "\n");
}

TEST_CASE("marks of one line stand below each other; one line between two is shown") {
  const Sample sample("ENV A=1 B=2\n# why\nRUN x\n");
  Finding finding = sample.finding("B=2");
  finding.related = {{sample.at("A=1"), "first"}, {sample.at("x"), "here"}};
  CHECK(snippet(sample, finding) ==
        "  |\n1 | ENV A=1 B=2\n  |         ^^^\n  |     --- first\n2 | # why\n3 | RUN x\n  |     - "
        "here\n\n");
}

TEST_CASE("a long line is cut around what is marked") {
  const std::string before(500, 'a');
  const std::string after(50'000, 'b');
  const Sample sample(before + "HERE" + after + "THERE" + after + "\n");
  Finding finding = sample.finding("HERE");
  CHECK(snippet(sample, finding, 44) == "  |\n1 | …" + std::string(9, 'a') + "HERE" +
                                            std::string(25, 'b') + "…\n  |           ^^^^\n\n");
  finding = sample.finding(Span{0, 4});
  CHECK(snippet(sample, finding, 44) == "  |\n1 | " + std::string(38, 'a') + "…\n  | ^^^^\n\n");
  finding = sample.finding(sample.at("THERE"));
  const std::string out = snippet(sample, finding, 44);
  CHECK(out.find("THERE") != std::string::npos);
  // Two marks that do not fit into one view: the line is shown for each.
  finding.related = {{sample.at("HERE"), "and here"}};
  CHECK(snippet(sample, finding, 44).find("  |           ---- and here") != std::string::npos);
  // A mark longer than the line.
  finding = sample.finding(Span{0, 60'000});
  CHECK(snippet(sample, finding, 44) ==
        "  |\n1 | " + std::string(38, 'a') + "…\n  | " + std::string(38, '^') + "\n\n");
}

TEST_CASE("the end of a long line is shown to its end") {
  const Sample sample(std::string(300, 'a') + "END");
  CHECK(snippet(sample, sample.finding("END"), 44) ==
        "  |\n1 | …" + std::string(9, 'a') + "END\n  |           ^^^\n\n");
}

TEST_CASE("no line is wider than asked for") {
  const Sample sample("LABEL a=" + std::string(100, '\t') +
                      "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語 end\n");
  for (std::uint32_t width = 30; width < 120; ++width) {
    for (std::uint32_t at = 0; at < sample.text.size(); at += 7) {
      std::string out = snippet(sample, sample.finding(Span{at, at + 3}), width);
      std::size_t end = 0;
      while ((end = out.find('\n')) != std::string::npos) {
        std::string line = out.substr(0, end);
        std::size_t cells = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
          const auto byte = static_cast<unsigned char>(line[i]);
          if ((byte & 0xC0) != 0x80) cells += byte == 0xE6 || byte == 0xE8 ? 2 : 1;  // of 日本語
        }
        CAPTURE(width, at, line);
        REQUIRE(cells <= width);
        out.erase(0, end + 1);
      }
    }
  }
}

TEST_CASE("line numbers are aligned") {
  std::string text;
  for (int i = 1; i <= 12; ++i) text += "RUN " + std::to_string(i) + "\n";
  const Sample sample(text);
  Finding finding = sample.finding("RUN 9");
  finding.related = {{sample.at("RUN 10"), "next"}};
  CHECK(snippet(sample, finding) ==
        "   |\n 9 | RUN 9\n   | ^^^^^\n10 | RUN 10\n   | ------ next\n\n");
}

TEST_CASE("colours and links are asked for") {
  const Sample sample("ADD a b\n");
  const std::string out = terminal(sample.source(), std::vector{sample.finding("ADD")},
                                   {.colors = true, .links = true});
  CHECK(out.find("\x1B[1;33mwarning[") != std::string::npos);
  CHECK(out.find("\x1B[1;33m^^^\x1B[0m") != std::string::npos);
  CHECK(out.find("\x1B]8;;https://") != std::string::npos);
  CHECK(shown(sample, sample.finding("ADD")).find('\x1B') == std::string::npos);
}

TEST_CASE("the summary counts") {
  const Sample sample("ADD a b\n");
  Tally tally;
  tally.add({});
  CHECK(summary(tally, {}) == "No findings in 1 file\n");
  Finding error = sample.finding("ADD");
  error.severity = Severity::error;
  error.fixes = {{"x", Safety::unsafe, {}}, {"y", Safety::safe, {}}};
  tally.add(std::vector{error});
  CHECK(summary(tally, {}) ==
        "1 finding (1 error) in 1 file; 1 can be mended with `bulkhead fix`\n");
  Finding warning = sample.finding("ADD");
  warning.fixes = {{"x", Safety::unsafe, {}}};
  Finding info = sample.finding("ADD");
  info.severity = Severity::info;
  tally.add(std::vector{warning, warning, info, info});
  CHECK(summary(tally, {}) ==
        "5 findings (1 error, 2 warnings, 2 info) in 2 files; "
        "1 can be mended with `bulkhead fix`, 2 more with `--unsafe`\n");
  Tally unsafe_only;
  unsafe_only.add(std::vector{warning});
  CHECK(summary(unsafe_only, {}) ==
        "1 finding (1 warning) in 1 file; 1 can be mended with `bulkhead fix --unsafe`\n");
}

}  // namespace
}  // namespace bulkhead::report
