#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace bulkhead::host {

// What is made of a folder: by whoever asks first, and whoever else asks meanwhile waits. Of the `most` folders that
// were asked for last it is remembered. Safe to use from any thread.
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
  using Entry = std::pair<std::string, std::shared_ptr<Made>>;

  std::shared_ptr<Made> entry(const std::filesystem::path& folder) {
    const std::scoped_lock lock(mutex_);
    const auto known = std::ranges::find(made_, folder.native(), &Entry::first);
    if (known != made_.end()) {
      made_.splice(made_.begin(), made_, known);
      return known->second;
    }
    made_.emplace_front(folder.native(), std::make_shared<Made>());
    if (made_.size() > most) made_.pop_back();
    return made_.front().second;
  }

  std::mutex mutex_;
  std::list<Entry> made_;  // the last one that was asked for comes first
};

}  // namespace bulkhead::host
