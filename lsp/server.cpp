#include "lsp/server.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <limits>
#include <utility>

#include "analysis/facts/files.h"
#include "analysis/facts/registries.h"
#include "analysis/ignore_file.h"
#include "analysis/rule.h"
#include "analysis/text/change.h"
#include "analysis/text/common_ends.h"
#include "host/discover.h"
#include "lsp/code_actions.h"
#include "lsp/convert.h"
#include "lsp/neighbours.h"
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

// For what is around a document, which may lie where nothing answers.
constexpr std::chrono::milliseconds longest_wait{1'000};

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
  rpc_.on_long_request("textDocument/diagnostic", this, &Server::diagnostic);
  rpc_.on_long_request("workspace/diagnostic", this, &Server::workspace_diagnostic);
  rpc_.on_notification("window/workDoneProgress/cancel", this, &Server::cancel_progress);
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
  first_registries_ = registries(params.trusted_registries).value_or(std::vector<std::string>());
  session_.trusted_registries = first_registries_;
  if (params.workspace_folders) {
    add_folders(*params.workspace_folders);
  } else if (params.root_uri) {
    add_folders({{*params.root_uri}});
  } else if (params.root_path && params.root_path->starts_with('/')) {
    add_folders({{uri_in_folder("file:///", "/", *params.root_path)}});
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
                                             {"**/.{gitignore,npmrc}", {}},
                                             {"**/.bulkhead.{yaml,yml}", {}},
                                             // What a context holds, not what is in its files.
                                             {"**/*", created_or_deleted}}}}}}));
}

