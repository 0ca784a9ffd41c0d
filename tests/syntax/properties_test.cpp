// After any edits the tree is that of a fresh parse.

#include <string>
#include <vector>

#include "analysis/syntax/tree.h"
#include "analysis/text/edit.h"
#include "tests/catch.h"
#include "tests/seed.h"
#include "tests/syntax/dump.h"

using namespace bulkhead;
using namespace bulkhead::syntax;

namespace {

// Lines, and pieces that change what a line is: directives, continuations, comments in them, heredocs,
// JSON, quotes and braces, words that are cut in two.
const std::vector<std::string> pieces = {
    "# escape=`\n",
    "# escape=\\\n",
    "#syntax=docker/dockerfile:1\n",
    "# a comment\n",
    "FROM docker.io/library/debian:12@sha256:0 AS base\n",
    "FROM $A/b:${C:-d}\n",
    "RUN apt-get update && \\\n  # why\n\n  apt-get install curl\n",
    "RUN cat <<A <<-'B C'\n1\nA\n\t2\n\tB C\n",
    "RUN --mount=type=cache,target=/x <<EOF\n",
    "RUN [\"a\", \\\n \"b\"]\n",
    "RUN [ -f x ] && `y\n",
    "COPY --from=base --chmod=1 a \\\n b /c/\n",
    "COPY <<E F /g/\nE\n",
    "ENV A=b \\\n  # c\n  D=\"e $F\" G='h'\n",
    "ENV a b c\n",
    "ARG X Y=${Z:+\"q\"}\n",
    "EXPOSE 80/tcp $P\n",
    "USER \"a b\":$G\n",
    "HEALTHCHECK --interval=1s CMD [\"x\"]\n",
    "ONBUILD RUN <<E\nE\n",
    "R\\\nUN x\n",
    "\\\n",
    " \\\n",
    "`\n",
    "\r\n",
    "\n",
    "\n\n",
    "\\",
    "\\\\",
    "`",
    "\"",
    "'",
    "$",
    "${",
    "}",
    "${x:-",
    "<<",
    "<<EOF",
    "EOF\n",
    "E\n",
    "A\n",
    "[",
    "]",
    "#",
    "# c\n",
    "=",
    ",",
    ":",
    "@",
    "/",
    "--",
    "- ",
    " ",
    "\t",
    "x",
    "\xC3\xA9",
    "\xFF",
    std::string(1, '\0'),
    "",
};

constexpr std::size_t most = 16;  // a random text has fewer pieces

// Changes `text` in one place and says how.
TextEdit change(std::string& text, Random& random) {
  const auto begin = static_cast<std::uint32_t>(random.below(text.size() + 1));
  const std::size_t rest = text.size() - begin;
  std::size_t removed = 0;
  if (random.below(2) == 0) removed = random.below(3) == 0 ? random.below(rest + 1) : rest > 0;
  TextEdit edit{{begin, begin + static_cast<std::uint32_t>(removed)}, random.piece()};
  text.replace(begin, removed, edit.text);
  return edit;
}

}  // namespace

TEST_CASE("after random edits the tree is that of a fresh parse") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, most);
  for (int round = 0; round < 1000; ++round) {
    std::string text = random.text();
    Tree tree = parse(Language::dockerfile, text);
    for (int step = 0; step < 8; ++step) {
      const std::string before = text;
      std::vector<TextEdit> edits;
      for (std::size_t count = 1 + random.below(3); count > 0; --count)
        edits.push_back(change(text, random));
      Tree after = reparse(tree, before, text, edits);
      CAPTURE(round, step, before, text);
      const Tree fresh = parse(Language::dockerfile, text);
      REQUIRE(dump(after) == dump(fresh));
      REQUIRE_FALSE(fresh.root().has_error());
      tree = std::move(after);
    }
  }
}
