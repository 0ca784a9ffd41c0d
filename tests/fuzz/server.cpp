// Whatever a client sends, the server sends JSON-RPC, answers each question once, and the next one too.

#include <map>
#include <string>
#include <string_view>

#include "lsp/framing.h"
#include "lsp/json.h"
#include "tests/fuzz/require.h"
#include "tests/lsp/session.h"

using namespace bulkhead::fuzz;
using namespace bulkhead::lsp;

namespace {

// All that the server has asked the world for.
void answer_all(TestSession& session) {
  while (!session.scans.empty()) TestSession::answer_first(session.scans, bulkhead::Context());
  while (!session.searches.empty()) session.found({"/w/Dockerfile", "/w/compose.yaml"});
  while (!session.reads.empty()) session.read("FROM a\nADD b /\n");
}

using Counts = std::map<std::string, int>;  // by ids

// Of what is answered, or of what is asked: what has an id and is no request may be answered too, and counts twice.
void count(const Json& message, Counts& counts, bool asked) {
  if (message.is_array()) {
    for (const Json& item : message) count(item, counts, asked);
  } else if (message.is_object()) {
    const Json id = message.value("id", Json());
    if (!id.is_string() && !id.is_number_integer()) return;
    const bool is_call =
        message.value("jsonrpc", Json()) == "2.0" && message.value("method", Json()).is_string();
    if (asked) {
      counts[id.dump()] += is_call ? 1 : 2;
    } else if (!is_call) {
      ++counts[id.dump()];
    }
  }
}

void count_asked(std::string_view text, Counts& counts) try {
  count(parse_json(text), counts, true);
} catch (const JsonError&) {
  // It asks nothing.
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TestSession session;
  Counts asked;
  Counts answered;
  const auto settle = [&] {
    for (const Json& message : session.settle()) count(message, answered, false);
  };
  FrameReader frames;
  frames.feed(text_of(data, size));
  while (const auto frame = frames.next()) {
    if (frame->kind == Frame::Kind::message) {
      count_asked(frame->text, asked);
      session.server.receive(frame->text);
    } else {
      session.server.refuse(ErrorCode::parse_error, frame->text);
    }
    // In bursts, so that some messages wait while others arrive.
    if (frame->text.size() % 3 != 0) settle();  // which parses what is sent
    answer_all(session);
  }
  settle();
  answer_all(session);
  settle();
  require(session.server.waiting_bytes() == 0, "nothing waits");
  if (session.server.exited()) return 0;
  const Json answer = session.request("no/such", nullptr);
  require(answer.contains("error"), "it still answers");
  // What waits for news is answered now.
  session.server.receive(R"({"jsonrpc":"2.0","id":"fuzz","method":"shutdown"})");
  settle();
  for (const auto& [id, times] : asked) {
    // One id for two that are open is the client's fault.
    if (times == 1 && id != "1" && id != "\"fuzz\"")
      require(answered[id] == 1, "each request is answered once", id);
  }
  return 0;
}
