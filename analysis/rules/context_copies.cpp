#include "analysis/rules/context_copies.h"

#include <algorithm>
#include <array>
#include <functional>
#include <ranges>
#include <set>
#include <tuple>

#include "analysis/facts/ecosystems.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

using facts::FileKind;
using facts::SensitiveFile;
using facts::Strength;

// As the builder sees a source: nothing lies above the context's root, which is "".
std::string from_root(std::string_view path) {
  return clean_path("/" + std::string(path)).substr(1);
}

bool is_glob(std::string_view path) {
  return path.find_first_of("*?[") != std::string_view::npos;
}

bool is_address(std::string_view source) {
  return source.find("://") != std::string_view::npos || source.starts_with("git@");
}

// More broad copies, or copies from stages, than anybody writes.
constexpr std::size_t most = 256;

bool lies_in(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Where a relative path leads at `instruction`. What the base image says of it is not known.
std::string folder_at(const Instruction& instruction) {
  std::string folder = "/";
  const auto stage = instruction.stage();
  if (!stage) return folder;
  const std::vector<Stage> lineage = stage->lineage();
  for (const Stage& each : lineage | std::views::reverse) {
    for (const Workdir& workdir : each.all<Workdir>()) {
      if (each == *stage && workdir.index() > instruction.index()) break;
      if (!workdir.words().empty()) folder = join_path(folder, workdir.words()[0].value().text);
    }
  }
  return folder;
}

// Git commands that look at the history.
bool asks_git(const Command& command) {
  constexpr std::array<std::string_view, 9> questions = {"describe", "diff",     "log",
                                                         "name-rev", "rev-list", "rev-parse",
                                                         "show",     "status",   "submodule"};
  if (command.name() != "git") return false;
  return std::ranges::any_of(command.arguments(), [&](const ShellWord& word) {
    return std::ranges::find(questions, word.text().value_or("")) != questions.end();
  });
}

bool should_not_be_copied(const SensitiveFile& file) {
  switch (file.kind) {
    case FileKind::secret:
    case FileKind::backup:
    case FileKind::data:
      return file.risk >= Strength::medium;
    case FileKind::vcs:
      return file.risk == Strength::high;
    default:
      return false;
  }
}

// Whether the builder gets the file, or for a folder anything that is in it.
bool is_sent(const BuildContext::Entry& entry, const BuildContext& context,
             const DockerIgnore& ignore) {
  if (!entry.folder) return !ignore.ignores(entry.path);
  const std::string inside = entry.path + "/";
  auto child = std::ranges::lower_bound(context.entries, inside, {}, &BuildContext::Entry::path);
  // What a repository holds is not listed.
  if (child == context.entries.end() || !child->path.starts_with(inside)) {
    return name_of(entry.path) == ".git" && !ignore.ignores(inside + "HEAD");
  }
  for (; child != context.entries.end() && child->path.starts_with(inside); ++child) {
    if (!child->folder && !ignore.ignores(child->path)) return true;
  }
  return false;
}

enum class Section : std::uint8_t { vcs, secrets, made, data, editors, rest };
constexpr std::array<std::string_view, 6> headings = {
    "# Version control",
    "# Secrets",
    "# Installed or built in the image",
    "# Backups, data and temporary files",
    "# Editors",
    "# Not needed in the image",
};

Section section_of(const SensitiveFile* file) {
  if (file == nullptr) return Section::made;
  switch (file->kind) {
    case FileKind::vcs:
      return Section::vcs;
    case FileKind::secret:
      return Section::secrets;
    case FileKind::dependency:
    case FileKind::build_output:
      return Section::made;
    case FileKind::backup:
    case FileKind::data:
    case FileKind::temp:
    case FileKind::lock:
      return Section::data;
    case FileKind::editor:
      return Section::editors;
    case FileKind::ci:
    case FileKind::docker:
      break;
  }
  return Section::rest;
}

// Comes to be in a project sooner or later, on one machine or another.
bool is_to_be_expected(std::string_view pattern, const SensitiveFile* file) {
  if (file == nullptr || !file->usual || file->risk < Strength::medium) return false;
  return file->kind == FileKind::secret || file->kind == FileKind::dependency ||
         file->kind == FileKind::build_output || pattern == ".git";
}

}  // namespace

