#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Images that programs are built in, and what the result needs to run.
namespace bulkhead::facts {

enum class Language : std::uint8_t { c, dotnet, go, java, node, python, rust };

struct BuildImage {
  std::string_view pattern;  // the name, or a glob; with ':' a glob of tags follows
  Language language;         // c: C and C++
  std::string_view
      version_after;  // texts in front of the version in the tag, between commas; "^": its start
  std::string_view runtime;   // see runtime_image(); empty where SdkImage has the answer
  std::string_view versions;  // those that `runtime` is there for, between commas; empty: all
  // Libraries that the compilers link to and no other image has in that version, between commas.
  std::string_view libraries;
};

// Null for an image that is no such, or not known. The answer lives as long as the program.
const BuildImage* build_image(std::string_view name, std::string_view tag);

// The image to run on what was built in `name`:`tag`. `name` is taken as it is written, with its registry;
// an empty tag means none. Empty where the tag does not say the version that is needed.
std::string runtime_image(const BuildImage& image, std::string_view name, std::string_view tag);

// Whether only tools for building read the variable: GOFLAGS, PIP_NO_CACHE_DIR.
bool is_build_variable(std::string_view name);

}  // namespace bulkhead::facts
