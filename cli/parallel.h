#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
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

// Calls work(i) for all i below `count` on `jobs` threads, which must not throw, and on this thread
// deliver(result) with what each returned, in the order of i: so nothing that is shown depends on
// how many threads there are.
template <class Work, class Deliver>
void in_order(std::size_t count, std::size_t jobs, Work work, Deliver deliver) {
  using Result = decltype(work(std::size_t{0}));
  std::vector<std::optional<Result>> results(count);
  std::atomic<std::size_t> next = 0;
  std::size_t awaited = 0;  // by this thread, which sleeps meanwhile
  std::mutex mutex;
  std::condition_variable changed;

  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(jobs, count); ++i) {
    threads.emplace_back([&] {
      for (std::size_t mine = next++; mine < count; mine = next++) {
        Result result = work(mine);
        const std::scoped_lock lock(mutex);
        results[mine] = std::move(result);
        if (mine == awaited) changed.notify_one();
      }
    });
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::unique_lock lock(mutex);
    awaited = i;
    changed.wait(lock, [&] { return results[i].has_value(); });
    Result result = *std::exchange(results[i], std::nullopt);
    lock.unlock();
    deliver(std::move(result));
  }
}

}  // namespace bulkhead::cli
