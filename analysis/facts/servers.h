#pragma once

#include <string_view>

// What programs that run as long as their container do with the rights that they are started with.
namespace bulkhead::facts {

struct Server {
  std::string_view program;  // a glob of the program's name
  std::string_view image;    // the only one that the row is about; empty for all
  bool leaves_root;          // goes on as another user by itself, in its workers at least
  std::string_view config;   // the file that may say otherwise; may be empty
  std::string_view writes;  // paths, between commas, as it is set up at first; a folder ends in '/'
};

// Null for any other program. `image` is the name of the base image, or empty.
const Server* server(std::string_view program, std::string_view image);

// What the command of the image itself starts; null where that is no server, or not known.
const Server* server_of_image(std::string_view image);

}  // namespace bulkhead::facts
