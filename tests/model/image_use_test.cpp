#include "analysis/model/image_use.h"

#include "analysis/model/rewrite.h"
#include "tests/catch.h"

using namespace bulkhead;

namespace {

// "name @ text of its span" of each image that the instructions name.
std::vector<std::string> images(const std::string& text) {
  const auto document = Document::create(text);
  std::vector<std::string> found;
  for (const Instruction& instruction : document->instructions()) {
    for (const ImageUse& use : images_of(instruction)) {
      found.push_back(use.image.familiar_name() + " @ " +
                      text.substr(use.span.begin, use.span.size()));
    }
  }
  return found;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("images are found wherever a build takes one") {
  CHECK(images("FROM node:26 AS a\nFROM a\nFROM scratch\n") == Names{"node @ node:26"});
  CHECK(images("ARG V=26\nARG N\nFROM node:$V\nFROM $N\n") == Names{"node @ node:$V"});
  CHECK(images("FROM a AS b\nCOPY --from=b / /\nCOPY --from=0 / /\n") == Names{"a @ a"});
  CHECK(images("FROM a/b:1\nCOPY --chown=1 --from=r:5000/c/d@sha256:0 / /\n") ==
        Names{"a/b @ a/b:1", "r:5000/c/d @ r:5000/c/d@sha256:0"});
  CHECK(images("FROM a/b:1\nRUN --mount=type=bind,from=golang:1,target=/go \\\n"
               "  --mount=from=x/y,target=/x ls\n") ==
        Names{"a/b @ a/b:1", "golang @ golang:1", "x/y @ x/y"});
}

TEST_CASE("what may be a build context by name is no image") {
  CHECK(images("FROM scratch\nCOPY --from=assets / /\nCOPY --from=composer / /\n") ==
        Names{"composer @ composer"});
  CHECK(images("FROM scratch\nCOPY --from=$X/y / /\n").empty());
}

TEST_CASE("an image floats that names no release") {
  const auto document =
      Document::create("FROM a\nFROM a:latest\nFROM a:1\nFROM a:latest@sha256:0\n");
  std::vector<bool> floats;
  for (const Instruction& from : document->instructions())
    floats.push_back(images_of(from).front().floats());
  CHECK(floats == std::vector{true, true, false, false});
}

TEST_CASE("the frontend stands in a directive") {
  const auto frontend = [](const std::string& text) {
    const auto use = frontend_of(*Document::create(text));
    return use ? text.substr(use->span.begin, use->span.size()) : "none";
  };
  CHECK(frontend("#  Syntax =  docker/dockerfile:1  \nFROM a\n") == "docker/dockerfile:1");
  CHECK(frontend("# syntax=x/y:1 --option\nFROM a\n") == "x/y:1");
  CHECK(frontend("FROM a\n# syntax=docker/dockerfile:1\n") == "none");
}

TEST_CASE("another image is put where the name stands") {
  const auto renamed = [](const std::string& text, std::uint32_t index) {
    const auto document = Document::create(text);
    const auto uses = images_of(document->instructions()[index]);
    const auto edit = set_image(uses.front(), "b:2");
    return edit ? apply_edits(text, std::vector{edit->change}).value_or("conflict") : "none";
  };
  CHECK(renamed("FROM x/a:1 AS s\n", 0) == "FROM b:2 AS s\n");
  CHECK(renamed("ARG A=x/a:1\nFROM $A\n", 1) == "ARG A=b:2\nFROM $A\n");
  CHECK(renamed("ARG V=1\nFROM b:$V\n", 1) == "ARG V=2\nFROM b:$V\n");
  CHECK(renamed("ARG V=1\nFROM a:$V\n", 1) == "none");
  CHECK(renamed("FROM x/a:1@sha256:0\n", 0) == "none");
  CHECK(renamed("FROM scratch\nCOPY --from=x/a:1 / /\n", 1) ==
        "FROM scratch\nCOPY --from=b:2 / /\n");
  CHECK(renamed("FROM scratch\nRUN --mount=from=x/a:1,target=/x ls\n", 1) ==
        "FROM scratch\nRUN --mount=from=b:2,target=/x ls\n");
}
