#include "daemon/run/node_pair.h"

#include <string>

#include "daemon/run/alert_doors.h"

namespace changtong {

node_pair::node_pair(const settings& s, host::look_up names)
    : door_(s.ledger, s.peer->token, tallies_, free_bytes_beside),
      post_({.to = wire::parse_web_address(s.peer->url + std::string(peer_path)).value(),
             .token = s.peer->token,
             .ca_file = s.peer->ca_file,
             .names = std::move(names),
             .ledger = s.ledger},
            tallies_) {}

}  // namespace changtong
