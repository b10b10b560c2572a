#pragma once
/** The two machines of an office, as one of them sees it: what it ships, and what is shipped to it. */
#include "daemon/run/peer_door.h"
#include "daemon/run/peer_post.h"
#include "daemon/settings/settings.h"

namespace changtong {

class node_pair {
 public:
  /** `s` names a peer. Ships at once, whether or not anybody listens there. */
  node_pair(const settings& s, host::look_up names);

  /** Something was committed. Any thread; never blocks. */
  void look_again() { post_.look_again(); }
  /** It outlives the route. */
  [[nodiscard]] web_route route() { return door_.route(); }
  [[nodiscard]] const peer_tallies& tallies() const { return tallies_; }

 private:
  peer_tallies tallies_;
  peer_door door_;
  peer_post post_;
};

}  // namespace changtong
