#include "analysis/rules/context_copies.h"

#include <algorithm>
#include <functional>
#include <ranges>

#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// As the builder sees a source: nothing lies above the context's root, which is "".
std::string from_root(std::string_view path) {
  return clean_path("/" + std::string(path)).substr(1);
}

bool is_address(std::string_view source) {
  return source.find("://") != std::string_view::npos || source.starts_with("git@");
}

// More broad copies, sources, or copies from stages, than anybody writes.
constexpr std::size_t most = 256;
constexpr std::size_t max_path = 4096;  // bytes: PATH_MAX of Linux

// Whether it can be told which file this is; none has a longer name.
bool is_known(const Value& source) {
  return source.known && source.text.size() <= max_path;
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

// Each once.
template <class Text>
std::vector<Text> sorted(std::vector<Text> texts) {
  std::ranges::sort(texts);
  const auto [first, last] = std::ranges::unique(texts);
  texts.erase(first, last);
  return texts;
}

bool calls_git(const Command& command, std::string_view what) {
  return command.name() == "git" &&
         std::ranges::any_of(command.arguments(), [&](const ShellWord& word) {
           return word.text().value_or("") == what;
         });
}

// Whether Git needs the repository that the build is made of, and not one that it fetches itself.
bool asks_git(const Run& run) {
  if (run.document().text(run.span()).find("git") == std::string_view::npos) return false;
  bool asks = false;
  for (const Command& command : run.commands()) {
    if (calls_git(command, "clone") || calls_git(command, "init")) return false;
    asks = asks || (command.name() == "git" && !calls_git(command, "config"));
  }
  return asks;
}

bool is_broad(std::string_view path) {
  return path.empty() || path == "*" || path == "**";
}

// What an instruction takes.
class Taken {
 public:
  explicit Taken(const Instruction& instruction) {
    switch (instruction.kind()) {
      case Keyword::copy:
        is_from_stage_ = instruction.flag("from").has_value();
        [[fallthrough]];
      case Keyword::add:
        if (!is_from_stage_) read_sources(instruction);
        break;
      case Keyword::run:
        read_run(Run(instruction));
        break;
      default:
        break;
    }
  }
  explicit operator bool() const { return is_from_stage_ || !sources_.empty(); }
  // It takes files of a stage, and none of the context.
  bool is_from_stage() const { return is_from_stage_; }

  struct Source {
    std::optional<std::size_t> word;  // of a COPY or ADD
    std::string path;                 // from the context's root, cleaned
    bool is_glob = false;
  };
  const std::vector<Source>& sources() const { return sources_; }

 private:
  void read_sources(const Instruction& instruction);
  void read_run(const Run& run);
  void add(std::optional<std::size_t> word, std::string_view value) {
    std::string path = from_root(value);
    const bool is_glob = is_pattern(path);
    sources_.push_back({word, std::move(path), is_glob});
  }

  bool is_from_stage_ = false;
  std::vector<Source> sources_;
};

void Taken::read_sources(const Instruction& instruction) {
  const auto words = instruction.words();
  const auto& heredocs = instruction.data().heredocs;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const Word word = words[i];
    if (is_address(word.text())) continue;
    const bool heredoc = std::ranges::any_of(
        heredocs, [&](const HeredocData& each) { return each.marker.text == word.text(); });
    const Value value = word.value();
    if (heredoc || !is_known(value) || is_address(value.text)) continue;
    add(i, value.text);
  }
}

void Taken::read_run(const Run& run) {
  for (const Mount& mount : run.mounts("rc")) {  // as in both names of the field
    const auto source = mount.get("source", "src");
    if (mount.type() != "bind" || mount.get("from") || !source) continue;
    const Value value = run.expand(*source);
    if (is_known(value)) add(std::nullopt, value.text);
  }
}

}  // namespace

ContextCopies::ContextCopies(const Document& document, SharedViews& views) : document_(document) {
  read(views);
}

