#include "lsp/rpc.h"

#include <vector>

#include "tests/catch.h"

using namespace bulkhead::lsp;

namespace {

// A server of two methods, and what it sent.
struct Calculator {
  Calculator() {
    rpc.on_request("length", this, &Calculator::length);
    rpc.on_request("fail", this, &Calculator::fail);
    rpc.on_notification("note", this, &Calculator::note);
    rpc.on_long_request("think", this, &Calculator::think);
  }

  std::int32_t length(const LogMessageParams& params) {
    return static_cast<std::int32_t>(params.message.size());
  }
  Null fail(const NoParams&) { throw std::runtime_error("out of luck"); }
  std::optional<Null> think(const NoParams&, const Json& id) {
    if (thinking == 2) throw std::runtime_error("too much");
    ids.push_back(id);
    if (knows) return nullptr;
    ++thinking;
    return std::nullopt;
  }
  void note(const LogMessageParams& params) { notes.push_back(params.message); }

  std::optional<ResponseError> refusal(std::string_view) const {
    if (open) return std::nullopt;
    return ResponseError(ErrorCode::server_not_initialized, "not yet");
  }

  std::vector<Json> answers_to(std::initializer_list<std::string_view> messages) {
    sent.clear();
    for (const auto message : messages) rpc.receive(message);
    while (rpc.run_next()) {
    }
    return sent;
  }
  Json answer_to(std::string_view message) {
    const auto answers = answers_to({message});
    REQUIRE(answers.size() == 1);
    return answers.front();
  }

  bool open = true;
  int thinking = 0;
  bool knows = false;
  std::vector<Json> ids;
  std::vector<Json> sent;
  std::vector<std::string> notes;
  std::vector<std::string> complaints;
  Dispatcher rpc{{.send = [this](const std::string& text) { sent.push_back(Json::parse(text)); },
                  .refusal = [this](std::string_view method) { return refusal(method); },
                  .complain = [this](const std::string& text) { complaints.push_back(text); }}};
};

Json error(const Json& id, int code, const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}};
}
Json result(const Json& id, const Json& value) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", value}};
}

std::string call(const std::string& id) {
  return R"({"jsonrpc":"2.0","method":"length","params":{"type":1,"message":"four"},"id":)" + id +
         "}";
}

}  // namespace

TEST_CASE("a request is answered under its id, whatever that is") {
  Calculator calculator;
  for (const std::string id :
       {"1", "-1", "\"a \\u00e9\"", "9007199254740993", "18446744073709551615", "1.5", "null"}) {
    CAPTURE(id);
    CHECK(calculator.answer_to(call(id)) == result(Json::parse(id), 4));
  }
}

TEST_CASE("what is not JSON is a parse error without an id") {
  Calculator calculator;
  CHECK(calculator.answer_to("{")["error"]["code"] == -32700);
  CHECK(calculator.answer_to("")["id"].is_null());
  CHECK(calculator.answer_to("{} {}")["error"]["code"] == -32700);
  CHECK(calculator.answer_to("[1e999]")["error"]["code"] == -32700);
  CHECK(calculator.answer_to(call("1")) == result(1, 4));
}

TEST_CASE("nesting has a limit") {
  Calculator calculator;
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  CHECK_NOTHROW(parse_json(nested(512)));
  CHECK(calculator.answer_to(nested(513)) == error(nullptr, -32700, "JSON nested deeper than 512"));
  CHECK(calculator.answer_to(nested(1000000))["error"]["code"] == -32700);
  std::string objects = "1";
  for (int depth = 0; depth < 512; ++depth) objects = "{\"a\":" + objects + "}";
  CHECK_NOTHROW(parse_json(objects));
  CHECK(calculator.answer_to("[" + objects + "]")["error"]["code"] == -32700);
}

TEST_CASE("JSON that is no request is an invalid request") {
  Calculator calculator;
  for (const char* message :
       {"1", "null", "\"x\"", "{}", "[]", R"({"jsonrpc":"2.0","method":7,"id":1})",
        R"({"jsonrpc":"1.0","method":"length","id":1})", R"({"method":"length"})",
        R"({"jsonrpc":"2.0","method":"length","id":{}})"}) {
    CAPTURE(message);
    CHECK(calculator.answer_to(message)["error"]["code"] == -32600);
  }
  CHECK(calculator.answer_to(R"({"jsonrpc":"2.0","method":7,"id":"x"})")["id"] == "x");
}

