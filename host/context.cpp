#include "host/context.h"

#include <algorithm>
#include <ctime>
#include <deque>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

#include "analysis/facts/secret_patterns.h"
#include "analysis/ignore_file.h"
#include "analysis/model/document.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/secret_files.h"
#include "host/context_folder.h"
#include "host/discover.h"
#include "host/file.h"
#include "host/git_ignored.h"
#include "host/yaml.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

using IgnoreFile = BuildContext::IgnoreFile;

// A path of "Dockerfile" stands in the folder "".
fs::path root_of(const fs::path& folder) {
  return folder.empty() ? fs::path(".") : folder;
}

// None for what cannot be read, or has more than `most` bytes.
std::optional<std::string> text_of(const fs::path& path, std::uint64_t most = max_nearby_size) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  try {
    return read_file(path, most);
  } catch (const FileError&) {
    return std::nullopt;
  }
}

// Settings of npm that everybody may read, as most projects have them.
bool has_no_token(const fs::path& npmrc) {
  const auto text = text_of(npmrc, 64 * 1024);
  return text && !rules::holds_credential(*text) && facts::find_secrets(*text).empty();
}

// Lists all but the ignore file.
class Scan {
 public:
  explicit Scan(ScanLimits limits)
      : limits_(limits), end_(std::chrono::steady_clock::now() + limits.time) {}

  std::optional<BuildContext> run(const fs::path& root) {
    std::error_code error;
    if (const fs::directory_iterator readable(root, error); error) return std::nullopt;
    std::deque<Folder> ordinary{{root, "", 0, GitIgnored(root)}};
    // From the root down, so that what a limit cuts off lies deep.
    for (; !ordinary.empty() && !is_over(); ordinary.pop_front()) list(ordinary.front(), ordinary);
    for (; !ignored_.empty() && !is_over(); ignored_.pop_front()) list(ignored_.front(), ignored_);
    context_.truncated = context_.truncated || !ordinary.empty() || !ignored_.empty();
    for (const Folder& folder : packages_) list_whole(folder);
    std::ranges::sort(context_.entries, {}, &BuildContext::Entry::path);
    return std::move(context_);
  }

 private:
  struct Folder {
    fs::path path;
    std::string prefix;  // of the entries' paths
    std::size_t depth;
    std::optional<GitIgnored> by_git;  // none where git ignores the folder itself
  };

  bool is_over() const {
    return context_.entries.size() >= limits_.entries || std::chrono::steady_clock::now() >= end_;
  }

  // Adds what is in `folder`; what is to be listed later goes to `next`, or where it belongs.
  void list(const Folder& folder, std::deque<Folder>& next) {
    std::error_code error;
    fs::directory_iterator entry(folder.path, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (context_.entries.size() % 256 == 0 ? is_over()
                                             : context_.entries.size() >= limits_.entries) {
        context_.truncated = true;
        return;
      }
      const std::string name = entry->path().filename().native();
      std::error_code unknown;  // a file that vanishes meanwhile, or cannot be looked at
      const fs::file_status status = entry->symlink_status(unknown);
      const bool is_folder = fs::is_directory(status);
      const std::uintmax_t size = fs::is_regular_file(status) ? entry->file_size(unknown) : 0;
      context_.entries.push_back({folder.prefix + name, unknown ? 0 : size, is_folder});
      if (name == ".npmrc" && !is_folder && !in_packages_)
        context_.entries.back().harmless = has_no_token(entry->path());
      if (!is_folder || name == ".git") continue;
      if (folder.depth == limits_.depth) {
        context_.truncated = true;
        continue;
      }
      Folder below{entry->path(), folder.prefix + name + "/", folder.depth + 1, std::nullopt};
      if (name == "node_modules" && !in_packages_) {
        packages_.push_back(std::move(below));
      } else if (folder.by_git && folder.by_git->ignores(name, true)) {
        ignored_.push_back(std::move(below));
      } else {
        if (folder.by_git) below.by_git = folder.by_git->in(entry->path());
        next.push_back(std::move(below));
      }
    }
    if (error) context_.truncated = true;
  }

