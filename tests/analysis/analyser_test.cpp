// One version after the other: what the analysis of a fresh document says.

#include <chrono>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "tests/catch.h"
#include "tests/seed.h"

using namespace bulkhead;

namespace {

// Stages that build on one another and take files from one another, and what rules speak of.
const std::vector<std::string> pieces = {"FROM debian:13 AS base\n",
                                         "FROM node:16\n",
                                         "FROM base AS build\n",
                                         "FROM build\n",
                                         "\n# a comment\nFROM alpine:3.22 AS last\n",
                                         "ARG VERSION=latest\n",
                                         "FROM python:$VERSION\n",
                                         "COPY --from=build /app /app\n",
                                         "COPY --from=base --chown=app /etc/passwd /etc/\n",
                                         "RUN --mount=type=bind,from=last,target=/x true\n",
                                         "RUN useradd app && chmod 777 /app\n",
                                         "RUN apt-get update && apt-get install -y gcc curl sudo\n",
                                         "RUN curl http://example.com/x | sh\n",
                                         "RUN echo one \\\n# two\n  three\n",
                                         "ENV API_TOKEN=hunter2-example\n",
                                         "ENV VERSION=1\n",
                                         "USER app\n",
                                         "USER root\n",
                                         "ONBUILD USER root\n",
                                         "WORKDIR /app\n",
                                         "VOLUME /data\n",
                                         "EXPOSE 22\n",
                                         "ADD x.txt /app/\n",
                                         "ENTRYPOINT [\"/app/run\"]\n",
                                         "# bulkhead: ignore=all\n",
                                         "# escape=`\n",
                                         "\r\n",
                                         "\n",
                                         " ",
                                         "x"};

std::string told(const std::vector<Edit>& edits) {
  std::string text;
  for (const Edit& edit : edits) {
    text += " [" + std::to_string(edit.change.span.begin) + "," +
            std::to_string(edit.change.span.end) + ") " + edit.file + " " + edit.change.text;
  }
  return text;
}

std::vector<std::string> told(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    std::string line = std::string(finding.rule->id) + " " + std::to_string(finding.span.begin) +
                       "-" + std::to_string(finding.span.end) + " " +
                       std::string(name(finding.severity)) + " " + finding.message;
    for (const auto& [span, message] : finding.related) {
      line +=
          " (" + std::to_string(span.begin) + "-" + std::to_string(span.end) + " " + message + ")";
    }
    for (const Fix& fix : finding.fixes) line += " {" + fix.title + told(fix.edits) + "}";
    lines.push_back(std::move(line));
  }
  return lines;
}

// How many nodes a check was run on.
int visits = 0;
void visit(const Instruction& instruction, Report& report) {
  ++visits;
  report.at(instruction.keyword(), "seen");
}
constinit const Rule visiting{.id = "visiting", .checks = each<visit>};

int visits_of(Analyser& analyser, const std::shared_ptr<const Snapshot>& snapshot) {
  visits = 0;
  const Config config{.select = std::vector<const Rule*>{&visiting}, .ignore = {}};
  const auto found = told(analyser.analyse(snapshot, config, {}).findings);
  const int count = visits;
  REQUIRE(found == told(analyse(*snapshot, config, {}).findings));
  return count;
}

// The document with `text` put in front of `place`.
std::shared_ptr<const Snapshot> typed(const std::shared_ptr<const Snapshot>& snapshot,
                                      std::string_view place, std::string text) {
  const auto at = static_cast<std::uint32_t>(snapshot->text().find(place));
  return snapshot->after(std::array{TextEdit{{at, at}, std::move(text)}});
}

}  // namespace

TEST_CASE("after edits the findings of all rules are those of a fresh document") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, 40);
  Config config;
  config.select.emplace(all_rules().begin(), all_rules().end());
  Context context;
  context.today = std::chrono::year{2026} / 11 / 23;
  for (int round = 0; round < 300; ++round) {
    std::string text = "FROM debian:13 AS base\n" + random.text();
    std::shared_ptr<const Snapshot> snapshot = Document::create(text);
    Analyser analyser;
    analyser.analyse(snapshot, config, context);
    for (int edit = 0; edit < 4; ++edit) {
      const std::size_t begin = random.below(text.size() + 1);
      const std::size_t size = random.below(3) == 0 ? random.below(40) : 0;
      const Span span{static_cast<std::uint32_t>(begin),
                      static_cast<std::uint32_t>(std::min(begin + size, text.size()))};
      const std::string& piece = random.piece();
      CAPTURE(round, edit, text, span.begin, span.end, piece);
      text.replace(span.begin, span.size(), piece);
      snapshot = snapshot->after(std::array{TextEdit{span, piece}});
      REQUIRE(told(analyser.analyse(snapshot, config, context).findings) ==
              told(analyse(*snapshot, config, context).findings));
    }
  }
}

TEST_CASE("an edit has the stages looked at that it touches or reaches, and no other") {
  const std::string text =
      "FROM a AS one\nRUN 1\n"
      "FROM b AS two\nRUN 2\n"
      "FROM one AS three\nRUN 3\n"
      "FROM c\nCOPY --from=two /x /x\n";
  Analyser analyser;
  std::shared_ptr<const Snapshot> snapshot = Document::create(text);
  CHECK(visits_of(analyser, snapshot) == 8);
  CHECK(visits_of(analyser, snapshot) == 0);
  SECTION("the stage built on it") {
    CHECK(visits_of(analyser, typed(snapshot, "1\n", "x")) == 4);
  }
  SECTION("the stage that takes files from it") {
    CHECK(visits_of(analyser, typed(snapshot, "2\n", "x")) == 4);
  }
  SECTION("itself alone") {
    CHECK(visits_of(analyser, typed(snapshot, "3\n", "x")) == 2);
  }
  SECTION("a comment above FROM belongs to what follows") {
    CHECK(visits_of(analyser, typed(snapshot, "FROM one", "# x\n")) == 2);
  }
  SECTION("what stands above all stages reaches all") {
    CHECK(visits_of(analyser, typed(snapshot, "FROM a", "ARG X\n")) == 9);
  }
  SECTION("so does another name") {
    CHECK(visits_of(analyser, typed(snapshot, "three", "x")) == 8);
  }
  SECTION("and another context") {
    analyser.forget();
    CHECK(visits_of(analyser, snapshot) == 8);
  }
}
