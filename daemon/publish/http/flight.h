#pragma once
/** How many bytes of large answers and bodies may wait in memory at one time, over all connections. One thread; the
 * figure may be read by any. */
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "daemon/publish/http/door.h"

namespace changtong::http {

class flight {
 public:
  /** What is smaller is not counted: there are only so many connections. */
  static constexpr std::int64_t small = 64 * 1024;

  /** Bytes that are on their way until this ends. */
  class load {
   public:
    load() = default;
    load(load&& other) noexcept
        : of_(std::exchange(other.of_, nullptr)), from_(std::move(other.from_)), bytes_(other.bytes_) {}
    load& operator=(load&& other) noexcept {
      std::swap(of_, other.of_);
      std::swap(from_, other.from_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    load(const load&) = delete;
    load& operator=(const load&) = delete;
    ~load() {
      if (of_ != nullptr) of_->landed(from_, bytes_);
    }

   private:
    friend flight;
    flight* of_ = nullptr;
    std::string from_{};
    std::int64_t bytes_ = 0;
  };

  /** `most` bytes, of one address off loopback half of them; `shown` is kept at what there is, and outlives it. */
  flight(std::int64_t most, std::atomic<std::int64_t>& shown) : most_(most), shown_(shown) {}

  /** Whether that many more may go; then `into` holds them. Where nothing is on its way, any number may: a report is
   * not to be refused for ever because it is long. */
  [[nodiscard]] bool takes(const peer_group& from, std::int64_t bytes, load& into);

 private:
  void landed(const std::string& from, std::int64_t bytes);

  std::int64_t most_, total_ = 0;
  std::map<std::string, std::int64_t, std::less<>> of_;
  std::atomic<std::int64_t>& shown_;
};

}  // namespace changtong::http
