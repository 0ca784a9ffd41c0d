// Scripts in texts, functions, and what is known of the shell on the way.

#include <string>
#include <vector>

#include "analysis/shell/script.h"
#include "analysis/shell/source_text.h"
#include "analysis/syntax/tree.h"
#include "tests/catch.h"

using namespace bulkhead;
using namespace bulkhead::shell;

namespace {

using Lines = std::vector<std::string>;

Script parse_all(std::string_view text, ShellStart start = {}) {
  const Span all{0, static_cast<std::uint32_t>(text.size())};
  syntax::Parser parser;
  return parse(parser, text, std::span(&all, 1), start);
}

// Each command in a line: "?" if conditional, "'" in a text, its words.
Lines outline(const Script& script) {
  Lines lines;
  for (const Command& command : script.commands) {
    std::string line;
    if (command.conditional) line += "?";
    if (command.in_text) line += "'";
    for (const Word& word : command.words) line += word.display() + " ";
    if (!line.empty()) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

Lines outline(std::string_view text) {
  const Script script = parse_all(text);
  CHECK_FALSE(script.has_error);
  return outline(script);
}

// The commands inside of texts, and where they stand.
Lines inside(std::string_view text) {
  Lines lines;
  for (const Command& command : parse_all(text).commands) {
    if (!command.in_text) continue;
    lines.emplace_back(text.substr(command.span.begin, command.span.size()));
  }
  return lines;
}

// What is known of a word, "?" for what is not, "$name" for the environment's.
std::string value(const Word& word) {
  std::string text;
  for (const Piece& piece : word.pieces) {
    if (piece.kind == Piece::Kind::literal) {
      text += piece.text;
    } else if (piece.kind != Piece::Kind::variable || !piece.operation.empty()) {
      text += "?";
    } else {
      text += piece.assigned ? value(*piece.assigned) : "$" + piece.text;
    }
  }
  return text;
}

// The values of the words behind each `echo`.
Lines echoed(std::string_view text) {
  Lines lines;
  for (const Command& command : parse_all(text).commands) {
    if (command.words.size() < 2 || command.words[0].literal() != "echo") continue;
    lines.push_back(value(command.words[1]));
  }
  return lines;
}

// Where each `x` stands, as a chain of `cd`.
Lines folders(std::string_view text) {
  Lines lines;
  for (const Command& command : parse_all(text).commands) {
    if (command.words.empty() || command.words[0].literal() != "x") continue;
    std::string line;
    for (const Directory* at = command.directory.get(); at != nullptr; at = at->from.get()) {
      line = value(at->target) + (line.empty() ? "" : ">" + line);
    }
    lines.push_back(line);
  }
  return lines;
}

// "e" and "p" for errexit and pipefail where each `x` runs: lower case for no, "?" for unknown.
Lines options(std::string_view text, ShellStart start = {}) {
  Lines lines;
  for (const Command& command : parse_all(text, start).commands) {
    if (command.words.empty() || command.words[0].literal() != "x") continue;
    const auto letter = [](Certainty certainty, char c) {
      return certainty == Certainty::unknown ? '?' : certainty == Certainty::yes ? c : '-';
    };
    lines.push_back({letter(command.errexit, 'e'), letter(command.pipefail, 'p')});
  }
  return lines;
}

}  // namespace

// ---- Texts

TEST_CASE("the text that a shell is given is read behind it") {
  CHECK(outline("sh -c 'a && b'; c") == Lines{"sh -c a && b", "'a", "'b", "c"});
  CHECK(outline("bash -euxo pipefail -c \"a; b\"") ==
        Lines{"bash -euxo pipefail -c a; b", "'a", "'b"});
  CHECK(outline("sudo -u app env A=1 /bin/bash -lc 'a'").back() == "'a");
  CHECK(outline("su - app -c 'a b'").back() == "'a b");
  CHECK(outline("su --command='a b' app").back() == "'a b");
  CHECK(outline("gosu app sh -c a").back() == "'a");
  CHECK(outline("eval 'a; b'").back() == "'b");
  CHECK(outline("sh -c 'bash -c \"a b\"'") ==
        Lines{"sh -c bash -c \"a b\"", "'bash -c a b", "'a b"});
  CHECK(outline("sh -c '' && bash -c && sh") == Lines{"sh -c ", "bash -c", "sh"});
}

TEST_CASE("a text is as conditional as the command that runs it") {
  CHECK(outline("a || sh -c 'b && c'") == Lines{"a", "?sh -c b && c", "?'b", "?'c"});
  CHECK(outline("sh -c 'if a; then b; fi'") == Lines{"sh -c if a; then b; fi", "'a", "?'b"});
  CHECK(outline("if sh -c 'a'; then b; fi") == Lines{"sh -c a", "'a", "?b"});
}

TEST_CASE("what is given to no shell is text") {
  CHECK(outline("echo 'sh -c \"rm -rf /\"'").size() == 1);
  CHECK(outline("echo sh -c 'rm -rf /'").size() == 1);
  CHECK(outline("grep 'curl | sh' file").size() == 1);
  CHECK(outline("grep -c sh 'a; b'").size() == 1);
  CHECK(outline("printf '%s' 'apt-get install x' > install.sh").size() == 1);
  CHECK(outline("python3 -c 'import os; os.system(\"a\")'").size() == 1);
  CHECK(outline("sh script.sh -c 'a; b'").size() == 1);
  CHECK(outline("git commit -m 'bash -c a'").size() == 1);
  CHECK(outline("ssh host 'a; b'").size() == 1);
  CHECK(outline("command -v sh -c 'a'").size() == 1);
  CHECK(outline("sh -c \"$X\"") == Lines{"sh -c ${X}", "'${X}"});
}

TEST_CASE("where the commands of a text stand") {
  CHECK(inside("sh -c 'a b; c'") == Lines{"a b", "c"});
  CHECK(inside("sh -c \"a \\\"b c\\\"; d\"") == Lines{"a \\\"b c\\\"", "d"});
  CHECK(inside("sh -c a\\ b") == Lines{"a\\ b"});
  CHECK(inside("sh -c 'a '\"b\"'; c'") == Lines{"a '\"b", "c"});
  CHECK(inside("sh -c 'sh -c \"a b\"'") == Lines{"sh -c \"a b\"", "a b"});
  // Its bytes cannot be told apart.
  CHECK(inside("sh -c $'a\\tb; c'") == Lines{"a\\tb; c", "a\\tb; c"});
}

TEST_CASE("a text with variables is read as written, one with substitutions is not") {
  CHECK(outline("sh -c \"a $X ${Y:-z}; b\"") ==
        Lines{"sh -c a ${X} ${Y:-z}; b", "'a ${X} ${Y:-z}", "'b"});
  CHECK(outline("sh -c \"a $(b)\"") == Lines{"sh -c a $(b)", "b"});
  const Script script = parse_all("sh -c \"a $X\"");
  CHECK(script.uses.size() == 1);
}

TEST_CASE("variables in a text are those of another process") {
  CHECK(echoed("V=1; sh -c 'echo $V'") == Lines{"?"});
  CHECK(echoed("export V=1; sh -c 'echo $V'") == Lines{"1"});
  CHECK(echoed("V=1 sh -c 'echo $V'") == Lines{"1"});
  CHECK(echoed("sh -c 'V=1; echo $V'; echo $V") == Lines{"1", "$V"});
  CHECK(echoed("eval 'V=1'; echo $V") == Lines{"1"});
}

TEST_CASE("who a text runs as") {
  const auto users = [](std::string_view text) {
    Lines lines;
    for (const Command& command : parse_all(text).commands) {
      if (command.in_text) lines.push_back(command.user ? value(*command.user) : "same");
    }
    return lines;
  };
  CHECK(users("su app -c a") == Lines{"app"});
  CHECK(users("su $U -c a") == Lines{"?"});
  CHECK(users("su -c a") == Lines{"root"});
  CHECK(users("gosu web sh -c a") == Lines{"web"});
  CHECK(users("sh -c a") == Lines{"same"});
  CHECK(users("su app -c 'sh -c a'") == Lines{"app", "app"});
}

TEST_CASE("heredocs by who reads them") {
  CHECK(outline("bash <<EOF\na\nb $X\nEOF\nc") == Lines{"bash", "'a", "'b ${X}", "c"});
  CHECK(outline("sh -s x <<-'EOF'\n\ta\n\tEOF") == Lines{"sh -s x", "'a"});
  CHECK(outline("sudo bash -e <<EOF\na\nEOF") == Lines{"sudo bash -e", "'a"});
  CHECK(outline("su app <<EOF\na\nEOF") == Lines{"su app", "'a"});
  CHECK(outline("cat <<EOF > f\nrm -rf /\nEOF") == Lines{"cat"});
  CHECK(outline("tee f <<EOF\nrm -rf /\nEOF") == Lines{"tee f"});
  CHECK(outline("python3 <<EOF\nimport os\nif x: y\nEOF") == Lines{"python3"});
  CHECK(outline("bash script.sh <<EOF\na\nEOF") == Lines{"bash script.sh"});
  CHECK(outline("bash <<A && cat <<B\na\nA\nb\nB") == Lines{"bash", "'a", "cat"});
  CHECK(inside("bash <<EOF\na b\n  c \\$d\nEOF") == Lines{"a b", "c \\$d"});
  CHECK(outline("bash <<EOF\na $(b)\nEOF") == Lines{"bash", "b"});
}

TEST_CASE("the exec form") {
  const std::string source = R"(["bash", "-ec", "a \"b\" && c"])";
  SourceText bash, option, text;
  const auto add = [&](SourceText& to, std::uint32_t begin, std::uint32_t end) {
    const Span span{begin, end};
    to.append(SourceText(source, std::span(&span, 1)), {0, end - begin});
  };
  add(bash, 2, 6);
  add(option, 10, 13);
  add(text, 17, 19);
  text.append("\"", {19, 21});
  add(text, 21, 22);
  text.append("\"", {22, 24});
  add(text, 24, 29);
  const ExecWord words[] = {{{1, 7}, bash}, {{9, 14}, option}, {{16, 30}, text}};
  syntax::Parser parser;
  const Script script = parse_exec(parser, words);
  CHECK(outline(script) == Lines{"bash -ec a \"b\" && c", "'a b", "'c"});
  CHECK(script.commands[1].errexit == Certainty::yes);
  const Span span = script.commands[1].span;
  CHECK(source.substr(span.begin, span.size()) == R"(a \"b\")");
  CHECK(parse_exec(parser, {}).commands.empty());
}

