#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// What is known of base images. In all of facts/, `name` is an image's familiar name without tag
// ("node", "grafana/grafana", "gcr.io/distroless/static-debian12"; ImageReference::familiar_name),
// and `tag` is its tag as written; an empty one means "latest". Mirrors of the official images
// (public.ecr.aws/docker/library/node, example.com/hub/library/node) are taken for what they mirror.
// Nothing here keeps a reference to its arguments; the views that come back live as long as the
// program. The data and their sources are in facts/data/README.md.
namespace bulkhead::facts {

// How a fact came to be known. A fact that is merely `known` should make a hint, never an error.
enum class Evidence : std::uint8_t {
  known,     // general knowledge of the image
  verified,  // read in the image's own Dockerfile
};

enum class Publisher : std::uint8_t {
  official,   // Docker's official library
  removed,    // was there once; its tags are frozen or gone
  reserved,   // scratch
  vendor,     // the maker of what is inside
  community,  // somebody else
};

enum class Deprecation : std::uint8_t { no, yes, stale /* no longer refreshed */ };

// How the tags of a deprecated image carry over to its successor.
enum class SuccessorTag : std::uint8_t {
  none,
  same,
  nearest,  // the oldest supported release that is not older
};

// One row of what is known.
struct BaseImage {
  std::string_view pattern;  // the name, or a glob ("bitnami/*", "node:*-onbuild")
  Publisher publisher;
  Deprecation deprecation;
  std::string_view
      replacement;  // for people to read: "eclipse-temurin,amazoncorretto"; may be empty
  std::string_view
      successor;  // to move to, with `*` for what the pattern's stands for; may be empty
  SuccessorTag successor_tag;
  std::string_view user;          // that the container starts as; empty when not known
  std::string_view runtime_user;  // that the image's own entry point steps down to, or `user`
  Evidence user_evidence;
  bool shell;                        // of the default tag; see has_shell() for its variants
  std::string_view libc;             // of the default tag: "glibc", "musl", "none" ...
  std::string_view package_manager;  // of the default tag: "apt", "apk", "microdnf/dnf", "none" ...
  std::string_view distribution;     // of the default tag, in more detail than Distribution
  std::string_view variants;         // parts of tags that exist: "slim,alpine,trixie"
  std::string_view serves;           // see starts_server()
  std::string_view note;
};

// The most specific row for the image, or null when nothing is known of it.
const BaseImage* base_image(std::string_view name, std::string_view tag = {});

// An image with the tools to build programs, which few programs need to run.
struct SdkImage {
  std::string_view pattern;  // the name, or a glob; with ':' a glob of tags follows
  std::string_view except;   // globs of tags without the tools, between commas
  std::string_view tools;    // for people to read: "the Go compiler"
  std::string_view runtime;  // the same: what to ship the program on
  // Names with tags of minimal images that run what was linked with all its libraries, or against
  // those of Debian; empty where there is none.
  std::string_view static_runtime;
  std::string_view dynamic_runtime;
  // Where a container may need the tools: the program that does not, unless an argument says so.
  std::string_view program;  // empty: no container does
  std::string_view unless;   // globs of arguments, between blanks
};

// Null for an image that is no such, or not known.
const SdkImage* sdk_image(std::string_view name, std::string_view tag);

// Whether `part` ("slim", "alpine", "bookworm") is known to occur in tags of the image.
bool has_variant(const BaseImage& image, std::string_view part);

// Whether the image's own command is a server, that is to be shipped with some content added (nginx);
// others start a prompt, or nothing, and are there to be built on.
bool starts_server(std::string_view name, std::string_view tag);

// Families of distributions, by how accounts and packages are made in them.
enum class Distribution : std::uint8_t {
  unknown,
  debian,
  ubuntu,
  alpine,
  rhel,  // and what is built like it: Fedora, UBI, CentOS, Rocky, Alma, Oracle, Amazon, Photon
  suse,
  arch,
  wolfi,
  busybox,
  distroless,  // the user land of a distribution without shell and package manager
  scratch,     // nothing, or a single static program
  windows,
};

// Read from the tag's parts (-alpine3.20, -bookworm, -ubi9, -nanoserver, -chiseled), else from what
// is known of the image's default tag.
Distribution distribution(std::string_view name, std::string_view tag);

// Whether `RUN command` in shell form can work; none when the image is not known.
std::optional<bool> has_shell(std::string_view name, std::string_view tag);

// The way to make an account in an image.
enum class AccountTool : std::uint8_t {
  unknown,
  none,          // no shell, or no such program: only a number can be used
  useradd,       // useradd and groupadd of shadow
  adduser,       // adduser and addgroup of busybox
  shadow_utils,  // useradd, once the package shadow-utils has been installed
  net_user,      // Windows
};

AccountTool account_tool(std::string_view name, std::string_view tag);

}  // namespace bulkhead::facts
