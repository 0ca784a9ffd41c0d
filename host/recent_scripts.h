#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "analysis/model/document.h"

namespace bulkhead::host {

// Remembers what was read or asked for last. Safe to use from any thread.
class RecentScripts : public KnownScripts {
 public:
  std::shared_ptr<const shell::Script> find(const std::string& key) override;
  void add(const std::string& key, std::shared_ptr<const shell::Script> script) override;

 private:
  void put(const std::string& key, std::shared_ptr<const shell::Script> script);

  using Scripts = std::unordered_map<std::string, std::shared_ptr<const shell::Script>>;
  std::mutex mutex_;
  Scripts recent_;
  Scripts older_;         // what was recent before that became too much
  std::size_t size_ = 0;  // bytes of the keys in `recent_`
};

}  // namespace bulkhead::host
