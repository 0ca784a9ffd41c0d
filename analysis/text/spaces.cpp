#include "analysis/text/spaces.h"

#include <algorithm>
#include <array>

#include "analysis/text/ascii.h"

namespace bulkhead {

std::size_t space_size(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return is_space(text[0]) ? 1 : 0;
  constexpr std::array<std::string_view, 5> wide = {"\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80",
                                                    "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const std::string_view space : wide) {
    if (text.starts_with(space)) return space.size();
  }
  if (text.size() < 3 || !text.starts_with("\xE2\x80")) return 0;
  const auto last = static_cast<unsigned char>(text[2]);
  return last <= 0x8A || last == 0xA8 || last == 0xA9 || last == 0xAF ? 3 : 0;
}

std::string_view without_spaces(std::string_view text) {
  while (const std::size_t size = space_size(text)) text.remove_prefix(size);
  const auto ends_in_space = [&](std::size_t size) {
    return text.size() >= size && space_size(text.substr(text.size() - size)) == size;
  };
  while (true) {
    const std::size_t size = ends_in_space(1) ? 1 : ends_in_space(2) ? 2 : ends_in_space(3) ? 3 : 0;
    if (size == 0) return text;
    text.remove_suffix(size);
  }
}

}  // namespace bulkhead
