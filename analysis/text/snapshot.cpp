#include "analysis/text/snapshot.h"

namespace bulkhead {

std::string_view Snapshot::line_end() const {
  const auto feed = text_.find('\n');
  return feed != std::string::npos && feed > 0 && text_[feed - 1] == '\r' ? "\r\n" : "\n";
}

}  // namespace bulkhead
