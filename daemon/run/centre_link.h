#pragma once
/** The centre, as a node sees it: what it ships there, which is independent of a pair; over HTTP, or by NATS where the
 * settings name brokers. */
#include <memory>

#include "daemon/centre/broker.h"
#include "daemon/run/peer_post.h"
#include "daemon/settings/settings.h"

namespace changtong {

inline constexpr std::string_view centre_path = "/centre/v1/entries";

class centre_link {
 public:
  /** `s` names a centre. Ships at once, whether or not anybody listens there. */
  centre_link(const settings& s, host::look_up names);

  /** Something was committed. Any thread; never blocks. */
  void look_again() { post_.look_again(); }
  [[nodiscard]] const peer_tallies& tallies() const { return tallies_; }

 private:
  peer_tallies tallies_;
  std::shared_ptr<centre::broker> broker_;  ///< null: over HTTP
  peer_post post_;
};

}  // namespace changtong
