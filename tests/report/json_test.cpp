#include "report/json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "tests/catch.h"
#include "tests/report/sample.h"

namespace bulkhead::report {
namespace {

using nlohmann::json;

json parsed(const Sample& sample, const Finding& finding) {
  return json::parse(json_array(std::vector{json_items(sample.source(), std::vector{finding})}));
}

TEST_CASE("the form of a finding") {
  const Sample sample("FROM a\n# 🚢\nADD src /app # 🚢 x\n");
  Finding finding = sample.finding("x", "message");
  finding.fixes = {{"Replace ADD with COPY",
                    Safety::safe,
                    {{{sample.at("ADD"), "COPY"}}, {{{0, 0}, ".git\n"}, ".dockerignore"}}}};
  const json expected = {
      {{"path", "api/Dockerfile"},
       {"rule", "add-instead-of-copy"},
       {"category", "attack-surface"},
       {"severity", "warning"},
       {"message", "message"},
       {"range",
        {{"start", {{"line", 2}, {"character", 18}}}, {"end", {{"line", 2}, {"character", 19}}}}},
       {"url", documentation_url(add_rule)},
       {"aliases", {"hadolint:DL3020", "trivy:DS-0005"}},
       {"fixes",
        {{{"title", "Replace ADD with COPY"},
          {"safety", "safe"},
          {"edits",
           {{{"path", "api/Dockerfile"},
             {"range",
              {{"start", {{"line", 2}, {"character", 0}}},
               {"end", {{"line", 2}, {"character", 3}}}}},
             {"newText", "COPY"}},
            {{"path", "api/.dockerignore"},
             {"range",
              {{"start", {{"line", 0}, {"character", 0}}},
               {"end", {{"line", 0}, {"character", 0}}}}},
             {"newText", ".git\n"}}}}}}}}};
  CHECK(parsed(sample, finding) == expected);
}

TEST_CASE("what is not UTF-8 is replaced, never an error") {
  const Sample sample("ADD a b\n", "\xFF/Dockerfile");
  Finding finding = sample.finding("ADD", "name \xC3");
  finding.fixes = {{"t", Safety::safe, {{{{0, 0}, "\xE4"}, "x"}}}};
  const json all = parsed(sample, finding);
  CHECK(all[0]["path"] == "\uFFFD/Dockerfile");
  CHECK(all[0]["message"] == "name \uFFFD");
  CHECK(all[0]["fixes"][0]["edits"][0]["newText"] == "\uFFFD");
}

TEST_CASE("the array of several files") {
  const Sample sample("ADD a b\n");
  CHECK(json_array({}) == "[]\n");
  CHECK(json_array(std::vector<std::string>{"", ""}) == "[]\n");
  const std::string item =
      json_items(sample.source(), std::vector{sample.finding("ADD"), sample.finding("a")});
  CHECK(json::parse(json_array(std::vector<std::string>{item, "", item})).size() == 4);
}

TEST_CASE("files of the context stand beside the Dockerfile") {
  const Sample here("", "Dockerfile");
  CHECK(path_of(here.source(), "") == "Dockerfile");
  CHECK(path_of(here.source(), ".dockerignore") == ".dockerignore");
  const Sample absolute("", "/Dockerfile");
  CHECK(path_of(absolute.source(), ".dockerignore") == "/.dockerignore");
}

}  // namespace
}  // namespace bulkhead::report
