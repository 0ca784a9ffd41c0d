#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/rule.h"
#include "analysis/rules/account_changes.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// "10001" for "app:app", as far as the Dockerfile and the base image tell it; else the name.
std::string number_of(const Stage& stage, const std::vector<MadeChange>& accounts,
                      std::string_view user) {
  const std::string name(without_group(user));
  for (const MadeChange& made : accounts) {
    if (made.change.name == name && made.change.uid) return std::to_string(*made.change.uid);
  }
  const auto base = base_of(stage);
  const auto brought = base ? facts::find_user(base->name, base->tag, name) : std::nullopt;
  return brought && brought->uid ? std::to_string(*brought->uid) : name;
}

// Where the program of the process lies among what an effect brings: the file itself, or the folder in which
// it is started or that a path on its command line lies in. Empty where it does not.
std::string place_of_program(const Stage& stage, const Process& process, const FileEffect& file) {
  const Value folder = stage.state().folder;
  const std::string& path = file.path.text;
  const std::string& tree = file.folder.empty() ? path : file.folder;
  for (const std::string& word : process.words) {
    if (word.starts_with('-')) continue;
    const bool is_command = word.find('/') == std::string::npos;
    if (joined(folder, {word, true, {}}).text == path || (is_command && file_name(path) == word))
      return path;
    if (file.recursive && is_absolute(word) && is_within(normalized(word), tree)) return tree;
  }
  const bool is_started_there =
      file.recursive && folder.known && folder.text != "/" && is_within(folder.text, tree);
  return is_started_there ? tree : "";
}

// Whether the path is, or lies in, the home of some account, which may replace what is in it anyway, or a
// volume.
bool is_for_writing(const Stage& stage, const std::vector<MadeChange>& accounts,
                    std::string_view path) {
  if (is_within(path, "/home") || is_within(path, "/tmp")) return true;
  for (const MadeChange& made : accounts) {
    if (made.change.home && is_within(path, *made.change.home)) return true;
  }
  return std::ranges::any_of(stage.lineage(), [&](const Stage& each) {
    return std::ranges::any_of(each.all<Volume>(), [&](const Volume& volume) {
      return std::ranges::any_of(volume.words(), [&](const Word& word) {
        return is_within(path, normalized(word.value().text));
      });
    });
  });
}

// Whether a step behind `index` runs as another user than root, and may count on its files.
bool builds_as_user(const Stage& stage, std::uint32_t index) {
  return std::ranges::any_of(stage.all<Run>(), [&](const Run& run) {
    return run.index() > index && user_of_step(run).kind != StepUser::Kind::root;
  });
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped()) return;
  const std::string user = account_of_process(stage);
  const Process process = process_of(stage);
  if (user.empty() || !process.start() || is_prompt(process)) return;
  const bool gives_any = std::ranges::any_of(
      stage.instructions(),
      [](const Instruction& instruction) { return instruction.flag("chown").has_value(); });
  if (!gives_any) return;
  const std::vector<MadeChange> accounts =
      account_changes(stage, std::numeric_limits<std::uint32_t>::max());
  std::uint32_t reported = 0;
  stage.effects().each<FileEffect>([&](const Effect& effect, const FileEffect& file) {
    const Instruction copy(stage.document(), effect.instruction);
    const bool is_copy = copy.kind() == Keyword::copy || copy.kind() == Keyword::add;
    const auto chown = is_copy ? copy.flag("chown") : std::nullopt;
    if (!chown || !chown->value() || copy.stage() != stage || reported == copy.index()) return;
    const Value owner = chown->value()->value();
    if (!owner.known || is_root(owner.text) || !file.path.known) return;
    const std::string place = place_of_program(stage, process, file);
    if (place.empty() || is_for_writing(stage, accounts, file.path.text) ||
        builds_as_user(stage, copy.index()) ||
        number_of(stage, accounts, owner.text) != number_of(stage, accounts, user))
      return;
    reported = copy.index();
    report
        .at(chown->value()->span(),
            fmt::format("The program at {} belongs to {}, who runs it and can so change it", place,
                        without_group(user)))
        .related(process.start()->keyword(), "it is started here")
        .fix(Safety::unsafe, "Leave it to root", remove(copy, *chown));
  });
}

}  // namespace

extern constinit const Rule executable_owned_by_user{
    .id = "executable-owned-by-user",
    .title = "A program that belongs to who runs it",
    .category = Category::permissions,
    .severity = Severity::info,
    .aliases = {"kics:chown_flag_exists", "sonar:S6504"},
    .why = R"(
`COPY --chown` for the user who runs the program lets the process change its own code. Whoever gets in by a fault
can put something else in its place, which is still there when the fault is mended, until the container is made
anew. A program has to be read and started only; if it belongs to root, that is all that its process can do.

Looked at is what is copied for the process's user into the folder that the program is started in, or that its
command line names. The rule is silent for volumes and homes, where a later step runs as that user and may count
on its files, and for stages that start nothing. Give away just the folders that are written: uploads, caches.

The fix leaves `--chown` out. It is unsafe: the program may write next to its code, and a file that its owner alone
may read in the build context is not readable to others.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
COPY --chown=node:node . .
USER node
CMD ["node", "server.js"]
)",
    .good = R"(
FROM node:26
WORKDIR /app
COPY . .
USER node
CMD ["node", "server.js"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
                   "https://rules.sonarsource.com/docker/RSPEC-6504/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
