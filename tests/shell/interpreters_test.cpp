#include "analysis/shell/commands/interpreters.h"

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// "shell text 1+2 errexit": the language, where from, which argument and offset, what else is said.
std::string call(std::string_view program, const std::string& text) {
  const auto found = interpreter_call(program, arguments(text));
  if (!found) return "none";
  constexpr const char* languages[] = {"shell", "powershell", "python", "javascript",
                                       "perl",  "ruby",       "php",    "lua"};
  constexpr const char* sources[] = {"text", "file", "module", "input"};
  std::string line = languages[static_cast<int>(found->language)];
  line += std::string(" ") + sources[static_cast<int>(found->source)];
  if (found->source != InterpreterCall::Source::input) {
    line += " " + std::to_string(found->argument);
    if (found->offset > 0) line += "+" + std::to_string(found->offset);
  }
  if (found->errexit) line += " errexit";
  if (found->pipefail) line += " pipefail";
  if (!found->own_process) line += " here";
  if (found->changes_user) line += " user=" + found->user.value_or("?");
  return line;
}

}  // namespace

TEST_CASE("shells") {
  CHECK(call("sh", "-c text") == "shell text 1");
  CHECK(call("bash", "-lc text") == "shell text 1");
  CHECK(call("bash", "-l -c text 0 a") == "shell text 2");
  CHECK(call("bash", "-euxo pipefail -c text") == "shell text 3 errexit pipefail");
  CHECK(call("bash", "-o errexit -o pipefail +e -c text") == "shell text 6 pipefail");
  CHECK(call("bash", "-c -e text") == "shell text 2 errexit");
  CHECK(call("bash", "--norc --rcfile x -c text") == "shell text 4");
  CHECK(call("sh", "install.sh -c x") == "shell file 0");
  CHECK(call("sh", "-e install.sh") == "shell file 1 errexit");
  CHECK(call("sh", "") == "shell input");
  CHECK(call("bash", "-") == "shell input");
  CHECK(call("sh", "-s -- --yes") == "shell input");
  CHECK(call("bash", "-es stable") == "shell input errexit");
  CHECK(call("/bin/dash", "-c ?") == "shell text 1");
  CHECK(call("sh", "-c") == "none");
  CHECK(call("bash", "--version") == "none");
  CHECK(call("eval", "text") == "shell text 0 here");
  CHECK(call("eval", "a b") == "none");
}

TEST_CASE("su runs a shell as somebody else") {
  CHECK(call("su", "app -c text") == "shell text 2 user=app");
  CHECK(call("su", "- app --command=text") == "shell text 2+10 user=app");
  CHECK(call("su", "-c text") == "shell text 1 user=root");
  CHECK(call("su", "-s /bin/bash -c text ?") == "shell text 3 user=?");
  CHECK(call("su", "-s /usr/bin/python3 app") == "none");
  CHECK(call("su", "app") == "shell input user=app");
  CHECK(call("runuser", "-l app -c text") == "shell text 3 user=app");
}

TEST_CASE("script languages") {
  CHECK(call("python3", "-c text a") == "python text 1");
  CHECK(call("python3.11", "-W ignore -m pip install") == "python module 3");
  CHECK(call("python", "-u x.py -c y") == "python file 1");
  CHECK(call("python3", "") == "python input");
  CHECK(call("python3", "-") == "python input");
  CHECK(call("python3", "--version") == "none");
  CHECK(call("python3", "?") == "python file 0");
  CHECK(call("node", "-e text") == "javascript text 1");
  CHECK(call("node", "--eval=text") == "javascript text 0+7");
  CHECK(call("node", "-r x server.js") == "javascript file 2");
  CHECK(call("bun", "install") == "none");
  CHECK(call("perl", "-pi -e text f") == "perl text 2");
  CHECK(call("perl", "-pi.bak -e text f") == "perl text 2");
  CHECK(call("perl", "-ne text") == "perl text 1");
  CHECK(call("perl", "-MCPAN -e text") == "perl text 2");
  CHECK(call("ruby", "-rjson -e text") == "ruby text 2");
  CHECK(call("php", "-r text") == "php text 1");
  CHECK(call("php", "-d memory_limit=-1 x.phar") == "php file 2");
  CHECK(call("pwsh", "-NoProfile -Command text") == "powershell text 2");
  CHECK(call("powershell", "text") == "powershell text 0");
  CHECK(call("echo", "-c text") == "none");
}
