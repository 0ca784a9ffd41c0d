#include "analysis/rules/variable_settings.h"

#include <fmt/format.h>

namespace bulkhead::rules {

std::vector<VariableSetting> settings_of(const Document& document, std::string_view name) {
  std::vector<VariableSetting> found;
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() != Keyword::env && instruction.kind() != Keyword::arg) continue;
    for (const Pair& pair : instruction.pairs()) {
      const auto value = pair.value();
      if (value && pair.name().value().text == name) {
        found.push_back({instruction, pair.span(), value->value(), {remove(pair)}});
      }
    }
  }
  return found;
}

void report_setting(const Document& document, Report& report, std::string_view name,
                    std::string_view value, std::string_view message) {
  for (VariableSetting& setting : settings_of(document, name)) {
    if (!setting.value.known || setting.value.text != value) continue;
    report.at(setting.place, std::string(message))
        .origins(setting.instruction, setting.value.variables, "the value comes from here")
        .fix(Safety::unsafe, fmt::format("Leave {}={} out", name, value),
             std::move(setting.removal));
  }
}

}  // namespace bulkhead::rules
