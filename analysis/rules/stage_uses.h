#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// Where one stage takes files from: COPY --from, RUN --mount=from.
struct StageUse {
  Instruction instruction;
  Span place;                 // the name, or the flag that has it
  std::string name;           // as it is written
  bool number = false;        // COPY --from=1
  std::optional<Stage> used;  // none: an image, a named context, or a number that no stage has
};

// Those of an instruction, and none of a trigger's.
std::vector<StageUse> stage_uses(const Instruction& instruction);

// All of a document, in order.
struct StageUses {
  StageUses(const Document& document, SharedViews& views);
  // Whether what `from` takes files from leads, through other stages, to `to`.
  bool leads_to(const Stage& from, const Stage& to) const;

  std::vector<StageUse> uses;
};

}  // namespace bulkhead::rules
