#include "lsp/server.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "analysis/ignore_file.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "analysis/text/path.h"
#include "host/discover.h"
#include "lsp/code_actions.h"
#include "lsp/convert.h"
#include "lsp/uri.h"

namespace bulkhead::lsp {
namespace {

struct EncodingName {
  Encoding encoding;
  std::string_view name;
};
constexpr EncodingName encodings[] = {
    {Encoding::utf8, "utf-8"}, {Encoding::utf16, "utf-16"}, {Encoding::utf32, "utf-32"}};

// UTF-8 where the client knows it, for then positions are bytes; else what it likes best; UTF-16,
// which all know, when it does not say.
EncodingName negotiate(const std::vector<std::string>& offered) {
  if (std::ranges::count(offered, "utf-8") > 0) return encodings[0];
  for (const std::string& name : offered) {
    for (const EncodingName& known : encodings) {
      if (known.name == name) return known;
    }
  }
  return encodings[1];
}

constexpr std::int32_t created_or_deleted = 1 | 4;

// The folder that `path` lies in, with its slash.
std::string_view folder_of(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);
}

// Whether what has happened to the file at `changed` may change what surrounds the one at `path`, whose build
// context is `root` from there.
bool concerns(std::string_view changed, std::string_view path, std::string_view root) {
  std::string folder(folder_of(path));
  if (!changed.starts_with(folder)) folder = join_path(folder, root) + "/";
  // A compose file may build what stands anywhere below it, and an ignore file be meant for it.
  if (!changed.starts_with(folder)) {
    const std::string_view above = folder_of(changed);
    const std::string_view name = changed.substr(above.size());
    return path.starts_with(above) && (host::is_compose_name(name) || is_ignore_file_name(name));
  }
  // A commit, or the installation of packages, are thousands of files that nobody looks at.
  const std::string_view below = changed.substr(folder.size());
  return !below.starts_with(".git/") && below.find("/.git/") == std::string_view::npos &&
         !below.starts_with("node_modules/") &&
         below.find("/node_modules/") == std::string_view::npos;
}

// Whether `uri` is that of the file which the document `from` calls `path`.
bool is_at(std::string_view uri, std::string_view from, std::string_view path) {
  return file_name(uri) == path.substr(path.rfind('/') + 1) &&
         folder_of(uri) == folder_of(relative_uri(from, path));
}

// How `document`, if it is a Dockerfile, calls the file at `uri`, if that may be its ignore file.
std::optional<std::string> ignore_file_at(std::string_view uri, const OpenDocument& document) {
  const auto& build = document.context.build;
  if (!build || !is_ignore_file_name(file_name(uri)) ||
      is_ignore_file_name(file_name(document.uri)))
    return std::nullopt;
  for (std::string& path : ignore_files_of(file_name(document.uri), build->root)) {
    if (is_at(uri, document.uri, path)) return path;
  }
  return std::nullopt;
}

}  // namespace

Server::Server(Environment environment)
    : environment_(std::move(environment)),
      rpc_({.send = environment_.send,
            .refusal = [this](std::string_view method) { return refusal(method); },
            .complain = [this](const std::string& what) { log(MessageType::error, what); }}) {
  session_.config = environment_.config;
  session_.time_limit = environment_.time_limit;
  rpc_.on_request("initialize", this, &Server::initialize);
  rpc_.on_notification("initialized", this, &Server::initialized);
  rpc_.on_request("shutdown", this, &Server::shutdown);
  rpc_.on_notification("exit", this, &Server::exit);
  rpc_.on_notification("textDocument/didOpen", this, &Server::did_open);
  rpc_.on_notification("textDocument/didChange", this, &Server::did_change);
  rpc_.on_notification("textDocument/didSave", this, &Server::did_save);
  rpc_.on_notification("textDocument/didClose", this, &Server::did_close);
  rpc_.on_notification("workspace/didChangeConfiguration", this, &Server::did_change_configuration);
  rpc_.on_notification("workspace/didChangeWatchedFiles", this, &Server::did_change_watched_files);
  rpc_.on_notification("workspace/didChangeWorkspaceFolders", this,
                       &Server::did_change_workspace_folders);
  rpc_.on_request("textDocument/diagnostic", this, &Server::diagnostic);
  rpc_.on_long_request("workspace/diagnostic", this, &Server::workspace_diagnostic);
  rpc_.on_request("textDocument/codeAction", this, &Server::code_action);
}

