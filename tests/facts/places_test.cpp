// What is known of ports, registries, paths, capabilities, servers, and images with compilers.

#include <set>
#include <string_view>

#include "analysis/facts/capabilities.h"
#include "analysis/facts/image_purposes.h"
#include "analysis/facts/images.h"
#include "analysis/facts/paths.h"
#include "analysis/facts/ports.h"
#include "analysis/facts/programs.h"
#include "analysis/facts/registries.h"
#include "analysis/facts/servers.h"
#include "tests/catch.h"

using namespace bulkhead::facts;

TEST_CASE("a port is known by number and protocol") {
  REQUIRE(known_port(22, false));
  CHECK(known_port(22, false)->service == "SSH");
  CHECK(known_port(22, true) == nullptr);
  CHECK(known_port(53, true) == known_port(53, false));
  CHECK(known_port(2375, false)->risk == Risk::critical);
  CHECK(known_port(60000, false) == nullptr);
}

TEST_CASE("the first registry that matches says who publishes") {
  const auto trust = [](std::string_view repository) {
    const Registry* registry = registry_of(repository);
    return registry ? std::optional(registry->trust) : std::nullopt;
  };
  CHECK(trust("docker.io/library/node") == Trust::official);
  CHECK(trust("docker.io/grafana/grafana") == Trust::verified_publisher);
  CHECK(trust("docker.io/somebody/app") == Trust::unverified);
  CHECK(trust("gcr.io/distroless/static-debian13") == Trust::vendor);
  CHECK(trust("gcr.io/my-project/app") == Trust::customer);
  CHECK(trust("registry.example.com/app") == std::nullopt);
}

TEST_CASE("what the kernel shows is known with all below it, the system's folders alone") {
  const auto kind = [](std::string_view path) {
    const SystemPath* known = system_path(path);
    return known ? std::optional(known->kind) : std::nullopt;
  };
  CHECK(kind("/") == PathKind::root);
  CHECK(kind("/proc") == PathKind::kernel);
  CHECK(kind("/proc/sys") == PathKind::kernel);
  CHECK(kind("/process") == std::nullopt);
  CHECK(kind("/dev/shm") == std::nullopt);
  CHECK(kind("/etc") == PathKind::system);
  CHECK(kind("/etc/app") == std::nullopt);
  CHECK(kind("/run/user/1000/docker.sock") == PathKind::socket);
}

TEST_CASE("images with compilers are told from those without") {
  REQUIRE(sdk_image("golang", "1.26-alpine"));
  CHECK(sdk_image("golang", "")->static_runtime == "gcr.io/distroless/static-debian13:nonroot");
  CHECK(sdk_image("swift", "6.2"));
  CHECK(sdk_image("swift", "6.2-slim") == nullptr);
  CHECK(sdk_image("nvidia/cuda", "13.0.0-devel-ubuntu24.04"));
  CHECK(sdk_image("nvidia/cuda", "13.0.0-runtime-ubuntu24.04") == nullptr);
  CHECK(sdk_image("node", "26") == nullptr);
  REQUIRE(sdk_image("eclipse-temurin", "25"));
  CHECK(sdk_image("eclipse-temurin", "25")->program == "java");
  CHECK(sdk_image("eclipse-temurin", "25-jre-alpine") == nullptr);
  REQUIRE(sdk_image("amazoncorretto", "8-alpine"));
  CHECK(sdk_image("amazoncorretto", "8-alpine")->runtime == "amazoncorretto with a -jre tag");
  CHECK(sdk_image("amazoncorretto", "25-al2023-headless") == nullptr);
}

TEST_CASE("what -slim images lack is known by program") {
  REQUIRE(slim_lacks("git"));
  CHECK(slim_lacks("g++")->package == "g++");
  CHECK(slim_lacks("pip") == nullptr);
}

TEST_CASE("the first release that lacks a program is known") {
  const auto first_without = [](std::string_view image, const std::set<std::string_view>& called) {
    return bulkhead::facts::first_without(
        image, [&](std::string_view program) { return called.contains(program); });
  };
  CHECK(first_without("node", {"node", "corepack", "yarn"}) == "25");
  CHECK(first_without("library/node", {"yarn"}) == "26");
  CHECK(first_without("node", {"npm"}).empty());
  CHECK(first_without("cimg/node", {"yarn"}).empty());
}

