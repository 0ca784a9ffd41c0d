#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/model/add_sources.h"
#include "analysis/model/rewrite.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Add& add, Report& report) {
  constexpr unsigned brought_unpack = 17;  // version 1.17 of the syntax
  if (add.flag("unpack")) return;
  const auto sources = add.sources();
  const bool has_remote = std::ranges::any_of(
      sources, [](const Word& source) { return is_remote(source.value().text); });
  for (const Word& source : sources) {
    const Value value = source.value();
    if (is_remote(value.text) || !is_archive(value.text)) continue;
    auto finding = report.at(source, "ADD unpacks " + value.text + ", which nothing here says");
    finding.origins(add, value.variables, "the name comes from here");
    // The flag is for all of them, and what is fetched was not unpacked so far.
    std::vector<Edit> edits{add_flag(add, "--unpack=true")};
    if (!has_remote && require_syntax(add.document(), brought_unpack, edits))
      finding.fix(Safety::safe, "Say so: --unpack=true", std::move(edits));
    return;
  }
}

}  // namespace

extern constinit const Rule implicit_archive_extraction{
    .id = "implicit-archive-extraction",
    .title = "ADD unpacks an archive silently",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"dockle:CIS-DI-0009"},
    .why = R"(
`ADD` unpacks a local file when its bytes look like an archive, whatever was meant. Whoever can change the
file decides on any number of files in the image, with their owners and modes, and on how much they fill.
And a reader of the Dockerfile sees a single file copied.

`--unpack=true` says that it is meant; `COPY` copies the archive as it is. The rule judges by the names of
local files; it is off unless asked for, since unpacking is what `ADD` is mostly used for.

The fix adds the flag, and asks for a version of the syntax that knows it. It is safe: the same is done. There is
none where the frontend is pinned to an older version by its digest, or is another one than Docker's, nor where
the same `ADD` fetches something, which the flag would unpack as well.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM scratch
ADD rootfs.tar.xz /
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM scratch
ADD --unpack=true rootfs.tar.xz /
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add---unpack"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
