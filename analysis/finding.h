#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/edit.h"
#include "analysis/text/span.h"

namespace bulkhead {

struct Rule;

enum class Severity : std::uint8_t { error, warning, info, hint };  // from grave to slight

enum class Category : std::uint8_t {
  permissions,
  attack_surface,
  sensitive_data,
  reproducibility,
  correctness,
  shell,
  efficiency,
  maintainability,
};

// safe: the image stays the same or becomes strictly what was meant. unsafe: it may change what the
// image does or how it is built, so a person has to ask for it.
enum class Safety : std::uint8_t { safe, unsafe };

// How editors draw the range besides its severity: faded, struck out.
enum class Tag : std::uint8_t { unnecessary, deprecated };

// The spelling used in JSON, SARIF, the command line and the documentation.
std::string_view name(Severity severity);
std::string_view name(Category category);
std::string_view name(Safety safety);

// A change to one file. An empty `file` means the analysed document; anything else is a path from
// the folder of that document: a file that the context knows the text of, or one that the edit creates
// (its span is then 0..0).
struct Edit {
  TextEdit change;
  std::string file = {};

  bool operator==(const Edit&) const = default;
};

struct Fix {
  std::string title;  // what pressing the key does, in the imperative: "Replace ADD with COPY"
  Safety safety = Safety::unsafe;
  std::vector<Edit> edits;  // complete: nothing else is needed to carry it out
};

// Another place in the document that explains the finding ("the secret is read here").
struct Related {
  Span span;
  std::string message;
};

struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;
  Span span;            // bytes in the document
  std::string message;  // what is wrong here, with the names that stand in this file
  std::vector<Related> related = {};
  std::vector<Fix> fixes = {};  // the preferred one first
  std::vector<Tag> tags = {};
};

}  // namespace bulkhead
