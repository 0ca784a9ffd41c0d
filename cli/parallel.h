#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace bulkhead::cli {

// As many threads as there are processors.
inline std::size_t default_jobs() {
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

// Calls work(i) for all i below `count` on `jobs` threads, this one among them, and deliver(result) with what each
// returned, in the order of i and never two at a time: so nothing that is shown depends on how many threads there are.
// Neither may throw. Whoever finishes what is awaited delivers it, so that no thread has to be woken for that.
template <class Work, class Deliver>
void in_order(std::size_t count, std::size_t jobs, Work work, Deliver deliver) {
  using Result = decltype(work(std::size_t{0}));
  std::vector<std::optional<Result>> results(count);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t awaited = 0;
  bool is_delivering = false;

  const auto run = [&] {
    for (std::size_t mine = next++; mine < count; mine = next++) {
      Result result = work(mine);
      std::unique_lock lock(mutex);
      results[mine] = std::move(result);
      if (is_delivering) continue;
      is_delivering = true;
      for (; awaited < count && results[awaited]; ++awaited) {
        Result first = *std::exchange(results[awaited], std::nullopt);
        lock.unlock();
        deliver(std::move(first));
        lock.lock();
      }
      is_delivering = false;
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(jobs, count); ++i) others.emplace_back(run);
  run();
}

}  // namespace bulkhead::cli
