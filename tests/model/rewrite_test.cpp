#include "analysis/model/rewrite.h"

#include <functional>

#include "tests/catch.h"

using namespace bulkhead;

namespace {

// `text` after the edits that `change` makes to its instruction `index`.
std::string after(const std::string& text, std::uint32_t index,
                  const std::function<std::vector<Edit>(const Instruction&)>& change) {
  const auto document = Document::create(text);
  std::vector<TextEdit> edits;
  for (const Edit& edit : change(document->instructions()[index])) edits.push_back(edit.change);
  return apply_edits(text, edits).value_or("conflict");
}

std::string retagged(const std::string& text, std::uint32_t index, std::string_view tag) {
  return after(text, index, [&](const Instruction& from) {
    const auto use = image_of(From(from));
    const auto edit = use ? set_tag(*use, tag) : std::nullopt;
    return edit ? std::vector{*edit} : std::vector<Edit>{};
  });
}

// `text` with what version 1.`minor` of the syntax needs.
std::string with_syntax(const std::string& text, unsigned minor) {
  bool is_possible = true;
  const std::string changed = after(text, 0, [&](const Instruction& instruction) {
    std::vector<Edit> edits;
    is_possible = require_syntax(instruction.document(), minor, edits);
    return edits;
  });
  return is_possible ? changed : "impossible";
}

}  // namespace

TEST_CASE("what is no name yet gets no tag") {
  for (const char* text :
       {"FROM a:\\\n# c\n AS x\n", "FROM a:\\\n", "FROM a:\"\"", "FROM a@\\\n"}) {
    CAPTURE(text);
    CHECK(retagged(text, 0, "1") == text);
  }
  CHECK(retagged("FROM a\\\n# c\n AS x\n", 0, "1") == "FROM a:1\\\n# c\n AS x\n");
}

TEST_CASE("a keyword keeps the author's case") {
  const auto replaced = [](const std::string& text) {
    return after(text, 0, [](const Instruction& i) {
      return std::vector{replace_keyword(i.keyword(), "COPY")};
    });
  };
  CHECK(replaced("ADD a b") == "COPY a b");
  CHECK(replaced("add a b") == "copy a b");
  CHECK(replaced("Add a b") == "Copy a b");
}

TEST_CASE("lines go in front of the comments of an instruction, and behind it") {
  const auto before = [](const std::string& text, std::uint32_t index) {
    return after(text, index, [](const Instruction& i) {
      return std::vector{insert_before(i, {"USER me", "# why"})};
    });
  };
  CHECK(before("FROM a\nCMD b\n", 1) == "FROM a\nUSER me\n# why\nCMD b\n");
  CHECK(before("FROM a\r\n# run\r\n# it\r\nCMD b\r\n", 1) ==
        "FROM a\r\nUSER me\r\n# why\r\n# run\r\n# it\r\nCMD b\r\n");
  CHECK(before("FROM a\n# apart\n\ncmd b", 1) == "FROM a\n# apart\n\nuser me\n# why\ncmd b");
  CHECK(before("FROM a\n  CMD b\n", 1) == "FROM a\n  USER me\n  # why\n  CMD b\n");
  CHECK(before("#!/bin/x\n# an image\nFROM a\n", 0) ==
        "#!/bin/x\nUSER me\n# why\n# an image\nFROM a\n");
  CHECK(before("#!/bin/x\n# syntax=a/b\nFROM a\n", 0) ==
        "#!/bin/x\n# syntax=a/b\nUSER me\n# why\nFROM a\n");
  CHECK(before("\xEF\xBB\xBF"
               "FROM a\n",
               0) == "\xEF\xBB\xBFUSER me\n# why\nFROM a\n");

  const auto behind = [](const std::string& text, std::uint32_t index) {
    return after(text, index,
                 [](const Instruction& i) { return std::vector{insert_after(i, {"USER me"})}; });
  };
  CHECK(behind("FROM a\nCMD b \\\n  c\nEXPOSE 1\n", 1) ==
        "FROM a\nCMD b \\\n  c\nUSER me\nEXPOSE 1\n");
  CHECK(behind("FROM a\nCMD b", 1) == "FROM a\nCMD b\nUSER me");
  // An escape character at the end would swallow them.
  CHECK(behind("FROM a\nCMD b \\", 1) == "FROM a\nCMD b\nUSER me");
  CHECK(behind("FROM a\nCMD b \\\n", 1) == "FROM a\nCMD b\nUSER me\n");
  CHECK(behind("FROM a\r\nCMD b \\ \r\n# c\r\n\r\n", 1) ==
        "FROM a\r\nCMD b \r\n# c\r\n\r\nUSER me\r\n");
  CHECK(behind("# escape=`\nFROM a\nCMD b `\n  c`\n", 1) ==
        "# escape=`\nFROM a\nCMD b `\n  c\nUSER me\n");
  CHECK(behind("FROM a\nCMD b \\\\\n", 1) == "FROM a\nCMD b \\\\\nUSER me\n");
}

