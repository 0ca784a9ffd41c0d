// However the bytes arrive, the frames are the same.
//
// The first byte says how large the pieces are; the rest is the input.

#include <vector>

#include "lsp/framing.h"
#include "tests/fuzz/require.h"

using namespace bulkhead::fuzz;
using bulkhead::lsp::Frame;
using bulkhead::lsp::FrameReader;

namespace {

void take_all(FrameReader& reader, std::vector<Frame>& frames) {
  while (auto frame = reader.next()) frames.push_back(*std::move(frame));
}

std::vector<Frame> frames_of(std::string_view bytes, std::size_t piece) {
  FrameReader reader;
  std::vector<Frame> frames;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    take_all(reader, frames);
  }
  return frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data + 1, size - 1);
  const auto whole = frames_of(bytes, size);
  const auto pieces = frames_of(bytes, std::size_t{data[0] % 64u} + 1);
  require(whole.size() == pieces.size(), "there are as many frames");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    require(whole[i].kind == pieces[i].kind && whole[i].text == pieces[i].text,
            "each frame is the same", whole[i].text);
    const bool last = i + 1 == whole.size();
    require(last || whole[i].kind != Frame::Kind::fatal, "nothing follows what is fatal");
  }
  return 0;
}
