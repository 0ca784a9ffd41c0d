#include "analysis/facts/secrets.h"

#include <algorithm>
#include <string>

#include "analysis/facts/tables.h"
#include "tests/catch.h"

namespace bulkhead::facts {
namespace {

using Kind = NameVerdict::Kind;

TEST_CASE("names that speak of secrets") {
  for (const char* name : {"PASSWORD",
                           "DB_PASSWORD",
                           "dbPassword",
                           "DBPassword",
                           "db-password",
                           "db.password",
                           "API_KEY",
                           "apiKey",
                           "MY_APIKEY",
                           "GITHUB_TOKEN",
                           "npm_config__authToken",
                           "AWS_SECRET_ACCESS_KEY",
                           "SECRET_KEY_BASE",
                           "PRIVATE_KEY",
                           "PRIVATE_KEY_PASSWORD",
                           "DB_PASS",
                           "MYSQL_PWD",
                           "RABBITMQ_ERLANG_COOKIE",
                           "KEYCLOAK_PASSWORD",
                           "KEYSTORE_PASSWORD",
                           "FILE_PASSWORD",
                           "OAUTH2_CLIENT_SECRET",
                           "GH_PAT",
                           "WEBPASSWORD",
                           "ME_CONFIG_MONGODB_ADMINPASSWORD",
                           "S3_SECRET_ACCESS_KEY",
                           "KEY_FOR_VITE_TOKEN",
                           "_PASSWORD_"}) {
    INFO(name);
    CHECK(secret_name(name).is_secret());
  }
}

TEST_CASE("names that only look like it") {
  for (const char* name : {"DB_PASSWORD_FILE",
                           "SECRET_KEY_FILE",
                           "API_KEY_FILE",
                           "GPG_KEY",
                           "GPG_KEYS",
                           "PGP_KEY_ID",
                           "NGINX_GPGKEY",
                           "TOKEN_URL",
                           "ACCESS_TOKEN_URL",
                           "AWS_ACCESS_KEY_ID",
                           "KMS_KEY_ALIAS",
                           "PWD",
                           "OLDPWD",
                           "MAX_TOKENS",
                           "MAX_TOKENS_PER_MINUTE",
                           "PUBLIC_KEY",
                           "NEXT_PUBLIC_API_KEY",
                           "SSH_PUB_KEY",
                           "SSH_AUTH_SOCK",
                           "MYSQL_ALLOW_EMPTY_PASSWORD",
                           "PASSWORD_MIN_LENGTH",
                           "POSTGRES_HOST_AUTH_METHOD",
                           "SECRET_NAME",
                           "JWT_ISSUER",
                           "PASS_THROUGH",
                           "TOKEN_TTL",
                           "GOOGLE_APPLICATION_CREDENTIALS",
                           "TOKEN_SHA256",
                           "SECRETS_DIR",
                           "GOTRUE_JWT_AUD",
                           "JWT_DEFAULT_ROLES",
                           "JWT_EXPIRES_IN",
                           "ACCESS_TOKEN_EXPIRE_MINUTES",
                           "PASSWORD_HASHER",
                           "PASSWORD_ENCRYPTION",
                           "SECRETS_BACKEND",
                           "ACCEPT_LICENSE_KEY",
                           "MINIO_ACCESS_KEY",
                           "VITE_API_KEY",
                           "VITE_SECRET_PATH",
                           "NEXT_PUBLIC_MAPBOX_TOKEN",
                           "SECRET_KEY_BASE_DUMMY",
                           "REACT_APP_API_KEY"}) {
    INFO(name);
    CHECK(secret_name(name).kind == Kind::allow);
  }
}

TEST_CASE("what a tool publishes by mistake") {
  for (const char* name : {"VITE_OPENAI_API_KEY", "REACT_APP_GITHUB_TOKEN",
                           "NEXT_PUBLIC_DB_PASSWORD", "VUE_APP_CLIENT_SECRET"}) {
    INFO(name);
    CHECK(secret_name(name).is_secret());
    CHECK(secret_name(name).published);
  }
  CHECK(!secret_name("GITHUB_TOKEN").published);
}

TEST_CASE("names that say nothing") {
  for (const char* name : {"", "_", "NODE_ENV", "KEYBOARD", "TOKENIZERS_PARALLELISM", "COMPASS",
                           "BYPASS_CACHE", "AUTHOR", "PASSWORDLESS", "MONKEY", "AUTH0_DOMAIN"}) {
    INFO(name);
    CHECK(secret_name(name).kind == Kind::none);
  }
}

TEST_CASE("how strong the word is, and which") {
  CHECK(secret_name("DB_PASSWORD").strength == Strength::high);
  CHECK(secret_name("DB_PASSWORD").word == "password");
  CHECK(secret_name("MY_API_KEY").word == "api_key");
  CHECK(secret_name("DB_PASS").strength == Strength::high);
  CHECK(secret_name("SMTP_PASS").strength == Strength::medium);
  CHECK(secret_name("SORTING_KEY").strength == Strength::low);
  CHECK_FALSE(secret_name("SORTING_KEY").is_secret());
  CHECK(secret_name("SORTING_KEY").is_secret(Strength::low));
  CHECK_FALSE(secret_name("SMTP_PASS").is_secret(Strength::high));
  // Secret only with a password in the URL, but a URL that often has one.
  CHECK(secret_name("DATABASE_URL").is_secret(Strength::low));
  CHECK_FALSE(secret_name("DATABASE_URL").is_secret());
}

TEST_CASE("values that say where the thing is") {
  for (const char* value : {"$TOKEN",
                            "${TOKEN}",
                            "${TOKEN:-x}",
                            "\"$TOKEN\"",
                            "$(cat /run/secrets/x)",
                            "`cat x`",
                            "%TOKEN%",
                            "@TOKEN@",
                            "{{ token }}",
                            "/run/secrets/token",
                            "./token",
                            "~/.token",
                            "C:\\token",
                            "file:/x",
                            "https://example.org/x",
                            "vault:secret/x",
                            "op://vault/item",
                            "process.env.TOKEN",
                            "ENV[TOKEN]",
                            "!vault |"}) {
    INFO(value);
    CHECK(value_kind(value) == ValueKind::reference);
  }
}

TEST_CASE("values that stand for the thing") {
  for (const char* value : {"changeme",
                            "CHANGE_ME",
                            "please-change-it",
                            "replace_with_token",
                            "<your-token>",
                            "[token]",
                            "xxxx",
                            "****",
                            "ghp_xxxx",
                            "your_api_key_here",
                            "MyPassword",
                            "dummy",
                            "password",
                            "'secret'",
                            "insert-token",
                            "none",
                            "build",
                            "example_token",
                            "mysalt",
                            "set a secure password here",
                            "some-secret-key-is-here"}) {
    INFO(value);
    CHECK(value_kind(value) == ValueKind::dummy);
  }
  CHECK(value_kind("AKIA" + std::string(12, '0')) == ValueKind::dummy);
  CHECK(value_kind(std::string("wJalrXUtnFEMI") + "EXAMPLEKEY") == ValueKind::dummy);
}

TEST_CASE("passwords that are tried first") {
  for (const char* value : {"root", "Admin", "postgres", "minioadmin", "P@ssw0rd"}) {
    INFO(value);
    CHECK(value_kind(value) == ValueKind::known);
  }
  CHECK(value_kind("administrator2") == ValueKind::literal);
}

TEST_CASE("values in forms that are no secret") {
  for (const char* value :
       {"true", "Off", "8080", "123456", "1.2.3", "v1.2.3-rc.1", "ssh-ed25519 AAAA",
        "0123456789abcdef0123456789ABCDEF01234567", "123e4567-e89b-12d3-a456-426614174000"}) {
    INFO(value);
    CHECK(value_kind(value) == ValueKind::plain);
  }
}

TEST_CASE("values that may be the thing itself") {
  for (const char* value : {"hunter2",
                            "two-words",
                            "s3cr3t",
                            "1234567",
                            "$TOKEN-x",
                            "prefix$TOKEN",
                            "pa$$word",
                            "a/b+c",
                            "Passw0rd!",
                            "https://user:pw@example.org",
                            "${A}x",
                            "v1",
                            "two--words",
                            "two words",
                            "1.2.3.4.5",
                            "example2",
                            "wJalrexamplekeyX",
                            "0123456789abcdef0123456789abcdef0123456",
                            "%A",
                            "<>",
                            "$",
                            "$1"}) {
    INFO(value);
    CHECK(value_kind(value) == ValueKind::literal);
  }
  CHECK(value_kind("") == ValueKind::empty);
  CHECK(value_kind("\"\"") == ValueKind::empty);
  CHECK(value_kind("\"") == ValueKind::empty);
}

TEST_CASE("the tables of names and values are well-formed") {
  const auto key = [](const tables::Name& row) { return std::pair(row.word, row.match); };
  CHECK(std::ranges::adjacent_find(tables::names, std::ranges::greater_equal{}, key) ==
        tables::names.end());
  CHECK(tables::names.size() > 150);
  for (const tables::ValueForm& form : tables::value_forms) {
    INFO(form.text);
    CHECK_FALSE(form.text.empty());
    CHECK(value_kind(std::string(form.text)) != ValueKind::literal);
  }
}

}  // namespace
}  // namespace bulkhead::facts
