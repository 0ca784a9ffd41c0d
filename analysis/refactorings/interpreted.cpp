#include "analysis/refactorings/interpreted.h"

#include <algorithm>

#include "analysis/facts/packages.h"
#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/refactorings/system_packages.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/text/path.h"
#include "analysis/text/word_list.h"

namespace bulkhead::refactorings {
namespace {

using shell::PackageCall;
using Setting = PackageCall::Setting;

std::optional<PackageCall> install_of(const Step& step, const WordList& managers) {
  auto call = shell::package_call(step.name, step.arguments);
  const bool fits =
      call && call->action == PackageCall::Action::install && is_listed(call->manager, managers);
  return fits ? call : std::nullopt;
}

std::string argument(const Step& step, std::size_t index) {
  return index < step.arguments.size() ? step.arguments[index].value_or("") : "";
}

// Whether the folder of the program gets all of the build context behind the last step that builds.
bool is_copied_last(const SingleStage& single) {
  return std::ranges::any_of(single.stage.all<Copy>(), [&](const Copy& copy) {
    const auto to = copy.destination();
    if (copy.index() < single.last_build || copy.from() || !to) return false;
    const Value place = joined(single.stage.state_before(copy.index()).folder, to->value());
    return normalized(place.text) == single.folder &&
           std::ranges::any_of(copy.sources(), [](const Word& source) {
             return normalized(source.value().text) == ".";
           });
  });
}

// The program lies in a folder of its own, where it also starts.
bool has_own_folder(const SingleStage& single) {
  const Value end = single.stage.state().folder;
  return single.folder != "/" && end.known && normalized(end.text) == single.folder;
}

constexpr std::string_view check_libraries =
    "packages that were compiled may need libraries which this image lacks";

bool changes_image(const SingleStage& single) {
  return facts::runtime_image(*single.image, single.name, single.tag) !=
         single.name + (single.tag.empty() ? "" : ":" + single.tag);
}

// A program that the image brings, or the project itself; not one of the distribution's packages.
bool is_at_hand(const SingleStage& single, const std::string& name) {
  if (name.find('/') == std::string::npos) {
    const auto packages = system_packages(single);
    return std::ranges::find(packages, name) == packages.end();
  }
  return is_within(normalized(joined(single.stage.state().folder, {name, true, {}}).text),
                   single.folder);
}

// Whether a step runs a script of the project, or a program that was installed for it.
bool builds(const Step& step) {
  constexpr std::string_view own = "add cache ci config i install set global import -v --version";
  const std::string what = argument(step, 0);
  if (step.name == "npm") return is_listed(what, "run run-script exec x");
  if (is_listed(step.name, "yarn pnpm")) return !what.empty() && !is_listed(what, own);
  return is_listed(step.name, "npx tsc");
}

}  // namespace

std::optional<BuildPlan> plan_node(const SingleStage& single) {
  std::string manager;
  bool is_built = false;
  bool is_lean = false;
  for (const Step& step : single.steps) {
    const auto call = install_of(step, "npm yarn pnpm");
    if (call && !call->has(Setting::global)) {
      if (step.folder != single.folder) return std::nullopt;
      manager = call->manager;
      const auto mode = step.command.run().variable("NODE_ENV");
      is_lean = call->has(Setting::no_extras) || (mode && mode->text == "production");
    } else if (!manager.empty() && builds(step)) {
      is_built = true;
    }
  }
  const std::string& name = single.call.front();
  const bool by_script = is_listed(name, "npm yarn") && single.call.size() > 1;
  const std::string& started = single.call.size() > 1 ? single.call[1] : name;
  const std::string script = started == "run" && single.call.size() > 2 ? single.call[2] : started;
  if (manager.empty() || !has_own_folder(single) || (name != "node" && !by_script) ||
      (by_script && facts::is_development(script)) || single.call.size() < 2)
    return std::nullopt;
  if (!is_built && !changes_image(single) && system_packages(single).empty()) return std::nullopt;

  BuildPlan plan;
  const std::string& folder = single.folder;
  const std::string path = normalized(joined({folder, true, {}}, {started, true, {}}).text);
  if (name == "node" && !is_within(path, folder)) return std::nullopt;
  const std::string inside = path == folder ? "" : path.substr(folder.size() + 1);
  const std::size_t slash = inside.find('/');
  if (is_copied_last(single) && !is_built) {
    plan.copied = {{folder + "/node_modules", folder + "/node_modules"}};
  } else if (name == "node" && is_built && slash != std::string::npos) {
    const std::string made = folder + "/" + inside.substr(0, slash);
    plan.copied = {{folder + "/package.json", folder + "/"},
                   {folder + "/node_modules", folder + "/node_modules"},
                   {made, made}};
    plan.checks.push_back("copy what else the program reads while it runs");
  } else {
    plan.copied = {{folder, folder}};
  }
  if (is_built && !is_lean) {
    if (manager == "npm") {
      plan.finish = {"RUN npm prune --omit=dev"};
    } else if (manager == "pnpm") {
      plan.finish = {"RUN pnpm prune --prod"};
    } else {
      plan.checks.push_back(
          "yarn leaves the packages of development in node_modules; version 1 takes them out by"
          " `yarn install --production`");
    }
  }
  if (changes_image(single)) plan.checks.emplace_back(check_libraries);
  plan.variables = {"NODE_ENV=production"};
  return plan;
}

std::optional<BuildPlan> plan_python(const SingleStage& single) {
  std::string environment;
  std::optional<std::uint32_t> first;
  bool is_editable = false;
  for (const Step& step : single.steps) {
    if (is_listed(step.name, "poetry pipenv uv pdm conda mamba pipx")) return std::nullopt;
    const bool makes_environment = (step.name.starts_with("python") && argument(step, 0) == "-m" &&
                                    argument(step, 1) == "venv") ||
                                   step.name == "virtualenv";
    if (makes_environment) {
      const std::string path = argument(step, step.arguments.size() - 1);
      if (!path.starts_with('/')) return std::nullopt;
      environment = normalized(path);
    }
    const auto call = install_of(step, "pip");
    if (!call) continue;
    if (call->has(Setting::user) || call->has(Setting::target) || call->has(Setting::root))
      return std::nullopt;
    if (!first) first = step.command.run().index();
    is_editable = is_editable || std::ranges::any_of(step.arguments, [](const auto& text) {
                    return text && is_listed(*text, "-e --editable");
                  });
  }
  if (!first || !has_own_folder(single) || !is_at_hand(single, single.call.front()))
    return std::nullopt;
  if (!changes_image(single) && system_packages(single).empty()) return std::nullopt;

  const Document& document = single.stage.document();
  BuildPlan plan;
  if (environment.empty()) {
    environment = "/opt/venv";
    const std::string variable = "PATH=" + environment + "/bin:$PATH";
    plan.prepared = first;
    const StepUser user = user_of_step(document.instructions()[*first]);
    const std::string make = "RUN python -m venv " + environment;
    if (user.kind == StepUser::Kind::root) {
      plan.preparation = {make};
    } else if (user.kind == StepUser::Kind::other) {
      const std::string owner(without_group(user.name));
      plan.preparation = {"USER root", make + " && chown -R " + owner + " " + environment,
                          "USER " + user.name};
    } else {
      return std::nullopt;
    }
    plan.preparation.push_back("ENV " + variable);
    plan.variables = {variable};
  } else {
    // The author's own has to be on the search path, which goes with the other variables.
    const auto path = document.instructions().back().variable("PATH");
    if (!path || path->text.find(environment + "/bin") == std::string::npos) return std::nullopt;
  }
  if (changes_image(single)) plan.checks.emplace_back(check_libraries);
  plan.copied = {{environment, environment}};
  const bool is_inside = is_within(environment, single.folder);
  if (is_inside) plan.copied.clear();
  if (is_inside || is_editable || !is_copied_last(single))
    plan.copied.push_back({single.folder, single.folder});
  return plan;
}

}  // namespace bulkhead::refactorings
