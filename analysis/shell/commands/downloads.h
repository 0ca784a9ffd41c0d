#pragma once

// What fetches files: curl, wget, git, and their like; and what verifies what was fetched.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct Download {
  struct Url {
    Argument text;  // as given: "https://...", "example.org/x"; none where it is not known
    std::size_t argument = 0;
    std::size_t offset = 0;
  };
  // Where the bytes go.
  enum class Target : std::uint8_t {
    output,   // the standard output: to be shown, redirected, or piped into something
    file,     // `path`
    by_name,  // a file named by the URL, in `path`, a folder; or the current one where that is empty
    folder,   // a working copy in `path`; or in a new folder named by the URL where that is empty
    unknown,
  };
  // What is sent along that others should not read.
  struct Credential {
    enum class Kind : std::uint8_t { header, user, cookie, proxy_user } kind = Kind::header;
    Argument value;
    std::size_t argument = 0;
    std::size_t offset = 0;
  };

  std::vector<Url> urls;
  Target target = Target::output;
  Argument path = {};             // as `target` says; none as well where it is not known
  std::size_t path_argument = 0;  // where it stands, if it does
  std::size_t path_offset = 0;
  bool unverified = false;        // the certificate of the server is not checked
  std::size_t unverified_by = 0;  // the argument that says so
  bool fails = false;             // an answer of the kind 404 makes the command fail
  bool follows = false;           // redirections
  bool retries = false;
  bool https_only = false;                       // also behind redirections (curl --proto =https)
  std::optional<std::size_t> protocols_by = {};  // the argument that says which ones curl may speak
  bool has_checksum = false;                     // it verifies one itself (aria2c --checksum)
  std::vector<Credential> credentials;           // headers that carry none are left out
  Argument revision = {};  // of git: a branch, tag or commit that is asked for
};

// Whether it is one of the programs that download() knows.
bool downloads(std::string_view program);

// What `program` fetches, given the words behind its name: curl, wget, aria2c, git clone, fetch, pull and
// submodule. None for another program, or where it fetches nothing.
std::optional<Download> download(std::string_view program, std::span<const Argument> arguments);

// Whether `program` prints the checksum of a file, which somebody else may compare.
bool digests(std::string_view program, std::span<const Argument> arguments);

struct Verification {
  enum class Kind : std::uint8_t { checksum, signature } kind = Kind::checksum;
};

// Whether `program` stops the script when a file is not what was meant: `sha256sum -c`, `gpg --verify`,
// `cosign verify-blob`, `minisign -V`, ...
std::optional<Verification> verifies(std::string_view program, std::span<const Argument> arguments);

}  // namespace bulkhead::shell
