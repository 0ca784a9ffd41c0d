#pragma once

#include <string>

namespace bulkhead {

class Snapshot;

// The text of a Dockerfile or compose file to show to people and to logs: each byte where it was, but
// secrets, after their first three, as `*`.
std::string redacted_text(const Snapshot& snapshot);

}  // namespace bulkhead
