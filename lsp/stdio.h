#pragma once

// The language server as a process: standard input and output carry the Language Server Protocol.

#include <string>

namespace bulkhead::lsp {

struct Options {
  std::string version;  // told to the client as serverInfo.version
};

// Serves one client until it says `exit`, its end of the pipe closes, its process ends, or SIGTERM
// or SIGINT arrives. Takes over standard input and output and the handling of these signals and
// SIGPIPE; to be called once, from the main thread. Standard error is for what cannot be told to
// the client. Returns the process's exit code as the protocol wants it: 0 after a `shutdown`
// request, else 1.
int serve_stdio(const Options& options);

}  // namespace bulkhead::lsp
