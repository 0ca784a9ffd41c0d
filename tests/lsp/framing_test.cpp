#include "lsp/framing.h"

#include <random>
#include <vector>

#include "tests/catch.h"
#include "tests/seed.h"

using bulkhead::random_seed;
using bulkhead::lsp::Frame;
using bulkhead::lsp::FrameReader;

namespace {

std::string framed(std::string_view body) {
  return bulkhead::lsp::frame_header(body.size()).append(body);
}

void take_all(FrameReader& reader, std::vector<Frame>& frames) {
  while (auto frame = reader.next()) frames.push_back(std::move(*frame));
}

std::vector<Frame> read(std::string_view bytes) {
  FrameReader reader;
  std::vector<Frame> frames;
  reader.feed(bytes);
  take_all(reader, frames);
  return frames;
}

// "message:BODY", "fault:WHY", "fatal:WHY", one each.
std::vector<std::string> told(const std::vector<Frame>& frames) {
  std::vector<std::string> out;
  for (const auto& [kind, text] : frames) {
    const char* const name = kind == Frame::Kind::message ? "message:"
                             : kind == Frame::Kind::fault ? "fault:"
                                                          : "fatal:";
    out.push_back(name + text);
  }
  return out;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a framed body is read back") {
  CHECK(told(read(framed("{}") + framed("") + framed("a\r\n\r\nb"))) ==
        Told{"message:{}", "message:", "message:a\r\n\r\nb"});
}

TEST_CASE("header lines are read liberally") {
  CHECK(told(read("content-LENGTH:2\r\n\r\n{}")) == Told{"message:{}"});
  CHECK(told(read("Content-Length \t:  2  \r\n\r\n{}")) == Told{"message:{}"});
  CHECK(told(read("Content-Length: 2\n\n{}")) == Told{"message:{}"});
  CHECK(told(read("Content-Type: x; charset=utf-8\r\nContent-Length: 2\r\nX: y\r\n\r\n{}")) ==
        Told{"message:{}"});
  CHECK(told(read("X-Note: content-length: 7\r\nContent-Length: 2\r\n\r\n{}")) ==
        Told{"message:{}"});
  CHECK(told(read("Content-Length: 2\r\nX_Y.Z: content-length: 7\r\n\r\n{}")) ==
        Told{"message:{}"});
  CHECK(told(read("nonsense\r\nContent-Length: 2\r\n\r\n{}")) == Told{"message:{}"});
  CHECK(told(read("\r\n\n" + framed("{}") + "\r\n" + framed("[]"))) ==
        Told{"message:{}", "message:[]"});
}

TEST_CASE("of several lengths the last one counts") {
  CHECK(told(read("Content-Length: 9\r\nContent-Length: 2\r\n\r\n{}")) == Told{"message:{}"});
}

TEST_CASE("a header without a usable length is passed over") {
  CHECK(told(read("X: y\r\n\r\n" + framed("{}"))) ==
        Told{"fault:header without Content-Length", "message:{}"});
  CHECK(told(read("Content-Length: two\r\n\r\n" + framed("{}"))) ==
        Told{"fault:Content-Length is not a number: two", "message:{}"});
  CHECK(told(read("Content-Length: -2\r\n\r\n" + framed("{}"))) ==
        Told{"fault:Content-Length is not a number: -2", "message:{}"});
  CHECK(told(read("Content-Length: 2 2\r\n\r\n" + framed("{}")))[1] == "message:{}");
}

TEST_CASE("both sides meet again after a length that was too small") {
  CHECK(told(read("Content-Length: 3\r\n\r\n{\"a\":1}" + framed("{}"))) ==
        Told{"message:{\"a", "message:{}"});
}

TEST_CASE("sizes beyond the limits end the input") {
  const std::string huge = std::to_string(FrameReader::max_body + 1);
  CHECK(told(read("Content-Length: " + huge + "\r\n\r\n" + framed("{}"))) ==
        Told{"fatal:message of " + huge + " bytes; 256 MiB is the limit"});
  // 2^64 + 10 must not become 10.
  CHECK(told(read("Content-Length: 18446744073709551626\r\n\r\n" + framed("{}"))) ==
        Told{"fatal:message of 18446744073709551626 bytes; 256 MiB is the limit"});
  CHECK(told(read(std::string(FrameReader::max_header + 1, 'x'))) ==
        Told{"fatal:header of more than 64 KiB"});
  std::string many;
  while (many.size() <= FrameReader::max_header) many += "X: y\r\n";
  CHECK(told(read(many)) == Told{"fatal:header of more than 64 KiB"});
}

TEST_CASE("what is fed after the end is not kept") {
  FrameReader reader;
  reader.feed(std::string(FrameReader::max_header + 1, 'x'));
  REQUIRE(reader.next()->kind == Frame::Kind::fatal);
  reader.feed(framed("{}"));
  CHECK_FALSE(reader.next());
}

TEST_CASE("an incomplete message waits for its rest") {
  FrameReader reader;
  reader.feed("Content-Length: 4\r\n\r\nab");
  CHECK_FALSE(reader.next());
  reader.feed("cd");
  CHECK(reader.next()->text == "abcd");
  CHECK_FALSE(reader.next());
}

TEST_CASE("every chunking gives the same frames") {
  const std::string bytes = framed("{\"jsonrpc\":\"2.0\"}") + "Content-Length: x\n\n" + "\r\n" +
                            "content-length : 3\nX: y\n\nabc" + framed(std::string(3000, 'z')) +
                            "Content-Length: 1\r\n\r\n{}" + framed("[]") +
                            "Content-Length: 99999999999\r\n\r\n" + framed("");
  const Told whole = told(read(bytes));
  REQUIRE(whole.size() == 7);
  const auto seed = random_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    FrameReader reader;
    std::vector<Frame> frames;
    const std::size_t largest = 1 + random() % 200;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = 1 + random() % largest;
      reader.feed(std::string_view(bytes).substr(at, size));
      take_all(reader, frames);
      at += size;
    }
    REQUIRE(told(frames) == whole);
  }
}
