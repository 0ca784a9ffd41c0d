#pragma once

#include <string>

namespace bulkhead {

class SharedViews;
class Snapshot;

// The text of a Dockerfile or compose file to show to people and to logs: each byte where it was, but
// secrets, after their first three, as `*`. `views` are those of its analysis, or new ones.
std::string redacted_text(const Snapshot& snapshot, SharedViews& views);

}  // namespace bulkhead
