#include "analysis/facts/package_managers.h"

#include <string>

#include "tests/catch.h"

using namespace bulkhead;

TEST_CASE("package managers") {
  const facts::PackageManager* apt = facts::package_manager("apt-get");
  REQUIRE(apt);
  CHECK(apt->of_system);
  CHECK(apt->assume_yes == "-y");
  CHECK(apt->no_extras == "--no-install-recommends");
  CHECK(apt->clean == "rm -rf /var/lib/apt/lists/*");
  CHECK(apt->pin == "NAME=VERSION");
  const facts::PackageManager* pip = facts::package_manager("pip");
  REQUIRE(pip);
  CHECK_FALSE(pip->of_system);
  CHECK(pip->no_cache == "--no-cache-dir");
  CHECK(pip->assume_yes.empty());
  CHECK(facts::package_manager("apt-cache") == nullptr);
  CHECK(facts::package_manager("") == nullptr);
}

TEST_CASE("some package managers install into the project") {
  REQUIRE(facts::project_folder("npm"));
  CHECK(facts::project_folder("npm")->folder == "node_modules");
  CHECK(facts::project_folder("apt-get") == nullptr);
  CHECK(facts::global_folder("npm", "node") == "/usr/local/lib/node_modules");
  CHECK(facts::global_folder("npm", "debian").empty());
  CHECK(facts::global_folder("yarn", "").empty());
}