TEST_CASE("an unknown request is an error, an unknown notification is not") {
  Calculator calculator;
  CHECK(calculator.answer_to(R"({"jsonrpc":"2.0","method":"no/such","id":3})") ==
        error(3, -32601, "unknown method no/such"));
  CHECK(calculator
            .answers_to({R"({"jsonrpc":"2.0","method":"no/such"})",
                         R"({"jsonrpc":"2.0","method":"$/setTrace"})"})
            .empty());
  CHECK(calculator.complaints.empty());
}

TEST_CASE("bad parameters are told where they are bad") {
  Calculator calculator;
  CHECK(calculator.answer_to(R"({"jsonrpc":"2.0","method":"length","id":1})") ==
        error(1, -32602, "type is missing"));
  CHECK(calculator.answer_to(R"({"jsonrpc":"2.0","method":"length","id":1,"params":[]})") ==
        error(1, -32602, "expected an object"));
  CHECK(calculator.answer_to(
            R"({"jsonrpc":"2.0","method":"length","id":1,"params":{"type":1,"message":2}})") ==
        error(1, -32602, "message: expected a string"));
  CHECK(calculator.answers_to({R"({"jsonrpc":"2.0","method":"note","params":{}})"}).empty());
  CHECK(calculator.complaints == std::vector<std::string>{"note: type is missing"});
}

TEST_CASE("an exception is an internal error that names the method") {
  Calculator calculator;
  CHECK(calculator.answer_to(R"({"jsonrpc":"2.0","method":"fail","id":1})") ==
        error(1, -32603, "fail: out of luck"));
  CHECK(calculator.answer_to(call("2")) == result(2, 4));
}

TEST_CASE("a request may be refused") {
  Calculator calculator;
  calculator.open = false;
  CHECK(calculator.answer_to(call("1")) == error(1, -32002, "not yet"));
}

TEST_CASE("a batch is answered by one array of what wants an answer") {
  Calculator calculator;
  CHECK(calculator.answer_to(
            "[" + call("1") +
            R"(,{"jsonrpc":"2.0","method":"note","params":{"type":1,"message":"n"}},7,)" +
            call("\"b\"") + "]") ==
        Json::array(
            {result(1, 4), error(nullptr, -32600, "not a JSON-RPC 2.0 request"), result("b", 4)}));
  CHECK(calculator.notes == std::vector<std::string>{"n"});
  CHECK(calculator.answers_to({R"([{"jsonrpc":"2.0","method":"no/such"}])"}).empty());
}

