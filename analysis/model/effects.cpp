#include "analysis/model/effects.h"

#include <algorithm>
#include <optional>

#include "analysis/text/path.h"

namespace bulkhead {
namespace {

// Whether a glob as the shell has them matches all of the text. `*` and `?` match no '/'.
bool matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      retry = t;
    } else if (g < glob.size() && (glob[g] == text[t] || (glob[g] == '?' && text[t] != '/'))) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos && text[retry] != '/') {
      g = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

// Whether `file` concerns `path`: itself, or a folder that it lies in.
bool concerns(const FileEffect& file, std::string_view path) {
  const std::string_view own = file.path.text;
  if (own == path) return true;
  if (is_pattern(own)) {
    if (matches(own, path)) return true;
    // `rm -rf /a/*` takes /a/b/c as well.
    for (std::size_t at = path.find('/', 1); file.recursive && at < path.size();
         at = path.find('/', at + 1)) {
      if (matches(own, path.substr(0, at))) return true;
    }
    return false;
  }
  return file.recursive && is_within(path, own);
}

// The same of what may be about it: a COPY of something into a folder above.
bool may_concern(const FileEffect& file, std::string_view path) {
  return (!file.folder.empty() && is_within(path, file.folder)) || concerns(file, path);
}

// The folder that `path` lies in; none for "/" and for what is not absolute.
std::optional<std::string_view> folder_above(std::string_view path) {
  if (path.size() <= 1 || !path.starts_with('/')) return std::nullopt;
  return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
}

bool gives_bytes(const FileEffect& file) {
  return file.kind == FileEffect::Kind::writes;
}

}  // namespace

std::span<const Timeline::OnPath> Timeline::at_path(std::string_view path) const {
  const auto [first, last] = std::ranges::equal_range(by_path_, path, {}, &OnPath::path);
  return {first, last};
}

std::vector<std::size_t> Timeline::on_path(std::string_view path, bool covering) const {
  std::vector<std::size_t> found;
  // Under the path itself, and under each folder above it.
  for (std::optional<std::string_view> key = path; key;
       key = covering ? folder_above(*key) : std::nullopt) {
    for (const OnPath& at : at_path(*key)) {
      const FileEffect& file = *effects_[at.effect].as<FileEffect>();
      if (file.path.text == path || (covering && may_concern(file, path)))
        found.push_back(at.effect);
    }
  }
  std::ranges::sort(found);
  const auto [first, last] = std::ranges::unique(found);
  found.erase(first, last);
  return found;
}

const Effect* Timeline::last_write(std::string_view path, std::size_t before) const {
  // Nobody builds this many stages on one another.
  int depth = 256;
  for (const Timeline* at = this; at != nullptr && depth-- > 0; at = at->below_) {
    const auto own_before = at == this ? before : at->effects_.size();
    if (const Effect* found = at->own_last_write(path, own_before)) return found;
  }
  return nullptr;
}

const Effect* Timeline::own_last_write(std::string_view path, std::size_t before) const {
  std::optional<std::size_t> last;
  for (std::optional<std::string_view> key = path; key; key = folder_above(*key)) {
    const auto all = at_path(*key);
    const auto end = std::ranges::lower_bound(all, before, {}, &OnPath::effect);
    for (auto next = end; next != all.begin();) {
      const std::size_t index = (--next)->effect;
      if (last && index <= *last) break;
      const FileEffect& file = *effects_[index].as<FileEffect>();
      if (gives_bytes(file) && may_concern(file, path)) last = index;
    }
  }
  return last ? &effects_[*last] : nullptr;
}

const Effect* Timeline::deleted_after(std::string_view path, std::size_t after) const {
  for (const std::size_t index : on_path(path)) {
    const Effect& effect = effects_[index];
    const FileEffect& file = *effect.as<FileEffect>();
    if (index > after && effect.certain && !file.filtered && file.kind == FileEffect::Kind::deletes)
      return &effect;
  }
  return nullptr;
}

bool Timeline::is_mode_undone(std::size_t at) const {
  const Effect& effect = effects_[at];
  const FileEffect* file = effect.as<FileEffect>();
  if (file == nullptr || !effect.layer) return false;
  const std::string_view path = file->path.text;
  // What comes next on the path, or on a folder above it, mostly decides: no list of all is made.
  for (std::optional<std::string_view> key = path; key; key = folder_above(*key)) {
    const auto all = at_path(*key);
    auto next = std::ranges::upper_bound(all, at, {}, &OnPath::effect);
    for (; next != all.end() && effects_[next->effect].layer == effect.layer; ++next) {
      const FileEffect& later = *effects_[next->effect].as<FileEffect>();
      if (!effects_[next->effect].certain || later.filtered || !concerns(later, path)) continue;
      if (later.kind == FileEffect::Kind::deletes) return true;
      // `chmod +x` leaves what was there.
      if (later.kind == FileEffect::Kind::sets_mode && later.mode_after) return true;
    }
  }
  return false;
}

std::pair<std::size_t, std::size_t> Timeline::of(const Command& command) const {
  const Run run = command.run();
  const auto index = static_cast<std::uint32_t>(&command.data() - run.script().commands.data());
  const auto key = std::pair(run.index(), index);
  const auto key_of = [](const OfCommand& row) { return std::pair(row.instruction, row.command); };
  const auto found = std::ranges::lower_bound(by_command_, key, {}, key_of);
  if (found == by_command_.end() || key_of(*found) != key) return {};
  return {found->first, found->last};
}

bool Timeline::is_undone(std::size_t at) const {
  const Effect& effect = effects_[at];
  const FileEffect* file = effect.as<FileEffect>();
  if (file == nullptr || !effect.layer) return false;
  for (const std::size_t index : on_path(file->path.text)) {
    const Effect& later = effects_[index];
    if (index <= at || !later.certain || later.layer != effect.layer) continue;
    if (later.as<FileEffect>()->filtered) continue;
    const FileEffect& anew = *later.as<FileEffect>();
    if (anew.kind == FileEffect::Kind::deletes) return true;
    if (anew.kind != file->kind) continue;
    // `chmod +x` leaves what was there.
    if (anew.kind == FileEffect::Kind::sets_mode && anew.mode_after) return true;
    if (anew.kind == FileEffect::Kind::sets_owner && !anew.owner.empty()) return true;
  }
  return false;
}

namespace {

// The next effect from `at` on that changes files or accounts; the end where there is none.
std::size_t next_lasting(std::span<const Effect> effects, std::size_t at) {
  while (at < effects.size() && !effects[at].as<FileEffect>() && !effects[at].as<AccountEffect>())
    ++at;
  return at;
}

bool is_same(FileEffect one, const FileEffect& other) {
  one.text_span = other.text_span;
  return one == other;
}

bool is_same(const Effect& one, const Effect& other) {
  if (one.certain != other.certain || one.user != other.user) return false;
  const auto* file = one.as<FileEffect>();
  const auto* other_file = other.as<FileEffect>();
  if (file && other_file) return is_same(*file, *other_file);
  const auto* account = one.as<AccountEffect>();
  const auto* other_account = other.as<AccountEffect>();
  return account && other_account && account->change == other_account->change;
}

}  // namespace

bool leave_same_files(std::span<const Effect> one, std::span<const Effect> other) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    i = next_lasting(one, i);
    j = next_lasting(other, j);
    if (i == one.size() || j == other.size()) return i == one.size() && j == other.size();
    if (!is_same(one[i++], other[j++])) return false;
  }
}

}  // namespace bulkhead
