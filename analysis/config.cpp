#include "analysis/config.h"

namespace bulkhead {

std::optional<Severity> severity_named(std::string_view text) {
  for (const Severity severity :
       {Severity::error, Severity::warning, Severity::info, Severity::hint}) {
    if (name(severity) == text) return severity;
  }
  return std::nullopt;
}

std::optional<FailLevel> fail_level_named(std::string_view text) {
  if (text == "never") return FailLevel();
  if (const auto severity = severity_named(text)) return FailLevel(severity);
  return std::nullopt;
}

Config combined(Config asked, const Config& of_project) {
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  if (!asked.select) {
    asked.select = of_project.select;
    append(asked.enable, of_project.enable);
    append(asked.ignore, of_project.ignore);
  }
  asked.severities.insert(of_project.severities.begin(), of_project.severities.end());
  return asked;
}

}  // namespace bulkhead
