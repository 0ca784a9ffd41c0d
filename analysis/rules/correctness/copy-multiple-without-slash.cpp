#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/flag_values.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// A folder whatever it is called: the destination of a link, "." and "..".
bool is_folder(std::string_view path) {
  return path.ends_with('/') || path.ends_with('\\') || path == "." || path == ".." ||
         path.ends_with("/.") || path.ends_with("/..");
}

// A comment, or a flag with too few dashes or one that a word processor made.
bool is_slip(const Word& word) {
  const std::string_view text = word.text();
  return !word.is_json() &&
         (text.starts_with('#') || text.starts_with('-') || text.starts_with("\xE2\x80\x94"));
}

// Whether the destination is the working folder. That is there, so that the slash changes nothing, but not in the
// layer that --link makes.
bool is_there(const Instruction& transfer, const Value& destination) {
  const auto stage = transfer.stage();
  if (!stage || transfer.is_trigger() || is_linked(transfer)) return false;
  const Value folder = stage->state_before(transfer.index()).folder;
  return folder.known && folder.text == joined(folder, destination).text;
}

template <class T>
void check(const T& transfer, Report& report) {
  const auto destination = transfer.destination();
  const std::size_t sources = transfer.sources().size();
  if (!destination || sources < 2 || lacks_flag_value(transfer)) return;
  if (std::ranges::any_of(transfer.words(), is_slip)) return;
  const Value value = destination->value();
  if (!value.known || value.text.empty() || is_folder(value.text)) return;
  // Markers of heredocs that are not closed, or a destination that is one.
  if (value.text.find("<<") != std::string::npos || has_template_mark(value.text)) return;
  const std::string keyword = upper_case(transfer.keyword().text());
  auto finding =
      report.at(*destination, fmt::format("{} puts {} sources into {}, which must end with / then",
                                          keyword, sources, value.text));
  std::string_view written = destination->text();
  const bool quoted = !destination->is_json() && written.size() > 1 &&
                      (written.front() == '"' || written.front() == '\'') &&
                      written.back() == written.front();
  if (quoted) written = written.substr(1, written.size() - 2);
  // Behind an escape character or within quotes the slash would be another thing.
  const std::string special = std::string("\"'") + transfer.document().escape();
  if (!destination->is_json() && written.find_first_of(special) != std::string_view::npos) return;
  const std::uint32_t at = destination->span().end - (destination->is_json() || quoted ? 1 : 0);
  const Safety safety = is_there(transfer, value) ? Safety::safe : Safety::unsafe;
  finding.fix(safety, "Add the slash", replace({at, at}, "/"));
}

}  // namespace

extern constinit const Rule copy_multiple_without_slash{
    .id = "copy-multiple-without-slash",
    .title = "Several sources, and a destination without a slash",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3021", "trivy:DS-0011",
                "kics:copy_with_more_than_two_arguments_not_ending_with_slash",
                "dockerfile-utils:INVALID_DESTINATION", "dockerfilelint:add_dest_invalid"},
    .why = R"(
Where several sources are copied, the destination is a folder, and its name must end with `/`. Without it older
builders refuse the file. BuildKit accepts it, and unless the folder is there already, writes every source to
a file of that name: only the last one is left.

The rule is silent where a word is a comment, or a flag that went wrong. The fix adds the slash. It is unsafe where it
gives another image: where the destination is not the working folder, of which it is known that it is there.
)",
    .bad = R"(
FROM node:26-slim
COPY package.json package-lock.json /app
)",
    .good = R"(
FROM node:26-slim
COPY package.json package-lock.json /app/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy"},
    .checks = each<check<Add>, check<Copy>>,
};

}  // namespace bulkhead::rules