ContextCopies::ContextCopies(const Document& document)
    : document_(document), own_views_(std::make_unique<SharedViews>()) {
  read(*own_views_);
}

void ContextCopies::read(SharedViews& views) {
  for (const auto& [index, taken] : views.gathered<Taken>(document_)) {
    const Instruction instruction(document_, index);
    if (taken.is_from_stage() && from_stages_.size() < most) from_stages_.emplace_back(instruction);
    for (const auto& [word, path, is_glob] : taken.sources()) {
      if (word && is_broad(path)) {
        if (broad_.size() < most) broad_.push_back({instruction, instruction.words()[*word]});
        continue;
      }
      if (word && names_.size() < most)
        named_copies_.push_back({instruction, instruction.words()[*word], path, is_glob});
      if (!path.empty()) name(path, is_glob);
    }
  }
  globs_ = DockerIgnore(named_globs_);
}

void ContextCopies::name(std::string_view path, bool is_glob) {
  if (is_glob && names_.size() < most) named_globs_ += std::string(path) + "\n";
  names_.push_back(path);
}

bool ContextCopies::names(std::string_view path) const {
  return names_itself(path) || (!named_globs_.empty() && globs_.ignores(path));
}

bool ContextCopies::names_itself(std::string_view path) const {
  return std::ranges::binary_search(sorted_names(), path) || (path == ".git" && wants_repository());
}

const std::vector<std::string_view>& ContextCopies::sorted_names() const {
  if (!sorted_names_) sorted_names_ = sorted(names_);
  return *sorted_names_;
}

bool ContextCopies::wants_repository() const {
  if (!wants_repository_) {
    wants_repository_ =
        std::ranges::any_of(document_.instructions(), [](const Instruction& instruction) {
          return instruction.kind() == Keyword::run && asks_git(Run(instruction));
        });
  }
  return *wants_repository_;
}

bool ContextCopies::needs(std::string_view path) const {
  if (names(path)) return true;
  // Of a folder that is copied everything is wanted but what hides: .env, .npmrc.
  if (name_of(path).starts_with('.')) return false;
  for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/')) {
    path = path.substr(0, slash);
    if (names_itself(path)) return true;
  }
  return false;
}

std::vector<std::string> ContextCopies::needed() const {
  const auto first = names_ | std::views::take(most);
  std::vector<std::string> all = sorted(std::vector<std::string>(first.begin(), first.end()));
  if (wants_repository()) all.emplace_back(".git");
  return all;
}

bool ContextCopies::reaches_image(const Instruction& copy) const {
  const auto stage = copy.stage();
  if (!stage || stage->is_delivered()) return true;
  // Follows the folder from stage to stage, each once.
  std::vector<bool> seen(document_.stages().size());
  const std::function<bool(std::uint32_t, const std::string&)> arrives =
      [&](std::uint32_t at, const std::string& folder) {
        if (Stage(document_, at).is_delivered()) return true;
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
            return is_within(folder, taken) &&
                   arrives(into->index(), join_path(folder_at(later), destination->value().text));
          });
        });
      };
  const Word destination = copy.words().back();
  return arrives(stage->index(), join_path(folder_at(copy), destination.value().text));
}

void ContextCopies::read_words() const {
  constexpr std::string_view parts =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::vector<std::string> words;
  for (const Instruction& instruction : document_.instructions()) {
    const Keyword kind = instruction.kind();
    if (kind != Keyword::run && kind != Keyword::cmd && kind != Keyword::entrypoint) continue;
    const std::string_view text = document_.text(instruction.span());
    for (std::size_t at = 0; (at = text.find_first_of(parts, at)) != std::string_view::npos;) {
      const std::size_t end = std::min(text.find_first_not_of(parts, at), text.size());
      words.emplace_back(text.substr(at, end - at));
      at = end;
    }
  }
  spoken_ = sorted(std::move(words));
}

bool ContextCopies::is_spoken_of(std::string_view name) const {
  if (!spoken_) read_words();
  return std::ranges::binary_search(*spoken_, name);
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
