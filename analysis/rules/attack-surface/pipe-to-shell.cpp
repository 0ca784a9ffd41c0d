#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/shell/commands/interpreters.h"

namespace bulkhead::rules {
namespace {

std::string message(std::string_view interpreter, const Value& url) {
  return fmt::format("{} runs whatever {} returns, unchecked", interpreter,
                     url.text.empty() ? "the server" : url.text);
}

// curl ... | sh
void check_timeline(const Timeline& timeline, Report& report) {
  const auto& effects = timeline.effects();
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const auto* program = effects[i].as<ProgramEffect>();
    if (!program || program->how != ProgramEffect::How::input || !program->downloaded) continue;
    std::size_t from = i;
    while (from > 0 && !effects[from].as<DownloadEffect>()) --from;
    const auto* download = effects[from].as<DownloadEffect>();
    if (!download) continue;
    report.at(effects[i].span, message(program->program.text, download->url))
        .related(effects[from].span, "this is what it runs");
  }
}

void check_pipes(const Stage& stage, Report& report) {
  each_timeline(stage, [&](const Timeline& timeline) { check_timeline(timeline, report); });
}

// sh -c "$(curl ...)", bash <(curl ...)
void check_substitutions(const Command& command, Report& report) {
  const auto& texts = command.argument_texts();
  const auto call = shell::interpreter_call(command.name(), texts);
  using Source = shell::InterpreterCall::Source;
  if (!call || (call->source != Source::text && call->source != Source::file)) return;
  const auto words = command.arguments();
  const Span place = words[call->argument].span();
  const std::string_view written = command.run().document().text(place);
  if (written.find_first_of("(`") == std::string_view::npos) return;
  for (const Command& inner : command.run().commands()) {
    if (!inner.data().in_substitution || !place.covers(inner.span())) continue;
    const auto arguments = inner.arguments();
    const auto download = shell::download(inner.name(), inner.argument_texts());
    if (!download || download->urls.empty()) continue;
    const std::size_t url = download->urls.front().argument;
    report.at(place, message(command.name(), arguments[url].value()))
        .related(arguments[url], "this is what it runs");
    return;
  }
}

}  // namespace

extern constinit const Rule pipe_to_shell{
    .id = "pipe-to-shell",
    .title = "Download that runs unseen",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"owasp:9", "tally:prefer-multi-stage-build"},
    .why = R"(
`curl https://... | sh` runs what a server answers at that moment, mostly as root. Whoever has got hold of the
server, its name or its certificate runs code in every build from then on, and the image does not show it. A
download that breaks off in the middle runs half a script.

Fetch a file with a version in its name, compare its checksum with the one that stands in the Dockerfile, then
run it; or install a package that is signed.

```dockerfile
ADD --checksum=sha256:... https://example.com/install-1.2.sh /tmp/install.sh
RUN sh /tmp/install.sh
```

There is no fix: the checksum has to be taken from somebody who knows it. Ignore the rule in a stage whose result
is compared with something anyway.
)",
    .bad = R"(
FROM debian:13-slim
RUN curl -fsSL https://example.com/install.sh | sh
)",
    .good = R"(
FROM debian:13-slim
ADD --checksum=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 \
    https://example.com/install.sh /tmp/
RUN sh /tmp/install.sh
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add---checksum"},
    .checks = each<check_pipes, check_substitutions>,
};

}  // namespace bulkhead::rules
