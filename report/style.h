#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::report {

// How a report may look.
struct Style {
  bool colors = false;        // ANSI escape sequences
  bool links = false;         // OSC 8 hyperlinks
  std::uint32_t width = 120;  // cells of a line; longer lines of source are cut
};

// Parameters of the ANSI sequence "select graphic rendition".
namespace color {
inline constexpr std::string_view bold = "1";
inline constexpr std::string_view faint = "2";
inline constexpr std::string_view red = "31";
inline constexpr std::string_view green = "32";
inline constexpr std::string_view cyan = "36";
inline constexpr std::string_view bold_red = "1;31";
inline constexpr std::string_view bold_green = "1;32";
inline constexpr std::string_view bold_yellow = "1;33";
inline constexpr std::string_view bold_blue = "1;34";
inline constexpr std::string_view bold_cyan = "1;36";
}  // namespace color

inline std::string paint(const Style& style, std::string_view color, std::string_view text) {
  if (!style.colors || text.empty()) return std::string(text);
  std::string out = "\x1B[";
  return out.append(color).append("m").append(text).append("\x1B[0m");
}

inline std::string link(const Style& style, std::string_view address, std::string_view text) {
  if (!style.links) return std::string(text);
  std::string out = "\x1B]8;;";
  return out.append(address).append("\x1B\\").append(text).append("\x1B]8;;\x1B\\");
}

}  // namespace bulkhead::report
