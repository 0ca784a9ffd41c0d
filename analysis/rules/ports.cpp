#include "analysis/rules/ports.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/rules/arguments.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spaces.h"

namespace bulkhead::rules {
namespace {

constexpr std::uint32_t highest_port = 65535;

struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

std::optional<std::uint32_t> read_number(std::string_view text, std::string& problem) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) {
    problem = "lacks a number";
    return std::nullopt;
  }
  if (!std::ranges::all_of(text, is_digit)) {
    problem = fmt::format("has {} where a number belongs", text);
    return std::nullopt;
  }
  std::uint32_t number = 0;
  for (const char c : text) {
    number = std::min(number * 10 + static_cast<std::uint32_t>(c - '0'), highest_port + 1);
  }
  if (number > highest_port) {
    problem = fmt::format("has the port {}, and {} is the highest there is", text, highest_port);
    return std::nullopt;
  }
  return number;
}

std::optional<Range> read_range(std::string_view text, std::string& problem) {
  const std::size_t dash = text.find('-');
  const auto first = read_number(text.substr(0, dash), problem);
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return Range{*first, *first};
  const auto last = read_number(text.substr(dash + 1), problem);
  if (!last) return std::nullopt;
  if (*last >= *first) return Range{*first, *last};
  problem = fmt::format("has a range that runs from {} back to {}", *first, *last);
  return std::nullopt;
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    const std::string_view digits = text.substr(0, dot);
    if (digits.empty() || digits.size() > 3 || !std::ranges::all_of(digits, is_digit) ||
        (digits.size() > 1 && digits[0] == '0') || (digits.size() == 3 && digits > "255"))
      return false;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return text.empty();
}

// Groups of up to four hexadecimal digits, one "::" for any number of them, an IPv4 at the end.
bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool gap = false;
  if (text.starts_with("::")) {
    gap = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && is_ipv4(group)) {
      groups += 2;
      break;
    }
    const bool hex = !group.empty() && group.size() <= 4 && std::ranges::all_of(group, [](char c) {
      return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'f');
    });
    if (!hex) return false;
    ++groups;
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.starts_with(':')) {
      if (gap) return false;
      gap = true;
      text.remove_prefix(1);
      if (text.empty()) break;
    }
  }
  return gap ? groups < 8 : groups == 8;
}

bool is_ip(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return false;
    return is_ipv6(text.substr(1, text.size() - 2)) || is_ipv4(text.substr(1, text.size() - 2));
  }
  return is_ipv4(text) || is_ipv6(text);
}

}  // namespace

std::vector<std::string> exposed(const Word& word) {
  const Value value = word.value();
  std::vector<std::string> ports;
  if (!value.known || has_template_mark(value.text)) return ports;
  std::string_view rest = without_spaces(value.text);
  while (!rest.empty()) {
    std::size_t end = 0;
    while (end < rest.size() && space_size(rest.substr(end)) == 0) ++end;
    ports.emplace_back(rest.substr(0, end));
    rest = without_spaces(rest.substr(end));
  }
  return ports;
}

std::optional<PortFault> port_fault(std::string_view word) {
  const std::size_t behind_host = word.rfind(':');
  std::string_view container =
      behind_host == std::string_view::npos ? word : word.substr(behind_host + 1);
  std::string_view host = behind_host == std::string_view::npos ? "" : word.substr(0, behind_host);
  std::string_view ip;
  if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
    ip = host.substr(0, colon);
    host = host.substr(colon + 1);
  }
  std::string problem;
  const std::size_t slash = container.find('/');
  if (slash != std::string_view::npos) {
    const std::string protocol = lower_case(container.substr(slash + 1));
    container = container.substr(0, slash);
    if (!container.empty() && !protocol.empty() && protocol != "tcp" && protocol != "udp" &&
        protocol != "sctp")
      return PortFault{PortFault::Kind::form,
                       fmt::format("has the protocol {}; there are tcp, udp and sctp", protocol)};
  }
  const auto range = read_range(container, problem);
  if (!range) return PortFault{PortFault::Kind::number, problem};
  if (!ip.empty() && !is_ip(ip))
    return PortFault{PortFault::Kind::form, fmt::format("has {} where an IP address belongs", ip)};
  if (host.empty()) return std::nullopt;
  const auto published = read_range(host, problem);
  if (!published) return PortFault{PortFault::Kind::number, problem};
  if (range->first == range->last ||
      published->last - published->first == range->last - range->first)
    return std::nullopt;
  return PortFault{PortFault::Kind::form,
                   fmt::format("has ranges of different size, {} and {}", host, container)};
}

std::optional<std::string_view> container_port(std::string_view word) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return word.substr(colon + 1);
}

}  // namespace bulkhead::rules
