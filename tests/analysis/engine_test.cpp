#include "analysis/engine.h"

#include <chrono>
#include <stdexcept>
#include <string>

#include "analysis/ignore_file.h"
#include "analysis/rule.h"
#include "tests/catch.h"

using namespace bulkhead;

namespace {

void throws(const From&, Report& report) {
  report.at(Span{0, 1}, "lost with the rest of its rule");
  throw std::runtime_error("a fault in a rule");
}

void quotes(const User& user, Report& report) {
  report.at(user, std::string(user.words()[0].text()));
}

void at_each(const Instruction& instruction, Report& report) {
  report.at(instruction.keyword(), std::string(instruction.keyword().text()));
}

// Two fixes that never agree: only the end of the rounds stops them.
void quarrels(const User& user, Report& report) {
  const bool a = user.words()[0].text() == "a";
  report.at(user, "never content")
      .fix(Safety::safe, "Change it", replace(user.words()[0], a ? "b" : "a"));
}

// Their fixes hang together: whom a stage runs as is told by its image, and one user is enough.
void upgrades(const From& from, Report& report) {
  const auto image = from.image_word();
  if (image->text() == "old")
    report.at(*image, "an old image").fix(Safety::unsafe, "Upgrade", replace(*image, "new"));
}

bool has_user(const Stage& stage) {
  return stage.user().set_by.has_value();
}

void adds_user(const Stage& stage, Report& report) {
  if (has_user(stage)) return;
  const std::string image(stage.from().image_word()->text());
  report.at(stage, "no user")
      .fix(Safety::unsafe, "Add one", insert_after(stage.from(), {"USER " + image}));
}

void adds_another(const Cmd& cmd, Report& report) {
  if (!has_user(*cmd.stage()))
    report.at(cmd, "no user").fix(Safety::unsafe, "Add one", insert_before(cmd, {"USER other"}));
}

// A fix that cannot be made.
void tears(const User& user, Report& report) {
  const Span span = user.span();
  const Span first{span.begin, span.begin + 2};
  const Span second{span.begin + 1, span.end};
  report.at(user, "torn")
      .fix(Safety::safe, "Tear it", std::vector{replace(first, ""), replace(second, "")});
}

void empties(const IgnoreFile& file, Report& report) {
  for (const IgnorePattern& pattern : file.patterns())
    report.at(pattern.span, "not empty").fix(Safety::safe, "Empty it", replace(pattern.span, ""));
}

constinit const Rule throwing{.id = "throwing", .checks = each<throws>};
constinit const Rule quoting{.id = "quoting", .checks = each<quotes>};
constinit const Rule counting{.id = "counting", .checks = each<at_each>};
constinit const Rule quarrelling{.id = "quarrelling", .checks = each<quarrels>};
constinit const Rule upgrading{.id = "upgrading", .checks = each<upgrades>};
constinit const Rule adding_user{.id = "adding-user", .checks = each<adds_user>};
constinit const Rule adding_another{.id = "adding-another", .checks = each<adds_another>};
constinit const Rule tearing{.id = "tearing", .checks = each<tears>};
constinit const Rule emptying{.id = "emptying", .checks = each<empties>};

std::vector<std::string> found(const std::string& text, std::vector<const Rule*> select = {},
                               std::vector<const Rule*> ignore = {}) {
  Config config{.ignore = std::move(ignore)};
  if (!select.empty()) config.select.emplace(std::move(select));
  std::vector<std::string> ids;
  const auto document = Document::create(text);
  for (const Finding& finding : analyse(*document, config, {}).findings)
    ids.emplace_back(finding.rule->id);
  return ids;
}

using Ids = std::vector<std::string>;

std::string suppressed(const std::string& text, const Rule& rule) {
  const auto document = Document::create(text);
  const auto findings =
      analyse(*document, {.select = std::vector{&rule}, .ignore = {}}, {}).findings;
  REQUIRE(!findings.empty());
  return apply_edits(text,
                     std::vector{suppress(*document, document->remarks(), findings.back()).change})
      .value();
}

const Rule& rule(std::string_view id) {
  const Rule* found = find_rule(id);
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("a rule that throws loses its own findings and nothing else") {
  const auto document = Document::create("FROM a\nUSER b\n");
  const Analysis analysis =
      analyse(*document, {.select = std::vector{&throwing, &counting}, .ignore = {}}, {});
  CHECK(analysis.broken == std::vector<const Rule*>{&throwing});
  CHECK(analysis.findings.size() == 2);
}

TEST_CASE("a message is cut between characters where it gets too long to be read") {
  const auto message = [](const std::string& word) {
    const auto document = Document::create("FROM a\nUSER " + word + "\n");
    return analyse(*document, {.select = std::vector{&quoting}, .ignore = {}}, {})
        .findings.at(0)
        .message;
  };
  CHECK(message(std::string(1000, 'x')) == std::string(1000, 'x'));
  CHECK(message(std::string(1001, 'x')) == std::string(1000, 'x') + "…");
  CHECK(message(std::string(999, 'x') + "äy") == std::string(999, 'x') + "…");
}

TEST_CASE("rules that there is no time for are told") {
  const auto document = Document::create("FROM a\nUSER b\n");
  int asked = 0;
  const auto analysis = [&](int most) {
    asked = 0;
    return analyse(*document, {.select = std::vector{&counting, &throwing}, .ignore = {}}, {},
                   [&asked, most] { return asked++ >= most; });
  };
  CHECK(analysis(2).left_out.empty());
  CHECK(analysis(1).left_out == std::vector<const Rule*>{&throwing});
  CHECK(analysis(1).findings.size() == 2);
  CHECK(analysis(0).left_out == std::vector<const Rule*>{&counting, &throwing});
  CHECK(analysis(0).findings.empty());
  CHECK(asked == 1);  // from then on it is too late
}

TEST_CASE("rules are enabled beside the others, and may be told how grave they are") {
  const std::string text = "FROM a\nADD a b\n";
  const auto severities = [&](const Config& config) {
    std::vector<Severity> all;
    for (const Finding& finding : analyse(*Document::create(text), config, {}).findings) {
      if (finding.rule->id == "add-instead-of-copy") all.push_back(finding.severity);
    }
    return all;
  };
  const Rule* const one = &rule("add-instead-of-copy");
  const Config none{.select = std::vector<const Rule*>()};
  CHECK(severities(none).empty());
  CHECK(severities(combined(none, {.enable = {one}})).empty());  // the user's selection counts
  const Config enabled{.select = none.select, .enable = {one, one}};
  REQUIRE(severities(enabled).size() == 1);
  for (const Severity severity : {Severity::error, Severity::hint}) {
    CHECK(severities(combined(enabled, {.severities = {{one, severity}}})) ==
          std::vector{severity});
    CHECK(severities(combined({}, {.severities = {{one, severity}}})) == std::vector{severity});
  }
  CHECK(severities(combined({.enable = {one}}, {.ignore = {one}})).empty());
  CHECK(severity_named("info") == Severity::info);
  CHECK_FALSE(severity_named("never"));
  CHECK((fail_level_named("never") && !*fail_level_named("never")));
  CHECK_FALSE(fail_level_named("Error"));
}

TEST_CASE("a setting is found behind more of them than anybody writes") {
  std::string text = "FROM node:24\nRUN";
  for (int i = 0; i < 1500; ++i) text += " A=1";
  text += " NODE_TLS_REJECT_UNAUTHORIZED=0 node x.js\n";
  Config config;
  config.select = std::vector{find_rule("node-tls-verify-disabled")};
  CHECK(analyse(*Document::create(text), config, {}).findings.size() == 1);
}

TEST_CASE("findings stand in the order of the document") {
  const std::string text = "FROM alpine\nADD a b\nEXPOSE 22\nADD c d\n";
  const Ids ids = found(
      text, {&rule("ssh-port-exposed"), &rule("add-instead-of-copy"), &rule("missing-image-tag")});
  CHECK(ids ==
        Ids{"missing-image-tag", "add-instead-of-copy", "ssh-port-exposed", "add-instead-of-copy"});
  CHECK(found(text, {&rule("add-instead-of-copy")}, {&rule("add-instead-of-copy")}).empty());
}

TEST_CASE("a rule is found by its id and by its aliases") {
  const std::vector<const Rule*> add{&rule("add-instead-of-copy")};
  CHECK(rules_named("add-instead-of-copy") == add);
  CHECK(rules_named("hadolint:DL3020") == add);
  CHECK(rules_named("dl3020") == add);
  CHECK(rules_named("DL3020", "hadolint") == add);
  CHECK(rules_named("DL3020", "trivy").empty());
  CHECK(rules_named("SecretsUsedInArgOrEnv").size() == 2);
  CHECK(rules_named("DL9999").empty());
  // As Trivy has called them, and with the path that Semgrep puts in front.
  CHECK(rules_named("AVD-DS-0005", "trivy") == add);
  CHECK(rules_named("DS005") == add);
  CHECK(rules_named("trivy:DS005") == add);
  CHECK(rules_named("Trivy:AVD-DS-0005") == add);
  CHECK(rules_named("use-copy-over-add", "trivy") == add);
  CHECK(rules_named("9513a694-aa0d-41d8-be61-3271e056f36b", "kics") == add);
  CHECK(rules_named("9513a694-aa0d-41d8-be61-3271e056f36b", "trivy").empty());
  // `*` is any text in what a comment of that tool says, and nothing elsewhere.
  CHECK(rules_named("DL302*").empty());
  CHECK(rules_named("DL302*", "hadolint").size() > 2);
  CHECK(rules_named("DS05").empty());
  CHECK(rules_named("trivy:AVD-DS-0005") == add);
  CHECK(rules_named("dockerfile.best-practice.prefer-copy-over-add.prefer-copy-over-add",
                    "semgrep") == add);
  CHECK(rules_named("").empty());
  CHECK_FALSE(find_rule("DL3020"));
}

TEST_CASE("comments silence findings, ours and those of the tools whose rules ours stand for") {
  const Rule& add = rule("add-instead-of-copy");
  const auto count = [&](const std::string& text) { return found(text, {&add}).size(); };
  const std::string from = "FROM alpine:3.24\n";
  CHECK(count(from + "ADD a b\nADD c d\n") == 2);
  for (const std::string comment :
       {"# bulkhead: ignore=add-instead-of-copy",
        "# bulkhead: ignore=latest-tag, add-instead-of-copy as agreed", "#bulkhead:ignore=DL3020",
        "# hadolint ignore=DL3006,DL3020", "# hadolint ignore = DL3020", "#trivy:ignore:DS-0005",
        "# tally ignore=hadolint:DL3020", "# kics-scan ignore-line", "# kics-scan ignore-block",
        "# nosemgrep", "# nosemgrep: dockerfile.prefer-copy-over-add", "#trivy:ignore:AVD-DS-0005",
        "# bulkhead: ignore=all"}) {
    INFO(comment);
    CHECK(count(from + comment + "\nADD a b\nADD c d\n") == 1);
    CHECK(count(from + comment + "\n\n# more\nADD a b\nADD c d\n") == 1);
    CHECK(count(from + comment + "\r\nADD a b\r\nADD c d\r\n") == 1);
  }
  for (const std::string comment :
       {"# bulkhead: ignore-file=add-instead-of-copy", "# hadolint global ignore=DL3020",
        "#checkov:skip=CKV_DOCKER_4:agreed", "# tally global ignore=hadolint:DL3020"}) {
    INFO(comment);
    CHECK(count(from + "ADD a b\nADD c d\n" + comment + "\n") == 0);
  }
  for (const std::string comment : {"# bulkhead: ignore=latest-tag", "# hadolint ignore=DL30200",
                                    "# ignore add-instead-of-copy", "# hadolint ignore",
                                    "# bulkhead: ignore=", "# checkov:skip=CKV_DOCKER_40",
                                    "# kics-scan ignored", "# nosemgrep: missing-user"}) {
    INFO(comment);
    CHECK(count(from + comment + "\nADD a b\nADD c d\n") == 2);
  }
  CHECK(count(from + "RUN a \\\n# bulkhead: ignore=add-instead-of-copy\n b\nADD a b\n") == 1);
}

TEST_CASE("comments for KICS on the whole file stand at its top, those on a block above FROM") {
  const Rule& add = rule("add-instead-of-copy");
  const Rule& user = rule("root-user");
  const std::string text = "FROM alpine:3.24\nADD a b\nUSER root\n";
  const auto count = [&](const std::string& document) {
    return found(document, {&add, &user}).size();
  };
  CHECK(count(text) == 2);
  CHECK(count("# made by hand\n\n# kics-scan ignore\n" + text) == 0);
  CHECK(count("# kics-scan disable=67fd0c4a-68cf-46d7-8c41-bc9fba7e40ae\n" + text) == 1);
  CHECK(count("# kics-scan disable=last_user_is_root, add_instead_of_copy\n" + text) == 0);
  CHECK(count("# kics-scan enable=67fd0c4a-68cf-46d7-8c41-bc9fba7e40ae\n" + text) == 1);
  CHECK(count("# kics-scan disable=fd54f200-402c-4333-a5a4-36ef6709af2f\n" + text) == 2);
  for (const std::string comment :
       {"# kics-scan ignore", "# kics-scan disable=last_user_is_root", "# kics-scan enable=x"}) {
    INFO(comment);
    CHECK(count(text + comment + "\n") == 2);
    CHECK(count("FROM a AS b\n" + comment + "\n" + text) == 2);
  }
  const std::string block = "# kics-scan ignore-block\n";
  CHECK(count(block + text) == 0);
  CHECK(count(text + block + text) == 2);
  CHECK(count(block + text + text) == 2);
  CHECK(count("# kics-scan ignore-line\n" + text) == 2);
}

TEST_CASE("a comment for Trivy may name several rules, patterns of names, and a day until when") {
  const Rule& add = rule("add-instead-of-copy");
  Context context;
  context.today = std::chrono::year(2026) / 9 / 1;
  const auto silences = [&](const std::string& comment) {
    const auto document = Document::create("FROM alpine:3.24\n" + comment + "\nADD a b\n");
    return analyse(*document, {.select = std::vector{&add}, .ignore = {}}, context)
        .findings.empty();
  };
  for (const std::string comment :
       {"#trivy:ignore:DS-0001 trivy:ignore:DS-0005", "# known: trivy:ignore:DS-0005",
        "#trivy:ignore:*", "# trivy:ignore:DS-00*", "#trivy:ignore:use-copy-over-add",
        "#trivy:ignore:docker-use-copy-over-add", "#trivy:ignore:DS005",
        "#trivy:ignore:DS-0005:exp:2026-09-02", "#trivy:ignore:DS-0005[file=b] by agreement"}) {
    INFO(comment);
    CHECK(silences(comment));
  }
  for (const std::string comment :
       {"#trivy:ignore:DS-0004", "#trivy:ignore:DS-003*",
        "#trivy:ignore:", "#trivy:ignore:DS-0005:exp:2026-09-01",
        "#trivy:ignore:DS-0005:exp:2020-01-01", "#trivy:ignore:DS-0005:exp:soon", "# by trivy"}) {
    INFO(comment);
    CHECK_FALSE(silences(comment));
  }
}

TEST_CASE("a comment may name rules any number of times, and any number that are not there") {
  const Rule& add = rule("add-instead-of-copy");
  const auto silences = [&](const std::string& names) {
    return found("FROM a\n# bulkhead: ignore=" + names + "\nADD a b\n", {&add}).empty();
  };
  std::string often = "latest-tag";
  std::string unknown;
  for (int i = 0; i < 100'000; ++i) {
    often += ",a,all-of-it";
    unknown += ",a" + std::to_string(i);
  }
  CHECK(silences(often + ",add-instead-of-copy"));
  CHECK_FALSE(silences(often));
  CHECK(silences("add-instead-of-copy" + unknown));
  CHECK_FALSE(silences("latest-tag" + unknown));
}

TEST_CASE("the directive of BuildKit skips its rules for the whole file") {
  const std::string text = "FROM alpine:3.24\nENV DB_PASSWORD=hunter2-example\n";
  const Rule* secret = find_rule("secret-in-env");
  REQUIRE(secret);
  CHECK(found(text, {secret}).size() == 1);
  CHECK(found("# check=skip=SecretsUsedInArgOrEnv;error=true\n" + text, {secret}).empty());
  CHECK(found("# check=error=true;skip=SecretsUsedInArgOrEnv\n" + text, {secret}).empty());
  CHECK(found("# check=skip=StageNameCasing\n" + text, {secret}).size() == 1);
  CHECK(found("# check=error=true\n" + text, {secret}).size() == 1);
  // Further down it is a comment as any other.
  CHECK(found(text + "# check=skip=SecretsUsedInArgOrEnv\n", {secret}).size() == 1);
  CHECK(found("# a\n# check=skip=all\n" + text, {secret}).size() == 1);
  // Of other tools' rules BuildKit never spoke.
  const Rule& add = rule("add-instead-of-copy");
  CHECK(found("# check=skip=all\n" + text + "ADD a b\n", {secret, &add}).size() == 1);
}

TEST_CASE("the comment that silences a finding goes right above its instruction") {
  const Rule& add = rule("add-instead-of-copy");
  const std::string ignore = "# bulkhead: ignore=add-instead-of-copy";
  const std::string byte_order_mark = "\xEF\xBB\xBF";
  CHECK(suppressed("FROM a\n# files\nADD a \\\n  b\n", add) ==
        "FROM a\n# files\n" + ignore + "\nADD a \\\n  b\n");
  CHECK(suppressed(byte_order_mark + "ADD a b\n", add) == byte_order_mark + ignore + "\nADD a b\n");
  CHECK(suppressed("FROM a\r\nadd a b\r\n", add) == "FROM a\r\n" + ignore + "\r\nadd a b\r\n");
  CHECK(suppressed("FROM a\n# bulkhead: ignore=latest-tag for now\n\nADD a b\n", add) ==
        "FROM a\n# bulkhead: ignore=latest-tag,add-instead-of-copy for now\n\nADD a b\n");
  CHECK(suppressed("FROM a\nONBUILD ADD a b\n", add) ==
        "FROM a\n" + ignore + "\nONBUILD ADD a b\n");
  for (const std::string text : {"FROM a\nADD a b\n", "ADD a b", "# escape=`\nADD a `\n b\n"}) {
    CHECK(found(suppressed(text, add), {&add}).empty());
  }
}

TEST_CASE("mending goes on in rounds and comes to an end") {
  const auto fixed = [](const std::string& text, Safety most) {
    return fix_all(*Document::create(text),
                   {.select = std::vector{&rule("add-instead-of-copy"), &rule("ssh-port-exposed")},
                    .ignore = {}},
                   {}, most);
  };
  CHECK(fixed("FROM a\nADD a b\nEXPOSE 22 80\n", Safety::safe).text ==
        "FROM a\nCOPY a b\nEXPOSE 22 80\n");
  CHECK(fixed("FROM a\nADD a b\nEXPOSE 22 80\n", Safety::unsafe).text ==
        "FROM a\nCOPY a b\nEXPOSE 80\n");
  CHECK(fixed("FROM a\nADD a b\nEXPOSE 22 80\n", Safety::unsafe).fixes == 2);
  CHECK(fixed("FROM a\nEXPOSE 22 22/tcp\n", Safety::unsafe).text ==
        "FROM a\n");  // one needs the other's round
  CHECK(fixed("FROM a\n", Safety::unsafe).fixes == 0);
  const auto document = Document::create("FROM a\nUSER a\n");
  CHECK_FALSE(
      fix_all(*document, {.select = std::vector{&quarrelling}, .ignore = {}}, {}, Safety::unsafe)
          .text.empty());
}

TEST_CASE("what else to mend is found out anew where a fix changes an image or a user") {
  const auto fixed = [](const std::string& text) {
    const Config config{.select = std::vector{&adding_user, &adding_another, &upgrading,
                                              &rule("add-instead-of-copy")},
                        .ignore = {}};
    return fix_all(*Document::create(text), config, {}, Safety::unsafe);
  };
  CHECK(fixed("FROM old\nADD a b\n").text == "FROM new\nUSER new\nCOPY a b\n");
  CHECK(fixed("FROM old\nADD a b\n").fixes == 3);
  CHECK(fixed("FROM old\nCMD a\n").text == "FROM new\nUSER new\nCMD a\n");
  CHECK(fixed("FROM old AS base\nFROM base\nCMD a\n").text ==
        "FROM new AS base\nUSER new\nFROM base\nCMD a\n");
  CHECK(fixed("FROM old AS a\nFROM old AS b\n").text ==
        "FROM new AS a\nUSER new\nFROM new AS b\nUSER new\n");
}

TEST_CASE("a fix whose edits conflict is left out, and no other") {
  const Config config{.select = std::vector{&tearing, &rule("add-instead-of-copy")}, .ignore = {}};
  const Fixed fixed =
      fix_all(*Document::create("FROM a\nUSER a\nADD a b\n"), config, {}, Safety::unsafe);
  CHECK(fixed.text == "FROM a\nUSER a\nCOPY a b\n");
  CHECK(fixed.fixes == 1);
}

TEST_CASE("what goes behind a text waits until another fix has replaced that") {
  const Config config{
      .select = std::vector{&rule("unterminated-quote"), &rule("copy-multiple-without-slash")},
      .ignore = {}};
  const auto fixed = [&](const std::string& line) {
    return fix_all(*Document::create("FROM a\n" + line + "\n"), config, {}, Safety::unsafe).text;
  };
  CHECK(fixed(R"(COPY "my file" "b" /dest)") == "FROM a\nCOPY [\"my file\", \"b\", \"/dest/\"]\n");
  CHECK(fixed(R"(COPY "a b" c /d # note)") == "FROM a\nCOPY [\"a b\", \"c\", \"/d/\"]\n");
}

TEST_CASE("any number of fixes is made in one round") {
  constexpr std::size_t count = 100'000;
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "a\n";
  const Config config{.select = std::vector{&emptying}, .ignore = {}};
  const Fixed fixed = fix_all(*IgnoreFile::create(text), config, {}, Safety::safe);
  CHECK(fixed.fixes == count);
  CHECK(fixed.text == std::string(count, '\n'));
}
