#pragma once

// The accounts of a stage: which ones there are, and what to write for its process to run as one
// that is not root.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"

namespace bulkhead {

// What the first stage of a lineage is built on, in the terms of facts/.
struct Base {
  From from;
  std::string name;  // "node", "scratch"
  std::string tag;
};

// None where the name is hidden by a variable or missing.
std::optional<Base> base_of(const Stage& stage);

// Whether a value of USER means root, by name or number, with or without a group. That of Windows
// is ContainerAdministrator.
bool is_root(std::string_view user);

// Whom the process of `stage` runs as, where that is somebody else than root for certain: the value of
// USER, or the base image's user. Else empty.
std::string account_of_process(const Stage& stage);

// Whom a step of the build runs as.
struct StepUser {
  enum class Kind : std::uint8_t { unknown, root, other };
  Kind kind = Kind::unknown;
  std::string name;   // of another user than root, as behind USER; what USER there would say
  bool hint = false;  // only general knowledge of the base image tells it
  std::optional<User> set_by;  // none where the base image has the say
};
StepUser user_of_step(const Instruction& step);

// The same for many steps of one stage.
class StepUsers {
 public:
  explicit StepUsers(const Stage& stage) : stage_(stage) {}
  StepUser of(const Instruction& step);

 private:
  Stage stage_;
  std::optional<StepUser> of_base_;  // where no USER says it
};

// Lets the steps from `first` to `last`, neighbours in a stage, run as root: USER root in front, and behind
// them the USER that was. None where that one is not known.
std::vector<Edit> run_as_root(const Instruction& first, const Instruction& last);

// "app" of "app:staff".
std::string_view without_group(std::string_view user);

// The command of the lineage that makes an account of that name, wherever it stands; none if there
// is none.
std::optional<Command> maker(const Stage& stage, std::string_view name);

// The RUN that makes an account of that name in the way of the stage's distribution, with a group
// of the same name; none where it cannot be told how, or nothing can run there.
std::optional<std::string> creation(const Stage& stage, std::string_view name);

// A user to put in place of a name where no account can be made.
inline constexpr std::string_view unnamed_user = "65532";

// Another user than root for a stage's process.
struct OrdinaryUser {
  std::string user;                // for USER: "node", "10001:10001"
  std::vector<std::string> steps;  // instructions that make it, to be run as root
  std::string title;               // for the fix
  bool is_new = false;             // neither the image nor the Dockerfile knows it so far
};

// What fits best for what `stage` starts: a user that it ran as before, the base image's, one that it
// makes, else a new one. The last two get the paths that the process writes while it runs.
OrdinaryUser ordinary_user(const Stage& stage);

// A number that no account has: who runs so may not own or write anything.
OrdinaryUser unnamed_ordinary_user();

// Makes the process of `stage` run as `user`: a USER in front of what starts it.
Edit run_as(const Stage& stage, const OrdinaryUser& user);

}  // namespace bulkhead
