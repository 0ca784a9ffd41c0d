#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/document.h"

namespace bulkhead::rules {

// A program that does its work as root only, or starts others as whom its own configuration says: with
// another USER it would not start.
struct RootServer {
  std::string program;        // as it is called
  std::string_view root_for;  // what it can do as root only; empty for one that starts others
  std::string_view advice;    // what to do then, or as whom those run; may be empty
};

// The one that the process of `stage` starts, as far as the Dockerfile and its base image say.
std::optional<RootServer> root_server(const Stage& stage);

// Whether those who run the image that `stage` is built on set the user, whatever USER says.
bool is_given_user(const Stage& stage);

}  // namespace bulkhead::rules
