#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"

namespace bulkhead::rules {

// What ARG or ENV gives away.
enum class Exposure : std::uint8_t {
  none,
  dummy,  // what everybody knows stands for a password: changeme
  secret,
};

// What a value without variables exposes under that name.
Exposure exposure_of(std::string_view name, std::string_view value);

// The same in a compose file, where no other rule looks for tokens, and for passwords in addresses, which are
// secret whatever the name says.
Exposure exposure_in_compose(std::string_view name, std::string_view value);

// The secrets that a document hands around in ARG and ENV, from where they are declared through
// other variables to the RUN that reads them; and what moves each of them into a secret mount. Made
// in time in proportion to the document, whatever it says.
class SecretVariables {
 public:
  SecretVariables(const Document& document, SharedViews& views);

  // A pair of ARG or ENV that exposes a secret.
  struct Exposed {
    Pair pair;
    Exposure exposure = Exposure::none;
    std::size_t group = 0;
    std::string source = {};  // the variable that it has the secret from, if not its own
    bool in_image = false;    // in an image that a build may deliver, not only in a stage of it
  };
  // In document order.
  const std::vector<Exposed>& exposed() const { return exposed_; }

  // The declaration that gives `name` a secret value at `instruction`; null where none does.
  const Exposed* at(const Instruction& instruction, std::string_view name) const;

  // Where RUN instructions read the secret: the first ones.
  const std::vector<Span>& reads(const Exposed& exposed) const;

  // Removes the secret's variables, and mounts it where a RUN reads it: as a variable, or as a file where
  // each RUN takes its value for a path. One that is for run time leaves a comment. None where that cannot
  // be done, and for all but the first pair of a secret that is declared more than `many` times.
  std::optional<Fix> fix(const Exposed& exposed) const;

 private:
  static constexpr std::size_t many = 16;

  // What is known of a pair.
  struct Info {
    Exposure exposure = Exposure::none;
    std::size_t group = 0;
    std::string source = {};
    bool composed = false;  // the secret is a part of the value
  };
  // One secret under all its names.
  struct Group {
    std::string name;  // of its first variable: the id of the mount
    std::vector<Pair> pairs;
    std::map<std::uint32_t, std::set<std::string>> readers;  // RUN -> names it reads
    std::vector<Span> reads;
    std::vector<Span> path_reads;  // $NAME in place of a path
    bool others_read = false;      // the value itself
    bool has_arg = false;
    bool immovable = false;  // something that is no RUN needs it
    bool run_time = false;   // what containers start names it
  };

  static bool takes_path(const Group& group) {
    return !group.others_read && !group.path_reads.empty();
  }
  void read_pair(const Pair& pair, bool env);
  Info judge(const Pair& pair, const std::string& name, bool env) const;
  std::size_t group_of(const std::string& name);
  std::size_t adopt(const Pair& pair);
  void join_unexposed();
  void read_uses();
  void read_run(const Run& run);
  void find_silent_readers();
  const Exposed* find(const Pair& pair) const;
  std::vector<Edit> removal(const Group& group) const;
  // Adds the edits that mount it in each RUN that reads it; false where the frontend knows no such mount.
  bool mount(const Group& group, std::vector<Edit>& edits) const;
  bool known(std::string_view name) const { return names_.contains(std::string(name)); }
  // The group that gives `name` its value at `instruction`, if any.
  std::optional<std::size_t> group_at(const Instruction& instruction, std::string_view name) const;

  const Document& document_;
  std::unordered_map<std::uint32_t, Info> infos_;       // by the first byte of the pair
  std::unordered_map<std::string, std::size_t> names_;  // of variables with a group
  std::unordered_map<std::string, Exposure> globals_;   // of ARG with a value above the first FROM
  std::vector<Group> groups_;
  std::vector<Exposed> exposed_;
};

}  // namespace bulkhead::rules
