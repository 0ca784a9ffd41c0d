#pragma once

#include <cstdint>
#include <string_view>

// What listens on well-known ports.
namespace bulkhead::facts {

enum class PortKind : std::uint8_t {
  clear_text,      // a protocol without encryption
  container_api,   // commands containers or a cluster
  database,        // and queues
  debug,           // debuggers and profilers
  development,     // servers for those who write a program
  file_share,      // files of a network
  infrastructure,  // naming, time, printing
  mail,            // delivery of mail
  proxy,           // passes connections on
  remote_admin,    // shells and consoles to log in to
  remote_desktop,  // the same with windows
  web,             // nothing wrong with these
  web_admin,       // administration in a browser
};

// Whether it is there to command a machine.
constexpr bool is_administration(PortKind kind) {
  return kind == PortKind::remote_admin || kind == PortKind::remote_desktop ||
         kind == PortKind::container_api;
}

// Of having it open to whoever can reach it, and of its being that service.
enum class Risk : std::uint8_t { info, low, medium, high, critical };

struct Port {
  std::uint16_t number;
  bool tcp;
  bool udp;
  std::string_view service;  // "SSH"
  PortKind kind;
  Risk risk;
  std::string_view why;  // a clause in lower case; may be empty
};

// What is known of the port; null for nothing. The answer lives as long as the program.
const Port* known_port(unsigned number, bool udp);

}  // namespace bulkhead::facts
