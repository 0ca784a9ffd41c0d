#pragma once

// What a container of a stage starts, as far as the Dockerfile says it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/document.h"

namespace bulkhead {

struct Process {
  std::optional<Instruction> entrypoint;  // that of Stage::state()
  std::optional<Instruction> command;
  // Programs and their arguments, of ENTRYPOINT and then of CMD. The shell form is cut at blanks.
  std::vector<std::string> words;

  // ENTRYPOINT, else CMD: what decides on the process.
  std::optional<Instruction> start() const { return entrypoint ? entrypoint : command; }
};

Process process_of(const Stage& stage);

// Whether a stage that is not the last one is named for development or tests: it is built when it is asked
// for, and shipped to nobody.
bool is_for_developers(const Stage& stage);

// Whether the process is only a shell or the prompt of an interpreter: the image is there to be
// built on, or to be looked into.
bool is_prompt(const Process& process);

// The place where a USER reaches the process and nothing of the build: in front of the ENTRYPOINT
// and CMD that follow the last RUN, COPY, ADD and WORKDIR of the stage, else its end.
struct Place {
  Instruction instruction;
  bool before = false;  // else behind it
};
Place start_place(const Stage& stage);

}  // namespace bulkhead
