#pragma once

// The structures of the Language Server Protocol that this server reads or writes, named as in its
// specification (3.17), with the members it uses. Each has a table of its fields, from which
// codec.h makes both directions; no JSON here but of what is sent again and again.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "analysis/text/lines.h"
#include "lsp/json.h"

namespace bulkhead::lsp {

template <class Owner, class Value>
struct Field {
  consteval Field(std::string_view its_name, Value Owner::* its_member)
      : name(its_name), member(its_member) {
    written_[0] = ',';
    written_[1] = '"';
    std::ranges::copy(name, written_.begin() + 2);
    written_[name.size() + 2] = '"';
    written_[name.size() + 3] = ':';
  }
  // As it stands in front of a value that is not the first one.
  constexpr std::string_view written() const { return {written_.data(), name.size() + 4}; }

  std::string_view name;
  Value Owner::* member;

 private:
  std::array<char, 80> written_{};  // one that is longer does not compile
};
template <class Owner, class Value>
Field(const char*, Value Owner::*) -> Field<Owner, Value>;

// The fields of a structure, as a tuple. A field is required unless it is a std::optional.
template <class Structure>
inline constexpr std::nullptr_t fields = nullptr;

using Null = std::nullptr_t;

// ---- Basics

template <>
inline constexpr auto fields<Position> =
    std::tuple(Field{"line", &Position::line}, Field{"character", &Position::character});
template <>
inline constexpr auto fields<Range> =
    std::tuple(Field{"start", &Range::start}, Field{"end", &Range::end});

struct NoParams {};  // for methods whose parameters nobody reads
template <>
inline constexpr auto fields<NoParams> = std::tuple();

struct Location {
  std::string uri;
  Range range;

