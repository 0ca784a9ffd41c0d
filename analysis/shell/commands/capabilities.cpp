#include "analysis/shell/commands/capabilities.h"

#include <algorithm>
#include <array>

namespace bulkhead::shell {
namespace {

// The names in "cap_a,cap_b+ep cap_c=ei": of each clause, where it permits anything.
std::vector<std::string> permitted(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::string_view clause = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(std::min(clause.size() + 1, text.size()));
    const std::size_t end = clause.find_first_of("=+-");
    if (end == std::string_view::npos || clause[end] == '-' ||
        clause.find('p', end) == std::string_view::npos)
      continue;
    std::string_view list = clause.substr(0, end);
    if (list.empty()) names.emplace_back("all");
    while (!list.empty()) {
      const std::string_view name = list.substr(0, list.find(','));
      names.emplace_back(name);
      list.remove_prefix(std::min(name.size() + 1, list.size()));
    }
  }
  return names;
}

}  // namespace

std::vector<CapabilityGrant> capability_grants(std::string_view program,
                                               std::span<const Argument> arguments) {
  constexpr std::array options = {Option{"quiet", 'q'}, Option{"user", 'n', true},
                                  Option{"force", 'f'}, Option{"remove", 'r'},
                                  Option{"verify", 'v'}};
  if (program != "setcap") return {};
  const CommandLine line = read_options(arguments, options);
  if (line.has("remove") || line.has("verify")) return {};
  std::vector<CapabilityGrant> grants;
  for (std::size_t i = 0; i + 1 < line.operands.size(); i += 2) {
    const Argument& text = arguments[line.operands[i]];
    auto names = text ? permitted(*text) : std::vector<std::string>();
    if (!names.empty())
      grants.push_back({std::move(names), line.operands[i], line.operands[i + 1]});
  }
  return grants;
}

}  // namespace bulkhead::shell
