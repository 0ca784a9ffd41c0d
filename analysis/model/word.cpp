#include "analysis/model/word.h"

#include <algorithm>

#include "analysis/model/document.h"
#include "analysis/model/expansion.h"
#include "analysis/model/reader.h"

namespace bulkhead {
Instruction Word::instruction() const {
  return {*document_, instruction_};
}

Span Word::span() const {
  return instruction().at(data_->span);
}

Span Word::part(std::size_t begin, std::size_t size) const {
  if (data_->json) return span();
  const JoinedText& joined = instruction().data().joined;
  std::size_t from = begin;
  std::size_t to = begin + size;
  if (data_->decoded) {
    // Quotes and escapes in front of the part and behind it stay outside.
    std::size_t at = 0;
    from = to = 0;
    read_unquoted(std::string_view(joined.text).substr(data_->joined_begin), document_->escape(),
                  [&](char, std::size_t first, std::size_t end) {
                    if (at == begin) from = first;
                    if (++at == begin + size) to = end;
                  });
    if (size == 0) from = to;
  }
  return instruction().at(joined.source(data_->joined_begin + static_cast<std::uint32_t>(from),
                                        data_->joined_begin + static_cast<std::uint32_t>(to)));
}

Value Word::value() const {
  const Instruction owner = instruction();
  if (!expands_variables(owner.kind())) return {std::string(text()), true, {}};
  if (owner.kind() != Keyword::arg) return owner.expand(text());
  // The pairs of one ARG are defined one after another.
  const auto& pairs = owner.data().pairs;
  const auto next = std::ranges::upper_bound(
      pairs, data_->joined_begin, {}, [](const PairData& pair) { return pair.name.joined_begin; });
  const auto behind = static_cast<std::uint32_t>(next - pairs.begin());
  return expand(text(), document_->escape(), [&](std::string_view name) {
    return document_->value_of(document_->entries_[instruction_].stage,
                               {instruction_, behind > 0 ? behind - 1 : 0}, name);
  });
}

}  // namespace bulkhead
