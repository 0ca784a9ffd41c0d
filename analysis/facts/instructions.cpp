#include "analysis/facts/instructions.h"

#include <algorithm>

#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

std::span<const Flag> flags_of(std::string_view instruction) {
  const auto rows = std::ranges::equal_range(tables::flags, instruction, {}, &Flag::instruction);
  return {rows.begin(), rows.end()};
}

std::span<const MountOption> mount_options() {
  return tables::mount_options;
}

std::span<const Signal> signals() {
  return tables::signals;
}

bool is_signal(std::string_view name) {
  std::string_view digits = name;
  if (!digits.empty() && (digits[0] == '+' || digits[0] == '-')) digits.remove_prefix(1);
  // The builder takes any number that fits, also those that no signal has.
  if (!digits.empty() && digits.size() < 19 && std::ranges::all_of(digits, is_digit))
    return std::ranges::any_of(digits, [](char c) { return c != '0'; });
  const std::string_view prefix = "SIG";
  const std::string upper = upper_case(name);
  const std::string_view bare =
      upper.starts_with(prefix) ? std::string_view(upper).substr(prefix.size()) : upper;
  return std::ranges::any_of(tables::signals, [&](const Signal& signal) {
    return signal.name.substr(prefix.size()) == bare;
  });
}

bool is_platform_part(std::string_view name) {
  return std::ranges::any_of(tables::platform_parts, [&](std::string_view part) {
    return equals_ignoring_case(part, name);
  });
}

}  // namespace bulkhead::facts
