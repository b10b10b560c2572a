#pragma once
/** The two machines of an office, as one of them sees it: what it ships, and what is shipped to it. */
#include <functional>
#include <string>

#include "daemon/publish/alerts/second_voice.h"
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
  /** What the other one is known to have told people of alerts opened since that day. Reads the copy of its journal.
   * Any thread. */
  [[nodiscard]] alerts::first_word told_there(wall_t since) const;
  [[nodiscard]] const peer_tallies& tallies() const { return tallies_; }

 private:
  std::string copy_;
  civil_zone zone_;
  peer_tallies tallies_;
  peer_door door_;
  peer_post post_;
};

/** For whom alerts wait: of the second node of a pair what the first one told, else nothing. `other` outlives it. */
[[nodiscard]] std::function<alerts::first_word(wall_t)> first_voice(const node_pair* other, const settings& s);

}  // namespace changtong
