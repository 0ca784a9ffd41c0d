// After any edits all rules find what they find in a fresh document.

#include <memory>
#include <span>

#include "analysis/model/document.h"
#include "tests/analysis/told.h"
#include "tests/fuzz/analysis.h"
#include "tests/fuzz/edits.h"

using namespace bulkhead;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Config config = fuzz::all();
  static const Context context = fuzz::world();
  fuzz::EditedText edited(data, size);
  std::shared_ptr<const Snapshot> snapshot = Document::create(edited.text());
  Analyser analyser;
  analyser.analyse(snapshot, config, context);
  while (const auto edit = edited.edit()) {
    snapshot = snapshot->after(std::span(&*edit, 1));
    const auto fresh = analyse(*Document::create(edited.text()), config, context);
    fuzz::require(
        told(analyser.analyse(snapshot, config, context).findings) == told(fresh.findings),
        "what is found after edits is what is found in the text", edited.text());
  }
  return 0;
}
