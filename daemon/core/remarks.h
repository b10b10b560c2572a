#pragma once
/** What the last answer to each check said for people: what is odd about an agent, where a visit ended. Most say
 * nothing. Thread-safe; one thread writes. */
#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/core/mutex.h"
#include "daemon/core/sample.h"
#include "daemon/core/utf8.h"

namespace changtong {

class remarks {
 public:
  static constexpr std::size_t most_bytes = 500;

  void set(check_index c, std::string_view words) {
    if (words.empty() && !has(c)) return;
    has_.resize(std::max<std::size_t>(has_.size(), c + 1U), false);
    has_[c] = !words.empty();
    const holding lock(mutex_);
    if (words.empty())
      said_.erase(c);
    else if (std::string& kept = said_[c]; kept != words)
      kept = shortened(words, most_bytes);
  }
  [[nodiscard]] std::string of(check_index c) const {
    const holding lock(mutex_);
    const auto found = said_.find(c);
    return found == said_.end() ? std::string() : found->second;
  }

 private:
  [[nodiscard]] bool has(check_index c) const { return c < has_.size() && has_[c]; }

  std::vector<bool> has_;  ///< of the writing thread: most answers need no lock
  mutable mutex mutex_;
  std::unordered_map<check_index, std::string> said_ GUARDED_BY(mutex_);
};

}  // namespace changtong
