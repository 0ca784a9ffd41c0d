#include "analysis/facts/end_of_life.h"

#include <chrono>
#include <set>

#include "analysis/facts/images.h"
#include "analysis/facts/tables.h"
#include "tests/catch.h"

namespace bulkhead::facts {
namespace {

constexpr Date day(int year, unsigned month, unsigned day_of_month) {
  return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day_of_month)};
}
constexpr Date today = day(2026, 11, 23);

// "node 16, alpine 3.15"
std::string named(std::string_view name, std::string_view tag) {
  std::string text;
  for (const Support& support : support_of(name, tag)) {
    if (!text.empty()) text += ", ";
    text.append(support.product).append(" ").append(support.cycle);
  }
  return text;
}

std::string moved(std::string_view name, std::string_view tag, Date when = today) {
  return supported_tag(name, tag, when).value_or("");
}

TEST_CASE("the last day still belongs to the period of support") {
  const End end{End::Kind::on, day(2026, 4, 30)};
  CHECK_FALSE(end.passed(day(2026, 4, 29)));
  CHECK_FALSE(end.passed(day(2026, 4, 30)));
  CHECK(end.passed(day(2026, 5, 1)));
  CHECK(end.day() == day(2026, 4, 30));
  CHECK(End{End::Kind::past}.passed(day(1999, 1, 1)));
  CHECK_FALSE(End{End::Kind::past}.day());
  CHECK_FALSE(End{}.passed(day(2999, 1, 1)));
}

TEST_CASE("a tag names the image's product and what it is built on") {
  CHECK(named("node", "16-alpine3.15") == "node 16, alpine 3.15");
  CHECK(named("node", "16.13.2-bullseye-slim") == "node 16, debian 11");
  CHECK(named("node", "v16") == "node 16");
  CHECK(named("node", "160") == "");
  CHECK(named("node", "lts-alpine3.20.1") == "alpine 3.20");
  CHECK(named("node", "lts-alpine3.200") == "");
  CHECK(named("arm64v8/node", "16") == "node 16");
  CHECK(named("node", "") == "");
  CHECK(named("node", "latest") == "");
  CHECK(named("python", "3.1") == "");  // is not 3.10 ... 3.14
  CHECK(named("python", "3.10") == "python 3.10");
  CHECK(named("python", "3.7-slim-buster") == "python 3.7, debian 10");
  CHECK(named("debian", "buster-slim") == "debian 10");
  CHECK(named("debian", "12.5-slim") == "debian 12");
  CHECK(named("ubuntu", "bionic-20230530") == "ubuntu 18.04");
  CHECK(named("alpine", "3.15.4") == "alpine 3.15");
  CHECK(named("alpine", "3") == "");
  CHECK(named("eclipse-temurin", "8u302-b08-jre-focal") == "eclipse-temurin 8, ubuntu 20.04");
  CHECK(named("tomcat", "9.0-jdk8") == "tomcat 9.0, eclipse-temurin 8");
  CHECK(named("maven", "3-eclipse-temurin-17-alpine") == "eclipse-temurin 17");
  CHECK(named("jenkins/jenkins", "2.504.1-lts") == "jenkins 2.504");
  CHECK(named("jenkins/jenkins", "2.505") == "jenkins 2");
  CHECK(named("centos", "centos7") == "centos 7");
  CHECK(named("centos", "7.9.2009") == "centos 7");
  CHECK(named("quay.io/centos/centos", "stream8") == "centos-stream 8");
  CHECK(named("registry.access.redhat.com/ubi7/ubi", "7.9") == "rhel-ubi 7");
  CHECK(named("nvidia/cuda", "11.0-base-ubuntu18.04") == "ubuntu 18.04");
  CHECK(named("buildpack-deps", "stretch-curl") == "debian 9");
  CHECK(named("gcr.io/distroless/static-debian10", "nonroot") == "debian 10");
  CHECK(named("gcr.io/distroless/static", "nonroot") == "");
  CHECK(named("public.ecr.aws/docker/library/python", "3.7") == "python 3.7");
  CHECK(named("example.org/team/python", "3.7") == "");
  // Releases of ROS and of Ubuntu share names; the image decides.
  CHECK(named("ros", "kinetic-ros-base") == "ros kinetic");
  CHECK(named("ros", "noetic-ros-base-focal") == "ros noetic, ubuntu 20.04");
}

