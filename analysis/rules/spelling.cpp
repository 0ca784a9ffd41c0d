#include "analysis/rules/spelling.h"

#include <vector>

#include "analysis/text/spelling.h"

namespace bulkhead::rules {

std::optional<std::string_view> nearest_keyword(std::string_view word) {
  std::vector<std::string_view> keywords;
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Keyword::unknown); ++i)
    keywords.push_back(name(static_cast<Keyword>(i)));
  return nearest_spelling(word, keywords);
}

}  // namespace bulkhead::rules
