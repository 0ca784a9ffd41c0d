#pragma once

// A text as a shell gets it, and where each of its bytes stands in the source it was taken from.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/span.h"

namespace bulkhead::shell {

// Parts of a source, joined. The shell reads what the builder hands to it, not the source: cutting the
// gaps out of the text, instead of telling the parser to skip them, is what makes words whole.
class SourceText {
 public:
  SourceText() = default;
  // `ranges` are bytes of `source`, in order and apart from one another; what lies outside of the source
  // or behind a later range is left out.
  SourceText(std::string_view source, std::span<const Span> ranges);

  std::string_view text() const { return text_; }
  std::string_view text(Span span) const { return text().substr(span.begin, span.size()); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(text_.size()); }

  // Adds the bytes `span` of another text of the same source.
  void append(const SourceText& other, Span span);
  // Adds a text that stands nowhere; the place of its bytes means nothing.
  void append(std::string_view text);
  // Adds a text of which each byte means the whole `source`: what an escape stands for.
  void append(std::string_view text, Span source);

  // The bytes of the source from the first to the last byte of `span`, gaps between them included.
  Span source(Span span) const;

 private:
  struct Part {
    std::uint32_t text = 0;    // where it begins in text_
    std::uint32_t source = 0;  // and in the source
    std::uint32_t whole = 0;   // its size there, where its bytes cannot be told apart
  };
  using Parts = std::vector<Part>;
  // The first part behind the byte at `offset`, and the place of that byte, which is in the part in front.
  Parts::const_iterator behind(std::uint32_t offset) const;
  Span byte(Parts::const_iterator next, std::uint32_t offset) const;

  std::string text_;
  Parts parts_;
};

}  // namespace bulkhead::shell
