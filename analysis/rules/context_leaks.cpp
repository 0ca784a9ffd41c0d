#include "analysis/rules/context_leaks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_set>

#include "analysis/facts/ecosystems.h"
#include "analysis/facts/package_managers.h"
#include "analysis/model/rewrite.h"
#include "analysis/rules/secret_files.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

using facts::FileKind;
using facts::SensitiveFile;
using facts::Strength;
using Entry = BuildContext::Entry;

constexpr std::uint64_t megabyte = 1'000'000;
// Of patterns and files. Nobody waits for a number.
constexpr std::size_t most_matches = 1'000'000;
// From here on data and archives are large, whatever they are.
constexpr std::uint64_t large = 10 * megabyte;

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_there(const BuildContext& context, std::string_view path) {
  return std::ranges::binary_search(context.entries, path, {}, &Entry::path);
}

std::ranges::subrange<std::vector<Entry>::const_iterator> entries_in(const BuildContext& context,
                                                                     std::string_view folder) {
  const std::string inside = std::string(folder) + "/";
  const auto first = std::ranges::lower_bound(context.entries, inside, {}, &Entry::path);
  return {first, std::find_if(first, context.entries.end(),
                              [&](const Entry& entry) { return !entry.path.starts_with(inside); })};
}

bool has_form(const Entry& entry, const SensitiveFile& file) {
  if (file.form == facts::FileForm::any) return true;
  return entry.folder == (file.form == facts::FileForm::folder);
}

// Whether a folder called `secrets` is a part of the program.
bool holds_sources(const BuildContext& context, std::string_view folder) {
  constexpr std::array<std::string_view, 16> ends = {
      ".c",   ".cpp", ".cs",  ".go", ".h",  ".html", ".java", ".js",
      ".jsx", ".kt",  ".php", ".py", ".rb", ".rs",   ".tmpl", ".ts"};
  return std::ranges::any_of(entries_in(context, folder), [&](const Entry& entry) {
    return std::ranges::any_of(ends,
                               [&](std::string_view end) { return entry.path.ends_with(end); });
  });
}

bool has_no_place(const Entry& entry, const SensitiveFile& file, const BuildContext& context,
                  const DockerIgnore& ignore) {
  switch (file.kind) {
    case FileKind::secret:
      return may_hold_secret(entry, file, context, ignore);
    case FileKind::dependency:
      return file.risk >= Strength::medium;
    case FileKind::backup:
    case FileKind::data:
      return file.risk >= Strength::medium || entry.size >= large;
    case FileKind::vcs:
      return file.risk == Strength::high;
    default:
      return false;
  }
}

// Whether one of `builds` installs what is in a folder of this name, so that the host's is not wanted.
bool is_installed(std::string_view name, const Builds& builds) {
  constexpr std::array managers = {"npm", "yarn", "pnpm", "bun", "composer"};
  constexpr std::array python = {"pip", "pip3", "uv", "poetry", "pipenv", "pdm"};
  constexpr std::array installs = {"install", "ci", "i", "sync", "yarn"};
  const auto speaks = [&](std::string_view word) {
    return std::ranges::any_of(
        builds, [&](const ContextCopies* copies) { return copies->is_spoken_of(word); });
  };
  if (std::ranges::none_of(installs, speaks)) return false;
  bool known = false;
  for (const std::string_view manager : managers) {
    const facts::ProjectFolder* folder = facts::project_folder(manager);
    if (!folder || folder->folder != name) continue;
    known = true;
    if (speaks(manager)) return true;
  }
  return !known && std::ranges::any_of(python, speaks);
}

// What of an entry the builder gets: for a folder, of what is in it. None when nothing.
std::optional<Leak> sent(const Entry& entry, const SensitiveFile& file, const BuildContext& context,
                         const DockerIgnore& ignore) {
  Leak leak{entry.path, &file, entry.folder};
  const bool ignored = ignore.ignores(entry.path);
  if (ignored && !(entry.folder && ignore.takes_back())) return std::nullopt;
  if (!entry.folder) {
    leak.files = 1;
    leak.size = entry.size;
    return leak;
  }
  const std::string inside = entry.path + "/";
  auto child = std::ranges::lower_bound(context.entries, inside, {}, &Entry::path);
  // What a repository holds, or a folder of thousands of packages, is not listed.
  if (child == context.entries.end() || !child->path.starts_with(inside)) {
    const bool may_hold_more = file.kind == FileKind::vcs || file.kind == FileKind::dependency;
    if (may_hold_more && !ignore.ignores(inside + "HEAD")) return leak;
    return std::nullopt;
  }
  std::size_t left = most_matches / (ignore.size() + 1);
  for (; child != context.entries.end() && child->path.starts_with(inside); ++child) {
    if (left-- == 0) {  // too many to be counted
      if (leak.files > 0) return Leak{entry.path, &file, true};
      return std::nullopt;
    }
    if (child->folder || ignore.ignores(child->path)) continue;
    ++leak.files;
    leak.size += child->size;
  }
  return leak.files > 0 ? std::optional(leak) : std::nullopt;
}

