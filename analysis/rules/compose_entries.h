#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/rule.h"

// What rules on the services of compose files have in common.
namespace bulkhead::rules {

// "Service web"
std::string subject(const Service& service);

// Offers to take a field, or an item of the list that is its value, away: never a safe fix, for the
// service may need it. Nothing where the entry cannot be taken out by whole lines.
void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field);
void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field,
                   const yaml::Node& item);

}  // namespace bulkhead::rules
