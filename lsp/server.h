#pragma once

// The language server: messages in, messages out, one at a time and on one thread. It owns the open
// documents and waits for nothing; what it needs of the world is handed in, so that tests can
// replay a session exactly.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/context.h"
#include "host/context.h"
#include "lsp/document.h"
#include "lsp/neighbours.h"
#include "lsp/protocol.h"
#include "lsp/rpc.h"
#include "lsp/workspace.h"

namespace bulkhead::lsp {

class Server {
 public:
  using ContextReceiver = std::function<void(Context)>;

  struct Environment {
    std::string version;
    Config config = {};  // which rules run
    std::function<void(std::string message)> send;
    std::function<std::chrono::year_month_day()> today;
    // Finds out what surrounds the file at `path`, which holds `snapshot`, all but the date, where the files
    // in `open` are as they stand there, and hands it over, at once or later, but on the thread that runs the
    // server.
    std::function<void(const std::string& path, std::shared_ptr<const Snapshot> snapshot,
                       host::OpenFiles open, ContextReceiver receiver)>
        scan_context;
    // What was found out before may no longer hold.
    std::function<void()> forget_files = [] {};
    // Finds the files in `folders` and below that are to be checked, and hands over their paths, later
    // and on the same thread.
    std::function<void(std::vector<std::string> folders, std::function<void(FoundFiles)> receiver)>
        find_files;
    // Reads the file at `path` and what surrounds it, where `open` files count as they stand in the editor; hands
    // it over, or nothing, in the same way.
    std::function<void(const std::string& path, host::OpenFiles open,
                       std::function<void(std::optional<FileOnDisk>)> receiver)>
        read_file;
    // Whether a folder is at `path` now. Asked on the thread that runs the server.
    std::function<bool(const std::string& path)> is_folder = [](const auto&) { return false; };
    // Calls `action` when that time has passed, on the same thread.
    std::function<void(std::chrono::milliseconds time, std::function<void()> action)> run_after;
    // What commands were read before, if that is remembered; has to outlive the server.
    KnownScripts* known_scripts = nullptr;
    // The server is to end when this process does.
    std::function<void(std::int64_t process_id)> watch_process;
    // A limit for one analysis that begins now; none: it may take all the time there is.
    std::function<OutOfTime()> time_limit = {};
    // A document that grows beyond this, in bytes, is not followed any longer. Offsets have 32 bits, and
    // this leaves room for a message with the largest edits there can be.
    std::size_t most_followed = std::size_t{1} << 30;
  };

  explicit Server(Environment environment);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes a message, which waits for step().
  void receive(std::string_view message) { rpc_.receive(message); }
  // Answers input that could not be split into messages.
  void refuse(ErrorCode code, std::string_view why) { rpc_.refuse(code, why); }

  // Carries out the message that has waited longest or, when none waits, analyses one changed
  // document: so a burst of edits costs one analysis, without a timer. Returns false when there is
  // nothing to do.
  bool step();

  // In bytes, as received.
  std::size_t waiting_bytes() const { return rpc_.waiting_bytes(); }
  // Whether the client has said `exit`.
  bool exited() const { return exited_; }
  // As the protocol wants it, when the process ends now: 0 after `shutdown`, else 1.
  int exit_code() const { return state_ == State::shut_down ? 0 : 1; }

 private:
  enum class State { new_born, running, shut_down };
  using PullPointer = std::shared_ptr<WorkspacePull>;

  InitializeResult initialize(const InitializeParams& params);
  void initialized(const NoParams&);
  Null shutdown(const NoParams&);
  void exit(const NoParams&);
  void did_open(const DidOpenTextDocumentParams& params);
  void did_change(const DidChangeTextDocumentParams& params);
  void did_save(const DidSaveTextDocumentParams& params);
  void did_close(const DidCloseTextDocumentParams& params);
  void did_change_configuration(const DidChangeConfigurationParams& params);
  void did_change_watched_files(const DidChangeWatchedFilesParams& params);
  bool is_news(const std::string& path) const;
  void note_names(const OpenDocument& document);
  std::optional<std::vector<std::string>> registries(const TrustedRegistries& setting);
  void files_changed(const std::vector<std::string>& paths);
  void did_change_workspace_folders(const DidChangeWorkspaceFoldersParams& params);
  std::optional<DocumentDiagnosticReport> diagnostic(const DocumentDiagnosticParams& params,
                                                     const Json& id);
  std::optional<WorkspaceDiagnosticReport> workspace_diagnostic(
      const WorkspaceDiagnosticParams& params, const Json& id);
  void answer_for_closed(const DocumentDiagnosticParams& params, const Json& id,
                         const std::string& path, std::optional<FileOnDisk> found);
  std::vector<CodeAction> code_action(const CodeActionParams& params);