TEST_CASE("taking one of several away leaves the rest as it was laid out") {
  const std::string env = "ENV A=1 \\\n    # of b\n    B=2 \\\n    C=3\nUSER x\n";
  const auto without = [&](std::uint32_t pair) {
    return after(env, 0,
                 [&](const Instruction& i) { return std::vector{remove(i.pairs()[pair])}; });
  };
  CHECK(without(0) == "ENV \\\n    # of b\n    B=2 \\\n    C=3\nUSER x\n");
  CHECK(without(1) == "ENV A=1 \\\n    C=3\nUSER x\n");
  CHECK(without(2) == "ENV A=1 \\\n    # of b\n    B=2\nUSER x\n");
  const auto without_several = [&](std::initializer_list<std::uint32_t> pairs) {
    return after(env, 0, [&](const Instruction& i) {
      std::vector<Pair> gone;
      for (const std::uint32_t pair : pairs) gone.push_back(i.pairs()[pair]);
      return remove(gone);
    });
  };
  CHECK(without_several({0, 1}) == "ENV C=3\nUSER x\n");
  CHECK(without_several({1, 2}) == "ENV A=1\nUSER x\n");
  CHECK(without_several({0, 2}) == "ENV \\\n    # of b\n    B=2\nUSER x\n");
  CHECK(without_several({0, 1, 2}) == "USER x\n");
  CHECK(after("ARG A\nUSER x\n", 0, [](const Instruction& i) {
          return std::vector{remove(i.pairs()[0])};
        }) == "USER x\n");
  CHECK(after("EXPOSE 22 80\n", 0, [](const Instruction& i) {
          return std::vector{remove_word(i, i.words()[0])};
        }) == "EXPOSE 80\n");
}

TEST_CASE("what is taken away takes its own comment along, and leaves that of the next") {
  const auto without = [](const std::string& text, std::size_t word) {
    return after(text, 0, [&](const Instruction& i) {
      return std::vector{remove_word(i, i.words()[word])};
    });
  };
  const std::string ports = "EXPOSE \\\n # a\n 1   \\\n # b\n # and b\n 2 3 \\\n # d\n 4\n";
  CHECK(without(ports, 0) == "EXPOSE \\\n # b\n # and b\n 2 3 \\\n # d\n 4\n");
  CHECK(without(ports, 1) == "EXPOSE \\\n # a\n 1   \\\n # b\n # and b\n 3 \\\n # d\n 4\n");
  CHECK(without(ports, 2) == "EXPOSE \\\n # a\n 1   \\\n # b\n # and b\n 2 \\\n # d\n 4\n");
  CHECK(without(ports, 3) == "EXPOSE \\\n # a\n 1   \\\n # b\n # and b\n 2 3\n");
  // Without comments there is nothing to keep apart, and the others keep their lines.
  CHECK(without("EXPOSE 1 \\\n  2\n", 0) == "EXPOSE 2\n");
  CHECK(without("EXPOSE 1 2 \\\n  3\n", 1) == "EXPOSE 1 \\\n  3\n");
  CHECK(without("EXPOSE 1   \\\r\n  2 \\\r\n  3\r\n", 1) == "EXPOSE 1   \\\r\n  3\r\n");
  // The comma of an array goes along.
  const std::string array = "VOLUME [\"/a\", \\\n # b\n \"/b\", \\\n # c\n \"/c\"]\n";
  CHECK(without(array, 0) == "VOLUME [\\\n # b\n \"/b\", \\\n # c\n \"/c\"]\n");
  CHECK(without(array, 1) == "VOLUME [\"/a\", \\\n # c\n \"/c\"]\n");
  CHECK(without(array, 2) == "VOLUME [\"/a\", \\\n # b\n \"/b\"]\n");
}

