// One version after the other: what the analysis of a fresh document says.

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "tests/analysis/told.h"
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
                                         "FROM alpine:$VERSION AS last\n",
                                         "FROM scratch\n",
                                         "FROM golang:1.26 AS build\n",
                                         "RUN make\n",
                                         "RUN CGO_ENABLED=0 go build -o /app/run\n",
                                         "COPY --from=build / /\n",
                                         "COPY --from=build /app/run /app/run\n",
                                         "RUN adduser -S app\n",
                                         "COPY --from=build /app /app\n",
                                         "COPY --from=base --chown=app /etc/passwd /etc/\n",
                                         "RUN --mount=type=bind,from=last,target=/x true\n",
                                         "RUN useradd app && chmod 777 /app\n",
                                         "RUN apt-get update && apt-get install -y gcc curl sudo\n",
                                         "RUN curl http://example.com/x | sh\n",
                                         "RUN echo one \\\n# two\n  three\n",
                                         "ENV API_TOKEN=hunter2-example\n",
                                         "ENV VERSION=1\n",
                                         "ENV WHO=root MODE=777\n",
                                         "ARG PIP_CONSTRAINT=$WHO\n",
                                         "RUN pip install flask && chmod $MODE /app\n",
                                         "USER $WHO\n",
                                         "WHO",
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

// How many nodes checks were run on.
int visits = 0;
template <class Node>
void visit(const Node& node, Report& report) {
  ++visits;
  report.at(node.span(), "seen");
}
constinit const Rule visits_instructions{.id = "visits-instructions",
                                         .checks = each<visit<Instruction>>};
// What is asked of instructions for the document as a whole.
bool is_visited_run(const Instruction& instruction) {
  ++visits;
  return instruction.kind() == Keyword::run;
}
void gather(const Document& document, Report& report) {
  for (const Instruction& run : report.instructions<is_visited_run>(document))
    report.at(run, "seen");
}
constinit const Rule gathers_instructions{.id = "gathers-instructions", .checks = each<gather>};
void gather_unless_quiet(const Document& document, Report& report) {
  if (document.text().find("quiet") == std::string_view::npos) gather(document, report);
}
constinit const Rule gathers_at_times{.id = "gathers-at-times",
                                      .checks = each<gather_unless_quiet>};
constinit const Rule visits_stages{.id = "visits-stages", .checks = each<visit<Stage>>};
constinit const Rule visits_dependents{
    .id = "visits-dependents", .checks = each<visit<Stage>>, .looks_at_dependents = true};

// Types in versions of one document, and counts what is looked at for each.
class Typist {
 public:
  Typist(const Rule& rule, std::string text) : snapshot_(Document::create(std::move(text))) {
    config_.select = std::vector<const Rule*>{&rule};
  }

  int visits_after() {
    visits = 0;
    const auto found = told(analyser_.analyse(snapshot_, config_, {}).findings);
    const int count = visits;
    REQUIRE(found == told(analyse(*snapshot_, config_, {}).findings));
    return count;
  }

  // Puts `text` in front of `place`.
  int visits_after(std::string_view place, std::string text) {
    const auto at = static_cast<std::uint32_t>(snapshot_->text().find(place));
    snapshot_ = snapshot_->after(std::array{TextEdit{{at, at}, std::move(text)}});
    return visits_after();
  }

  int visits_after_forgetting() {
    analyser_.forget();
    return visits_after();
  }

 private:
  Config config_;
  Analyser analyser_;
  std::shared_ptr<const Snapshot> snapshot_;
};

// Whether an editor is told the same of both, but where `change` has moved it.
bool says_the_same(const Finding& before, const Finding& now, const Change& change) {
  const auto has_moved = [&](Span old, Span span) {
    return change.moved(old.begin) == span.begin && change.moved(old.end) == span.end;
  };
  return before.rule == now.rule && has_moved(before.span, now.span) &&
         before.severity == now.severity && before.message == now.message &&
         before.tags == now.tags &&
         std::ranges::equal(
             before.related, now.related, [&](const Related& old, const Related& related) {
               return has_moved(old.span, related.span) && old.message == related.message;
             });
}

