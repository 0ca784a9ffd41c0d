#include "analysis/compose/compose.h"

#include <array>
#include <string>

#include "analysis/text/edit.h"
#include "host/yaml.h"
#include "tests/catch.h"

namespace bulkhead {
namespace {

std::shared_ptr<const ComposeFile> read(std::string text) {
  return ComposeFile::create(std::move(text), host::read_yaml);
}

Service service(const ComposeFile& file, std::string_view name) {
  for (const Service& candidate : file.services()) {
    if (candidate.name() == name) return candidate;
  }
  FAIL("no service " << name);
  throw 0;
}

std::string applied(const ComposeFile& file, const std::optional<TextEdit>& edit) {
  REQUIRE(edit);
  const auto text = apply_edits(file.text(), std::array{*edit});
  REQUIRE(text);
  return *text;
}

}  // namespace

TEST_CASE("ports of services") {
  const auto file = read(R"(services:
  web:
    ports:
      - 80
      - "8080:81/UDP"
      - "127.0.0.1:3000-3001:3000-3001"
      - "[::1]:9000:90"
      - "${PORT:-5000}:5001"
      - "$NOBODY:1"
      - target: 443
        published: "8443"
        host_ip: 127.0.0.1
      - "5002:nonsense"
)");
  const auto ports = service(*file, "web").ports();
  REQUIRE(ports.size() == 6);
  CHECK(ports[0].target == PortRange{80, 80});
  CHECK_FALSE(ports[0].published);
  CHECK(ports[0].any_free);
  CHECK_FALSE(ports[1].any_free);
  CHECK(ports[1].target == PortRange{81, 81});
  CHECK(ports[1].published == PortRange{8080, 8080});
  CHECK(ports[1].protocol == "udp");
  CHECK(ports[2].host == "127.0.0.1");
  CHECK(ports[2].published == PortRange{3000, 3001});
  CHECK(ports[3].host == "[::1]");
  CHECK(ports[3].target == PortRange{90, 90});
  CHECK(ports[4].published == PortRange{5000, 5000});
  CHECK(ports[5].target == PortRange{443, 443});
  CHECK(ports[5].published == PortRange{8443, 8443});
}

TEST_CASE("mounts of services") {
  const auto file = read(R"(services:
  web:
    volumes:
      - data:/data
      - /anonymous
      - /etc:/host/etc:ro,rshared
      - C:\data:/data
      - type: bind
        source: /proc
        target: /host/proc
        read_only: true
        bind: {propagation: rslave}
      - {type: bind, source: //, target: /host}
      - {type: bind, source: ///run, target: /host/run}
)");
  const auto mounts = service(*file, "web").mounts();
  REQUIRE(mounts.size() == 7);
  CHECK(mounts[0].source == "data");
  CHECK(mounts[1].source.empty());
  CHECK(mounts[1].target == "/anonymous");
  CHECK(mounts[2].source == "/etc");
  CHECK(mounts[2].target == "/host/etc");
  CHECK(mounts[2].read_only);
  CHECK(mounts[2].propagation == "rshared");
  CHECK(mounts[3].source == "C:\\data");
  CHECK(mounts[4].source == "/proc");
  CHECK(mounts[4].read_only);
  CHECK(mounts[4].propagation == "rslave");
  CHECK(mounts[5].source == "/");
  CHECK(mounts[6].source == "/run");
}

TEST_CASE("variables that whoever calls compose has begin paths of the host") {
  const auto file = read(R"(services:
  web:
    volumes: ["$HOME:/a", "${HOME}/x:/b", "$XDG_RUNTIME_DIR/c.sock:/c", "$HOMEPAGE/x:/d", "$HOME/$X:/e"]
)");
  const auto mounts = service(*file, "web").mounts();
  REQUIRE(mounts.size() == 3);
  CHECK(mounts[0].source == "~");
  CHECK(mounts[0].target == "/a");
  CHECK(mounts[1].source == "~/x");
  CHECK(mounts[2].source == "/run/user/1000/c.sock");
}

TEST_CASE("services that extend others of the same file") {
  const auto file = read(R"(services:
  base: {image: a}
  middle: {extends: base}
  top: {extends: {service: middle}}
)");
  const auto base = service(*file, "base");
  const auto top = service(*file, "top");
  CHECK(top.extends(base));
  CHECK_FALSE(base.extends(top));
  CHECK_FALSE(base.extends(base));
}

TEST_CASE("what a service builds") {
  const auto file = read(R"(services:
  plain: {build: ./api}
  full:
    build: {context: "${ROOT:-.}/web", dockerfile: prod.Dockerfile, target: final}
  inline:
    build: {dockerfile_inline: FROM scratch}
  unknown: {build: $WHERE}
  image: {image: nginx}
)");
  CHECK(service(*file, "plain").build()->context == "./api");
  CHECK(service(*file, "plain").build()->dockerfile == "Dockerfile");
  CHECK(service(*file, "full").build()->context == "./web");
  CHECK(service(*file, "full").build()->dockerfile == "prod.Dockerfile");
  CHECK(service(*file, "full").build()->target == "final");
  CHECK(service(*file, "inline").build()->in_place);
  CHECK_FALSE(service(*file, "unknown").build());
  CHECK_FALSE(service(*file, "image").build());
}

TEST_CASE("what a service builds is merged with what it extends") {
  const auto file = read(R"(services:
  base: {build: {context: api, dockerfile: a.Dockerfile, args: {A: 1}}}
  web: {extends: base, build: {dockerfile: b.Dockerfile}}
  short: {extends: base, build: web}
  far: {extends: {file: other.yaml, service: base}, build: {target: x}}
)");
  const auto files = [&](std::string_view path) {
    std::vector<std::string> built;
    for (const BuiltImage& image : images_built(*file, path)) {
      built.push_back(image.file);
      CHECK(image.has_arguments);
    }
    return built;
  };
  CHECK(files("/w/compose.yaml") ==
        std::vector<std::string>{"api/a.Dockerfile", "api/b.Dockerfile", "web/a.Dockerfile"});
  const auto part = read("services:\n  a: {build: {target: x}}\n  b: {build: b}\n");
  CHECK(images_built(*part, "compose.yaml").size() == 2);
  // Merged into another file, which may name the context.
  CHECK(images_built(*part, "compose.override.yaml").size() == 1);
}

TEST_CASE("services take fields from what they extend and merge") {
  const auto file = read(R"(x-base: &base
  privileged: true
services:
  a:
    <<: *base
    user: root
  b: {extends: a, user: app}
  c: {extends: {service: b}}
  d: {extends: {file: other.yaml, service: a}}
  e: {extends: f}
  f: {extends: e}
)");
  CHECK(service(*file, "a").get("privileged")->is(true));
  CHECK(service(*file, "c").get("privileged")->is(true));
  CHECK(service(*file, "c").get("user")->text == "app");
  CHECK_FALSE(service(*file, "c").extends_unknown());
  CHECK(service(*file, "d").extends_unknown());
  CHECK(service(*file, "e").extends_unknown());
  CHECK_FALSE(service(*file, "e").get("user"));
}

TEST_CASE("services merged into the others can be extended") {
  const auto file = read(R"(x-more: &more
  far: {user: far}
  near: {user: hidden}
services:
  <<: [*more, {far: {user: later}}]
  near: {user: near}
  a: {extends: far}
  b: {extends: near}
  c: {extends: nobody}
)");
  CHECK(service(*file, "a").get("user")->text == "far");
  CHECK(service(*file, "b").get("user")->text == "near");
  CHECK_FALSE(service(*file, "c").get("user"));
}

TEST_CASE("a service is found among very many") {
  constexpr std::size_t many = 100'000;
  // Without a text: reading it would take longer than all else.
  const auto parser = [](std::string_view) -> yaml::Reading {
    using Kind = yaml::Node::Kind;
    const auto scalar = [](std::string text) {
      return yaml::Node{.kind = Kind::scalar, .text = std::move(text), .fields = {}};
    };
    const auto mapping = [](std::vector<yaml::Field> fields) {
      return yaml::Node{.kind = Kind::mapping, .fields = std::move(fields)};
    };
    std::vector<yaml::Field> services;
    for (std::size_t i = 0; i < many; ++i)
      services.push_back(
          {scalar("s" + std::to_string(i)), mapping({{scalar("extends"), scalar("last")}})});
    services.push_back({scalar("last"), mapping({{scalar("build"), scalar("app")}})});
    return {.root = mapping({{scalar("services"), mapping(std::move(services))}})};
  };
  const auto file = ComposeFile::create("", parser);
  const auto images = images_built(*file, "compose.yaml");
  REQUIRE(images.size() == many + 1);
  CHECK(images.front().file == "app/Dockerfile");
}

TEST_CASE("variables of compose") {
  CHECK(interpolate("a$$b") == "a$b");
  CHECK(interpolate("${A:-x}-${B-y}") == "x-y");
  CHECK(interpolate("${A:-${B:-z}}") == "z");
  CHECK_FALSE(interpolate("$A"));
  CHECK_FALSE(interpolate("${A}"));
  CHECK_FALSE(interpolate("${A:?needed}"));
  CHECK_FALSE(interpolate("${A:+x-y}"));
  CHECK_FALSE(interpolate("${A:-x"));

  const auto nested = [](std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += "${A:-";
    return text + "x" + std::string(times, '}');
  };
  CHECK(interpolate(nested(16)) == "x");
  CHECK_FALSE(interpolate(nested(100'000)));
}

TEST_CASE("comments speak of the entry below, with all that is in it") {
  const auto file = read(R"(# first
services:
  # web
  web:
    ports:
    # port
    - 80
    - 81
  other:
    image: x
# last
)");
  const auto remarks = file->remarks();
  REQUIRE(remarks.size() == 4);
  CHECK(file->text(*remarks[1].subject) == "web:\n    ports:\n    # port\n    - 80\n    - 81");
  CHECK(file->text(*remarks[2].subject) == "- 80");
  CHECK_FALSE(remarks[3].subject);
}

TEST_CASE("taking entries away leaves the rest as it was") {
  const std::string text =
      "services:\n"
      "  web:\n"
      "    privileged: true # why\n"
      "    cap_add:\n"
      "      - ALL\n"
      "    security_opt:\n"
      "      - seccomp:unconfined\n"
      "      - label:x\n"
      "    dns: [a, b]\n"
      "  one: {privileged: true, image: x}\n"
      "  only:\n"
      "    privileged: true\n";
  const auto file = read(text);
  const auto without = [&](std::string_view lines) {
    std::string rest = text;
    rest.erase(rest.find(lines), lines.size());
    return rest;
  };
  const Service web = service(*file, "web");
  const auto item = [&](std::string_view key, std::size_t index) {
    const yaml::Field& field = *web.field(key);
    return remove_item(web, field, field.value.items[index]);
  };
  CHECK(applied(*file, remove(web, *web.field("privileged"))) ==
        without("    privileged: true # why\n"));
  CHECK(applied(*file, item("cap_add", 0)) == without("    cap_add:\n      - ALL\n"));
  CHECK(applied(*file, item("security_opt", 0)) == without("      - seccomp:unconfined\n"));
  CHECK(applied(*file, item("dns", 0)) == without("a, "));
  CHECK(applied(*file, item("dns", 1)) == without(", b"));
  const Service one = service(*file, "one");
  CHECK_FALSE(remove(one, *one.field("privileged")));
  const Service only = service(*file, "only");
  CHECK_FALSE(remove(only, *only.field("privileged")));  // nothing would be left
}

TEST_CASE("what is no compose file has no services") {
  for (const std::string text : {"", "services", "services: 1", "services: [a]", "services: {a: 1}",
                                 "a: [b", "FROM scratch\n"}) {
    INFO(text);
    CHECK(read(text)->services().empty());
  }
}

}  // namespace bulkhead
