#include "analysis/shell/commands/output.h"

#include <cstddef>

namespace bulkhead::shell {
namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'n' || next == 't' || next == '\\') {
      out += next == 'n' ? '\n' : next == 't' ? '\t' : '\\';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// The format is used again for as long as it takes words.
std::string formatted(std::string_view format, std::span<const std::string> words) {
  std::string out;
  std::size_t next = 0;
  while (true) {
    const std::size_t before = next;
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%' || i + 1 == format.size()) {
        out += format[i];
      } else if (format[i + 1] == '%') {
        out += format[++i];
      } else {
        // %s, %d, %-10s: the width changes nothing that counts.
        i = format.find_first_not_of("-+ #0123456789.", i + 1);
        if (i == std::string_view::npos) break;
        if (next < words.size()) out += words[next];
        ++next;
      }
    }
    if (next == before || next >= words.size()) return out;
  }
}

}  // namespace

bool prints_words(std::string_view program) {
  return program == "echo" || program == "printf";
}

std::optional<std::string> printed_text(std::string_view program,
                                        std::span<const std::string> arguments) {
  if (program == "printf" && !arguments.empty()) {
    const std::size_t format = arguments[0] == "--" && arguments.size() > 1 ? 1 : 0;
    return unescaped(formatted(arguments[format], arguments.subspan(format + 1)));
  }
  if (program != "echo") return std::nullopt;
  std::string out;
  bool is_first = true;
  for (const std::string& word : arguments) {
    if (is_first && (word == "-e" || word == "-n" || word == "-en" || word == "-ne")) continue;
    out += (is_first ? "" : " ") + word;
    is_first = false;
  }
  return unescaped(out);
}

}  // namespace bulkhead::shell
