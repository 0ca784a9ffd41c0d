#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "analysis/rule.h"
#include "analysis/rules/command_options.h"
#include "analysis/rules/mounted_secrets.h"
#include "analysis/rules/secret_values.h"
#include "analysis/rules/shipped_files.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// What takes the file into an image: the layer itself, or the COPY that comes back; none where nothing does.
struct Shipping {
  const Effect* carried = nullptr;
};
std::optional<Shipping> shipping(const Stage& stage, std::size_t at, const std::string& path,
                                 const Report& report) {
  if (stage.is_delivered()) return Shipping{};
  const Effect* carried = report.view<ShippedFiles>(stage.document()).carrier(stage, at, path);
  return carried == nullptr ? std::nullopt : std::optional(Shipping{carried});
}

// Tells of a secret that stays in the file that effects()[at] writes, and of more where `carried` is known.
FindingBuilder tell(Report& report, Span place, const std::string& message, const Effect& effect,
                    const MountedSecret& secret, const Effect* carried) {
  auto finding = report.at(place, message);
  if (!effect.certain) finding.severity(Severity::warning);
  finding.related(secret.flag, "it is mounted here");
  if (carried != nullptr) finding.related(carried->span, "it is taken into the image here");
  return finding;
}

std::string_view layer_of(const Shipping& shipped) {
  return shipped.carried == nullptr ? "this layer" : "a layer";
}

// The word of a `git clone` with the address that it keeps, if that has a login.
std::optional<ShellWord> kept_address(const Command& command) {
  if (command.name() != "git") return std::nullopt;
  for (const ShellWord& word : command.arguments()) {
    const std::string_view text = command.run().document().text(word.span());
    const std::size_t host = text.find("://");
    if (host != std::string_view::npos && text.find('@', host) != std::string_view::npos)
      return word;
  }
  return std::nullopt;
}

// The login in an address; none where quotes or escapes stand in it.
std::optional<Span> login_in(const ShellWord& address, const Run& run) {
  const std::string_view text = run.document().text(address.span());
  const auto login = user_info_in(text);
  if (!login || text.substr(login->begin, login->size()).find_first_of("\"'`\\\n") != text.npos)
    return std::nullopt;
  const std::uint32_t begin = address.span().begin;
  return Span{begin + login->begin, begin + login->end};
}

// Whether the same RUN deletes what effects()[at] leaves there, or gives git another address.
bool is_taken_back(const Timeline& timeline, const Commands& commands, std::size_t at,
                   const std::string& path) {
  const Effect& effect = timeline.effects()[at];
  const bool is_deleted = std::ranges::any_of(timeline.on_path(path), [&](std::size_t index) {
    const Effect& other = timeline.effects()[index];
    return index > at && other.instruction == effect.instruction && other.certain &&
           other.as<FileEffect>()->kind == FileEffect::Kind::deletes;
  });
  if (is_deleted) return true;
  for (std::size_t i = *effect.command + 1; i < commands.size(); ++i) {
    const auto has = [&](std::string_view text) { return has_argument(commands[i], text); };
    const bool is_changed = commands[i].name() == "git" && has("remote") &&
                            (has("set-url") || has("remove") || has("rm"));
    if (is_changed && !kept_address(commands[i])) return true;
  }
  return false;
}

// Git writes the address that it clones into the configuration of the clone.
void check_clones(const Stage& stage, Report& report) {
  const Timeline& timeline = stage.effects();
  for (std::size_t i = 0; i < timeline.effects().size(); ++i) {
    const Effect& effect = timeline.effects()[i];
    const auto* download = effect.as<DownloadEffect>();
    if (download == nullptr || !effect.command || download->path.text.empty()) continue;
    const Run run(Instruction(stage.document(), effect.instruction));
    const Commands commands = run.commands();
    const Command& command = commands[*effect.command];
    const auto address = has_argument(command, "clone") ? kept_address(command) : std::nullopt;
    const auto secret = address ? mounted_secret_in(run, address->span()) : std::nullopt;
    if (!secret) continue;
    const std::string path = download->path.text + "/.git/config";
    const bool is_mounted = std::ranges::any_of(run.mounts(), [&](const Mount& mount) {
      const auto target = mount.get("target", "dst", "destination");
      return target && is_within(path, run.expand(*target).text);
    });
    const auto shipped = shipping(stage, i, path, report);
    if (is_mounted || !shipped || is_taken_back(timeline, commands, i, path)) continue;
    auto finding =
        tell(report, address->span(),
             fmt::format("git keeps the mounted secret {} in {}, and so in {} of the image",
                         secret->id, path, layer_of(*shipped)),
             effect, *secret, shipped->carried);
    const auto login = login_in(*address, run);
    if (!login || !mounted_secret_in(run, *login)) continue;
    if (auto fix = netrc_fix(command, *login))
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
  }
}

void check(const Stage& stage, Report& report) {
  check_clones(stage, report);
  const Timeline& timeline = stage.effects();
  for (std::size_t i = 0; i < timeline.effects().size(); ++i) {
    const auto secret = mounted_secret(timeline, stage.document(), i);
    if (!secret || timeline.is_undone(i)) continue;
    const Effect& effect = timeline.effects()[i];
    const std::string& path = effect.as<FileEffect>()->path.text;
    const auto shipped = shipping(stage, i, path, report);
    if (!shipped) continue;
    tell(report, effect.span,
         fmt::format("The mounted secret {} is written to {}, and so into {} of the image",
                     secret->id, path.empty() ? "a file" : path, layer_of(*shipped)),
         effect, *secret, shipped->carried);
  }
}

}  // namespace

extern constinit const Rule secret_mount_persisted{
    .id = "secret-mount-persisted",
    .title = "A mounted secret is written into the image",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .why = R"(
A secret mount is there for one `RUN` and leaves nothing behind, unless that `RUN` copies it: `cp
/run/secrets/x /root/.netrc`, `cat /run/secrets/x > .env`, or a variable that holds it and is printed into a
file. Then the layer has it, and so does everybody who can pull the image, whatever a later layer deletes. `git clone`
keeps the address with the login in `.git/config` of the clone.

Mount the secret where the program looks for it: `--mount=type=secret,id=netrc,target=/root/.netrc`. A secret
that the program needs while it runs belongs to the place where it runs: `docker run`, `secrets:` in Compose, a
Secret in Kubernetes.

The rule is silent where the same `RUN` deletes the file again, where it lies in another mount, and in a stage of
which nothing that has the file gets into an image. It is a warning where that happens only sometimes.

The fix takes the login out of the address that `git clone` is given, and mounts a `.netrc`, which git reads. It is
unsafe because the build has to get that file, `--secret id=netrc,src=$HOME/.netrc`; the mount that held the login stays,
for whatever else reads it. For what other commands write there is none: it is often more than the secret, and only its
author knows who reads it.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM debian:13
RUN --mount=type=secret,id=netrc cp /run/secrets/netrc /root/.netrc && git clone https://git.example.com/app
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM debian:13
RUN --mount=type=secret,id=netrc,target=/root/.netrc git clone https://git.example.com/app
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