TEST_CASE("what is older than all that is known has ended") {
  CHECK(named("golang", "1.7.3-alpine3.5") == "golang before 1.10, alpine 3.5");
  CHECK(named("prom/prometheus", "v1.8.2").starts_with("prometheus before 2."));
  CHECK(named("debian", "6") == "debian before 7");
  CHECK(support_of("golang", "1.7.3").at(0).eol.passed(day(2020, 1, 1)));
  CHECK(moved("golang", "1.7.3-alpine") == "1.27-alpine");
  // A tag that moves on, and versions that are newer or none at all.
  CHECK(named("golang", "1") == "");
  CHECK(named("python", "3") == "");
  CHECK(named("golang", "1.99") == "");
  CHECK(named("golang", "alpine") == "");
  CHECK(named("mcr.microsoft.com/windows/servercore", "10.0.14393") == "");
}

TEST_CASE(
    "a part of a version that has a later one is the release in it that is supported longest") {
  CHECK(named("python", "2-slim") == "python 2.7");
  CHECK(named("php", "7-fpm-alpine3.13") == "php 7.4, alpine 3.13");
  CHECK(named("haproxy", "1") == "haproxy 1.8");  // 1.9 ended in front of it
  CHECK(named("haproxy", "2") == "haproxy 2.8");
  CHECK(named("ruby", "2.0") == "ruby 2.0.0");
  CHECK(named("redis", "8") == "");  // may have newer ones than are known
  CHECK(named("python", "2rc") == "");
  CHECK(moved("python", "2-slim") == "3.14-slim");
  CHECK(moved("php", "7-fpm") == "8.5-fpm");
  CHECK(moved("haproxy", "2").empty());
  CHECK(moved("ruby", "3-alpine3.15") == "3-alpine");
}

TEST_CASE("a tag stays in front of a release that does not do") {
  CHECK(supported_tag("node", "18-alpine", today, "25") == "24-alpine");
  CHECK(supported_tag("node", "18-alpine", today, "26") == "24-alpine");
  CHECK_FALSE(supported_tag("node", "25", today, "26"));
}

TEST_CASE("images that are handed on by a registry of one's own are what they are") {
  CHECK(named("artifactory.example.com/docker-remote/library/node", "12") == "node 12");
  CHECK(named("123456789012.dkr.ecr.eu-west-1.amazonaws.com/hub/library/alpine", "3.12") ==
        "alpine 3.12");
  CHECK(named("registry.example.com/library/node", "12") == "");  // a project of that name
  CHECK(named("team/hub/library/node", "12") == "");
  CHECK(moved("artifactory.example.com/docker-remote/library/node", "12") == "26");
  CHECK(named("public.ecr.aws/lambda/python", "3.8") == "python 3.8");
  CHECK(moved("public.ecr.aws/lambda/python", "3.8").empty());
}

TEST_CASE("both ends of support are told") {
  const auto debian = support_of("debian", "bookworm").at(0);
  CHECK(debian.codename == "bookworm");
  CHECK(debian.eol.day() == day(2026, 7, 11));
  CHECK(debian.extended.day() == day(2028, 6, 30));
  CHECK(debian.eol.passed(today));
  CHECK_FALSE(debian.extended.passed(today));
  CHECK(support_of("haskell", "9.4").at(0).eol == End{End::Kind::past});
  CHECK(support_of("golang", "1.27").at(0).eol == End{});
  CHECK(support_of("node", "24").at(0).lts);
  CHECK_FALSE(support_of("node", "25").at(0).lts);
}

