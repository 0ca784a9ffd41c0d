#include "analysis/facts/credential_arguments.h"
#include "analysis/facts/registry_variables.h"
#include "analysis/facts/run_time_secrets.h"
#include "tests/catch.h"

namespace bulkhead::facts {

TEST_CASE("variables that name a file with a secret") {
  CHECK(file_variable("postgres", "POSTGRES_PASSWORD") == "POSTGRES_PASSWORD_FILE");
  CHECK(file_variable("library/mysql", "MYSQL_ROOT_PASSWORD") == "MYSQL_ROOT_PASSWORD_FILE");
  CHECK(file_variable("grafana/grafana-oss", "GF_SECURITY_ADMIN_PASSWORD") ==
        "GF_SECURITY_ADMIN_PASSWORD__FILE");
  CHECK(file_variable("postgres", "API_TOKEN").empty());
  CHECK(file_variable("example/postgres", "POSTGRES_PASSWORD").empty());
}

TEST_CASE("variables in which package managers look for credentials") {
  CHECK(is_registry_variable("npm", "NPM_TOKEN"));
  CHECK(is_registry_variable("bundle", "BUNDLE_GEMS__EXAMPLE__COM"));
  CHECK_FALSE(is_registry_variable("pip", "NPM_TOKEN"));
  CHECK(is_registry_variable("NPM_TOKEN"));
  CHECK_FALSE(is_registry_variable("API_TOKEN"));
}

TEST_CASE("variables in which other programs look for credentials") {
  CHECK(is_credential_variable("aws", "AWS_SECRET_ACCESS_KEY"));
  CHECK(is_credential_variable("python3.14", "HF_TOKEN"));
  CHECK_FALSE(is_credential_variable("npm", "AWS_SECRET_ACCESS_KEY"));
  CHECK(is_credential_variable("HF_TOKEN"));
  CHECK_FALSE(is_credential_variable("NPM_TOKEN"));
}

TEST_CASE("each credential argument can be found and told") {
  for (const CredentialArgument& row : credential_arguments()) {
    CAPTURE(row.programs, row.subcommand, row.options);
    CHECK_FALSE(row.programs.empty());
    CHECK_FALSE(row.what.empty());
    CHECK_FALSE(row.secret.empty());
    // Only what stands in front of a program counts for any.
    CHECK((row.programs == "*") == row.options.ends_with('='));
  }
}

}  // namespace bulkhead::facts
