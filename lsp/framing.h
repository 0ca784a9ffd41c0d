#pragma once

// The base protocol: header lines, a blank line, a body of Content-Length bytes. Bytes go in, in
// any pieces, and messages come out; nothing here reads or writes, so every chunking can be tested.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::lsp {

struct Frame {
  enum class Kind {
    message,  // `text` is a body, not yet looked at
    fault,    // a header without a usable length was passed over; `text` says what is wrong
    fatal,    // where the next message begins cannot be known; `text` says why, and nothing follows
  };
  Kind kind = Kind::message;
  std::string text;
};

// Liberal as the field has learned to be: header names in any case and order, blanks around them,
// unknown ones ignored, a bare LF for CRLF, blank lines between messages; of several Content-Length
// the last one counts.
class FrameReader {
 public:
  // In bytes. Beyond them the input is hostile or out of step, and keeping it would only cost
  // memory.
  static constexpr std::size_t max_header = std::size_t{64} << 10;
  static constexpr std::size_t max_body = std::size_t{256} << 20;

  void feed(std::string_view bytes);

  // The next frame; none while more bytes are needed. To be called until there is none.
  std::optional<Frame> next();

 private:
  std::optional<std::string_view> take_line();
  std::optional<Frame> end_of_header();
  Frame fatal(std::string reason);
  void start_over();

  std::string buffer_;
  std::size_t at_ = 0;       // buffer_[0, at_) is done with
  std::size_t scanned_ = 0;  // no line end in buffer_[at_, scanned_)
  std::size_t header_size_ = 0;
  std::string length_;  // the value of the last Content-Length; digits, if it is any good
  std::optional<std::size_t> body_size_;  // set once the header is complete
  bool dead_ = false;
};

// What goes over the wire in front of a body of that size.
std::string frame_header(std::size_t body_size);

}  // namespace bulkhead::lsp