// ---- Telling

std::string size_text(std::uint64_t size) {
  if (size >= 1000 * megabyte) {
    const std::uint64_t tenths = size / (100 * megabyte);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
  }
  return std::to_string((size + megabyte / 2) / megabyte) + " MB";
}

// "312 files, 48 MB": of a folder of packages or of data, as far as it is worth a word.
std::string figures(std::size_t files, std::uint64_t size) {
  std::string text;
  if (files > 1) text = std::to_string(files) + " files";
  if (size >= megabyte / 2) text += (text.empty() ? "" : ", ") + size_text(size);
  return text;
}

std::string_view plural(FileKind kind) {
  switch (kind) {
    case FileKind::secret:
      return "possible secrets";
    case FileKind::vcs:
      return "repositories";
    case FileKind::backup:
      return "backups";
    case FileKind::dependency:
      return "folders of packages";
    case FileKind::data:
      return "data files";
    default:
      return "files";
  }
}

// ---- Ignore files

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

// What is no leak, nor in one, and gets to the builder although it is called like one.
std::vector<std::string_view> namesakes(const BuildContext& context, const DockerIgnore& ignore,
                                        const std::vector<Leak>& leaks,
                                        const DockerIgnore& patterns) {
  std::unordered_set<std::string_view> leaking;
  for (const Leak& leak : leaks) leaking.insert(leak.path);
  std::vector<std::string_view> found;
  for (const Entry& entry : context.entries) {
    const std::string_view path = entry.path;
    if (!patterns.ignores(path) || ignore.ignores(path)) continue;
    bool leaks_too = false;
    for (auto end = path.find('/'); !leaks_too; end = path.find('/', end + 1)) {
      leaks_too = leaking.contains(path.substr(0, end));
      if (end == std::string_view::npos) break;
    }
    if (!leaks_too) found.push_back(path);
  }
  return found;
}

// Whether `path` can stand as a pattern for itself alone.
bool is_plain(std::string_view path) {
  return path.find_first_of("*?[\\!# ") == std::string_view::npos;
}

}  // namespace

bool is_committed(std::string_view path, const BuildContext& context, const DockerIgnore& ignore) {
  const std::string folder(folder_of(path));
  const std::string_view name = name_of(path);
  const bool is_local = name.find(".local") != std::string_view::npos;
  if (!(name == ".env" || name.starts_with(".env.")) || is_local) return false;
  if (is_there(context, folder + "symfony.lock") || is_there(context, folder + "bin/console"))
    return true;
  return ignore.ignores(folder + ".env.local") && !ignore.ignores(folder + ".env") &&
         !ignore.ignores(folder + ".env.other");
}

bool may_hold_secret(const Entry& entry, const SensitiveFile& file, const BuildContext& context,
                     const DockerIgnore& ignore) {
  return file.kind == FileKind::secret && file.risk >= Strength::medium && !entry.harmless &&
         !is_sample(entry.path) && !is_committed(entry.path, context, ignore) &&
         !(file.glob == "secrets" && holds_sources(context, entry.path)) &&
         !ignore.asks_for(entry.path);
}

std::vector<Leak> leaks_in(
    const BuildContext& context, const DockerIgnore& ignore, std::string_view folder,
    const std::function<bool(const Entry&, const SensitiveFile&)>& is_meant) {
  const std::string inside = folder.empty() ? "" : std::string(folder) + "/";
  std::vector<Leak> found;
  std::unordered_set<std::string_view> folders;  // whose content is told with them
  auto entry = std::ranges::lower_bound(context.entries, inside, {}, &Entry::path);
  for (; entry != context.entries.end() && entry->path.starts_with(inside); ++entry) {
    const SensitiveFile* file = facts::sensitive_file(entry->path);
    if (file == nullptr || !has_form(*entry, *file) || !is_meant(*entry, *file)) continue;
    const std::string_view path = entry->path;
    bool covered = false;
    for (auto slash = path.find('/'); !covered && slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      covered = folders.contains(path.substr(0, slash));
    }
    if (covered) continue;
    const auto leak = sent(*entry, *file, context, ignore);
    if (leak) found.push_back(*leak);
    if (entry->folder) folders.insert(path);
  }
  std::ranges::stable_sort(found, {}, [](const Leak& leak) {
    return std::pair(leak.file->kind, -static_cast<int>(leak.file->risk));
  });
  return found;
}

