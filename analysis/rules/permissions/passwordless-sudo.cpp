#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view tag = "NOPASSWD";

bool is_sudoers(std::string_view path) {
  return path == "/etc/sudoers" || is_within(path, "/etc/sudoers.d");
}

// The line of `text` that gives rights without a password; empty where none does.
std::string_view granting_line(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with('#') && line.find(tag) != std::string_view::npos) return line;
  }
  return {};
}

// What a script of sed brings in: the new text of `s/old/new/` where that has the tag, or where only the
// sign of a comment in front of the line is taken away.
std::string_view brought_by_sed(std::string_view script) {
  const std::size_t begin = script.find('s') + 1;
  if (begin == 0 || begin >= script.size()) return {};
  const char separator = script[begin];
  const std::size_t middle = script.find(separator, begin + 1);
  if (middle == std::string_view::npos) return {};
  const std::string_view old_text = script.substr(begin + 1, middle - begin - 1);
  const std::string_view rest = script.substr(middle + 1);
  const std::string_view new_text = rest.substr(0, rest.find(separator));
  if (!granting_line(new_text).empty()) return new_text;
  const bool is_about_it = script.substr(0, middle).find(tag) != std::string_view::npos;
  const bool uncomments =
      old_text.starts_with('#') || old_text.starts_with("^#") || old_text.starts_with("^\\(#");
  if (!is_about_it || !uncomments || new_text.starts_with('#')) return {};
  return old_text.substr(old_text.find_first_not_of("^\\(# "));
}

// The line of sudoers that an effect brings in; empty where it brings none.
std::string line_of(const Stage& stage, const Effect& effect, const FileEffect& file) {
  if (file.text) return std::string(granting_line(*file.text));
  if (!effect.command) return {};
  const Command command = command_of(stage.document(), effect);
  if (command.name() != "sed") return {};
  for (const ShellWord& word : command.arguments()) {
    const std::string script = word.value().text;
    if (const auto line = brought_by_sed(script); !line.empty()) return std::string(line);
  }
  return {};
}

// "app" of "app ALL=(ALL) NOPASSWD: ALL", as the subject of a sentence.
std::string whom(std::string_view line) {
  const std::string name(line.substr(0, line.find_first_of(" \t\\")));
  if (name.empty() || name.find(tag) != std::string::npos) return "An account";
  if (name == "ALL") return "Every user";
  return name.starts_with('%') ? "The group " + name.substr(1) : name;
}

// Whether only programs that the line names may be run.
bool is_limited(std::string_view line) {
  std::string_view commands = line.substr(line.find(tag) + tag.size());
  // Other tags may follow: "SETENV: ".
  for (std::size_t colon = commands.find(':'); colon != std::string_view::npos;
       colon = commands.find(':')) {
    commands.remove_prefix(colon + 1);
  }
  commands.remove_prefix(std::min(commands.find_first_not_of(" \t"), commands.size()));
  return commands.starts_with('/') || commands.starts_with("\\/");
}

// Where the tag and the blanks behind it stand in `place`, for all times.
std::vector<Span> tags_in(const Document& document, Span place) {
  const std::string_view text = std::string_view(document.text()).substr(place.begin, place.size());
  std::vector<Span> found;
  for (std::size_t at = text.find(tag); at != std::string_view::npos; at = text.find(tag, at + 1)) {
    std::size_t end = at + tag.size();
    if (end < text.size() && text[end] == ':') ++end;
    while (end < text.size() && text[end] == ' ') ++end;
    found.push_back({place.begin + static_cast<std::uint32_t>(at),
                     place.begin + static_cast<std::uint32_t>(end)});
  }
  return found;
}

// By stage the index of the last step, there and in what is built on it, that is run by sudo as an ordinary user, and
// would wait for the password; 0 where there is none.
struct LastUses {
  explicit LastUses(const Document& document) : by_stage(document.stages().size()) {
    for (auto index = static_cast<std::uint32_t>(by_stage.size()); index-- > 0;) {
      const Stage stage(document, index);
      std::uint32_t& last = by_stage[index];
      for (const Run& step : stage.all<Run>()) {
        const bool calls = std::ranges::any_of(step.commands(), [](const Command& command) {
          const auto& words = command.data().words;
          return !words.empty() && file_name(command.word(0).value().text) == "sudo";
        });
        const bool waits = calls && user_of_step(step).kind != StepUser::Kind::root;
        if (waits) last = std::max(last, step.index());
      }
      // What it is built on stands in front of it.
      if (const auto parent = stage.parent())
        by_stage[parent->index()] = std::max(by_stage[parent->index()], last);
    }
  }

  std::vector<std::uint32_t> by_stage;
};

void check_timeline(const Stage& stage, const Timeline& timeline, Report& report) {
  const Document& document = stage.document();
  const auto& effects = timeline.effects();
  for (std::size_t at = 0; at < effects.size(); ++at) {
    const Effect& effect = effects[at];
    const auto* file = effect.as<FileEffect>();
    if (file == nullptr || file->kind != FileEffect::Kind::writes || !is_sudoers(file->path.text) ||
        file->in_mount)
      continue;
    const Instruction instruction(document, effect.instruction);
    const std::string line = line_of(stage, effect, *file);
    if (line.empty() || instruction.stage() != stage || !stage.is_delivered()) continue;
    if (timeline.deleted_after(file->path.text, at)) continue;

    const std::vector<Span> tags = tags_in(document, instruction.span());
    const bool limited = is_limited(line);
    auto finding = report.at(tags.empty() ? effect.span : tags.front(),
                             fmt::format("{} may run {} as root, and is asked for no password",
                                         whom(line), limited ? "some programs" : "everything"));
    if (limited) finding.severity(Severity::warning);
    if (report.view<LastUses>(document).by_stage[stage.index()] > instruction.index()) continue;
    std::vector<Edit> edits;
    for (const Span place : tags) edits.push_back(replace(place, ""));
    finding.fix(Safety::unsafe, "Let sudo ask for the password", std::move(edits));
  }
}

void check(const Stage& stage, Report& report) {
  each_timeline(stage, [&](const Timeline& timeline) { check_timeline(stage, timeline, report); });
}

}  // namespace

extern constinit const Rule passwordless_sudo{
    .id = "passwordless-sudo",
    .title = "Rights of root without a password",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {},
    .why = R"(
An account that may run everything by `sudo` without a password is root under another name: whoever takes
over one of its processes types one word more. `USER` then only looks as if it protected anything.

Read are lines with `NOPASSWD` that `echo`, `printf`, `tee`, `sed` or a heredoc write into `/etc/sudoers` or
`/etc/sudoers.d`, in stages that get into what is shipped. Where the line names the programs that may be run,
it is a `warning`: many programs can be made to run others. Files from the build context are not looked into.

Containers to develop in often have such a line on purpose; ignore the rule there, and let no other image be
built on them.

The fix takes `NOPASSWD` out of the line: accounts of images mostly have no password, so that `sudo` then
refuses them. It is unsafe, for the entry point may call `sudo`; there is none where a later step of the build
does. Better still is to leave `sudo` out, and to do as root what needs it in front of `USER`.
)",
    .bad = R"(
FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends sudo
RUN useradd app && echo "app ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/app
USER app
)",
    .good = R"(
FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends sudo
RUN useradd app && echo "app ALL=(ALL) ALL" > /etc/sudoers.d/app
USER app
)",
    .references = {"https://www.sudo.ws/docs/man/sudoers.man/"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
