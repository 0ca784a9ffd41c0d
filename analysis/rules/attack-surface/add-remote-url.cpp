#include "analysis/model/add_sources.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Add& add, Report& report) {
  for (const Word& source : add.sources()) {
    const Value value = source.value();
    if (!is_remote(value.text)) continue;
    report.at(source, "ADD fetches " + value.text + " while the image is built")
        .origins(add, value.variables, "the address comes from here");
  }
}

}  // namespace

extern constinit const Rule add_remote_url{
    .id = "add-remote-url",
    .title = "ADD fetches something",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"kics:curl_or_wget_instead_of_add"},
    .why = R"(
What comes from the network can be something else tomorrow, or be missing. Some teams therefore want all that
goes into an image to lie in the build context, or to be fetched by a `RUN` that checks and unpacks it in one
layer.

Others prefer `ADD` for this: BuildKit fetches without a tool in the image, keeps the answer in its cache, and
checks it with `--checksum`. That is why the rule is off unless asked for. There is no fix, for the file has
to come from somewhere. Whether a checksum is given makes no difference here; another rule asks for it.
)",
    .bad = R"(
FROM debian:13
ADD https://example.com/app.tar.gz /opt/
)",
    .good = R"(
FROM debian:13
COPY app.tar.gz /opt/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
