// Each fix can be made, and all safe ones together leave none to make.

#include "analysis/model/document.h"
#include "tests/fuzz/analysis.h"

using namespace bulkhead;
using namespace bulkhead::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = Document::create(std::string(text_of(data, size)));
  for (const Finding& finding : findings_in(*document)) {
    for (const Fix& fix : finding.fixes) {
      std::vector<TextEdit> edits;
      for (const Edit& edit : fix.edits) {
        if (edit.file.empty()) edits.push_back(edit.change);
      }
      const auto after = apply_edits(document->text(), edits);
      require(after.has_value(), "the edits of a fix fit together", fix.title);
      require(edits.empty() || *after != document->text(), "a fix changes something", fix.title);
    }
    const Edit comment = suppress(*document, document->remarks(), finding);
    require(apply_edits(document->text(), std::vector{comment.change}).has_value(),
            "a comment can be put there", std::string(finding.rule->id));
  }
  const Fixed once = fix_all(*document, all(), world(), Safety::safe);
  const Fixed twice = fix_all(*Document::create(once.text), all(), world(), Safety::safe);
  require(twice.text == once.text, "nothing is left to mend", once.text);
  return 0;
}
