#include "analysis/rules/image_tags.h"

namespace bulkhead::rules {

void offer_tag(FindingBuilder& finding, const From& from, const std::optional<std::string>& tag) {
  if (const auto edit = tag ? set_tag(from, *tag) : std::nullopt) {
    finding.fix(Safety::unsafe, "Use " + from.image().familiar_name() + ":" + *tag, *edit);
  }
}

}  // namespace bulkhead::rules
