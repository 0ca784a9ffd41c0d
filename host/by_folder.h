#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

namespace bulkhead::host {

// What is made of a folder: by whoever asks first, and whoever else asks meanwhile waits. Of the last `most`
// folders it is remembered. Safe to use from any thread.
template <class Value, std::size_t most>
class ByFolder {
 public:
  template <class Make>
  std::shared_ptr<const Value> get(const std::filesystem::path& folder, const Make& make) {
    const std::shared_ptr<Made> made = entry(folder);
    std::call_once(made->once, [&] { made->value = make(); });
    return {made, &made->value};
  }

 private:
  struct Made {
    std::once_flag once;
    Value value;
  };

  std::shared_ptr<Made> entry(const std::filesystem::path& folder) {
    const std::scoped_lock lock(mutex_);
    const auto known = std::ranges::find(made_, folder, &decltype(made_)::value_type::first);
    if (known != made_.end()) return known->second;
    made_.emplace_front(folder, std::make_shared<Made>());
    if (made_.size() > most) made_.pop_back();
    return made_.front().second;
  }

  std::mutex mutex_;
  std::deque<std::pair<std::filesystem::path, std::shared_ptr<Made>>> made_;
};

}  // namespace bulkhead::host
