#include <fmt/format.h>
#include <algorithm>

#include <string>

#include "analysis/model/effects.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

bool runs(const Effect& effect, std::string_view path) {
  const auto* program = effect.as<ProgramEffect>();
  return program && program->program.text == path;
}

// Whether what lies at `path` is made into a program, or unpacked, behind effects()[at].
bool is_used(const Timeline& timeline, std::size_t at, std::string_view path) {
  const auto& effects = timeline.effects();
  return std::any_of(effects.begin() + static_cast<std::ptrdiff_t>(at) + 1, effects.end(),
                     [&](const Effect& effect) {
                       if (runs(effect, path)) return true;
                       const auto* file = effect.as<FileEffect>();
                       if (!file) return false;
                       const bool unpacked =
                           file->source == FileEffect::Source::archive && file->from.text == path;
                       const bool executable = file->kind == FileEffect::Kind::sets_mode &&
                                               file->path.text == path &&
                                               (file->mode.find('x') != std::string::npos ||
                                                (file->mode_after.value_or(0) & 0111) != 0);
                       return unpacked || executable;
                     });
}

void check(const Stage& stage, Report& report) {
  const Timeline& timeline = stage.effects();
  const auto& effects = timeline.effects();
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const auto* download = effects[i].as<DownloadEffect>();
    if (!download || download->verified) continue;
    const bool unpacks =
        download->piped_into.starts_with("tar") || download->piped_into.starts_with("bsdtar") ||
        download->piped_into.starts_with("gunzip") || download->piped_into.starts_with("unzip");
    const bool used = download->path.known && !download->path.text.empty() &&
                      is_used(timeline, i, download->path.text);
    if (!unpacks && !used) continue;
    report.at(effects[i].span,
              fmt::format("{} is {} without a look at whether it is what was meant",
                          download->url.text, unpacks ? "unpacked" : "used"));
  }
}

}  // namespace

extern constinit const Rule unverified_download{
    .id = "unverified-download",
    .title = "Download used without a checksum or signature",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"sonar:S6474", "cis:4.11", "dockle:CIS-DI-0011"},
    .why = R"(
An archive or a program that is fetched and used at once is whatever the server answers at that moment. TLS says
which server it was, not that its owner still decides what lies there; releases have been replaced on hosts with
perfect certificates.

Compare a checksum that stands in the Dockerfile, or check a signature with a key that does:

```dockerfile
RUN curl -fsSLo tool.tar.gz https://example.com/tool-1.2.tar.gz \
 && echo "9f86d081...  tool.tar.gz" | sha256sum -c - \
 && tar xzf tool.tar.gz
```

There is no fix: the checksum has to be taken from somebody who knows it. What a shell runs straight from a pipe
is reported by a rule of its own.
)",
    .bad = R"(
FROM debian:13-slim
RUN curl -fsSL https://example.com/tool-1.2.tar.gz | tar xz -C /opt
)",
    .good = R"(
FROM debian:13-slim
ADD --checksum=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 \
    https://example.com/tool-1.2.tar.gz /tmp/
RUN tar xzf /tmp/tool-1.2.tar.gz -C /opt
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add---checksum"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
