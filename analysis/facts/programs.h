#pragma once

#include <string_view>

// Programs that base images bring, or do not.
namespace bulkhead::facts {

// A program that the default images of languages have and their -slim variants lack, at least without
// more packages to do its work.
struct SlimLack {
  std::string_view program;
  std::string_view package;  // what is missing, for people to read
};

// Null for any other program. The answer lives as long as the program.
const SlimLack* slim_lacks(std::string_view program);

// A server to log in with, or to exchange files, from elsewhere.
struct RemoteServer {
  std::string_view program;
  std::string_view services;  // its names as a service, between commas; may be empty
  std::string_view what;      // "an SSH server"
};

// The one that the program is, or that runs as the service of that name ("ssh"); null for any other. The
// answers live as long as the program.
const RemoteServer* remote_server(std::string_view program);
const RemoteServer* remote_service(std::string_view service);

}  // namespace bulkhead::facts
