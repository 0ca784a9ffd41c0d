#include "analysis/rules/shipped_files.h"

#include <algorithm>

#include "analysis/model/paths.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// More than anybody writes.
constexpr std::size_t most_carriers = 256;

// Where `path` of the other stage comes to lie; empty where the effect does not take it.
std::string taken_to(const FileEffect& file, std::string_view path) {
  std::string from = normalized("/" + file.from.text);
  if (path == from) return file.path.text;
  if (from.ends_with("/*")) from.resize(std::max<std::size_t>(from.size() - 2, 1));
  if (!is_within(path, from)) return {};
  // Of a folder the contents are copied.
  const std::string& to = file.folder.empty() ? file.path.text : file.folder;
  return normalized(to + "/" + std::string(path.substr(from.size())));
}

const Effect* first_deletion(const Timeline& timeline, std::string_view path, std::size_t from) {
  for (const std::size_t index : timeline.on_path(path)) {
    const Effect& effect = timeline.effects()[index];
    const auto& file = *effect.as<FileEffect>();
    const bool deletes = file.kind == FileEffect::Kind::deletes && effect.certain;
    if (index >= from && deletes && !file.filtered) return &effect;
  }
  return nullptr;
}

}  // namespace

ShippedFiles::ShippedFiles(const Document& document)
    : document_(document), built_on_it_(document.stages().size()) {
  for (std::size_t i = built_on_it_.size(); i-- > 0;) {
    const Stage stage(document, static_cast<std::uint32_t>(i));
    if (const auto parent = stage.parent()) built_on_it_[parent->index()].push_back(stage.index());
  }
}

const std::vector<ShippedFiles::Carrier>& ShippedFiles::carriers(const Stage& stage) const {
  if (carriers_.empty()) {
    carriers_.resize(built_on_it_.size());
    for (const Stage& each : document_.stages()) {
      each.effects().each<FileEffect>([&](const Effect& effect, const FileEffect& file) {
        if (file.source != FileEffect::Source::stage || !file.stage) return;
        auto& carriers = carriers_[*file.stage];
        if (carriers.size() < most_carriers) carriers.push_back({&effect, each.index()});
      });
    }
  }
  return carriers_[stage.index()];
}

std::vector<Stage> ShippedFiles::family(const Stage& stage) const {
  std::vector<Stage> found = {stage};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::uint32_t index : built_on_it_[found[i].index()])
      found.emplace_back(document_, index);
  }
  std::ranges::sort(found, {}, &Stage::index);
  return found;
}

const Effect* ShippedFiles::deletion(const Stage& stage, std::size_t at,
                                     std::string_view path) const {
  for (const Stage& each : family(stage)) {
    const std::size_t from = each == stage ? at + 1 : 0;
    if (const Effect* found = first_deletion(each.effects(), path, from)) return found;
  }
  return nullptr;
}

const Effect* ShippedFiles::carrier(const Stage& stage, std::size_t at,
                                    const std::string& path) const {
  std::vector<bool> seen(built_on_it_.size());
  return follow(stage, at + 1, path, seen, 0);
}

const Effect* ShippedFiles::follow(const Stage& stage, std::size_t from, const std::string& path,
                                   std::vector<bool>& seen, int depth) const {
  constexpr int deepest = 256;  // nobody has files go through as many stages
  if (depth == deepest || seen[stage.index()] ||
      first_deletion(stage.effects(), path, from) != nullptr)
    return nullptr;
  seen[stage.index()] = true;
  for (const Carrier& carrier : carriers(stage)) {
    const std::string there = taken_to(*carrier.effect->as<FileEffect>(), path);
    if (there.empty()) continue;
    const Stage into(document_, carrier.into);
    if (into.is_delivered()) return carrier.effect;
    const auto index = static_cast<std::size_t>(carrier.effect - into.effects().effects().data());
    if (const Effect* found = follow(into, index + 1, there, seen, depth + 1)) return found;
  }
  for (const std::uint32_t index : built_on_it_[stage.index()]) {
    if (const Effect* found = follow(Stage(document_, index), 0, path, seen, depth + 1))
      return found;
  }
  return nullptr;
}

}  // namespace bulkhead::rules
