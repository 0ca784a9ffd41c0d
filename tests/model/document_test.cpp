#include "analysis/model/document.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using namespace bulkhead;

namespace {

std::shared_ptr<const Document> read(std::string text) {
  return Document::create(std::move(text));
}

Instruction at(const Document& document, std::uint32_t index) {
  return document.instructions()[index];
}

std::string_view source(const Document& document, Span span) {
  return document.text().substr(span.begin, span.size());
}

std::vector<std::string> texts(const Instruction& instruction) {
  std::vector<std::string> found;
  for (const Word& word : instruction.words()) found.emplace_back(word.text());
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("instructions know their lines, their words and where these stand") {
  const auto document = read(
      "# syntax=docker/dockerfile:1\nFROM a AS b\n\ncopy --chown=x:y a \\\n  # why\n  b /c/\nUSER "
      "me \n");
  REQUIRE(document->instructions().size() == 3);
  CHECK(document->faults().empty());
  CHECK(document->directives().size() == 1);
  const Instruction copy = at(*document, 1);
  CHECK(copy.kind() == Keyword::copy);
  CHECK(copy.keyword().text() == "copy");
  CHECK(copy.first_line() == 3);
  CHECK(copy.last_line() == 5);
  CHECK(texts(copy) == Texts{"a", "b", "/c/"});
  CHECK(source(*document, copy.words()[1].span()) == "b");
  REQUIRE(copy.flag("chown"));
  CHECK(copy.flag("chown")->value()->text() == "x:y");
  CHECK(source(*document, copy.flag("chown")->value()->span()) == "x:y");
  CHECK(texts(at(*document, 2)) == Texts{"me"});
}

TEST_CASE("directives behind a shebang") {
  const auto names = [](const std::string& text) {
    Texts found;
    const auto document = read(text);
    for (const auto& directive : document->directives()) {
      found.push_back(directive.name);
      CHECK(text.substr(directive.value_span.begin, directive.value_span.size()) ==
            directive.value);
    }
    return found;
  };
  const std::string shebang = "#!/usr/bin/env -S docker build -f\n";
  CHECK(names(shebang + "# syntax=a/b\n# check=skip=all\nFROM a\n") == Texts{"syntax", "check"});
  CHECK(names("\xEF\xBB\xBF" + shebang + "#syntax = a/b \r\nFROM a\r\n") == Texts{"syntax"});
  CHECK(names(shebang + "# an image\n# syntax=a/b\nFROM a\n").empty());
  CHECK(names(shebang + "\n# syntax=a/b\nFROM a\n").empty());
  CHECK(names("# why\n" + shebang + "# syntax=a/b\nFROM a\n").empty());
  CHECK(names(shebang).empty());
  CHECK(names("#!").empty());
  // The escape character is looked for in the first lines alone.
  const auto document = read(shebang + "# escape=`\n# syntax=a/b\nFROM a\n");
  CHECK(document->escape() == '\\');
  REQUIRE(document->directives().size() == 1);
  CHECK(document->directives()[0].name == "syntax");
  CHECK(document->comments().size() == 2);
}

TEST_CASE("a word that is cut in two is one word") {
  const auto document = read("FROM al\\\npine:3\nENV NA\\\nME=va\\\nlue\n");
  const From from(at(*document, 0));
  CHECK(from.image().tag == "3");
  CHECK(source(*document, from.image_word()->span()) == "al\\\npine:3");
  CHECK(source(*document, from.image_word()->part(7, 1)) == "3");
  const Pair pair = at(*document, 1).pairs()[0];
  CHECK(pair.name().text() == "NAME");
  CHECK(pair.value()->text() == "value");
}

TEST_CASE("the JSON form is decoded, and only where it is one") {
  const auto document = read("FROM a\nCOPY [\"a b\", \"c\\u00e9\\n\", \"/d\"]\nCMD ['x']\n");
  CHECK(at(*document, 1).is_json());
  CHECK(texts(at(*document, 1)) == Texts{"a b", "c\xC3\xA9\n", "/d"});
  CHECK_FALSE(at(*document, 2).is_json());
}

TEST_CASE("variables have the value that counts at their line") {
  const auto document = read(
      "ARG V=1\nARG BASE=a:$V\nFROM $BASE AS base\nARG V\nENV E=$V\nARG E=arg\nARG UNSET\n"
      "FROM base\nENV E=2 F=$E\nLABEL x=\"$E-${F}\" y='$E' z=${UNSET:-d}${E:+w}${NONE}\n");
  CHECK(From(at(*document, 2)).image().tag == "1");
  const Instruction label = at(*document, 9);
  CHECK(label.pairs()[0].value()->value().text == "2-1");  // F saw the E of before
  CHECK(label.pairs()[1].value()->value().text == "$E");
  const Value mixed = label.pairs()[2].value()->value();
  CHECK(mixed.text == "dw${NONE}");
  CHECK_FALSE(mixed.known);
  CHECK(mixed.variables == Texts{"UNSET", "E", "NONE"});
  CHECK_FALSE(label.variable("UNSET")->known);
  CHECK_FALSE(label.variable("NONE"));
  CHECK(label.definition("E")->name().text() == "E");
}

TEST_CASE("stages know what they are built on and who uses them") {
  const auto document = read(
      "FROM golang:1 AS Build\nUSER dev\nFROM build AS test\nFROM scratch AS files\nFROM "
      "debian:13\n"
      "COPY --from=0 /a /b\nRUN --mount=type=bind,from=files,target=/f true\n");
  const auto stages = document->stages();
  REQUIRE(stages.size() == 4);
  CHECK(stages[1].parent()->index() == 0);
  CHECK(stages[1].base_image()->familiar_name() == "golang");
  CHECK_FALSE(stages[2].base_image());
  CHECK(stages[1].user().value.text == "dev");
  CHECK_FALSE(stages[0].is_shipped());
  CHECK(stages[1].is_shipped());  // nobody builds on it: it may be a target
  CHECK_FALSE(stages[2].is_shipped());
  CHECK(stages[3].is_shipped());
  CHECK(stages[0].is_delivered());  // as a part of the one built on it
  CHECK_FALSE(stages[2].is_delivered());
  CHECK(document->stage("BUILD")->index() == 0);
  CHECK(document->stage("3")->index() == 3);
  CHECK_FALSE(document->stage("4"));
  CHECK_FALSE(document->stage(""));
}

TEST_CASE("ONBUILD holds back an instruction that is read all the same") {
  const auto document = read("FROM a\nONBUILD USER root\nONBUILD RUN echo x\n");
  REQUIRE(document->instructions().size() == 5);
  const Instruction user = at(*document, 2);
  CHECK(user.is_trigger());
  CHECK(user.kind() == Keyword::user);
  CHECK(source(*document, user.words()[0].span()) == "root");
  CHECK_FALSE(document->stages()[0].user().set_by);
  CHECK(Run(at(*document, 4)).commands().size() == 1);
}

TEST_CASE("heredocs have a body, a delimiter and an end") {
  const auto document =
      read("FROM a\nRUN <<-\"EOF\" cat > /x\n\tone\n\tEOF\nCOPY <<A <<B /d/\na\nA\nb\nB\nUSER x\n");
  REQUIRE(document->instructions().size() == 4);
  const auto& run = at(*document, 1).data();
  REQUIRE(run.heredocs.size() == 1);
  CHECK(run.heredocs[0].delimiter == "EOF");
  CHECK(run.heredocs[0].strips_tabs);
  CHECK_FALSE(run.heredocs[0].expands);
  CHECK(source(*document, at(*document, 1).at(run.heredocs[0].body)) == "\tone\n");
  CHECK(at(*document, 1).last_line() == 3);
  const auto& copy = at(*document, 2).data();
  REQUIRE(copy.heredocs.size() == 2);
  CHECK(source(*document, at(*document, 2).at(copy.heredocs[1].body)) == "b\n");
  CHECK(at(*document, 3).first_line() == 9);
}

TEST_CASE("the shell of a RUN is what SHELL or the base image says") {
  const auto commands = [](const std::string& text) {
    const auto document = read(text);
    for (const Instruction& instruction : document->instructions()) {
      if (instruction.kind() == Keyword::run) return Run(instruction).commands().size();
    }
    return std::size_t{99};
  };
  CHECK(commands("FROM debian:13\nRUN a && b\n") == 2);
  CHECK(commands("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN a && b\n") == 0);
  CHECK(commands("FROM debian:13\nSHELL [\"pwsh\", \"-c\"]\nRUN a && b\n") == 0);
  CHECK(commands("FROM debian:13\nSHELL [\"/bin/bash\", \"-c\"]\nRUN a && b\n") == 2);
  CHECK(commands("FROM debian:13\nRUN [\"a\", \"&&\", \"b\"]\n") == 1);
  CHECK(commands("FROM debian:13\nRUN <<EOF\na\nb\nEOF\n") == 2);
  CHECK(commands("FROM debian:13\nRUN <<EOF\n#!/usr/bin/env python3\na\nEOF\n") == 0);
}

TEST_CASE("commands are known by name behind wrappers, with their variables resolved") {
  const auto document = read(
      "FROM a\nENV MODE=777 DIR=/srv\nRUN sudo -E -u root /bin/chmod $MODE \"$DIR/x\" && D=1 && rm "
      "$D $UNKNOWN\n");
  const auto commands = Run(at(*document, 2)).commands();
  REQUIRE(commands.size() == 3);
  CHECK(commands[0].name() == "chmod");
  CHECK(commands[0].arguments()[0].text() == "777");
  CHECK(commands[0].arguments()[1].text() == "/srv/x");
  CHECK(source(*document, commands[0].arguments()[0].span()) == "$MODE");
  CHECK(commands[2].arguments()[0].text() == "1");  // which the script gave it
  CHECK_FALSE(commands[2].arguments()[1].text());
}

TEST_CASE("broken files keep the instructions that can be read") {
  const std::vector<std::string> texts = {"",
                                          "\n",
                                          "FROM",
                                          "FROM a\nRUN <<EOF\nx\n",
                                          "FROM a\nENV\nUSER x\n",
                                          "\\\n",
                                          "\xff\xfe",
                                          "FROM a\nCOPY [\"a\nUSER x\n",
                                          std::string("FROM a\nRUN \0 x\n", 15),
                                          "ONBUILD ONBUILD\n"};
  for (const std::string& text : texts) {
    INFO(text);
    const auto document = read(text);
    for (const Instruction& instruction : document->instructions()) {
      CHECK(instruction.span().end <= text.size());
      for (const Word& word : instruction.words()) CHECK(word.span().end <= text.size());
    }
  }
  CHECK(at(*read("FROM a\nENV\nUSER x\n"), 2).kind() == Keyword::user);
}

TEST_CASE("a word that is missing is missed in its own instruction, however many lines follow") {
  const auto document = read("FROM a\n\\\n");
  const TextEdit edit{{8, 9}, ""};
  for (const auto& each : {document, document->edited(std::span(&edit, 1)), read("FROM a\n\\")})
    CHECK(at(*each, 1).keyword().span() == Span{8, 8});
}

TEST_CASE("an edit gives what a fresh reading gives") {
  const std::string text =
      "# escape=`\nFROM a AS b\nARG X=1\nRUN one `\n  two\nENV A=$X\nFROM b\nUSER $A\n";
  const auto document = read(text);
  for (std::uint32_t at = 0; at <= text.size(); at += 3) {
    for (const std::string typed : {"x", "\n", "FROM c\n", "\"", "<<EOF\n", "`"}) {
      const TextEdit edit{{at, at}, typed};
      const auto edited = document->edited(std::span(&edit, 1));
      std::string expected = text;
      expected.insert(at, typed);
      const auto fresh = read(expected);
      REQUIRE(edited->text() == expected);
      REQUIRE(edited->instructions().size() == fresh->instructions().size());
      for (std::uint32_t i = 0; i < fresh->instructions().size(); ++i) {
        CHECK(::at(*edited, i).span() == ::at(*fresh, i).span());
        CHECK(::at(*edited, i).first_line() == ::at(*fresh, i).first_line());
        CHECK(texts(::at(*edited, i)) == texts(::at(*fresh, i)));
      }
    }
  }
}
