#include "analysis/facts/files.h"

#include <string>
#include <string_view>

#include "tests/catch.h"

namespace bulkhead::test {

using facts::FileKind;
using facts::sensitive_file;

TEST_CASE("files are told by their last names") {
  struct Case {
    std::string_view path;
    FileKind kind;
  };
  const Case cases[] = {
      {".env", FileKind::secret},
      {"api/.env.production", FileKind::secret},
      {"keys/server.key", FileKind::secret},
      {"home/.docker/config.json", FileKind::secret},
      {"config/credentials/production.key", FileKind::secret},
      {".git", FileKind::vcs},
      {"dump.sql", FileKind::data},
      {"notes.txt.bak", FileKind::backup},
      {"web/node_modules", FileKind::dependency},
  };
  for (const Case& example : cases) {
    INFO(std::string(example.path));
    const facts::SensitiveFile* file = sensitive_file(example.path);
    REQUIRE(file);
    CHECK(file->kind == example.kind);
  }
}

TEST_CASE("names that only look like it are nothing") {
  for (const std::string_view path :
       {"", ".env.example", "environment", "config.json", "docker/config.json", "id_rsa.pub.txt",
        "git", "src/main.c", "ca.pem", "app.public.key.txt", ".env.staging.example", ".env.testing",
        "docker.env.sample", "registry-client-cert.pem"}) {
    INFO(std::string(path));
    const facts::SensitiveFile* file = sensitive_file(path);
    CHECK((file == nullptr || file->kind != FileKind::secret));
  }
}

TEST_CASE("programs look for the files that they have their credentials from") {
  CHECK(facts::reads("yarn", *sensitive_file("app/.npmrc")));
  CHECK(!facts::reads("pip", *sensitive_file("app/.npmrc")));
  CHECK(facts::reads("git", *sensitive_file("id_ed25519")));
  CHECK(!facts::reads("git", *sensitive_file("server.key")));
}

TEST_CASE("variables name files with credentials") {
  REQUIRE(facts::file_named_by("KUBECONFIG"));
  CHECK(facts::file_named_by("KUBECONFIG")->glob == "kubeconfig");
  CHECK(facts::file_named_by("AWS_SHARED_CREDENTIALS_FILE")->glob == ".aws/credentials");
  CHECK(!facts::file_named_by("CONFIG_FILE"));
}

}  // namespace bulkhead::test