TEST_CASE("faults and depth in texts") {
  CHECK(parse_all("sh -c 'if'").has_error);
  CHECK(outline(parse_all("a; sh -c 'b; if'; c"))[0] == "a");
  std::string deep = "a";
  for (int i = 0; i < 12; ++i) {
    std::string quoted;
    for (const char c : deep) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    deep = "sh -c \"" + quoted + "\"";
  }
  CHECK(outline(deep).size() == 13);
}

// ---- Functions

TEST_CASE("a call brings what the function does") {
  CHECK(outline("f() { a; b; }") == Lines{});
  CHECK(outline("f() { a; b; }; f; c") == Lines{"f", "a", "b", "c"});
  CHECK(outline("function f { a; }; x || f") == Lines{"x", "?f", "?a"});
  CHECK(outline("f() (a && b); f | c") == Lines{"f", "a", "b", "c"});
  CHECK(outline("f() { if a; then b; fi; }; f") == Lines{"f", "a", "?b"});
  CHECK(outline("f() { a; }; g() { f; }; g; f") == Lines{"g", "f", "a", "f", "a"});
  CHECK(outline("f; f() { a; }") == Lines{"f"});
}

TEST_CASE("functions that call themselves, and too many calls") {
  CHECK(outline("f() { a; f; }; f") == Lines{"f", "a", "f"});
  CHECK(outline("f() { g; }; g() { f; }; f") == Lines{"f", "g", "f"});
  std::string text = "f0() { a; }\n";
  for (int i = 1; i < 30; ++i) {
    const std::string inner = "f" + std::to_string(i - 1);
    text += "f" + std::to_string(i) + "() { " + inner + "; " + inner + "; }\n";
  }
  CHECK(parse_all(text + "f29").commands.size() < 100'000);
}

TEST_CASE("the words of a call are $1, $2, ...") {
  CHECK(echoed("f() { echo $1$2; }; f a b; f c; echo $1") == Lines{"ab", "c", "$1"});
  CHECK(echoed("f() { echo $1; g x; echo $1; }; g() { echo $1; }; f a") == Lines{"a", "x", "a"});
  CHECK(echoed("f() { V=$1; }; f a; echo $V") == Lines{"a"});
}

// ---- Variables

TEST_CASE("values that the script gives") {
  CHECK(echoed("V=1.2; echo x/$V") == Lines{"x/1.2"});
  CHECK(echoed("V=1 W=$V-$E; echo $W; V=2; echo $W$V") == Lines{"1-$E", "1-$E2"});
  CHECK(echoed("export V=1; readonly W=2; echo $V$W") == Lines{"12"});
  CHECK(echoed("V=a; V+=b; echo $V; P+=:/x; echo $P") == Lines{"ab", "$P:/x"});
  CHECK(echoed("echo $V; V=1; echo $V") == Lines{"$V", "1"});
  CHECK(echoed("V=1 echo $V; echo $V") == Lines{"$V", "$V"});
  CHECK(echoed("V=$(a); echo $V") == Lines{"?"});
  CHECK(echoed("{ V=1; }; echo $V") == Lines{"1"});
  CHECK(echoed("V=1 && echo $V") == Lines{"1"});
}

TEST_CASE("values that are not certain") {
  CHECK(echoed("V=1; if a; then V=2; echo $V; fi; echo $V") == Lines{"2", "?"});
  CHECK(echoed("V=1; if a; then V=2; else echo $V; fi") == Lines{"1"});
  CHECK(echoed("if a; then V=2; fi; echo $V") == Lines{"?"});
  CHECK(echoed("V=1; a || V=2; echo $V") == Lines{"?"});
  CHECK(echoed("V=1; [ -f x ] && V=2; echo $V") == Lines{"?"});
  CHECK(echoed("V=1; case x in a) V=2; echo $V;; b) echo $V;; esac; echo $V") ==
        Lines{"2", "1", "?"});
  CHECK(echoed("V=1; for i in a b; do echo $V$i; V=2; done; echo $V") == Lines{"??", "?"});
  CHECK(echoed("V=1; for i in a b; do echo $V; done; echo $V") == Lines{"1", "1"});
  CHECK(echoed("V=1; while read V; do echo $V; done") == Lines{"?"});
  CHECK(echoed("V=1; read V; echo $V; V=1; unset V; echo $V") == Lines{"?", "?"});
  CHECK(echoed("V=1; ((V++)); echo $V; : ${W:=1}; echo $W") == Lines{"?", "?"});
  CHECK(echoed("f() { V=2; }; V=1; for i in a; do echo $V; f; done") == Lines{"?"});
  CHECK(echoed("declare -i V=1; echo $V; V[1]=2; echo $V") == Lines{"?", "?"});
}

TEST_CASE("what another process changes is not changed here") {
  CHECK(echoed("V=1; (V=2; echo $V); echo $V") == Lines{"2", "1"});
  CHECK(echoed("V=1; V=2 | a; echo $V") == Lines{"1"});
  CHECK(echoed("V=1; a $(V=2; echo $V); echo $V") == Lines{"2", "1"});
}

TEST_CASE("values do not grow without bound") {
  std::string text = "A=xxxxxxxxxx; ";
  for (int i = 0; i < 60; ++i) text += "A=$A$A; ";
  const Lines doubled = echoed(text + "echo $A");
  REQUIRE(doubled.size() == 1);
  CHECK(doubled[0].size() < 5000);
  CHECK(doubled[0].find_first_not_of('?') == std::string::npos);
  std::string chain = "A0=x; ";
  for (int i = 1; i < 2000; ++i)
    chain += "A" + std::to_string(i) + "=$A" + std::to_string(i - 1) + "; ";
  CHECK(echoed(chain + "echo $A9").back() == "x");
  CHECK(echoed(chain + "echo $A1999").back() == "?");
}

// ---- Folder, umask, options

TEST_CASE("where a command runs") {
  CHECK(folders("x; cd /a && x; cd b; x; cd /c; x") == Lines{"", "/a", "/a>b", "/c"});
  CHECK(folders("cd $D/a && x") == Lines{"$D/a"});
  CHECK(folders("V=/a; cd $V; x") == Lines{"/a"});
  CHECK(folders("cd /a; cd b; cd -; x") == Lines{"/a"});
  CHECK(folders("pushd /a; x; pushd b; x; popd; x; popd; x; popd; x") ==
        Lines{"/a", "/a>b", "/a", "", "?"});
  CHECK(folders("(cd /a; x); x") == Lines{"/a", ""});
  CHECK(folders("cd; x") == Lines{"?"});
  CHECK(folders("cd ~/a; x") == Lines{"?/a"});
  CHECK(folders("cd /a | x; x") == Lines{"", ""});
  CHECK(folders("cd /a; sh -c 'x; cd /b; x'; x") == Lines{"/a", "/b", "/a"});
  CHECK(folders("f() { cd /a; }; f; x") == Lines{"/a"});
}

TEST_CASE("where a command perhaps runs") {
  CHECK(folders("if a; then cd /a; x; fi; x") == Lines{"/a", "?"});
  CHECK(folders("[ -d a ] && cd a; x") == Lines{"?"});
  CHECK(folders("cd /a || exit 1; x") == Lines{"/a"});
  CHECK(folders("cd /a || cd /b; x") == Lines{"?"});
  CHECK(folders("for i in a b; do x; cd $i; x; cd ..; done; x") == Lines{"?", "?>?", "?"});
  CHECK(folders("for i in a b; do cd /a; x; done") == Lines{"/a"});
  CHECK(folders("cd /a; for i in a b; do x; done") == Lines{"/a"});
}

TEST_CASE("options of the shell") {
  CHECK(options("x; set -e; x; set +e; x") == Lines{"--", "e-", "--"});
  CHECK(options("set -euxo pipefail; x") == Lines{"ep"});
  CHECK(options("set -o errexit -o pipefail; x; set +o pipefail; x") == Lines{"ep", "e-"});
  CHECK(options("x", {.errexit = true, .pipefail = true}) == Lines{"ep"});
  CHECK(options("set -e; bash -o pipefail -c 'x'; x") == Lines{"-p", "e-"});
  CHECK(options("if a; then set -e; fi; x") == Lines{"?-"});
  CHECK(options("set -o pipefail && x | x; x") == Lines{"-p", "-p", "-p"});
  CHECK(options("(set -e; x); x") == Lines{"e-", "--"});
  CHECK(options("set -- -e; x; set $A; x") == Lines{"--", "??"});
}

TEST_CASE("the umask in force") {
  const auto masks = [](std::string_view text) {
    Lines lines;
    for (const Command& command : parse_all(text).commands) {
      if (command.words[0].literal() == "x")
        lines.push_back(command.umask ? value(*command.umask) : "");
    }
    return lines;
  };
  CHECK(masks("x; umask 077; x; umask -S u=rwx; x") == Lines{"", "077", "u=rwx"});
  CHECK(masks("if a; then umask 0; fi; x; umask; x") == Lines{"?", "?"});
}
