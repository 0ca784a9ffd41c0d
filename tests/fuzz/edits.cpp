// After any edits the tree is that of a fresh parse, and the document that of the text.

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "analysis/model/document.h"
#include "analysis/syntax/tree.h"
#include "tests/fuzz/edits.h"
#include "tests/fuzz/require.h"
#include "tests/model/told.h"
#include "tests/syntax/dump.h"

using namespace bulkhead;
using namespace bulkhead::syntax;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::EditedText edited(data, size);
  std::string before = edited.text();
  Tree tree = parse(Language::dockerfile, before);
  auto document = Document::create(before);
  while (const auto edit = edited.edit()) {
    const std::string& text = edited.text();
    const std::span edits(&*edit, 1);
    Tree after = reparse(tree, before, text, edits);
    const std::string incremental = dump(after);
    const std::string fresh = dump(parse(Language::dockerfile, text));
    if (incremental != fresh) {
      std::fprintf(stderr, "--- before\n%s\n--- after\n%s\n--- incremental\n%s\n--- fresh\n%s\n",
                   before.c_str(), text.c_str(), incremental.c_str(), fresh.c_str());
      std::abort();
    }
    tree = std::move(after);
    document = document->edited(edits);
    fuzz::require(told(*document) == told(*Document::create(text)),
                  "the document that edits led to is that of the text", text);
    before = text;
  }
  return 0;
}