Null Server::shutdown(const NoParams&) {
  state_ = State::shut_down;
  for (const PullPointer& pull : pulls_)
    rpc_.fail(pull->id, ErrorCode::request_cancelled, "shut down");
  for (const auto& [params, id] : questions_)
    rpc_.fail(id, ErrorCode::request_cancelled, "shut down");
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

// Null where it has been closed since, even if it is open again.
OpenDocument* Server::still_open(const std::string& uri, std::uint64_t opened) {
  const auto at = documents_.find(uri);
  return at != documents_.end() && at->second.opened == opened ? &at->second : nullptr;
}

void Server::did_open(const DidOpenTextDocumentParams& params) {
  const auto& [uri, language, version, text] = params.text_document;
  const std::string read_as = name_to_read(file_name(uri), language.value_or(""));
  OpenDocument& document =
      documents_[uri] = {.uri = uri,
                         .path = clean_file_path(uri),
                         .read_as = read_as,
                         .version = version,
                         .snapshot = read_snapshot(read_as, text, environment_.known_scripts),
                         .opened = ++counter_};
  lost_.erase(uri);
  changed_.insert(uri);
  tell_neighbours(document, true);
  if (!session_.client.watched_files_registration) environment_.forget_files();
  scan_context(document);
  if (document.scanning && !session_.client.diagnostic_refresh) await_context(document);
}

// A client that cannot be asked to pull once more would go without what only the context tells.
void Server::await_context(OpenDocument& document) {
  document.awaits_context = true;
  environment_.run_after(longest_wait, [this, uri = document.uri, opened = document.opened] {
    OpenDocument* const waiting = still_open(uri, opened);
    if (!waiting) return;
    waiting->awaits_context = false;
    answer_questions();
  });
}

void Server::did_change(const DidChangeTextDocumentParams& params) {
  if (lost_.contains(params.text_document.uri)) return;
  OpenDocument& document = open_document(params.text_document.uri);
  const auto edits = to_text_edits(*document.snapshot, params.content_changes, session_.encoding);
  auto snapshot = snapshot_after(document, edits, environment_.most_followed);
  if (!snapshot) {
    show(document.uri, "has become too large and is no longer checked; close it");
    lost_.insert(document.uri);
    return forget(document);
  }
  const bool names_others = may_name_others(*document.snapshot, *snapshot, edits);
  const bool concerns_closed = is_built_by_closed(document, documents_) &&
                               may_concern_services(*document.snapshot, *snapshot, edits);
  document.snapshot = std::move(snapshot);
  document.version = params.text_document.version;
  changed_.insert(document.uri);
  tell_neighbours(document, names_others);
  if (concerns_closed) workspace_changed();
  if (!names_others) return;
  // Which folder is its context, and what it misses there, hangs on what it names; and so does which ignore file
  // is for it, and what is said of that, open or not.
  scan_context(document);
  for (auto& [uri, other] : documents_) {
    if (is_ignore_file_beside(other, document)) scan_context(other);
  }
  if (document.context.build && document.context.build->ignore_file) workspace_changed();
}

// Files beside the Dockerfile may have come and gone since, whether or not the client watches them.
void Server::did_save(const DidSaveTextDocumentParams& params) {
  if (lost_.contains(params.text_document.uri)) return;
  const auto& path = open_document(params.text_document.uri).path;
  files_changed(path ? std::vector{*path} : std::vector<std::string>());
  workspace_changed();
}

void Server::did_close(const DidCloseTextDocumentParams& params) {
  if (lost_.erase(params.text_document.uri) > 0) return;
  forget(open_document(params.text_document.uri));
}

void Server::forget(OpenDocument& document) {
  const OpenDocument closed = std::move(document);
  documents_.erase(closed.uri);
  changed_.erase(closed.uri);
  if (closed.pulled) {
    client_knows(closed.uri, std::nullopt);
  } else {
    publish({.uri = closed.uri});
  }
  answer_questions();
  // What was typed and not saved has gone with it.
  bool forgotten = false;
  for (auto& [uri, other] : documents_) {
    if (!has_read(other, closed)) continue;
    if (!std::exchange(forgotten, true)) environment_.forget_files();
    scan_context(other);
  }
  workspace_changed();
}

// The registries that the client's setting names, those of the beginning where it is not set; nothing, and a word to
// the user, where it is no such setting, for who believes that it holds is wrong.
std::optional<std::vector<std::string>> Server::registries(const TrustedRegistries& setting) {
  if (!setting) return first_registries_;
  const auto* globs = std::get_if<std::vector<std::string>>(&*setting);
  const auto is_none = [](const std::string& glob) { return !facts::can_be_registry(glob); };
  if (globs && std::ranges::none_of(*globs, is_none)) return *globs;
  warn(
      "The setting trustedRegistries of bulkhead does not count: it has to be a list of "
      "registries, such as [\"registry.example.com\", \"docker.io/library/*\"]");
  return std::nullopt;
}

// A client that only says that something has changed, with no settings, leaves them as they are.
void Server::did_change_configuration(const DidChangeConfigurationParams& params) {
  if (!params.section) return;
  auto trusted = registries(params.trusted_registries);
  if (!trusted || *trusted == session_.trusted_registries) return;
  session_.trusted_registries = *std::move(trusted);
  for (auto& [uri, document] : documents_) {
    document.change_context();
    changed_.insert(uri);
  }
  workspace_changed();
}

void Server::did_change_watched_files(const DidChangeWatchedFilesParams& params) {
  std::vector<std::string> changed;
  for (const FileEvent& event : params.changes) {
    if (auto path = clean_file_path(event.uri)) changed.push_back(*std::move(path));
  }
  files_changed(changed);
  if (std::ranges::any_of(changed, [&](const std::string& path) { return is_news(path); }))
    workspace_changed();
}

namespace {

// Whether findings tell of such files in a build context, and programs do not write them all the time.
bool is_told_of(std::string_view path) {
  using facts::FileKind;
  const facts::SensitiveFile* known = facts::sensitive_file(path);
  return known && known->kind != FileKind::temp && known->kind != FileKind::lock &&
         known->kind != FileKind::build_output && known->kind != FileKind::dependency;
}

}  // namespace

// A client that waits for news of the workspace is not told of each file that a build writes. What has no extension
// may be a folder that has come with its files; one that has gone is known by them.
bool Server::is_news(const std::string& path) const {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string_view folder = std::string_view(path).substr(0, path.rfind('/'));
  const auto below = told_.lower_bound(path + "/");
  return host::is_checked_name(name) || host::is_configuration_name(name) || name == ".gitignore" ||
         named_.contains(name) || is_told_of(path) || name.find('.') == std::string::npos ||
         (below != told_.end() && below->first.starts_with(path + "/")) ||
         (!is_left_alone(path) && (is_told_of(folder) || environment_.is_folder(path)));
}

// Looks again at what is around the open documents that `paths` concern.
void Server::files_changed(const std::vector<std::string>& paths) {
  environment_.forget_files();
  for (auto& [uri, document] : documents_) {
    if (is_concerned(document, paths)) scan_context(document);
  }
}

void Server::scan_context(OpenDocument& document) {
  const auto path = file_path(document.uri);
  if (!path || document.read_as.empty()) return;
  document.scan_again = document.scanning;
  if (std::exchange(document.scanning, true)) return;
  environment_.scan_context(*path, document.snapshot, open_around(*document.path, documents_),
                            [this, uri = document.uri, opened = document.opened](auto context) {
                              take_context(uri, opened, std::move(context));
                            });
}

void Server::take_context(const std::string& uri, std::uint64_t opened, Context context) {
  OpenDocument* const open = still_open(uri, opened);
  if (!open) return;
  OpenDocument& document = *open;
  document.scanning = document.awaits_context = false;
  const auto stands_alone = [](const Context& each) {
    return each.builds.empty() && each.dockerfiles.empty() && each.compose_files.empty();
  };
  const bool is_alone = stands_alone(context) && stands_alone(document.context);
  // What was read of a neighbour in the editor may be the same as on the disk, and yet no longer open.
  const bool is_known = is_alone && document.open_files.empty() &&
                        context.build == document.context.build &&
                        context.built_by == document.context.built_by &&
                        context.settings == document.context.settings;
  if (!is_known) {
    document.context = std::move(context);
    document.built.clear();
    document.change_context();
    changed_.insert(uri);
  }
  answer_questions();
  // While a build writes one file after the other, this one is out of date already, and better than none.
  if (document.scan_again) scan_context(document);
}

// Those that look at `document` are to be analysed anew, open or not.
void Server::tell_neighbours(const OpenDocument& document, bool names_others) {
  const bool is_compose = host::is_compose_name(document.read_as);
  for (auto& [uri, other] : documents_) {
    if (uri == document.uri || !is_concerned(other, document, names_others)) continue;
    other.change_context();
    changed_.insert(uri);
    // It may be built with another context now.
    if (is_compose) scan_context(other);
  }
  if (is_compose || is_ignore_file_name(document.read_as)) workspace_changed();
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
    update(document);
    if (document.result_id != document.told) rpc_.request("workspace/diagnostic/refresh");
    return;
  }
  update(document);
  const OpenDocument::Published now{document.version, document.result_id};
  if (std::exchange(document.published, now) != now) {
    for (std::size_t i = 0; i < document.texts.size(); ++i) {
      if (document.texts[i].text.empty()) document.texts[i] = encode(document.diagnostics[i]);
    }
    PublishDiagnosticsParams params{document.uri, document.version, std::move(document.texts)};
    publish(params);
    document.texts = std::move(params.diagnostics);
  }
}

