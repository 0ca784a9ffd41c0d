#include "analysis/model/add_sources.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

bool ends_in(std::string_view name, std::span<const std::string_view> suffixes) {
  const std::string lower = lower_case(name);
  return std::ranges::any_of(suffixes, [&](std::string_view s) { return lower.ends_with(s); });
}

// user@host:path
bool is_scp_address(std::string_view source) {
  const auto is_of_user = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
  };
  const auto is_of_host = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.';
  };
  const std::size_t at = source.find('@');
  const std::size_t colon = source.find(':', at);
  if (at == std::string_view::npos || at == 0 || colon == std::string_view::npos) return false;
  const std::string_view host = source.substr(at + 1, colon - at - 1);
  return !host.empty() && std::ranges::all_of(source.substr(0, at), is_of_user) &&
         std::ranges::all_of(host, is_of_host);
}

bool is_web(std::string_view source) {
  return source.starts_with("http://") || source.starts_with("https://");
}

}  // namespace

bool is_remote(std::string_view source) {
  return is_web(source) || is_git(source);
}

bool is_git(std::string_view source) {
  if (is_web(source)) return source.substr(0, source.find_first_of("#?")).ends_with(".git");
  return source.starts_with("git://") || source.starts_with("ssh://") || is_scp_address(source);
}

bool is_archive(std::string_view source) {
  constexpr std::array<std::string_view, 10> suffixes = {".tar",     ".tar.gz",  ".tgz",  ".tar.xz",
                                                         ".txz",     ".tar.bz2", ".tbz2", ".tbz",
                                                         ".tar.zst", ".tzst"};
  return ends_in(source, suffixes);
}

bool may_be_archive(std::string_view source) {
  constexpr std::array<std::string_view, 9> suffixes = {".gz",  ".bz2", ".xz",  ".zst",  ".taz",
                                                        ".tb2", ".ova", ".gem", ".crate"};
  return is_archive(source) || ends_in(source, suffixes);
}

}  // namespace bulkhead