bool Server::step() {
  if (exited_) return false;
  return rpc_.run_next() || flush_next();
}

// ---- Life

std::optional<ResponseError> Server::refusal(std::string_view method) const {
  if (method == "exit") return std::nullopt;
  switch (state_) {
    case State::new_born:
      if (method == "initialize") return std::nullopt;
      return ResponseError(ErrorCode::server_not_initialized, "initialize comes first");
    case State::running:
      if (method != "initialize") return std::nullopt;
      return ResponseError(ErrorCode::invalid_request, "already initialized");
    case State::shut_down:
      return ResponseError(ErrorCode::invalid_request, "shut down");
  }
  return std::nullopt;
}

InitializeResult Server::initialize(const InitializeParams& params) {
  const auto [encoding, name] = negotiate(params.capabilities.position_encodings);
  session_.client = params.capabilities;
  session_.encoding = encoding;
  session_.trusted_registries = params.trusted_registries.value_or(std::vector<std::string>());
  if (params.workspace_folders) {
    folders_ = *params.workspace_folders;
  } else if (params.root_uri) {
    folders_ = {{*params.root_uri}};
  }
  state_ = State::running;
  if (params.process_id) environment_.watch_process(*params.process_id);
  return {.capabilities = {.position_encoding = std::string(name),
                           .code_action_provider = {{quick_fix, fix_all_kind, rewrite_kind}},
                           .diagnostic_provider = {.identifier = "bulkhead"}},
          .server_info = {"bulkhead", environment_.version}};
}

void Server::initialized(const NoParams&) {
  if (!session_.client.watched_files_registration) return;
  const std::string method = "workspace/didChangeWatchedFiles";
  rpc_.request("client/registerCapability",
               encode(RegistrationParams{{{"watch",
                                           method,
                                           {{{"**/{Dockerfile,dockerfile,Containerfile}", {}},
                                             {"**/{Dockerfile,Containerfile}.*", {}},
                                             {"**/*.{Dockerfile,dockerfile}", {}},
                                             {"**/.dockerignore", {}},
                                             {"**/*.dockerignore", {}},
                                             {"**/compose*.{yaml,yml}", {}},
                                             {"**/docker-compose*.{yaml,yml}", {}},
                                             // What a context holds, not what is in its files.
                                             {"**/*", created_or_deleted}}}}}}));
}

Null Server::shutdown(const NoParams&) {
  state_ = State::shut_down;
  for (const PullPointer& pull : pulls_)
    rpc_.fail(pull->id, ErrorCode::request_cancelled, "shut down");
  return nullptr;
}

void Server::exit(const NoParams&) {
  exited_ = true;
}

// ---- Documents

OpenDocument& Server::open_document(const std::string& uri) {
  const auto at = documents_.find(uri);
  if (at == documents_.end()) throw ResponseError(ErrorCode::invalid_params, uri + " is not open");
  return at->second;
}

void Server::did_open(const DidOpenTextDocumentParams& params) {
  const auto& [uri, version, text] = params.text_document;
  OpenDocument& document = documents_[uri] = {.uri = uri,
                                              .version = version,
                                              .snapshot = read_snapshot(file_name(uri), text),
                                              .opened = ++counter_};
  changed_.insert(uri);
  tell_neighbours(document);
  if (!session_.client.watched_files_registration) environment_.forget_files();
  scan_context(document);
}

void Server::did_change(const DidChangeTextDocumentParams& params) {
  OpenDocument& document = open_document(params.text_document.uri);
  auto snapshot = snapshot_after(
      document, to_text_edits(*document.snapshot, params.content_changes, session_.encoding));
  if (!snapshot) {
    changed_.erase(document.uri);
    documents_.erase(params.text_document.uri);
    throw std::length_error(params.text_document.uri + " is too large to be followed any longer");
  }
  document.snapshot = std::move(snapshot);
  document.version = params.text_document.version;
  document.analysis.reset();
  changed_.insert(document.uri);
  tell_neighbours(document);
}

