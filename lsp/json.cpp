#include "lsp/json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

namespace bulkhead::lsp {
namespace {

constexpr std::string_view escaped_replacement = "\\ufffd";

// Whether the body of a JSON escape at text[at], "uXXXX", names a half of a surrogate pair; which
// one.
enum class Half { none, high, low };
Half surrogate(std::string_view text, std::size_t at) {
  if (at + 5 > text.size() || text[at] != 'u') return Half::none;
  unsigned unit = 0;
  const char* const end = text.data() + at + 5;
  if (std::from_chars(text.data() + at + 1, end, unit, 16).ptr != end) return Half::none;
  return unit >= 0xD800 && unit < 0xDC00   ? Half::high
         : unit >= 0xDC00 && unit < 0xE000 ? Half::low
                                           : Half::none;
}

// JSON text in which each escaped half of a surrogate pair without its other half is replaced.
std::string with_whole_surrogates(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at++];
      continue;
    }
    std::size_t size = 2;
    std::string_view escape = text.substr(at, size);
    const Half half = surrogate(text, at + 1);
    if (half != Half::none) {
      const bool pair = half == Half::high && text.substr(at + 6, 1) == "\\" &&
                        surrogate(text, at + 7) == Half::low;
      size = pair ? 12 : 6;
      escape = pair ? text.substr(at, size) : escaped_replacement;
    }
    out += escape;
    at += size;
  }
  return out;
}

// nlohmann_json replaces what is not UTF-8 when it writes, and in a string it is told to trust.
std::string with_valid_utf8(std::string_view text) {
  return Json::parse(to_text(Json(text)).text).get<std::string>();
}

constexpr std::uint64_t each_byte(unsigned char byte) {
  return byte * 0x0101010101010101ULL;
}

// Whether a string of JSON may hold `text` as it is: ASCII without quotes, backslashes and control
// characters. In words of eight bytes, for all that is found in a file goes through here at each key press.
bool is_plain(std::string_view text) {
  std::uint64_t word = 0;
  std::uint64_t special = 0;  // the highest bit of each byte that may not stay as it is
  const auto look = [&] {
    // The highest bit of a byte that is `byte`; perhaps of ones above it, where one is.
    const auto equals = [&](unsigned char byte) {
      const std::uint64_t zeroed = word ^ each_byte(byte);
      return (zeroed - each_byte(1)) & ~zeroed;
    };
    special |= word | (word - each_byte(' ')) | equals('"') | equals('\\');
  };
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    look();
  }
  word = each_byte('x');
  if (!text.empty()) std::memcpy(&word, text.data(), text.size());
  look();
  return (special & each_byte(0x80)) == 0;
}

Json parse(std::string_view text) {
  using Event = Json::parse_event_t;
  return Json::parse(text, [](int depth, Event event, const Json&) {
    const bool opens = event == Event::array_start || event == Event::object_start;
    if (opens && depth >= max_nesting) throw JsonError("JSON nested deeper than 512");
    return true;
  });
}

}  // namespace

Json parse_json(std::string_view text) {
  try {
    return parse(text);
  } catch (const Json::exception&) {
    // Nearly always the text is fine; only what is not is worth the cost of mending.
  }
  try {
    return parse(with_whole_surrogates(with_valid_utf8(text)));
  } catch (const Json::parse_error& error) {
    throw JsonError("not JSON, at byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {  // a number beyond all bounds
    throw JsonError("not JSON");
  }
}

JsonText to_text(const Json& json) {
  return {json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

void append_string(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out.append(1, '"').append(text).append(1, '"');
  } else {
    out += to_text(Json(text)).text;
  }
}

}  // namespace bulkhead::lsp
