#include "lsp/uri.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "analysis/text/ascii.h"
#include "analysis/text/path.h"

namespace bulkhead::lsp {
namespace {

// A '%' that no two hexadecimal digits follow stands for itself: some clients do not encode it.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// RFC 3986: the characters that mean themselves in a path.
bool stands_for_itself(char c) {
  const char lower = lower_case(c);
  return is_digit(c) || (lower >= 'a' && lower <= 'z') ||
         std::string_view("-._~/!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (stands_for_itself(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> file_path(std::string_view uri) {
  constexpr std::string_view scheme = "file:";
  if (!equals_ignoring_case(uri.substr(0, scheme.size()), scheme)) return std::nullopt;
  uri.remove_prefix(scheme.size());
  if (uri.starts_with("//")) {
    const std::string_view host = uri.substr(2, std::min(uri.find('/', 2), uri.size()) - 2);
    if (!host.empty() && !equals_ignoring_case(host, "localhost")) return std::nullopt;
    uri.remove_prefix(2 + host.size());
  }
  std::string path = percent_decoded(uri.substr(0, uri.find_first_of("?#")));
  if (!path.starts_with('/') || path.find('\0') != std::string::npos) return std::nullopt;
  return path;
}

std::optional<std::string> clean_file_path(std::string_view uri) {
  const auto path = file_path(uri);
  return path ? std::optional(clean_path(*path)) : std::nullopt;
}

std::string uri_identity(std::string_view uri) {
  return clean_file_path(uri).value_or(std::string(uri));
}

std::string file_name(std::string_view uri) {
  uri = uri.substr(0, uri.find_first_of("?#"));
  // Behind the last slash; of one without any (untitled:Dockerfile) behind the scheme. npos + 1 is 0.
  const std::size_t slash = uri.rfind('/');
  return percent_decoded(uri.substr((slash == uri.npos ? uri.find(':') : slash) + 1));
}

std::string relative_uri(std::string_view uri, std::string_view path) {
  uri = uri.substr(0, uri.find_first_of("?#"));
  std::string out(uri.substr(0, uri.rfind('/') + 1));
  // Where its parts are not those of the path that it names, as in a//b and a%2Fb, that path counts.
  if (const auto file = file_path(uri)) {
    const std::string folder = clean_path(std::string(folder_of(*file)) + ".");
    const std::string shortest = folder == "/" ? folder : folder + "/";
    if (file_path(out) != shortest) out = "file://" + percent_encoded(shortest);
  }
  for (; path.starts_with("../"); path.remove_prefix(3))
    out.resize(out.rfind('/', out.size() - 2) + 1);
  return out + percent_encoded(path);
}

}  // namespace bulkhead::lsp
