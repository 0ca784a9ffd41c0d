#include "analysis/rules/ignored_builds.h"

#include <algorithm>

namespace bulkhead::rules {

bool keeps_something_out(const IgnoreFile& file) {
  return std::ranges::any_of(file.patterns(),
                             [](const IgnorePattern& pattern) { return !pattern.takes_back; });
}

IgnoredBuilds::IgnoredBuilds(const Context& context) {
  if (!context.build) return;
  for (const auto& [file, dockerfile] : context.dockerfiles) {
    auto copies = std::make_unique<ContextCopies>(*dockerfile);
    const bool is_beside = file.find('/') == std::string::npos;
    for (const BroadCopy& copy : copies->broad()) {
      if (!is_beside || copy.instruction.is_trigger() || !copies->reaches_image(copy.instruction))
        continue;
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

Builds IgnoredBuilds::builds_with(const ContextCopies& own) const {
  Builds all = builds();
  all.push_back(&own);
  return all;
}

std::string IgnoredBuilds::Taker::text() const {
  return std::string(name(copy->instruction.kind())) + " " + std::string(copy->source.text()) +
         " in " + std::string(file);
}

}  // namespace bulkhead::rules
