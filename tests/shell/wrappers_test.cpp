#include "analysis/shell/commands/wrappers.h"

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// The word that is run, and who as where that changes.
std::string run(const std::string& text) {
  const auto words = arguments(text);
  const Wrapped wrapped = unwrap(words);
  std::string line = wrapped.program < words.size() ? words[wrapped.program].value_or("?") : "none";
  if (wrapped.changes_user) line += " as " + wrapped.user.value_or("?");
  return line;
}

}  // namespace

TEST_CASE("wrappers") {
  CHECK(run("ls -l") == "ls");
  CHECK(run("/usr/bin/env ls") == "ls");
  CHECK(run("env -u A -C /x B=1 ? ls") == "?");
  CHECK(run("env -i A=1 B=2 ls") == "ls");
  CHECK(run("exec -a name ls") == "ls");
  CHECK(run("time -p nice -n 10 ls") == "ls");
  CHECK(run("timeout -k 5 10s ls") == "ls");
  CHECK(run("timeout --signal=KILL 10 ls") == "ls");
  CHECK(run("stdbuf -oL ls") == "ls");
  CHECK(run("tini -- ls") == "ls");
  CHECK(run("command -p ls") == "ls");
  CHECK(run("command -v ls") == "command");
  CHECK(run("conda run -n tools --no-capture-output pip install x") == "pip");
  CHECK(run("micromamba -q run -n base pip install x") == "pip");
  CHECK(run("poetry run pip install x") == "pip");
  CHECK(run("conda install x") == "conda");
  CHECK(run("conda -q ? x") == "conda");
  CHECK(run("conda") == "conda");
  CHECK(run("sudo") == "none as root");
  CHECK(run("env ?") == "?");
  CHECK(run("") == "none");
}

TEST_CASE("the word that names the user") {
  const auto word = [](const std::string& text) { return unwrap(arguments(text)).user_word; };
  CHECK(word("sudo -E -u app ls") == 3);
  CHECK(word("exec gosu app ls") == 2);
  CHECK(word("sudo -uapp ls") == 0);
  CHECK(word("sudo ls") == 0);
  CHECK(word("gosu") == 0);
}

TEST_CASE("wrappers that change the user") {
  CHECK(run("sudo -E ls") == "ls as root");
  CHECK(run("sudo -u app -H A=1 ls") == "ls as app");
  CHECK(run("sudo --user=app ls") == "ls as app");
  CHECK(run("sudo --user app -- ls") == "ls as app");
  CHECK(run("sudo -u ? ls") == "ls as ?");
  CHECK(run("gosu app:app ls") == "ls as app:app");
  CHECK(run("exec su-exec 1000 ls") == "ls as 1000");
  CHECK(run("runuser -u app -- ls") == "ls as app");
  CHECK(run("setpriv --reuid=app --clear-groups ls") == "ls as app");
  CHECK(run("runuser app -c ls") == "runuser");
}