ContextCopies::ContextCopies(const Document& document) : document_(document) {
  for (const Instruction& instruction : document.instructions()) {
    switch (instruction.kind()) {
      case Keyword::add:
      case Keyword::copy:
        read_sources(instruction);
        break;
      case Keyword::run:
        read_run(Run(instruction));
        [[fallthrough]];
      case Keyword::cmd:
      case Keyword::entrypoint: {
        const std::string_view text =
            document.text().substr(instruction.begin(), instruction.span().size());
        constexpr std::string_view parts =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
        for (std::size_t at = 0; (at = text.find_first_of(parts, at)) != std::string_view::npos;) {
          const std::size_t end = std::min(text.find_first_not_of(parts, at), text.size());
          spoken_.emplace_back(text.substr(at, end - at));
          at = end;
        }
        break;
      }
      default:
        break;
    }
  }
  std::ranges::sort(spoken_);
  const auto [first, last] = std::ranges::unique(spoken_);
  spoken_.erase(first, last);
  globs_ = DockerIgnore(named_globs_);
  delivered_.resize(document.stages().size());
  for (std::size_t i = delivered_.size(); i-- > 0;) {
    const Stage stage(document, static_cast<std::uint32_t>(i));
    if (stage.is_shipped()) delivered_[i] = true;
    const auto parent = stage.parent();
    if (delivered_[i] && parent) delivered_[parent->index()] = true;
  }
}

void ContextCopies::name(std::string path) {
  if (is_glob(path)) {
    named_globs_ += path + "\n";
  } else {
    named_.insert(std::move(path));
  }
}

void ContextCopies::read_sources(const Instruction& instruction) {
  if (instruction.kind() == Keyword::copy && instruction.flag("from")) {
    if (from_stages_.size() < most) from_stages_.emplace_back(instruction);
    return;
  }
  const auto words = instruction.words();
  const auto& heredocs = instruction.data().heredocs;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const Word word = words[i];
    const bool heredoc = std::ranges::any_of(
        heredocs, [&](const HeredocData& each) { return each.marker.text == word.text(); });
    const Value value = word.value();
    if (heredoc || !value.known || is_address(value.text)) continue;
    std::string path = from_root(value.text);
    if (path.empty() || path == "*" || path == "**") {
      if (broad_.size() < most) broad_.push_back({instruction, word});
    } else {
      name(std::move(path));
    }
  }
}

void ContextCopies::read_run(const Run& run) {
  for (const Mount& mount : run.mounts()) {
    const auto source = mount.get("source", "src");
    if (mount.type() != "bind" || mount.get("from") || !source) continue;
    const Value value = run.expand(*source);
    const std::string path = from_root(value.text);
    if (value.known && !path.empty()) name(path);
  }
  if (std::ranges::any_of(run.commands(), asks_git)) name(".git");
}

bool ContextCopies::fits(const BuildContext& context) const {
  if (context.truncated) return true;
  const auto is_there = [&](const std::string& path) {
    return std::ranges::binary_search(context.entries, path, {}, &BuildContext::Entry::path);
  };
  const auto is_file = [](const std::string& path) { return path != ".git"; };
  return std::ranges::any_of(named_, is_there) || std::ranges::none_of(named_, is_file);
}

bool ContextCopies::needs(std::string_view path) const {
  if (named_.empty() && named_globs_.empty()) return false;
  if (named_.contains(std::string(path)) || globs_.ignores(path)) return true;
  // Of a folder that is copied everything is wanted but what hides: .env, .npmrc.
  if (name_of(path).starts_with('.')) return false;
  for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/')) {
    path = path.substr(0, slash);
    if (named_.contains(std::string(path))) return true;
  }
  return false;
}

bool ContextCopies::reaches_image(const BroadCopy& copy) const {
  const auto stage = copy.instruction.stage();
  if (!stage || delivered_[stage->index()]) return true;
  // Follows the folder from stage to stage, each once.
  std::vector<bool> seen(delivered_.size());
  const std::function<bool(std::uint32_t, const std::string&)> arrives =
      [&](std::uint32_t at, const std::string& folder) {
        if (delivered_[at]) return true;
        seen[at] = true;
        return std::ranges::any_of(from_stages_, [&](const Copy& later) {
          const auto from = document_.stage(later.expand(later.from()->text()).text);
          const auto into = later.stage();
          const auto destination = later.destination();
          if (!from || from->index() != at || !into || seen[into->index()] || !destination) {
            return false;
          }
          return std::ranges::any_of(later.sources(), [&](const Word& source) {
            const std::string taken = clean_path("/" + source.value().text);
            const bool whole = taken == folder || taken == "/" || lies_in(folder, taken);
            return whole &&
                   arrives(into->index(), join_path(folder_at(later), destination->value().text));
          });
        });
      };
  const Word destination = copy.instruction.words().back();
  return arrives(stage->index(), join_path(folder_at(copy.instruction), destination.value().text));
}