namespace {

// How many findings at the front, and how many at the back, have the diagnostics that those of the version
// before had, which were `count`: they say the same, and stand in lines that an edit has neither touched nor moved.
CommonEnds same_diagnostics(const Analysis& analysis, std::size_t count, const Lines& old_lines,
                            const Snapshot& now) {
  const auto& [change, indices] = *analysis.earlier;
  const Lines& lines = now.lines();
  const std::uint32_t first_line = lines.line_of(change.begin());
  const std::uint32_t last_line = lines.line_of(change.behind(change.old_end()));
  const std::uint32_t first = lines.line(now.text(), first_line).begin;
  const std::uint32_t behind = lines.count() == old_lines.count() && last_line + 1 < lines.count()
                                   ? lines.line(now.text(), last_line + 1).begin
                                   : std::numeric_limits<std::uint32_t>::max();
  const auto is_unmoved = [&](Span span) { return span.end < first || span.begin >= behind; };
  return common_ends(count, indices.size(), [&](std::size_t old_index, std::size_t index) {
    const Finding& finding = analysis.findings[index];
    return indices[index] == old_index && is_unmoved(finding.span) &&
           std::ranges::all_of(finding.related, is_unmoved, &Related::span);
  });
}

// Replaces `all` but for its ends.
template <class Item>
void replace_between(std::vector<Item>& all, const CommonEnds& ends, std::vector<Item> items) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(ends.front);
  const auto last = all.end() - static_cast<std::ptrdiff_t>(ends.back);
  const auto size = std::min(last - first, static_cast<std::ptrdiff_t>(items.size()));
  const auto rest = std::move(items.begin(), items.begin() + size, first);
  if (rest != last) {
    all.erase(rest, last);
  } else {
    all.insert(rest, std::make_move_iterator(items.begin() + size),
               std::make_move_iterator(items.end()));
  }
}

}  // namespace

