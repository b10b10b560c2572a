#pragma once
/** The addresses of a site's name, and whose fault it is if there are none. Both families are asked at once and one
 * that is silent holds the other up for 50 ms at most (RFC 8305, 3).
 *
 * A name that a name server denies is the site's fault (a lapsed domain). A name that it cannot tell, or that stays
 * silent, is so too while our resolver answers others: another name since this one was asked, or, for lack of one, what
 * net::name_source::ask_another() asks. Where that is not answered either, it is our own resolver.
 *
 * One thread: the io_context's. */
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/net/names.h"
#include "collectors/visit_ending.h"

namespace changtong {

/** Which families a site is asked over. `both`: each is judged apart. */
enum class families : std::uint8_t { either, v4, v6, both };

struct found_addresses {
  std::vector<ip_address> addresses{};  ///< IPv6 and IPv4 in turn; empty: see `failed`
  ending failed{};
};

class lookup : public std::enable_shared_from_this<lookup> {
 public:
  using done = std::function<void(found_addresses)>;

  /** Whose fault it would be if the question were given up: ours until our resolver has answered something else. Any
   * thread may read it. */
  using suspect = std::atomic<cause>;

  /** `names` outlives every callback of `io`; `patience`: of the whole visit. */
  lookup(boost::asio::io_context& io, net::name_source& names, std::string host, families which, milliseconds patience,
         std::shared_ptr<suspect> whose);
  /** Calls `tell` once, later. `suspect`: whose fault it is until more is known. */
  void start(cause suspect, done tell);
  /** After start() was answered: the addresses of the family that was not waited for, once it has answered; the failure
   * if it has none. Calls `tell` once, perhaps at once. */
  void rest(done tell);
  /** Nothing is told from now on. */
  void cancel();

 private:
  enum family : std::uint8_t { v4, v6 };
  void ask(family f);
  void answered(family f, const net::name_answer& a);
  void tell_found();
  void conclude();
  void doubt();
  void ask_another();
  [[nodiscard]] bool resolver_is_well() const;
  void blame(bool ours);
  void tell(found_addresses what);

  net::name_source& names_;
  std::string host_;
  std::array<bool, 2> wanted_;
  milliseconds doubt_after_;
  std::shared_ptr<suspect> suspect_;
  mono_t began_{};
  std::array<std::optional<net::name_answer>, 2> answers_;
  std::array<bool, 2> told_{};   ///< addresses of this family are in the caller's hands
  std::optional<bool> another_;  ///< our resolver answered something else
  bool asked_another_ = false, concluding_ = false;
  boost::asio::steady_timer grace_, doubt_;
  done tell_;
};

}  // namespace changtong
