// Any bytes are a configuration, for any path; each problem says on which line of it, and settings are the same twice.

#include "host/configuration.h"
#include "tests/fuzz/require.h"

using namespace bulkhead;
using namespace bulkhead::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of(data, size));
  const host::Configuration configuration(text, "c");
  for (const std::string& path : {std::string("Dockerfile"), std::string("a/b/c.dockerfile"),
                                  std::string("vendor/Dockerfile"), text.substr(0, 64)}) {
    const Settings settings = configuration.settings(path);
    require(settings == host::Configuration(text, "c").settings(path), "the same twice", path);
    for (const std::string& problem : settings.problems)
      require(problem.starts_with("c:"), "a problem has a place", problem);
  }
  return 0;
}
