#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "analysis/rules/variable_settings.h"
#include "analysis/rules/written_settings.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence =
    "anyone on the network path can pose as the server, and replace what comes from it";

// "StrictHostKeyChecking=no" of a text with options or settings of ssh; empty where they have it check.
std::string_view unchecked(std::string_view text) {
  struct Option {
    std::string_view name;
    WordList values;
  };
  static constexpr std::array<Option, 2> options = {Option{"stricthostkeychecking", "no off"},
                                                    Option{"userknownhostsfile", "/dev/null"}};
  const std::string lower = lower_case(text);
  for (const Option& option : options) {
    for (std::size_t at = lower.find(option.name); at != std::string::npos;
         at = lower.find(option.name, at + 1)) {
      const std::size_t begin = lower.find_first_not_of("= \t\"'\\", at + option.name.size());
      if (begin == at + option.name.size() || begin == std::string::npos) continue;
      const std::size_t end = std::min(lower.find_first_of(" \t\r\n\"'\\;,", begin), lower.size());
      if (is_listed(lower.substr(begin, end - begin), option.values) && !is_commented(text, at))
        return text.substr(at, end - at);
    }
  }
  return {};
}

void tell(Report& report, Span place, std::string_view setting, std::string_view where = {}) {
  report.at(place, fmt::format("{}{}: {}", setting, where, consequence));
}

// ssh -o StrictHostKeyChecking=no, git -c core.sshCommand="ssh -o StrictHostKeyChecking=no"
void check_command(const Command& command, Report& report) {
  constexpr WordList programs =
      "ansible ansible-playbook ansible-galaxy autossh git rsync scp sftp ssh ssh-copy-id sshfs "
      "sshpass";
  if (!is_listed(command.name(), programs)) return;
  for (const ShellWord& word : command.arguments()) {
    const std::string text = word.value().text;
    const std::string_view setting = unchecked(text);
    if (setting.empty()) continue;
    tell(report, word.span(), setting);
    return;  // both options mostly stand together
  }
}

void check_variables(const Instruction& instruction, Report& report) {
  if (!may_set_variables(report, instruction)) return;
  for (const std::string_view name :
       {"GIT_SSH_COMMAND", "RSYNC_RSH", "ANSIBLE_SSH_ARGS", "ANSIBLE_SSH_COMMON_ARGS"}) {
    for (const VariableSetting& setting : settings_of(report, instruction, name)) {
      const std::string_view option = unchecked(setting.value.text);
      if (!option.empty()) tell(report, setting.place, option, fmt::format(" in {}", name));
    }
  }
  constexpr std::string_view ansible = "ANSIBLE_HOST_KEY_CHECKING";
  for (const VariableSetting& setting : settings_of(report, instruction, ansible)) {
    if (says_off(setting.value.text))
      tell(report, setting.place, fmt::format("{}={}", ansible, setting.value.text));
  }
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenText& text : written_texts(
           report, stage, "/etc/ssh/ssh_config* */.ssh/config */.gitconfig /etc/gitconfig")) {
    const std::string_view setting = unchecked(text.text);
    if (!setting.empty()) tell(report, text.place, setting, " in " + text.path);
  }
  for (const WrittenSetting& setting :
       written_settings(report, stage, "*ansible.cfg", "host_key_checking")) {
    if (says_off(setting.value()))
      tell(report, setting.place, setting.display(), " in " + setting.path);
  }
}

}  // namespace

extern constinit const Rule ssh_host_key_unchecked{
    .id = "ssh-host-key-unchecked",
    .title = "SSH takes any server for the one that is meant",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .why = R"(
The host key is all that tells one server from another over SSH. With `StrictHostKeyChecking=no` a proxy, a router or
a name server that lies can hand out a repository of its own, and its code is in the image; what is sent, it gets.

Write down the key that is known: `COPY known_hosts /etc/ssh/ssh_known_hosts`, or a line of it by `echo`, as GitHub
(https://api.github.com/meta), GitLab and others publish theirs. For a source that is public `https://` does without.

`accept-new` and `ssh-keyscan` are silent here, and no better in a build: it knows no key yet, so the first one that
anybody shows is taken. The rule reads options of ssh and of those that call it, `GIT_SSH_COMMAND` and its like, the
configuration of ssh, git and Ansible that is written, and `ANSIBLE_HOST_KEY_CHECKING`; `UserKnownHostsFile=/dev/null`
counts as well. Ignore it where only hosts of one network of containers are meant.

There is no fix: the key has to come from somebody who knows it.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM alpine/git
RUN --mount=type=ssh GIT_SSH_COMMAND="ssh -o StrictHostKeyChecking=no" git clone git@git.example.com:team/app.git /src
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM alpine/git
COPY known_hosts /etc/ssh/ssh_known_hosts
RUN --mount=type=ssh git clone git@git.example.com:team/app.git /src
)",
    .references = {"https://man.openbsd.org/ssh_config#StrictHostKeyChecking",
                   "https://cwe.mitre.org/data/definitions/322.html"},
    .checks = each<check_command, check_variables, check_files>,
};

}  // namespace bulkhead::rules
