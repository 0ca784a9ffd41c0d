#include "analysis/shell/commands/downloads.h"

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// "https://x @1 > file /a | insecure fails": URLs and where they stand, where to, what else is said.
std::string fetch(std::string_view program, const std::string& text) {
  const auto found = download(program, arguments(text));
  if (!found) return "none";
  std::string line;
  for (const Download::Url& url : found->urls) {
    line += url.text.value_or("?") + "@" + std::to_string(url.argument) + " ";
  }
  constexpr const char* targets[] = {"output", "file", "by-name", "folder", "unknown"};
  line += std::string("> ") + targets[static_cast<int>(found->target)];
  if (found->path && !found->path->empty()) line += " " + *found->path;
  if (found->unverified) line += " unverified@" + std::to_string(found->unverified_by);
  if (found->fails) line += " fails";
  if (found->follows) line += " follows";
  if (found->retries) line += " retries";
  if (found->https_only) line += " https";
  if (found->has_checksum) line += " checksum";
  constexpr const char* kinds[] = {"header", "user", "cookie", "proxy"};
  for (const Download::Credential& credential : found->credentials) {
    line += std::string(" ") + kinds[static_cast<int>(credential.kind)] + "=" +
            credential.value.value_or("?") + "@" + std::to_string(credential.argument);
  }
  if (found->revision) line += " revision=" + *found->revision;
  return line;
}

bool digests(std::string_view program, const std::string& text) {
  return bulkhead::shell::digests(program, arguments(text));
}

bool verified(std::string_view program, const std::string& text) {
  return verifies(program, arguments(text)).has_value();
}

}  // namespace

TEST_CASE("curl") {
  CHECK(fetch("curl", "-fsSL https://x/y") == "https://x/y@1 > output fails follows");
  CHECK(fetch("curl", "https://x -o /a/b -k") == "https://x@0 > file /a/b unverified@3");
  CHECK(fetch("curl", "-kLo a https://x") == "https://x@2 > file a unverified@0 follows");
  CHECK(fetch("curl", "-LO https://x/y") == "https://x/y@1 > by-name follows");
  CHECK(fetch("curl", "-O --output-dir /d https://x/y") == "https://x/y@3 > by-name /d");
  CHECK(fetch("curl", "-o y --output-dir /d https://x/y") == "https://x/y@4 > file /d/y");
  CHECK(fetch("curl", "-o - https://x") == "https://x@2 > output");
  CHECK(fetch("curl", "--proto =https --tlsv1.2 -sSf --retry 3 https://x") ==
        "https://x@6 > output fails retries https");
  CHECK(fetch("curl", "--proto =https --proto =http,https https://x") == "https://x@4 > output");
  CHECK(fetch("curl", "--proto -all,https https://x") == "https://x@2 > output https");
  CHECK(fetch("curl", "--proto https https://x") == "https://x@2 > output");
  CHECK(fetch("curl", "--proto-redir =https https://x") == "https://x@2 > output https");
  CHECK(fetch("curl", "--url https://x --cacert /c -A me") == "https://x@1 > output");
  CHECK(fetch("curl", "-X POST -d a=b -H Accept:x https://x") == "https://x@6 > output");
  CHECK(fetch("curl", "-H Authorization:x -u a:b -H PRIVATE-TOKEN:? https://x") ==
        "https://x@6 > output header=Authorization:x@1 user=a:b@3 header=PRIVATE-TOKEN:?@5");
  CHECK(fetch("curl", "-o ? ?") == "?@2 > unknown");
  CHECK(fetch("curl", "a b") == "a@0 b@1 > output");
  CHECK(fetch("curl", "--version") == "none");
}

TEST_CASE("wget") {
  CHECK(fetch("wget", "https://x/y") == "https://x/y@0 > by-name fails follows retries");
  CHECK(fetch("wget", "-qO- https://x --no-check-certificate") ==
        "https://x@1 > output unverified@2 fails follows retries");
  CHECK(fetch("wget", "-q -O /a/b -t 1 https://x") == "https://x@5 > file /a/b fails follows");
  CHECK(fetch("wget", "-P /d --progress=dot:giga https://x/y") ==
        "https://x/y@3 > by-name /d fails follows retries");
  CHECK(fetch("wget", "-nv -nc --header=X-Token:1 --tries=3 https://x") ==
        "https://x@4 > by-name fails follows retries header=X-Token:1@2");
  CHECK(fetch("wget", "--user a --password b -e use_proxy=yes https://x") ==
        "https://x@6 > by-name fails follows retries user=b@3");
  CHECK(fetch("wget", "-q --spider https://x") == "none");
  CHECK(fetch("wget", "-i list") == "?@1 > by-name fails follows retries");
  CHECK(fetch("wget", "--version") == "none");
}

TEST_CASE("git") {
  CHECK(fetch("git", "clone https://x/y.git") == "https://x/y.git@1 > folder fails follows");
  CHECK(fetch("git", "clone --depth 1 -b v1 https://x/y /src") ==
        "https://x/y@5 > folder /src fails follows revision=v1");
  CHECK(fetch("git", "-c http.sslVerify=false clone https://x") ==
        "https://x@3 > folder unverified@1 fails follows");
  CHECK(fetch("git", "clone -c http.https://x/.sslVerify=false https://x") ==
        "https://x@3 > folder unverified@2 fails follows");
  CHECK(fetch("git", "-C /d clone https://x y") == "https://x@3 > folder /d/y fails follows");
  CHECK(fetch("git", "clone --recursive git@github.com:a/b") ==
        "git@github.com:a/b@2 > folder fails follows");
  CHECK(fetch("git", "fetch origin main") == "?@1 > folder fails follows revision=main");
  CHECK(fetch("git", "pull") == "> folder fails follows");
  CHECK(fetch("git", "submodule update --init") == "> folder fails follows");
  CHECK(fetch("git", "checkout main") == "none");
  CHECK(fetch("git", "config http.sslVerify false") == "none");
  CHECK(fetch("git", "?") == "none");
}

TEST_CASE("aria2c") {
  CHECK(fetch("aria2c", "-x 4 -d /d -o f --checksum=sha-256=1 https://x") ==
        "https://x@7 > file /d/f fails follows retries checksum");
  CHECK(fetch("aria2c", "--check-certificate=false https://x") ==
        "https://x@1 > by-name unverified@0 fails follows retries");
}

TEST_CASE("what verifies") {
  CHECK(verified("sha256sum", "-c sums"));
  CHECK(verified("sha256sum", "--check --strict -"));
  CHECK(verified("shasum", "-a 256 -c"));
  CHECK(verified("md5sum", "-sc x"));
  CHECK(verified("gpg", "--batch --verify x.asc x"));
  CHECK(verified("gpgv", "x.sig x"));
  CHECK(verified("cosign", "verify-blob --key k x"));
  CHECK(digests("sha256sum", "x"));
  CHECK(digests("openssl", "dgst -sha256 x"));
  CHECK_FALSE(digests("sha256sum", "-c x"));
  CHECK_FALSE(digests("openssl", "req -x509"));
  CHECK_FALSE(verified("sha256sum", "x"));
  CHECK_FALSE(verified("gpg", "--import key"));
  CHECK_FALSE(verified("cosign", "sign x"));
  CHECK_FALSE(verified("echo", "sha256sum -c"));
}