  bool operator==(const Location&) const = default;
};
template <>
inline constexpr auto fields<Location> =
    std::tuple(Field{"uri", &Location::uri}, Field{"range", &Location::range});

// ---- Life

// What this server wants to know of a client's capabilities, each by its path in them. One that is
// absent or of another form than expected counts as not there.
struct ClientCapabilities {
  std::vector<std::string> position_encodings;
  std::vector<std::string> resource_operations;
  std::vector<std::int32_t> diagnostic_tags;
  bool related_information = false;
  bool code_description = false;
  bool document_changes = false;
  bool watched_files_registration = false;
  bool diagnostic_refresh = false;
};
template <>
inline constexpr auto fields<ClientCapabilities> = std::tuple(
    Field{"/general/positionEncodings", &ClientCapabilities::position_encodings},
    Field{"/workspace/workspaceEdit/resourceOperations", &ClientCapabilities::resource_operations},
    Field{"/textDocument/publishDiagnostics/tagSupport/valueSet",
          &ClientCapabilities::diagnostic_tags},
    Field{"/textDocument/publishDiagnostics/relatedInformation",
          &ClientCapabilities::related_information},
    Field{"/textDocument/publishDiagnostics/codeDescriptionSupport",
          &ClientCapabilities::code_description},
    Field{"/workspace/workspaceEdit/documentChanges", &ClientCapabilities::document_changes},
    Field{"/workspace/didChangeWatchedFiles/dynamicRegistration",
          &ClientCapabilities::watched_files_registration},
    Field{"/workspace/diagnostics/refreshSupport", &ClientCapabilities::diagnostic_refresh},
    // What Helix and others say instead.
    Field{"/workspace/diagnostic/refreshSupport", &ClientCapabilities::diagnostic_refresh});

// Globs of registries, as in Context; none where the client does not say, NoParams where it says something else.
using TrustedRegistries = std::optional<std::variant<std::vector<std::string>, NoParams>>;

struct WorkspaceFolder {
  std::string uri;
};
template <>
inline constexpr auto fields<WorkspaceFolder> = std::tuple(Field{"uri", &WorkspaceFolder::uri});

struct InitializeParams {
  std::optional<std::int64_t> process_id;
  ClientCapabilities capabilities;
  std::optional<std::vector<WorkspaceFolder>> workspace_folders;
  std::optional<std::string> root_uri;   // what older clients say instead
  std::optional<std::string> root_path;  // what still older ones say
  TrustedRegistries trusted_registries;
};
template <>
inline constexpr auto fields<InitializeParams> = std::tuple(
    Field{"processId", &InitializeParams::process_id},
    Field{"/capabilities", &InitializeParams::capabilities},
    Field{"/workspaceFolders", &InitializeParams::workspace_folders},
    Field{"/rootUri", &InitializeParams::root_uri},
    Field{"/rootPath", &InitializeParams::root_path},
    Field{"/initializationOptions/trustedRegistries", &InitializeParams::trusted_registries});

struct WorkspaceFoldersChangeEvent {
  std::vector<WorkspaceFolder> added;
  std::vector<WorkspaceFolder> removed;
};
template <>
inline constexpr auto fields<WorkspaceFoldersChangeEvent> =
    std::tuple(Field{"added", &WorkspaceFoldersChangeEvent::added},
               Field{"removed", &WorkspaceFoldersChangeEvent::removed});

struct DidChangeWorkspaceFoldersParams {
  WorkspaceFoldersChangeEvent event;
};
template <>
inline constexpr auto fields<DidChangeWorkspaceFoldersParams> =
    std::tuple(Field{"event", &DidChangeWorkspaceFoldersParams::event});

struct DidChangeConfigurationParams {
  std::optional<NoParams> section;  // none: the client tells no settings of ours
  TrustedRegistries trusted_registries;
};
template <>
inline constexpr auto fields<DidChangeConfigurationParams> =
    std::tuple(Field{"/settings/bulkhead", &DidChangeConfigurationParams::section},
               Field{"/settings/bulkhead/trustedRegistries",
                     &DidChangeConfigurationParams::trusted_registries});

enum class TextDocumentSyncKind { none = 0, full = 1, incremental = 2 };

struct TextDocumentSyncOptions {
  bool open_close = true;
  TextDocumentSyncKind change = TextDocumentSyncKind::incremental;
  bool save = true;
};
template <>
inline constexpr auto fields<TextDocumentSyncOptions> =
    std::tuple(Field{"openClose", &TextDocumentSyncOptions::open_close},
               Field{"change", &TextDocumentSyncOptions::change},
               Field{"save", &TextDocumentSyncOptions::save});

struct CodeActionOptions {
  std::vector<std::string> code_action_kinds;
};
template <>
inline constexpr auto fields<CodeActionOptions> =
    std::tuple(Field{"codeActionKinds", &CodeActionOptions::code_action_kinds});

struct DiagnosticOptions {
  std::string identifier;
  bool inter_file_dependencies = true;  // ignore files, compose files
  bool workspace_diagnostics = true;
  bool work_done_progress = true;
};
template <>
inline constexpr auto fields<DiagnosticOptions> =
    std::tuple(Field{"identifier", &DiagnosticOptions::identifier},
               Field{"interFileDependencies", &DiagnosticOptions::inter_file_dependencies},
               Field{"workspaceDiagnostics", &DiagnosticOptions::workspace_diagnostics},
               Field{"workDoneProgress", &DiagnosticOptions::work_done_progress});

struct WorkspaceFoldersServerCapabilities {
  bool supported = true;
  bool change_notifications = true;
};
template <>
inline constexpr auto fields<WorkspaceFoldersServerCapabilities> = std::tuple(
    Field{"supported", &WorkspaceFoldersServerCapabilities::supported},
    Field{"changeNotifications", &WorkspaceFoldersServerCapabilities::change_notifications});

struct WorkspaceOptions {
  WorkspaceFoldersServerCapabilities workspace_folders;
};
template <>
inline constexpr auto fields<WorkspaceOptions> =
    std::tuple(Field{"workspaceFolders", &WorkspaceOptions::workspace_folders});

struct ServerCapabilities {
  std::string position_encoding;
  TextDocumentSyncOptions text_document_sync;
  CodeActionOptions code_action_provider;
  DiagnosticOptions diagnostic_provider;
  WorkspaceOptions workspace;
};
template <>
inline constexpr auto fields<ServerCapabilities> =
    std::tuple(Field{"positionEncoding", &ServerCapabilities::position_encoding},
               Field{"textDocumentSync", &ServerCapabilities::text_document_sync},
               Field{"codeActionProvider", &ServerCapabilities::code_action_provider},
               Field{"diagnosticProvider", &ServerCapabilities::diagnostic_provider},
               Field{"workspace", &ServerCapabilities::workspace});

struct ServerInfo {
  std::string name;
  std::string version;
};
template <>
inline constexpr auto fields<ServerInfo> =
    std::tuple(Field{"name", &ServerInfo::name}, Field{"version", &ServerInfo::version});

struct InitializeResult {
  ServerCapabilities capabilities;
  ServerInfo server_info;
};
template <>
inline constexpr auto fields<InitializeResult> =
    std::tuple(Field{"capabilities", &InitializeResult::capabilities},
               Field{"serverInfo", &InitializeResult::server_info});

struct FileSystemWatcher {
  std::string glob_pattern;
  std::optional<std::int32_t> kind;  // 1 for created, 2 for changed, 4 for deleted; none for all
};
template <>
inline constexpr auto fields<FileSystemWatcher> =
    std::tuple(Field{"globPattern", &FileSystemWatcher::glob_pattern},
               Field{"kind", &FileSystemWatcher::kind});

struct DidChangeWatchedFilesRegistrationOptions {
  std::vector<FileSystemWatcher> watchers;
};
template <>
inline constexpr auto fields<DidChangeWatchedFilesRegistrationOptions> =
    std::tuple(Field{"watchers", &DidChangeWatchedFilesRegistrationOptions::watchers});

struct Registration {
  std::string id;
  std::string method;
  DidChangeWatchedFilesRegistrationOptions register_options;  // of the only method we register
};
template <>
inline constexpr auto fields<Registration> =
    std::tuple(Field{"id", &Registration::id}, Field{"method", &Registration::method},
               Field{"registerOptions", &Registration::register_options});

struct RegistrationParams {
  std::vector<Registration> registrations;
};
template <>
inline constexpr auto fields<RegistrationParams> =
    std::tuple(Field{"registrations", &RegistrationParams::registrations});

// ---- Messages to the user

enum class MessageType { error = 1, warning = 2, info = 3, log = 4 };

struct LogMessageParams {
  MessageType type = MessageType::log;
  std::string message;
};
template <>
inline constexpr auto fields<LogMessageParams> = std::tuple(
    Field{"type", &LogMessageParams::type}, Field{"message", &LogMessageParams::message});

struct ShowMessageParams {
  MessageType type = MessageType::log;
  std::string message;
};
template <>
inline constexpr auto fields<ShowMessageParams> = std::tuple(
    Field{"type", &ShowMessageParams::type}, Field{"message", &ShowMessageParams::message});

// ---- Progress, under a name that the client has thought of

using ProgressToken = std::variant<std::string, std::int64_t>;

template <class Value>
struct ProgressParams {
  ProgressToken token;
  Value value;
};
template <class Value>
inline constexpr auto fields<ProgressParams<Value>> = std::tuple(
    Field{"token", &ProgressParams<Value>::token}, Field{"value", &ProgressParams<Value>::value});

struct WorkDoneProgressCancelParams {
  ProgressToken token;
};
template <>
inline constexpr auto fields<WorkDoneProgressCancelParams> =
    std::tuple(Field{"token", &WorkDoneProgressCancelParams::token});

struct WorkDoneProgress {  // WorkDoneProgressBegin, -Report or -End, by its kind
  std::string kind;
  std::optional<std::string> title;
  std::optional<std::string> message;
  std::optional<bool> cancellable;
  std::optional<std::uint32_t> percentage;
};
template <>
inline constexpr auto fields<WorkDoneProgress> =
    std::tuple(Field{"kind", &WorkDoneProgress::kind}, Field{"title", &WorkDoneProgress::title},
               Field{"message", &WorkDoneProgress::message},
               Field{"cancellable", &WorkDoneProgress::cancellable},
               Field{"percentage", &WorkDoneProgress::percentage});

// ---- Documents

struct TextDocumentIdentifier {
  std::string uri;
};
template <>
inline constexpr auto fields<TextDocumentIdentifier> =
    std::tuple(Field{"uri", &TextDocumentIdentifier::uri});

struct VersionedTextDocumentIdentifier {
  std::string uri;
  std::optional<std::int32_t> version;  // required by the specification, null from some clients
};
template <>
inline constexpr auto fields<VersionedTextDocumentIdentifier> =
    std::tuple(Field{"uri", &VersionedTextDocumentIdentifier::uri},
               Field{"version", &VersionedTextDocumentIdentifier::version});

struct TextDocumentItem {
  std::string uri;
  std::optional<std::string> language_id;  // required by the specification
  std::optional<std::int32_t> version;     // as above
  std::string text;
};
template <>
inline constexpr auto fields<TextDocumentItem> = std::tuple(
    Field{"uri", &TextDocumentItem::uri}, Field{"languageId", &TextDocumentItem::language_id},
    Field{"version", &TextDocumentItem::version}, Field{"text", &TextDocumentItem::text});

struct DidOpenTextDocumentParams {
  TextDocumentItem text_document;
};
template <>
inline constexpr auto fields<DidOpenTextDocumentParams> =
    std::tuple(Field{"textDocument", &DidOpenTextDocumentParams::text_document});

struct TextDocumentContentChangeEvent {
  std::optional<Range> range;  // none: `text` is the whole document
  std::string text;
};
template <>
inline constexpr auto fields<TextDocumentContentChangeEvent> =
    std::tuple(Field{"range", &TextDocumentContentChangeEvent::range},
               Field{"text", &TextDocumentContentChangeEvent::text});

struct DidChangeTextDocumentParams {
  VersionedTextDocumentIdentifier text_document;
  std::vector<TextDocumentContentChangeEvent> content_changes;
};
template <>
inline constexpr auto fields<DidChangeTextDocumentParams> =
    std::tuple(Field{"textDocument", &DidChangeTextDocumentParams::text_document},
               Field{"contentChanges", &DidChangeTextDocumentParams::content_changes});

struct DidSaveTextDocumentParams {
  TextDocumentIdentifier text_document;
};
template <>
inline constexpr auto fields<DidSaveTextDocumentParams> =
    std::tuple(Field{"textDocument", &DidSaveTextDocumentParams::text_document});

struct DidCloseTextDocumentParams {
  TextDocumentIdentifier text_document;
};
template <>
inline constexpr auto fields<DidCloseTextDocumentParams> =
    std::tuple(Field{"textDocument", &DidCloseTextDocumentParams::text_document});

struct FileEvent {
  std::string uri;
};
template <>
inline constexpr auto fields<FileEvent> = std::tuple(Field{"uri", &FileEvent::uri});

struct DidChangeWatchedFilesParams {
  std::vector<FileEvent> changes;
};
template <>
inline constexpr auto fields<DidChangeWatchedFilesParams> =
    std::tuple(Field{"changes", &DidChangeWatchedFilesParams::changes});

// ---- Diagnostics

enum class DiagnosticSeverity { error = 1, warning = 2, information = 3, hint = 4 };
enum class DiagnosticTag { unnecessary = 1, deprecated = 2 };

struct CodeDescription {
  std::string href;

