#include "analysis/refactorings/build_plan.h"

#include <algorithm>
#include <array>

#include "analysis/facts/images.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/refactorings/interpreted.h"
#include "analysis/refactorings/system_packages.h"
#include "analysis/text/path.h"
#include "analysis/text/word_list.h"

namespace bulkhead::refactorings {
namespace {

using facts::Language;
using shell::Argument;

constexpr std::string_view check_files =
    "copy what else the program reads while it runs, such as templates and settings";

// Where a step of the build leaves what it makes.
struct Output {
  enum class Reach : std::uint8_t { file, in_folder, below };
  std::string path;
  Reach reach = Reach::file;
  bool on_search_path = false;  // PATH has the folder
};

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

bool covers(const Output& output, std::string_view path) {
  switch (output.reach) {
    case Output::Reach::file:
      return path == output.path;
    case Output::Reach::in_folder:
      return folder_of(path) == output.path;
    case Output::Reach::below:
      // Of a build in the root folder it is not known what it made.
      return output.path != "/" && path != output.path && is_within(path, output.path);
  }
  return false;
}

// Whether the build makes `path`, or copies it from what it makes.
bool is_made(const SingleStage& single, const std::vector<Output>& outputs, std::string_view path) {
  const auto made = [&](std::string_view at) {
    return std::ranges::any_of(outputs, [&](const Output& output) { return covers(output, at); });
  };
  const Timeline& timeline = single.stage.effects();
  const Effect* effect = timeline.last_write(path, timeline.effects().size());
  const auto* written = effect ? effect->as<FileEffect>() : nullptr;
  // A file that is copied under its own name is no product of the build.
  if (written && written->source == FileEffect::Source::context && written->path.text == path)
    return false;
  if (made(path)) return true;
  const bool moved = written && (written->source == FileEffect::Source::file ||
                                 written->source == FileEffect::Source::link);
  return moved && made(written->from.text);
}

// `path` as the process sees it.
std::string at_run_time(const SingleStage& single, const std::string& path) {
  return normalized(joined(single.stage.state().folder, {path, true, {}}).text);
}

// The program that the process starts, if the build makes it.
std::optional<BuildPlan::Copied> program(const SingleStage& single,
                                         const std::vector<Output>& outputs) {
  const std::string& name = single.call.front();
  if (name.find('/') != std::string::npos) {
    const std::string path = at_run_time(single, name);
    if (!path.starts_with('/') || !is_made(single, outputs, path)) return std::nullopt;
    return BuildPlan::Copied{path, path};
  }
  for (const char* folder :
       {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
    const std::string path = folder + name;
    if (is_made(single, outputs, path)) return BuildPlan::Copied{path, path};
  }
  for (const Output& output : outputs) {
    if (output.on_search_path && output.reach == Output::Reach::in_folder)
      return BuildPlan::Copied{output.path + "/" + name, "/usr/local/bin/" + name};
  }
  return std::nullopt;
}

// The value of `-o X`, `-oX`, `--output X` or `--output=X`.
std::optional<std::string> option(const std::vector<Argument>& arguments, std::string_view name) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string text = arguments[i].value_or("");
    if (text == name) return i + 1 < arguments.size() ? arguments[i + 1] : std::nullopt;
    if (text.starts_with(std::string(name) + "=")) return text.substr(name.size() + 1);
  }
  return std::nullopt;
}

bool has(const std::vector<Argument>& arguments, std::string_view word) {
  return std::ranges::find(arguments, Argument(word)) != arguments.end();
}

std::string first(const std::vector<Argument>& arguments) {
  return arguments.empty() ? "" : arguments.front().value_or("");
}

std::string seen_from(const std::string& folder, const std::string& path) {
  return normalized(joined({folder, true, {}}, {path, true, {}}).text);
}

// What a variable of ENV or ARG holds where the command runs; else `otherwise`.
std::string variable(const Step& step, std::string_view name, std::string otherwise) {
  const auto value = step.command.run().variable(name);
  return value && value->known ? value->text : otherwise;
}

bool is_alpine(const SingleStage& single) {
  return facts::distribution(single.name, single.tag) == facts::Distribution::alpine;
}

bool text_of_runs_has(const SingleStage& single, std::string_view part) {
  return std::ranges::any_of(single.stage.all<Run>(), [&](const Run& run) {
    return run.document().text(run.span()).find(part) != std::string_view::npos;
  });
}

// ---- One function for each language.

std::optional<BuildPlan> plan_go(const SingleStage& single) {
  std::vector<Output> outputs;
  bool without_c = text_of_runs_has(single, "CGO_ENABLED=0");
  for (const Step& step : single.steps) {
    const std::string what = first(step.arguments);
    if (step.name != "go" || !step.folder || (what != "build" && what != "install")) continue;
    if (variable(step, "CGO_ENABLED", "") == "0") without_c = true;
    if (what == "install") {
      const std::string path = variable(step, "GOPATH", "/go");
      outputs.push_back({variable(step, "GOBIN", path + "/bin"), Output::Reach::in_folder, true});
    } else if (const auto out = option(step.arguments, "-o")) {
      const std::string path = seen_from(*step.folder, *out);
      outputs.push_back({path});
      outputs.push_back({path, Output::Reach::in_folder});  // where there is such a folder
    } else {
      outputs.push_back({*step.folder, Output::Reach::in_folder});
    }
  }
  const auto made = program(single, outputs);
  if (!made) return std::nullopt;
  const bool has_c_compiler = !is_alpine(single) || installs_compiler(single);
  const bool is_static = without_c || !has_c_compiler || text_of_runs_has(single, "-extldflags");
  // What is linked against musl runs on no image of Debian.
  if (!is_static && is_alpine(single)) return std::nullopt;
  return BuildPlan{.copied = {*made}, .is_static = is_static, .checks = {std::string(check_files)}};
}

std::optional<BuildPlan> plan_rust(const SingleStage& single) {
  std::vector<Output> outputs;
  for (const Step& step : single.steps) {
    const std::string what = first(step.arguments);
    if (step.name != "cargo" || !step.folder) continue;
    if (what == "install") {
      const auto root = option(step.arguments, "--root");
      const std::string home = variable(step, "CARGO_HOME", "/usr/local/cargo");
      outputs.push_back({(root ? seen_from(*step.folder, *root) : home) + "/bin",
                         Output::Reach::in_folder, !root});
    } else if (what == "build" || what == "b" || what == "rustc") {
      const std::string target = option(step.arguments, "--target-dir")
                                     .value_or(variable(step, "CARGO_TARGET_DIR", "target"));
      outputs.push_back({seen_from(*step.folder, target), Output::Reach::below});
    }
  }
  const auto made = program(single, outputs);
  if (!made) return std::nullopt;
  return BuildPlan{.copied = {*made},
                   .is_static = is_alpine(single) || text_of_runs_has(single, "linux-musl"),
                   .checks = {std::string(check_files)}};
}

std::optional<BuildPlan> plan_java(const SingleStage& single) {
  std::vector<Output> outputs;
  for (const Step& step : single.steps) {
    if (!step.folder || !is_listed(step.name, "mvn mvnw gradle gradlew")) continue;
    for (const char* folder : {".", "target", "build"})
      outputs.push_back({seen_from(*step.folder, folder), Output::Reach::below});
  }
  const auto& call = single.call;
  const auto jar = std::ranges::find(call, "-jar");
  const bool has_agent = std::ranges::any_of(
      call, [](const std::string& word) { return word.starts_with("-javaagent"); });
  if (call.front() != "java" || has_agent || call.end() - jar < 2) return std::nullopt;
  const std::string path = at_run_time(single, *(jar + 1));
  if (!path.starts_with('/') || !is_made(single, outputs, path)) return std::nullopt;
  const std::string name(file_name(path));
  if (folder_of(path).find_first_of("*?[$") != std::string::npos ||
      name.find('$') != std::string::npos)
    return std::nullopt;
  return BuildPlan{.copied = {{path, is_pattern(name) ? folder_of(path) + "/" : path}},
                   .checks = {std::string(check_files)}};
}

std::optional<BuildPlan> plan_dotnet(const SingleStage& single) {
  const auto& call = single.call;
  const bool by_dotnet = call.front() == "dotnet" && call.size() > 1 && call[1].ends_with(".dll");
  const std::string& started = call[by_dotnet ? 1 : 0];
  if (!by_dotnet && started.find('/') == std::string::npos) return std::nullopt;
  const std::string path = at_run_time(single, started);
  for (const Step& step : single.steps) {
    if (step.name != "dotnet" || first(step.arguments) != "publish" || !step.folder) continue;
    auto out = option(step.arguments, "-o");
    if (!out) out = option(step.arguments, "--output");
    std::string folder = out ? seen_from(*step.folder, *out) : folder_of(path);
    const bool is_default = is_within(folder, *step.folder) && folder.ends_with("/publish");
    if ((!out && !is_default) || !is_within(path, folder) || path == folder) continue;
    return BuildPlan{.copied = {{folder, folder}}};
  }
  return std::nullopt;
}

std::optional<BuildPlan> plan_c(const SingleStage& single) {
  std::vector<Output> outputs;
  bool is_cxx = installs_cxx(single);
  bool by_cmake = false;
  for (const Step& step : single.steps) {
    // A package of its own rules: where it is installed, and with how many files, cannot be told.
    if (step.name == "configure") return std::nullopt;
    if (!step.folder) continue;
    if (is_listed(step.name, "gcc g++ cc c++ clang clang++")) {
      is_cxx = is_cxx || step.name.ends_with("++");
      const auto out = option(step.arguments, "-o");
      outputs.push_back({seen_from(*step.folder, out.value_or("a.out"))});
    } else if (is_listed(step.name, "make ninja cmake meson")) {
      by_cmake = by_cmake || step.name == "cmake";
      const std::string in = option(step.arguments, "-C").value_or(".");
      outputs.push_back({seen_from(*step.folder, in), Output::Reach::below});
      const bool installs = has(step.arguments, "install") || has(step.arguments, "--install");
      if (installs && by_cmake && !text_of_runs_has(single, "INSTALL_PREFIX"))
        outputs.push_back({"/usr/local/bin", Output::Reach::in_folder});
    }
  }
  const auto made = program(single, outputs);
  if (!made) return std::nullopt;
  BuildPlan plan{.copied = {*made}, .checks = {std::string(check_files)}};
  if (const std::string libraries(single.image->libraries); !libraries.empty()) {
    std::string paths = libraries;
    std::ranges::replace(paths, ',', ' ');
    const std::string folder = folder_of(libraries.substr(0, libraries.find(',')));
    plan.copied.push_back({paths, folder + "/"});
    plan.variables.push_back("LD_LIBRARY_PATH=" + folder);
  }
  if (is_alpine(single) && is_cxx) plan.steps.push_back("RUN apk add --no-cache libstdc++");
  return plan;
}

}  // namespace

std::optional<BuildPlan> plan_build(const SingleStage& single) {
  std::optional<BuildPlan> plan;
  switch (single.image->language) {
    case Language::c:
      plan = plan_c(single);
      break;
    case Language::dotnet:
      plan = plan_dotnet(single);
      break;
    case Language::go:
      plan = plan_go(single);
      break;
    case Language::java:
      plan = plan_java(single);
      break;
    case Language::node:
      plan = plan_node(single);
      break;
    case Language::python:
      plan = plan_python(single);
      break;
    case Language::rust:
      plan = plan_rust(single);
      break;
  }
  if (!plan) return std::nullopt;
  if (const std::string packages = installed_libraries(single); !packages.empty()) {
    plan->checks.push_back("the build installs " + packages +
                           "; the program may need some of it, or its libraries, here");
  }
  return plan;
}

}  // namespace bulkhead::refactorings
