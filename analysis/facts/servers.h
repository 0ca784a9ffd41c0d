#pragma once

#include <string_view>

// What programs that run as long as their container do with the rights that they are started with.
namespace bulkhead::facts {

struct Server {
  std::string_view program;  // a glob of the program's name, with '/' of its path
  std::string_view image;   // the only one that the row is about, be it with its tag; empty for all
  bool leaves_root;         // goes on as another user by itself, in its workers at least
  std::string_view config;  // the file that may say otherwise; may be empty
  std::string_view writes;  // paths, between commas, as it is set up at first; a folder ends in '/'
  std::string_view
      open_since;  // the version of the image from which on not only root may write there
  std::string_view root_for;  // what it can do as root only; may be empty
  std::string_view advice;    // what to do then; of a program that starts others, as whom it does
};

// Null for any other program, which is named as it is called. `image` is the name of the base image, or
// empty.
const Server* server(std::string_view program, std::string_view image, std::string_view tag);

// What the command of the image itself starts; null where that is no server, or not known.
const Server* server_of_image(std::string_view image, std::string_view tag);

// Whether not only root may write what `server`, one of that image, writes.
bool is_open(const Server& server, std::string_view tag);

}  // namespace bulkhead::facts