  bool operator==(const CodeDescription&) const = default;
};
template <>
inline constexpr auto fields<CodeDescription> = std::tuple(Field{"href", &CodeDescription::href});

struct DiagnosticRelatedInformation {
  Location location;
  std::string message;

  bool operator==(const DiagnosticRelatedInformation&) const = default;
};
template <>
inline constexpr auto fields<DiagnosticRelatedInformation> =
    std::tuple(Field{"location", &DiagnosticRelatedInformation::location},
               Field{"message", &DiagnosticRelatedInformation::message});

struct Diagnostic {
  Range range;
  DiagnosticSeverity severity = DiagnosticSeverity::warning;
  std::string code;
  std::optional<CodeDescription> code_description;
  std::string source;
  std::string message;
  std::optional<std::vector<DiagnosticTag>> tags;
  std::optional<std::vector<DiagnosticRelatedInformation>> related_information;

  bool operator==(const Diagnostic&) const = default;
};
template <>
inline constexpr auto fields<Diagnostic> = std::tuple(
    Field{"range", &Diagnostic::range}, Field{"severity", &Diagnostic::severity},
    Field{"code", &Diagnostic::code}, Field{"codeDescription", &Diagnostic::code_description},
    Field{"source", &Diagnostic::source}, Field{"message", &Diagnostic::message},
    Field{"tags", &Diagnostic::tags},
    Field{"relatedInformation", &Diagnostic::related_information});

struct PublishDiagnosticsParams {
  std::string uri;
  std::optional<std::int32_t> version;
  std::vector<JsonText> diagnostics;  // Diagnostic
};
template <>
inline constexpr auto fields<PublishDiagnosticsParams> =
    std::tuple(Field{"uri", &PublishDiagnosticsParams::uri},
               Field{"version", &PublishDiagnosticsParams::version},
               Field{"diagnostics", &PublishDiagnosticsParams::diagnostics});

struct DocumentDiagnosticParams {
  TextDocumentIdentifier text_document;
  std::optional<std::string> previous_result_id;
};
template <>
inline constexpr auto fields<DocumentDiagnosticParams> =
    std::tuple(Field{"textDocument", &DocumentDiagnosticParams::text_document},
               Field{"previousResultId", &DocumentDiagnosticParams::previous_result_id});

struct FullDocumentDiagnosticReport {
  std::string kind = "full";
  std::optional<std::string> result_id;
  std::vector<Diagnostic> items;
};
template <>
inline constexpr auto fields<FullDocumentDiagnosticReport> =
    std::tuple(Field{"kind", &FullDocumentDiagnosticReport::kind},
               Field{"resultId", &FullDocumentDiagnosticReport::result_id},
               Field{"items", &FullDocumentDiagnosticReport::items});

struct UnchangedDocumentDiagnosticReport {
  std::string kind = "unchanged";
  std::string result_id;
};
template <>
inline constexpr auto fields<UnchangedDocumentDiagnosticReport> =
    std::tuple(Field{"kind", &UnchangedDocumentDiagnosticReport::kind},
               Field{"resultId", &UnchangedDocumentDiagnosticReport::result_id});

using DocumentDiagnosticReport =
    std::variant<FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport>;

struct PreviousResultId {
  std::string uri;
  std::string value;
};
template <>
inline constexpr auto fields<PreviousResultId> =
    std::tuple(Field{"uri", &PreviousResultId::uri}, Field{"value", &PreviousResultId::value});

struct WorkspaceDiagnosticParams {
  std::vector<PreviousResultId> previous_result_ids;
  std::optional<ProgressToken> work_done_token;
  std::optional<ProgressToken> partial_result_token;
};
template <>
inline constexpr auto fields<WorkspaceDiagnosticParams> =
    std::tuple(Field{"previousResultIds", &WorkspaceDiagnosticParams::previous_result_ids},
               Field{"workDoneToken", &WorkspaceDiagnosticParams::work_done_token},
               Field{"partialResultToken", &WorkspaceDiagnosticParams::partial_result_token});

struct WorkspaceFullDocumentDiagnosticReport {
  std::string kind = "full";
  std::string uri;
  std::variant<Null, std::int32_t> version;  // null: as it is on disk
  std::optional<std::string> result_id;
  std::vector<Diagnostic> items;
};
template <>
inline constexpr auto fields<WorkspaceFullDocumentDiagnosticReport> =
    std::tuple(Field{"kind", &WorkspaceFullDocumentDiagnosticReport::kind},
               Field{"uri", &WorkspaceFullDocumentDiagnosticReport::uri},
               Field{"version", &WorkspaceFullDocumentDiagnosticReport::version},
               Field{"resultId", &WorkspaceFullDocumentDiagnosticReport::result_id},
               Field{"items", &WorkspaceFullDocumentDiagnosticReport::items});

struct WorkspaceUnchangedDocumentDiagnosticReport {
  std::string kind = "unchanged";
  std::string uri;
  std::variant<Null, std::int32_t> version;
  std::string result_id;
};
template <>
inline constexpr auto fields<WorkspaceUnchangedDocumentDiagnosticReport> =
    std::tuple(Field{"kind", &WorkspaceUnchangedDocumentDiagnosticReport::kind},
               Field{"uri", &WorkspaceUnchangedDocumentDiagnosticReport::uri},
               Field{"version", &WorkspaceUnchangedDocumentDiagnosticReport::version},
               Field{"resultId", &WorkspaceUnchangedDocumentDiagnosticReport::result_id});

using WorkspaceDocumentDiagnosticReport =
    std::variant<WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport>;

struct WorkspaceDiagnosticReport {
  std::vector<WorkspaceDocumentDiagnosticReport> items;
};
template <>
inline constexpr auto fields<WorkspaceDiagnosticReport> =
    std::tuple(Field{"items", &WorkspaceDiagnosticReport::items});

// ---- Code actions

// Of a diagnostic that the client sends back, which may be another server's, what tells it apart.
struct DiagnosticReference {
  Range range;
  std::optional<std::variant<std::string, std::int64_t>> code;
};
template <>
inline constexpr auto fields<DiagnosticReference> = std::tuple(
    Field{"range", &DiagnosticReference::range}, Field{"code", &DiagnosticReference::code});

enum class CodeActionTriggerKind { invoked = 1, automatic = 2 };

struct CodeActionContext {
  std::vector<DiagnosticReference> diagnostics;
  std::optional<std::vector<std::string>> only;
  std::optional<CodeActionTriggerKind> trigger_kind;
};
template <>
inline constexpr auto fields<CodeActionContext> = std::tuple(
    Field{"diagnostics", &CodeActionContext::diagnostics}, Field{"only", &CodeActionContext::only},
    Field{"triggerKind", &CodeActionContext::trigger_kind});

struct CodeActionParams {
  TextDocumentIdentifier text_document;
  Range range;
  CodeActionContext context;
};
template <>
inline constexpr auto fields<CodeActionParams> = std::tuple(
    Field{"textDocument", &CodeActionParams::text_document},
    Field{"range", &CodeActionParams::range}, Field{"context", &CodeActionParams::context});

struct TextEdit {
  Range range;
  std::string new_text;

