#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace bulkhead {

// The day that "2027-01-31" names; none for any other form, and for days that there are not.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);

}  // namespace bulkhead
