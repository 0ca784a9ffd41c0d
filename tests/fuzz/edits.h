#pragma once

// A text and edits of it, out of any bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/text/edit.h"

namespace bulkhead::fuzz {

// Each edit begins with a byte 0xFF; two bytes say where it is, one how much it removes; what follows up to the next
// 0xFF stands in its place.
class EditedText {
 public:
  EditedText(const std::uint8_t* data, std::size_t size)
      : input_(reinterpret_cast<const char*>(data), size), text_(take_part()) {}

  const std::string& text() const { return text_; }

  // Makes the next edit, if there is one.
  std::optional<TextEdit> edit() {
    while (!input_.empty()) {
      std::string_view part = take_part();
      if (part.size() < 3) continue;
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(part[i]); };
      const auto begin = static_cast<std::uint32_t>((byte(0) << 8 | byte(1)) % (text_.size() + 1));
      const auto end =
          static_cast<std::uint32_t>(std::min<std::size_t>(begin + byte(2), text_.size()));
      part.remove_prefix(3);
      text_.replace(begin, end - begin, part);
      return TextEdit{{begin, end}, std::string(part)};
    }
    return std::nullopt;
  }

 private:
  std::string_view take_part() {
    const std::size_t end = std::min(input_.find('\xFF'), input_.size());
    const std::string_view part = input_.substr(0, end);
    input_.remove_prefix(std::min(end + 1, input_.size()));
    return part;
  }

  std::string_view input_;
  std::string text_;
};

}  // namespace bulkhead::fuzz