  bool operator==(const TextEdit&) const = default;
};
template <>
inline constexpr auto fields<TextEdit> =
    std::tuple(Field{"range", &TextEdit::range}, Field{"newText", &TextEdit::new_text});

struct OptionalVersionedTextDocumentIdentifier {
  std::string uri;
  std::variant<Null, std::int32_t> version;  // null: as it is on disk

  bool operator==(const OptionalVersionedTextDocumentIdentifier&) const = default;
};
template <>
inline constexpr auto fields<OptionalVersionedTextDocumentIdentifier> =
    std::tuple(Field{"uri", &OptionalVersionedTextDocumentIdentifier::uri},
               Field{"version", &OptionalVersionedTextDocumentIdentifier::version});

struct TextDocumentEdit {
  OptionalVersionedTextDocumentIdentifier text_document;
  std::vector<TextEdit> edits;

  bool operator==(const TextDocumentEdit&) const = default;
};
template <>
inline constexpr auto fields<TextDocumentEdit> =
    std::tuple(Field{"textDocument", &TextDocumentEdit::text_document},
               Field{"edits", &TextDocumentEdit::edits});

struct CreateFile {
  std::string kind = "create";
  std::string uri;

  bool operator==(const CreateFile&) const = default;
};
template <>
inline constexpr auto fields<CreateFile> =
    std::tuple(Field{"kind", &CreateFile::kind}, Field{"uri", &CreateFile::uri});

struct WorkspaceEdit {
  std::optional<std::map<std::string, std::vector<TextEdit>>> changes;  // by URI
  std::optional<std::vector<std::variant<CreateFile, TextDocumentEdit>>> document_changes;

  bool operator==(const WorkspaceEdit&) const = default;
};
template <>
inline constexpr auto fields<WorkspaceEdit> =
    std::tuple(Field{"changes", &WorkspaceEdit::changes},
               Field{"documentChanges", &WorkspaceEdit::document_changes});

struct CodeAction {
  std::string title;
  std::string kind;
  std::optional<std::vector<Diagnostic>> diagnostics;  // those it does away with
  std::optional<bool> is_preferred;
  WorkspaceEdit edit;
};
template <>
inline constexpr auto fields<CodeAction> =
    std::tuple(Field{"title", &CodeAction::title}, Field{"kind", &CodeAction::kind},
               Field{"diagnostics", &CodeAction::diagnostics},
               Field{"isPreferred", &CodeAction::is_preferred}, Field{"edit", &CodeAction::edit});

}  // namespace bulkhead::lsp
