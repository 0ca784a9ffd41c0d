// Whatever a client sends, the server sends JSON, and answers the next question.

#include "lsp/framing.h"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TestSession session;
  FrameReader frames;
  frames.feed(text_of(data, size));
  while (const auto frame = frames.next()) {
    if (frame->kind == Frame::Kind::message) {
      session.server.receive(frame->text);
    } else {
      session.server.refuse(ErrorCode::parse_error, frame->text);
    }
    // In bursts, so that some messages wait while others arrive.
    if (frame->text.size() % 3 != 0) session.settle();  // which parses what is sent
    answer_all(session);
  }
  session.settle();
  answer_all(session);
  session.settle();
  require(session.server.waiting_bytes() == 0, "nothing waits");
  if (session.server.exited()) return 0;
  const Json answer = session.request("no/such", nullptr);
  require(answer.contains("error"), "it still answers");
  return 0;
}
