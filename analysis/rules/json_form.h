#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Arguments that look like a JSON array.
namespace bulkhead::rules {

// Whether `text` is a JSON array, all of it, with a member that is no string. Of all faults in JSON
// only this one ends a build: for others the builder takes the text for no JSON at all.
bool is_array_of_others(std::string_view text);

// What somebody meant who wrote an array that is no JSON: ['npm', "start",]. `problem` tells what
// keeps it from being one, to follow a colon. None for what a shell may have been meant to read,
// as [ -f x ] && y.
struct MeantArray {
  // What stands in place of a part of the text, so that its layout stays.
  struct Repair {
    std::string_view part;
    std::string text;
  };
  std::vector<std::string> members;
  std::string problem;
  std::vector<Repair> repairs = {};  // in order
  bool is_open = false;              // the closing bracket is missing
};
std::optional<MeantArray> meant_array(std::string_view text);

// The members as JSON: ["npm", "start"].
std::string to_json(const std::vector<std::string>& members);

}  // namespace bulkhead::rules
