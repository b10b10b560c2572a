#include "daemon/run/node_pair.h"

#include <stdexcept>
#include <string>

#include "daemon/core/log.h"
#include "daemon/host/clocks.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/reader.h"
#include "daemon/run/alert_doors.h"

namespace changtong {

node_pair::node_pair(const settings& s, host::look_up names)
    : copy_(ledger::peer_file_of(s.ledger)),
      zone_(s.zone),
      door_(s.ledger, s.peer->token, tallies_, free_bytes_beside, [this] { post_.look_again(); }),
      post_({.to = wire::parse_web_address(s.peer->url + std::string(peer_path)).value(),
             .token = s.peer->token,
             .ca_file = s.peer->ca_file,
             .names = std::move(names),
             .ledger = s.ledger},
            tallies_) {}

alerts::first_word node_pair::told_there() const {
  constexpr milliseconds days = std::chrono::hours{48};
  const wall_t now = system_clocks().wall();
  const milliseconds silent = now - wall_from_ms(tallies_.received_ms.load(std::memory_order_relaxed));
  alerts::first_word word{.heard = silent < alerts::second_voice::patience, .there = {}};
  try {
    const auto books = ledger::reader::open(copy_);
    if (!books) return {};
    (*books)->alert_journal(zone_.key(now - days, civil_zone::unit::day), [&](record&& r) {
      if (auto* step = std::get_if<alert_record>(&r)) word.there.push_back(std::move(*step));
    });
  } catch (const std::runtime_error& e) {
    log::warn("另一台的副本读不出，不等它告知 / the copy of the other node cannot be read, so it is not waited for: {}",
              e.what());
    return {};
  }
  return word;
}

std::function<alerts::first_word()> first_voice(const node_pair* other, const settings& s) {
  if (other == nullptr || !s.peer || !s.peer->second) return nullptr;
  return [other] { return other->told_there(); };
}

}  // namespace changtong