// Brings `analysis`, `diagnostics`, `texts` and `result_id` up to date.
void Server::update(OpenDocument& document) {
  if (document.analysed == document.snapshot) return;
  document.context.today = environment_.today();
  const Settings& settings = document.context.settings;
  document.context.trusted_registries = session_.trusted_registries.empty()
                                            ? settings.trusted_registries
                                            : session_.trusted_registries;
  read_neighbours(document, documents_);
  const auto old = std::exchange(document.analysed, nullptr);
  const std::size_t old_count = document.diagnostics.size();
  const Analysis& analysis = document.analyser.analyse(
      document.snapshot, config_for(document, session_), document.context, session_.out_of_time());
  for (const Rule* rule : analysis.broken) {
    if (broken_.insert(rule).second)
      log(MessageType::error, std::string(rule->id) + " failed; its findings are missing");
  }
  complain_once(document);
  const std::span<const Finding> findings = analysis.findings;
  CommonEnds same;
  if (old && analysis.earlier)
    same = same_diagnostics(analysis, old_count, old->lines(), *document.snapshot);
  const std::size_t others = findings.size() - same.front - same.back;
  std::vector<Diagnostic> diagnostics =
      to_diagnostics(document, findings.subspan(same.front, others), session_);
  const std::span<const Diagnostic> all = document.diagnostics;
  const bool is_same = all.size() == findings.size() &&
                       std::ranges::equal(diagnostics, all.subspan(same.front, others));
  document.analysed = document.snapshot;
  if (is_same && document.result_id != 0) return;
  document.texts.resize(all.size());
  replace_between(document.texts, same, std::vector<JsonText>(others));
  replace_between(document.diagnostics, same, std::move(diagnostics));
  document.result_id = ++counter_;
}

// Tells the user what has not been checked.
void Server::complain_once(OpenDocument& document) {
  for (const std::string& problem : document.context.settings.problems) {
    if (settings_problems_.insert(problem).second) warn(problem);
  }
  auto& [of_size, of_time] = document.complaints;
  const std::size_t left_out = document.analyser.analysis().left_out.size();
  if (!is_read(document.snapshot->text().size())) {
    if (!std::exchange(of_size, true))
      show(document.uri, "is larger than 16 MiB and is not checked");
  } else if (left_out > 0 && !std::exchange(of_time, true)) {
    show(document.uri,
         "takes too long to check; " + std::to_string(left_out) + " rules were left out");
  }
}

void Server::show(std::string_view uri, const std::string& what) {
  warn(file_name(uri) + " " + what);
}

