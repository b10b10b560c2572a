#pragma once
/** Connects to whichever of several addresses answers first (RFC 8305, 5): an attempt every 250 ms, faster where there
 * are many, at once where one has failed; the first to be connected wins and the others are closed. One thread: the
 * io_context's. */
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "collectors/net/failure.h"
#include "collectors/net/owned_fd.h"
#include "collectors/net/syscalls.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::net {

struct race_result {
  owned_fd winner;       ///< connected, non-blocking; empty: see `why`
  ip_address address{};  ///< the winner's, or one that failed so
  nanoseconds took{0};   ///< the winner's handshake, by the kernel where it has measured it
  failure why{};         ///< of all that failed, one that speaks of the site rather than one of our own
};

class race : public std::enable_shared_from_this<race> {
 public:
  /** `calls` outlives every callback of `io`; `patience`: of the whole visit, half of which all attempts begin in. */
  race(boost::asio::io_context& io, const syscalls& calls, std::vector<ip_address> addresses, std::uint16_t port,
       milliseconds patience);
  /** Calls `tell` once, perhaps before it returns. */
  void start(std::function<void(race_result)> tell);
  /** Closes all; nothing is told from now on. */
  void cancel();

 private:
  struct attempt;
  void next();
  void watch(const std::shared_ptr<attempt>& one);
  void settled(const std::shared_ptr<attempt>& one, int error, stage where);
  void failed(const ip_address& address, failure why);
  void finish(race_result r);
  void close_all();

  boost::asio::io_context& io_;
  const syscalls& calls_;
  std::vector<ip_address> addresses_;
  std::uint16_t port_;
  milliseconds pace_;
  std::size_t begun_ = 0, open_ = 0;
  std::vector<std::shared_ptr<attempt>> attempts_;
  std::optional<failure> worst_;
  ip_address worst_address_{};
  boost::asio::steady_timer clock_;
  std::function<void(race_result)> tell_;
};

}  // namespace changtong::net
