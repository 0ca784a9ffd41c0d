#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/finding.h"

namespace bulkhead {

// Which rules run, and how grave what they find is.
struct Config {
  // The rules that run; none means those that are enabled by default.
  std::optional<std::vector<const Rule*>> select = {};
  std::vector<const Rule*> enable = {};  // these too
  std::vector<const Rule*> ignore = {};  // but not these
  // Of what a rule finds, whatever it says itself.
  std::map<const Rule*, Severity> severities = {};

  bool operator==(const Config&) const = default;
};

// The severity from which on findings are a failure; none: never.
using FailLevel = std::optional<Severity>;

// "error" ... "hint"; none for any other text.
std::optional<Severity> severity_named(std::string_view name);
// The same, or "never".
std::optional<FailLevel> fail_level_named(std::string_view name);

// What a project has set for one of its files.
struct Settings {
  Config config = {};
  std::vector<std::string> trusted_registries = {};  // as in Context
  std::optional<FailLevel> fail_level = {};
  bool excluded = false;                   // it is not to be checked
  std::vector<std::string> problems = {};  // for the user: what of the settings does not count

  bool operator==(const Settings&) const = default;
};

// What counts where the user asks for something on the command line and the project has set something: a selection
// stands instead of the project's and of what that leaves out; all else comes together.
Config combined(Config asked, const Config& of_project);

}  // namespace bulkhead
