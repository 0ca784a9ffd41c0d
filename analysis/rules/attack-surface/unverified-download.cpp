#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "analysis/facts/registries.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Kind = FileEffect::Kind;
using Source = FileEffect::Source;

bool is_executable(const FileEffect& file) {
  return file.mode.find('x') != std::string::npos || (file.mode_after.value_or(0) & 0111) != 0;
}

// Whether what lies at `path` is made into a program, installed, or unpacked, behind effects()[at]; be it under
// another name by then.
bool is_used(const Timeline& timeline, std::size_t at, const std::string& path) {
  std::set<std::string, std::less<>> names{path};
  // What follows further behind has hardly to do with it.
  constexpr std::size_t most = 1000;
  const std::span<const Effect> effects(timeline.effects());
  const auto behind = effects.subspan(at + 1);
  return std::ranges::any_of(
      behind.first(std::min(most, behind.size())), [&](const Effect& effect) {
        if (const auto* program = effect.as<ProgramEffect>()) {
          return std::ranges::any_of(names, [&](const std::string& name) {
            return program->how == ProgramEffect::How::package
                       ? facts::matches_glob(program->program.text, name)
                       : program->program.text == name;
          });
        }
        const auto* file = effect.as<FileEffect>();
        if (!file) return false;
        if (file->kind == Kind::sets_mode)
          return names.contains(file->path.text) && is_executable(*file);
        if (file->kind != Kind::writes || !names.contains(file->from.text)) return false;
        if (file->source == Source::file) names.insert(file->path.text);
        return file->source == Source::archive ||
               (file->source == Source::file && !file->mode.empty() && is_executable(*file));
      });
}

// What a package manager fetches and installs itself, and whose signature it asks for only if told to.
bool fetches_package(const shell::PackageCall& call, const shell::Package& package) {
  return call.action == shell::PackageCall::Action::install &&
         package.kind == shell::Package::Kind::url &&
         is_listed(call.manager, "rpm dnf yum microdnf tdnf zypper");
}

void check_timeline(const Stage& stage, const Timeline& timeline, Report& report) {
  const auto tell = [&](Span place, std::string_view url, std::string_view what) {
    report.at(place,
              fmt::format("{} is {} without a look at whether it is what was meant", url, what));
  };
  const auto& effects = timeline.effects();
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (const auto* packages = effects[i].as<PackageEffect>(); packages && effects[i].command) {
      const Command command = command_of(stage.document(), effects[i]);
      for (const shell::Package& package : packages->call.packages) {
        if (fetches_package(packages->call, package))
          tell(command.arguments()[package.argument].span(), package.name, "installed");
      }
    }
    const auto* download = effects[i].as<DownloadEffect>();
    if (!download || download->verified) continue;
    const bool unpacks =
        download->piped_into.starts_with("tar") || download->piped_into.starts_with("bsdtar") ||
        download->piped_into.starts_with("gunzip") || download->piped_into.starts_with("unzip");
    // In a folder of the base image that is not known, names are still the same.
    const bool has_name =
        !download->path.text.empty() && download->path.text.find('$') == std::string::npos;
    const bool used = has_name && is_used(timeline, i, download->path.text);
    if (unpacks || used) tell(effects[i].span, download->url.text, unpacks ? "unpacked" : "used");
  }
}

void check(const Stage& stage, Report& report) {
  each_timeline(stage, [&](const Timeline& timeline) { check_timeline(stage, timeline, report); });
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

Used is what is run, unpacked, made executable or installed, be it under another name by then; and packages that
`rpm`, `dnf` or `zypper` take straight from an address, where they are content without a signature.

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
