#include "analysis/text/spelling.h"

#include <string>

#include "analysis/text/spaces.h"
#include "tests/catch.h"

namespace bulkhead {
namespace {

std::string nearest(std::string_view word) {
  return std::string(
      nearest_spelling(word, {"RUN", "ENV", "COPY", "CMD", "EXPOSE", "HEALTHCHECK"}).value_or("-"));
}

}  // namespace

TEST_CASE("a letter more, less, other or swapped with its neighbour is a distance of one") {
  CHECK(spelling_distance("copy", "COPY", 3) == 0);
  CHECK(spelling_distance("coppy", "copy", 3) == 1);
  CHECK(spelling_distance("cpy", "copy", 3) == 1);
  CHECK(spelling_distance("cupy", "copy", 3) == 1);
  CHECK(spelling_distance("cpoy", "copy", 3) == 1);
  CHECK(spelling_distance("", "copy", 4) == 4);
  CHECK(spelling_distance("something", "copy", 2) == 3);
}

TEST_CASE("a misspelt word means the nearest one, or the only one that it begins") {
  CHECK(nearest("RUNN") == "RUN");
  CHECK(nearest("expsoe") == "EXPOSE");
  CHECK(nearest("HEALTH") == "HEALTHCHECK");
  CHECK(nearest("CM") == "CMD");
  CHECK(nearest("x") == "-");
  CHECK(nearest("whatever") == "-");
  CHECK(nearest("") == "-");
  CHECK(nearest(std::string(1000, 'R')) == "-");
}

TEST_CASE("white space is that of Unicode") {
  CHECK(space_size("a ") == 0);
  CHECK(space_size("\t") == 1);
  CHECK(space_size("\xC2\xA0") == 2);
  CHECK(space_size("\xC2\xA1") == 0);
  CHECK(space_size("\xE2\x80\xAF") == 3);
  CHECK(space_size("\xE2\x80\x8B") == 0);  // joins words
  CHECK(without_spaces(" \xC2\xA0 a \xC2\xA0 b\xE3\x80\x80\r\n") == "a \xC2\xA0 b");
  CHECK(without_spaces("\xC2\xA0").empty());
}

}  // namespace bulkhead
