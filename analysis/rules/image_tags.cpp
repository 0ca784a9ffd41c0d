#include "analysis/rules/image_tags.h"

#include "analysis/facts/end_of_life.h"

namespace bulkhead::rules {

void offer_tag(FindingBuilder& finding, const ImageUse& use,
               const std::optional<std::string>& tag) {
  if (const auto edit = tag ? set_tag(use, *tag) : std::nullopt) {
    finding.fix(Safety::unsafe, "Use " + use.image.familiar_name() + ":" + *tag, *edit);
  }
}

void offer_stable_tag(FindingBuilder& finding, const ImageUse& use, const Context& context) {
  if (const auto today = context.today) {
    offer_tag(finding, use, facts::stable_tag(use.image.familiar_name(), *today));
  }
}

}  // namespace bulkhead::rules