std::vector<ContextCopies::Leak> ContextCopies::leaks(const BuildContext& context) const {
  const DockerIgnore ignore(context.ignore_file ? context.ignore_file->text : std::string());
  std::vector<Leak> found;
  std::set<std::string_view> folders;  // those found, with all that is in them
  for (const BuildContext::Entry& entry : context.entries) {
    const SensitiveFile* file = facts::sensitive_file(entry.path);
    if (file == nullptr || !should_not_be_copied(*file) || needs(entry.path)) continue;
    const std::string_view path = entry.path;
    bool covered = false;
    for (auto slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      covered = covered || folders.contains(path.substr(0, slash));
    }
    if (covered || !is_sent(entry, context, ignore)) continue;
    found.push_back({path, file});
    if (entry.folder) folders.insert(path);
  }
  std::ranges::stable_sort(found, [](const Leak& a, const Leak& b) {
    return std::tuple(b.file->risk, a.file->kind) < std::tuple(a.file->risk, b.file->kind);
  });
  return found;
}

bool ContextCopies::is_spoken_of(std::string_view name) const {
  return std::ranges::binary_search(spoken_, name);
}

std::string ContextCopies::ignore_file(const BuildContext& context) const {
  struct Candidate {
    std::string pattern;
    const SensitiveFile* file;
    bool generic;
    std::string target;  // nothing is to be done where another pattern covers this
  };
  std::vector<Candidate> candidates;
  std::set<std::string> kept(named_.begin(), named_.end());
  for (const auto line : named_globs_ | std::views::split('\n')) {
    if (!line.empty()) kept.emplace(line.begin(), line.end());
  }
  const auto add = [&](std::string pattern, bool generic, std::string_view target) {
    const SensitiveFile* file = facts::sensitive_file(pattern);
    candidates.push_back({std::move(pattern), file, generic, std::string(target)});
  };
  std::vector<std::string_view> paths;
  std::vector<std::string_view> top;  // what lies in the root
  for (const BuildContext::Entry& entry : context.entries) {
    paths.push_back(entry.path);
    if (entry.path.find('/') == std::string::npos) top.push_back(entry.path);
    if (needs(entry.path)) kept.insert(entry.path);
  }
  for (const facts::Ecosystem& ecosystem : facts::ecosystems()) {
    const bool generic = ecosystem.markers.empty();
    const bool there = std::ranges::any_of(ecosystem.markers, [&](std::string_view marker) {
      const DockerIgnore glob(marker);
      return std::ranges::any_of(top, [&](std::string_view name) { return glob.ignores(name); });
    });
    if (!generic && !there) continue;
    for (const std::string_view pattern : ecosystem.patterns)
      add(std::string(pattern), generic, pattern);
    kept.insert(ecosystem.keep.begin(), ecosystem.keep.end());
  }
  for (const Leak& leak : leaks(context)) {
    add("**/" + std::string(leak.file->glob), true, leak.path);
    // Where something else of that name is needed.
    if (leak.path.find_first_of("*?[\\!# ") == std::string_view::npos) {
      add(std::string(leak.path), true, leak.path);
    }
  }

  std::string all;
  for (const Candidate& candidate : candidates) all += candidate.pattern + "\n";
  const DockerIgnore patterns(all);
  // What lies in an ignored folder is ignored with it.
  std::set<std::string> folders;
  for (const std::string& path : kept) {
    for (auto slash = path.rfind('/'); slash != std::string::npos && slash > 0;) {
      if (!folders.insert(path.substr(0, slash)).second) break;
      slash = path.rfind('/', slash - 1);
    }
  }
  kept.merge(folders);
  const std::vector<bool> is_there = patterns.matching(paths);
  const std::vector<bool> is_needed = patterns.matching(kept);

  std::array<std::string, headings.size()> sections;
  std::string chosen;
  std::size_t last = 0;  // the section of the pattern before
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& [pattern, file, generic, target] = candidates[i];
    if (pattern.starts_with('!')) {  // of use only behind what it takes back from
      if (sections[last].empty() || !DockerIgnore(sections[last]).ignores(pattern.substr(1))) {
        continue;
      }
    } else {
      const bool matters = generic ? file != nullptr && is_there[i] : bool{is_there[i]};
      const bool wanted =
          is_needed[i] || (section_of(file) == Section::made && is_spoken_of(name_of(pattern)) &&
                           (file == nullptr || file->kind != FileKind::dependency));
      if (wanted || !(matters || is_to_be_expected(pattern, file))) continue;
      if (DockerIgnore(chosen).ignores(target)) continue;
      last = static_cast<std::size_t>(section_of(file));
      chosen += pattern + "\n";
    }
    sections[last] += pattern + "\n";
  }
  std::string text;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].empty()) continue;
    if (!text.empty()) text += '\n';
    text.append(headings[i]).append("\n").append(sections[i]);
  }
  return text;
}

std::string excludes(const Instruction& copy) {
  std::string patterns;
  for (const Flag& flag : copy.flags()) {
    const auto value = flag.value();
    if (flag.name().text() == "exclude" && value) patterns += value->value().text + "\n";
  }
  return patterns;
}

}  // namespace bulkhead::rules
