#include "analysis/facts/images.h"

#include <algorithm>
#include <set>
#include <string>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"
#include "tests/catch.h"

namespace bulkhead::facts {
namespace {

TEST_CASE("a glob has stars for any text") {
  CHECK(matches_glob("node", "node"));
  CHECK_FALSE(matches_glob("node", "nodes"));
  CHECK(matches_glob("*", ""));
  CHECK(matches_glob("bitnami/*", "bitnami/redis"));
  CHECK_FALSE(matches_glob("bitnami/*", "bitnamilegacy/redis"));
  CHECK(matches_glob("*-chiseled*", "8.0-noble-chiseled-extra"));
  CHECK(matches_glob("a*b*b", "abb"));
  CHECK_FALSE(matches_glob("a*b*b", "ab"));
  CHECK_FALSE(matches_glob("ab*ba", "aba"));
}

TEST_CASE("the most specific row tells about an image") {
  REQUIRE(base_image("node") != nullptr);
  CHECK(base_image("node")->publisher == Publisher::official);
  CHECK(base_image("node")->user == "root");
  CHECK(base_image("node")->user_evidence == Evidence::verified);
  CHECK(base_image("node", "8-onbuild")->deprecation == Deprecation::yes);
  CHECK(base_image("node", "8")->deprecation == Deprecation::no);
  CHECK(base_image("postgres")->user == "root");
  CHECK(base_image("postgres")->runtime_user == "postgres");
  CHECK(base_image("memcached")->runtime_user == base_image("memcached")->user);
  CHECK(base_image("registry.access.redhat.com/ubi9/ubi-micro")->package_manager == "none");
  CHECK(base_image("registry.access.redhat.com/ubi8/ubi-micro")->package_manager == "none");
  CHECK(base_image("registry.access.redhat.com/ubi8")->package_manager == "dnf");
  CHECK(base_image("openjdk")->replacement.starts_with("eclipse-temurin"));
  CHECK(base_image("rockylinux")->deprecation == Deprecation::stale);
  CHECK(base_image("example.org/team/node") == nullptr);
  CHECK(base_image("") == nullptr);
}

TEST_CASE("a mirror of an official image is that image") {
  CHECK(base_image("public.ecr.aws/docker/library/node") == base_image("node"));
  CHECK(base_image("mirror.gcr.io/library/node") == base_image("node"));
  CHECK(base_image("arm64v8/node") == base_image("node"));
  CHECK(base_image("public.ecr.aws/other/node") == nullptr);
}

TEST_CASE("variants are whole parts of tags") {
  CHECK(has_variant(*base_image("python"), "slim"));
  CHECK(has_variant(*base_image("python"), "trixie"));
  CHECK_FALSE(has_variant(*base_image("python"), "trix"));
  CHECK_FALSE(has_variant(*base_image("alpine"), "slim"));
}

TEST_CASE("the tag tells the distribution, else the image's default does") {
  using enum Distribution;
  CHECK(distribution("node", "") == debian);
  CHECK(distribution("node", "24-slim") == debian);
  CHECK(distribution("node", "24-alpine") == alpine);
  CHECK(distribution("node", "24-alpine3.23") == alpine);
  CHECK(distribution("python", "3.14-slim-bookworm") == debian);
  CHECK(distribution("debian", "bookworm-slim") == debian);
  CHECK(distribution("ubuntu", "24.04") == ubuntu);
  CHECK(distribution("eclipse-temurin", "21-jre") == ubuntu);
  CHECK(distribution("eclipse-temurin", "21-jre-ubi9-minimal") == rhel);
  CHECK(distribution("amazoncorretto", "21-al2023") == rhel);
  CHECK(distribution("mysql", "8-oracle") == rhel);
  CHECK(distribution("openjdk", "17") == rhel);
  CHECK(distribution("openjdk", "17-jdk-slim") == debian);
  CHECK(distribution("openjdk", "8-jre") == debian);
  CHECK(distribution("openjdk", "8-jre-alpine") == alpine);
  CHECK(distribution("fedora", "43") == rhel);
  CHECK(distribution("registry.access.redhat.com/ubi9/ubi-minimal", "9.6") == rhel);
  CHECK(distribution("quay.io/centos/centos", "stream9") == rhel);
  CHECK(distribution("opensuse/leap", "16.0") == suse);
  CHECK(distribution("archlinux", "") == arch);
  CHECK(distribution("cgr.dev/chainguard/wolfi-base", "") == wolfi);
  CHECK(distribution("busybox", "1.37") == busybox);
  CHECK(distribution("gcr.io/distroless/static-debian12", "nonroot") == distroless);
  CHECK(distribution("mcr.microsoft.com/dotnet/aspnet", "8.0-noble-chiseled") == distroless);
  CHECK(distribution("mcr.microsoft.com/dotnet/aspnet", "8.0-noble") == ubuntu);
  CHECK(distribution("scratch", "") == scratch);
  CHECK(distribution("golang", "1.27-nanoserver-ltsc2025") == windows);
  CHECK(distribution("mcr.microsoft.com/windows/servercore", "ltsc2025") == windows);
  CHECK(distribution("nvidia/cuda", "12.4.1-base-ubuntu22.04") == ubuntu);
  // An unknown image that follows the custom of tags.
  CHECK(distribution("example.org/team/app", "1.2-alpine") == alpine);
  CHECK(distribution("example.org/team/app", "1.2") == unknown);
  CHECK(distribution("example.org/team/app", "alpineskiing") == unknown);
}

TEST_CASE("whether there is a shell") {
  CHECK(has_shell("debian", "13-slim") == true);
  CHECK(has_shell("node", "24-alpine") == true);
  CHECK(has_shell("scratch", "") == false);
  CHECK(has_shell("gcr.io/distroless/base-debian12", "") == false);
  CHECK(has_shell("gcr.io/distroless/base-debian12", "nonroot") == false);
  CHECK(has_shell("gcr.io/distroless/base-debian12", "debug") == true);
  CHECK(has_shell("gcr.io/distroless/base-debian12", "debug-nonroot") == true);
  CHECK(has_shell("mcr.microsoft.com/dotnet/runtime", "8.0-jammy-chiseled") == false);
  CHECK(has_shell("mcr.microsoft.com/dotnet/runtime", "8.0-jammy") == true);
  CHECK(has_shell("nats", "2.12") == false);
  CHECK(has_shell("nats", "2.12-alpine") == true);
  CHECK(has_shell("nats", "2.12-scratch") == false);
  CHECK(has_shell("dhi.io/node", "24-debian13") == false);
  CHECK(has_shell("dhi.io/node", "24-debian13-dev") == true);
  CHECK(has_shell("cgr.dev/chainguard/node", "latest") == false);
  CHECK(has_shell("cgr.dev/chainguard/node", "latest-dev") == true);
  CHECK(has_shell("example.org/team/app", "1-alpine") == true);
  CHECK(has_shell("example.org/team/app", "1") == std::nullopt);
}

TEST_CASE("the way to make an account") {
  CHECK(account_tool("debian", "13") == AccountTool::useradd);
  CHECK(account_tool("ubuntu", "26.04") == AccountTool::useradd);
  CHECK(account_tool("node", "24-alpine") == AccountTool::adduser);
  CHECK(account_tool("busybox", "") == AccountTool::adduser);
  CHECK(account_tool("fedora", "43") == AccountTool::useradd);
  CHECK(account_tool("amazonlinux", "2023") == AccountTool::shadow_utils);
  CHECK(account_tool("registry.access.redhat.com/ubi9/ubi", "") == AccountTool::useradd);
  CHECK(account_tool("registry.access.redhat.com/ubi9/ubi-minimal", "") ==
        AccountTool::shadow_utils);
  CHECK(account_tool("registry.access.redhat.com/ubi9/ubi-micro", "") == AccountTool::none);
  CHECK(account_tool("eclipse-temurin", "21-ubi9-minimal") == AccountTool::shadow_utils);
  CHECK(account_tool("scratch", "") == AccountTool::none);
  CHECK(account_tool("gcr.io/distroless/static", "") == AccountTool::none);
  CHECK(account_tool("mcr.microsoft.com/windows/nanoserver", "ltsc2025") == AccountTool::net_user);
  CHECK(account_tool("photon", "5.0") == AccountTool::unknown);
  CHECK(account_tool("example.org/team/app", "1") == AccountTool::unknown);
}

TEST_CASE("the table of images is well-formed") {
  std::set<std::string_view> patterns;
  for (const BaseImage& row : tables::base_images) {
    INFO(row.pattern);
    CHECK(patterns.insert(row.pattern).second);
    CHECK(row.user.find("->") == std::string_view::npos);
    CHECK(row.user.empty() == row.runtime_user.empty());
    // A tag that is not known to the code would make its images unknown in silence.
    const bool no_family =
        row.distribution.empty() || row.distribution == "alt" || row.distribution == "clear";
    std::string name(row.pattern);
    for (std::size_t at; (at = name.find('*')) != std::string::npos;) name.replace(at, 1, "x");
    const std::size_t colon = std::min(name.find(':'), name.size());
    const std::string tag = colon < name.size() ? name.substr(colon + 1) : "";
    CHECK((distribution(name.substr(0, colon), tag) == Distribution::unknown) == no_family);
  }
  CHECK(patterns.size() > 200);
}

TEST_CASE("images whose own command is a server") {
  CHECK(starts_server("nginx", "1.29-alpine"));
  CHECK(starts_server("php", "8.4-apache"));
  CHECK(starts_server("php", "8.4-fpm-alpine"));
  CHECK_FALSE(starts_server("php", "8.4-cli"));
  CHECK_FALSE(starts_server("python", ""));
  CHECK_FALSE(starts_server("nobody/knows", ""));
}

}  // namespace
}  // namespace bulkhead::facts