std::vector<Leak> leaks_without_excluded(const NamedCopy& copy, std::vector<Leak> leaks) {
  const DockerIgnore excluded(excludes(copy.instruction));
  std::erase_if(leaks, [&](const Leak& leak) {
    return excluded.ignores(leak.path) || excluded.ignores(leak.path.substr(copy.path.size() + 1));
  });
  return leaks;
}

std::vector<Leak> leaks(const BuildContext& context, const DockerIgnore& ignore,
                        const Builds& builds) {
  return leaks_in(context, ignore, "", [&](const Entry& entry, const SensitiveFile& file) {
    if (!has_no_place(entry, file, context, ignore)) return false;
    if (file.kind == FileKind::dependency && !is_installed(name_of(entry.path), builds))
      return false;
    return std::ranges::none_of(
        builds, [&](const ContextCopies* copies) { return copies->needs(entry.path); });
  });
}

bool is_grave(const Leak& leak) {
  return leak.file->risk == Strength::high &&
         (leak.file->kind == FileKind::secret || leak.file->kind == FileKind::vcs);
}

std::string described(const std::vector<Leak>& leaks) {
  constexpr std::size_t most = 3;
  std::vector<std::string> groups;
  for (auto first = leaks.begin(); first != leaks.end();) {
    const FileKind kind = first->file->kind;
    const auto last =
        std::find_if(first, leaks.end(), [&](const Leak& leak) { return leak.file->kind != kind; });
    const auto count = static_cast<std::size_t>(last - first);
    std::string names;
    std::size_t files = 0;
    std::uint64_t size = 0;
    for (auto leak = first; leak != last; ++leak) {
      const auto i = static_cast<std::size_t>(leak - first);
      if (i < most) names += (i == 0 ? "" : ", ") + std::string(leak->path);
      files += leak->folder ? leak->files : 0;
      size += leak->size;
    }
    if (count > most) names += " and " + std::to_string(count - most) + " more";
    const bool is_grave_itself = kind == FileKind::secret || kind == FileKind::vcs;
    const std::string how_much = is_grave_itself ? "" : figures(files, size);
    if (count == 1) {
      groups.push_back(names + (how_much.empty() ? "" : " (" + how_much + ")"));
    } else {
      groups.push_back(std::to_string(count) + " " + std::string(plural(kind)) + " (" + names +
                       (how_much.empty() ? "" : "; " + how_much) + ")");
    }
    first = last;
  }
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == groups.size() ? " and " : ", ") + groups[i];
  }
  return text;
}