const std::string four_stages =
    "FROM a AS one\nRUN 1\n"
    "FROM b AS two\nRUN 2\n"
    "FROM one AS three\nRUN 3\n"
    "FROM c\nCOPY --from=two /x /x\n";

}  // namespace

TEST_CASE("after edits the findings of all rules are those of a fresh document") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, 40);
  Config config;
  config.select.emplace(all_rules().begin(), all_rules().end());
  Context context;
  context.today = std::chrono::year{2026} / 11 / 23;
  for (int round = 0; round < 1000; ++round) {
    std::string text = "FROM debian:13 AS base\n" + random.text();
    std::shared_ptr<const Snapshot> snapshot = Document::create(text);
    Analyser analyser;
    analyser.analyse(snapshot, config, context);
    for (int edit = 0; edit < 3; ++edit) {
      const std::size_t begin = random.below(text.size() + 1);
      const std::size_t size = random.below(3) == 0 ? random.below(40) : 0;
      const Span span{static_cast<std::uint32_t>(begin),
                      static_cast<std::uint32_t>(std::min(begin + size, text.size()))};
      const std::string& piece = random.piece();
      CAPTURE(round, edit, text, span.begin, span.end, piece);
      text.replace(span.begin, span.size(), piece);
      snapshot = snapshot->after(std::array{TextEdit{span, piece}});
      const Analysis before = analyser.analysis();
      const Analysis& now = analyser.analyse(snapshot, config, context);
      REQUIRE(told(now.findings) == told(analyse(*snapshot, config, context).findings));
      REQUIRE(now.earlier.has_value());
      REQUIRE(now.earlier->indices.size() == now.findings.size());
      for (std::size_t i = 0; i < now.findings.size(); ++i) {
        const std::uint32_t index = now.earlier->indices[i];
        if (index == Analysis::none) continue;
        REQUIRE(says_the_same(before.findings.at(index), now.findings[i], now.earlier->change));
      }
    }
  }
}

TEST_CASE("after edits comments say what they say in a fresh document") {
  const std::vector<std::string> lines = {"FROM a\n",
                                          "FROM a AS b\n",
                                          "ADD x /\n",
                                          "ADD y \\\n# in it\n  /\n",
                                          "ONBUILD ADD x /\n",
                                          "RUN <<E\n",
                                          "E\n",
                                          "# a note\n",
                                          "# https://me:hunter2real@example.com/\n",
                                          "# -----BEGIN PRIVATE KEY-----\n# hunter2\n",
                                          "# bulkhead: ignore=add-instead-of-copy\n",
                                          "# xulkhead: ignore=add-instead-of-copy\n",
                                          "# hadolint global ignore=DL3020\n",
                                          "# kics-scan ignore-block\n",
                                          "# syntax=docker/dockerfile:1\n",
                                          "# escape=`\n",
                                          "#",
                                          "\\",
                                          "\n",
                                          "\r\n",
                                          "x"};
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, lines, 20);
  Config config;
  config.select.emplace(all_rules().begin(), all_rules().end());
  for (int round = 0; round < 200; ++round) {
    std::string text = random.text();
    std::shared_ptr<const Snapshot> snapshot = Document::create(text);
    Analyser analyser;
    analyser.analyse(snapshot, config, {});
    for (int edit = 0; edit < 15; ++edit) {
      std::size_t begin = random.below(text.size() + 1);
      std::string piece = random.below(3) == 0 ? "" : random.piece();
      std::size_t size = std::min(random.below(30), text.size() - begin);
      // One letter becomes another, and all behind it stays where it is.
      const std::size_t known = text.find("ulkhead:", begin);
      if (known != std::string::npos && known > 0 && random.below(2) == 0) {
        begin = known - 1;
        size = 1;
        piece = text[begin] == 'b' ? "x" : "b";
      }
      CAPTURE(round, edit, text, begin, size, piece);
      text.replace(begin, size, piece);
      const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + size)};
      snapshot = snapshot->after(std::array{TextEdit{span, piece}});
      REQUIRE(told(analyser.analyse(snapshot, config, {}).findings) ==
              told(analyse(*snapshot, config, {}).findings));
    }
  }
}