TEST_CASE("two of two are not taken away one by one") {
  for (const std::string text : {"EXPOSE 1 2\n", "EXPOSE 1 \\\n 2\n", "EXPOSE 1 \\\n # b\n 2\n"}) {
    CHECK(after(text, 0, [](const Instruction& i) {
            return std::vector{remove_word(i, i.words()[0]), remove_word(i, i.words()[1])};
          }) == "conflict");
  }
}

TEST_CASE("arguments go alone: neither a redirection nor a comment goes with them") {
  const std::string from = "FROM a\n";  // nothing is known of a RUN above the first one
  const auto without = [&](const std::string& text, const std::vector<std::size_t>& gone) {
    return after(from + text, 1,
                 [&](const Instruction& i) { return remove_arguments(i.commands().front(), gone); })
        .substr(from.size());
  };
  CHECK(without("RUN a -k >x b\n", {0}) == "RUN a >x b\n");
  CHECK(without("RUN a -k 2>&1 -j b\n", {0, 1}) == "RUN a 2>&1 b\n");
  CHECK(without("RUN a b -k \\\n  # to c\n  -o c\n", {1}) == "RUN a b \\\n  # to c\n  -o c\n");
  CHECK(without("RUN a \\\n  # x\n  x y \\\n  # z\n  z\n", {0, 1}) == "RUN a \\\n  # z\n  z\n");
  CHECK(without("RUN a \\\n  x \\\n  y \\\n  z\n", {0, 2}) == "RUN a \\\n  y\n");
  // The comment above a command is not that of its first part.
  const std::string text = from + "RUN \\\n  # why\n  A=1 \\\n  # how\n  a\n";
  CHECK(after(text, 1, [](const Instruction& i) {
          const Command command = i.commands().front();
          return std::vector{
              *remove_part(command, command.run().at(command.data().assignments[0].span))};
        }) == from + "RUN \\\n  # why\n  # how\n  a\n");
}

TEST_CASE("flags go behind those that are there") {
  const auto flagged = [](const std::string& text) {
    return after(text, 0,
                 [](const Instruction& i) { return std::vector{add_flag(i, "--mount=type=ssh")}; });
  };
  CHECK(flagged("RUN a \\\n b\n") == "RUN --mount=type=ssh a \\\n b\n");
  CHECK(flagged("RUN --network=none a\n") == "RUN --network=none --mount=type=ssh a\n");
  CHECK(flagged("RUN <<EOF\na\nEOF\n") == "RUN --mount=type=ssh <<EOF\na\nEOF\n");
}

TEST_CASE("a new tag is written where the old one stands") {
  CHECK(retagged("FROM node AS a\n", 0, "26") == "FROM node:26 AS a\n");
  CHECK(retagged("FROM r:5000/node:16\n", 0, "26") == "FROM r:5000/node:26\n");
  CHECK(retagged("FROM no\\\nde:1\\\n6\n", 0, "26") == "FROM no\\\nde:26\n");
  CHECK(retagged("ARG B=debian\nFROM $B AS a\nFROM $B\n", 2, "13") ==
        "ARG B=debian:13\nFROM $B AS a\nFROM $B\n");
  const std::string others = "ARG B=debian\nFROM $B:13 AS a\nFROM $B\n";  // would be debian:13:13
  CHECK(retagged(others, 2, "13") == others);
  CHECK(retagged("ARG V=16\nFROM node:$V\n", 1, "26") == "ARG V=26\nFROM node:$V\n");
  CHECK(retagged("ARG V=\"16\"\nFROM node:${V}-alpine\n", 1, "26-alpine") ==
        "ARG V=\"26\"\nFROM node:${V}-alpine\n");
  CHECK(retagged("ARG B=node:16\nFROM $B\n", 1, "26") == "ARG B=node:26\nFROM $B\n");
  CHECK(retagged("ARG B=node\nFROM $B\n", 1, "26") == "ARG B=node:26\nFROM $B\n");
  // The place can not be told, or a digest says which image it is.
  for (const std::string text :
       {"ARG V=16-slim\nFROM node:${V}\n", "ARG V=16\nFROM node:${V:-1}\n"}) {
    const bool slim = text.find("slim") != std::string::npos;
    CHECK(retagged(text, 1, "26") == (slim ? "ARG V=26\nFROM node:${V}\n" : text));
  }
  CHECK(retagged("ARG V=16\nFROM node:${V}-alpine\n", 1, "26-slim") ==
        "ARG V=16\nFROM node:${V}-alpine\n");
  CHECK(retagged("ARG A=1\nARG B=6\nFROM node:$A$B\n", 2, "26") ==
        "ARG A=1\nARG B=6\nFROM node:$A$B\n");
  CHECK(retagged("FROM node:16@sha256:0\n", 0, "26") == "FROM node:16@sha256:0\n");
}