  // All of it or nothing: such folders are large and alike everywhere.
  void list_whole(const Folder& root) {
    const std::size_t before = context_.entries.size();
    const bool was_truncated = context_.truncated;
    context_.truncated = false;
    in_packages_ = true;
    std::deque<Folder> folders{root};
    for (; !folders.empty() && !context_.truncated; folders.pop_front()) {
      if (is_over()) break;
      list(folders.front(), folders);
    }
    if (!folders.empty() || context_.truncated) context_.entries.resize(before);
    context_.truncated = was_truncated;
  }

  ScanLimits limits_;
  std::chrono::steady_clock::time_point end_;
  BuildContext context_;
  std::deque<Folder> ignored_;   // by git
  std::deque<Folder> packages_;  // node_modules
  bool in_packages_ = false;
};

// The open file at `path`, if it is of that kind.
template <class Kind>
std::shared_ptr<const Kind> find_open(const OpenFiles& open, const fs::path& path) {
  const auto found = open.find(path);
  return found == open.end() ? nullptr : std::dynamic_pointer_cast<const Kind>(found->second);
}

// `context`, which lies at `folder`, as that of the Dockerfile at `dockerfile`.
std::optional<BuildContext> seen_from(std::optional<BuildContext> context, const fs::path& folder,
                                      const fs::path& dockerfile, const OpenFiles& open) {
  if (!context) return std::nullopt;
  const fs::path own = dockerfile.parent_path();
  if (folder != own) context->root = (folder.lexically_relative(own) / "").native();
  for (const std::string& path : ignore_files_of(dockerfile.filename().native(), context->root)) {
    const fs::path at = root_of(own) / path;
    if (const auto file = find_open<bulkhead::IgnoreFile>(open, at.lexically_normal())) {
      context->ignore_file = IgnoreFile{path, std::string(file->text())};
      break;
    }
    std::error_code error;
    if (!fs::is_regular_file(at, error)) continue;
    try {
      context->ignore_file = IgnoreFile{path, read_file(at, max_nearby_size)};
    } catch (const FileError&) {
      return std::nullopt;  // what is sent to the builder is not known
    }
    break;
  }
  return context;
}

// What the Dockerfile takes from its context by name; a repository is there or not.
std::vector<std::string> named_in(const Document& dockerfile) {
  std::vector<std::string> named = rules::ContextCopies(dockerfile).needed();
  std::erase(named, ".git");
  return named;
}

// Those of `named` that git ignores in `folder`, and those that there is no time for: of neither is it known
// what the build finds.
std::vector<std::string> ignored_by_git(const fs::path& folder, std::vector<std::string> named) {
  if (named.empty()) return named;
  const GitIgnored root(folder);
  const auto end = std::chrono::steady_clock::now() + ScanLimits().time;
  std::erase_if(named, [&](const std::string& path) {
    GitIgnored here = root;
    fs::path at = folder;
    const fs::path names(path);
    return std::ranges::none_of(names, [&](const fs::path& name) {
      if (std::chrono::steady_clock::now() >= end) return true;
      const bool ignored = here.ignores(name.native(), true) || here.ignores(name.native(), false);
      here = here.in(at /= name);
      return ignored;
    });
  });
  return named;
}

// More of a kind are not looked into for what they say of another one.
constexpr std::size_t most_files = 64;

// As far as it is looked into.
std::shared_ptr<const Document> read_dockerfile(const fs::path& path, const OpenFiles& open) {
  if (auto document = find_open<Document>(open, path)) return document;
  auto text = text_of(path);
  return text ? Document::create(*std::move(text)) : nullptr;
}

}  // namespace

