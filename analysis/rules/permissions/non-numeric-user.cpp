#include <algorithm>
#include <string>

#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/account_numbers.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool is_number(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

void check(const Stage& stage, Report& report) {
  const EffectiveState state = stage.state();
  if (!stage.is_shipped() || !state.user || !state.account.known) return;
  const std::string& account = state.account.text;
  const std::string name(without_group(account));
  const std::string group = name.size() < account.size() ? account.substr(name.size() + 1) : "";
  if (name.empty() || is_number(name) || is_root(name)) return;
  const Word word = state.user->words().front();
  auto finding = report.at(
      word, "Kubernetes cannot tell that " + name + " is not root: runAsNonRoot needs a number");
  finding.origins(*state.user, word.value().variables, "the value comes from here");

  const AccountNumbers numbers =
      account_numbers(*state.user->stage(), state.user->index(), name, group);
  const bool group_fits = group.empty() || is_number(group) || numbers.group;
  if (!numbers.user || !group_fits || word.has_variable()) return;
  std::string number = std::to_string(*numbers.user);
  if (!group.empty()) number += ":" + (is_number(group) ? group : std::to_string(*numbers.group));
  finding.fix(numbers.here ? Safety::safe : Safety::unsafe,
              "Use " + number + ", the number of " + account, replace(word, number));
}

}  // namespace

extern constinit const Rule non_numeric_user{
    .id = "non-numeric-user",
    .title = "The user is set by name",
    .category = Category::permissions,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3066"},
    .why = R"(
With `runAsNonRoot: true` Kubernetes starts a container only if it is sure that the user is not root. A name
could be anything in the image's `/etc/passwd`, so it refuses: "image has non-numeric user (app), cannot
verify user is non-root". The quick way out is often to drop the setting.

The fix puts the number in place of the name. It is safe where the same file gives the account that number,
and unsafe where it is that of the base image's account, or where a tree copied to `/` may bring another
`/etc/passwd`. There is none where the number is left to chance (give one then: `useradd --uid 10001`), comes
from a variable or from one of several branches, or where `/etc/passwd` is written to. The rule is off unless
asked for: outside of Kubernetes nothing is wrong.
)",
    .bad = R"(
FROM debian:13
RUN useradd --uid 10001 app
USER app
)",
    .good = R"(
FROM debian:13
RUN useradd --uid 10001 app
USER 10001
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#user",
                   "https://kubernetes.io/docs/concepts/security/pod-security-standards/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
