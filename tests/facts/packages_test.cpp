#include "analysis/facts/packages.h"

#include <string>

#include "analysis/facts/programs.h"
#include "tests/catch.h"

using namespace bulkhead::facts;

TEST_CASE("packages are known by the family of their manager") {
  REQUIRE(risky_package("apt-get", "openssh-server"));
  CHECK(risky_package("apt", "openssh-server")->kind == PackageKind::remote_server);
  CHECK(risky_package("apk", "openssh")->instead == "openssh-client");
  CHECK(risky_package("microdnf", "gcc-c++")->kind == PackageKind::build_tool);
  CHECK(risky_package("pip", "openssh-server") == nullptr);
  CHECK(risky_package("", "openssh-server") == nullptr);
}

TEST_CASE("a glob stands for the packages that no list would hold") {
  CHECK(risky_package("apt-get", "libpq-dev")->kind == PackageKind::build_tool);
  CHECK(risky_package("apt-get", "php8.4-xdebug")->kind == PackageKind::php_debugger);
  CHECK(risky_package("dnf", "epel-release-latest-9.noarch.rpm")->what == "EPEL");
  CHECK(risky_package("apt-get", "libpq5") == nullptr);
  CHECK(risky_package("apt-get", "devscripts-el") == nullptr);
}

TEST_CASE("a package is installed for its programs") {
  const RiskyPackage* netcat = risky_package("apt-get", "netcat-openbsd");
  REQUIRE(netcat);
  CHECK(is_program_of(*netcat, "nc"));
  CHECK_FALSE(is_program_of(*netcat, "ncat"));
  CHECK_FALSE(is_program_of(*risky_package("apt-get", "gcc"), ""));
}

TEST_CASE("stages for development are told by a word of their name") {
  CHECK(is_development("dev"));
  CHECK(is_development("API_Tests"));
  CHECK(is_development("start:dev"));
  CHECK_FALSE(is_development("device"));
  CHECK_FALSE(is_development(""));
}

TEST_CASE("servers are known as programs and as services") {
  REQUIRE(remote_server("sshd"));
  CHECK(remote_server("sshd") == remote_service("ssh"));
  CHECK(remote_service("sshd.service") == remote_service("ssh"));
  CHECK(remote_server("ssh") == nullptr);
  CHECK(remote_service("") == nullptr);
}

TEST_CASE("managers of languages are told how to leave out what developers need") {
  const DevelopmentInstall* npm = development_install("npm");
  REQUIRE(npm);
  std::string variables;
  npm->each_variable([&](std::string_view name, std::string_view glob) {
    if (name == "NODE_ENV") variables += glob;
  });
  CHECK(variables == "production");
  CHECK(development_install("poetry")->variables.empty());
  CHECK(development_install("apt-get") == nullptr);
}
