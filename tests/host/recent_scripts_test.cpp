#include "host/recent_scripts.h"

#include <memory>
#include <string>

#include "host/snapshot.h"
#include "tests/catch.h"

namespace bulkhead::host {
namespace {

// The script of the last instruction of `text`.
class Read {
 public:
  Read(std::string text, RecentScripts& known)
      : document_(Document::create(std::move(text), &known)) {}

  bool shares_script_with(const Read& other) const { return script() == other.script(); }

 private:
  const shell::Script* script() const { return &document_->instructions().back().script(); }

  std::shared_ptr<const Document> document_;
};

}  // namespace

TEST_CASE("a script that is said again is not read again") {
  RecentScripts known;
  const Read first("FROM a\nRUN make \\\n  && make install\n", known);
  const Read again("ARG X\nFROM b\nUSER u\nRUN make \\\n  && make install", known);
  CHECK(again.shares_script_with(first));
  CHECK_FALSE(Read("FROM a\nRUN make\n", known).shares_script_with(first));
}

TEST_CASE("what else decides on a script sets it apart") {
  RecentScripts known;
  const Read plain("FROM a\nRUN false | true `x`\n", known);
  for (const std::string above :
       {"FROM a\nSHELL [\"/bin/bash\", \"-e\", \"-c\"]\n",
        "FROM a\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n",
        "FROM a\nSHELL [\"cmd\", \"/S\", \"/C\"]\n", "# escape=`\nFROM a\n", "FROM a\nONBUILD "}) {
    INFO(above);
    CHECK_FALSE(Read(above + "RUN false | true `x`\n", known).shares_script_with(plain));
  }
  // Where the heredoc has no end, it is none.
  const Read open("FROM a\nRUN cat <<END\n", known);
  CHECK_FALSE(Read("FROM a\nRUN cat <<END\n", known).shares_script_with(open));
}

TEST_CASE("of scripts those that were asked for last are remembered, and no long ones") {
  RecentScripts known;
  const auto run = [&](const std::string& command) {
    return Read("FROM a\nRUN " + command, known);
  };
  const std::string filler(4000, 'x');
  const Read kept = run("kept");
  const Read lost = run("lost");
  for (int i = 0; i < 1000; ++i) {
    run("echo " + std::to_string(i) + filler);
    CHECK(run("kept").shares_script_with(kept));
  }
  CHECK_FALSE(run("lost").shares_script_with(lost));
  const std::string long_one = "echo " + std::string(10'000, 'x');
  CHECK_FALSE(run(long_one).shares_script_with(run(long_one)));
}

}  // namespace bulkhead::host
