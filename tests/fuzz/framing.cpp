// However the bytes arrive, the frames are the same.
//
// The first byte is the seed of how large the pieces are; the rest is the input.

#include <algorithm>
#include <random>
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

template <class Size>
std::vector<Frame> frames_of(std::string_view bytes, Size next_size) {
  FrameReader reader;
  std::vector<Frame> frames;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), next_size());
    reader.feed(bytes.substr(0, size));
    take_all(reader, frames);
    bytes.remove_prefix(size);
  }
  return frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data + 1, size - 1);
  const auto whole = frames_of(bytes, [&] { return size; });
  std::minstd_rand random(data[0] + 1u);
  const auto pieces = frames_of(bytes, [&] { return std::size_t{random() % 64u} + 1; });
  require(whole.size() == pieces.size(), "there are as many frames");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    require(whole[i].kind == pieces[i].kind && whole[i].text == pieces[i].text,
            "each frame is the same", whole[i].text);
    const bool last = i + 1 == whole.size();
    require(last || whole[i].kind != Frame::Kind::fatal, "nothing follows what is fatal");
  }
  return 0;
}
