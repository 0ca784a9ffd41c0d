// Runs every fixture: tests/rules/fixtures/<rule>/<what it shows>.dockerfile, and where the rule
// has a fix for what it finds there, <what it shows>.fixed.dockerfile beside it. With
// BULKHEAD_UPDATE=1 in the environment the expectations are written anew, for the difference to be
// reviewed.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "host/recent_scripts.h"
#include "host/snapshot.h"
#include "tests/catch.h"
#include "tests/rules/fixture.h"

namespace bulkhead::test {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(BULKHEAD_SOURCE_DIR) / "tests/rules/fixtures";
constexpr std::string_view suffix = ".dockerfile";
constexpr std::string_view fixed_suffix = ".fixed.dockerfile";

bool updating() {
  return std::getenv("BULKHEAD_UPDATE") != nullptr;
}

void write(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<fs::path> fixtures(std::string_view rule) {
  std::vector<fs::path> found;
  if (!fs::exists(folder / rule)) return found;
  for (const auto& entry : fs::directory_iterator(folder / rule)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(suffix) && !name.ends_with(fixed_suffix)) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

void check_marks(const Fixture& fixture, const std::vector<Finding>& findings) {
  INFO("is:\n" << with_marks(fixture.text, findings));
  REQUIRE(findings.size() == fixture.marks.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    const Mark& mark = fixture.marks[i];
    CHECK(std::string(finding.rule->id) == mark.rule);
    CHECK(finding.span.begin == mark.span.begin);
    const bool goes_on = fixture.text.substr(finding.span.begin, finding.span.size()).find('\n') !=
                         std::string::npos;
    if (!goes_on && !finding.span.empty()) CHECK(finding.span.end == mark.span.end);
    CAPTURE(finding.message, mark.message);
    CHECK(finding.message.find(mark.message) != std::string::npos);
  }
}

void run(const Rule& rule, const fs::path& path) {
  INFO("fixture: " << path.string() << " (BULKHEAD_UPDATE=1 rewrites what it expects)");
  const std::string text = read(path);
  const Fixture fixture = parse_fixture(text);
  const auto snapshot = host::read_snapshot(fixture.name, fixture.text);
  const std::vector<Finding> findings = findings_of(rule, *snapshot, fixture.context);

  const bool mends =
      std::ranges::any_of(findings, [](const Finding& finding) { return !finding.fixes.empty(); });
  fs::path fixed_path = path;
  fixed_path.replace_extension("").concat(fixed_suffix);
  const std::string fixed = after_fixes(rule, *snapshot, fixture.context);
  if (updating()) {
    const std::string_view written = parse_example(text).text;
    const auto begin = static_cast<std::size_t>(written.data() - text.data());
    write(path, text.substr(0, begin) + with_marks(fixture.text, findings) +
                    text.substr(begin + written.size()));
    if (mends) write(fixed_path, fixed);
    return;
  }
  check_marks(fixture, findings);
  CHECK(fs::exists(fixed_path) == mends);
  if (mends) CHECK(fixed == read(fixed_path));
  check_fixes(rule, *snapshot, fixture.context);
  check_incremental(*snapshot, fixture.context);

  // The same where scripts were read in other fixtures.
  static host::RecentScripts known;
  CHECK(with_marks(fixture.text,
                   findings_of(rule, *host::read_snapshot(fixture.name, fixture.text, &known),
                               fixture.context)) == with_marks(fixture.text, findings));

  // The same with the line ends of Windows.
  std::string crlf;
  for (const char c : fixture.text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(findings_of(rule, *host::read_snapshot(fixture.name, crlf), fixture.context).size() ==
        findings.size());
}

}  // namespace

TEST_CASE("each rule finds what its fixtures mark, and mends it") {
  for (const Rule* rule : all_rules()) {
    DYNAMIC_SECTION(rule->id) {
      const std::vector<fs::path> paths = fixtures(rule->id);
      INFO("a rule needs fixtures in " << (folder / rule->id).string());
      CHECK(paths.size() >= 5);
      for (const fs::path& path : paths) run(*rule, path);
    }
  }
}

TEST_CASE("the fixes of all rules together leave nothing to mend") {
  for (const Rule* rule : all_rules()) {
    for (const fs::path& path : fixtures(rule->id)) {
      INFO("fixture: " << path.string());
      const Fixture fixture = parse_fixture(read(path));
      const auto snapshot = host::read_snapshot(fixture.name, fixture.text);
      const Fixed once = fix_all(*snapshot, {}, fixture.context, Safety::unsafe);
      const Context context = with_files(fixture.context, once.others);
      const auto mended = host::read_snapshot(fixture.name, once.text);
      const Fixed twice = fix_all(*mended, {}, context, Safety::unsafe);
      CHECK(twice.text == once.text);
      CHECK(twice.others.empty());
      for (const Finding& finding : analyse(*mended, {}, context).findings) {
        INFO(finding.rule->id << ": " << finding.message);
        CHECK(finding.fixes.empty());
      }
    }
  }
}

TEST_CASE("each folder of fixtures belongs to a rule") {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    const Rule* rule = find_rule(name);
    REQUIRE(rule);
    CHECK(rule->id == name);
  }
}

}  // namespace bulkhead::test
