#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/accounts.h"
#include "analysis/model/rewrite.h"
#include "analysis/rule.h"
#include "analysis/rules/account_changes.h"
#include "analysis/rules/stage_accounts.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && text.find('$') == std::string_view::npos && !is_root(text) &&
         !std::ranges::all_of(text, is_digit);
}

// Where the instruction says whom something belongs to, or runs as.
std::optional<Word> account_word(const Instruction& instruction) {
  if (instruction.kind() == Keyword::user && !instruction.words().empty())
    return instruction.words().front();
  const auto chown = instruction.flag("chown");
  return chown ? chown->value() : std::nullopt;
}

// The stage that makes the account, and the number that it gives it.
struct Maker {
  Stage stage;
  std::optional<std::uint32_t> number;
};

std::optional<Maker> maker_of(const Document& document, std::string_view name,
                              shell::AccountChange::Kind kind) {
  constexpr auto all = std::numeric_limits<std::uint32_t>::max();
  const bool user = kind == shell::AccountChange::Kind::makes_user;
  for (const Stage& stage : document.stages()) {
    for (const MadeChange& made : account_changes(stage, all)) {
      if (made.change.kind == kind && made.change.name == name)
        return Maker{stage, user ? made.change.uid : made.change.gid};
    }
  }
  return std::nullopt;
}

// The number to write for a name, which a stage may have given it.
std::string number_for(const std::string& name, const std::optional<Maker>& maker) {
  if (!is_name(name)) return name;
  if (maker && maker->number) return std::to_string(*maker->number);
  return name == "nobody" || name == "nogroup" ? "65534" : std::string(unnamed_user);
}

void mend(const Word& word, const std::string& user, const std::string& group,
          FindingBuilder& finding) {
  using Kind = shell::AccountChange::Kind;
  const Document& document = word.instruction().document();
  const auto made = maker_of(document, user, Kind::makes_user);
  const Instruction place = word.instruction();
  if (made && !made->number && made->stage != *place.stage()) {
    const std::string from =
        made->stage.name().empty() ? std::to_string(made->stage.index()) : made->stage.name();
    finding.fix(Safety::unsafe, "Copy the accounts of the stage " + from,
                insert_before(place, {"COPY --from=" + from + " /etc/passwd /etc/group /etc/"}));
  }
  if (word.has_variable()) return;
  std::string number = number_for(user, made);
  if (!group.empty())
    number += ":" + number_for(group, maker_of(document, group, Kind::makes_group));
  finding.fix(Safety::unsafe, "Use the number " + number, replace(word, number));
}

void check_stage(const Stage& stage, Report& report) {
  if (!stage.lineage().back().from().is_scratch()) return;
  for (const Instruction& instruction : stage.instructions()) {
    const auto word = instruction.is_trigger() ? std::nullopt : account_word(instruction);
    const Value value = word ? word->value() : Value{};
    if (!word || !value.known) continue;
    const std::string user(without_group(value.text));
    const std::string group =
        user.size() < value.text.size() ? value.text.substr(user.size() + 1) : "";
    const std::string& name = is_name(user) ? user : group;
    if (!is_name(name)) continue;
    const auto available = report.view<StageAccounts>(stage).first_available(name);
    if (available && *available <= instruction.index()) continue;
    auto finding =
        report.at(*word, "Nothing is called " + name + " here: an image on scratch has no " +
                             (is_name(user) ? "/etc/passwd" : "/etc/group"));
    finding.origins(instruction, value.variables, "the value comes from here");
    mend(*word, user, group, finding);
  }
}

bool is_from_scratch(const Instruction& instruction) {
  return instruction.kind() == Keyword::from && From(instruction).is_scratch();
}

// Any stage may make the account.
void check(const Document& document, Report& report) {
  if (report.instructions<is_from_scratch>(document).empty()) return;
  for (const Stage& stage : document.stages()) check_stage(stage, report);
}

}  // namespace

extern constinit const Rule named_user_without_passwd{
    .id = "named-user-without-passwd",
    .title = "A name where there are no accounts",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {"tally:named-identity-in-passwdless-stage"},
    .why = R"(
Names of users and groups are looked up in the `/etc/passwd` and `/etc/group` of the image itself. `scratch`
has neither: `COPY --chown=app` ends the build, and with `USER app` the container does not start ("unable to
find user app: no matching entries in passwd file"). The quick way out is often to leave the `USER` out, and
to run as root.

A number needs no account. Where the program asks for its name or home, copy `/etc/passwd` from the stage
that makes the account. The rule is silent from where something is copied on that may be, or hold,
`/etc/passwd`.

The fix copies the accounts of the stage that makes the name, or puts a number in its place: the one that a
stage gives it, or else 65532, which distroless images use for the same purpose. It is unsafe, for files may
belong to another number.
)",
    .bad = R"(
FROM debian:13 AS build
RUN useradd --uid 10001 app
FROM scratch
COPY --from=build /srv/server /srv/server
USER app
ENTRYPOINT ["/srv/server"]
)",
    .good = R"(
FROM debian:13 AS build
RUN useradd --uid 10001 app
FROM scratch
COPY --from=build /srv/server /srv/server
USER 10001
ENTRYPOINT ["/srv/server"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#user",
                   "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
