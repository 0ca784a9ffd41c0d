#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"

// What BuildKit takes for the values of flags. Each function tells what is wrong with one, as the end
// of a sentence about it ("is no duration"); none where it is right.
namespace bulkhead::rules {

// 1h30m, 1.5s, 100ms: numbers with units; at least 1ms, or 0.
std::optional<std::string> duration_fault(std::string_view text);

// 755, 0644, u=rwX,go=rX
std::optional<std::string> mode_fault(std::string_view text);

// linux, linux/arm64, linux/arm/v7, windows(10.0.17763)/amd64
std::optional<std::string> platform_fault(std::string_view text);

// Whether a source of ADD is fetched from elsewhere.
bool is_url(std::string_view source);

// true, false, 1, 0, t, F: as a mount takes it
bool is_boolean(std::string_view text);

// A number without sign that fits into 32 bits, in this base.
bool is_unsigned(std::string_view text, int base);

// 64m, 1.5GiB, 1024
bool is_size(std::string_view text);

// Whether user or group is a name: neither root nor a number.
bool has_name(std::string_view owner);

// Whether COPY or ADD makes its layer apart from those below it (--link), so that it knows no names of accounts.
bool is_linked(const Instruction& instruction);

// Whether a flag stands there without the value that it needs, as in `--interval 30s`: that is then among the
// arguments, which are not what they seem.
bool lacks_flag_value(const Instruction& instruction);

// A record of comma-separated values. A field in quotes may hold commas; in it a doubled quote stands
// for one. None where the quotes are wrong, or there is nothing at all.
struct CsvField {
  std::string text;
  std::size_t begin = 0;  // where it stands, quotes included
  std::size_t end = 0;
};
std::optional<std::vector<CsvField>> csv_fields(std::string_view text);

}  // namespace bulkhead::rules
