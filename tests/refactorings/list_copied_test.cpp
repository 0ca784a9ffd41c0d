#include <string>

#include "analysis/example.h"
#include "analysis/ignore_file.h"
#include "analysis/refactorings/refactorings.h"
#include "analysis/rules/context_copies.h"
#include "tests/catch.h"

using namespace bulkhead;

namespace {

std::shared_ptr<const Snapshot> read(std::string_view file_name, std::string text) {
  if (is_ignore_file_name(file_name)) return IgnoreFile::create(std::move(text));
  return Document::create(std::move(text));
}

// What becomes of the first copy of everything, or "none"; with the files that follow, as in an example.
std::string listed(std::string_view text, bool truncated = false) {
  const Example example = parse_example(text);
  Context context = example.context(read);
  if (context.build) context.build->truncated = truncated;
  const auto document = Document::create(std::string(example.text));
  const rules::ContextCopies copies(*document);
  REQUIRE_FALSE(copies.broad().empty());
  const auto made = list_copied(*document, copies.broad()[0].instruction, context);
  if (!made) return "none";
  REQUIRE(made->edits.size() == 1);
  const auto result = apply_edits(document->text(), std::vector{made->edits[0].change});
  REQUIRE(result);
  CHECK(Document::create(*result)->faults().empty());
  CHECK(rules::ContextCopies(*Document::create(*result)).broad().size() + 1 ==
        copies.broad().size());
  return *result;
}

}  // namespace

TEST_CASE("files go into the folder, and each folder keeps its place") {
  CHECK(
      listed(
          "FROM a\nWORKDIR /app\nCOPY . .\nRUN make\n"
          "-- Makefile --\n-- src/a.c --\n-- src/deep/b.c --\n-- src-old/c.c --\n-- main.c --\n") ==
      "FROM a\nWORKDIR /app\nCOPY Makefile main.c ./\nCOPY src/ ./src/\nCOPY src-old/ ./src-old/\n"
      "RUN make\n");
  CHECK(listed("FROM a\ncopy --chown=1 --link ./ /app/\n-- a/b --\n") ==
        "FROM a\ncopy --chown=1 --link a/ /app/a/\n");
  CHECK(listed("FROM a\nCOPY / $APP\n-- a --\n") == "FROM a\nCOPY a $APP/\n");
}

TEST_CASE("what is ignored, and what has no place in an image, is left out") {
  CHECK(listed("FROM a\nCOPY --exclude=*.md . /app\n"
               "-- .dockerignore --\ntests\nkeep/*\n!keep/this\n"
               "-- .env --\n-- .git/ --\n-- .gitignore --\n-- README.md --\n-- a.py --\n-- "
               "keep/this --\n"
               "-- keep/that --\n-- only/.env --\n-- tests/a --\n-- docker-compose.yml --\n-- "
               "empty/ --\n") ==
        "FROM a\nCOPY --exclude=*.md a.py /app/\nCOPY --exclude=*.md keep/ /app/keep/\n");
}

TEST_CASE("a long list goes on in the next line") {
  std::string text = "# escape=`\nFROM a\nCOPY . /app\n";
  for (int i = 10; i < 25; ++i) text += "-- a-long-name-" + std::to_string(i) + ".py --\n";
  CHECK(listed(text) ==
        "# escape=`\nFROM a\n"
        "COPY a-long-name-10.py a-long-name-11.py a-long-name-12.py a-long-name-13.py "
        "a-long-name-14.py `\n"
        "    a-long-name-15.py a-long-name-16.py a-long-name-17.py a-long-name-18.py "
        "a-long-name-19.py `\n"
        "    a-long-name-20.py a-long-name-21.py a-long-name-22.py a-long-name-23.py "
        "a-long-name-24.py /app/\n");
}

TEST_CASE("nothing is offered where the list would be wrong or of no use") {
  CHECK(listed("FROM a\nCOPY . /app\n") == "none");                 // nothing is known
  CHECK(listed("FROM a\nCOPY . /app\n-- a --\n", true) == "none");  // not all is
  CHECK(listed("FROM a\nCOPY . /app\n-- .env --\n") == "none");     // nothing is left
  CHECK(listed("FROM a\nCOPY . /app\n-- a b --\n") == "none");      // a name with a blank
  // Kept by those who wrote the ignore file, and a finding where it is named.
  CHECK(listed(
            "FROM a\nCOPY . /app\n-- .dockerignore --\n.git\n.env*.local\n-- .env --\n-- a --\n") ==
        "none");
  CHECK(listed("FROM a\nCOPY * /app/\n-- a --\n") == "none");  // other folders come out
  CHECK(listed("FROM a\nCOPY [\".\", \"/app/\"]\n-- a --\n") == "none");
  CHECK(listed("FROM a\nADD . /app\n-- a.tar --\n") == "none");  // it would unpack
  CHECK(listed("FROM a\nCOPY --parents . /app\n-- a --\n") == "none");
  CHECK(listed("FROM a\nONBUILD COPY . /app\n-- a --\n") == "none");
  std::string many = "FROM a\nCOPY . /app\n";
  for (int i = 0; i < 50; ++i) many += "-- f" + std::to_string(i) + " --\n";
  CHECK(listed(many) == "none");
}
