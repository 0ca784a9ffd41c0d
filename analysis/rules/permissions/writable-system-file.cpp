#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/facts/paths.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/written_modes.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// Who may write afterwards, and how grave that is.
struct Writer {
  std::string who;  // empty for the group of the path
  Severity severity = Severity::error;
};

std::optional<Writer> writer_by_mode(const std::string& text) {
  const auto mode = shell::parse_mode(text);
  if (!mode || mode->sticky()) return std::nullopt;
  if (mode->world_writable()) return Writer{"every user"};
  if (mode->group_writable()) return Writer{"", Severity::warning};
  return std::nullopt;
}

std::optional<Writer> writer_by_owner(std::string_view owner) {
  const std::string_view name = without_group(owner);
  if (name.empty() || is_root(name) || name.find('$') != std::string_view::npos)
    return std::nullopt;
  const bool is_number = std::ranges::all_of(name, is_digit);
  // "nobody can write" says the opposite.
  const std::string_view lead = is_number ? "user " : name == "nobody" ? "the user " : "";
  return Writer{fmt::format("{}{}", lead, name)};
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

// What later steps take back, as `chmod g-w` does what `chmod g=u` gave. Asked from the last step to the first.
class TakenBack {
 public:
  void add(const Effect& effect, const FileEffect& file) {
    if (!effect.certain || file.filtered) return;
    const auto mode = shell::parse_mode(file.mode);
    Paths& paths = file.recursive ? trees_ : paths_;
    if (file.kind == FileEffect::Kind::deletes) {
      paths[file.path.text] = {true, true};
    } else if (file.kind == FileEffect::Kind::sets_owner && is_root(file.owner)) {
      paths[file.path.text].owner = true;
    } else if (file.kind == FileEffect::Kind::sets_mode && mode && mode->forbids_group_writing() &&
               !writer_by_mode(file.mode)) {
      paths[file.path.text].mode = true;
    }
  }

  bool has(const FileEffect& file, std::string_view path) const {
    const bool owner = file.kind == FileEffect::Kind::sets_owner;
    const auto takes = [&](const Paths& paths, std::string_view at) {
      const auto found = paths.find(std::string(at));
      return found != paths.end() && (owner ? found->second.owner : found->second.mode);
    };
    if (takes(paths_, path)) return true;
    for (std::string_view at = path;; at = at.substr(0, std::max<std::size_t>(at.rfind('/'), 1))) {
      if (takes(trees_, at)) return true;
      if (at.size() <= 1 || !at.starts_with('/')) return false;
    }
  }

 private:
  struct Rights {
    bool owner = false;
    bool mode = false;
  };
  using Paths = std::unordered_map<std::string, Rights>;
  Paths paths_;
  Paths trees_;  // with all below
};

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

// An effect that lets somebody write what root trusts.
struct Fault {
  const Effect* effect = nullptr;
  const facts::TrustedPath* trusted = nullptr;
  Writer writer;
};

std::vector<Fault> faults_in(const Stage& stage) {
  std::vector<Fault> faults;
  const Timeline& timeline = stage.effects();
  const auto& effects = timeline.effects();
  TakenBack taken_back;
  for (std::size_t at = effects.size(); at-- > 0;) {
    const auto* file = effects[at].as<FileEffect>();
    if (file == nullptr || file->in_mount || file->filtered) continue;
    // What is copied into a folder leaves the folder itself alone.
    const bool is_copy = file->kind == FileEffect::Kind::writes;
    const auto* trusted = facts::trusted_path(file->path.text, file->recursive && !is_copy);
    if (!trusted) continue;
    const bool counts = !is_copy || trusted->kind != facts::TrustedPath::Kind::folder;
    const auto found = counts ? writer(timeline, at) : std::nullopt;
    const std::string_view path =
        file->path.text.starts_with(trusted->path) ? file->path.text : trusted->path;
    if (found && !taken_back.has(*file, path)) faults.push_back({&effects[at], trusted, *found});
    taken_back.add(effects[at], *file);
  }
  std::ranges::reverse(faults);
  return faults;
}

void check(const Stage& stage, Report& report) {
  const Effect* last = nullptr;
  for (const Fault& fault : faults_in(stage)) {
    const Effect& effect = *fault.effect;
    const Instruction instruction(stage.document(), effect.instruction);
    // One finding for a command, whatever it names; those of triggers are told in their own stage.
    const bool is_known = last != nullptr && last->instruction == effect.instruction &&
                          last->command == effect.command;
    if (is_known || instruction.stage() != stage) continue;
    last = &effect;
    const std::string_view own = effect.as<FileEffect>()->path.text;
    const std::string_view path = own.starts_with(fault.trusted->path) ? own : fault.trusted->path;
    const std::string can_write = fault.writer.who.empty()
                                      ? fmt::format("the group of {} can write to it", path)
                                      : fmt::format("{} can write to {}", fault.writer.who, path);
    auto finding = report.at(
        effect.span, fmt::format("After this {}, and so {}", can_write, fault.trusted->gain));
    finding.severity(effect.certain ? fault.writer.severity : Severity::info);
    if (effect.command) mend(command_of(stage.document(), effect), finding);
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
