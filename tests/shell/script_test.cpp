#include "analysis/shell/script.h"

#include <string>
#include <vector>

#include "analysis/syntax/tree.h"
#include "tests/catch.h"

using namespace bulkhead;
using namespace bulkhead::shell;

namespace {

Script parse_all(std::string_view text) {
  const Span all{0, static_cast<std::uint32_t>(text.size())};
  syntax::Parser parser;
  return parse(parser, text, std::span(&all, 1));
}

std::string_view at(std::string_view text, Span span) {
  return text.substr(span.begin, span.size());
}

// Each command in a line: how it is joined, "?" if conditional, "$" in a substitution, its words.
std::vector<std::string> outline(const Script& script) {
  std::vector<std::string> lines;
  for (const Command& command : script.commands) {
    constexpr const char* links[] = {"", "; ", "&& ", "|| ", "| "};
    std::string line = links[static_cast<int>(command.link)];
    if (command.conditional) line += "?";
    if (command.in_substitution) line += "$";
    for (const Assignment& assignment : command.assignments) {
      line += assignment.name + (assignment.append ? "+=" : "=") + assignment.value.display() + " ";
    }
    for (const Word& word : command.words) line += word.display() + " ";
    for (const Redirection& redirection : command.redirections) {
      constexpr const char* kinds[] = {"<", ">", ">>", "<<", "<<<", "&"};
      line += std::to_string(redirection.descriptor) + kinds[static_cast<int>(redirection.kind)] +
              redirection.target.display() + " ";
    }
    line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

Lines outline(std::string_view text) {
  const Script script = parse_all(text);
  CHECK_FALSE(script.has_error);
  return outline(script);
}

// The first word behind `echo`.
Word word(std::string_view text) {
  const Script script = parse_all("echo " + std::string(text));
  CHECK_FALSE(script.has_error);
  REQUIRE(script.commands.size() >= 1);
  REQUIRE(script.commands[0].words.size() >= 2);
  return script.commands[0].words[1];
}

// The pieces of a word: a letter for the kind, "q" if it is quoted, the text, the operation.
Lines pieces(const Word& word) {
  Lines all;
  for (const Piece& piece : word.pieces) {
    constexpr const char* kinds[] = {"literal", "variable", "substitution", "glob"};
    all.push_back(std::string(kinds[static_cast<int>(piece.kind)]) +
                  (piece.quoted ? " quoted " : " ") + piece.text +
                  (piece.operation.empty() ? "" : " " + piece.operation));
  }
  return all;
}

Lines names(const std::vector<VariableUse>& uses) {
  Lines all;
  for (const VariableUse& use : uses) all.push_back(use.name);
  return all;
}

}  // namespace

// ---- Commands and what joins them

TEST_CASE("links between commands") {
  CHECK(outline("a b; c && d || e | f & g") ==
        Lines{"a b", "; c", "&& ?d", "|| ?e", "| ?f", "; g"});
  CHECK(outline("a\nb") == Lines{"a", "; b"});
  CHECK(outline("") == Lines{});
  CHECK(outline("a # b && c") == Lines{"a"});
}

TEST_CASE("what is behind && runs whenever the script succeeds, unless a later || forgives") {
  CHECK(outline("a && b && c") == Lines{"a", "&& b", "&& c"});
  CHECK(outline("a || b && c") == Lines{"a", "|| ?b", "&& c"});
  CHECK(outline("a && b || c && d") == Lines{"a", "&& ?b", "|| ?c", "&& d"});
  CHECK(outline("a && (b && c || true) && d") == Lines{"a", "&& b", "&& ?c", "|| ?true", "&& d"});
  CHECK(outline("{ a; b && c; } || d") == Lines{"a", "; b", "&& ?c", "|| ?d"});
}

TEST_CASE("a question makes what follows && conditional unless the script ends there") {
  CHECK(outline("[ -f x ] && a; b") == Lines{"[ -f x ]", "&& ?a", "; b"});
  CHECK(outline("[ -f x ] && a && b; c") == Lines{"[ -f x ]", "&& ?a", "&& ?b", "; c"});
  CHECK(outline("grep -q x y && a; b") == Lines{"grep -q x y", "&& ?a", "; b"});
  CHECK(outline("! x && a; b") == Lines{"x", "&& ?a", "; b"});
  CHECK(outline("b; [ -f x ] && a") == Lines{"b", "; [ -f x ]", "&& a"});
  CHECK(outline("apt-get update && a; b") == Lines{"apt-get update", "&& a", "; b"});
}

TEST_CASE("branches, loops and cases are conditional") {
  CHECK(outline("if a && b; then c; elif d; then e; else f; fi; g") ==
        Lines{"a", "&& ?b", "?c", "?d", "; ?e", "?f", "; g"});
  CHECK(outline("for i in x y; do a $i; b; done") == Lines{"?a ${i}", "; ?b"});
  CHECK(outline("for ((i=0; i<3; i++)); do a; done") == Lines{"?a"});
  CHECK(outline("while a; do b; done") == Lines{"?a", "; ?b"});
  CHECK(outline("case x in y) a; b ;; *) c && d;; esac") == Lines{"?a", "; ?b", "?c", "&& ?d"});
}

TEST_CASE("groups are read through") {
  CHECK(outline("(a; b) && { c; d; }") == Lines{"a", "; b", "&& c", "; d"});
  CHECK(outline("a || { b; c; }; d") == Lines{"a", "|| ?b", "; ?c", "; d"});
  CHECK(outline("! { a; }") == Lines{"a"});
}

TEST_CASE("commands of a pipe share a number") {
  const auto numbers = [](std::string_view text) {
    std::vector<std::uint32_t> all;
    for (const Command& command : parse_all(text).commands) all.push_back(command.pipeline);
    return all;
  };
  using Numbers = std::vector<std::uint32_t>;
  CHECK(numbers("a; b | c; d") == Numbers{0, 1, 1, 2});
  CHECK(numbers("a | (b; c | d) |& e; f") == Numbers{0, 0, 0, 0, 0, 1});
  CHECK(numbers("a | b $(c) | d") == Numbers{0, 0, 1, 0});
}

TEST_CASE("substitutions are read behind the command they stand in") {
  CHECK(outline("a $(b \"$(c)\") `d` <(e | f)") ==
        Lines{"a $(b \"$(c)\") `d` <(e | f)", "$b $(c)", "$c", "$d", "$e", "| $f"});
  CHECK(outline("x=$(a && b) c") == Lines{"x=$(a && b) c", "$a", "&& ?$b"});
  CHECK(outline("x=$(a && b)") == Lines{"x=$(a && b)", "$a", "&& $b"});
  CHECK(outline("a ${b:-$(c)} $((1 + $(d)))") == Lines{"a ${b:-$(c)} $((1 + $(d)))", "$c", "$d"});
  CHECK(outline("if a $(b); then c $(d); fi") == Lines{"a $(b)", "$b", "?c $(d)", "?$d"});
  CHECK(outline("for i in $(a); do b; done") == Lines{"$a", "?b"});
  CHECK(outline("case $(a) in $(b)) c;; esac") == Lines{"$a", "?$b", "?c"});
  CHECK(outline("x=$(< f)") == Lines{"x=$(< f)", "$-1<f"});
}

TEST_CASE("what is quoted is never taken for a command") {
  CHECK(outline("echo 'rm -rf / && b; $(c)'") == Lines{"echo rm -rf / && b; $(c)"});
  CHECK(outline("echo \"a && b; c | d \\$(e) \\`f\\`\"") == Lines{"echo a && b; c | d $(e) `f`"});
  CHECK(outline("echo $'it\\'s; a'") == Lines{"echo it's; a"});
  CHECK(outline("echo a\\;b \\&\\& c \\| d") == Lines{"echo a;b && c | d"});
  CHECK(outline("cat <<'X'\nrm $(a)\nX\nb") == Lines{"cat -1<<rm $(a)\n", "; b"});
  CHECK(outline("find . -exec rm {} \\; -print") == Lines{"find . -exec rm {} ; -print"});
}

TEST_CASE("the words of a test") {
  CHECK(outline("[ -f \"$x\" -a ! -d b ]") == Lines{"[ -f ${x} -a ! -d b ]"});
  CHECK(outline("[[ $x =~ ^a && ( -f b || c == d ) ]]") ==
        Lines{"[[ ${x} =~ ^a && ( -f b || c == d ) ]]"});
  CHECK(outline("test -f a") == Lines{"test -f a"});
}

// ---- Assignments and redirections

TEST_CASE("assignments") {
  CHECK(outline("A=1 B=\"$c\" d") == Lines{"A=1 B=${c} d"});
  CHECK(outline("A=1 B=2; C+=3 D=") == Lines{"A=1 B=2", "; C+=3 D="});
  CHECK(outline("export A=1 B=\"$c\" d") == Lines{"export A=1 B=${c} d"});
  CHECK(outline("a=(1 2) b[1]=c") == Lines{"a=(1 2) b=c"});
  CHECK(outline("env A=1 b") == Lines{"env A=1 b"});
  const Script script = parse_all("A= b");
  CHECK(script.commands.at(0).assignments.at(0).value.pieces.empty());
  const Script quoted = parse_all("A=\"\" b");
  CHECK(quoted.commands.at(0).assignments.at(0).value.pieces.size() == 1);
  CHECK(quoted.commands.at(0).assignments.at(0).value.literal() == "");
}

TEST_CASE("names that get a value") {
  CHECK(parse_all("A=1; export B C=2; D=3 x; local e; readonly F=1; unset G; H[1]=2; I+=3")
            .assigned == Lines{"A", "B", "C", "D", "F", "G", "H", "I", "e"});
  CHECK(
      parse_all("read -r a b; for c in x; do :; done; : ${d:=1} ${e:-2}; getopts ab: f").assigned ==
      Lines{"a", "b", "c", "d", "f"});
  CHECK(parse_all("echo A=1 --b=2; env C=1 d").assigned == Lines{});
}

TEST_CASE("redirections") {
  CHECK(outline("a > b") == Lines{"a -1>b"});
  CHECK(outline("a >> b 2> c < d >| e") == Lines{"a -1>>b 2>c -1<d -1>e"});
  CHECK(outline("a &> b; c &>> d; e >& f") == Lines{"a -2>b", "; c -2>>d", "; e -2>f"});
  CHECK(outline("a > b 2>&1") == Lines{"a -1>b 2&1"});
  CHECK(outline("a >&- 2>&-") == Lines{"a -1&- 2&-"});
  CHECK(outline("> a") == Lines{"-1>a"});
  CHECK(outline("2>/dev/null a b") == Lines{"a b 2>/dev/null"});
  CHECK(outline("cat <<< \"a b\" > c") == Lines{"cat -1<<<a b -1>c"});
}

TEST_CASE("words behind the target of a redirection are the command's") {
  CHECK(outline("echo > a b c > d e") == Lines{"echo b c e -1>a -1>d"});
  CHECK(outline("> a echo b") == Lines{"echo b -1>a"});
}

TEST_CASE("a redirection behind a list is the last command's") {
  CHECK(outline("a && b > c") == Lines{"a", "&& b -1>c"});
  CHECK(outline("a | b > c") == Lines{"a", "| b -1>c"});
  CHECK(outline("a && b > c | d && e") == Lines{"a", "&& b -1>c", "| d", "&& e"});
}

TEST_CASE("a redirection behind a group is that of all in it") {
  CHECK(outline("{ a; b > c; } >> d") == Lines{"a -1>>d", "; b -1>>d -1>c"});
  CHECK(outline("(a; (b) > c) > d; e") == Lines{"a -1>d", "; b -1>d -1>c", "; e"});
  CHECK(outline("if a; then b; fi 2>&1") == Lines{"a 2&1", "?b 2&1"});
  CHECK(outline("while read x; do b; done < c") == Lines{"?read x -1<c", "; ?b -1<c"});
  CHECK(parse_all("{ a; } > b").commands.at(0).span == Span{2, 3});
}

// ---- Heredocs

TEST_CASE("heredocs") {
  CHECK(outline("cat <<X\n  a $b \\$c \"\\d\"\n\ne\nX\nf") ==
        Lines{"cat -1<<  a ${b} $c \"\\d\"\n\ne\n", "; f"});
  CHECK(outline("cat <<'X'\n\n  a $b \\$c\nX\n") == Lines{"cat -1<<\n  a $b \\$c\n"});
  CHECK(outline("cat <<-X\n\ta\n\t\tb$c\n\t\tX\nd") == Lines{"cat -1<<a\nb${c}\n", "; d"});
  CHECK(outline("cat <<-\"X\"\n\ta\\\n\tb\n\tX\nd") == Lines{"cat -1<<a\\\nb\n", "; d"});
  CHECK(outline("cat <<X\nX\nd") == Lines{"cat -1<<", "; d"});
}

TEST_CASE("what follows a heredoc on its line") {
  CHECK(outline("cat <<X | c && d\ne\nX\nf") == Lines{"cat -1<<e\n", "| c", "&& d", "; f"});
  CHECK(outline("cat <<X > a b && d\ne\nX\nf") == Lines{"cat b -1<<e\n -1>a", "&& d", "; f"});
  CHECK(outline("cat <<X > a b | c && d\ne\nX\nf") ==
        Lines{"cat b -1<<e\n -1>a", "| c", "&& d", "; f"});
  CHECK(outline("a && cat > b <<X\nc\nX") == Lines{"a", "&& cat -1>b -1<<c\n"});
}

TEST_CASE("several heredocs on a line, and one in front of the command") {
  CHECK(outline("cat <<A x 3<<'B' && c\na\nA\n$b\nB\nd") ==
        Lines{"cat x -1<<a\n 3<<$b\n", "&& c", "; d"});
  CHECK(outline("a <<X; b <<Y\n1\nX\n2\nY\nc") == Lines{"a -1<<1\n", "; b -1<<2\n", "; c"});
  CHECK(outline("<<X cat -e\na\nX\n") == Lines{"cat -e -1<<a\n"});
  CHECK(outline("<< 'a b' cat\nX\na b\nc") == Lines{"cat -1<<X\n", "; c"});
}

TEST_CASE("heredocs in substitutions, in strings, and in heredocs") {
  CHECK(outline("a \"$(cat <<X\nb \" c\nX\n)\" d") ==
        Lines{"a $(cat <X\n) d", "$cat -1<<b \" c\n"});
  CHECK(outline("cat <<X\n$(cat <<Y\n$b\nY\n)\nX\nc") ==
        Lines{"cat -1<<$(cat <Y\n)\n", "$cat -1<<${b}\n", "; c"});
}

TEST_CASE("what looks like a heredoc") {
  CHECK(outline("a <<< b; c $((1<<2)) $((x << y)); ((i<<=1)); d \"<<X\" '<<Y' \\<<Z # <<W\ne\nZ\nf")
            .size() == 6);
  CHECK(outline("a \"<<X\" '<<Y' # <<Z\nb") == Lines{"a <<X <<Y", "; b"});
  CHECK(outline("a ${b#<<X}\nc") == Lines{"a ${b#<<X}", "; c"});
}

TEST_CASE("what is text in a heredoc, though it is syntax elsewhere") {
  CHECK(outline("cat <<X\n\"a' $ 5$ \\\" # b; (c\nX\nd") ==
        Lines{"cat -1<<\"a' $ 5$ \\\" # b; (c\n", "; d"});
  CHECK(outline("cat <<X\n\"$a\" '$b' `c \"d\"`\nX\n") ==
        Lines{"cat -1<<\"${a}\" '${b}' `c \"d\"`\n", "$c d"});
}

TEST_CASE("a heredoc without its end reaches to the end of the text") {
  CHECK(outline("cat <<X\na\nb") == Lines{"cat -1<<a\nb"});
  CHECK(outline("cat <<X") == Lines{"cat -1<<"});
}

TEST_CASE("substitutions and variables in a heredoc count, unless its mark is quoted") {
  const Script script = parse_all("cat <<X > $f\n$a $(b ${c})\nX\n");
  CHECK(outline(script) == Lines{"cat -1<<${a} $(b ${c})\n -1>${f}", "$b ${c}"});
  CHECK(names(script.uses) == Lines{"f", "a", "c"});
  CHECK(parse_all("cat <<'X'\n$a $(b ${c})\nX\n").uses.empty());
}

// ---- Words

TEST_CASE("quotes and escapes are taken away") {
  CHECK(word("'a'\"b\"c\\ d$'\\x41\\101\\n\\u00e9'").literal() == "abc dAA\n\xc3\xa9");
  CHECK(word("\"a \\\"b\\\" \\$c \\d 'e'\"").literal() == "a \"b\" $c \\d 'e'");
  CHECK(word("\"  a  \"").literal() == "  a  ");
  CHECK(word("'a\\b'").literal() == "a\\b");
  CHECK(word("\"\"").literal() == "");
  CHECK(word("$\"a\"").literal() == "a");
  CHECK(word("--opt=a").literal() == "--opt=a");
  CHECK(word("007").literal() == "007");
  CHECK(pieces(word("a'b'\"c\"")) == Lines{"literal a", "literal quoted b", "literal quoted c"});
}

TEST_CASE("what depends on the run is not literal") {
  CHECK(word("a$b").literal() == std::nullopt);
  CHECK(word("\"$(b)\"").literal() == std::nullopt);
  CHECK(word("*.c").literal() == std::nullopt);
  CHECK(word("'*.c'").literal() == "*.c");
  CHECK(word("\"*\"").literal() == "*");
  CHECK(word("\\*").literal() == "*");
}

TEST_CASE("pieces of a word") {
  CHECK(pieces(word("a$b\"c ${d:-e f} \"g")) ==
        Lines{"literal a", "variable b", "literal quoted c ", "variable quoted d :-e f",
              "literal quoted  ", "literal g"});
  CHECK(pieces(word("\" $a b\"")) ==
        Lines{"literal quoted  ", "variable quoted a", "literal quoted  b"});
  CHECK(pieces(word("$1${@}$?")) == Lines{"variable 1", "variable @", "variable ?"});
  CHECK(pieces(word("${a#b}${c[1]}")) == Lines{"variable a #b", "variable c [1]"});
  CHECK(pieces(word("${#a}${!b}")) == Lines{"substitution ${#a}", "substitution ${!b}"});
  CHECK(pieces(word("$(a)`b`$((c))")) ==
        Lines{"substitution $(a)", "substitution `b`", "substitution $((c))"});
}

TEST_CASE("globs") {
  CHECK(pieces(word("a/*.[ch]?")) == Lines{"literal a/", "glob *", "literal .", "glob [ch]?"});
  CHECK(pieces(word("{a,b}/{1..3}")) == Lines{"glob {a,b}", "literal /", "glob {1..3}"});
  CHECK(pieces(word("~/a")) == Lines{"glob ~", "literal /a"});
  CHECK(pieces(word("~root/a")) == Lines{"glob ~root", "literal /a"});
  // Near misses.
  CHECK(pieces(word("{}")) == Lines{"literal {}"});
  CHECK(pieces(word("{a}")) == Lines{"literal {a}"});
  CHECK(pieces(word("[a")) == Lines{"literal [a"});
  CHECK(pieces(word("a~b")) == Lines{"literal a~b"});
  CHECK(pieces(word("\"~\"/a")) == Lines{"literal quoted ~", "literal /a"});
  const Script script = parse_all("A=*{a,b} B=~/c");
  CHECK(pieces(script.commands.at(0).assignments.at(0).value) == Lines{"literal *{a,b}"});
  CHECK(pieces(script.commands.at(0).assignments.at(1).value) == Lines{"glob ~", "literal /c"});
}

TEST_CASE("where pieces stand") {
  const std::string text = "echo a\"b $c\"'d'";
  const Word word = parse_all(text).commands.at(0).words.at(1);
  CHECK(at(text, word.span) == "a\"b $c\"'d'");
  Lines texts;
  for (const Piece& piece : word.pieces) texts.emplace_back(at(text, piece.span));
  CHECK(texts == Lines{"a", "b ", "$c", "d"});
}

TEST_CASE("where commands, assignments and redirections stand") {
  const std::string text = "x; A=1 b c 2> d <<X && e\nf\nX\n";
  const Script script = parse_all(text);
  const Command& command = script.commands.at(1);
  CHECK(at(text, command.span) == "A=1 b c 2> d <<X");
  CHECK(at(text, command.assignments.at(0).span) == "A=1");
  CHECK(at(text, command.redirections.at(0).span) == "2> d");
  CHECK(at(text, command.redirections.at(1).span) == "<<X");
  CHECK(at(text, command.redirections.at(1).target.span) == "f\n");
  CHECK(at(text, script.commands.at(2).span) == "e");
}

// ---- Variables

TEST_CASE("uses of variables, wherever they stand") {
  const std::string text =
      "a=$b c \"$d\" ${e:-$f} $((g + $h)) $(i $j) > $k; if [ $l ]; then m; fi; case $n in $o) ;; "
      "esac; "
      "for p in $q; do r; done; export s=$t; ${u%$v} ${w#\"$x\"} ((y++))";
  const Script script = parse_all(text);
  CHECK(names(script.uses) ==
        Lines{"b", "d", "e", "f", "g", "h", "j", "k", "l", "n", "o", "q", "t", "u", "v", "w", "x"});
}

TEST_CASE("uses tell where and how") {
  const std::string text = "echo \" ${a:-b}\" $((c))";
  const Script script = parse_all(text);
  REQUIRE(script.uses.size() == 2);
  CHECK(at(text, script.uses[0].span) == "${a:-b}");
  CHECK(script.uses[0].operation == ":-b");
  CHECK(at(text, script.uses[1].span) == "c");
}

TEST_CASE("no uses: quoted or escaped dollars") {
  CHECK(parse_all("echo '$a' \\$b \"\\$c\" $ $'$d' a$").uses.empty());
}

// ---- Ranges

TEST_CASE("gaps between ranges are no part of any word") {
  const std::string source = "apt-get in\\\n  # why\nstall \\\n  cu\\\nrl";
  std::vector<Span> ranges;
  for (std::size_t at = 0; const std::string_view part : {"apt-get in", "stall ", "  cu", "rl"}) {
    const auto begin = static_cast<std::uint32_t>(source.find(part, at));
    ranges.push_back({begin, begin + static_cast<std::uint32_t>(part.size())});
    at = ranges.back().end;
  }
  syntax::Parser parser;
  const Script script = parse(parser, source, ranges);
  CHECK_FALSE(script.has_error);
  CHECK(outline(script) == Lines{"apt-get install curl"});
  const Command& command = script.commands.at(0);
  CHECK(at(source, command.span) == source);
  CHECK(at(source, command.words.at(1).span) == "in\\\n  # why\nstall");
  CHECK(at(source, command.words.at(2).span) == "cu\\\nrl");
}

TEST_CASE("a word ends in front of a gap and begins behind it") {
  const std::string source = "a\\\n;b";
  const Span ranges[] = {{0, 1}, {3, 5}};
  syntax::Parser parser;
  const Script script = parse(parser, source, ranges);
  REQUIRE(script.commands.size() == 2);
  CHECK(script.commands[0].span == Span{0, 1});
  CHECK(script.commands[1].span == Span{4, 5});
}

TEST_CASE("ranges that make no sense are left out") {
  const Span ranges[] = {{0, 2}, {1, 4}, {9, 12}};
  syntax::Parser parser;
  CHECK(outline(parse(parser, "ab c", ranges)) == Lines{"ab"});
  CHECK(parse(parser, "ab", {}).commands.empty());
}

TEST_CASE("a backslash before a line end inside the text joins as well") {
  CHECK(outline("echo a\\\nb \"c\\\nd\" \\\n e") == Lines{"echo ab cd e"});
}

// ---- Faults

TEST_CASE("faults are told, and the rest is still there") {
  const Script script = parse_all("a && && b; c");
  CHECK(script.has_error);
  CHECK(outline(script) == Lines{"a", "&& b", "; c"});
  CHECK(parse_all("echo \"a").has_error);
  CHECK(parse_all("if a; then b").has_error);
  CHECK(parse_all("a )").has_error);
  CHECK_FALSE(parse_all("a; b &").has_error);
}

TEST_CASE("what cannot be read is not certain") {
  for (const Command& command : parse_all("if a then b").commands) CHECK(command.conditional);
}

TEST_CASE("depth has a bound, and what is too deep is told") {
  std::string text = "a";
  for (int i = 0; i < 5000; ++i) text = "echo $(" + text + ")";
  const Script script = parse_all(text);
  CHECK(script.has_error);
  CHECK(script.commands.size() >= 100);
}

TEST_CASE("any bytes are read without a fault of ours") {
  std::uint32_t state = 1;
  const std::string_view parts[] = {
      "a",  " ",    ";",     "&&",    "|",  "(",   ")", "{", "}",   "$(", "`",     "\"",
      "'",  "\n",   "<<X",   "\nX\n", "$x", "${",  "<", ">", "if ", "fi", "then ", "\\",
      "\0", "\xff", "case ", " in ",  ";;", "[[ ", "!", "=", "#",   "~",  "[",     "*"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int j = 0; j < 20; ++j) {
      state = state * 1664525 + 1013904223;
      text += parts[(state >> 8) % std::size(parts)];
    }
    INFO(text);
    const Script script = parse_all(text);
    for (const Command& command : script.commands) {
      CHECK(command.span.begin <= command.span.end);
      CHECK(command.span.end <= text.size());
      for (const Word& word : command.words) CHECK(command.span.covers(word.span));
    }
    for (const VariableUse& use : script.uses)
      CHECK(at(text, use.span).find(use.name) != std::string::npos);
  }
}