std::string missing_patterns(const BuildContext& context, std::string_view ignore_file,
                             const Builds& builds) {
  struct Candidate {
    std::string pattern;
    const SensitiveFile* file;
    bool generic;
    std::string target;  // nothing is to be done where another pattern covers this
  };
  const DockerIgnore ignore(ignore_file);
  const bool is_new = ignore_patterns(ignore_file).empty();
  std::vector<Candidate> candidates;
  std::set<std::string> kept;
  const auto add = [&](std::string pattern, bool generic, std::string_view target) {
    const SensitiveFile* file = facts::sensitive_file(pattern);
    candidates.push_back({std::move(pattern), file, generic, std::string(target)});
  };
  for (const ContextCopies* copies : builds) {
    for (std::string& path : copies->needed()) kept.insert(std::move(path));
  }
  std::vector<std::string_view> paths;  // what a new file is written for
  std::vector<std::string_view> top;    // what lies in the root
  for (const Entry& entry : context.entries) {
    if (entry.path.find('/') == std::string::npos) top.push_back(entry.path);
    if (is_new) paths.push_back(entry.path);
    if (std::ranges::any_of(
            builds, [&](const ContextCopies* copies) { return copies->needs(entry.path); })) {
      kept.insert(entry.path);
    }
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
  // What somebody takes back, and what a framework has committed, is needed.
  for (const IgnorePattern& pattern : ignore_patterns(ignore_file)) {
    if (pattern.takes_back) kept.insert(pattern.path);
  }
  for (const std::string_view path : {".env", ".env.prod"}) {
    if (is_committed(path, context, ignore)) kept.emplace(path);
  }
  const std::vector<Leak> found = leaks(context, ignore, builds);
  for (const Leak& leak : found) {
    add("**/" + std::string(leak.file->glob), true, leak.path);
    // Where something else of that name is needed.
    if (is_plain(leak.path)) add(std::string(leak.path), true, leak.path);
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
  // What is called like a secret may be part of the program; of what is commonly left out nobody cares.
  const auto takes_namesakes = [](const Candidate& each) {
    return each.file && (each.file->kind == FileKind::secret || each.target != each.pattern);
  };
  std::string wide;
  std::string taken_back;
  for (const Candidate& candidate : candidates) {
    if (candidate.pattern.starts_with('!')) taken_back += candidate.pattern + "\n";
    if (takes_namesakes(candidate)) wide += candidate.pattern + "\n";
  }
  const std::vector<bool> has_namesake =
      patterns.matching(namesakes(context, ignore, found, DockerIgnore(wide + taken_back)));
  const auto is_spoken_of = [&](std::string_view name) {
    return std::ranges::any_of(
        builds, [&](const ContextCopies* copies) { return copies->is_spoken_of(name); });
  };
  // An author who has written a list is told what it lacks, not what else could be in it.
  const auto matters = [&](std::size_t i) {
    const auto& [pattern, file, generic, target] = candidates[i];
    if (is_new) {
      const bool known = !generic || file != nullptr;
      return (known && is_there[i]) || is_to_be_expected(pattern, file);
    }
    if (file == nullptr) return false;
    if (pattern == "**/.env" && !ignore.ignores(".env")) return true;
    if (pattern == ".git" && !ignore.ignores(".git/HEAD")) return true;
    return std::ranges::any_of(found, [&](const Leak& leak) {
      return leak.path == target || DockerIgnore(pattern).ignores(leak.path);
    });
  };

  std::array<std::string, headings.size()> sections;
  std::string chosen(ignore_file);
  if (!chosen.empty()) chosen += '\n';
  std::size_t last = 0;  // the section of the pattern before
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& [pattern, file, generic, target] = candidates[i];
    if (pattern.starts_with('!')) {  // of use only behind what it takes back from
      if (sections[last].empty() || !DockerIgnore(sections[last]).ignores(pattern.substr(1))) {
        continue;
      }
    } else {
      const bool wanted =
          is_needed[i] || (section_of(file) == Section::made && is_spoken_of(name_of(pattern)) &&
                           (file == nullptr || file->kind != FileKind::dependency));
      if (wanted || (has_namesake[i] && takes_namesakes(candidates[i])) || !matters(i)) continue;
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

std::string patterns_against(const BuildContext& context, const std::vector<Leak>& leaks,
                             const Builds& builds) {
  const DockerIgnore ignore(context.ignore_file ? context.ignore_file->text : std::string_view());
  std::vector<Leak> unwanted = rules::leaks(context, ignore, builds);
  unwanted.insert(unwanted.end(), leaks.begin(), leaks.end());
  std::string patterns;
  for (const Leak& leak : leaks) {
    if (DockerIgnore(patterns).ignores(leak.path)) continue;
    const std::string glob = "**/" + std::string(leak.file->glob);
    const DockerIgnore wide(glob);
    const bool is_named = std::ranges::any_of(builds, [&](const ContextCopies* copies) {
      return std::ranges::any_of(copies->named(),
                                 [&](const NamedCopy& copy) { return wide.ignores(copy.path); });
    });
    const bool is_wanted = std::ranges::any_of(
        builds, [&](const ContextCopies* copies) { return copies->names(leak.path); });
    if (!is_named && namesakes(context, ignore, unwanted, wide).empty()) {
      patterns += glob + "\n";
    } else if (is_plain(leak.path) && !is_wanted) {
      patterns += std::string(leak.path) + "\n";
    }
  }
  return patterns;
}

TextEdit append_patterns(std::string_view ignore_file, std::string_view patterns) {
  const auto end = static_cast<std::uint32_t>(ignore_file.size());
  const std::size_t feed = ignore_file.find('\n');
  const std::string line_end =
      feed != std::string_view::npos && feed > 0 && ignore_file[feed - 1] == '\r' ? "\r\n" : "\n";
  std::string text;
  if (!ignore_file.empty() && !ignore_file.ends_with('\n')) text += line_end;
  if (!ignore_patterns(ignore_file).empty() && patterns.starts_with('#')) text += line_end;
  for (const char c : patterns) text += c == '\n' ? line_end : std::string(1, c);
  return {{end, end}, std::move(text)};
}

Fix keep_out(const BuildContext& context, const std::string& patterns) {
  if (!context.ignore_file) {
    const std::string path = context.root + ".dockerignore";
    Fix fix{"Create " + path, Safety::unsafe, {}};
    if (!patterns.empty()) fix.edits.push_back(create_file(path, patterns));
    return fix;
  }
  const auto& [path, text] = *context.ignore_file;
  Fix fix{"Complete " + path, Safety::unsafe, {}};
  if (!patterns.empty()) fix.edits.push_back({append_patterns(text, patterns), path});
  return fix;
}

}  // namespace bulkhead::rules
