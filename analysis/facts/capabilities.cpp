#include "analysis/facts/capabilities.h"

#include <algorithm>
#include <string>

#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

const Capability* dangerous_capability(std::string_view name) {
  const std::string upper = upper_case(name);
  std::string_view bare = upper;
  if (bare.starts_with("CAP_")) bare.remove_prefix(4);
  const auto found = std::ranges::find(tables::capabilities, bare, &Capability::name);
  return found == tables::capabilities.end() ? nullptr : &*found;
}

const Capability* dangerous_for_container(std::string_view name) {
  const Capability* found = dangerous_capability(name);
  return found != nullptr && !found->of_containers ? found : nullptr;
}

}  // namespace bulkhead::facts
