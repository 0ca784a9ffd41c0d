#include "lsp/workspace.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "analysis/model/document.h"
#include "analysis/rules/context_copies.h"
#include "host/discover.h"
#include "lsp/neighbours.h"
#include "lsp/server.h"
#include "lsp/uri.h"

namespace bulkhead::lsp {
namespace {

bool lies_in(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (folder.ends_with('/') || path.substr(folder.size()).starts_with('/'));
}

}  // namespace

std::string uri_in_folder(std::string_view folder_uri, std::string_view folder_path,
                          std::string_view path) {
  std::string_view below = path.substr(folder_path.size());
  below.remove_prefix(std::min(below.find_first_not_of('/'), below.size()));
  std::string base(folder_uri);
  if (!base.ends_with('/')) base += '/';
  return relative_uri(base, below);
}

// ---- The server's share of it

template <class Value>
void Server::progress(const ProgressToken& token, const Value& value) {
  rpc_.notify("$/progress", ProgressParams<Value>{token, value});
}

std::optional<WorkspaceDiagnosticReport> Server::workspace_diagnostic(
    const WorkspaceDiagnosticParams& params, const Json& id) {
  const auto pull = std::make_shared<WorkspacePull>(WorkspacePull{.id = id, .params = params});
  for (const auto& [uri, value] : params.previous_result_ids)
    pull->known[uri_identity(uri)] = {uri, value};
  if (!session_.client.watched_files_registration) environment_.forget_files();
  std::erase_if(pulls_, [&](const auto& old) { return !rpc_.is_unanswered(old->id); });
  pulls_.push_back(pull);
  search_workspace(pull);
  return std::nullopt;
}

void Server::search_workspace(const PullPointer& pull) {
  pull->waiting = pull->outdated = pull->news = false;
  searches_.push_back(pull);
  search_next();
}

// One search at a time, for all who wait for one: requests that come and are cancelled keep nobody busy.
void Server::search_next() {
  std::erase_if(searches_, [&](const auto& pull) { return !rpc_.is_unanswered(pull->id); });
  if (is_searching_ || searches_.empty()) return;
  is_searching_ = true;
  std::vector<std::string> folders;
  for (const WorkspaceFolder& folder : folders_) {
    if (auto path = file_path(folder.uri)) folders.push_back(*std::move(path));
  }
  environment_.find_files(std::move(folders),
                          [this, pulls = std::exchange(searches_, {})](FoundFiles found) {
                            is_searching_ = false;
                            log_problems(std::move(found.problems));
                            for (const PullPointer& pull : pulls) take_files(pull, found.paths);
                            search_next();
                          });
}

// A folder that cannot be read is told of once, not at each search.
void Server::log_problems(std::set<std::string> problems) {
  for (const std::string& problem : problems) {
    if (!search_problems_.contains(problem)) log(MessageType::warning, problem);
  }
  search_problems_ = std::move(problems);
}

void Server::take_files(const PullPointer& pull, std::vector<std::string> paths) {
  std::ranges::sort(paths);
  paths.erase(std::ranges::unique(paths).begin(), paths.end());  // folders may lie in each other
  std::erase_if(told_,
                [&](const auto& told) { return !std::ranges::binary_search(paths, told.first); });
  std::map<std::string, std::string> open;  // URIs by path
  for (const auto& [uri, document] : documents_) {
    if (document.path) open.emplace(*document.path, uri);
  }
  pull->files.clear();
  pull->next = 0;
  for (std::string& path : paths) {
    const auto at = open.find(path);
    std::string uri = at != open.end() ? at->second : uri_of(path);
    pull->files.push_back({std::move(uri), std::move(path)});
  }
  work_done(
      *pull,
      {.kind = "begin", .title = "Checking Dockerfiles", .cancellable = true, .percentage = 0});
  look_at_files(pull, std::nullopt);
}

// As the client spells the innermost folder it lies in.
std::string Server::uri_of(const std::string& path) const {
  std::string uri;
  std::size_t longest = 0;
  for (const WorkspaceFolder& folder : folders_) {
    const auto root = file_path(folder.uri);
    if (!root || root->size() <= longest || !lies_in(path, *root)) continue;
    longest = root->size();
    uri = uri_in_folder(folder.uri, *root, path);
  }
  return uri.empty() ? uri_in_folder("file:///", "/", path) : uri;
}

bool Server::is_in_workspace(const std::string& path) const {
  return host::is_checked_name(path.substr(path.rfind('/') + 1)) &&
         std::ranges::any_of(folders_, [&](const WorkspaceFolder& folder) {
           const auto root = clean_file_path(folder.uri);
           return root && lies_in(path, *root);
         });
}

// Looks at the file that was read, if any, and at those behind it, up to the next one that has to be read.
void Server::look_at_files(const PullPointer& pull, std::optional<FileOnDisk> read) try {
  if (read && rpc_.is_unanswered(pull->id)) {
    const auto& [uri, path, is_gone] = pull->files[pull->next - 1];
    add_to_report(*pull, look_at_file(uri, path, *std::move(read)));
  } else if (pull->next > 0) {
    pull->files[pull->next - 1].is_gone = true;
  }
  while (rpc_.is_unanswered(pull->id) && pull->next < pull->files.size()) {
    const WorkspacePull::File& file = pull->files[pull->next++];
    const auto open = documents_.find(file.uri);
    if (open == documents_.end()) {
      return environment_.read_file(
          file.path, open_around(file.path, documents_),
          [this, pull](auto found) { look_at_files(pull, std::move(found)); });
    }
    OpenDocument& document = open->second;
    update(document);
    add_to_report(*pull, document);
  }
  work_done(*pull, {.kind = "end"});
  pull->shows_progress = false;
  if (rpc_.is_unanswered(pull->id)) return finish(pull);
  std::erase(pulls_, pull);
} catch (const std::exception& error) {
  rpc_.fail(pull->id, ErrorCode::internal_error,
            "workspace/diagnostic: " + std::string(error.what()));
}

// Looks at a file that is not open.
OpenDocument Server::look_at_file(const std::string& uri, const std::string& path,
                                  FileOnDisk read) {
  auto& [diagnostics, result_id, complaints] = told_[path];
  OpenDocument document{.uri = uri,
                        .path = path,
                        .read_as = file_name(uri),
                        .snapshot = std::move(read.snapshot),
                        .context = std::move(read.context),
                        .diagnostics = diagnostics,
                        .result_id = result_id,
                        .complaints = complaints};
  update(document);
  note_names(document);
  diagnostics = document.diagnostics;
  result_id = document.result_id;
  complaints = document.complaints;
  return document;
}

// What a file that is not open names may come and go as well. Old names do no harm.
void Server::note_names(const OpenDocument& document) {
  constexpr std::size_t most = 100'000;
  if (named_.size() > most) named_.clear();
  const auto note = [&](std::string_view path) {
    named_.emplace(path.substr(path.rfind('/') + 1));  // npos + 1 is 0
  };
  if (const auto* dockerfile = dynamic_cast<const Document*>(document.snapshot.get())) {
    for (const std::string& path : rules::ContextCopies(*dockerfile).needed()) note(path);
  }
  for (const BuiltImage& image : document.context.builds) note(image.file);
}

void Server::add_to_report(WorkspacePull& pull, const OpenDocument& document) {
  std::variant<Null, std::int32_t> version;
  if (document.version) version = *document.version;
  const std::string id = std::to_string(document.result_id);
  const auto known = pull.known.find(uri_identity(document.uri));
  const bool is_known = known != pull.known.end();
  const std::string uri = is_known ? known->second.uri : document.uri;
  if (is_known && known->second.result_id == id) {
    pull.report.items.push_back(WorkspaceUnchangedDocumentDiagnosticReport{
        .uri = uri, .version = version, .result_id = id});
  } else {
    tell(pull, {.uri = uri, .version = version, .result_id = id, .items = document.diagnostics});
  }
  const std::size_t count = pull.files.size();
  const auto percentage = static_cast<std::uint32_t>(100 * pull.next / count);
  if (std::exchange(pull.percentage, percentage) == percentage) return;
  work_done(pull, {.kind = "report",
                   .message = std::to_string(pull.next) + "/" + std::to_string(count),
                   .percentage = percentage});
}

void Server::tell(WorkspacePull& pull, WorkspaceFullDocumentDiagnosticReport report) {
  const std::string file = uri_identity(report.uri);
  if (report.result_id) {
    WorkspacePull::Known& known = pull.known[file];
    // What it knows already goes along with news, and is none.
    if (known.told_otherwise != *report.result_id) {
      pull.news = true;
      known = {report.uri, *report.result_id};
    }
  } else {
    pull.news = true;
    pull.known.erase(file);
  }
  pull.report.items.push_back(std::move(report));
  // To a client that takes the report in pieces, not each file in one of its own.
  constexpr std::size_t piece = 50;
  if (pull.params.partial_result_token && pull.report.items.size() >= piece)
    progress(*pull.params.partial_result_token, std::exchange(pull.report, {}));
}

// Clients ask again as soon as they are answered: one that knows all there is to know has to wait
// until something changes.
void Server::finish(const PullPointer& pull) {
  // Those that are gone have nothing wrong any more; open ones outside of the workspace are not our
  // business here.
  std::set<std::string> present;
  for (const WorkspacePull::File& file : pull->files) {
    if (!file.is_gone) present.insert(uri_identity(file.uri));
  }
  for (const auto& [uri, document] : documents_) present.insert(uri_identity(uri));
  std::vector<std::string> gone;
  for (const auto& [file, known] : pull->known) {
    if (!present.contains(file)) gone.push_back(known.uri);
  }
  for (std::string& uri : gone) tell(*pull, {.uri = std::move(uri)});

  // Where there is nothing to check, the first answer is all there is to know.
  const bool knows_nothing =
      pull->params.previous_result_ids.empty() &&
      !std::exchange(told_of_nothing_,
                     pull->files.empty() && session_.client.watched_files_registration);
  if (pull->news || knows_nothing) {
    // To a client that takes the report in pieces all is told in pieces.
    if (pull->params.partial_result_token && !pull->report.items.empty())
      progress(*pull->params.partial_result_token, std::exchange(pull->report, {}));
    rpc_.answer(pull->id, encode(pull->report));
    std::erase(pulls_, pull);
    return;
  }
  pull->report.items.clear();
  pull->waiting = true;
  if (pull->outdated) search_workspace(pull);
}

// The client has been told of one document by another way than the report: that is no news any more. What it was
// told of one that is closed it has forgotten.
void Server::client_knows(const std::string& uri, const std::optional<std::string>& result_id) {
  for (const PullPointer& pull : pulls_) {
    if (result_id) {
      WorkspacePull::Known& known = pull->known[uri_identity(uri)];
      if (known.uri.empty()) known.uri = uri;
      known.told_otherwise = *result_id;
    } else {
      pull->known.erase(uri_identity(uri));
    }
  }
}

void Server::cancel_progress(const WorkDoneProgressCancelParams& params) {
  for (const PullPointer& pull : pulls_) {
    if (pull->params.work_done_token == params.token)
      rpc_.fail(pull->id, ErrorCode::request_cancelled, "cancelled");
  }
}

void Server::workspace_changed() {
  told_of_nothing_ = false;
  for (const PullPointer& pull : std::vector(pulls_)) {
    if (!rpc_.is_unanswered(pull->id)) continue;
    pull->outdated = true;
    if (pull->waiting) search_workspace(pull);
  }
}

// Files in a folder are called as the client calls that, so it has to be the shortest way: without "//" or "/.".
void Server::add_folders(std::vector<WorkspaceFolder> folders) {
  for (WorkspaceFolder& folder : folders) {
    const auto path = file_path(folder.uri);
    const std::string shortest = uri_identity(folder.uri);
    if (path && *path != shortest && *path != shortest + "/")
      folder.uri = uri_in_folder("file:///", "/", shortest);
    folders_.push_back(std::move(folder));
  }
}

void Server::did_change_workspace_folders(const DidChangeWorkspaceFoldersParams& params) {
  std::erase_if(folders_, [&](const WorkspaceFolder& folder) {
    const auto is_this = [&](const WorkspaceFolder& removed) {
      return uri_identity(removed.uri) == uri_identity(folder.uri);
    };
    return std::ranges::any_of(params.event.removed, is_this);
  });
  add_folders(params.event.added);
  workspace_changed();
}

void Server::work_done(const WorkspacePull& pull, const WorkDoneProgress& value) {
  // The token ends with the answer, be it that the request has been cancelled.
  if (pull.params.work_done_token && pull.shows_progress && rpc_.is_unanswered(pull.id))
    progress(*pull.params.work_done_token, value);
}

}  // namespace bulkhead::lsp
