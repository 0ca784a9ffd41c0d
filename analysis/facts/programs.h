#pragma once

#include <functional>
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

// Programs that images bring. Lists stand between blanks.
struct ImagePrograms {
  std::string_view images;  // globs of names, or of names and tags
  std::string_view except;  // globs of tags without them
  std::string_view programs;
  std::string_view until;  // the first release without them; empty where all have them
};

// Whether the image is known to bring the program.
bool brings(std::string_view image, std::string_view tag, std::string_view program);

// The first release of the image that lacks a program which `is_called`; empty where none is known to. It is asked
// of those alone that some releases lack.
std::string_view first_without(std::string_view image,
                               const std::function<bool(std::string_view program)>& is_called);

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
