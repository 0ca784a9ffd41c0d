// Any bytes are a compose file.

#include "analysis/compose/compose.h"
#include "host/yaml.h"
#include "tests/fuzz/analysis.h"

using namespace bulkhead;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = ComposeFile::create(std::string(fuzz::text_of(data, size)), host::read_yaml);
  for (const Finding& finding : fuzz::findings_in(*file)) {
    fuzz::require(
        apply_edits(file->text(), std::vector{suppress(*file, file->remarks(), finding).change})
            .has_value(),
        "a comment can be put there", std::string(finding.rule->id));
  }
  images_built(*file, "compose.yaml");
  services_building(*file, "compose.yaml", "Dockerfile");
  return 0;
}
