#include "analysis/rules/ignored_builds.h"

#include <algorithm>

namespace bulkhead::rules {

bool keeps_something_out(const IgnoreFile& file) {
  return std::ranges::any_of(file.patterns(),
                             [](const IgnorePattern& pattern) { return !pattern.takes_back; });
}

const IgnoredBuilds::Read& IgnoredBuilds::read() const {
  if (read_) return *read_;
  auto& [all, takers] = read_.emplace();
  if (!context_.build) return *read_;
  for (const auto& [file, dockerfile] : context_.dockerfiles) {
    auto copies = std::make_unique<ContextCopies>(*dockerfile);
    const bool is_beside = file.find('/') == std::string::npos;
    for (const BroadCopy& copy : copies->broad()) {
      if (!is_beside || copy.instruction.is_trigger() || !copies->reaches_image(copy.instruction))
        continue;
      takers.push_back({file, copies.get(), &copy});
    }
    all.push_back(std::move(copies));
  }
  return *read_;
}

Builds::List IgnoredBuilds::Read::list() const {
  Builds::List list;
  for (const auto& copies : all) list.push_back(copies.get());
  return list;
}

Builds IgnoredBuilds::builds() const {
  return Builds([this] { return read().list(); });
}

Builds IgnoredBuilds::builds_with(const ContextCopies& own) const {
  return Builds([this, &own] {
    Builds::List list = read().list();
    list.push_back(&own);
    return list;
  });
}

std::string IgnoredBuilds::Taker::text() const {
  return std::string(name(copy->instruction.kind())) + " " + std::string(copy->source.text()) +
         " in " + std::string(file);
}

}  // namespace bulkhead::rules
