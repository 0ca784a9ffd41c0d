// Dockerfiles and the timelines of what their builds do: tests/model/effects/NAME.dockerfile and NAME.txt, as
// `bulkhead parse --effects` prints it. BULKHEAD_UPDATE=1 writes them anew; then read the difference.

#include "analysis/model/effects.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "report/timeline.h"
#include "tests/catch.h"

using namespace bulkhead;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

const FileEffect& file(const Timeline& timeline, std::size_t index) {
  return *timeline.effects().at(index).as<FileEffect>();
}

}  // namespace

TEST_CASE("timelines are what they were when somebody read them") {
  std::vector<fs::path> fixtures;
  for (const auto& entry : fs::directory_iterator(BULKHEAD_SOURCE_DIR "/tests/model/effects")) {
    if (entry.path().extension() == ".dockerfile") fixtures.push_back(entry.path());
  }
  REQUIRE(fixtures.size() > 5);
  const bool is_update = std::getenv("BULKHEAD_UPDATE") != nullptr;
  for (const fs::path& fixture : fixtures) {
    DYNAMIC_SECTION(fixture.stem().string()) {
      const auto document = Document::create(read(fixture));
      const std::string shown = report::timeline(*document, {});
      const fs::path expected = fs::path(fixture).replace_extension(".txt");
      if (is_update) std::ofstream(expected) << shown;
      INFO("if this is right: BULKHEAD_UPDATE=1 ./dev test -R 'model: timelines'");
      CHECK(shown == read(expected));
    }
  }
}

TEST_CASE("a timeline knows what happens to a path") {
  const auto document = Document::create(
      "FROM debian:13 AS base\nCOPY key.pem /srv/key.pem\nRUN touch /tmp/a /tmp/b\n"
      "FROM base\nRUN rm /tmp/* && chmod 777 /srv/key.pem && chmod 640 /srv/key.pem\n"
      "RUN rm -rf /srv\n");
  const Stage first_stage = document->stages()[0];
  const Stage last_stage = document->stages()[1];
  const Timeline& base = first_stage.effects();
  const Timeline& last = last_stage.effects();
  CHECK(last.below() == &base);
  CHECK(base.below() == nullptr);
  CHECK(base.effects().back().layer == 1U);
  REQUIRE(last.effects().size() == 4);
  CHECK(last.on_path("/tmp/a") == std::vector<std::size_t>{0});
  CHECK(last.on_path("/tmp/a/c").empty());  // rm without -r
  CHECK(last.on_path("/srv/key.pem") == std::vector<std::size_t>{1, 2, 3});
  CHECK(last.on_path("/srv/key.pem", false) == std::vector<std::size_t>{1, 2});
  CHECK(last.on_path("/srvx").empty());
  const Effect* write = last.last_write("/srv/key.pem", 4);
  REQUIRE(write != nullptr);
  CHECK(write->instruction == 1);
  CHECK(last.last_write("/nowhere", 4) == nullptr);
  CHECK(last.deleted_after("/srv/key.pem", 0) == &last.effects()[3]);
  CHECK(last.deleted_after("/srv/key.pem", 3) == nullptr);
  CHECK(last.is_undone(1));        // by the chmod behind it
  CHECK_FALSE(last.is_undone(2));  // deleted, but a layer later
  CHECK(file(last, 2).mode_before == 0777);
  CHECK(file(last, 2).mode_after == 0640);
}

TEST_CASE("what adds to a mode does not undo it") {
  const auto document = Document::create(
      "FROM debian:13\nRUN chmod 777 /a && chmod +x /a\nRUN chmod 777 /b; false || rm /b\n");
  const Stage stage = document->stages()[0];
  const Timeline& timeline = stage.effects();
  REQUIRE(timeline.effects().size() == 4);
  CHECK_FALSE(timeline.is_undone(0));
  CHECK_FALSE(timeline.is_undone(2));  // the rm may not run
}

TEST_CASE("effects say where they stand") {
  const auto document =
      Document::create("FROM debian:13\nRUN true && \\\n  rm -f \"/a b\" /c\nENTRYPOINT [\"x\"]\n");
  const Stage stage = document->stages()[0];
  const Timeline& timeline = stage.effects();
  REQUIRE(timeline.effects().size() == 3);
  const Effect& first = timeline.effects()[0];
  CHECK(document->text().substr(first.span.begin, first.span.size()) == "\"/a b\"");
  CHECK(first.instruction == 1);
  CHECK(first.layer == 0U);
  CHECK(first.command == 1U);
  CHECK(file(timeline, 0).path.text == "/a b");
  CHECK_FALSE(timeline.effects()[2].layer);
}

TEST_CASE("threads share a timeline") {
  std::string text = "FROM debian:13 AS s0\n";
  for (int i = 1; i < 50; ++i)
    text += "RUN touch /f\nFROM s" + std::to_string(i - 1) + " AS s" + std::to_string(i) + "\n";
  const auto document = Document::create(text);
  std::vector<const Timeline*> seen(4);
  std::vector<std::thread> threads;
  for (const Timeline*& mine : seen) {
    threads.emplace_back([&] { mine = &document->stages().back().effects(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Timeline* mine : seen) CHECK(mine == seen.front());
}

TEST_CASE("a file that is written knows its text, and where that stands") {
  const auto document = Document::create(
      "FROM debian:13\nENV V=1\nCOPY <<EOF /a\none\nEOF\n"
      "RUN echo \"v=$V\" two > /b && cat > /c <<EOF\nthree $V\nEOF\n"
      "RUN { echo 4; date; echo \\\n  5; } > /d; (echo 6; echo 7) | tee /e; date > /f\n");
  std::vector<std::string> texts;
  document->stages()[0].effects().each<FileEffect>([&](const Effect&, const FileEffect& file) {
    const std::string_view written = document->text(file.text_span);
    CHECK(file.text.has_value() == (file.source == FileEffect::Source::text));
    texts.push_back(file.path.text + (file.appends ? " >> " : " > ") + file.text.value_or("?") +
                    " | " + std::string(file.text ? written : ""));
  });
  const std::vector<std::string> expected = {"/a > one\n | one\n",
                                             "/b > v=1 two | \"v=$V\" two",
                                             "/c > three 1\n | three $V\n",
                                             "/d > 4 | 4",
                                             "/d >> 5 | 5",
                                             "/e > 6\n7 | 6; echo 7",
                                             "/f > ? | "};
  CHECK(texts == expected);
}
