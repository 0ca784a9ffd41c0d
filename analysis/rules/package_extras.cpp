#include "analysis/rules/package_extras.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts/package_managers.h"
#include "analysis/facts/registries.h"
#include "analysis/model/effects.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using shell::Package;
using shell::PackageCall;
using Setting = PackageCall::Setting;

std::string_view source_of(const Command& command, const Package& package) {
  return command.run().document().text(command.arguments()[package.argument].span());
}

// The first instruction from which on a file turns the extras off, or has a text that is not known.
std::uint32_t off_from(const Stage& stage, const Report& report, const PackageExtras& extras) {
  std::uint32_t first = std::numeric_limits<std::uint32_t>::max();
  for (const Stage& at : stage.lineage()) {
    for (const WrittenSetting& written :
         written_settings(report, at, extras.files, extras.setting)) {
      if (says_off(written.value())) first = std::min(first, written.instruction.index());
    }
    at.effects().each<FileEffect>([&](const Effect& effect, const FileEffect& file) {
      const bool is_hidden = file.kind == FileEffect::Kind::writes && !file.text;
      if (is_hidden && facts::matches_any_glob(extras.files, file.path.text))
        first = std::min(first, effect.instruction);
    });
  }
  return first;
}

// Whether a variable may hold an option, perhaps that one: "$APT_OPTS", but not "postgresql-$VERSION".
bool may_be_option(std::string_view word) {
  const std::string text = lower_case(word);
  if (text.empty() || is_letter(text[0]) || is_digit(text[0]) || text.starts_with("$("))
    return false;
  const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  return has("opt") || has("arg") || has("flag");
}

// The first package of a call that installs some together with their extras.
const Package* package_with_extras(const Command& command, const PackageCall& call,
                                   const PackageExtras& extras) {
  const auto& texts = command.argument_texts();
  const bool installs = call.action == PackageCall::Action::install &&
                        is_listed(texts[call.subcommand].value_or(""), "install in");
  if (!installs || call.packages.empty() || call.has(Setting::no_extras) ||
      call.has(Setting::simulate)) {
    return nullptr;
  }
  const Package& package = call.packages.front();
  // What xargs adds stands nowhere; and what is known may be the value of an option that is not.
  if (package.argument <= call.subcommand) return nullptr;
  const bool is_unknown = package.kind == Package::Kind::unknown;
  if (is_unknown && (texts[package.argument] || may_be_option(source_of(command, package))))
    return nullptr;
  const bool is_wanted = std::ranges::any_of(texts, [&](const shell::Argument& text) {
    return text && is_listed(*text, extras.asked_for);
  });
  return is_wanted ? nullptr : &package;
}

}  // namespace

void report_extras(const Stage& stage, Report& report, const PackageExtras& extras) {
  std::optional<std::uint32_t> off;
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.kind() != Keyword::run) continue;
    for (const Command& command : instruction.commands()) {
      const PackageCall* call = command.package_call();
      if (!call || !is_listed(call->manager, extras.managers)) continue;
      const Package* package = package_with_extras(command, *call, extras);
      if (!package) continue;
      if (!off) off = off_from(stage, report, extras);
      if (*off <= instruction.index()) return;
      const std::string option(facts::package_manager(call->manager)->no_extras);
      const bool one = call->packages.size() == 1;
      const std::string name = package->kind == Package::Kind::unknown
                                   ? std::string(source_of(command, *package))
                                   : package->name;
      report
          .at(command.arguments()[call->subcommand],
              fmt::format("{} also installs what {}{} only recommend{}: {} leaves it out",
                          call->manager, name, one ? "" : " and the others", one ? "s" : "",
                          option))
          .fix(Safety::unsafe, "Add " + option,
               add_argument(command, package->argument - 1, option));
    }
  }
}

}  // namespace bulkhead::rules
