#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/add_sources.h"
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

// The texts between quotes that `copy(` of PHP is given in `code`; empty where it is given others.
struct Copy {
  std::string url;
  std::string file;
};
Copy copy_in(std::string_view code) {
  const auto quoted = [&]() -> std::string {
    const std::size_t begin = code.find_first_not_of(" ,");
    if (begin == std::string_view::npos || (code[begin] != '\'' && code[begin] != '"')) return {};
    const std::size_t end = code.find(code[begin], begin + 1);
    if (end == std::string_view::npos) return {};
    std::string text(code.substr(begin + 1, end - begin - 1));
    code.remove_prefix(end + 1);
    return text;
  };
  constexpr std::string_view call = "copy(";
  const std::size_t at = code.find(call);
  if (at == std::string_view::npos) return {};
  code.remove_prefix(at + call.size());
  Copy copy{quoted(), quoted()};
  return is_remote(copy.url) ? copy : Copy{};
}

// php -r "copy('https://example.com/installer', 'setup.php');" && php setup.php
void check_copies(const Stage& stage, Report& report) {
  Copy copy;
  Span place;
  for (const Run& run : stage.all<Run>()) {
    for (const Command& command : run.commands()) {
      if (command.name() != "php" && copy.file.empty()) continue;
      const auto& texts = command.argument_texts();
      const bool compares =
          run.document().text(command.span()).find("hash_file") != std::string_view::npos ||
          shell::verifies(command.name(), texts);
      if (compares) copy = {};
      if (command.name() != "php" || texts.empty() || !texts.back()) continue;
      const auto runs = [&](const shell::Argument& text) { return text == copy.file; };
      if (!copy.file.empty() && std::ranges::any_of(texts, runs)) {
        report.at(command, message(command.name(), {copy.url}))
            .related(place, "this is what it runs");
        copy = {};
      }
      if (texts.size() < 2 || texts[texts.size() - 2] != "-r") continue;
      Copy next = copy_in(*texts.back());
      if (next.file.empty()) continue;
      copy = std::move(next);
      place = command.span();
    }
  }
}

void check_pipes(const Stage& stage, Report& report) {
  each_timeline(stage, [&](const Timeline& timeline) { check_timeline(timeline, report); });
  check_copies(stage, report);
}

// The words that an interpreter takes for a program: sh -c "$(curl ...)", bash <(curl ...), bash <<< "$(curl
// ...)"
std::vector<Span> programs_of(const Command& command) {
  const auto& texts = command.argument_texts();
  const auto call = shell::interpreter_call(command.name(), texts);
  using Source = shell::InterpreterCall::Source;
  if (!call) return {};
  if (call->source == Source::text || call->source == Source::file)
    return {command.arguments()[call->argument].span()};
  std::vector<Span> found;
  for (const shell::Redirection& redirection : command.data().redirections) {
    if (redirection.kind == shell::Redirection::Kind::herestring)
      found.push_back(command.run().at(redirection.target.span));
  }
  return found;
}

void check_substitutions(const Command& command, Report& report) {
  for (const Span place : programs_of(command)) {
    const std::string_view written = command.run().document().text(place);
    if (written.find_first_of("(`") == std::string_view::npos) continue;
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
}

// deno run -A https://example.com/tool.ts. What deno.land has under a version stays what it is.
void check_modules(const Command& command, Report& report) {
  const auto& texts = command.argument_texts();
  if (command.name() != "deno" || texts.empty() || texts.front() != "run") return;
  for (std::size_t i = 1; i < texts.size(); ++i) {
    if (!texts[i] || texts[i]->starts_with('-')) continue;
    const bool stays =
        texts[i]->starts_with("https://deno.land/") && texts[i]->find('@') != std::string::npos;
    const ShellWord word = command.arguments()[i];
    if (is_remote(*texts[i]) && !stays) report.at(word, message("deno", word.value()));
    return;
  }
}

void check_command(const Command& command, Report& report) {
  check_substitutions(command, report);
  check_modules(command, report);
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
download that breaks off in the middle runs half a script. It is the same with `bash <<< $(curl ...)`, with
`deno run https://...`, and where `php` runs what `copy` of `php -r` has fetched and no `hash_file` looks at.

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
    .checks = each<check_pipes, check_command>,
};

}  // namespace bulkhead::rules
