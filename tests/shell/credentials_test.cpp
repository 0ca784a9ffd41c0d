#include "analysis/shell/commands/credentials.h"

#include <string>

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// The file that a command line keeps something in; with "!" where it is always a secret.
std::string file(const std::string& program, const std::string& text) {
  const auto kept = keeps_credential(program, arguments(text));
  return kept ? std::string(kept->file) + (kept->certain ? "!" : "") : "";
}

}  // namespace

TEST_CASE("programs that keep what they log in with") {
  CHECK(file("npm", "config set //a/:_authToken ?") == ".npmrc");
  CHECK(file("npm", "set --location=user //a/:_authToken=x") == ".npmrc");
  CHECK(file("git", "config --global url.https://a@b/.insteadOf https://b/") == ".gitconfig");
  CHECK(file("docker", "login -u a --password-stdin") == ".docker/config.json!");
  CHECK(file("helm", "registry login a") == ".config/helm/registry/config.json!");
  CHECK(file("aws", "configure set aws_secret_access_key ?") == ".aws/credentials");
}

TEST_CASE("what they do besides") {
  CHECK(file("npm", "config set registry https://a/").empty());
  CHECK(file("npm", "config delete //a/:_authToken").empty());
  CHECK(file("npm", "install").empty());
  CHECK(file("git", "config --global user.name a").empty());
  CHECK(file("git", "config --unset url.a.insteadOf").empty());
  CHECK(file("docker", "logout").empty());
  CHECK(file("docker", "").empty());
  CHECK(file("helm", "? login").empty());
  CHECK(file("cp", "a b").empty());
  CHECK(forgets_credential("docker", arguments("logout")));
  CHECK(!forgets_credential("rm", arguments("rm")));
}

TEST_CASE("the files that they write to") {
  const auto kept = [](std::string_view program, const std::string& text) {
    return kept_file(program, arguments(text)).value_or("");
  };
  CHECK(kept("npm", "config set registry https://a/") == ".npmrc");
  CHECK(kept("npm", "config delete //a/:_authToken") == ".npmrc");
  CHECK(kept("docker", "logout") == ".docker/config.json");
  CHECK(kept("composer", "config http-basic.a b c") == ".composer/auth.json");
  CHECK(kept("npm", "ci").empty());
  CHECK(kept("docker", "pull a").empty());
}
