// Edits made of what the fixtures of all rules say, which is what rules look for: an analysis that goes on from the
// one before finds what one of a fresh document does.

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/engine.h"
#include "analysis/model/document.h"
#include "tests/analysis/told.h"
#include "tests/catch.h"
#include "tests/rules/fixture.h"
#include "tests/seed.h"

namespace bulkhead::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> dockerfiles() {
  std::vector<fs::path> paths;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(BULKHEAD_SOURCE_DIR) / "tests/rules/fixtures")) {
    if (entry.path().extension() == ".dockerfile") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

// The instructions of all fixtures, in documents of their own: stages with few names, so that they build on one
// another and take files from one another.
class Pieces {
 public:
  Pieces() {
    for (const fs::path& path : dockerfiles()) add(path);
    for (const std::string_view name : names)
      froms_.insert(froms_.end(), froms_.size() / 4, "FROM " + std::string(name) + "\n");
  }

  const std::vector<std::string>& all() const { return all_; }
  const std::vector<std::string>& froms() const { return froms_; }

 private:
  static constexpr std::array<std::string_view, 3> names = {"base", "build", "app"};

  void add(const fs::path& path) {
    constexpr std::size_t longest = 400;  // bytes of an instruction
    const Fixture fixture = parse_fixture(read(path));
    const auto document = Document::create(fixture.text);
    if (document->escape() != '\\' || !document->faults().empty()) return;
    for (const Instruction& instruction : document->instructions()) {
      std::string text(document->text(instruction.span()));
      if (instruction.is_trigger() || text.size() > longest) continue;
      const std::string name(names[all_.size() % names.size()]);
      if (instruction.kind() == Keyword::from) {
        const auto image = From(instruction).image_word();
        if (image) froms_.push_back("FROM " + std::string(image->text()) + " AS " + name + "\n");
        froms_.push_back(text + "\n");
        continue;
      }
      const auto rename = [&](Span place) {
        text.replace(place.begin - instruction.begin(), place.size(), name);
      };
      if (const auto from = instruction.flag("from"); from && from->value())
        rename(from->value()->span());
      if (instruction.kind() == Keyword::run) {
        const auto mounts = Run(instruction).mounts("from");
        for (const Mount& mount : std::views::reverse(mounts)) {
          if (const MountField* from = mount.field("from")) rename(from->span);
        }
      }
      all_.push_back(text + "\n");
    }
  }

  std::vector<std::string> all_;
  std::vector<std::string> froms_;
};

// A fixture, with its last stage called "base", and what its instructions other than FROM say.
struct Base {
  explicit Base(const fs::path& path) : text(parse_fixture(read(path)).text) {
    const auto document = Document::create(text);
    if (document->escape() != '\\' || !document->faults().empty() || document->stages().empty())
      return;
    for (const Instruction& instruction : document->instructions()) {
      if (instruction.kind() != Keyword::from && !instruction.is_trigger())
        lines.push_back(std::string(document->text(instruction.span())) + "\n");
    }
    const From from = document->stages().back().from();
    if (const auto alias = from.alias()) {
      text.replace(alias->span().begin, alias->span().size(), "base");
    } else {
      text.insert(from.span().end, " AS base");
    }
    if (!text.ends_with('\n')) text += '\n';
  }

  std::string text;
  std::vector<std::string> lines;
};

// Types in versions of one document, and compares each with a fresh one.
class Typist {
 public:
  explicit Typist(std::string text) : text_(std::move(text)), snapshot_(Document::create(text_)) {
    config_.select.emplace(all_rules().begin(), all_rules().end());
    context_.today = today;
    analyser_.analyse(snapshot_, config_, context_);
  }

  const std::string& text() const { return text_; }

  void replace(std::size_t begin, std::size_t size, const std::string& typed) {
    CAPTURE(text_, begin, size, typed);
    text_.replace(begin, size, typed);
    const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + size)};
    snapshot_ = snapshot_->after(std::array{TextEdit{span, typed}});
    REQUIRE(told(analyser_.analyse(snapshot_, config_, context_).findings) ==
            told(analyse(*Document::create(text_), config_, context_).findings));
  }

 private:
  Config config_;
  Context context_;
  std::string text_;
  std::shared_ptr<const Snapshot> snapshot_;
  Analyser analyser_;
};

}  // namespace

TEST_CASE(
    "after edits in stages that use that of a fixture the findings are those of a fresh document") {
  const auto seed = random_seed();
  CAPTURE(seed);
  for (const fs::path& path : dockerfiles()) {
    const Base base(path);
    if (base.lines.empty()) continue;
    Random random(seed, base.lines, 4);
    Typist typist(base.text + "FROM base AS one\n" + random.text() + "FROM base\n" + random.text() +
                  "FROM alpine:3.22\nCOPY --from=base / /\n" + random.text());
    for (int edit = 0; edit < 4; ++edit) {
      const std::string& text = typist.text();
      const std::size_t at = base.text.size() + random.below(text.size() - base.text.size());
      CAPTURE(path.string(), edit);
      typist.replace(text.find('\n', at) + 1, 0, random.piece());
    }
  }
}

TEST_CASE("after edits made of all fixtures the findings are those of a fresh document") {
  const auto seed = random_seed();
  CAPTURE(seed);
  static const Pieces pieces;
  Random others(seed, pieces.all(), 1);
  Random froms(seed, pieces.froms(), 1);
  const auto piece = [&](std::size_t one_in) -> const std::string& {
    return others.below(one_in) == 0 ? froms.piece() : others.piece();
  };
  for (int round = 0; round < 1000; ++round) {
    std::string first = froms.piece();
    for (std::size_t count = others.below(14); count > 0; --count) first += piece(5);
    Typist typist(std::move(first));
    for (int edit = 0; edit < 2; ++edit) {
      const std::string& text = typist.text();
      std::size_t begin = others.below(text.size() + 1);
      std::size_t size = others.below(12);
      std::string typed;
      switch (others.below(3)) {
        case 0:  // a line
          begin = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;
          size = others.below(2) == 0 ? 0 : text.find('\n', begin) + 1 - begin;
          if (others.below(3) != 0) typed = piece(3);
          break;
        case 1:  // a word from elsewhere
          typed = text.substr(others.below(text.size() + 1), 40);
          typed.resize(std::min(typed.find_first_of(" \n="), typed.size()));
          break;
        default:
          break;
      }
      CAPTURE(round, edit);
      typist.replace(begin, std::min(size, text.size() - begin), typed);
    }
  }
}

}  // namespace bulkhead::test
