#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/rule.h"

// What rules on the services of compose files have in common.
namespace bulkhead::rules {

// "Service web"
std::string subject(const Service& service);

// Whether the service has `key: true`, such as `privileged: true`.
bool is_on(const Service& service, std::string_view key);

// The services of the same name in the other compose files of the folder: these may be merged with this one,
// and what they say counts as well.
std::vector<Service> namesakes(const Service& service, const Context& context);

// An anchor in what goes: an alias of it would point at nothing.
bool has_anchor(const yaml::Node& node);

// Where the mount comes from, with `~` as the home of a user.
std::string host_path(const ServiceMount& mount);

// What the service's image is built from, where that is a Dockerfile that is known.
std::optional<Stage> built_stage(const Service& service, const Context& context);

// The familiar name of the service's image, or of what its own is built on; empty where that is not known.
std::string image_of(const Service& service, const Context& context);

// Offers to take a field, or an item of the list that is its value, away: never a safe fix, for the
// service may need it. Nothing where the entry cannot be taken out by whole lines, or has an anchor.
void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field);
void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field,
                   const yaml::Node& item);

}  // namespace bulkhead::rules
