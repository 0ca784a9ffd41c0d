// Much of everything: many heredocs, long names, deep nesting; and work that grows with the text only.

#include <tree_sitter/api.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/syntax/tree.h"
#include "tests/catch.h"

using namespace bulkhead;
using namespace bulkhead::syntax;

extern "C" const TSLanguage* tree_sitter_dockerfile(void);

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (; times > 0; --times) out += piece;
  return out;
}

// RUN with `count` heredocs of `lines` lines each, and a USER behind them.
std::string with_heredocs(int count, std::size_t lines) {
  std::string line = "RUN cat";
  std::string bodies;
  for (int i = 0; i < count; ++i) {
    const std::string name = "E" + std::to_string(i);
    line += " <<" + name;
    bodies += repeated("x\n", lines) + name + "\n";
  }
  return line + "\n" + bodies + "USER app\n";
}

std::size_t count(const Node& node, std::string_view kind) {
  std::size_t found = 0;
  for (const Node& child : node.named_children()) found += child.kind() == kind;
  return found;
}

}  // namespace

TEST_CASE("hundreds of heredocs in one instruction") {
  for (const auto& [heredocs, lines] : {std::pair{500, 1}, {800, 0}, {490, 100}}) {
    CAPTURE(heredocs, lines);
    const std::string text = with_heredocs(heredocs, static_cast<std::size_t>(lines));
    const Tree tree = parse(Language::dockerfile, text);
    const std::vector<Node> instructions = tree.root().named_children();
    REQUIRE(instructions.size() == 2);
    CHECK(count(instructions[0], "heredoc") == static_cast<std::size_t>(heredocs));
    CHECK(instructions[1].kind() == "user_instruction");
  }
}

TEST_CASE("a heredoc's name may be longer than the scanner's state") {
  const std::string name(5000, 'N');
  const std::string text =
      "RUN cat <<" + name + " <<B\n" + name.substr(1) + "\n" + name + "\nb\nB\nUSER app\n";
  const Tree tree = parse(Language::dockerfile, text);
  const std::vector<Node> instructions = tree.root().named_children();
  REQUIRE(instructions.size() == 2);
  CHECK(count(instructions[0], "heredoc") == 2);
}

TEST_CASE("a heredoc without its terminator leaves the lines below it alone") {
  const Tree tree = parse(Language::dockerfile, "RUN <<A <<B\nA\nUSER app\nRUN <<C\nC\n");
  const std::vector<Node> instructions = tree.root().named_children();
  REQUIRE(instructions.size() == 4);
  CHECK(count(instructions[0], "heredoc") == 0);
  CHECK(count(instructions[0].named_children()[1], "heredoc_start") == 2);
  CHECK(instructions[1].kind() == "unknown_instruction");
  CHECK(count(instructions[3], "heredoc") == 1);
}

TEST_CASE("a search for heredocs goes into nested quotes and braces") {
  const std::string deep = repeated("\"${a:-", 25) + repeated("}\"", 25);
  const Tree tree = parse(Language::dockerfile, "RUN " + deep + " <<A\nA\n");
  CHECK(count(tree.root().named_children().at(0), "heredoc") == 1);
}

namespace {

// What a parse costs, counted so that every run gives the same: how often the text is asked for in
// pieces of 64 bytes, steps of the parser in hundreds, and memory that it takes in pieces of 64 bytes.
std::size_t work = 0;

void* take(std::size_t size) {
  work += 1 + size / 64;
  return std::malloc(size);
}
void* take_zeroed(std::size_t number, std::size_t size) {
  work += 1 + number * size / 64;
  return std::calloc(number, size);
}
void* resize(void* memory, std::size_t size) {
  work += 1 + size / 64;
  return std::realloc(memory, size);
}

const char* read(void* payload, std::uint32_t offset, TSPoint, std::uint32_t* size) {
  ++work;
  const std::string& text = *static_cast<std::string*>(payload);
  const std::size_t begin = std::min<std::size_t>(offset, text.size());
  *size = static_cast<std::uint32_t>(std::min<std::size_t>(64, text.size() - begin));
  return text.data() + begin;
}

bool step(TSParseState*) {
  ++work;
  return false;
}

std::size_t work_of(std::string text) {
  ts_set_allocator(&take, &take_zeroed, &resize, &std::free);
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(),
                                                                      &ts_parser_delete);
  ts_parser_set_language(parser.get(), tree_sitter_dockerfile());
  work = 0;
  ts_tree_delete(ts_parser_parse_with_options(
      parser.get(), nullptr, {&text, &read, TSInputEncodingUTF8, nullptr}, {nullptr, &step}));
  const std::size_t done = work;
  ts_set_allocator(nullptr, nullptr, nullptr, nullptr);
  return done;
}

}  // namespace

