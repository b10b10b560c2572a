#pragma once
/** Who listens for what happens, and when they are told. What happens is a number that anybody may raise; it is looked
 * at ten times a second while somebody listens, and told twice a second at most, so that a thousand outages at once are
 * two tellings. Each listener is only woken: it holds no queue, and one that does not read holds up no other.
 * On the server's own thread, but for the number. */
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>

#include "daemon/core/instant.h"
#include "daemon/publish/http/door.h"

namespace changtong::http {

class feed {
 public:
  static constexpr std::size_t most = 200;  ///< listeners
  static constexpr milliseconds looks{100}, apart{500};
  static constexpr milliseconds beat{15'000};      ///< after so long without news something is said all the same
  static constexpr milliseconds longest{600'000};  ///< then a listener has to ask anew, and to be let in anew

  /** `happened` outlives it; null: nothing ever does. */
  feed(boost::asio::io_context& io, const std::atomic<std::uint64_t>* happened) : timer_(io), happened_(happened) {}

  /** False: too many listen. Otherwise leave() follows when its connection has ended; `wake` is called when told() has
   * changed. */
  [[nodiscard]] bool join(door::guest who, std::function<void()> wake);
  void leave(door::guest who) { listeners_.erase(who); }
  [[nodiscard]] std::uint64_t told() const { return told_; }

 private:
  [[nodiscard]] std::uint64_t happened() const {
    return happened_ == nullptr ? 0 : happened_->load(std::memory_order_relaxed);
  }
  void look();
  void look_again();

  boost::asio::steady_timer timer_;
  const std::atomic<std::uint64_t>* happened_;
  std::map<door::guest, std::function<void()>> listeners_;
  std::uint64_t told_ = 0;
  mono_t told_at_ = mono_t::min();
  bool looking_ = false;
};

}  // namespace changtong::http
