#include "analysis/rules/installed_packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "analysis/facts/images.h"
#include "analysis/facts/package_managers.h"
#include "analysis/facts/registries.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/process.h"
#include "analysis/rules/package_uses.h"
#include "analysis/rules/workplaces.h"

namespace bulkhead::rules {
namespace {

using shell::Package;
using shell::PackageCall;
using Setting = PackageCall::Setting;

std::string_view family_of(const PackageCall& call) {
  const facts::PackageManager* manager = facts::package_manager(call.manager);
  return manager ? manager->family : call.manager;
}

// Whether the call works on the image's own file system, and does what it says.
bool is_real(const PackageCall& call) {
  return !call.has(Setting::simulate) && !call.has(Setting::root);
}

// Follows the packages through the layers of a stage.
class Inventory {
 public:
  void add(const Stage& stage) {
    stage.effects().each<PackageEffect>([&](const Effect& effect, const PackageEffect& packages) {
      if (!effect.command || !is_real(packages.call)) return;
      const auto commands = Instruction(stage.document(), effect.instruction).commands();
      const PackageCall& call = packages.call;
      if (call.action == PackageCall::Action::install && effect.certain) {
        installations_.push_back({commands[*effect.command], &call, {}});
        for (std::size_t i = 0; i < call.packages.size(); ++i)
          installations_.back().kept.push_back(i);
      } else if (call.action == PackageCall::Action::remove) {
        if (call.has(Setting::unneeded) && marks_as_unneeded(commands, *effect.command))
          forget_those_of(effect.instruction);
        for (const Package& package : call.packages) remove(family_of(call), package);
      }
    });
  }

  std::vector<Installation> installations() && { return std::move(installations_); }

 private:
  // `apt-mark auto '.*'` and what it spares is how Docker's own images go back to what they began with.
  static bool marks_as_unneeded(const Commands& commands, std::uint32_t before) {
    return std::ranges::any_of(commands | std::views::take(before), [](const Command& command) {
      const auto& texts = command.argument_texts();
      return command.name() == "apt-mark" && !texts.empty() && texts[0] == "auto";
    });
  }

  void forget_those_of(std::uint32_t run) {
    for (Installation& each : installations_) {
      if (each.command.run().index() == run) each.kept.clear();
    }
  }

  void remove(std::string_view family, const Package& gone) {
    for (Installation& each : installations_) {
      if (family_of(*each.call) != family) continue;
      const PackageCall::Given* group = each.call->find(Setting::virtual_group);
      const bool by_group = group && (!group->value || group->value == gone.name);
      std::erase_if(each.kept, [&](std::size_t i) {
        // What is not known may be any of them.
        return gone.kind == Package::Kind::unknown || by_group ||
               facts::matches_glob(gone.name, each.call->packages[i].name);
      });
    }
  }

  std::vector<Installation> installations_;
};

// "epel-release-9.rpm" of where it is fetched from
std::string_view package_name(const Package& package) {
  const std::string_view name = package.name;
  const bool is_place = package.kind == Package::Kind::url || package.kind == Package::Kind::path;
  return is_place ? name.substr(name.rfind('/') + 1) : name;
}

}  // namespace

ShippedPackages::ShippedPackages(const Stage& stage) {
  if (!stage.is_shipped()) return;
  Inventory inventory;
  std::vector<Stage> lineage = stage.lineage();
  std::ranges::reverse(lineage);
  for (const Stage& at : lineage) inventory.add(at);
  installations = std::move(inventory).installations();
  for (Installation& each : installations) {
    for (const std::size_t i : each.kept)
      each.known.push_back(
          facts::risky_package(each.call->manager, package_name(each.call->packages[i])));
  }
}

RiskyPackages RiskyPackages::without_used() const {
  const EffectiveState state = stage.state();
  std::set<std::string> called;
  const auto add = [&](const std::optional<Instruction>& instruction) {
    if (!instruction) return;
    for (const Command& command : instruction->commands()) {
      called.insert(command.name());
      // What `tini --` and an entry point's script hand on.
      for (const auto& text : command.argument_texts()) {
        if (text) called.insert(text->substr(text->rfind('/') + 1));
      }
    }
  };
  add(state.entrypoint);
  add(state.cmd);
  add(state.healthcheck);
  RiskyPackages rest{stage, installation, {}, {}};
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const bool is_used = called.contains(installation.call->packages[packages[i]].name) ||
                         std::ranges::any_of(called, [&](std::string_view program) {
                           return facts::is_program_of(*known[i], program);
                         });
    if (is_used) continue;
    rest.packages.push_back(packages[i]);
    rest.known.push_back(known[i]);
  }
  return rest;
}

Span RiskyPackages::span() const {
  const auto arguments = installation.command.arguments();
  return arguments[installation.call->packages[packages.front()].argument].span();
}

std::string RiskyPackages::names() const {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (i + 1 == most && packages.size() > most)
      return text + fmt::format(" and {} more", packages.size() - i);
    if (i > 0) text += i + 1 == packages.size() ? " and " : ", ";
    text += installation.call->packages[packages[i]].name;
  }
  return text;
}

std::string RiskyPackages::described() const {
  std::string text;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const std::string& name = installation.call->packages[packages[i]].name;
    const std::string_view what = known[i]->what;
    if (i > 0) text += i + 1 == packages.size() ? " and " : ", ";
    text += name == what ? name : fmt::format("{} ({})", name, what);
  }
  return text + (packages.size() == 1 ? " is" : " are");
}

FindingBuilder RiskyPackages::report(Report& report, std::string message) const {
  auto finding = report.at(span(), std::move(message));
  if (auto removal = removal_of({*this}, report)) {
    const std::string_view more = removal->with_commands ? ", and what is done to its files" : "";
    finding.fix(Safety::unsafe, fmt::format("Remove {}{}", names(), more),
                std::move(removal->edits));
  }
  return finding;
}

void each_risky(const Stage& stage, Report& report, facts::PackageKind kind,
                const std::function<void(const RiskyPackages&)>& use) {
  for (const Installation& each : report.view<ShippedPackages>(stage).installations) {
    RiskyPackages found{stage, each, {}, {}};
    for (std::size_t i = 0; i < each.kept.size(); ++i) {
      if (!each.known[i] || each.known[i]->kind != kind) continue;
      found.packages.push_back(each.kept[i]);
      found.known.push_back(each.known[i]);
    }
    if (!found.packages.empty()) use(found);
  }
}

bool is_for_production(const Stage& stage) {
  if (is_workplace(stage)) return false;
  const Process process = process_of(stage);
  if (process.start()) return !is_prompt(process);
  const auto base = base_of(stage);
  return base && facts::starts_server(base->name, base->tag);
}

}  // namespace bulkhead::rules
