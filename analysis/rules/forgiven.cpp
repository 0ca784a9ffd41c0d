#include "analysis/rules/forgiven.h"

namespace bulkhead::rules {

bool is_forgiven(const std::vector<Command>& commands, std::size_t at) {
  using shell::Link;
  if (commands[at].conditional() || commands[at].data().in_substitution) return true;
  for (std::size_t next = at + 1; next < commands.size(); ++next) {
    const Link link = commands[next].data().link;
    if (link == Link::or_else) return true;
    if (link != Link::and_then && link != Link::pipe) return false;
  }
  return false;
}

}  // namespace bulkhead::rules
