// After any edits, in any encoding, the server says what it would say of the resulting text at
// once.

#include <algorithm>
#include <array>

#include "analysis/model/document.h"
#include "analysis/text/edit.h"
#include "lsp/codec.h"
#include "lsp/document.h"
#include "report/json.h"
#include "tests/catch.h"
#include "tests/lsp/session.h"
#include "tests/seed.h"

using namespace bulkhead;
using namespace bulkhead::lsp;

namespace {

const std::string uri = "untitled:Dockerfile";

// Pieces that make and break findings, heredocs, continuations, comments and lines.
const std::vector<std::string> pieces = {"FROM ubuntu\n",
                                         "FROM debian:latest AS x\n",
                                         "ADD a /b\n",
                                         "COPY . /\n",
                                         "RUN echo \\\n",
                                         "  # note\n",
                                         "RUN <<EOF\n",
                                         "EOF\n",
                                         "USER root\n",
                                         "EXPOSE 22\n",
                                         "\r\n",
                                         "\r",
                                         "\n",
                                         "# escape=`\n",
                                         "\\",
                                         "`",
                                         "\"",
                                         "ENV TOKEN=abc\n",
                                         "chmod 777 /x",
                                         "\t",
                                         "$X",
                                         "\xC3\xA9",
                                         "\xF0\x9F\x90\xB3",
                                         "\xE2\x82\xAC",
                                         "",
                                         "A",
                                         "ONBUILD "};

const std::pair<Encoding, std::string> encodings[] = {
    {Encoding::utf8, "utf-8"}, {Encoding::utf16, "utf-16"}, {Encoding::utf32, "utf-32"}};

constexpr std::size_t most = 12;  // a random text has fewer pieces

bool starts_character(const std::string& text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

// A byte offset as a client counts it: told apart from the server's own code on purpose.
Json position(const std::string& text, std::size_t offset, const std::string& encoding) {
  int line = 0;
  int character = 0;
  for (std::size_t i = 0; i < offset; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool ends_line = byte == '\n' || (byte == '\r' && text.substr(i + 1, 1) != "\n");
    if (ends_line) {
      ++line;
      character = 0;
    } else if (encoding == "utf-8") {
      ++character;
    } else if ((byte & 0xC0) != 0x80) {
      character += encoding == "utf-16" && byte >= 0xF0 ? 2 : 1;
    }
  }
  return {{"line", line}, {"character", character}};
}

// Between CR and LF there is no position that a client could name.
bool is_nameable(const std::string& text, std::size_t at) {
  return starts_character(text, at) &&
         !(at > 0 && text[at - 1] == '\r' && text.substr(at, 1) == "\n");
}

std::size_t offset(const std::string& text, Random& random) {
  std::size_t at = random.below(text.size() + 1);
  while (!is_nameable(text, at)) ++at;
  return at;
}

// Changes `text` and says how.
Json change(std::string& text, const std::string& encoding, Random& random) {
  if (random.below(10) == 0) {
    text = random.text();
    return {{"text", text}};
  }
  auto [begin, end] = std::minmax({offset(text, random), offset(text, random)});
  if (random.below(2) == 0) end = begin;
  const std::string& piece = random.piece();
  const Json told = {
      {"range",
       {{"start", position(text, begin, encoding)}, {"end", position(text, end, encoding)}}},
      {"text", piece}};
  text.replace(begin, end - begin, piece);
  return told;
}

Json diagnostics(const std::vector<Json>& messages) {
  for (const Json& message : messages) {
    if (message["method"] == "textDocument/publishDiagnostics")
      return message["params"]["diagnostics"];
  }
  return "nothing published";
}

void initialize(TestSession& session, const std::string& encoding) {
  session.initialize({{"general", {{"positionEncodings", {encoding}}}},
                      {"textDocument", {{"publishDiagnostics", {{"relatedInformation", true}}}}}});
}

Json diagnostics_of_fresh(const std::string& text, const std::string& encoding) {
  TestSession fresh;
  initialize(fresh, encoding);
  return diagnostics(fresh.open(uri, text));
}

}  // namespace

TEST_CASE("after random edits the text is what the client has") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, most);
  for (int round = 0; round < 1000; ++round) {
    const auto& [encoding, name] = encodings[random.below(3)];
    std::string text = random.text();
    auto document = Document::create(text);
    for (int version = 2; version < 8; ++version) {
      Json changes = Json::array();
      for (std::size_t n = 1 + random.below(4); n > 0; --n)
        changes.push_back(change(text, name, random));
      std::vector<TextDocumentContentChangeEvent> events;
      decode(changes, events);
      document = document->edited(to_text_edits(*document, events, encoding));
      CAPTURE(round, name, changes.dump());
      REQUIRE(document->text() == text);
    }
  }
}