  std::optional<ResponseError> refusal(std::string_view method) const;
  OpenDocument& open_document(const std::string& uri);
  OpenDocument* still_open(const std::string& uri, std::uint64_t opened);
  void forget(OpenDocument& document);
  void scan_context(OpenDocument& document);
  void await_context(OpenDocument& document);
  void tell_neighbours(const OpenDocument& document, bool names_others);
  void take_context(const std::string& uri, std::uint64_t opened, Context context);
  bool is_complete(const DocumentDiagnosticParams& params) const;
  DocumentDiagnosticReport report(const DocumentDiagnosticParams& params);
  DocumentDiagnosticReport report_on(const OpenDocument& document,
                                     const std::optional<std::string>& previous_result_id);
  void answer_questions();
  bool flush_next();
  void flush(OpenDocument& document);
  void update(OpenDocument& document);
  void complain_once(OpenDocument& document);
  void show(std::string_view uri, const std::string& what);
  void warn(const std::string& message);
  void publish(const PublishDiagnosticsParams& params);
  void log(MessageType type, const std::string& message);

  // ---- In workspace.cpp
  void search_workspace(const PullPointer& pull);
  void search_next();
  void log_problems(std::set<std::string> problems);
  void take_files(const PullPointer& pull, std::vector<std::string> paths);
  void look_at_files(const PullPointer& pull, std::optional<FileOnDisk> read);
  OpenDocument look_at_file(const std::string& uri, const std::string& path, FileOnDisk read);
  void add_to_report(WorkspacePull& pull, const OpenDocument& document);
  void tell(WorkspacePull& pull, WorkspaceFullDocumentDiagnosticReport report);
  void finish(const PullPointer& pull);
  void cancel_progress(const WorkDoneProgressCancelParams& params);
  void client_knows(const std::string& uri, const std::optional<std::string>& result_id);
  void add_folders(std::vector<WorkspaceFolder> folders);
  void workspace_changed();
  std::string uri_of(const std::string& path) const;
  bool is_in_workspace(const std::string& path) const;
  template <class Value>
  void progress(const ProgressToken& token, const Value& value);
  void work_done(const WorkspacePull& pull, const WorkDoneProgress& value);

  Environment environment_;
  Dispatcher rpc_;
  Session session_;
  State state_ = State::new_born;
  bool exited_ = false;
  Documents documents_;
  std::vector<std::string> first_registries_;  // that initialize has named
  std::set<std::string> changed_;  // URIs of documents to be looked at when no message waits
  std::set<const Rule*> broken_;   // rules that have been named in the log
  std::vector<WorkspaceFolder> folders_;
  // Those for the diagnostics of a document that wait until it is known what is around it.
  std::vector<std::pair<DocumentDiagnosticParams, Json>> questions_;
  std::set<std::string> lost_;         // URIs of documents that have become too large
  std::vector<PullPointer> pulls_;     // in the order in which they were asked for
  std::vector<PullPointer> searches_;  // those that wait for a search of the folders
  bool is_searching_ = false;
  std::set<std::string> search_problems_;    // of the last search; they are in the log
  std::set<std::string> settings_problems_;  // that the user has been told of
  bool told_of_nothing_ =
      false;  // that there is nothing to check in the workspace, since it changed
  std::map<std::string, ToldOfFile> told_;  // by path
  std::set<std::string> named_;             // names of files that those of told_ copy or build
  std::uint64_t counter_ = 0;  // the last result id, or number of an opening, given out
};

}  // namespace bulkhead::lsp
