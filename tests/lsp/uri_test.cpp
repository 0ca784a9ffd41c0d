#include "lsp/uri.h"

#include "tests/catch.h"

using bulkhead::lsp::clean_file_path;
using bulkhead::lsp::file_name;
using bulkhead::lsp::file_path;
using bulkhead::lsp::relative_uri;
using bulkhead::lsp::uri_identity;

TEST_CASE("a file: URI names a path") {
  CHECK(file_path("file:///a/Dockerfile") == "/a/Dockerfile");
  CHECK(file_path("FILE:///a") == "/a");
  CHECK(file_path("file:/a") == "/a");
  CHECK(file_path("file://localhost/a") == "/a");
  CHECK(file_path("file:///a%20b/%C3%A9%23") == "/a b/\xC3\xA9#");
  CHECK(file_path("file:///a b/\xC3\xA9") == "/a b/\xC3\xA9");  // not encoded, as some clients do
  CHECK(file_path("file:///a?query#fragment") == "/a");
}

TEST_CASE("a stray percent sign stands for itself") {
  CHECK(file_path("file:///100%") == "/100%");
  CHECK(file_path("file:///%zz%4") == "/%zz%4");
  CHECK(file_path("file:///%-1") == "/%-1");
}

TEST_CASE("other URIs name no path") {
  for (const char* uri : {"untitled:Untitled-1", "vscode-remote://ssh/a", "file://server/share",
                          "file:", "file:a", "files:///a", "", "file:///a%00b"}) {
    CAPTURE(uri);
    CHECK_FALSE(file_path(uri));
  }
}

TEST_CASE("a file is called by what stands last in its URI") {
  CHECK(file_name("file:///a/b%20c") == "b c");
  CHECK(file_name("file:///a:b/c:d?e#/f") == "c:d");
  CHECK(file_name("untitled:compose.yaml") == "compose.yaml");
  CHECK(file_name("untitled:/compose.yaml") == "compose.yaml");
  CHECK(file_name("Dockerfile") == "Dockerfile");
  CHECK(file_name("").empty());
}

TEST_CASE("a neighbour's URI keeps the client's spelling of the folder") {
  CHECK(relative_uri("file:///c%3A/x y/Dockerfile", ".dockerignore") ==
        "file:///c%3A/x y/.dockerignore");
  CHECK(relative_uri("file:///a/Dockerfile", "b c/\xC3\xA9#?") == "file:///a/b%20c/%C3%A9%23%3F");
  CHECK(relative_uri("file:///a b/c/d/Dockerfile", "../../.dockerignore") ==
        "file:///a b/.dockerignore");
  CHECK(relative_uri("file:///a/Dockerfile", "../b/.dockerignore") == "file:///b/.dockerignore");
  // Unless that is not the shortest one.
  for (const char* other : {"file:///a b/c//Dockerfile", "file:///a b/c/./Dockerfile",
                            "file:///a b/c/d/../Dockerfile", "file:///a b/c/Dockerfile?x=/y",
                            "file:///a b/c/Dockerfile#x/y", "file:///a b/c%2FDockerfile"}) {
    CAPTURE(other);
    const std::string found = relative_uri(other, "../.dockerignore");
    CHECK(uri_identity(found) == "/a b/.dockerignore");
  }
}

TEST_CASE("the identity of a URI is the same however it is spelled") {
  for (const char* same : {"file:///w/%40a/b%20c", "file:///w/@a/b c",
                           "FILE://localhost/w//@a/./b%20c", "file:/w/x/../%40a/b%20c/"}) {
    CHECK(uri_identity(same) == "/w/@a/b c");
  }
  CHECK(clean_file_path("file:///w//%40a/./b") == "/w/@a/b");
  CHECK_FALSE(clean_file_path("untitled:a"));
  CHECK(uri_identity("untitled:a%20b") == "untitled:a%20b");
  CHECK(uri_identity("file://server/a") == "file://server/a");
}
