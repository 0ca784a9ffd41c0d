#include "analysis/facts/users.h"

#include <algorithm>

#include "analysis/facts/tables.h"
#include "tests/catch.h"

namespace bulkhead::facts {
namespace {

using Kind = DefaultUser::Kind;

TEST_CASE("images bring their own accounts and those of their distribution") {
  const auto node = find_user("node", "24", "node");
  REQUIRE(node);
  CHECK(node->uid == 1000u);
  CHECK(node->gid == 1000u);
  CHECK_FALSE(node->is_default);
  CHECK_FALSE(node->of_distribution);
  CHECK(node->evidence == Evidence::verified);
  CHECK(find_user("node", "24", "1000")->name == "node");
  CHECK(find_user("node", "24-alpine", "node"));
  CHECK(find_user("node", "24", "root")->uid == 0u);
  CHECK(find_user("node", "24", "0")->name == "root");
  CHECK(find_user("node", "24", "www-data")->of_distribution);
  CHECK_FALSE(find_user("node", "24-alpine", "www-data"));
  CHECK(find_user("node", "24-alpine", "guest"));
  CHECK_FALSE(find_user("node", "24", "guest"));
  CHECK_FALSE(find_user("node", "24", "nodes"));
  CHECK_FALSE(find_user("node", "24", ""));
  CHECK_FALSE(find_user("node", "24", "10001"));
}

TEST_CASE("a later row says it more exactly") {
  CHECK(find_user("php", "8.4-fpm", "www-data")->uid == 33u);
  CHECK(find_user("php", "8.4-fpm-alpine", "www-data")->uid == 82u);
  CHECK(find_user("postgres", "18", "postgres")->uid == 999u);
  CHECK(find_user("postgres", "18-alpine3.23", "postgres")->uid == 70u);
}

TEST_CASE("accounts exist since a version of the image or of its distribution") {
  CHECK(find_user("mcr.microsoft.com/dotnet/aspnet", "8.0", "app"));
  CHECK(find_user("mcr.microsoft.com/dotnet/aspnet", "10.0-alpine", "app"));
  CHECK_FALSE(find_user("mcr.microsoft.com/dotnet/aspnet", "6.0", "app"));
  CHECK(find_user("mcr.microsoft.com/dotnet/aspnet", "", "app"));
  CHECK(find_user("ubuntu", "24.04", "ubuntu"));
  CHECK(find_user("ubuntu", "noble", "ubuntu"));
  CHECK(find_user("ubuntu", "latest", "ubuntu"));
  CHECK_FALSE(find_user("ubuntu", "22.04", "ubuntu"));
  CHECK_FALSE(find_user("ubuntu", "jammy-20240101", "ubuntu"));
  CHECK(find_user("debian", "13", "_apt")->uid == 42u);
  CHECK(find_user("debian", "12", "_apt")->uid == 100u);
  CHECK(find_user("python", "3.12-slim-bookworm", "_apt")->uid == 100u);
}

TEST_CASE("scratch has no account at all") {
  CHECK(users_of("scratch", "").empty());
  CHECK(knows_all_users("scratch", ""));
}

TEST_CASE("an image of which nothing is known has root, and maybe more") {
  CHECK(find_user("example.org/team/app", "1", "root"));
  CHECK_FALSE(knows_all_users("example.org/team/app", "1"));
  CHECK_FALSE(knows_all_users("mcr.microsoft.com/windows/servercore", "ltsc2025"));
  CHECK_FALSE(knows_all_users("archlinux", ""));
  for (const char* name :
       {"node", "debian", "ubuntu", "alpine", "python", "golang", "nginx", "fedora",
        "gcr.io/distroless/static-debian12", "registry.access.redhat.com/ubi9/ubi"}) {
    INFO(name);
    CHECK(knows_all_users(name, ""));
  }
}

TEST_CASE("the account that an image is meant to run as") {
  CHECK(own_user("node", "24")->name == "node");
  CHECK(own_user("nginx", "")->name == "nginx");
  CHECK(own_user("php", "8.4-apache")->name == "www-data");
  CHECK(own_user("gcr.io/distroless/static", "")->name == "nonroot");
  CHECK(own_user("mcr.microsoft.com/dotnet/aspnet", "8.0")->name == "app");
  CHECK_FALSE(own_user("mcr.microsoft.com/dotnet/aspnet", "6.0"));
  CHECK(own_user("mcr.microsoft.com/windows/servercore", "ltsc2025")->name == "ContainerUser");
  CHECK_FALSE(own_user("python", "3.14"));
  CHECK_FALSE(own_user("ubuntu", "24.04"));
  CHECK_FALSE(own_user("scratch", ""));
}

TEST_CASE("whom an image runs as") {
  const auto kind = [](std::string_view name, std::string_view tag) {
    return default_user(name, tag).kind;
  };
  CHECK(kind("node", "24") == Kind::root);
  CHECK(kind("scratch", "") == Kind::root);
  CHECK(kind("postgres", "18") == Kind::steps_down);
  CHECK(default_user("postgres", "18").runtime_user == "postgres");
  CHECK(kind("memcached", "") == Kind::non_root);
  CHECK(default_user("memcached", "").user == "memcache");
  CHECK(default_user("memcached", "").evidence == Evidence::verified);
  CHECK(default_user("bitnami/redis", "").user == "1001");
  CHECK(kind("mariadb", "12") == Kind::steps_down);
  CHECK(kind("mariadb", "12-ubi9") == Kind::non_root);
  CHECK(kind("docker", "29-dind") == Kind::root);
  CHECK(kind("docker", "29-dind-rootless") == Kind::non_root);
  CHECK(kind("haproxy", "3.2") == Kind::non_root);
  CHECK(kind("haproxy", "2.2") == Kind::root);
  CHECK(kind("gcr.io/distroless/static-debian12", "") == Kind::root);
  CHECK(kind("gcr.io/distroless/static-debian12", "nonroot") == Kind::non_root);
  CHECK(kind("gcr.io/distroless/static-debian12", "debug-nonroot-arm64") == Kind::non_root);
  CHECK(kind("gcr.io/distroless/static-debian12", "debug") == Kind::root);
  CHECK(kind("mcr.microsoft.com/dotnet/aspnet", "8.0") == Kind::root);
  CHECK(default_user("mcr.microsoft.com/dotnet/aspnet", "8.0-noble-chiseled").user == "1654");
  CHECK(kind("cgr.dev/chainguard/node", "") == Kind::non_root);
  CHECK(kind("cgr.dev/chainguard/wolfi-base", "") == Kind::root);
  CHECK(kind("dhi.io/node", "24") == Kind::non_root);
  CHECK(kind("dhi.io/node", "24-dev") == Kind::root);
  CHECK(kind("mcr.microsoft.com/windows/servercore", "ltsc2025") == Kind::root);
  CHECK(kind("mcr.microsoft.com/windows/nanoserver", "ltsc2025") == Kind::non_root);
  CHECK(kind("registry.access.redhat.com/ubi9/nodejs-22", "") == Kind::non_root);
  CHECK(kind("registry.access.redhat.com/ubi9", "") == Kind::root);
  CHECK(kind("example.org/team/app", "1") == Kind::unknown);
  CHECK(default_user("example.org/team/app", "1").user.empty());
}

TEST_CASE("distroless tells root and nonroot apart by the tag") {
  CHECK(nonroot_tag("gcr.io/distroless/static-debian12", "") == "nonroot");
  CHECK(nonroot_tag("gcr.io/distroless/static-debian12", "latest") == "nonroot");
  CHECK(nonroot_tag("gcr.io/distroless/static-debian12", "debug") == "debug-nonroot");
  CHECK(nonroot_tag("gcr.io/distroless/static-debian12", "latest-arm64") == "nonroot-arm64");
  CHECK(nonroot_tag("gcr.io/distroless/static-debian12", "debug-arm64") == "debug-nonroot-arm64");
  CHECK_FALSE(nonroot_tag("gcr.io/distroless/static-debian12", "nonroot"));
  CHECK_FALSE(nonroot_tag("gcr.io/distroless/static-debian12", "deadbeef"));
  CHECK_FALSE(nonroot_tag("debian", "latest"));
}

TEST_CASE("the tables of users and of images do not contradict each other") {
  for (const tables::User& row : tables::users) {
    if (row.user.of_distribution || row.image.find('*') != std::string_view::npos) continue;
    if (row.image.find(':') != std::string_view::npos) continue;
    const BaseImage* image = base_image(row.image);
    if (image == nullptr || image->user.empty() || !row.user.is_default) continue;
    INFO(row.image);
    const bool same = image->user == row.user.name ||
                      (row.user.uid && image->user == std::to_string(*row.user.uid));
    CHECK(same);
  }
}

TEST_CASE("the table of users is well-formed") {
  for (const tables::User& row : tables::users) {
    INFO(row.image << ' ' << row.user.name);
    // A name that is a number would be taken for one.
    CHECK(std::ranges::any_of(row.user.name, [](char c) { return c < '0' || c > '9'; }) ==
          !row.user.name.empty());
    if (row.image.starts_with('@')) CHECK(row.user.of_distribution);
  }
}

}  // namespace
}  // namespace bulkhead::facts
