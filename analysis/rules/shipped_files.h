#pragma once

// What of a build's files can reach an image that somebody gets.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/model/effects.h"

namespace bulkhead::rules {

class ShippedFiles {
 public:
  explicit ShippedFiles(const Document& document);

  // The COPY that takes `path`, as `stage` or one built on it leaves it at its end, into such an image, be
  // it by way of other stages; null where none does. `at` is the effect of `stage` that writes the path.
  const Effect* carrier(const Stage& stage, std::size_t at, const std::string& path) const;

  // The first effect behind effects()[at] of `stage` that deletes the path for certain: there, or in a stage
  // built on it. Null where there is none.
  const Effect* deletion(const Stage& stage, std::size_t at, std::string_view path) const;

  // `stage` and those that are built on it, in order.
  std::vector<Stage> family(const Stage& stage) const;

 private:
  struct Carrier {
    const Effect* effect;
    std::uint32_t into;  // the stage
  };
  const Effect* follow(const Stage& stage, std::size_t from, const std::string& path,
                       std::vector<bool>& seen, int depth) const;

  const std::vector<Carrier>& carriers(const Stage& stage) const;

  const Document& document_;
  // By the stage that they take from. Made at the first wish: it takes the timelines of all stages.
  mutable std::vector<std::vector<Carrier>> carriers_;
  std::vector<std::vector<std::uint32_t>> built_on_it_;  // by stage: those whose FROM names it
};

}  // namespace bulkhead::rules
