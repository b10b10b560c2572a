#pragma once
/** What icmp and snmp share: one datagram asks, one datagram answers, thousands are under way on two sockets.
 *
 * The exchange owns the ports, the table of flights, batching and failures; a dialect owns bytes and meaning. Reading
 * happens in drain() and, in bursts of more than 256 questions, between them, so that socket buffers do not overflow.
 * Probe thread only. */
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/collector.h"
#include "collectors/net/cookies.h"
#include "collectors/net/datagram_port.h"
#include "collectors/net/flights.h"
#include "collectors/net/strays.h"

namespace changtong {

/** Why a packet was ignored; the order is that of exchange::ignored(). */
enum class ignored_reason : std::uint8_t {
  malformed,     ///< nothing that could be tied to a question
  oversized,     ///< the same, of something longer than any answer
  unknown_id,    ///< well-formed, but for nobody here
  wrong_cookie,  ///< names a question of ours without knowing its secret
  wrong_source,  ///< right in all but where it came from
  duplicate,     ///< its question was answered already
  late,          ///< its question was given up before
  count
};

class dialect {
 public:
  /** Opens a port for a family; 0 or errno. Tried again at the next burst after a failure. */
  virtual int open(net::datagram_port& port, bool v6) = 0;
  /** Writes the question `index` into `out`, sets f.port, and returns the length. */
  virtual std::size_t write(net::flight& f, std::uint32_t index, std::uint8_t* out) = 0;
  /** Oversized arrivals too. */
  virtual void read(const net::arrival& a, bool v6) = 0;
  virtual void rejected(const net::rejection& r, bool v6) = 0;

 protected:
  ~dialect() = default;
};

class exchange {
 public:
  exchange(answer_sink& sink, dialect& how, const net::syscalls& calls, net::datagram_port::sizes longest);

  void ask(std::span<question> burst);
  void drain();
  cause forget(std::uint32_t ticket);
  [[nodiscard]] std::vector<ignored_packets> ignored() const;

  void ignore(ignored_reason why) { ++ignored_[static_cast<std::size_t>(why)]; }
  /** Ignores a packet that answers nothing; a question to its sender that nobody answers is `instead` of a timeout. */
  void ignore(ignored_reason why, const net::arrival& a, cause instead) {
    ignore(why);
    strays_.note(a.from, a.port, a.at, instead);
  }
  /** Why a packet with this index and cookie, from there, is no answer to a flight under way; empty if it is one. Of an
   * answer that comes from elsewhere its flight keeps that it came. */
  [[nodiscard]] std::optional<ignored_reason> mismatch(std::uint32_t index, std::uint64_t cookie,
                                                       const ip_address& from, std::uint16_t port);
  /** The flight under way that such a packet answers; otherwise null, and counted. */
  [[nodiscard]] net::flight* claim(std::uint32_t index, std::uint64_t cookie, const ip_address& from,
                                   std::uint16_t port);
  [[nodiscard]] net::flights& table() { return flights_; }
  void answer_flight(std::uint32_t index, const answer& a);
  /** The dialect writes the flight's next datagram, which leaves before more is read: a question may need several.
   * False if there is no room for it now. */
  [[nodiscard]] bool again(std::uint32_t index);

 private:
  struct side {
    net::datagram_port port;
    int open_error = 0;
    std::array<question*, net::datagram_port::batch> staged{};  ///< null: not its first datagram
    std::size_t staged_count = 0;
  };
  void put(question& q);
  void stage(side& s, std::uint32_t index, question* q);
  void flush(side& s);
  void drain(side& s, bool v6);
  void refuse(question& q, int error);

  answer_sink& sink_;
  dialect& how_;
  std::array<side, 2> sides_;  ///< IPv4, IPv6
  net::flights flights_;
  net::cookies cookies_;
  net::strays strays_;
  std::array<std::uint64_t, static_cast<std::size_t>(ignored_reason::count)> ignored_{};
};

/** An unsigned decimal number within bounds; the problem names the key. */
[[nodiscard]] result<std::uint64_t> bounded_number(std::string_view key, std::string_view text, std::uint64_t least,
                                                   std::uint64_t greatest);

}  // namespace changtong
