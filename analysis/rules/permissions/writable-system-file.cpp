#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/facts/paths.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/written_modes.h"

namespace bulkhead::rules {
namespace {

// Who may write afterwards, as a sentence about it begins, and how grave that is.
struct Writer {
  std::string who;
  Severity severity = Severity::error;
};

std::optional<Writer> writer_by_mode(const std::string& text) {
  const auto mode = shell::parse_mode(text);
  if (!mode || mode->sticky()) return std::nullopt;
  if (mode->world_writable()) return Writer{"Every user"};
  if (mode->group_writable()) return Writer{"The group of that path", Severity::warning};
  return std::nullopt;
}

std::optional<Writer> writer_by_owner(std::string_view owner) {
  const std::string_view name = without_group(owner);
  if (name.empty() || is_root(name) || name.find('$') != std::string_view::npos)
    return std::nullopt;
  return Writer{std::string(name)};
}

std::optional<Writer> writer(const Timeline& timeline, std::size_t at) {
  const FileEffect& file = *timeline.effects()[at].as<FileEffect>();
  using Kind = FileEffect::Kind;
  const bool copied =
      file.source == FileEffect::Source::context || file.source == FileEffect::Source::stage ||
      file.source == FileEffect::Source::image || file.source == FileEffect::Source::text;
  const bool is_told = file.kind == Kind::sets_owner ||
                       (file.kind == Kind::writes && copied && !timeline.effects()[at].command);
  if (is_told) {
    if (auto owner = writer_by_owner(file.owner)) return owner;
  }
  const auto by_mode = file.mode.empty() ? std::nullopt : writer_by_mode(file.mode);
  return by_mode && !timeline.is_mode_undone(at) ? by_mode : std::nullopt;
}

// Whether a later step takes back what effects()[at] gives, as `chmod g=u` and `chmod g-w` do.
bool is_taken_back(const Timeline& timeline, std::size_t at, std::string_view path) {
  const auto& effects = timeline.effects();
  const FileEffect& file = *effects[at].as<FileEffect>();
  for (const std::size_t later : timeline.on_path(path)) {
    const FileEffect& other = *effects[later].as<FileEffect>();
    if (later <= at || !effects[later].certain || other.filtered) continue;
    if (other.kind == FileEffect::Kind::deletes) return true;
    if (other.kind != file.kind) continue;
    if (file.kind == FileEffect::Kind::sets_owner && is_root(other.owner)) return true;
    if (file.kind == FileEffect::Kind::sets_mode && !writer_by_mode(other.mode)) {
      const auto mode = shell::parse_mode(other.mode);
      if (mode && mode->forbids_group_writing()) return true;
    }
  }
  return false;
}

// Takes the right away: another mode, or no command.
void mend(const Command& command, FindingBuilder& finding) {
  const auto written = written_mode(command);
  if (!written) return;
  if (written->mode.world_writable()) {
    const std::string& tight = written->mode.tightened();
    if (const auto edit = replace_mode(*written, tight))
      finding.fix(Safety::unsafe, "Use mode " + tight, *edit);
  } else if (written->targets.size() == 1) {
    if (const auto edit = remove_command(command))
      finding.fix(Safety::unsafe, "Leave the mode as it is", *edit);
  }
}

void check(const Stage& stage, Report& report) {
  using Kind = facts::TrustedPath::Kind;
  const Timeline& timeline = stage.effects();
  const auto& effects = timeline.effects();
  std::optional<std::pair<std::uint32_t, std::optional<std::uint32_t>>> reported;
  for (std::size_t at = 0; at < effects.size(); ++at) {
    const Effect& effect = effects[at];
    const auto* file = effect.as<FileEffect>();
    const bool in_image = file != nullptr && !file->in_mount && !file->filtered &&
                          Instruction(stage.document(), effect.instruction).stage() == stage;
    if (!in_image) continue;
    // What is copied into a folder leaves the folder itself alone.
    const bool is_copy = file->kind == FileEffect::Kind::writes;
    const auto* trusted = facts::trusted_path(file->path.text, file->recursive && !is_copy);
    if (!trusted || (is_copy && trusted->kind == Kind::folder)) continue;
    const auto found = writer(timeline, at);
    if (!found || is_taken_back(timeline, at, trusted->path)) continue;
    // One finding for a command, whatever it names.
    const std::pair source{effect.instruction, effect.command};
    if (reported == source) continue;
    reported = source;
    const bool is_it =
        file->path.text == trusted->path || file->path.text.starts_with(trusted->path);
    auto finding =
        report.at(effect.span, fmt::format("{} may write {} after this, and can so {}", found->who,
                                           is_it ? file->path.text : trusted->path, trusted->gain));
    finding.severity(effect.certain ? found->severity : Severity::info);
    if (!effect.command) continue;
    const Run run(Instruction(stage.document(), effect.instruction));
    mend(run.commands().at(*effect.command), finding);
  }
}

}  // namespace

extern constinit const Rule writable_system_file{
    .id = "writable-system-file",
    .title = "A file of the system that others than root may write",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {},
    .why = R"(
Who may write `/etc/passwd` becomes root with one line; the same goes for `/etc/shadow`, `sudoers`,
`ld.so.preload`, the tables of cron and PAM, and for the folders that programs are looked for in. A fault in
any process of the container then gives all rights in it.

Read are `chmod`, `chown`, `install`, and `--chmod` and `--chown` of `COPY` and `ADD`, also with `-R` on a
folder above. It is an `error` where every user or the named one may write, and a `warning` where the group
may: it is mostly that of root, which ordinary users are not in. But on OpenShift every container runs in
that group with a number of its own, and `chmod g=u /etc/passwd`, which old guides for it recommend, gave every
process root (CVE-2019-19335 and its kin). It is not needed any more: OpenShift adds the line for such a
number by itself. In a branch or a loop of the shell it is an `info`.

The fix takes the right from group and others, or leaves the mode as it was. It is unsafe, for the entry point
may count on it. There is none for an owner: who is to write there must be told another place first.
)",
    .bad = R"(
FROM registry.access.redhat.com/ubi9/ubi-minimal:9.7
COPY entrypoint server /opt/app/
RUN chmod 755 /opt/app/* && chmod g=u /etc/passwd
USER 10001
ENTRYPOINT ["/opt/app/entrypoint"]
)",
    .good = R"(
FROM registry.access.redhat.com/ubi9/ubi-minimal:9.7
COPY entrypoint server /opt/app/
RUN chmod 755 /opt/app/*
USER 10001
ENTRYPOINT ["/opt/app/entrypoint"]
)",
    .references = {"https://access.redhat.com/articles/4859371",
                   "https://docs.openshift.com/container-platform/4.17/openshift_images/"
                   "create-images.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
