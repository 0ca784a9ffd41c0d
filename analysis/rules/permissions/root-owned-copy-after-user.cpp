#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/files.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/account_numbers.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/flag_values.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// Why the user has to write what is copied.
struct Reason {
  std::string path;
  std::string what;  // the end of a sentence about the user
  std::optional<Span> place = std::nullopt;
};

// Whether it is COPY or ADD without --chown where USER is somebody else than root.
bool is_meant(const Stage& stage, const Effect& effect) {
  const Instruction instruction(stage.document(), effect.instruction);
  const bool is_copy = instruction.kind() == Keyword::copy || instruction.kind() == Keyword::add;
  if (!is_copy || instruction.stage() != stage || instruction.is_trigger() ||
      instruction.flag("chown"))
    return false;
  const EffectiveUser user = stage.user_before(instruction.index());
  return user.set_by && user.value.known && !is_root(user.value.text);
}

// Whether a step, for certain, changes the mode of what lies there, or writes it anew.
bool changes(const Effect& effect, const FileEffect& file) {
  if (!effect.certain || !effect.command || file.in_mount) return false;
  // `sed -i`, `mv` and the like put another file in its place, for which the folder counts.
  return file.kind == FileEffect::Kind::sets_mode ||
         (file.kind == FileEffect::Kind::writes && file.source == FileEffect::Source::text);
}

bool is_state(std::string_view path) {
  const auto* known = facts::sensitive_file(path);
  return known != nullptr && known->kind == facts::FileKind::data;
}

// By the index of the instruction.
std::map<std::uint32_t, Reason> reasons(const Stage& stage) {
  std::map<std::uint32_t, Reason> found;
  const Timeline& timeline = stage.effects();
  const auto& effects = timeline.effects();
  Forgiven is_forgiven(stage.document());
  std::vector<std::string> volumes;
  for (const Stage& each : stage.lineage()) {
    for (const Volume& volume : each.all<Volume>()) {
      for (const Word& word : volume.words()) volumes.push_back(normalized(word.value().text));
    }
  }
  for (std::size_t at = 0; at < effects.size(); ++at) {
    const auto* file = effects[at].as<FileEffect>();
    if (file == nullptr) continue;
    const std::string& path = file->path.text;
    if (is_meant(stage, effects[at])) {
      const bool is_volume = std::ranges::any_of(
          volumes, [&](const std::string& volume) { return is_within(path, volume); });
      if (is_volume)
        found.try_emplace(effects[at].instruction, Reason{path, "keep data in the volume there"});
      if (is_state(path)) found.try_emplace(effects[at].instruction, Reason{path, "write it"});
      continue;
    }
    if (effects[at].user.empty() || !changes(effects[at], *file)) continue;
    const Effect* write = timeline.last_write(path, at);
    if (write == nullptr || write < effects.data() || write >= effects.data() + effects.size() ||
        !is_meant(stage, *write))
      continue;
    const std::string user = user_of_step(Instruction(stage.document(), write->instruction)).name;
    const bool is_tree = write->as<FileEffect>()->path.text != path;
    if (is_tree && file->kind != FileEffect::Kind::sets_mode) continue;
    if (effects[at].user == user && !is_forgiven(effects[at])) {
      found.try_emplace(write->instruction,
                        Reason{path, "change it further down", effects[at].span});
    }
  }
  return found;
}

// What --chown says for `user`; none where it takes a number that is not known.
std::optional<std::string> owner(const Stage& stage, const Instruction& copy,
                                 const std::string& user) {
  if (!is_linked(copy) || !has_name(user)) return user;
  const std::string name(without_group(user));
  const std::string group = user.substr(std::min(name.size() + 1, user.size()));
  const AccountNumbers numbers = account_numbers(stage, copy.index(), name, group);
  const auto number_of = [](const std::string& written, std::optional<std::uint32_t> number) {
    if (!has_name(written)) return std::optional(written);
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
  };
  const auto user_number = number_of(name, numbers.user);
  const auto group_number = number_of(group, numbers.group);
  if (!user_number || !group_number) return std::nullopt;
  return *user_number + (group.empty() ? "" : ":" + *group_number);
}

void check(const Stage& stage, Report& report) {
  for (const auto& [index, reason] : reasons(stage)) {
    const Instruction copy(stage.document(), index);
    const StepUser user = user_of_step(copy);
    auto finding =
        report.at(copy.keyword(), fmt::format("{} belongs to root, so that {} cannot {}",
                                              reason.path, without_group(user.name), reason.what));
    finding.related(user.set_by->words().front(), "the user is set here");
    if (reason.place) finding.related(*reason.place, "it is changed here");
    if (const auto given = owner(stage, copy, user.name))
      finding.fix(Safety::unsafe, "Give it to " + user.name, add_flag(copy, "--chown=" + *given));
  }
}

}  // namespace

extern constinit const Rule root_owned_copy_after_user{
    .id = "root-owned-copy-after-user",
    .title = "Copied for a user, and owned by root",
    .category = Category::permissions,
    .severity = Severity::info,
    .aliases = {"tally:copy-after-user-without-chown"},
    .why = R"(
`USER` says who runs what follows, and nothing to `COPY` and `ADD`: what they bring belongs to root unless
`--chown` says otherwise. For programs that is just right, since who runs them should not be able to change
them. For data that the process writes it is not, nor where a later step of that user is to change the file:
`chmod` then ends the build with "Operation not permitted".

Told is only where there is a reason to write: a volume, a database by its name, a later step that sets the mode
or writes the file. `sed -i` puts another file in its place and may do so where the folder belongs to the user.

The fix adds `--chown`. It is unsafe, for files that are only read are safer with root; a mode may as well be set
by `--chmod`. Next to `--link` the builder knows no names: there the number is written, if the Dockerfile or the
base image tells it, else there is no fix.
)",
    .bad = R"(
FROM debian:13
RUN useradd app
USER app
COPY start.sh /opt/app/
RUN chmod +x /opt/app/start.sh
CMD ["/opt/app/start.sh"]
)",
    .good = R"(
FROM debian:13
RUN useradd app
USER app
COPY --chown=app start.sh /opt/app/
RUN chmod +x /opt/app/start.sh
CMD ["/opt/app/start.sh"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy---chown---chmod"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
