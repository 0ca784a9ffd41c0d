// Any bytes are an ignore file, of which a line more never changes what the last line decides.

#include <array>

#include "analysis/dockerignore.h"
#include "tests/fuzz/require.h"

using namespace bulkhead;
using namespace bulkhead::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of(data, size));
  const std::array<std::string, 6> paths = {"a",        "a/b/c",      ".env",
                                            "src/x.go", "\xC3\xA9/b", std::string(text, 0, 64)};
  const DockerIgnore ignore(text);
  ignore.matching(paths);
  const DockerIgnore everything(text + "\n**\n");
  const DockerIgnore nothing(text + "\n!**\n");
  for (const std::string& path : paths) {
    ignore.ignores(path);
    if (path.empty() || path.find_first_of(std::string("/\0.", 3)) != path.npos) continue;
    require(everything.ignores(path), "the last line matches all", path);
    require(!nothing.ignores(path), "and takes all back", path);
  }
  return 0;
}
