// Each byte of an instruction that is no blank stands in a named node of its own part: an editor can colour
// it, and say what it is.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "analysis/syntax/tree.h"
#include "tests/catch.h"

using namespace bulkhead;
using namespace bulkhead::syntax;
namespace fs = std::filesystem;

namespace {

const fs::path source = BULKHEAD_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The texts of a file of tree-sitter's test cases: between a header of two lines of `=` and a line of `-`.
std::vector<std::string> cases(const std::string& file) {
  const std::string header = "\n" + std::string(80, '=') + "\n";
  const std::string footer = "\n" + std::string(80, '-') + "\n";
  std::vector<std::string> found;
  std::string text = "\n" + file;
  for (std::size_t at = 0; (at = text.find(header, at)) != std::string::npos;) {
    const std::size_t begin = text.find(header, at + header.size()) + header.size();
    at = text.find(footer, begin);
    found.push_back(text.substr(begin, at - begin));
  }
  return found;
}

std::vector<std::string> samples() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(source / "grammar/test/corpus")) {
    for (const std::string& text : cases(read(entry.path()))) found.push_back(text);
  }
  for (const char* folder : {"tests/rules/fixtures", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
      const fs::path& path = entry.path();
      if (path.filename() == "Dockerfile" || path.extension() == ".dockerfile")
        found.push_back(read(path));
    }
  }
  return found;
}

bool is_blank(char c) {
  return std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos;
}

// Marks the bytes of the named nodes below the instructions; ONBUILD holds another instruction.
void mark(const Node& node, bool below_instruction, std::vector<bool>& marked) {
  for (const Node& child : node.named_children()) {
    if (child.kind().ends_with("_instruction")) {
      mark(child, true, marked);
    } else if (below_instruction || child.kind() == "comment" || child.kind() == "directive") {
      std::fill(marked.begin() + child.span().begin, marked.begin() + child.span().end, true);
    }
  }
}

}  // namespace

TEST_CASE("every byte but blanks has a named node below its instruction") {
  const std::vector<std::string> texts = samples();
  CHECK(texts.size() > 300);
  for (const std::string& text : texts) {
    const Tree tree = parse(Language::dockerfile, text);
    std::vector<bool> marked(text.size());
    mark(tree.root(), false, marked);
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (marked[at] || is_blank(text[at])) continue;
      CAPTURE(text, at, text.substr(at, 20));
      REQUIRE(marked[at]);
    }
  }
}
