#include "daemon/publish/http/door.h"

#include <algorithm>

namespace changtong::http {

std::size_t door::most_seats(const peer_group& of) const {
  return of.loopback ? limits_.seats_of_loopback : limits_.seats_of_peer;
}

bool door::may_sit(const peer_group& who) const {
  const auto known = peers_.find(who.name);
  return seated_ < limits_.seats && (known == peers_.end() || known->second.seats < most_seats(who));
}

/** Of those who may go. */
template <class Eligible>
std::optional<door::guest> door::greediest(Eligible may_go) const {
  std::optional<guest> found;
  std::size_t most = 0;
  mono_t since{};
  for (const auto& [who, e] : all_) {
    if (!may_go(e)) continue;
    const std::size_t guests = peers_.find(e.from.name)->second.guests;
    if (found && (guests < most || (guests == most && e.since >= since))) continue;
    found = who;
    most = guests;
    since = e.since;
  }
  return found;
}

std::optional<door::gone> door::dismissed(std::optional<guest> who, door_reason why) {
  if (!who) return std::nullopt;
  leaves(*who);
  return gone{.who = *who, .why = why};
}

void door::seat(entry& who) {
  who.seated = true;
  ++seated_;
  ++peers_[who.from.name].seats;
}

/** Who stands and waits for a vital answer stays: it takes no time. */
bool door::may_go_for_an_arrival(const entry& e) { return !e.seated && (!e.answered || e.leaving); }

bool door::crowded() const {
  return all_.size() - seated_ >= limits_.standing &&
         std::ranges::none_of(all_, [](const auto& one) { return may_go_for_an_arrival(one.second); });
}

door::arrival door::arrives(const peer_group& from, mono_t now) {
  arrival out;
  const bool sits = may_sit(from);
  if (!sits) {
    const auto known = peers_.find(from.name);
    out.why = known != peers_.end() && known->second.seats >= most_seats(from) ? door_reason::peer : door_reason::full;
    if (all_.size() - seated_ >= limits_.standing) {
      out.instead = dismissed(greediest(may_go_for_an_arrival), out.why);
      if (!out.instead) return out;
    }
  }
  out.who = next_++;
  entry& e = all_[*out.who] = {.from = from, .since = now};
  ++peers_[from.name].guests;
  if (sits) seat(e);
  return out;
}

door::permit door::asks(guest who, web_lane lane, mono_t now) {
  const auto found = all_.find(who);
  if (found == all_.end()) return {.refused = door_reason::full};
  entry& e = found->second;
  permit out;
  if (lane != web_lane::vital && !e.seated) {
    if (!may_sit(e.from)) {
      const bool own = peers_[e.from.name].seats >= most_seats(e.from);
      const door_reason why = own ? door_reason::peer : door_reason::full;
      out.instead = dismissed(greediest([&](const entry& one) {
                                return one.seated && !one.answered && (!own || one.from.name == e.from.name);
                              }),
                              why);
      if (!out.instead) return {.refused = why};
    }
    seat(e);
  }
  e.answered = true;
  e.since = now;
  return out;
}

void door::awaits_body(guest who, bool does, mono_t now) {
  const auto found = all_.find(who);
  if (found == all_.end()) return;
  found->second.answered = !does;
  found->second.since = now;
}

std::optional<door::gone> door::begins_to_leave(guest who, mono_t now) {
  const auto found = all_.find(who);
  if (found == all_.end()) return std::nullopt;
  const auto leaving = [](const entry& one) { return one.leaving; };
  const auto under_way = std::ranges::count_if(all_, [&](const auto& one) { return leaving(one.second); });
  std::optional<gone> instead;
  if (static_cast<std::size_t>(under_way) >= limits_.kept)
    instead = dismissed(greediest(leaving), door_reason::slow_reader);
  found->second.leaving = true;
  found->second.since = now;
  return instead;
}

void door::moved(guest who, mono_t now) {
  if (const auto found = all_.find(who); found != all_.end()) found->second.since = now;
}

bool door::seated(guest who) const {
  const auto found = all_.find(who);
  return found != all_.end() && found->second.seated;
}

bool door::rests(guest who, mono_t now) {
  const auto found = all_.find(who);
  if (found == all_.end()) return false;
  entry& e = found->second;
  e.answered = e.leaving = false;
  e.since = now;
  if (!e.seated && may_sit(e.from)) seat(e);
  return e.seated;
}

void door::leaves(guest who) {
  const auto found = all_.find(who);
  if (found == all_.end()) return;
  const entry& e = found->second;
  const auto peer = peers_.find(e.from.name);
  --peer->second.guests;
  if (e.seated) {
    --seated_;
    --peer->second.seats;
  }
  if (peer->second.guests == 0) peers_.erase(peer);
  all_.erase(found);
}

}  // namespace changtong::http
