// Replays tests/refactorings/split-stages/*.before.dockerfile: what the refactoring makes of each stands in
// *.after.dockerfile beside it. With BULKHEAD_UPDATE=1 in the environment these are written anew, for the
// difference to be reviewed.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "analysis/engine.h"
#include "analysis/model/accounts.h"
#include "analysis/refactorings/refactorings.h"
#include "analysis/rule.h"
#include "tests/catch.h"

using namespace bulkhead;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(BULKHEAD_SOURCE_DIR) / "tests/refactorings/split-stages";
constexpr std::string_view before = ".before.dockerfile";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::optional<std::string> split(const std::string& text) {
  const auto document = Document::create(text);
  const auto made = split_stages(*document);
  if (!made) return std::nullopt;
  std::vector<TextEdit> changes;
  for (const Edit& edit : made->edits) {
    REQUIRE(edit.file.empty());
    changes.push_back(edit.change);
  }
  return apply_edits(text, changes);
}

std::string with_crlf(std::string_view text) {
  std::string made;
  for (const char c : text) made += c == '\n' ? "\r\n" : std::string(1, c);
  return made;
}

std::set<std::string> findings(const Document& document, Severity most) {
  std::set<std::string> found;
  for (const Finding& finding : analyse(document, {}, {}).findings) {
    if (finding.severity <= most) found.emplace(finding.rule->id);
  }
  return found;
}

}  // namespace

TEST_CASE("a stage that builds and runs becomes two") {
  std::vector<fs::path> sources;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().string().ends_with(before)) sources.push_back(entry.path());
  }
  std::ranges::sort(sources);
  REQUIRE(sources.size() > 10);
  for (const fs::path& source : sources) {
    const std::string path = source.string();
    DYNAMIC_SECTION(source.filename().string()) {
      const std::string text = read(source);
      const auto made = split(text);
      REQUIRE(made);
      const fs::path expected = path.substr(0, path.size() - before.size()) + ".after.dockerfile";
      if (std::getenv("BULKHEAD_UPDATE") != nullptr)
        std::ofstream(expected, std::ios::binary) << *made;
      INFO("if this is right: BULKHEAD_UPDATE=1 ./dev test -R refactorings");
      CHECK(*made == read(expected));

      const auto document = Document::create(*made);
      CHECK(document->faults().empty());
      REQUIRE(document->stages().size() == 2);
      const Stage last = document->stages()[1];
      CHECK(last.is_shipped());
      CHECK(!document->stages()[0].is_shipped());
      // Who runs it, and on what; what is worse than a warning.
      CHECK(!account_of_process(last).empty());
      for (const std::string& id : findings(*document, Severity::warning)) {
        const Rule* rule = find_rule(id);
        CAPTURE(id);
        const bool was_there = findings(*Document::create(text), Severity::warning).contains(id);
        CHECK((was_there || rule->category == Category::reproducibility));
      }
      CHECK(findings(*document, Severity::error).empty());
      for (const char* id : {"missing-user", "root-user", "sdk-image-in-final-stage"}) {
        REQUIRE(find_rule(id));
        CHECK(!findings(*document, Severity::hint).contains(id));
      }
      CHECK(!split(*made));
      // Line ends are the author's, and the last one may be missing.
      CHECK(split(with_crlf(text)) == with_crlf(*made));
      const auto unended = split(text.substr(0, text.size() - 1));
      REQUIRE(unended);
      CHECK((*unended == *made || *unended + "\n" == *made));
    }
  }
}

TEST_CASE("nothing is offered where it cannot be told what to ship") {
  const auto* const text = GENERATE(
      "FROM golang:1.26 AS build\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\n"
      "CMD [\"/app\"]\n",                                                      // two stages
      "FROM golang:1.26\nCOPY . .\nRUN go build -o /app .\n",                  // nothing starts
      "FROM golang:1.26\nCOPY . .\nRUN make\nCMD [\"/app\"]\n",                // who made that?
      "FROM golang:1.26\nCOPY . .\nRUN go build -o /app\nCMD [\"/other\"]\n",  // another program
      "FROM golang:1.26\nCOPY run.sh /go/bin/run.sh\nRUN go install ./...\nCMD "
      "[\"/go/bin/run.sh\"]\n",
      "FROM golang:1.26\n",  // a base and nothing else
      "FROM golang:1.26-nanoserver\nRUN go build -o /app\nCMD [\"/app\"]\n",
      "# escape=`\nFROM golang:1.26\nRUN go build -o /app\nCMD [\"/app\"]\n",
      "FROM golang:1.26\nRUN go build -o /app\nONBUILD COPY . .\nCMD [\"/app\"]\n",
      "FROM golang:1.26-alpine\nRUN apk add gcc musl-dev && go build -o /app\nCMD [\"/app\"]\n",
      "FROM golang:1.26\nRUN go build -o /app\nCMD /app --port $PORT\n",  // needs a shell
      "FROM golang:1.26\nRUN go build -o /app\nRUN mkdir /data\nCMD [\"/app\"]\n",
      "ARG IMAGE\nFROM $IMAGE\nRUN go build -o /app\nCMD [\"/app\"]\n",
      "FROM maven:3\nRUN mvn package\nCMD [\"java\", \"-jar\", \"/target/a.jar\"]\n",  // which Java?
      "FROM maven:3-eclipse-temurin-21\nRUN mvn package\nCMD mvn spring-boot:run\n",
      "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"npm\", \"run\", \"dev\"]\n",
      "FROM node:26-alpine\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n",
      "FROM node:26\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n",  // in the root folder
      "FROM python:3.14\nWORKDIR /a\nCOPY . .\nRUN pip install --user .\nCMD [\"a\"]\n",
      "FROM python:3.14\nWORKDIR /a\nCOPY . .\nRUN poetry install\nCMD [\"a\"]\n",
      "FROM debian:13\nCOPY . .\nRUN apt-get install -y curl\nCMD [\"/a\"]\n",
      "FROM golang:1.26\nCOPY . .\nRUN go install ./...\nCMD [\"sh\"]\n",  // to be looked into
      "FROM debian:13\nWORKDIR /a\nRUN ./configure && make install\nCMD [\"/usr/local/bin/a\"]\n",
      "FROM debian:13\nWORKDIR /a\nRUN make && mkdir /b\nRUN useradd u && chown u /b\nUSER u\n"
      "CMD [\"./a\"]\n",  // what the build made stays there
      "FROM debian:13\nWORKDIR /a\nRUN make && useradd u\nRUN mkdir /b && chown u /b\n"
      "CMD [\"./a\"]\n",                                               // so does the account
      "FROM debian:13\nCOPY . .\nRUN make\nCMD [\"/usr/bin/vim\"]\n",  // not of this build
      "FROM alpine:3.22\nWORKDIR /a\nCOPY . .\nRUN make\nCMD [\"shop\"]\n");
  CAPTURE(text);
  CHECK(!split(text));
}
