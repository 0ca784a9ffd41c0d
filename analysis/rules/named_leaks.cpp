#include "analysis/rules/named_leaks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analysis/rules/context_copies.h"
#include "analysis/rules/ignored_builds.h"

namespace bulkhead::rules {

void report_named_leaks(
    const Document& document, Report& report,
    const std::function<bool(const BuildContext::Entry&, const facts::SensitiveFile&)>& is_meant,
    std::string_view remark) {
  const auto& context = report.context().build;
  const auto& copies = report.view<ContextCopies>(document);
  if (!context) return;
  const DockerIgnore ignore(context->ignore_file ? context->ignore_file->text : std::string_view());
  const IgnoredBuilds others(report.context());
  const Builds builds = others.builds_with(copies);
  for (const NamedCopy& copy : copies.named()) {
    if (copy.instruction.is_trigger() || copy.is_glob || !copies.reaches_image(copy.instruction))
      continue;
    const std::vector<Leak> found =
        leaks_without_excluded(copy, leaks_in(*context, ignore, copy.path, is_meant));
    if (found.empty()) continue;
    Fix fix = keep_out(*context, patterns_against(*context, found, builds));
    report
        .at(copy.source, fmt::format("{} {} also brings {}{}", name(copy.instruction.kind()),
                                     copy.path, described(found), remark))
        .severity(std::ranges::any_of(found, is_grave) ? Severity::warning : Severity::info)
        .fix(fix.safety, std::move(fix.title), std::move(fix.edits));
  }
}

}  // namespace bulkhead::rules