TEST_CASE("twice the text is no more than 2.6 times the work") {
  struct Case {
    const char* name;
    std::string (*text)(std::size_t size);
    std::size_t size;
  };
  const auto lines = [](std::string_view first, std::string_view line, std::size_t count) {
    return std::string(first) + repeated(line, count) + "\nUSER app\n";
  };
  static const auto text = lines;
  const Case cases[] = {
      {"a long word", [](std::size_t n) { return text("COPY ", "a", n); }, 500'000},
      {"a long line of words", [](std::size_t n) { return text("COPY", " a", n); }, 50'000},
      {"a long text", [](std::size_t n) { return text("USER ", "a ", n); }, 250'000},
      {"RUN of 5 MB", [](std::size_t n) { return text("RUN ", "a b; ", n); }, 1'000'000},
      {"continuations of RUN", [](std::size_t n) { return text("RUN a", " \\\n b", n); }, 20'000},
      {"continuations of ENV", [](std::size_t n) { return text("ENV", " \\\n a=b", n); }, 20'000},
      {"continuations of nothing", [](std::size_t n) { return text("", "\\\n", n); }, 20'000},
      {"continuations in a keyword", [](std::size_t n) { return text("R", "\\\n", n); }, 20'000},
      {"continuations in a word", [](std::size_t n) { return text("COPY a", "\\\nb", n); }, 20'000},
      {"comments in RUN", [](std::size_t n) { return text("RUN a \\\n", "# c\n", n); }, 20'000},
      {"blank lines in ENV", [](std::size_t n) { return text("ENV a=b \\\n", "\n", n); }, 100'000},
      {"escapes", [](std::size_t n) { return text("RUN ", "\\", n); }, 100'000},
      {"double quotes", [](std::size_t n) { return text("ENV a=", "\"", n); }, 100'000},
      {"single quotes", [](std::size_t n) { return text("USER ", "'", n); }, 100'000},
      {"quotes in RUN", [](std::size_t n) { return text("RUN ", "\"'", n); }, 50'000},
      {"open braces in a word", [](std::size_t n) { return text("COPY ", "${a:-", n); }, 20'000},
      {"open braces in quotes", [](std::size_t n) { return text("ENV a=\"", "${a:-", n); }, 20'000},
      {"open braces in RUN", [](std::size_t n) { return text("RUN ", "${a:-", n); }, 20'000},
      {"nested ONBUILD", [](std::size_t n) { return text("", "ONBUILD ", n); }, 20'000},
      {"an open heredoc", [](std::size_t n) { return text("RUN <<E\n", "x y\n", n); }, 20'000},
      {"many open heredocs", [](std::size_t n) { return text("", "RUN <<E\n", n); }, 20'000},
      {"a heredoc", [](std::size_t n) { return text("RUN <<E\n", "x\n", n) + "E\n"; }, 20'000},
      {"<<", [](std::size_t n) { return text("RUN ", "<<", n); }, 100'000},
      {"JSON", [](std::size_t n) { return "CMD [" + repeated("\"a\",", n) + "\"\"]\n"; }, 50'000},
      {"brackets", [](std::size_t n) { return text("CMD ", "[", n); }, 100'000},
      {"mounts", [](std::size_t n) { return text("RUN --mount=a", ",b=c", n); }, 50'000},
      {"flags", [](std::size_t n) { return text("COPY", " --a=b", n); }, 20'000},
      {"colons in an image", [](std::size_t n) { return text("FROM ", "a:", n); }, 100'000},
      {"ports", [](std::size_t n) { return text("EXPOSE", " 1/tcp", n); }, 20'000},
      {"instructions", [](std::size_t n) { return text("", "RUN a\n", n); }, 20'000},
      {"unknown bytes", [](std::size_t n) { return text("", "\xFF \x01=", n); }, 50'000},
  };
  for (const Case& one : cases) {
    const std::size_t half = work_of(one.text(one.size / 2));
    const std::size_t whole = work_of(one.text(one.size));
    CAPTURE(one.name, half, whole);
    CHECK(static_cast<double>(whole) <= 2.6 * static_cast<double>(half));
  }
}
