#include "host/snapshot.h"

#include <utility>

#include "analysis/compose/compose.h"
#include "analysis/ignore_file.h"
#include "host/discover.h"
#include "host/yaml.h"

namespace bulkhead::host {

std::shared_ptr<const Snapshot> read_snapshot(std::string_view file_name, std::string text) {
  return read_snapshot(file_name, std::move(text), nullptr);
}

std::shared_ptr<const Snapshot> read_snapshot(std::string_view file_name, std::string text,
                                              KnownScripts* known) {
  if (is_compose_name(file_name)) return ComposeFile::create(std::move(text), read_yaml);
  if (is_ignore_file_name(file_name)) return IgnoreFile::create(std::move(text));
  return Document::create(std::move(text), known);
}

}  // namespace bulkhead::host
