#include "analysis/facts/rule_names.h"

#include <algorithm>

#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

std::string current_rule_name(std::string_view tool, std::string_view name) {
  std::string text = lower_case(name);
  if (text.starts_with("avd-ds")) text.erase(0, 4);
  const bool is_short = text.size() == 5 && text.starts_with("ds") &&
                        std::all_of(text.begin() + 2, text.end(), is_digit);
  if (is_short) text.insert(2, "-0");
  if (text.starts_with("dockerfile.")) text.erase(0, text.rfind('.') + 1);
  std::string_view word = text;
  if (word.starts_with("docker-")) word.remove_prefix(7);
  const auto row = std::ranges::find_if(tables::rule_names, [&](const RuleName& each) {
    return each.name == word && (tool.empty() || tool == each.tool);
  });
  return row == tables::rule_names.end() ? text : std::string(row->means);
}

}  // namespace bulkhead::facts
