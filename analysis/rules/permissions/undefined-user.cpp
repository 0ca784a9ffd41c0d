#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/stage_accounts.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// A place that asks for an account by name.
struct Use {
  std::string name;
  Span place;
  std::optional<Word> word = std::nullopt;  // where a number could stand instead
};

// The name in `value`, which is "name", "name:group" or a number.
std::optional<std::string> account(const std::optional<Value>& value) {
  if (!value || !value->known) return std::nullopt;
  const std::string_view name = without_group(value->text);
  const bool number = std::ranges::all_of(name, is_digit);
  // What a shell would need quotes for is no name that anybody gives.
  if (number || is_root(name) || shell_quoted(name) != name) return std::nullopt;
  return std::string(name);
}

// The word behind the options of a command, whose one-letter ones in `with_value` take the next one.
std::optional<ShellWord> first_operand(const Command& command, std::string_view with_value) {
  const auto arguments = command.arguments();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string text = arguments[i].value().text;
    if (text == "-" || text == "--") continue;
    if (!text.starts_with('-')) return arguments[i];
    if (text.starts_with("--reference")) return std::nullopt;
    if (text.size() == 2 && with_value.find(text[1]) != std::string_view::npos) ++i;
  }
  return std::nullopt;
}

void add_uses(const Run& run, std::vector<Use>& uses) {
  if (run.script().opaque || run.script().has_error) return;
  const auto commands = run.commands();
  std::vector<bool> is_forgiven;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Command& command = commands[i];
    const std::string& program = command.name();
    const bool takes_user = program == "chown" || program == "su";
    const std::size_t user = command.unwrapped().user_word;  // gosu app ..., sudo -u app ...
    if (!takes_user && user == 0) continue;
    if (is_forgiven.empty()) is_forgiven = forgiven(run.script());
    if (is_forgiven[i]) continue;
    if (user > 0) {
      const ShellWord word = command.word(user);
      if (auto name = account(word.value())) uses.push_back({*name, word.span()});
    }
    if (!takes_user) continue;
    const auto word = first_operand(command, program == "su" ? "csgG" : "");
    if (!word) continue;
    if (auto name = account(word->value())) uses.push_back({*name, word->span()});
  }
}

std::vector<Use> uses_in(const Instruction& instruction) {
  std::vector<Use> uses;
  const auto add = [&](const std::optional<Word>& word) {
    if (!word) return;
    if (auto name = account(word->value())) uses.push_back({*name, word->span(), word});
  };
  if (instruction.is_trigger()) return uses;
  switch (instruction.kind()) {
    case Keyword::user:
      if (!instruction.words().empty()) add(instruction.words().front());
      break;
    case Keyword::add:
    case Keyword::copy:
      if (const auto chown = instruction.flag("chown")) add(chown->value());
      break;
    case Keyword::run:
      add_uses(Run(instruction), uses);
      break;
    default:
      break;
  }
  return uses;
}

bool uses_account(const Instruction& instruction) {
  return !uses_in(instruction).empty();
}

// By name, the first instruction of the lineage that asks for the account: what makes it has to stand before.
std::map<std::string, Instruction> first_uses(const Stage& stage, const Report& report) {
  std::map<std::string, Instruction> first;
  const auto lineage = stage.lineage();
  for (auto at = lineage.rbegin(); at != lineage.rend(); ++at) {
    for (const Instruction& instruction : report.instructions<uses_account>(*at)) {
      for (const Use& use : uses_in(instruction)) first.emplace(use.name, instruction);
    }
  }
  return first;
}

void mend(const Instruction& first, const Use& use, FindingBuilder& finding) {
  const auto creation = bulkhead::creation(*first.stage(), use.name);
  if (creation && user_of_step(first).kind == StepUser::Kind::root) {
    finding.fix(Safety::unsafe, "Create the user " + use.name, insert_before(first, {*creation}));
  } else if (use.word && !use.word->has_variable()) {
    const std::string number(use.name == "nobody" ? "65534" : unnamed_user);
    const bool group = use.word->text().find(':') != std::string_view::npos;
    finding.fix(Safety::unsafe, "Use a number, which needs no account",
                replace(*use.word, group ? number + ":" + number : number));
  }
}

void check(const Stage& stage, Report& report) {
  // Images that know no names at all have a rule of their own.
  if (stage.lineage().back().from().is_scratch()) return;
  std::map<std::string, Instruction> first;  // made when something is to be mended
  for (const Instruction& instruction : report.instructions<uses_account>(stage)) {
    for (const Use& use : uses_in(instruction)) {
      const auto& origins = report.view<StageAccounts>(stage);
      const auto available = origins.first_available(use.name);
      if (available && *available <= instruction.index()) continue;
      const auto made = available ? origins.maker(use.name) : std::nullopt;
      if (made) {
        report
            .at(use.place,
                "The account " + use.name + " does not exist yet: it is made further down")
            .related(made->span(), "made here");
        continue;
      }
      auto finding =
          report.at(use.place, "There is no account " + use.name + ": " + base_of(stage)->name +
                                   " does not bring it, and nothing above makes it");
      // What follows may make it too, and would then fail.
      if (available) continue;
      if (first.empty()) first = first_uses(stage, report);
      mend(first.at(use.name), use, finding);
    }
  }
}

}  // namespace

extern constinit const Rule undefined_user{
    .id = "undefined-user",
    .title = "A user that does not exist",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {},
    .why = R"(
A name that is not in the image's `/etc/passwd` ends the build (`COPY --chown`, `chown`, `su`) or, behind
`USER`, the next `RUN` or the start of the container: "unable to find user app: no matching entries in
passwd file". The quick way out is often to leave the `USER` out, and to run as root again.

The rule speaks only where it knows all accounts of the base image, and where nothing in the stage, or in
those that it is built on, may make one that cannot be seen: a script, a package that brings an account,
a copied `/etc/passwd`, a tree that is copied to `/`. Names in a branch or a loop of a `RUN`, names that a
variable without default hides, and the names of groups are left alone; images on `scratch` have
a rule of their own.

The fix makes the account in the way of the distribution, before it is first asked for; where nothing can
run, as in distroless images, it puts a number in place of the name. It is unsafe, for a name may be misspelled
rather than missing.
)",
    .bad = R"(
FROM alpine:3.24
COPY server /srv/
USER app
CMD ["/srv/server"]
)",
    .good = R"(
FROM alpine:3.24
COPY server /srv/
RUN addgroup -S app && adduser -S -G app app
USER app
CMD ["/srv/server"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#user",
                   "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