TEST_CASE("what images bring is known by image and tag") {
  CHECK(brings("buildpack-deps", "trixie", "curl"));
  CHECK(brings("python", "3.14-trixie", "wget"));
  CHECK_FALSE(brings("python", "3.14-slim", "curl"));
  CHECK_FALSE(brings("python", "3.14-alpine", "curl"));
  CHECK(brings("python", "3.14-alpine", "wget"));
  CHECK(brings("alpine", "", "wget"));
  CHECK_FALSE(brings("debian", "trixie", "curl"));
  CHECK(brings("node", "24", "yarn"));
  CHECK_FALSE(brings("node", "26", "yarn"));
  CHECK_FALSE(brings("node", "latest", "yarn"));
}

TEST_CASE("what root trusts, by itself and below a folder") {
  REQUIRE(trusted_path("/etc/passwd"));
  CHECK(trusted_path("/etc/passwd")->gain == "make itself root");
  CHECK(trusted_path("/etc/sudoers.d/app"));
  CHECK(trusted_path("/etc/sudoers.d/app/x") == nullptr);
  CHECK(trusted_path("/usr/local/bin"));
  CHECK(trusted_path("/usr/local/bin/app") == nullptr);
  CHECK(trusted_path("/usr/local") == nullptr);
  CHECK(trusted_path("/usr/local", true));
  CHECK(trusted_path("/", true));
  CHECK(trusted_path("/us", true) == nullptr);
}

TEST_CASE("what is too much for a file is not always too much for a container") {
  CHECK(dangerous_capability("cap_setuid"));
  CHECK(dangerous_for_container("cap_setuid") == nullptr);
  CHECK(dangerous_for_container("CAP_SYS_ADMIN"));
  CHECK(dangerous_capability("NET_BIND_SERVICE") == nullptr);
}

TEST_CASE("folders that every user may write") {
  CHECK(is_shared_folder("/tmp"));
  CHECK(is_shared_folder("/dev/shm"));
  CHECK_FALSE(is_shared_folder("/tmp/app"));
}

TEST_CASE("a server is known by its program, and by the image that starts it") {
  REQUIRE(server("nginx", "nginx", ""));
  CHECK(server("nginx", "nginx", "")->writes == "/var/cache/nginx/,/run/nginx.pid");
  CHECK(server("nginx", "debian", "")->writes != server("nginx", "nginx", "")->writes);
  CHECK(server("php-fpm8.4", "", "")->leaves_root);
  CHECK(server("node", "node", "") == nullptr);
  CHECK(server_of_image("nginx", "1.29") == server("nginx", "nginx", ""));
  CHECK(server_of_image("debian", "") == nullptr);
  CHECK(server_of_image("", "") == nullptr);
}

TEST_CASE("some servers are of some tags, and some programs are known by their paths") {
  REQUIRE(server_of_image("docker", "27-dind"));
  CHECK(server_of_image("docker", "27-dind")->program == "dockerd");
  CHECK(server_of_image("docker", "27-cli") == nullptr);
  CHECK(server("/sbin/init", "fedora", "44")->root_for == "start services");
  CHECK(server("/init", "", "")->root_for.empty());
  CHECK(server("init", "", "") == nullptr);
  CHECK(server("/usr/sbin/cron", "debian", "")->root_for == "start each job as its user");
}

TEST_CASE("newer versions of an image open what older ones keep for root") {
  const Server& caddy = *server("caddy", "caddy", "2.9");
  CHECK_FALSE(is_open(caddy, "2.9-alpine"));
  CHECK(is_open(caddy, "2.10-alpine"));
  CHECK(is_open(caddy, "2.11.4"));
  CHECK(is_open(caddy, "2"));
  CHECK(is_open(caddy, "alpine"));
  CHECK_FALSE(is_open(*server("nginx", "nginx", ""), ""));
}

TEST_CASE("some images are run as another user than they say") {
  CHECK(is_given_user("public.ecr.aws/lambda/python"));
  CHECK(is_given_user("amazon/aws-lambda-nodejs"));
  CHECK_FALSE(is_given_user("amazonlinux"));
  CHECK_FALSE(is_given_user("python"));
}
