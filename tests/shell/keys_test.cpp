#include "analysis/shell/commands/keys.h"

#include <string>

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// The path of the key that a command line makes, "yes" where it is not told, else "no".
std::string key(const std::string& program, const std::string& text) {
  const auto all = arguments(text);
  const auto made = generates_key(program, all);
  if (!made) return "no";
  if (made->argument) return all[*made->argument].value_or("?");
  return made->path.empty() ? "yes" : std::string(made->path);
}

}  // namespace

TEST_CASE("programs that make private keys") {
  CHECK(key("ssh-keygen", "-t rsa -N '' -f /k") == "/k");
  CHECK(key("ssh-keygen", "-A") == "/etc/ssh/ssh_host_rsa_key");
  CHECK(key("ssh-keygen", "-t rsa") == "yes");
  CHECK(key("openssl", "genrsa -out /k 2048") == "/k");
  CHECK(key("openssl", "genpkey -algorithm RSA") == "yes");
  CHECK(key("openssl", "ecparam -genkey -name prime256v1 -out ?") == "?");
  CHECK(key("openssl", "req -x509 -newkey rsa -out /c -keyout /k") == "/k");
  CHECK(key("openssl", "req -new -nodes -keyout /k -out /r") == "/k");
  CHECK(key("keytool", "-genkeypair -keystore /k") == "/k");
  CHECK(key("mkcert", "-key-file k -cert-file c localhost") == "k");
  CHECK(key("wg", "genkey") == "yes");
  CHECK(key("gpg", "--batch --gen-key /p") == "yes");
  CHECK(key("make-ssl-cert", "generate-default-snakeoil --force-overwrite") ==
        "/etc/ssl/private/ssl-cert-snakeoil.key");
}

TEST_CASE("keys: what they do besides") {
  CHECK(key("ssh-keygen", "-y -f /k") == "no");
  CHECK(key("ssh-keygen", "-R host") == "no");
  CHECK(key("openssl", "x509 -in /c") == "no");
  CHECK(key("openssl", "genpkey -genparam -algorithm DSA") == "no");
  CHECK(key("openssl", "ecparam -name prime256v1") == "no");
  CHECK(key("openssl", "req -new -key /k -out /r") == "no");
  CHECK(key("openssl", "req -x509 -key /k -in /r") == "no");
  CHECK(key("openssl", "") == "no");
  CHECK(key("keytool", "-importcert -keystore /k") == "no");
  CHECK(key("wg", "pubkey") == "no");
  CHECK(key("mkcert", "-CAROOT") == "no");
  CHECK(key("cp", "/a /b") == "no");
}
