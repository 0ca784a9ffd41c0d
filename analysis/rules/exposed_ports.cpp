#include "analysis/rules/exposed_ports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <string>

#include "analysis/facts/image_purposes.h"
#include "analysis/rules/ports.h"
#include "analysis/text/ascii.h"
#include "analysis/text/port_range.h"

namespace bulkhead::rules {
namespace {

std::optional<ExposedPorts> read(const Word& word) {
  Value value = word.value();
  if (!value.known) return std::nullopt;
  const std::string_view text = container_port(value.text).value_or(value.text);
  const auto slash = std::min(text.find('/'), text.size());
  const std::string protocol = lower_case(text.substr(slash));
  if (!protocol.empty() && protocol != "/tcp" && protocol != "/udp") return std::nullopt;
  const auto range = parse_port_range(text.substr(0, slash));
  if (!range) return std::nullopt;
  return ExposedPorts{word, std::move(value), range->first, range->last, protocol == "/udp"};
}

// The range without `gone`, which is in order.
std::string without(const ExposedPorts& ports, const std::vector<unsigned>& gone) {
  std::vector<std::string> left;
  const auto add = [&](unsigned first, unsigned last) {
    if (first == last) left.push_back(fmt::format("{}{}", first, ports.udp ? "/udp" : ""));
    if (first < last) left.push_back(fmt::format("{}-{}{}", first, last, ports.udp ? "/udp" : ""));
  };
  unsigned first = ports.first;
  for (const unsigned port : gone) {
    if (port > first) add(first, port - 1);
    first = port + 1;
  }
  add(first, ports.last);
  return fmt::format("{}", fmt::join(left, " "));
}

bool is_loopback(std::string_view host) {
  return host.starts_with("127.") || host == "::1" || host == "[::1]" || host == "localhost";
}

}  // namespace

const facts::Port* published_administration(const PublishedPort& port, std::string_view image) {
  if (is_loopback(port.host)) return nullptr;
  for (std::uint32_t number = port.target.first; number <= port.target.last; ++number) {
    const facts::Port* known = facts::known_port(number, port.protocol == "udp");
    if (known && facts::is_administration(known->kind) && known->risk >= facts::Risk::high &&
        !facts::offers_port(image, number))
      return known;
  }
  return nullptr;
}

std::vector<ExposedPorts> exposed_ports(const Expose& expose) {
  std::vector<ExposedPorts> found;
  for (const Word& word : expose.words()) {
    if (auto ports = read(word)) found.push_back(*std::move(ports));
  }
  return found;
}

std::string described(const facts::Port& port) {
  return fmt::format("port {} ({}): {}", port.number, port.service,
                     port.why.empty() ? "keep it inside" : port.why);
}

void report_ports(const Expose& expose, Report& report, unsigned widest,
                  bool (*unwanted)(const facts::Port& port)) {
  for (const ExposedPorts& ports : exposed_ports(expose)) {
    if (ports.count() > widest) continue;
    const facts::Port* first = nullptr;
    std::vector<unsigned> gone;
    for (unsigned number = ports.first; number <= ports.last; ++number) {
      const facts::Port* port = facts::known_port(number, ports.udp);
      if (!port || !unwanted(*port)) continue;
      if (!first) first = port;
      gone.push_back(number);
    }
    if (!first) continue;
    const std::string fault = described(*first);
    const bool alone = ports.count() == 1;
    auto finding = report.at(ports.word,
                             alone ? "P" + fault.substr(1)
                                   : fmt::format("The range {} holds {}", ports.value.text, fault));
    finding.origins(expose, ports.value.variables, "the port comes from here");
    if (gone.size() == ports.count()) {
      finding.fix(Safety::unsafe,
                  fmt::format("Do not expose {} {}", alone ? "port" : "ports", ports.value.text),
                  remove_word(expose, ports.word));
    } else if (ports.value.variables.empty()) {
      finding.fix(Safety::unsafe,
                  fmt::format("Leave {} {} out of the range", gone.size() == 1 ? "port" : "ports",
                              fmt::join(gone, ", ")),
                  replace(ports.word, without(ports, gone)));
    }
  }
}

}  // namespace bulkhead::rules
