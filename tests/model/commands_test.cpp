// The commands of instructions, and what is known of their words.

#include <memory>
#include <string>
#include <vector>

#include "analysis/facts/package_managers.h"
#include "analysis/model/document.h"
#include "analysis/shell/commands/package_managers.h"
#include "tests/catch.h"

using namespace bulkhead;

namespace {

using Texts = std::vector<std::string>;

std::shared_ptr<const Document> read(const std::string& text) {
  return Document::create(text);
}

Instruction last(const std::shared_ptr<const Document>& document) {
  return document->instructions().back();
}

// The name and the arguments of each command, "?" for what is not known.
Texts commands(const Instruction& instruction) {
  Texts lines;
  for (const Command& command : instruction.commands()) {
    std::string line = command.name();
    for (const auto& text : command.argument_texts()) line += " " + text.value_or("?");
    lines.push_back(line);
  }
  return lines;
}

Texts commands(const std::string& text) {
  const auto document = read(text);
  return commands(last(document));
}

// The commands' texts in the file.
Texts places(const std::string& text) {
  const auto document = read(text);
  Texts lines;
  for (const Command& command : last(document).commands())
    lines.push_back(text.substr(command.span().begin, command.span().size()));
  return lines;
}

bool is_opaque(const std::string& text) {
  return last(read(text)).script().opaque;
}

}  // namespace

TEST_CASE("CMD, ENTRYPOINT and HEALTHCHECK hold commands") {
  CHECK(commands("FROM a\nCMD a b && c") == Texts{"a b", "c"});
  CHECK(commands("FROM a\nENTRYPOINT [\"a\", \"b c\"]") == Texts{"a b c"});
  CHECK(commands("FROM a\nHEALTHCHECK --interval=5s CMD curl -f x || exit 1") ==
        Texts{"curl -f x", "exit 1"});
  CHECK(commands("FROM a\nHEALTHCHECK CMD [\"curl\", \"x\"]") == Texts{"curl x"});
  CHECK(commands("FROM a\nHEALTHCHECK NONE") == Texts{});
  CHECK(commands("FROM a\nCMD [\"sh\", \"-c\", \"exec a $B\"]") == Texts{"sh -c exec a $B", "a ?"});
  CHECK(commands("FROM a\nWORKDIR /a") == Texts{});
}

TEST_CASE("a script in the exec form, and where its commands stand") {
  CHECK(places("FROM a\nRUN [\"sh\", \"-c\", \"a \\\"b\\\" \\\n  && c\\td\"]") ==
        Texts{"\"sh\", \"-c\", \"a \\\"b\\\" \\\n  && c\\td\"", "a \\\"b\\\"", "c\\td"});
  CHECK(places("FROM a\nRUN sh -c 'a \\\n  b; c'") ==
        Texts{"sh -c 'a \\\n  b; c'", "a \\\n  b", "c"});
  CHECK(places("FROM a\nRUN [\"sh\", \"-c\", \"\\u0061 b\"]")[1] == "\\u0061 b");
}

TEST_CASE("values that the script gives to variables") {
  CHECK(commands("FROM a\nENV E=e\nRUN V=1.2 && curl x/$V/$E/$U") == Texts{"", "curl ?"});
  CHECK(commands("FROM a\nENV E=e\nRUN V=1.2-$E && curl x/$V") == Texts{"", "curl x/1.2-e"});
  CHECK(commands("FROM a\nENV V=0\nRUN a $V; V=1; a $V ${V%1}x ${V:-y}; V=$(b); a $V") ==
        Texts{"a 0", "", "a 1 x 1", "", "b", "a ?"});
  CHECK(commands("FROM a\nENV V=0\nRUN if a; then V=1; fi; b $V") == Texts{"a", "", "b ?"});
  CHECK(commands("FROM a\nENV W=0\nRUN V=1; a ${V:+$W}; W=2") == Texts{"", "a ?", ""});
}

TEST_CASE("a value is split into words where the shell does") {
  CHECK(commands("FROM a\nENV P=\"curl git\" O=\nRUN apt-get install $O $P \"$P\" x-$P") ==
        Texts{"apt-get install curl git curl git x-curl git"});
  const auto document = read("FROM a\nENV P=\"curl git\" O=\nRUN apt-get install $O $P \"$P\"");
  const auto arguments = last(document).commands()[0].arguments();
  REQUIRE(arguments.size() == 4);
  CHECK(arguments[1].text() == "curl");
  CHECK(arguments[2].text() == "git");
  CHECK(arguments[3].text() == "curl git");
  CHECK(arguments[1].span() == arguments[2].span());
  CHECK(commands("FROM a\nRUN f() { a $1; }; f 'b c'") == Texts{"f b c", "a b c"});
}

TEST_CASE("the folder of a command") {
  const auto folders = [](const std::string& text) {
    const auto document = read(text);
    Texts lines;
    for (const Command& command : last(document).commands()) {
      if (command.name() == "x") lines.push_back(command.directory().value_or("?"));
    }
    return lines;
  };
  CHECK(folders("FROM a\nENV D=/d\nRUN x; cd a && x && cd $D && x && cd b && x") ==
        Texts{"", "a", "/d", "/d/b"});
  CHECK(folders("FROM a\nRUN cd $U && x && cd /b && x") == Texts{"?", "/b"});
  CHECK(folders("FROM a\nENV D=/d\nRUN cd $U && cd $D && x") == Texts{"/d"});
}

