#pragma once

// What `check` and `fix` have in common: which files are looked at, by which rules, and how the
// answer looks.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/engine.h"
#include "cli/console.h"
#include "cli/input.h"
#include "host/context.h"
#include "host/recent_scripts.h"

namespace bulkhead::cli {

// --color, for commands that need no more.
void add_color(CLI::App& command, ColorMode& mode);

struct Inputs {
  std::vector<Input> inputs;  // each file once, in the order of the arguments
  bool complete = true;       // false: something could not be searched, and the user was told
};

struct AnalysisOptions {
  std::vector<std::string> paths{"."};
  std::string stdin_filename;
  std::vector<const Rule*> select;
  std::vector<const Rule*> enable;
  std::vector<const Rule*> ignore;
  std::optional<FailLevel> fail_level;  // none: as the project has it, else a warning
  std::optional<std::chrono::year_month_day> today;
  std::vector<std::string> trusted_registries;
  std::string configuration;  // a file; empty: those of the project
  bool configured = true;     // false: by none at all
  ColorMode color = ColorMode::automatic;
  bool quiet = false;
  std::size_t jobs = 0;  // 0: as many as there are processors

  void add_to(CLI::App& command);

  Inputs inputs() const;
  std::size_t threads() const;
  bool fails(const std::vector<Finding>& findings, const Settings& settings) const;
};

// What the analyses of one run share. Safe to use from any thread.
class Setting {
 public:
  explicit Setting(const AnalysisOptions& options);
  // The problems to be told of an input that the project does not want to be looked at; none where it is to be.
  std::optional<std::vector<std::string>> left_out(const Input& input);
  // Reads `text` as what the input's name says it is.
  std::shared_ptr<const Snapshot> snapshot(const Input& input, std::string text);
  // What surrounds `input`, which holds `snapshot`.
  Context context(const Input& input, const Snapshot& snapshot);
  // What is checked in a file with that context.
  Config config(const Context& context) const { return combined(config_, context.settings.config); }

 private:
  Config config_;
  std::chrono::year_month_day today_;
  std::vector<std::string> trusted_registries_;
  host::ContextScanner scanner_;
  host::RecentScripts scripts_;
};

// What keeps an analysis from being complete, for the user.
std::vector<std::string> problems_of(const Analysis& analysis, const Context& context,
                                     const Input& input);

// The rules that go by a name: an id, an alias ("hadolint:DL3020"), or an alias without its tool.
// Throws CLI::ValidationError, with the nearest name, if there are none.
std::vector<const Rule*> require_rules(std::string_view name);

}  // namespace bulkhead::cli