// Files beside the Dockerfile may have come and gone since, whether or not the client watches them.
void Server::did_save(const DidSaveTextDocumentParams& params) {
  const auto path = file_path(open_document(params.text_document.uri).uri);
  files_changed(path ? std::vector{*path} : std::vector<std::string>());
  workspace_changed();
}

void Server::did_close(const DidCloseTextDocumentParams& params) {
  const OpenDocument& document = open_document(params.text_document.uri);
  if (!document.pulled) publish({.uri = document.uri});
  changed_.erase(document.uri);
  documents_.erase(params.text_document.uri);
  // What was typed and not saved has gone with it.
  bool forgotten = false;
  for (auto& [uri, other] : documents_) {
    const bool was_seen = std::ranges::any_of(other.versions, [&](const auto& seen) {
      return is_at(params.text_document.uri, uri, seen.first);
    });
    if (!was_seen) continue;
    if (!std::exchange(forgotten, true)) environment_.forget_files();
    scan_context(other);
  }
  workspace_changed();
}

// A client that only says that something has changed, with no settings, leaves them as they are.
void Server::did_change_configuration(const DidChangeConfigurationParams& params) {
  if (!params.trusted_registries || *params.trusted_registries == session_.trusted_registries)
    return;
  session_.trusted_registries = *params.trusted_registries;
  for (auto& [uri, document] : documents_) {
    document.change_context();
    changed_.insert(uri);
  }
  workspace_changed();
}

void Server::did_change_watched_files(const DidChangeWatchedFilesParams& params) {
  std::vector<std::string> changed;
  for (const FileEvent& event : params.changes) {
    if (auto path = file_path(event.uri)) changed.push_back(*std::move(path));
  }
  files_changed(changed);
  // A client that waits for news of the workspace is not told of each file that a build writes.
  if (std::ranges::any_of(changed, [](std::string_view path) {
        return host::is_checked_name(path.substr(path.rfind('/') + 1));
      })) {
    workspace_changed();
  }
}

// Looks again at what is around the open documents that `paths` concern.
void Server::files_changed(const std::vector<std::string>& paths) {
  environment_.forget_files();
  for (auto& [uri, document] : documents_) {
    const auto path = file_path(uri);
    const bool concerned = path && std::ranges::any_of(paths, [&](const std::string& other) {
                             const auto& build = document.context.build;
                             return concerns(other, *path, build ? build->root : "");
                           });
    if (concerned) scan_context(document);
  }
}

void Server::scan_context(OpenDocument& document) {
  const auto path = file_path(document.uri);
  if (!path) return;
  document.scan_again = document.scanning;
  if (std::exchange(document.scanning, true)) return;
  environment_.scan_context(*path, document.snapshot,
                            [this, uri = document.uri, opened = document.opened](auto context) {
                              take_context(uri, opened, std::move(context));
                            });
}

void Server::take_context(const std::string& uri, std::uint64_t opened, Context context) {
  const auto at = documents_.find(uri);
  if (at == documents_.end() || at->second.opened != opened) return;
  OpenDocument& document = at->second;
  document.scanning = false;
  if (document.scan_again) return scan_context(document);  // this one is out of date already
  document.context = std::move(context);
  document.change_context();
  changed_.insert(uri);
}

// What is open beside `document` counts as it stands in the editor, not as on the disk.
void Server::read_neighbours(OpenDocument& document) {
  document.versions.clear();
  for (const auto& [uri, other] : documents_) {
    if (uri == document.uri) continue;
    if (const auto path = ignore_file_at(uri, document)) {
      auto& known = document.context.build->ignore_file;
      // It may not be on the disk yet.
      if (!known || known->path == *path ||
          *path == ignore_files_of(file_name(document.uri), document.context.build->root).front()) {
        known = {*path, std::string(other.snapshot->text())};
        document.versions[*path] = other.version;
      }
    }
    for (NearbyDockerfile& nearby : document.context.dockerfiles) {
      const auto dockerfile = std::dynamic_pointer_cast<const Document>(other.snapshot);
      if (!dockerfile || !is_at(uri, document.uri, nearby.file)) continue;
      nearby.dockerfile = dockerfile;
      document.versions[nearby.file] = other.version;
    }
  }
}

