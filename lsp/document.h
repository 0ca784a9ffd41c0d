#pragma once

// An open document: what the client has told of it, and what has been found in it.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/context.h"
#include "analysis/engine.h"
#include "analysis/model/document.h"
#include "analysis/text/snapshot.h"
#include "lsp/protocol.h"

namespace bulkhead::lsp {

// What was agreed on with the client, and what is checked.
struct Session {
  ClientCapabilities client;
  Encoding encoding = Encoding::utf16;
  Config config;
  std::vector<std::string> trusted_registries;  // as in Context
  std::function<OutOfTime()> time_limit = {};   // for one analysis

  OutOfTime out_of_time() const { return time_limit ? time_limit() : OutOfTime(); }
};

// What the user has been told of a document that is not checked, or not by all rules.
struct Complaints {
  bool size = false;
  bool time = false;
};

// What the client calls a file that is open, and the last version that it has sent.
struct OpenFile {
  std::string uri;
  std::optional<std::int32_t> version;
};

struct OpenDocument {
  std::string uri;  // as the client wrote it
  // Of the file on this machine, cleaned; none for what lies elsewhere.
  std::optional<std::string> path;
  std::string read_as;  // the name by which it is read
  std::optional<std::int32_t> version;
  std::shared_ptr<const Snapshot> snapshot;
  Context context;
  // The files that `context` tells of and that are open as well, by their path from its folder.
  std::map<std::string, OpenFile, std::less<>> open_files = {};
  // The Dockerfiles that a compose file's services build, as they are on the disk, by the same path.
  std::map<std::string, std::shared_ptr<const Document>> built = {};

  Analyser analyser;
  // What its last analysis is of: `snapshot`, or a version before that; none once `context` has changed.
  std::shared_ptr<const Snapshot> analysed = nullptr;
  // The findings as diagnostics, in the same order, and a name for them that no others ever get.
  std::vector<Diagnostic> diagnostics;
  std::vector<JsonText> texts;  // of `diagnostics`, as far as they were published
  std::uint64_t result_id = 0;

  Complaints complaints = {};

  // A client that pulls diagnostics gets none pushed: it would show them twice.
  bool pulled = false;
  std::uint64_t told = 0;  // the result id that it was last given
  // What was last published, if anything.
  struct Published {
    std::optional<std::int32_t> version;
    std::uint64_t result_id = 0;
    bool operator==(const Published&) const = default;
  };
  std::optional<Published> published;

  // The build context is asked for once at a time. `opened` tells this opening of the document from
  // an earlier one, whose answers come too late.
  std::uint64_t opened = 0;
  bool scanning = false;
  bool scan_again = false;
  bool context_changed = false;
  // Who asks what is found in it waits until it is known for the first time what is around it.
  bool awaits_context = false;

  // What is known from outside, or what is checked, is not what it was.
  void change_context() {
    context_changed = true;
    analysed.reset();
    analyser.forget();
  }
};

// What is checked in it: nothing, where the project does not want it to be.
Config config_for(const OpenDocument& document, const Session& session);

// No Dockerfile is larger than 16 MiB; what is, is followed and not read, and nothing is found in it.
constexpr bool is_read(std::size_t size) {
  return size <= (std::size_t{16} << 20);
}

// The name of a file, without its folder, that holds what the document does: its own, if that says what it is, else
// one for the language that the client takes it for; empty where it is nothing that is checked.
std::string name_to_read(std::string_view name, std::string_view language);

// Reads `text` as what a file of this name holds, if it has one. Scripts that are `known` are not read again.
std::shared_ptr<const Snapshot> read_snapshot(std::string_view file_name, std::string text,
                                              KnownScripts* known = nullptr);

// The document's text after `edits`, each told in terms of the text that the one before it left. None
// where it becomes larger than `most` bytes.
std::shared_ptr<const Snapshot> snapshot_after(const OpenDocument& document,
                                               std::span<const bulkhead::TextEdit> edits,
                                               std::size_t most);

// The changes of one didChange as edits in bytes, each told in terms of the text that the one
// before it left. Positions beyond the text are clamped, reversed ranges swapped.
std::vector<bulkhead::TextEdit> to_text_edits(
    const Snapshot& snapshot, std::span<const TextDocumentContentChangeEvent> changes,
    Encoding encoding);

}  // namespace bulkhead::lsp