TEST_CASE("after random edits the diagnostics are those of the resulting text") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, most);
  for (int round = 0; round < 1000; ++round) {
    const std::string encoding =
        std::vector<std::string>{"utf-8", "utf-16", "utf-32"}[random.below(3)];
    std::string text = random.text();
    TestSession session;
    initialize(session, encoding);
    session.open(uri, text);
    for (int version = 2; version < 6; ++version) {
      Json changes = Json::array();
      for (std::size_t n = 1 + random.below(3); n > 0; --n)
        changes.push_back(change(text, encoding, random));
      CAPTURE(round, encoding, text, changes.dump());
      const auto published = diagnostics(session.notify(
          "textDocument/didChange",
          {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", changes}}));
      REQUIRE(published == diagnostics_of_fresh(text, encoding));
    }
  }
}

namespace {

// `text` with the edits of a code action made as a client makes them.
std::string applied(const std::string& text, const Json& action) {
  const Lines lines(text);
  std::vector<bulkhead::TextEdit> edits;
  for (const Json& edit : action["edit"]["changes"][uri]) {
    Range range;
    decode(edit["range"], range);
    edits.push_back({{lines.offset(text, range.start, Encoding::utf16),
                      lines.offset(text, range.end, Encoding::utf16)},
                     edit["newText"]});
  }
  const auto after = apply_edits(text, edits);
  REQUIRE(after);  // no two edits are at odds
  return *after;
}

Json actions(TestSession& session, const Json& range, const std::string& kind) {
  return session.request(
      "textDocument/codeAction",
      {{"textDocument", {{"uri", uri}}},
       {"range", range},
       {"context", {{"diagnostics", Json::array()}, {"only", {kind}}}}})["result"];
}

// What comes behind a comment is none: else a fix that takes the first instruction away could make one
// of the line behind it.
const std::string no_directives = "#\n";

auto count(const Json& diagnostics, const Json& code) {
  return std::ranges::count_if(diagnostics, [&](const Json& one) { return one["code"] == code; });
}

auto errors(const Json& diagnostics) {
  return std::ranges::count_if(diagnostics, [](const Json& one) { return one["severity"] == 1; });
}

bool is_safe(const Json& action) {
  return action["title"].get<std::string>().find("(unsafe)") == std::string::npos;
}

std::size_t faults(const std::string& text) {
  return Document::create(text)->faults().size();
}

// What is left once the same edit, where it is offered again, for the same thing on the next line, is made again.
std::optional<Json> left_after_another(const Json& action, const std::string& after) {
  TestSession session;
  initialize(session, "utf-16");
  session.open(uri, after);
  for (const Json& other : actions(session, action["diagnostics"][0]["range"], "quickfix")) {
    if (other["edit"] == action["edit"] &&
        other["diagnostics"][0]["code"] == action["diagnostics"][0]["code"])
      return diagnostics_of_fresh(applied(after, other), "utf-16");
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("each quick fix takes the finding away that it is for, and breaks nothing") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, most);
  for (int round = 0; round < 1000; ++round) {
    const std::string text = no_directives + random.text();
    TestSession session;
    initialize(session, "utf-16");
    const Json before = diagnostics(session.open(uri, text));
    for (const Json& diagnostic : before) {
      for (const Json& action : actions(session, diagnostic["range"], "quickfix")) {
        const Json code = action["diagnostics"][0]["code"];
        const std::string after = applied(text, action);
        CAPTURE(round, text, action["title"].dump(), after);
        const Json left = diagnostics_of_fresh(after, "utf-16");
        REQUIRE(count(left, code) < count(before, code));
        if (is_safe(action) || errors(before) == 0) {  // what builds, or the same that does not
          REQUIRE(errors(left) <= errors(before));
          REQUIRE(faults(after) <= faults(text));
        }
        if (const auto again = left_after_another(action, after))
          REQUIRE(count(*again, code) < count(left, code));
      }
    }
  }
}

TEST_CASE("all safe fixes at once leave none to make") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, most);
  const Json start = {{"start", {{"line", 0}, {"character", 0}}},
                      {"end", {{"line", 0}, {"character", 0}}}};
  for (int round = 0; round < 1000; ++round) {
    const std::string text = no_directives + random.text();
    TestSession session;
    initialize(session, "utf-16");
    const Json before = diagnostics(session.open(uri, text));
    const Json offered = actions(session, start, "source.fixAll.bulkhead");
    if (offered.empty()) continue;
    REQUIRE(offered.size() == 1);
    const std::string after = applied(text, offered[0]);
    CAPTURE(round, text, after);
    REQUIRE(after != text);
    TestSession fresh;
    initialize(fresh, "utf-16");
    const Json left = diagnostics(fresh.open(uri, after));
    REQUIRE(errors(left) <= errors(before));
    REQUIRE(faults(after) <= faults(text));
    REQUIRE(actions(fresh, start, "source.fixAll.bulkhead").empty());
  }
}

namespace {

Json pulled(TestSession& session) {
  return session.request("textDocument/diagnostic",
                         {{"textDocument", {{"uri", uri}}}})["result"]["items"];
}

// What is said of the file where it is not open.
Json of_workspace(const std::string& text) {
  TestSession session;
  initialize(session, "utf-16");
  session.server.receive(
      R"({"jsonrpc":"2.0","id":1,"method":"workspace/diagnostic","params":{"previousResultIds":[]}})");
  session.settle();
  session.found({"/w/Dockerfile"});
  session.read(text);
  return session.take().at(0)["result"]["items"][0]["items"];
}

// As `bulkhead check --format json` tells it.
std::string checked(const std::string& text) {
  const auto document = Document::create(text);
  const Context context{.today = std::chrono::year(2026) / 11 / 23};
  const std::string items = report::json_items({"Dockerfile", text, document->lines()},
                                               analyse(*document, {}, context).findings);
  return report::json_array(std::array{items});
}

// What both forms have, in the words of the protocol.
Json in_common(const Json& findings) {
  Json out = Json::array();
  for (const Json& finding : findings) {
    const std::vector<std::string> severities = {"", "error", "warning", "info", "hint"};
    const bool ours = finding.contains("rule");
    out.push_back({ours ? finding["rule"] : finding["code"],
                   ours ? finding["severity"] : Json(severities.at(finding["severity"])),
                   finding["message"], finding["range"]});
  }
  return out;
}

}  // namespace

TEST_CASE("whichever way one asks, the findings are the same, and twice the same") {
  const auto seed = random_seed();
  CAPTURE(seed);
  Random random(seed, pieces, most);
  for (int round = 0; round < 1000; ++round) {
    const std::string text = random.text();
    CAPTURE(round, text);
    TestSession session;
    initialize(session, "utf-16");
    const Json published = diagnostics(session.open(uri, text));
    REQUIRE(pulled(session) == published);
    REQUIRE(in_common(of_workspace(text)) == in_common(published));
    const std::string json = checked(text);
    REQUIRE(in_common(Json::parse(json)) == in_common(published));
    REQUIRE(checked(text) == json);
  }
}

TEST_CASE("line ends make no difference") {
  const auto seed = random_seed();
  CAPTURE(seed);
  std::vector<std::string> unix_pieces = pieces;
  std::erase_if(unix_pieces,
                [](const std::string& piece) { return piece.find('\r') != piece.npos; });
  Random random(seed, unix_pieces, most);
  for (int round = 0; round < 1000; ++round) {
    const std::string text = random.text();
    std::string crlf;
    for (const char c : text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    CAPTURE(round, text);
    REQUIRE(diagnostics_of_fresh(crlf, "utf-16") == diagnostics_of_fresh(text, "utf-16"));
  }
}
