#include "analysis/rules/ignored_builds.h"

namespace bulkhead::rules {

IgnoredBuilds::IgnoredBuilds(const Context& context) {
  if (!context.build) return;
  for (const auto& [file, dockerfile] : context.dockerfiles) {
    auto copies = std::make_unique<ContextCopies>(*dockerfile);
    for (const BroadCopy& copy : copies->broad()) {
      if (copy.instruction.is_trigger() || !copies->reaches_image(copy.instruction)) continue;
      takers_.push_back({file, copies.get(), &copy});
    }
    all_.push_back(std::move(copies));
  }
}

Builds IgnoredBuilds::builds() const {
  Builds builds;
  for (const auto& copies : all_) builds.push_back(copies.get());
  return builds;
}

std::string IgnoredBuilds::Taker::text() const {
  return std::string(name(copy->instruction.kind())) + " " + std::string(copy->source.text()) +
         " in " + std::string(file);
}

}  // namespace bulkhead::rules