void Server::warn(const std::string& message) {
  rpc_.notify("window/showMessage", ShowMessageParams{MessageType::warning, message});
}

void Server::publish(const PublishDiagnosticsParams& params) {
  rpc_.notify("textDocument/publishDiagnostics", params);
}

// Whether the answer has to wait no longer.
bool Server::is_complete(const DocumentDiagnosticParams& params) const {
  const auto open = documents_.find(params.text_document.uri);
  return open == documents_.end() || !open->second.awaits_context;
}

std::optional<DocumentDiagnosticReport> Server::diagnostic(const DocumentDiagnosticParams& params,
                                                           const Json& id) {
  const std::string& uri = params.text_document.uri;
  if (documents_.contains(uri)) {
    if (is_complete(params)) return report(params);
    questions_.emplace_back(params, id);
    return std::nullopt;
  }
  const auto path = clean_file_path(uri);
  if (!path || !is_in_workspace(*path)) return FullDocumentDiagnosticReport();
  if (!session_.client.watched_files_registration) environment_.forget_files();
  environment_.read_file(*path, open_around(*path, documents_),
                         [this, params, id, path = *path](std::optional<FileOnDisk> found) {
                           answer_for_closed(params, id, path, std::move(found));
                         });
  return std::nullopt;
}

// A file of the workspace that is not open has what the report on the workspace says of it, too.
void Server::answer_for_closed(const DocumentDiagnosticParams& params, const Json& id,
                               const std::string& path, std::optional<FileOnDisk> found) try {
  if (documents_.contains(params.text_document.uri)) {  // by now
    questions_.emplace_back(params, id);
    return answer_questions();
  }
  if (!found) return rpc_.answer(id, encode(FullDocumentDiagnosticReport()));
  rpc_.answer(id, encode(report_on(look_at_file(params.text_document.uri, path, *std::move(found)),
                                   params.previous_result_id)));
} catch (const std::exception& error) {
  rpc_.fail(id, ErrorCode::internal_error, "textDocument/diagnostic: " + std::string(error.what()));
}

void Server::answer_questions() {
  for (auto& [params, id] : std::exchange(questions_, {})) {
    if (!rpc_.is_unanswered(id)) continue;
    if (!is_complete(params)) {
      questions_.emplace_back(std::move(params), std::move(id));
      continue;
    }
    try {
      rpc_.answer(id, encode(report(params)));
    } catch (const std::exception& error) {
      rpc_.fail(id, ErrorCode::internal_error,
                "textDocument/diagnostic: " + std::string(error.what()));
    }
  }
}

// Some clients ask for the last time when they have closed it: there is nothing to be shown any more.
DocumentDiagnosticReport Server::report(const DocumentDiagnosticParams& params) {
  const auto open = documents_.find(params.text_document.uri);
  if (open == documents_.end()) return FullDocumentDiagnosticReport();
  OpenDocument& document = open->second;
  update(document);
  document.pulled = true;
  document.told = document.result_id;
  if (std::exchange(document.published, std::nullopt)) publish({.uri = document.uri});
  return report_on(document, params.previous_result_id);
}

DocumentDiagnosticReport Server::report_on(const OpenDocument& document,
                                           const std::optional<std::string>& previous_result_id) {
  const std::string id = std::to_string(document.result_id);
  client_knows(document.uri, id);
  if (previous_result_id == id) return UnchangedDocumentDiagnosticReport{.result_id = id};
  return FullDocumentDiagnosticReport{.result_id = id, .items = document.diagnostics};
}

std::vector<CodeAction> Server::code_action(const CodeActionParams& params) {
  OpenDocument& document = open_document(params.text_document.uri);
  update(document);
  return code_actions(document, params, session_);
}

void Server::log(MessageType type, const std::string& message) {
  rpc_.notify("window/logMessage", LogMessageParams{type, message});
}

}  // namespace bulkhead::lsp
