#pragma once

#include <cstdint>
#include <string_view>

// What some images are there for, which is a fault in others. `image` is the familiar name; an empty one is
// not known, and there for nothing.
namespace bulkhead::facts {

struct ImagePurpose {
  std::string_view image;  // the name, or a glob
  std::string_view ports;  // between blanks
  bool filters_socket;
  bool sets_user;
};

// Whether the image offers its own service on the port, and that to the world: Git over SSH on 22.
bool offers_port(std::string_view image, unsigned number);

// Whether it stands between the socket of the container engine and those who ask.
bool filters_socket(std::string_view image);

// Whether those who run the image run it as an ordinary user of theirs, whatever USER says.
bool is_given_user(std::string_view image);

}  // namespace bulkhead::facts