TEST_CASE("how the shell of SHELL is started") {
  const auto first = [](const std::string& text) { return last(read(text)).script().commands[0]; };
  using shell::Certainty;
  CHECK(first("FROM a\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN a | b").pipefail ==
        Certainty::yes);
  CHECK(first("FROM a\nRUN a | b").pipefail == Certainty::no);
  CHECK(first("FROM a\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN a").errexit == Certainty::yes);
  CHECK(first("FROM a AS b\nSHELL [\"bash\", \"-o\", \"pipefail\", \"-c\"]\nFROM b\nRUN a")
            .pipefail == Certainty::yes);
  CHECK(first("FROM a AS b\nSHELL [\"bash\", \"-o\", \"pipefail\", \"-c\"]\nFROM a\nRUN a")
            .pipefail == Certainty::no);
  CHECK(first("FROM a\nRUN <<EOF\n#!/bin/bash -e\na\nEOF").errexit == Certainty::yes);
  // By something in front of it.
  CHECK(first("FROM a\nSHELL [\"conda\", \"run\", \"-n\", \"x\", \"/bin/bash\", \"-ec\"]\nRUN a")
            .errexit == Certainty::yes);
  CHECK(first("FROM a\nSHELL [\"tini\", \"--\", \"bash\", \"-c\"]\nRUN a").errexit ==
        Certainty::no);
}

TEST_CASE("an edit of SHELL changes how a RUN is read") {
  const std::string text = "FROM a\nSHELL [\"bash\", \"-c\"]\nRUN a | b";
  const auto before = read(text);
  const auto at = static_cast<std::uint32_t>(text.find("-c"));
  const TextEdit real{{at, at}, "-eo\", \"pipefail\", \""};
  CHECK(last(before->edited(std::span(&real, 1))).script().commands[0].pipefail ==
        shell::Certainty::yes);
  const auto bash = static_cast<std::uint32_t>(text.find("bash"));
  const TextEdit other{{bash, bash + 4}, "pwsh"};
  CHECK(last(before->edited(std::span(&other, 1))).script().opaque);
}

TEST_CASE("the language of a RUN") {
  CHECK_FALSE(is_opaque("FROM debian\nRUN a"));
  CHECK_FALSE(is_opaque("FROM a\nSHELL [\"/bin/zsh\", \"-c\"]\nRUN a"));
  CHECK(is_opaque("FROM a\nSHELL [\"powershell\", \"-Command\"]\nRUN a"));
  CHECK(is_opaque("FROM a\nSHELL [\"cmd\", \"/S\", \"/C\"]\nRUN a"));
  CHECK(is_opaque("FROM a\nSHELL [\"/usr/bin/python3\", \"-c\"]\nRUN a"));
  CHECK(is_opaque("FROM a\nSHELL [\"/usr/bin/env\", \"python3\", \"-c\"]\nRUN a"));
  CHECK(is_opaque("FROM a\nSHELL [\"conda\", \"run\", \"-n\", \"sh\", \"python3\"]\nRUN a"));
  CHECK_FALSE(is_opaque("FROM a\nSHELL [\"/usr/bin/env\", \"bash\", \"-c\"]\nRUN a"));
  CHECK(is_opaque("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF"));
  CHECK_FALSE(is_opaque("FROM a\nRUN <<EOF\n#!/usr/bin/env bash\nls\nEOF"));
  CHECK_FALSE(is_opaque("FROM a\nSHELL [\"pwsh\", \"-c\"]\nFROM a\nRUN a"));
  CHECK(is_opaque("FROM a AS b\nSHELL [\"pwsh\", \"-c\"]\nFROM b\nRUN a"));
  // The exec form needs no shell.
  CHECK_FALSE(is_opaque("FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN [\"a\"]"));
}

TEST_CASE("the language of Windows images") {
  CHECK(is_opaque("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN a"));
  CHECK(is_opaque("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN a"));
  CHECK(is_opaque("FROM mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-ltsc2022\nRUN a"));
  CHECK(is_opaque("FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\nRUN a"));
  CHECK(is_opaque("FROM golang:1.22-windowsservercore\nRUN a"));
  CHECK(is_opaque("FROM --platform=windows/amd64 a\nRUN a"));
  CHECK_FALSE(is_opaque(
      "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nSHELL [\"sh\", \"-c\"]\nRUN a"));
  // The escape character alone does not say so where the image is known.
  CHECK_FALSE(is_opaque("# escape=`\nFROM debian:12\nRUN a"));
  CHECK_FALSE(is_opaque("# escape=`\nFROM --platform=linux/amd64 some/image\nRUN a"));
  CHECK(is_opaque("# escape=`\nFROM some/image\nRUN a"));
  CHECK(is_opaque("# escape=`\nARG B\nFROM $B\nRUN a"));
}

TEST_CASE("every package manager that is read is in the facts") {
  for (const shell::PackageManager& manager : shell::package_managers()) {
    INFO(std::string(manager.name));
    CHECK(facts::package_manager(manager.name) != nullptr);
  }
}
