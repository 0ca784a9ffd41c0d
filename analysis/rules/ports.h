#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/word.h"

namespace bulkhead::rules {

// A word of EXPOSE, and what it becomes: mostly one port or range of ports, several where a variable
// has blanks in it. None where that is not known.
std::vector<std::string> exposed(const Word& word);

// What BuildKit finds wrong with a word of EXPOSE: [[ip:]host:]port[-port][/protocol]
struct PortFault {
  enum class Kind : std::uint8_t {
    number,  // no port there is, or a range that runs backwards
    form,    // an unknown protocol, an IP that is none, ranges of different size
  };
  Kind kind = Kind::number;
  std::string problem;  // the end of a sentence about the word: "is no number"
};
std::optional<PortFault> port_fault(std::string_view word);

// The part of the container in a word that publishes it, too: "80/tcp" of "127.0.0.1:8080:80/tcp";
// none where the word has only that part.
std::optional<std::string_view> container_port(std::string_view word);

}  // namespace bulkhead::rules
