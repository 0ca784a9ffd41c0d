// After any edits the tree is that of a fresh parse, and the document that of the text.
//
// The input is a text and then edits. Each begins with a byte 0xFF; two bytes say where it is, one how much it
// removes; what follows up to the next 0xFF stands in its place.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/syntax/tree.h"
#include "analysis/text/edit.h"
#include "tests/fuzz/require.h"
#include "tests/model/told.h"
#include "tests/syntax/dump.h"

using namespace bulkhead;
using namespace bulkhead::syntax;

namespace {

std::string_view take_part(std::string_view& input) {
  const std::size_t end = std::min(input.find('\xFF'), input.size());
  const std::string_view part = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string text(take_part(input));
  Tree tree = parse(Language::dockerfile, text);
  auto document = Document::create(text);
  while (!input.empty()) {
    std::string_view part = take_part(input);
    if (part.size() < 3) continue;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(part[i]); };
    const auto begin = static_cast<std::uint32_t>((byte(0) << 8 | byte(1)) % (text.size() + 1));
    const auto end =
        static_cast<std::uint32_t>(std::min<std::size_t>(begin + byte(2), text.size()));
    part.remove_prefix(3);

    const std::string before = text;
    text.replace(begin, end - begin, part);
    const TextEdit edits[] = {{{begin, end}, std::string(part)}};
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
  }
  return 0;
}
