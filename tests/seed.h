#pragma once

// Where the random cases of a test begin: always at the same place, so that a change that breaks
// nothing never fails, or where BULKHEAD_SEED says. For new ground:
//
//   for seed in $(seq 100); do BULKHEAD_SEED=$seed build/dev/test_syntax || break; done

#include <cstddef>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace bulkhead {

inline unsigned random_seed() {
  const char* const chosen = std::getenv("BULKHEAD_SEED");
  return chosen ? static_cast<unsigned>(std::stoul(chosen)) : 1;
}

// Texts and numbers that a seed decides on.
class Random {
 public:
  // A text is made of fewer than `most` of `pieces`, which have to outlive this.
  Random(unsigned seed, const std::vector<std::string>& pieces, std::size_t most)
      : engine_(seed), pieces_(pieces), most_(most) {}
  std::size_t below(std::size_t end) { return engine_() % end; }
  const std::string& piece() { return pieces_[below(pieces_.size())]; }
  std::string text() {
    std::string out;
    for (std::size_t count = below(most_); count > 0; --count) out += piece();
    return out;
  }

 private:
  std::mt19937 engine_;
  const std::vector<std::string>& pieces_;
  std::size_t most_;
};

}  // namespace bulkhead
