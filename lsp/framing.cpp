#include "lsp/framing.h"

#include <algorithm>
#include <charconv>

#include "analysis/text/ascii.h"

namespace bulkhead::lsp {
namespace {

constexpr std::string_view content_length = "content-length";

constexpr bool is_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_blank(c) || c == '-' || c == '_' || c == '.' ||
           (lower_case(c) >= 'a' && lower_case(c) <= 'z');
  });
}

// The value of a Content-Length header. Where the line is no header at all, the end of one in it
// counts: behind a message with too small a length the rest of its body stands in front of the next
// header, and this is where both sides meet again.
std::optional<std::string_view> content_length_in(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (is_name(line.substr(0, colon))) {
    if (!equals_ignoring_case(trimmed(line.substr(0, colon)), content_length)) return std::nullopt;
    return trimmed(line.substr(colon + 1));
  }
  const auto name =
      std::ranges::find_end(line, content_length, {}, [](char c) { return lower_case(c); });
  if (name.empty()) return std::nullopt;
  const std::string_view rest = trimmed({name.end(), line.end()});
  if (!rest.starts_with(':')) return std::nullopt;
  return trimmed(rest.substr(1));
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  if (dead_) return;
  if (at_ > buffer_.size() / 2) {  // so each byte is moved once at most, on average
    buffer_.erase(0, at_);
    scanned_ -= std::min(scanned_, at_);
    at_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<Frame> FrameReader::next() {
  while (!dead_) {
    if (body_size_) {
      if (buffer_.size() - at_ < *body_size_) return std::nullopt;
      Frame message{Frame::Kind::message, buffer_.substr(at_, *body_size_)};
      at_ += *body_size_;
      start_over();
      return message;
    }
    const auto line = take_line();
    const std::size_t size = header_size_ + (line ? 0 : buffer_.size() - at_);
    if (size > max_header) return fatal("header of more than 64 KiB");
    if (!line) return std::nullopt;
    if (!line->empty()) {
      if (const auto length = content_length_in(*line)) length_ = *length;
    } else if (auto fault = end_of_header()) {
      return fault;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> FrameReader::take_line() {
  const std::size_t end = buffer_.find('\n', std::max(at_, scanned_));
  scanned_ = std::min(end, buffer_.size());
  if (end == std::string::npos) return std::nullopt;
  const std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
  header_size_ += line.size() + 1;
  at_ = end + 1;
  return trimmed(line);
}

std::optional<Frame> FrameReader::end_of_header() {
  const std::string length = length_;
  const bool blank_line_between_messages = length.empty() && header_size_ <= 2;
  start_over();
  if (blank_line_between_messages) return std::nullopt;

  std::size_t size = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), size);
  if (error == std::errc::result_out_of_range || (error == std::errc() && size > max_body)) {
    return fatal("message of " + length + " bytes; 256 MiB is the limit");
  }
  if (error != std::errc() || end != length.data() + length.size()) {
    return Frame{Frame::Kind::fault, length.empty() ? "header without Content-Length"
                                                    : "Content-Length is not a number: " + length};
  }
  body_size_ = size;
  return std::nullopt;
}

Frame FrameReader::fatal(std::string reason) {
  dead_ = true;
  buffer_ = {};
  return {Frame::Kind::fatal, std::move(reason)};
}

void FrameReader::start_over() {
  scanned_ = at_;
  header_size_ = 0;
  length_.clear();
  body_size_.reset();
}

std::string frame_header(std::size_t body_size) {
  return "Content-Length: " + std::to_string(body_size) + "\r\n\r\n";
}

}  // namespace bulkhead::lsp
