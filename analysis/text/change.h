#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bulkhead {

// The bytes in which two versions of a text differ: [begin, old_end) became others.
class Change {
 public:
  // Where what was put in may stand in several places, as one of two equal lines, it is told to be the last one.
  Change(std::string_view before, std::string_view now);
  // Of the same texts, the last one that does not begin behind `last`.
  Change beginning_by(std::uint32_t last, std::string_view before, std::string_view now) const;

  std::uint32_t begin() const { return begin_; }
  std::uint32_t old_end() const { return old_end_; }
  // Where a place at or behind old_end() has gone.
  std::uint32_t behind(std::uint32_t place) const { return place + growth_; }

  // Where `place` has gone; none where that is not certain.
  std::optional<std::uint32_t> moved(std::uint32_t place) const {
    if (place < begin_ || (growth_ == 0 && old_end_ <= begin_)) return place;
    if (place > old_end_) return behind(place);
    return std::nullopt;
  }

 private:
  std::uint32_t begin_;
  std::uint32_t old_end_;
  std::uint32_t growth_;  // modulo 2^32
};

}  // namespace bulkhead
