// All rules look at any bytes.

#include "tests/fuzz/analysis.h"
#include "analysis/model/document.h"

using namespace bulkhead;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::findings_in(*Document::create(std::string(fuzz::text_of(data, size))));
  return 0;
}
