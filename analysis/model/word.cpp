#include "analysis/model/word.h"

#include "analysis/model/document.h"

namespace bulkhead {
namespace {

// The builder resolves variables in the words of these; the others are left to the shell.
bool expands(Keyword keyword) {
  switch (keyword) {
    case Keyword::add:
    case Keyword::arg:
    case Keyword::copy:
    case Keyword::env:
    case Keyword::expose:
    case Keyword::from:
    case Keyword::label:
    case Keyword::stopsignal:
    case Keyword::user:
    case Keyword::volume:
    case Keyword::workdir:
      return true;
    default:
      return false;
  }
}

}  // namespace

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
  if (!expands(owner.kind())) return {std::string(text()), true, {}};
  return owner.expand(text());
}

}  // namespace bulkhead