TEST_CASE("an older syntax line is brought up to what is needed") {
  const std::string digest = "@sha256:" + std::string(64, '0');
  const auto brought_up = [](const std::string& line) {
    return with_syntax("# syntax=" + line + "\nFROM a\n", 10);
  };
  for (const std::string old : {"1.4", "1.9.1", "experimental", "1.0-experimental"}) {
    CHECK(brought_up("docker/dockerfile:" + old) == "# syntax=docker/dockerfile:1\nFROM a\n");
  }
  CHECK(brought_up("docker.io/docker/dockerfile:1.2") ==
        "# syntax=docker.io/docker/dockerfile:1\nFROM a\n");
  CHECK(brought_up("docker/dockerfile:1.7-labs") == "# syntax=docker/dockerfile:1-labs\nFROM a\n");
  for (const std::string& line :
       {std::string("docker/dockerfile"), std::string("docker/dockerfile:1"),
        std::string("docker/dockerfile:1-labs"), std::string("docker/dockerfile:1.10"),
        std::string("docker/dockerfile:1.12.1"), "docker/dockerfile:1.10" + digest,
        std::string("docker/dockerfile-upstream:1.10"),
        std::string("docker/dockerfile-upstream:master")}) {
    CHECK(brought_up(line) == "# syntax=" + line + "\nFROM a\n");
  }
  for (const std::string& line :
       {"docker/dockerfile:1.4" + digest, "docker/dockerfile:1" + digest,
        "docker/dockerfile" + digest, std::string("docker/dockerfile-upstream:1.4"),
        std::string("example.com/docker/dockerfile-x:1.14"), std::string("{{frontend}}")}) {
    CHECK(brought_up(line) == "impossible");
  }
}

TEST_CASE("a syntax line is added on top unless there is one") {
  CHECK(with_syntax("FROM a\n", 0) == "# syntax=docker/dockerfile:1\nFROM a\n");
  CHECK(with_syntax("#!/bin/x\nFROM a\n", 0) == "#!/bin/x\n# syntax=docker/dockerfile:1\nFROM a\n");
  CHECK(with_syntax("#!/bin/x\n# syntax=docker/dockerfile:1.4\nFROM a\n", 10) ==
        "#!/bin/x\n# syntax=docker/dockerfile:1\nFROM a\n");
  CHECK(with_syntax("# escape=`\nFROM a\n", 0) ==
        "# syntax=docker/dockerfile:1\n# escape=`\nFROM a\n");
  CHECK(with_syntax("# Syntax = docker/dockerfile:1.4\nFROM a\n", 0) ==
        "# Syntax = docker/dockerfile:1.4\nFROM a\n");
}

TEST_CASE("a flag goes with the blanks in front of it") {
  const auto without = [](const std::string& text, std::size_t index) {
    return after(text, 0,
                 [&](const Instruction& i) { return std::vector{remove(i, i.flags()[index])}; });
  };
  CHECK(without("RUN --network=host make\n", 0) == "RUN make\n");
  CHECK(without("RUN --a=1 --b=2 make\n", 1) == "RUN --a=1 make\n");
  CHECK(without("RUN \\\n  --a=1 \\\n  --b=2 \\\n  make\n", 0) == "RUN \\\n  --b=2 \\\n  make\n");
}