TEST_CASE("an analysis tells which findings those of the version before are") {
  Config config;
  config.select = {find_rule("add-instead-of-copy"), find_rule("unknown-instruction")};
  Analyser analyser;
  std::shared_ptr<const Snapshot> snapshot =
      Document::create("FROM a AS one\nADD x /\nFORM b\nFROM b AS two\nADD y /\n");
  CHECK_FALSE(analyser.analyse(snapshot, config, {}).earlier.has_value());
  REQUIRE(analyser.analysis().findings.size() == 3);
  const auto indices_after = [&](std::string_view place, std::string text) {
    const auto at = static_cast<std::uint32_t>(snapshot->text().find(place));
    snapshot = snapshot->after(std::array{TextEdit{{at, at}, std::move(text)}});
    return analyser.analyse(snapshot, config, {}).earlier.value().indices;
  };
  using Indices = std::vector<std::uint32_t>;
  CHECK(indices_after("FROM b", "EXPOSE 80\n") == Indices{0, 1, 2});
  CHECK(indices_after("FROM b", "ADD z /\n") == Indices{0, 1, Analysis::none, 2});
  CHECK(indices_after("ADD z", "# bulkhead: ignore=add-instead-of-copy\n") == Indices{0, 1, 3});
}

TEST_CASE("what a rule asks of stages that hang together by no files is asked again") {
  const auto check = [](std::string text, std::string_view old, std::string_view now) {
    CAPTURE(text, old, now);
    Config config;
    config.select.emplace(all_rules().begin(), all_rules().end());
    Context context;
    context.today = std::chrono::year{2026} / 11 / 23;
    Analyser analyser;
    std::shared_ptr<const Snapshot> snapshot = Document::create(text);
    analyser.analyse(snapshot, config, context);
    const auto at = static_cast<std::uint32_t>(text.find(old));
    const auto end = at + static_cast<std::uint32_t>(old.size());
    snapshot = snapshot->after(std::array{TextEdit{{at, end}, std::string(now)}});
    CHECK(told(analyser.analyse(snapshot, config, context).findings) ==
          told(analyse(*snapshot, config, context).findings));
  };
  const std::string copied =
      "FROM a AS c\nENV A=1\nFROM debian:trixie\nCOPY --from=c / /\nUSER 1\n";
  check(copied, "ENV A=1", "RUN make");
  check(copied, "FROM a", "FROM alpine");
  check(copied, "FROM a", "FROM scratch");
  const std::string tagged = "ARG V=3.8\nFROM busybox:1 AS a\nUSER 1\nFROM alpine:$V\nUSER 1\n";
  check(tagged, "busybox:1", "busybox:$V");
  check(tagged, "alpine:$V", "alpine:3.8");
  const std::string named = "FROM golang:1 AS c\nRUN adduser -S app\nFROM scratch\nUSER app\n";
  check(named, "app", "appx");
  check(named, "RUN adduser -S app\n", "");
  const std::string linked =
      "FROM golang:1.26 AS b\nRUN go build -o /s\nFROM debian:13\nCOPY --from=b /s /s\n"
      "ENTRYPOINT [\"/s\"]\n";
  check(linked, "RUN go", "RUN CGO_ENABLED=0 go");
  check(linked, "FROM golang:1.26", "FROM rust:1.90");
  const std::string old = "FROM python:3.7 AS b\nRUN pip list\n";
  check(old + "FROM b\nRUN ls /usr/lib/\n", "lib/", "lib/python3.7");
  check(old + "FROM b AS c\nFROM c\nRUN ls /usr/lib/\n", "lib/", "lib/python3.7");
  check(old + "FROM a\nRUN --mount=from=b,target=/b ls /b/lib/\n", "lib/", "lib/python3.7");
  const std::string siblings =
      "FROM php:8.3 AS b\nRUN pecl install xdebug\nFROM b\nUSER 1\nFROM b\nRUN true\nUSER 1\n";
  check(siblings, "true", "xdebug");
}

