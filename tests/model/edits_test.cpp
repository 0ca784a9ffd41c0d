// A document that edits led to is the one that is read from its text.

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/model/document.h"
#include "tests/catch.h"
#include "tests/model/told.h"
#include "tests/seed.h"

using namespace bulkhead;

namespace {

// What reaches beyond its own line: heredocs with and without an end, continuations, comments and blank
// lines inside of them, directives, stages and variables that others use.
const std::vector<std::string> pieces = {
    "FROM debian:13 AS base\n",
    "FROM base AS build\n",
    "FROM a:$VERSION AS base\n",
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
    "RUN $B install $VERSION && C=2; ${C:-x} $C $A\n",
    "CMD run $A $VERSION\n",
    "ONBUILD RUN chmod 777 /x $VERSION\n",
    "ONBUILD ENV A=b\n",
    "HEALTHCHECK --interval=1s \\\n  CMD curl -f x\n",
    "CMD [\"a\", \\\n \"b\"]\n",
    "RUN mkdir -p /srv/a && chmod 700 /srv/a && echo x > /srv/a/b && chmod +x /srv/a/b\n",
    "COPY a b /srv/a/\n",
    "ADD https://example.com/$VERSION.tgz /srv/a\n",
    "RUN curl -fsSLo /t https://example.com/t && apt-get install -y jq\n",
    "RUN echo '01 /t' | sha256sum -c\n",
    "ENV HOME=/h\n",
    "RUN cd && touch x ~/y $VERSION\n",
    "VOLUME /data\n",
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

}  // namespace

TEST_CASE("what comes to stand above the first FROM counts for all of them") {
  std::string text = "FROM a:$V\nENV V=1\nFROM b:$V\nFROM c:$V\n";
  const std::string later = "ENV V=1\nFROM a:$V\nFROM b:$V\nFROM c:$V\n";
  const auto document = Document::create(text);
  const std::array edits = {TextEdit{{0, 18}, later.substr(0, 18)}};
  CHECK(told(*document->edited(edits)) == told(*Document::create(later)));
}

TEST_CASE("what is typed in an instruction may reach the next one") {
  const std::string text = "FROM a\nRUN make\nRUN make all\nUSER\nCMD x\n";
  for (const auto& [begin, typed] :
       std::vector<std::pair<std::uint32_t, std::string>>{{7, "\\"},
                                                          {7, "\\\n"},
                                                          {7, " \\\n# a"},
                                                          {7, " \\\n\t\\"},
                                                          {15, "\\"},
                                                          {15, " \\\n # a\n\\"},
                                                          {15, " <<\"USER x\""},
                                                          {15, " <<USER"},
                                                          {15, " 'x"}}) {
    CAPTURE(begin, typed);
    const std::array edits = {TextEdit{{begin, 15}, typed}};
    const std::string edited = text.substr(0, begin) + typed + text.substr(15);
    CHECK(told(*Document::create(text)->edited(edits)) == told(*Document::create(edited)));
  }
}

TEST_CASE("what an edit has only moved is told as if it were read, whenever that was asked for") {
  std::string text =
      "FROM a AS one\nRUN echo >/a\nFROM b AS two\nRUN curl -fsSLo /t "
      "https://example.com/t\n"
      "FROM two\nCOPY --from=one <<END /a /b/\ntext\nEND\nRUN sha256sum -c /s && chmod 600 /b/a\n";
  auto document = Document::create(text);
  const auto where = static_cast<std::uint32_t>(text.find('>'));
  for (int step = 0; step < 24; ++step) {
    CAPTURE(step);
    const std::array edits = {TextEdit{{where, where}, step % 5 == 0 ? " && touch /z " : "x"}};
    text.insert(where, edits[0].text);
    document = document->edited(edits);
    if (step % 4 != 3) continue;
    REQUIRE(told(*document) == told(*Document::create(text)));
  }
}

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
