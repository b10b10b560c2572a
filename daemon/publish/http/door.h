#pragma once
/** Who may come in, who may stay, and who goes for whom. Decides without a socket and without a clock; one thread.
 *
 * A guest has a seat or stands. Standing it may only ask what is vital (/healthz, /readyz, /metrics), so that a house
 * full of slow clients never takes a scrape away; any other request takes the seat of one who rests. Who must go is of
 * the address with the most guests, and of its guests the one that has rested longest. */
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/core/door_tallies.h"
#include "daemon/core/instant.h"
#include "daemon/core/web.h"

namespace changtong::http {

struct door_limits {
  std::size_t seats = 256;
  std::size_t seats_of_peer = 64;
  std::size_t seats_of_loopback = 128;  ///< behind one of its addresses a reverse proxy may speak for everybody
  std::size_t standing = 128;           ///< more than `kept`
  std::size_t kept = 64;                ///< vital answers that leave at one time: a page may be scraped in shards
};

/** Where a connection comes from, as far as limits know it. */
struct peer_group {
  std::string name;  ///< an IPv4 address, or the /64 of an IPv6 one: whoever has one address there has them all
  bool loopback = false;
};

class door {
 public:
  using guest = std::uint64_t;
  /** One who has to go; it has left already as far as the door is concerned. */
  struct gone {
    guest who;
    door_reason why;
  };
  struct arrival {
    std::optional<guest> who;  ///< none: nobody can go for it
    door_reason why{};         ///< of none
    std::optional<gone> instead{};
  };
  struct permit {
    std::optional<door_reason> refused{};
    std::optional<gone> instead{};
  };

  explicit door(const door_limits& limits) : limits_(limits) {}

  arrival arrives(const peer_group& from, mono_t now);
  /** Whether whoever arrives now could only be sent away: all who stand wait for a vital answer. It is better to let
   * the next ones wait outside, since such an answer waits for nothing. */
  [[nodiscard]] bool crowded() const;
  /** The head of its request is there; it is answered from now on. Refused: it rests. */
  permit asks(guest who, web_lane lane, mono_t now);
  /** The body of its request is awaited, or is there. Meanwhile it may have to go, as one who rests. */
  void awaits_body(guest who, bool does, mono_t now);
  /** Its vital answer begins to leave, for which another, that stalls, may have to go. */
  std::optional<gone> begins_to_leave(guest who, mono_t now);
  /** A piece of its answer has left. */
  void moved(guest who, mono_t now);
  [[nodiscard]] bool seated(guest who) const;
  /** Its answer is out. False: there is no seat to wait for its next request. */
  [[nodiscard]] bool rests(guest who, mono_t now);
  /** Also of one who had to go. */
  void leaves(guest who);
  [[nodiscard]] std::size_t guests() const { return all_.size(); }

 private:
  struct entry {
    peer_group from;
    bool seated = false, answered = false, leaving = false;  ///< `leaving`: a vital answer
    mono_t since{};                                          ///< it rests, or nothing of its answer has left
  };
  struct numbers {
    std::size_t guests = 0, seats = 0;
  };

  static bool may_go_for_an_arrival(const entry& e);
  [[nodiscard]] std::size_t most_seats(const peer_group& of) const;
  [[nodiscard]] bool may_sit(const peer_group& who) const;
  template <class Eligible>
  [[nodiscard]] std::optional<guest> greediest(Eligible may_go) const;
  std::optional<gone> dismissed(std::optional<guest> who, door_reason why);
  void seat(entry& who);

  door_limits limits_;
  guest next_ = 1;
  std::map<guest, entry> all_;
  std::map<std::string, numbers, std::less<>> peers_;
  std::size_t seated_ = 0;
};

}  // namespace changtong::http
