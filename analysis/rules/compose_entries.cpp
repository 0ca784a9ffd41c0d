#include "analysis/rules/compose_entries.h"

#include <algorithm>
#include <utility>

#include "analysis/model/accounts.h"

namespace bulkhead::rules {
namespace {

void offer(FindingBuilder& finding, std::string title, const yaml::Field& field,
           std::optional<TextEdit> edit) {
  if (edit && !has_anchor(field.value))
    finding.fix(Safety::unsafe, std::move(title), Edit{*std::move(edit)});
}

}  // namespace

std::string subject(const Service& service) {
  return "Service " + std::string(service.name());
}

bool is_on(const Service& service, std::string_view key) {
  const yaml::Field* field = service.field(key);
  if (!field) return false;
  yaml::Node value = field->value;
  if (auto text = interpolate(value.text)) value.text = *std::move(text);
  return value.is(true);
}

std::vector<Service> namesakes(const Service& service, const Context& context) {
  std::vector<Service> found;
  for (const auto& file : context.compose_files) {
    const yaml::Field* field = file->service_field(service.name());
    if (field) found.emplace_back(*file, *field);
  }
  return found;
}

bool has_anchor(const yaml::Node& node) {
  return node.anchored || std::ranges::any_of(node.items, has_anchor) ||
         std::ranges::any_of(node.fields, [](const yaml::Field& field) {
           return has_anchor(field.key) || has_anchor(field.value);
         });
}

std::string host_path(const ServiceMount& mount) {
  return mount.source.starts_with("~/") ? "/home/user" + mount.source.substr(1) : mount.source;
}

std::optional<Stage> built_stage(const Service& service, const Context& context) {
  for (const BuiltImage& built : context.builds) {
    if (built.service != service.name() || built.dockerfile->stages().empty()) continue;
    return built.target.empty() ? std::optional(built.dockerfile->stages().back())
                                : built.dockerfile->stage(built.target);
  }
  return std::nullopt;
}

std::string image_of(const Service& service, const Context& context) {
  if (const auto stage = built_stage(service, context)) {
    const auto base = base_of(*stage);
    return base ? base->name : "";
  }
  const yaml::Node* image = service.get("image");
  if (image == nullptr || service.get("build") != nullptr) return {};
  return parse_image(interpolate(image->text).value_or("")).familiar_name();
}

void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field) {
  offer(finding, "Remove " + field.key.text, field, remove(service, field));
}

void offer_removal(FindingBuilder& finding, const Service& service, const yaml::Field& field,
                   const yaml::Node& item) {
  const std::string name = item.text.empty() ? "this entry" : item.text;
  offer(finding, "Remove " + name + " from " + field.key.text, field,
        remove_item(service, field, item));
}

}  // namespace bulkhead::rules
