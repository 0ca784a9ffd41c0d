#include "tests/rules/fixture.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "host/snapshot.h"
#include "tests/catch.h"

namespace bulkhead::test {
namespace {

struct MarkLine {
  std::uint32_t begin = 0;  // columns
  std::uint32_t end = 0;
  std::string rule;
  std::string message;
};

// "#   ^^^ rule-id: message"
std::optional<MarkLine> parse_mark(std::string_view line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return std::nullopt;
  const auto caret = line.find_first_not_of(' ', hash + 1);
  if (caret == std::string_view::npos || line[caret] != '^') return std::nullopt;
  const auto end = std::min(line.find_first_not_of('^', caret), line.size());
  const auto colon = line.find(": ", end);
  if (colon == std::string_view::npos) return std::nullopt;
  const bool touches = caret == hash + 1;
  return MarkLine{
      static_cast<std::uint32_t>(touches ? hash : caret), static_cast<std::uint32_t>(end),
      std::string(line.substr(end + 1, colon - end - 1)), std::string(line.substr(colon + 2))};
}

// Read afresh, as the same kind of file.
std::shared_ptr<const Snapshot> changed_to(const Snapshot& snapshot, std::string text) {
  if (dynamic_cast<const Document*>(&snapshot)) return Document::create(std::move(text));
  const TextEdit all{{0, static_cast<std::uint32_t>(snapshot.text().size())}, std::move(text)};
  return snapshot.after(std::span(&all, 1));
}

std::size_t faults(const Snapshot& snapshot) {
  const auto* document = dynamic_cast<const Document*>(&snapshot);
  return document ? document->faults().size() : 0;
}

}  // namespace

Fixture parse_fixture(std::string_view text, bool has_context) {
  const Example example = parse_example(text);
  Fixture fixture{.name = std::string(example.name)};
  std::uint32_t line_begin = 0;
  for (std::size_t at = 0; at < example.text.size();) {
    const std::size_t end = std::min(example.text.find('\n', at), example.text.size() - 1) + 1;
    const std::string_view line = example.text.substr(at, end - at);
    at = end;
    if (auto mark = parse_mark(line.substr(0, line.find_last_not_of("\r\n") + 1))) {
      fixture.marks.push_back(
          {mark->rule, mark->message, {line_begin + mark->begin, line_begin + mark->end}});
    } else {
      line_begin = static_cast<std::uint32_t>(fixture.text.size());
      fixture.text += line;
    }
  }
  fixture.context = example.context(host::read_snapshot, has_context);
  fixture.context.today = today;
  return fixture;
}

std::string with_marks(std::string_view text, const std::vector<Finding>& findings) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    out += text.substr(at, end - at);
    for (const Finding& finding : findings) {
      if (finding.span.begin < at || finding.span.begin >= end) continue;
      const std::size_t last =
          std::min<std::size_t>(finding.span.end, text.find_last_not_of("\r\n", end - 1) + 1);
      const std::size_t column = finding.span.begin - at;
      // An empty place gets one caret; in the first column a mark has two.
      const std::size_t size = std::max<std::size_t>(
          std::max<std::size_t>(last, finding.span.begin) - finding.span.begin,
          column == 0 ? 2 : 1);
      if (!out.ends_with('\n')) out += '\n';
      out += column == 0 ? "#" + std::string(size - 1, '^')
                         : "#" + std::string(column - 1, ' ') + std::string(size, '^');
      out += " " + std::string(finding.rule->id) + ": " + finding.message + "\n";
    }
    at = end;
  }
  return out;
}

std::vector<Finding> findings_of(const Rule& rule, const Snapshot& snapshot,
                                 const Context& context) {
  return analyse(snapshot, {.select = std::vector{&rule}, .ignore = {}}, context).findings;
}