TEST_CASE("an edit has the instructions looked at that it touches or reaches, and no other") {
  Typist typist(*GENERATE(&visits_instructions, &gathers_instructions), four_stages);
  CHECK(typist.visits_after() == 8);
  CHECK(typist.visits_after() == 0);
  SECTION("a step means the same behind another step") {
    CHECK(typist.visits_after("1\n", "x") == 1);
  }
  SECTION("but not behind another user, nor in what is built on it") {
    CHECK(typist.visits_after("RUN 1", "USER a\n") == 5);
  }
  SECTION("nor behind a variable that rules look for unasked") {
    CHECK(typist.visits_after("RUN 1", "ENV PIP_CONSTRAINT=b\n") == 5);
  }
  SECTION("what stands above all stages reaches all") {
    CHECK(typist.visits_after("FROM a", "ARG X\n") == 9);
  }
  SECTION("so does another name") {
    CHECK(typist.visits_after("three", "x") == 8);
  }
  SECTION("and another context") {
    CHECK(typist.visits_after_forgetting() == 8);
  }
}

TEST_CASE("what was asked of instructions is kept while nobody asks") {
  Typist typist(gathers_at_times, "FROM a\nRUN 1\nRUN 2\n");
  CHECK(typist.visits_after() == 3);
  CHECK(typist.visits_after("1\n", "quiet ") == 1);
  CHECK(typist.visits_after("2\n", "x") == 1);
  CHECK(typist.visits_after("et 1", "-") == 1);
}

TEST_CASE("the value of a variable reaches what names that, and what is made of it") {
  Typist typist(
      *GENERATE(&visits_instructions, &gathers_instructions),
      "FROM a AS one\nENV x=1 w=1\nENV y=$x\nRUN echo $y\nRUN echo $w\n"
      "FROM one\nRUN echo $xx\nRUN echo ${x}\nRUN echo $\\\nx\nRUN echo q\\\nq\nUSER $z\nRUN 2\n");
  CHECK(typist.visits_after() == 12);
  SECTION("also in what is built on its stage, and where a name may go on in the next line") {
    CHECK(typist.visits_after("1 w", "2") == 6);
  }
  SECTION("all of a stage where it decides what is in force there") {
    CHECK(typist.visits_after("\nENV y", " z=root") == 8);
  }
  SECTION("all, where that is quicker than to look for each of many") {
    std::string many = "\nENV";
    for (int i = 0; i < 100; ++i) many += " n" + std::to_string(i) + "=1";
    CHECK(typist.visits_after("\nRUN echo $w", many) == 13);
  }
  SECTION("also one that is gone, or not known") {
    CHECK(typist.visits_after("x=1", "x") == 7);
    CHECK(typist.visits_after("xx=1", "$") == 12);
  }
}

TEST_CASE("an edit has the stages looked at that it touches or reaches, and no other") {
  Typist typist(visits_stages, four_stages);
  CHECK(typist.visits_after() == 4);
  CHECK(typist.visits_after() == 0);
  SECTION("the stage built on it") {
    CHECK(typist.visits_after("1\n", "x") == 2);
  }
  SECTION("itself alone, if it leaves the same files") {
    CHECK(typist.visits_after("3\n", "x") == 1);
    CHECK(typist.visits_after("2\n", "x") == 1);
  }
  SECTION("the stage that takes files from it, if it leaves others") {
    CHECK(typist.visits_after("2\n", "touch /y; ") == 2);
  }
  SECTION("the stage that it takes files from") {
    CHECK(typist.visits_after("/x\n", "/y") == 2);
  }
  SECTION(
      "the stages that it is built on and takes files from, for a rule that looks at dependents") {
    Typist other(visits_dependents, four_stages + "RUN 4\n");
    CHECK(other.visits_after() == 4);
    CHECK(other.visits_after("3\n", "x") == 2);
    CHECK(other.visits_after("4\n", "x") == 1);
    CHECK(other.visits_after("COPY", "RUN --mount=from=two,target=/y true\n") == 2);
    CHECK(other.visits_after("true", "x") == 2);
    CHECK(other.visits_after("1\n", "x") == 2);
    CHECK(other.visits_after() == 0);
  }
}
