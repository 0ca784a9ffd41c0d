#include "analysis/rules/mounted_secrets.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "analysis/model/paths.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// Programs that print what they are given, or a part of it.
constexpr std::string_view filters =
    "awk base64 cat cut echo envsubst gawk grep head jq printf sed sort tail tee tr yq";

struct Source {
  MountedSecret secret;
  std::string path;                    // empty where it is a variable only
  std::vector<std::string> variables;  // that hold it
};

// Whether `text` has `part`, and no further letter of a name behind it.
bool names(std::string_view text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if (end == text.size() || (!is_name_character(text[end]) && text[end] != '-')) return true;
  }
  return false;
}

std::vector<Source> sources_of(const Run& run) {
  std::vector<Source> found;
  for (const Mount& mount : run.mounts("secret")) {
    if (mount.type() != "secret" || !mount.flag) continue;
    const auto target = mount.get("target", "dst", "destination");
    const std::string id(mount.get("id").value_or(target ? file_name(*target) : "default"));
    Source source{{id, *mount.flag}, {}, {}};
    if (const auto variable = mount.get("env")) source.variables.emplace_back(*variable);
    if (target || source.variables.empty())
      source.path = normalized(target ? run.expand(*target).text : "/run/secrets/" + id);
    found.push_back(std::move(source));
  }
  if (found.empty()) return found;
  // What the script keeps it in: NAME=$(cat /run/secrets/x), export NAME=...
  for (const Command& command : run.commands()) {
    for (Source& source : found) {
      if (source.path.empty()) continue;
      const auto keeps = [&](std::string_view name, Span value) {
        if (names(run.document().text(value), source.path)) source.variables.emplace_back(name);
      };
      for (const shell::Assignment& assignment : command.data().assignments)
        keeps(assignment.name, run.at(assignment.span));
      if (command.name() != "export" && command.name() != "read") continue;
      for (const ShellWord& word : command.arguments()) {
        const std::string text = word.value().text;
        const bool is_read = command.name() == "read";
        keeps(text.substr(0, text.find('=')), is_read ? command.span() : word.span());
      }
    }
  }
  return found;
}

// What writes a file: the commands of a pipe up to the one with the redirection.
struct Writer {
  Span span;
  bool filters_only = true;  // so that what they read is what they write
};

Writer writer_of(const Run& run, const Effect& effect) {
  const auto& commands = run.script().commands;
  std::size_t first = *effect.command;
  while (first > 0 && commands[first].link == shell::Link::pipe) --first;
  const Command own = command_of(run.document(), effect);
  Writer writer{{run.at(commands[first].span).begin, std::max(own.span().end, effect.span.end)}};
  for (std::size_t i = first; i <= *effect.command; ++i) {
    const std::string& name = Command(run, commands[i]).name();
    writer.filters_only = writer.filters_only && (name.empty() || is_listed(name, filters));
  }
  return writer;
}

// What a command writes to a file that no mount covers; null for other effects.
const FileEffect* written_by_command(const Effect& effect) {
  const auto* file = effect.as<FileEffect>();
  const bool is_written = file != nullptr && effect.command &&
                          file->kind == FileEffect::Kind::writes && !file->in_mount;
  return is_written ? file : nullptr;
}

// What it consists of is what commands put out, and not another file.
bool is_output(const FileEffect& file) {
  return file.source == FileEffect::Source::text || file.source == FileEffect::Source::command;
}

// Whether a variable is read there for whose name `is_meant` holds.
template <class IsMeant>
bool reads_variable(const Run& run, Span span, IsMeant is_meant) {
  return std::ranges::any_of(run.script().uses, [&](const shell::VariableUse& use) {
    return span.covers(run.at(use.span)) && is_meant(use.name);
  });
}

bool reads(const Run& run, Span span, const Source& source) {
  if (!source.path.empty() && names(run.document().text(span), source.path)) return true;
  return reads_variable(run, span, [&](const std::string& name) {
    return std::ranges::find(source.variables, name) != source.variables.end();
  });
}

}  // namespace

std::optional<MountedSecret> mounted_secret(const Timeline& timeline, const Document& document,
                                            std::size_t at) {
  const Effect& effect = timeline.effects()[at];
  const FileEffect* file = written_by_command(effect);
  if (file == nullptr) return std::nullopt;
  const bool is_file = file->source == FileEffect::Source::file;
  const Run run(Instruction(document, effect.instruction));
  if ((!is_file && !is_output(*file)) || !run.flag("mount")) return std::nullopt;
  const Writer writer = writer_of(run, effect);
  for (const Source& source : sources_of(run)) {
    const bool has_secret = is_file
                                ? !source.path.empty() && is_within(file->from.text, source.path)
                                : writer.filters_only && reads(run, writer.span, source);
    if (has_secret) return source.secret;
  }
  return std::nullopt;
}

std::optional<MountedSecret> mounted_secret_in(const Run& run, Span part) {
  if (!run.flag("mount")) return std::nullopt;
  for (const Source& source : sources_of(run)) {
    if (reads(run, part, source)) return source.secret;
  }
  return std::nullopt;
}

bool keeps_in_file(const Run& run, const std::set<std::string>& variables) {
  const auto stage = run.stage();
  if (!stage || run.is_trigger()) return false;
  const Timeline& timeline = stage->effects();
  const auto& effects = timeline.effects();
  const auto of_run = std::ranges::equal_range(effects, run.index(), {}, &Effect::instruction);
  return std::ranges::any_of(of_run, [&](const Effect& effect) {
    const FileEffect* file = written_by_command(effect);
    if (file == nullptr || !is_output(*file)) return false;
    const Writer writer = writer_of(run, effect);
    return writer.filters_only &&
           reads_variable(run, writer.span,
                          [&](const std::string& name) { return variables.contains(name); }) &&
           !timeline.is_undone(static_cast<std::size_t>(&effect - effects.data()));
  });
}

}  // namespace bulkhead::rules