std::string after_fixes(const Rule& rule, const Snapshot& snapshot, const Context& context) {
  const Fixed fixed =
      fix_all(snapshot, {.select = std::vector{&rule}, .ignore = {}}, context, Safety::unsafe);
  std::string text = fixed.text;
  for (const ChangedFile& file : fixed.others) text += "-- " + file.path + " --\n" + file.text;
  return text;
}

void check_fixes(const Rule& rule, const Snapshot& snapshot, const Context& context) {
  const Analysis before = analyse(snapshot, {}, context);
  const std::vector<Finding> findings = findings_of(rule, snapshot, context);
  const auto count = [](const std::vector<Finding>& list, const Rule* of) {
    return std::ranges::count(list, of, &Finding::rule);
  };
  for (const Finding& finding : findings) {
    for (const Fix& fix : finding.fixes) {
      INFO("fix: " << fix.title);
      std::map<std::string, std::vector<TextEdit>> edits;
      for (const Edit& edit : fix.edits) edits[edit.file].push_back(edit.change);
      const auto text = apply_edits(snapshot.text(), edits[""]);
      REQUIRE(text);  // else its edits conflict
      std::vector<ChangedFile> others;
      for (const auto& [file, changes] : edits) {
        if (file.empty()) continue;
        const auto known = text_of(context, file);
        const auto changed = apply_edits(known.value_or(""), changes);
        REQUIRE(changed);
        INFO("and in " << file << ":\n" << *changed);
        others.push_back(
            {file, known ? std::optional<std::string>(*known) : std::nullopt, *changed});
      }
      const Context after = with_files(context, others);
      INFO("gives:\n" << *text);
      const auto mended = changed_to(snapshot, *text);
      CHECK(faults(*mended) <= faults(snapshot));
      CHECK(findings_of(rule, *mended, after).size() < findings.size());
      for (const Finding& other : analyse(*mended, {}, after).findings) {
        if (other.rule == &rule || other.severity > finding.severity) continue;
        INFO("new: " << other.rule->id << ": " << other.message);
        CHECK(count(analyse(*mended, {}, after).findings, other.rule) <=
              count(before.findings, other.rule));
      }
    }
  }
  const Fixed once =
      fix_all(snapshot, {.select = std::vector{&rule}, .ignore = {}}, context, Safety::unsafe);
  const auto mended = changed_to(snapshot, once.text);
  CHECK(fix_all(*mended, {.select = std::vector{&rule}, .ignore = {}}, context, Safety::unsafe)
            .text == once.text);
}

void check_incremental(const Snapshot& snapshot, const Context& context) {
  const std::string text(snapshot.text());
  const auto size = static_cast<std::uint32_t>(text.size());
  const auto summary = [&](const Snapshot& read) {
    std::string out;
    for (const Finding& finding : analyse(read, {}, context).findings) {
      out += std::string(finding.rule->id) + " " + std::to_string(finding.span.begin) + "-" +
             std::to_string(finding.span.end) + " " + finding.message + "\n";
    }
    const auto* document = dynamic_cast<const Document*>(&read);
    if (!document) return out;
    for (const Instruction& instruction : document->instructions()) {
      out += std::string(name(instruction.kind())) + " " +
             std::to_string(instruction.first_line()) + "-" +
             std::to_string(instruction.last_line()) + "\n";
    }
    return out;
  };
  const std::string expected = summary(snapshot);
  // Each cut is typed again: half of the text away and back, then a line.
  for (const std::uint32_t at : {size / 4, size / 3, size / 2}) {
    const std::uint32_t cut = std::min(size, at + 1 + size / 5);
    const TextEdit away{{at, cut}, ""};
    const TextEdit back{{at, at}, text.substr(at, cut - at)};
    const auto shorter = snapshot.after(std::span(&away, 1));
    const auto again = shorter->after(std::span(&back, 1));
    REQUIRE(again->text() == snapshot.text());
    CHECK(summary(*again) == expected);
    CHECK(summary(*shorter) == summary(*changed_to(snapshot, std::string(shorter->text()))));
  }
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace bulkhead::test
