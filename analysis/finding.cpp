#include "analysis/finding.h"

namespace bulkhead {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      return "info";
    case Severity::hint:
      return "hint";
  }
  return {};
}

std::string_view name(Category category) {
  switch (category) {
    case Category::permissions:
      return "permissions";
    case Category::attack_surface:
      return "attack-surface";
    case Category::sensitive_data:
      return "sensitive-data";
    case Category::reproducibility:
      return "reproducibility";
    case Category::correctness:
      return "correctness";
    case Category::shell:
      return "shell";
    case Category::efficiency:
      return "efficiency";
    case Category::maintainability:
      return "maintainability";
  }
  return {};
}

std::string_view name(Safety safety) {
  return safety == Safety::safe ? "safe" : "unsafe";
}

}  // namespace bulkhead