TEST_CASE("the newest LTS is the one to move to, or the newest of all without LTS") {
  CHECK(newest_supported("node", today)->cycle == "26");
  CHECK(newest_supported("node", day(2023, 1, 1))->cycle == "18");
  CHECK(newest_supported("ubuntu", day(2026, 1, 1))->cycle == "24.04");
  CHECK(newest_supported("python", today)->cycle == "3.14");
  CHECK(newest_supported("composer", today)->cycle != "2.2");  // an LTS of 2021
  CHECK_FALSE(newest_supported("centos", today));
  CHECK_FALSE(newest_supported("no-such-product", today));
  CHECK_FALSE(newest_supported("node", day(2000, 1, 1)));
}

TEST_CASE("a tag moves to what is supported and keeps its variant") {
  CHECK(moved("node", "16-alpine3.15") == "26-alpine");
  CHECK(moved("node", "16") == "26");
  CHECK(moved("node", "16.13.2-bullseye-slim") == "26-trixie-slim");
  CHECK(moved("debian", "buster-slim") == "trixie-slim");
  CHECK(moved("debian", "10.3-slim") == "13-slim");
  CHECK(moved("debian", "buster-20220101-slim") == "trixie-slim");
  CHECK(moved("ubuntu", "18.04") == "26.04");
  CHECK(moved("ubuntu", "bionic") == "resolute");
  CHECK(moved("python", "3.7-slim-buster") == "3.14-slim-trixie");
  CHECK(moved("python", "2.7") == "3.14");
  CHECK(moved("alpine", "3.15.4") == "3.24");
  CHECK(moved("php", "7.4-fpm-alpine3.13") == "8.5-fpm-alpine");
  CHECK(moved("mcr.microsoft.com/dotnet/sdk", "5.0") == "10.0");
  CHECK(moved("mcr.microsoft.com/dotnet/aspnet", "5.0-buster-slim") == "10.0");
  CHECK(moved("amazonlinux", "2") == "2023");
  CHECK(moved("eclipse-temurin", "16-jdk-alpine") == "25-jdk-alpine");
}

TEST_CASE("only what has ended moves") {
  CHECK(moved("python", "3.12.1-slim-buster") == "3.12-slim-trixie");
  CHECK(moved("node", "24-alpine3.15") == "24-alpine");
  CHECK(moved("node", "lts-alpine3.15") == "lts-alpine");
  CHECK(moved("node", "16-trixie") == "26-trixie");
  CHECK(moved("python", "slim-buster") == "slim-trixie");
  CHECK(moved("node", "24").empty());
  CHECK(moved("node", "24-trixie-slim").empty());
  CHECK(moved("node", "latest").empty());
  CHECK(moved("node", "").empty());
  CHECK(moved("node", "16", day(2022, 1, 1)).empty());
  // An LTS is no step back.
  CHECK(moved("julia", "1.11") == "1.12");
}

TEST_CASE("a tag that may not exist is not proposed") {
  CHECK(moved("centos", "7").empty());            // nothing to move to
  CHECK(moved("openjdk", "11").empty());          // the image itself has ended
  CHECK(moved("rockylinux", "7").empty());        // no longer refreshed
  CHECK(moved("tomcat", "8.5-jdk8").empty());     // newer ones need a newer Java
  CHECK(moved("node", "16-something").empty());   // an unknown variant
  CHECK(moved("swift", "5.3-focal").empty());     // nothing known of its versions
  CHECK(moved("traefik", "1.7-alpine").empty());  // newer ones have no such variant
  CHECK(moved("gcr.io/distroless/static-debian10", "nonroot").empty());  // is in the name
  CHECK(moved("mcr.microsoft.com/dotnet/core/sdk", "3.1").empty());
  CHECK(moved("nvidia/cuda", "11.0-base-ubuntu18.04").empty());
}