// Those that look at `document` are to be analysed anew, open or not.
void Server::tell_neighbours(const OpenDocument& document) {
  for (auto& [uri, other] : documents_) {
    if (uri == document.uri) continue;
    const auto is_this = [&](const std::string& path) { return is_at(document.uri, uri, path); };
    if (!ignore_file_at(document.uri, other) &&
        std::ranges::none_of(other.context.dockerfiles, is_this, &NearbyDockerfile::file)) {
      continue;
    }
    other.change_context();
    changed_.insert(uri);
  }
  if (is_ignore_file_name(file_name(document.uri))) workspace_changed();
}

// ---- Diagnostics

bool Server::flush_next() {
  if (changed_.empty() || state_ != State::running) return false;
  const std::string uri = changed_.extract(changed_.begin()).value();
  try {
    flush(open_document(uri));
  } catch (const std::exception& error) {
    log(MessageType::error, uri + ": " + error.what());
  }
  return true;
}

void Server::flush(OpenDocument& document) {
  const bool context_changed = std::exchange(document.context_changed, false);
  if (document.pulled) {
    // The client asks again after its own edits; of the rest only we know.
    if (!context_changed || !session_.client.diagnostic_refresh) return;
    const std::uint64_t before = document.result_id;
    update(document);
    if (document.result_id != before) rpc_.request("workspace/diagnostic/refresh");
    return;
  }
  update(document);
  const OpenDocument::Published now{document.version, document.result_id};
  if (std::exchange(document.published, now) != now) {
    PublishDiagnosticsParams params{document.uri, document.version,
                                    std::move(document.diagnostics)};
    publish(params);
    document.diagnostics = std::move(params.diagnostics);
  }
}

// Brings `analysis`, `diagnostics` and `result_id` up to date.
void Server::update(OpenDocument& document) {
  if (document.analysis) return;
  document.context.today = environment_.today();
  document.context.trusted_registries = session_.trusted_registries;
  read_neighbours(document);
  document.analysis = document.analyser.analyse(document.snapshot, session_.config,
                                                document.context, session_.out_of_time());
  for (const Rule* rule : document.analysis->broken) {
    if (broken_.insert(rule).second)
      log(MessageType::error, std::string(rule->id) + " failed; its findings are missing");
  }
  complain_once(document);
  std::vector<Diagnostic> diagnostics =
      to_diagnostics(document, document.analysis->findings, session_);
  if (document.result_id == 0 || diagnostics != document.diagnostics) {
    document.diagnostics = std::move(diagnostics);
    document.result_id = ++counter_;
  }
}

// Tells the user what has not been checked.
void Server::complain_once(OpenDocument& document) {
  const std::size_t left_out = document.analysis->left_out.size();
  std::string why;
  if (!is_read(document.snapshot->text().size())) {
    why = "is larger than 16 MiB and is not checked";
  } else if (left_out > 0) {
    why = "takes too long to check; " + std::to_string(left_out) + " rules were left out";
  }
  if (why.empty() || std::exchange(document.complained, true)) return;
  rpc_.notify("window/showMessage",
              encode(ShowMessageParams{MessageType::warning, file_name(document.uri) + " " + why}));
}

void Server::publish(const PublishDiagnosticsParams& params) {
  rpc_.notify("textDocument/publishDiagnostics", encode(params));
}

DocumentDiagnosticReport Server::diagnostic(const DocumentDiagnosticParams& params) {
  OpenDocument& document = open_document(params.text_document.uri);
  update(document);
  document.pulled = true;
  if (std::exchange(document.published, std::nullopt)) publish({.uri = document.uri});
  const std::string id = std::to_string(document.result_id);
  if (params.previous_result_id == id) return UnchangedDocumentDiagnosticReport{.result_id = id};
  return FullDocumentDiagnosticReport{.result_id = id, .items = document.diagnostics};
}

std::vector<CodeAction> Server::code_action(const CodeActionParams& params) {
  OpenDocument& document = open_document(params.text_document.uri);
  update(document);
  return code_actions(document, params, session_);
}

void Server::log(MessageType type, const std::string& message) {
  rpc_.notify("window/logMessage", encode(LogMessageParams{type, message}));
}

}  // namespace bulkhead::lsp
