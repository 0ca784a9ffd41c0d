// A document that edits led to is the one that is read from its text.

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/model/effects.h"
#include "tests/catch.h"
#include "tests/seed.h"

using namespace bulkhead;

namespace {

// What reaches beyond its own line: heredocs with and without an end, continuations, comments and blank
// lines inside of them, directives, stages and variables that others use.
const std::vector<std::string> pieces = {
    "FROM debian:13 AS base\n",
    "FROM base AS build\n",
    "FROM mcr.microsoft.com/windows/servercore:ltsc2025\n",
    "FROM --platform=windows/amd64 a AS win\n",
    "ARG VERSION=1\n",
    "ENV VERSION=$VERSION.0 B='two words' C\n",
    "COPY --from=build /a /b\n",
    "COPY --from=0 /a /b\n",
    "COPY <<EOF <<\"END\" /x/\none\nEOF\ntwo $VERSION\nEND\n",
    "RUN <<EOF\nset -e\nchmod 777 /x\nEOF\n",
    "RUN <<-EOF cat && \\\n\tone\n\tEOF\n",
    "RUN <<EOF\n",
    "EOF\n",
    "END\n",
    "RUN one \\\n# a comment\n\n  && useradd -u 0 app\n",
    "RUN one `\n  two\n",
    "RUN --mount=type=bind,from=base,target=/x \\\n cp /x/a /b\n",
    "SHELL [\"powershell\", \"-c\"]\n",
    "ONBUILD RUN chmod 777 /x\n",
    "ONBUILD ENV A=b\n",
    "HEALTHCHECK --interval=1s \\\n  CMD curl -f x\n",
    "CMD [\"a\", \\\n \"b\"]\n",
    "USER app\n",
    "WORKDIR $VERSION\n",
    "# a comment\n",
    "# escape=`\n",
    "# syntax=docker/dockerfile:1\n",
    "\\\n",
    "`\n",
    "\\",
    "`",
    "<<",
    "\r\n",
    "\r",
    "\n",
    " ",
    "\"",
    "x",
    "\xEF\xBB\xBF",
    std::string("\0", 1)};

std::string told(Span span) {
  return std::to_string(span.begin) + "-" + std::to_string(span.end);
}

std::string told(const Value& value) {
  return value.text + (value.known ? " " : "? ");
}

std::string told(const Instruction& instruction) {
  const InstructionData& data = instruction.data();
  std::string line = std::string(name(instruction.kind())) + " " + told(instruction.span()) +
                     " lines " + std::to_string(instruction.first_line()) + "-" +
                     std::to_string(instruction.last_line()) + " [" + data.joined.text + "]";
  if (const auto stage = instruction.stage()) line += " of " + std::to_string(stage->index());
  for (const Flag& flag : instruction.flags()) line += " flag " + told(flag.span());
  for (const Word& word : instruction.words()) line += " " + told(word.span()) + told(word.value());
  for (const Pair& pair : instruction.pairs()) {
    line += " pair " + told(pair.span());
    if (pair.value()) line += told(pair.value()->value());
  }
  for (const HeredocData& heredoc : data.heredocs)
    line += " heredoc " + heredoc.delimiter + told(heredoc.whole) + told(heredoc.body);
  for (const Command& command : instruction.commands())
    line += " {" + command.name() + " " + told(command.span()) + "}";
  return line + (instruction.script().opaque ? " opaque" : "") +
         (instruction.is_trigger() ? " trigger" : "");
}

std::string told(const Stage& stage) {
  std::string line = "stage " + stage.name() + " " + told(stage.span());
  if (const auto parent = stage.parent()) line += " on " + std::to_string(parent->index());
  const EffectiveState state = stage.state();
  line += (stage.is_shipped() ? " shipped " : " ") + told(state.account) + told(state.folder);
  for (const Instruction& instruction : stage.instructions())
    line += " " + std::to_string(instruction.index());
  for (const Effect& effect : stage.effects().effects()) {
    line += " <" + std::to_string(effect.instruction) + " " + told(effect.span) + " " +
            std::to_string(effect.what.index()) + effect.user;
    if (const auto* file = effect.as<FileEffect>())
      line += " " + told(file->path) + (file->stage ? std::to_string(*file->stage) : file->image);
    line += effect.certain ? ">" : "?>";
  }
  return line;
}

std::vector<std::string> told(const Document& document) {
  std::vector<std::string> lines{std::string("escape ") + document.escape()};
  for (const Document::Directive& directive : document.directives())
    lines.push_back(directive.name + "=" + directive.value + told(directive.span) +
                    told(directive.value_span));
  for (const Span comment : document.comments()) lines.push_back("comment " + told(comment));
  for (const Span fault : document.faults()) lines.push_back("fault " + told(fault));
  for (const Instruction& instruction : document.instructions()) lines.push_back(told(instruction));
  for (const Stage& stage : document.stages()) lines.push_back(told(stage));
  return lines;
}

}  // namespace

TEST_CASE("a document that edits led to is the one that is read from its text") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, 24);
  for (int round = 0; round < 1000; ++round) {
    std::string text = random.text();
    auto document = Document::create(text);
    for (int step = 0; step < 8; ++step) {
      std::vector<TextEdit> edits;
      CAPTURE(round, step, text);
      for (std::size_t count = random.below(8) == 0 ? 2 : 1; count > 0; --count) {
        const std::size_t begin = random.below(text.size() + 1);
        const std::size_t size = random.below(3) == 0 ? random.below(40) : 0;
        const Span span{static_cast<std::uint32_t>(begin),
                        static_cast<std::uint32_t>(std::min(begin + size, text.size()))};
        edits.push_back({span, random.piece()});
        text.replace(span.begin, span.size(), edits.back().text);
      }
      document = document->edited(edits);
      CAPTURE(edits[0].span.begin, edits[0].span.end, edits[0].text);
      REQUIRE(document->text() == text);
      REQUIRE(told(*document) == told(*Document::create(text)));
    }
  }
}
