#pragma once

// What a single stage builds, and what of it the program needs when it runs: one answer for each language.
// For the files of this folder only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts/build_images.h"
#include "analysis/model/document.h"
#include "analysis/shell/commands/options.h"

namespace bulkhead::refactorings {

// A command of a RUN.
struct Step {
  Command command;
  std::string name;  // without its folder, behind wrappers
  std::vector<shell::Argument> arguments;
  std::optional<std::string> folder;  // absolute
};

// A stage that builds a program and runs it.
struct SingleStage {
  Stage stage;
  std::string name;  // of its image, familiar
  std::string tag;
  const facts::BuildImage* image;
  std::vector<Step> steps;
  std::uint32_t last_build;       // the last RUN that does more than make accounts and folders
  std::string folder;             // in force behind that; absolute
  std::vector<std::string> call;  // of the process: the program and its arguments
};

// None where the stage is not one of that kind, as far as it can be told.
std::optional<SingleStage> single_stage(const Document& document);

// Whether the RUN makes only accounts and folders, and says whom these belong to.
bool only_settles(const Run& run);

struct BuildPlan {
  struct Copied {
    std::string from;  // absolute, in the first stage; may hold a glob
    std::string
        to;  // a folder, with a slash at its end, where `from` holds a glob or several paths
  };
  std::vector<Copied> copied;
  bool is_static = false;  // the program has all its libraries in it

  // Lines for the first stage: in front of an instruction, and at the end.
  std::optional<std::uint32_t> prepared;
  std::vector<std::string> preparation = {};
  std::vector<std::string> finish = {};
  // Lines for the second stage: what has to be root's work, and variables.
  std::vector<std::string> steps = {};
  std::vector<std::string> variables = {};
  // What the author has to look at, as comments.
  std::vector<std::string> checks = {};
};

// None where it is not certain what the program needs.
std::optional<BuildPlan> plan_build(const SingleStage& single);

}  // namespace bulkhead::refactorings
