#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/config.h"
#include "analysis/context.h"
#include "analysis/finding.h"
#include "analysis/text/change.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

struct Rule;
class SharedViews;

// All rules, sorted by id.
std::span<const Rule* const> all_rules();

// The rule with this id, or null.
const Rule* find_rule(std::string_view id);

// The rules that `name` means: an id, or an alias with its tool ("hadolint:DL3020") or without; without,
// those of `tool` alone, if one is given; `*` is then any text. Aliases are compared without regard to case.
std::vector<const Rule*> rules_named(std::string_view name, std::string_view tool = {});

// What to tell the user of a name that no rule goes by, with the id or alias that it may be a misspelling of.
std::string no_such_rule(std::string_view name);

// Where the documentation of a rule stands.
std::string documentation_url(const Rule& rule);

struct Analysis {
  std::vector<Finding>
      findings;  // in the order of the text, then by rule id and message; suppressed ones left out
  std::vector<const Rule*> broken;    // rules that threw: their findings are left out
  std::vector<const Rule*> left_out;  // rules that there was no time for

  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  // What it has in common with the analysis of the version before.
  struct Earlier {
    Change change;  // of the text
    // For each finding the one of that time that says the same, of places that `change` has moved; none where that
    // was not found, or not shown.
    std::vector<std::uint32_t> indices = {};
  };
  std::optional<Earlier> earlier;
};

// Asked in front of each rule: whether it is too late for it, and for those behind it.
using OutOfTime = std::function<bool()>;

// The same text, config and context always give the same answer, if there is time for it. What rules work out of
// the snapshot is left in `views`, where these are given, for who goes on with it.
Analysis analyse(const Snapshot& snapshot, const Config& config, const Context& context,
                 const OutOfTime& out_of_time = {}, SharedViews* views = nullptr);

// The same for one version of a file after the other: what an edit neither touched nor reaches is not
// looked at again. This is what is asked of rules for it:
// - A check on an instruction or a command looks at that, and at what is in force there: the values of the
//   variables that it names and of those in Rule::environment, the user, folder and shell, the stage's base
//   image, the names of stages.
// - One on a stage looks at all that stands in it and in those that it is built on. Of those that files go to or come
//   from, and of others that are built on the same, at the files alone, unless it is Rule::looks_at_dependents.
// - One that looks at more, comments among it, takes the Document.
// All may look at what stands above the first FROM, at whether their stage is shipped or delivered, and, where a
// variable names its image, at what others name by variables.
class Analyser {
 public:
  // What comes back is there until the next call.
  const Analysis& analyse(const std::shared_ptr<const Snapshot>& snapshot, const Config& config,
                          const Context& context, const OutOfTime& out_of_time = {},
                          SharedViews* views = nullptr);
  // The last one.
  const Analysis& analysis() const& { return analysis_; }
  Analysis analysis() && { return std::move(analysis_); }
  // The next call has another config or context.
  void forget() { memory_.reset(); }

 private:
  struct Memory;
  struct Delete {
    void operator()(Memory* memory) const;
  };
  Analysis analysis_;
  std::unique_ptr<Memory, Delete> memory_;  // of `analysis_`, what goes into the next one
};

// The edit that silences `finding` by a comment above its instruction or entry, for this rule alone. `remarks` are
// those of `snapshot`.
Edit suppress(const Snapshot& snapshot, std::span<const Snapshot::Remark> remarks,
              const Finding& finding);

// The text of the file that an edit of another file names; none for one that the edit creates.
std::optional<std::string_view> text_of(const Context& context, std::string_view file);

// Another file than the analysed one, as fixes leave it.
struct ChangedFile {
  std::string path;                   // from the folder of the analysed one
  std::optional<std::string> before;  // none where it is to be created
  std::string text;
};

// The world with these files in it.
Context with_files(Context context, const std::vector<ChangedFile>& files);

// The text after all safe fixes (and the unsafe ones, if asked), in rounds until nothing
// changes; of fixes that conflict the first one in the text wins a round. What changes the base image or the
// users of a stage is made before all else, for what is wrong then may be something else.
struct Fixed {
  std::string text;
  std::vector<ChangedFile> others;
  std::size_t fixes = 0;            // how many were made
  std::size_t fixes_elsewhere = 0;  // those among them that change `others`
};
Fixed fix_all(const Snapshot& snapshot, const Config& config, const Context& context, Safety most,
              const OutOfTime& out_of_time = {});

}  // namespace bulkhead
