#pragma once

// What is known of a running shell at some place of a script: the variables it has set itself, where it
// stands, what is switched on.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/shell/script.h"

namespace bulkhead::shell {

// Changes can be taken back, or be said to have happened perhaps: the cost is that of the changes, never
// that of all that is known, so that long scripts with many branches stay linear.
class ShellState {
 public:
  using Value = std::shared_ptr<const Word>;

  // The part that is small enough to be copied.
  struct Settings {
    Certainty errexit = Certainty::no;
    Certainty pipefail = Certainty::no;
    std::shared_ptr<const Directory> directory = {};
    std::shared_ptr<const Directory> previous = {};            // for `cd -`
    std::vector<std::shared_ptr<const Directory>> stack = {};  // for popd
    Value umask = {};
    Value user = {};
    std::uint32_t process = 0;  // how many shells deep
    std::uint64_t forgotten =
        0;  // variables that were set before this count are not known any more
  };
  Settings settings;

  struct Mark {
    std::size_t changes = 0;
    Settings settings;
  };
  Mark mark() const { return {journal_.size(), settings}; }
  // As if nothing had happened since.
  void take_back(const Mark& mark);
  // What has happened since may have happened or not.
  void blur(const Mark& mark);
  // The other settings may be in force instead.
  void join(const Settings& other);
  // The names that have been set since.
  std::vector<std::string> changed(const Mark& mark) const;

  // The value that the script has given to a variable: null where it has given none, unknown_word() where
  // that is not certain.
  Value get(std::string_view name) const;
  // A value that would become too long is not kept.
  // Null is as if it had never been set.
  void set(const std::string& name, Value value);
  void forget(const std::string& name) { set(name, unknown_word()); }
  void forget_all() { settings.forgotten = ++count_; }
  void export_name(const std::string& name);
  // A name that changes in ways that are not followed: it is never known.
  void never_know(const std::string& name) { forget_for_ever_[name] = true; }

  void change_directory(std::shared_ptr<const Directory> directory);

  // A word of which nothing is known.
  static const Value& unknown_word();
  static const std::shared_ptr<const Directory>& unknown_directory();

 private:
  struct Variable {
    Value value;
    bool is_exported = false;
    std::uint32_t process = 0;
    std::uint64_t count = 0;  // when it was set
    std::size_t size = 0;     // of what it stands for
    int depth = 0;            // of variables in it
  };
  struct Change {
    std::string name;
    Variable before;
  };

  std::unordered_map<std::string, Variable> variables_;
  std::unordered_map<std::string, bool> forget_for_ever_;
  std::vector<Change> journal_;
  std::uint64_t count_ = 0;
};

}  // namespace bulkhead::shell
