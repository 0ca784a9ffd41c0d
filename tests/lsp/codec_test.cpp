#include "lsp/codec.h"

#include "tests/catch.h"

using namespace bulkhead::lsp;

namespace {

template <class T>
T decoded(const char* text) {
  T value{};
  decode(Json::parse(text), value);
  return value;
}

}  // namespace

TEST_CASE("what is optional may be absent or null") {
  const auto whole = decoded<TextDocumentContentChangeEvent>(R"({"text":"x"})");
  CHECK_FALSE(whole.range);
  CHECK_FALSE(decoded<TextDocumentContentChangeEvent>(R"({"text":"x","range":null})").range);
  CHECK(encode(PublishDiagnosticsParams{.uri = "u"}).text == R"({"uri":"u","diagnostics":[]})");
  CHECK(encode(OptionalVersionedTextDocumentIdentifier{.uri = "u"}).text ==
        R"({"uri":"u","version":null})");
}

TEST_CASE("what does not fit is told by its path") {
  CHECK_THROWS_WITH(
      decoded<DidOpenTextDocumentParams>(R"({"textDocument":{"uri":"u","version":1}})"),
      "textDocument: text is missing");
  CHECK_THROWS_WITH(decoded<bulkhead::Range>(R"({"start":{"line":-1,"character":0},"end":{}})"),
                    "start: line: expected a number from 0 on");
  CHECK_THROWS_WITH(decoded<bulkhead::Position>(R"({"line":0.5,"character":0})"),
                    "line: expected a whole number");
}

TEST_CASE("numbers beyond the last one are the last one") {
  const auto position =
      decoded<bulkhead::Position>(R"({"line":18446744073709551615,"character":1e300})");
  CHECK(position.line == 4294967295);
  CHECK(position.character == 4294967295);
  CHECK(decoded<bulkhead::Position>(R"({"line":1.0,"character":4294967295})").line == 1);
}

TEST_CASE("capabilities of another form than expected count as absent") {
  const auto client = decoded<InitializeParams>(R"({"processId":null,"capabilities":{
      "general":{"positionEncodings":["utf-8","utf-16"]},
      "workspace":{"workspaceEdit":{"documentChanges":"yes"},"diagnostics":7},
      "textDocument":{"publishDiagnostics":{"relatedInformation":true,"tagSupport":true}}}})")
                          .capabilities;
  CHECK(client.position_encodings == std::vector<std::string>{"utf-8", "utf-16"});
  CHECK(client.related_information);
  CHECK_FALSE(client.document_changes);
  CHECK_FALSE(client.diagnostic_refresh);
  CHECK(client.diagnostic_tags.empty());
}

TEST_CASE("what is sent is JSON, whatever the text") {
  const std::string text = "a \"b\" \\ \n\x01\x7f \xc3\xa9 \xff";
  const auto json =
      encode(std::map<std::string, std::vector<std::string>>{{text, {text, "", "c"}}});
  CHECK(json.text.find('\n') == std::string::npos);
  const std::string mended = "a \"b\" \\ \n\x01\x7f \xc3\xa9 \xef\xbf\xbd";
  CHECK(Json::parse(json.text) == Json{{mended, {mended, "", "c"}}});
}
