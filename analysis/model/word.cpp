#include "analysis/model/word.h"

#include <algorithm>

#include "analysis/model/document.h"
#include "analysis/model/expansion.h"

namespace bulkhead {
Instruction Word::instruction() const {
  return {*document_, instruction_};
}

Span Word::span() const {
  return instruction().at(data_->span);
}

Span Word::part(std::size_t begin, std::size_t size) const {
  if (data_->decoded) return span();
  const auto from = data_->joined_begin + static_cast<std::uint32_t>(begin);
  return instruction().at(
      instruction().data().joined.source(from, from + static_cast<std::uint32_t>(size)));
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
