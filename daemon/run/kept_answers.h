#pragma once
/** Texts that were made with effort, by what they rest on; few and not large. Any thread. */
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/mutex.h"

namespace changtong {

class kept_answers {
 public:
  kept_answers(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

  /** Null where it is not there. */
  [[nodiscard]] std::shared_ptr<const std::string> find(std::string_view key) {
    const holding lock(mutex_);
    const auto at = std::ranges::find(all_, key, &one::key);
    if (at == all_.end()) return nullptr;
    std::rotate(all_.begin(), at, at + 1);  // the one that was wanted last is let go of last
    return all_.front().text;
  }
  /** One that is larger than all that may be kept is not. */
  void keep(std::string key, std::shared_ptr<const std::string> text) {
    const holding lock(mutex_);
    if (text->size() > most_bytes_) return;
    bytes_ += text->size();
    all_.insert(all_.begin(), {std::move(key), std::move(text)});
    while (all_.size() > most_ || bytes_ > most_bytes_) {
      bytes_ -= all_.back().text->size();
      all_.pop_back();
    }
  }

 private:
  struct one {
    std::string key;
    std::shared_ptr<const std::string> text;
  };
  std::size_t most_, most_bytes_;
  mutex mutex_;
  std::vector<one> all_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace changtong
