#include "analysis/rules/compose_entries.h"

#include <utility>

namespace bulkhead::rules {
namespace {

void offer(FindingBuilder& finding, std::string title, std::optional<TextEdit> edit) {
  if (edit) finding.fix(Safety::unsafe, std::move(title), Edit{*std::move(edit)});
}

}  // namespace

std::string subject(const Service& service) {
  return "Service " + std::string(service.name());
}

void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field) {
  offer(finding, "Remove " + field.key.text, remove(service, field));
}

void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field,
                   const yaml::Node& item) {
  offer(finding, "Remove " + item.text + " from " + field.key.text,
        remove_item(service, field, item));
}

}  // namespace bulkhead::rules
