#include "analysis/facts/build_images.h"

#include "analysis/facts/images.h"
#include "tests/catch.h"

using namespace bulkhead::facts;

namespace {

std::string runtime(std::string_view name, std::string_view tag) {
  const BuildImage* image = build_image(name, tag);
  REQUIRE(image);
  return runtime_image(*image, name, tag);
}

}  // namespace

TEST_CASE("what is built in an image runs on another one of the same version") {
  CHECK(runtime("node", "26") == "node:26-slim");
  CHECK(runtime("node", "26-bookworm") == "node:26-bookworm-slim");
  CHECK(runtime("node", "26-alpine3.22") == "node:26-alpine3.22");
  CHECK(runtime("node", "") == "node:slim");
  CHECK(runtime("public.ecr.aws/docker/library/node", "26") ==
        "public.ecr.aws/docker/library/node:26-slim");
  CHECK(runtime("python", "3.14-bookworm") == "python:3.14-slim-bookworm");
  CHECK(runtime("python", "3.14-slim") == "python:3.14-slim");
  CHECK(runtime("python", "2.7-slim").empty());  // has no venv
  CHECK(runtime("python", "bookworm").empty());  // of what version?
  CHECK(runtime("maven", "3.9-eclipse-temurin-21") == "eclipse-temurin:21-jre");
  CHECK(runtime("maven", "3.9-amazoncorretto-17-alpine") == "eclipse-temurin:17-jre-alpine");
  CHECK(runtime("maven", "3.9").empty());
  CHECK(runtime("gradle", "9.1-jdk25-noble") == "eclipse-temurin:25-jre");
  CHECK(runtime("openjdk", "11-jdk-slim") == "eclipse-temurin:11-jre");
  CHECK(runtime("openjdk", "16").empty());  // there is no such tag
  CHECK(runtime("mcr.microsoft.com/dotnet/sdk", "8.0.404-bookworm-slim") ==
        "mcr.microsoft.com/dotnet/aspnet:8.0-bookworm-slim");
  CHECK(runtime("debian", "trixie") == "debian:trixie-slim");
  CHECK(runtime("alpine", "") == "alpine");
  CHECK(build_image("nginx", "") == nullptr);
}

TEST_CASE("an image without a runtime of its own is one of the SDK images") {
  for (const char* name : {"golang", "rust", "gcc"}) {
    REQUIRE(build_image(name, ""));
    CHECK(build_image(name, "")->runtime.empty());
    REQUIRE(sdk_image(name, ""));
    CHECK(!sdk_image(name, "")->dynamic_runtime.empty());
  }
}

TEST_CASE("variables that only tools for building read") {
  CHECK(is_build_variable("GOFLAGS"));
  CHECK(is_build_variable("PIP_NO_CACHE_DIR"));
  CHECK(!is_build_variable("PORT"));
  CHECK(!is_build_variable("NODE_ENV"));
}