TEST_CASE("a batch has a limit") {
  Calculator calculator;
  const auto of = [](std::size_t size) {
    std::string batch = "[1";
    for (std::size_t i = 1; i < size; ++i) batch += ",1";
    return batch + "]";
  };
  CHECK(calculator.answer_to(of(10'000)).size() == 10'000);
  const Json refused = error(nullptr, -32600, "batch of more than 10,000 messages");
  CHECK(calculator.answer_to(of(10'001)) == refused);

  // Nothing of a refused one is remembered: its ids are free.
  std::string batch = "[" + call("7");
  for (int i = 0; i < 10'000; ++i) batch += "," + call("8");
  CHECK(calculator.answers_to({batch + "]",
                               R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":7}})",
                               call("7")}) == std::vector<Json>{refused, result(7, 4)});
}

TEST_CASE("answers of the client are not answered") {
  Calculator calculator;
  CHECK(calculator
            .answers_to({R"({"jsonrpc":"2.0","id":1,"result":null})",
                         R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}})"})
            .empty());
}

TEST_CASE("a waiting request can be cancelled, and is answered once") {
  Calculator calculator;
  const std::string cancel = R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":2}})";
  CHECK(calculator.answers_to({call("1"), call("2"), call("3"), cancel, cancel}) ==
        std::vector<Json>{result(1, 4), error(2, -32800, "cancelled"), result(3, 4)});
  // Too late, or for nothing: no answer, and the next request of that id is not touched.
  CHECK(calculator.answers_to({cancel, R"({"jsonrpc":"2.0","method":"$/cancelRequest"})"}).empty());
  CHECK(calculator.answer_to(call("2")) == result(2, 4));
  CHECK(calculator.answer_to("[" + call("2") + "," + cancel + "]") ==
        Json::array({error(2, -32800, "cancelled")}));
}

TEST_CASE("a request that begins with $/ is answered as any other unknown one") {
  Calculator calculator;
  CHECK(calculator.answer_to(R"({"jsonrpc":"2.0","id":1,"method":"$/no/such"})") ==
        error(1, -32601, "unknown method $/no/such"));
}

TEST_CASE("a thousand requests can be cancelled") {
  Calculator calculator;
  for (int id = 0; id < 1000; ++id) calculator.rpc.receive(call(std::to_string(id)));
  for (int id = 0; id < 1000; ++id) {
    calculator.rpc.receive(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":)" +
                           std::to_string(id) + "}}");
  }
  const auto answers = calculator.answers_to({});
  REQUIRE(answers.size() == 1000);
  for (int id = 0; id < 1000; ++id)
    REQUIRE(answers[static_cast<std::size_t>(id)] == error(id, -32800, "cancelled"));
  CHECK(calculator.rpc.waiting_bytes() == 0);
}

TEST_CASE("answers come in the order of the messages, also to what is none") {
  Calculator calculator;
  calculator.rpc.receive(call("1"));
  calculator.rpc.receive("{");
  calculator.rpc.refuse(ErrorCode::invalid_request, "cut short");
  calculator.rpc.receive(call("2"));
  CHECK(calculator.answers_to({}) ==
        std::vector<Json>{result(1, 4), error(nullptr, -32700, "not JSON, at byte 2"),
                          error(nullptr, -32600, "cut short"), result(2, 4)});
}

TEST_CASE("a message that waits takes room, even an empty one") {
  Calculator calculator;
  calculator.rpc.receive("");
  calculator.rpc.refuse(ErrorCode::parse_error, "");
  CHECK(calculator.rpc.waiting_bytes() == 2 * Dispatcher::cost(""));
  CHECK(Dispatcher::cost("") > 100);
  calculator.answers_to({});
  CHECK(calculator.rpc.waiting_bytes() == 0);
}

TEST_CASE(
    "a long request is answered once: with its result, an error, or because it was cancelled") {
  Calculator calculator;
  const std::string think = R"({"jsonrpc":"2.0","method":"think","id":)";
  const std::string cancel = R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"b"}})";
  CHECK(calculator.answers_to({think + "1}", think + "\"b\"}", call("2")}) ==
        std::vector<Json>{result(2, 4)});
  CHECK(calculator.answers_to({cancel, cancel}) ==
        std::vector<Json>{error("b", -32800, "cancelled")});
  CHECK_FALSE(calculator.rpc.is_unanswered("b"));
  calculator.sent.clear();
  for (const Json& id : calculator.ids) calculator.rpc.answer(id, {"7"});
  for (const Json& id : calculator.ids) calculator.rpc.fail(id, ErrorCode::internal_error, "late");
  CHECK(calculator.sent == std::vector<Json>{result(1, 7)});
  CHECK(calculator.answer_to(think + "3}") == error(3, -32603, "think: too much"));
  CHECK_FALSE(calculator.rpc.is_unanswered(3));
}

TEST_CASE(
    "a request that may take long is answered at once where that can be done, and in a batch") {
  Calculator calculator;
  calculator.knows = true;
  const std::string think = R"({"jsonrpc":"2.0","method":"think","id":4})";
  CHECK(calculator.answer_to(think) == result(4, nullptr));
  CHECK_FALSE(calculator.rpc.is_unanswered(4));
  CHECK(calculator.answer_to("[" + think + "]") == Json::array({result(4, nullptr)}));
}

TEST_CASE("text that is not UTF-8 is replaced, and never sent back") {
  Calculator calculator;
  const auto length_of = [&](const std::string& text) {
    return calculator.answer_to(
        R"({"jsonrpc":"2.0","id":1,"method":"length","params":{"type":1,"message":")" + text +
        "\"}}")["result"];
  };
  CHECK(length_of("a\xff") == 4);           // one byte and U+FFFD
  CHECK(length_of("\\ud83d\\ude00") == 4);  // a whole pair
  CHECK(length_of("\\ud83d") == 3);         // halves
  CHECK(length_of("\\ude00\\ud83dx") == 7);
  CHECK(length_of("\\\\ud83d\\ud83d") == 9);  // a backslash, "ud83d", and a half
  CHECK(calculator.answer_to(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}")["error"]["message"] ==
        "unknown method \xEF\xBF\xBD");
}