TEST_CASE("a tag for images that have none") {
  const auto stable = [](std::string_view name) { return stable_tag(name, today).value_or(""); };
  CHECK(stable("node") == "26");
  CHECK(stable("debian") == "13");
  CHECK(stable("ubuntu") == "26.04");
  CHECK(stable("alpine") == "3.24");
  CHECK(stable("python") == "3.14");
  CHECK(stable("golang") == "1.27");
  CHECK(stable("postgres") == "18");
  CHECK(stable("nginx") == "1.31");
  CHECK(stable("mcr.microsoft.com/dotnet/sdk") == "10.0");
  CHECK(stable("prom/prometheus").starts_with("v3."));
  CHECK(stable("public.ecr.aws/docker/library/node") == "26");
  CHECK(stable("centos").empty());
  CHECK(stable("openjdk").empty());
  CHECK(stable("scratch").empty());
  CHECK(stable("example.org/team/node").empty());
  CHECK_FALSE(stable_tag("node", day(2000, 1, 1)));
}

TEST_CASE("every tag that is proposed is one that the tables know, and is supported") {
  for (const tables::Product& product : tables::products) {
    const std::string_view images = product.images;
    const std::string name(images.substr(0, images.find(',')));
    if (name.find('*') != std::string::npos) continue;
    const auto check = [&](const std::optional<std::string>& tag) {
      if (!tag) return;
      INFO(name << ':' << *tag);
      const auto named_by_it = support_of(name, *tag);
      REQUIRE_FALSE(named_by_it.empty());
      CHECK_FALSE(named_by_it.front().eol.passed(today));
    };
    check(stable_tag(name, today));
    for (const tables::Cycle& cycle : product.cycles) {
      check(supported_tag(name, cycle.support.cycle, today));
    }
  }
}

TEST_CASE("every cycle is found by its own name") {
  std::size_t found = 0;
  for (const tables::Product& product : tables::products) {
    if (product.name == "rhel-ubi") continue;  // whose version is in the image's name
    const std::string_view images = product.images;
    const std::string name(images.substr(0, images.find(',')));
    for (const tables::Cycle& cycle : product.cycles) {
      const std::string tag(cycle.tag.literals.substr(0, cycle.tag.literals.find('|')));
      const auto support = support_of(name, tag);
      INFO(name << ':' << tag);
      REQUIRE_FALSE(support.empty());
      CHECK(support.front().cycle == cycle.support.cycle);
      ++found;
    }
  }
  CHECK(found > 1200);
}

TEST_CASE("the table of end of life is well-formed") {
  for (const tables::Product& product : tables::products) {
    std::set<std::string_view> cycles;
    for (const tables::Cycle& cycle : product.cycles) {
      INFO(product.name << ' ' << cycle.support.cycle);
      CHECK(cycles.insert(cycle.support.cycle).second);
      CHECK(cycle.support.product == product.name);
      CHECK(cycle.support.released.ok());
      if (const auto end = cycle.support.eol.day()) {
        CHECK(end->ok());
        CHECK(*end >= cycle.support.released);
      }
    }
  }
}

// The only one that looks at the real clock. It warns and does not fail: a checkout of last year
// must still pass its tests, and time alone must not break a build.
TEST_CASE("the table of end of life is not older than a year") {
  CHECK(end_of_life_snapshot().ok());
  CHECK(end_of_life_snapshot() >= day(2026, 8, 21));
  const auto age = std::chrono::system_clock::now() - std::chrono::sys_days(end_of_life_snapshot());
  if (age > std::chrono::years(1)) {
    WARN("analysis/facts/data/eol.tsv is older than a year: its README.md says how to refresh it");
  }
}

}  // namespace
TEST_CASE("the ends of life that are known are not older than a year") {
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  INFO("tools/refresh-eol.py brings analysis/facts/data/eol.tsv up to date");
  CHECK(now - std::chrono::sys_days(end_of_life_snapshot()) < std::chrono::years(1));
}

}  // namespace bulkhead::facts
