#include "analysis/text/date.h"

#include <charconv>
#include <system_error>

namespace bulkhead {

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t at, std::size_t size, auto& value) {
    const char* end = text.data() + at + size;
    return std::from_chars(text.data() + at, end, value) ==
           std::from_chars_result{end, std::errc()};
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !number(0, 4, year) ||
      !number(5, 2, month) || !number(8, 2, day))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace bulkhead