std::chrono::year_month_day today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return {std::chrono::year(local.tm_year + 1900),
          std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
          std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

std::optional<BuildContext> scan_context(const fs::path& folder, std::string_view dockerfile_name,
                                         ScanLimits limits) {
  return seen_from(Scan(limits).run(root_of(folder)), folder, folder / dockerfile_name, {});
}

std::optional<BuildContext> ContextScanner::list(const fs::path& folder) {
  return *listings_.get(folder, [&] { return Scan({}).run(root_of(folder)); });
}

ContextScanner::Build ContextScanner::build_of(const fs::path& path, const Document& dockerfile,
                                               const OpenFiles& open) {
  const std::vector<fs::path> folders = folders_around(path);
  std::vector<BuildingService> services = services_building(path, folders, open);
  std::vector<fs::path> told;
  for (const BuildingService& service : services)
    told.push_back((path.parent_path() / service.context / "").lexically_normal().parent_path());
  std::vector<std::string> named = named_in(dockerfile);
  auto folder = context_folder(folders, told, named, open);
  return {std::move(services), std::move(named), std::move(folder)};
}

std::optional<BuildContext> ContextScanner::context_of(std::optional<BuildContext> listing,
                                                       const Build& build, const fs::path& path,
                                                       const OpenFiles& open) {
  if (!build.folder) return std::nullopt;
  auto context = seen_from(std::move(listing), *build.folder, path, open);
  if (context) context->ignored_by_git = ignored_by_git(*build.folder, build.named);
  return context;
}

namespace {

std::string_view name_in(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

// The paths of those that a folder holds, by their names.
std::vector<std::string_view> dockerfiles_among(const BuildContext& listing) {
  std::vector<std::string_view> paths;
  for (const BuildContext::Entry& entry : listing.entries) {
    if (entry.folder || !is_dockerfile_name(name_in(entry.path)) ||
        entry.path.find("node_modules/") != std::string::npos)
      continue;
    if (paths.size() == most_files) break;
    paths.push_back(entry.path);
  }
  return paths;
}

}  // namespace

ContextScanner::Dockerfiles ContextScanner::dockerfiles_in(const fs::path& folder,
                                                           const BuildContext& listing,
                                                           const OpenFiles& open) {
  Dockerfiles found;
  for (const std::string_view each : dockerfiles_among(listing)) {
    const fs::path path = folder / each;
    const std::string_view name = name_in(each);
    const fs::path own_ignore_file = path.parent_path() / ignore_files_of(name, "").front();
    std::error_code error;
    if (open.contains(own_ignore_file) || fs::is_regular_file(own_ignore_file, error)) continue;
    auto dockerfile = read_dockerfile(path, open);
    if (dockerfile && build_of(path, *dockerfile, open).folder == folder)
      found.emplace_back(each, std::move(dockerfile));
  }
  return found;
}

std::vector<NearbyDockerfile> ContextScanner::dockerfiles_around(const fs::path& path,
                                                                 const fs::path& folder,
                                                                 const BuildContext& listing,
                                                                 const OpenFiles& open) {
  std::vector<NearbyDockerfile> found;
  // Mostly there is but one.
  const bool is_alone = std::ranges::all_of(
      dockerfiles_among(listing), [&](std::string_view each) { return folder / each == path; });
  if (is_alone) return found;
  const auto all = dockerfiles_.get(folder, [&] { return dockerfiles_in(folder, listing, open); });
  for (const auto& [name, dockerfile] : *all) {
    const fs::path at = folder / name;
    if (at == path) continue;
    const auto now = find_open<Document>(open, at);
    found.push_back({at.lexically_relative(path.parent_path()).native(), now ? now : dockerfile});
  }
  return found;
}

ContextScanner::ComposeFiles ContextScanner::read_compose_files(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (is_compose_name(entry->path().filename().native())) paths.push_back(entry->path());
  }
  std::ranges::sort(paths);
  ComposeFiles files;
  for (const fs::path& path : paths) {
    if (files.size() == most_files) break;
    if (auto text = text_of(path))
      files.emplace_back(path, ComposeFile::create(*std::move(text), read_yaml));
  }
  return files;
}

std::shared_ptr<const ContextScanner::ComposeFiles> ContextScanner::compose_files(
    const fs::path& folder) {
  return compose_files_.get(folder, [&] { return read_compose_files(folder); });
}

std::map<fs::path, std::shared_ptr<const ComposeFile>> ContextScanner::compose_files(
    const fs::path& folder, const OpenFiles& open) {
  std::map<fs::path, std::shared_ptr<const ComposeFile>> files;
  for (const auto& [path, snapshot] : open) {
    auto file = path.parent_path() == folder ? find_open<ComposeFile>(open, path) : nullptr;
    if (file) files.emplace(path, std::move(file));
  }
  const auto on_disk = compose_files(folder);
  files.insert(on_disk->begin(), on_disk->end());
  return files;
}

std::vector<BuildingService> ContextScanner::services_building(const fs::path& dockerfile,
                                                               const std::vector<fs::path>& folders,
                                                               const OpenFiles& open) {
  std::vector<BuildingService> services;
  for (const fs::path& folder : folders) {
    for (const auto& [path, file] : compose_files(folder, open)) {
      std::ranges::move(bulkhead::services_building(*file, path.native(), dockerfile.native()),
                        std::back_inserter(services));
    }
  }
  return services;
}

Context ContextScanner::scan(const fs::path& file, const Snapshot* known, const OpenFiles& open) {
  std::error_code error;
  const fs::path path = fs::absolute(file, error).lexically_normal();
  Context context = scan_around(path, known, open);
  context.settings = settings(path);
  return context;
}

Context ContextScanner::scan_around(const fs::path& path, const Snapshot* known,
                                    const OpenFiles& open) {
  Context context;
  std::error_code error;
  const std::string name = path.filename().native();
  if (is_ignore_file_name(name)) {
    const fs::path folder = path.parent_path();
    const fs::path dockerfile =
        folder / name.substr(0, name.size() - std::string_view(".dockerignore").size());
    // The file itself is open as well, and perhaps not on the disk yet.
    OpenFiles all = open;
    if (known) all[path] = std::shared_ptr<const Snapshot>(std::shared_ptr<void>(), known);
    if (name == ".dockerignore") {
      context.build = seen_from(list(folder), folder, dockerfile, all);
      if (context.build)
        context.dockerfiles = dockerfiles_around(path, folder, *context.build, all);
    } else if (open.contains(dockerfile) || fs::is_regular_file(dockerfile, error)) {
      if (auto document = read_dockerfile(dockerfile, open)) {
        const Build build = build_of(dockerfile, *document, all);
        if (build.folder) context.build = context_of(list(*build.folder), build, dockerfile, all);
        context.dockerfiles.push_back({dockerfile.filename().native(), std::move(document)});
      }
    }
    return context;
  }
  if (!is_compose_name(name)) {
    const auto* own = dynamic_cast<const Document*>(known);
    const bool is_known = own && own->text().size() <= max_nearby_size;
    const auto read = is_known ? nullptr : Document::create(text_of(path).value_or(""));
    Build build = build_of(path, is_known ? *own : *read, open);
    auto listing = build.folder ? list(*build.folder) : std::nullopt;
    if (listing) context.dockerfiles = dockerfiles_around(path, *build.folder, *listing, open);
    context.build = context_of(std::move(listing), build, path, open);
    context.built_by = std::move(build.services);
    return context;
  }
  for (const auto& [other, compose] : compose_files(path.parent_path(), open)) {
    if (other != path) {
      context.compose_files.push_back(compose);
      continue;
    }
    std::map<std::string, std::shared_ptr<const Document>> dockerfiles;
    for (BuiltImage& image : images_built(*compose, path.native())) {
      const bool is_new = !dockerfiles.contains(image.file);
      if (is_new && dockerfiles.size() == most_files) continue;
      auto& dockerfile = dockerfiles[image.file];
      if (is_new) dockerfile = read_dockerfile(path.parent_path() / image.file, open);
      if (!dockerfile) continue;
      image.dockerfile = dockerfile;
      context.builds.push_back(std::move(image));
    }
  }
  return context;
}

}  // namespace bulkhead::host
