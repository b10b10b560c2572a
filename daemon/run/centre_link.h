#pragma once
/** The centre, as a node sees it: what it ships there, which is independent of a pair; over HTTP, or by NATS where the
 * settings name brokers. */
#include <memory>

#include "daemon/centre/broker.h"
#include "daemon/run/centre_talk.h"
#include "daemon/run/peer_post.h"
#include "daemon/settings/settings.h"

namespace changtong {

inline constexpr std::string_view centre_path = "/centre/v1/entries";

class centre_link {
 public:
  /** What it needs of the daemon, for what goes by brokers besides the journal. They outlive it. */
  struct doors {
    const board_holder* boards;
    std::function<void(std::vector<std::string> lines)> probe;  ///< they are asked soon; must not block
    enter_commands enter;                                       ///< what people ask for; blocks for the commit
  };
  /** `s` names a centre. Ships at once, whether or not anybody listens there. */
  centre_link(const settings& s, host::look_up names, doors d);

  /** These were committed, and are on the board. Any thread; never blocks. */
  void take(const std::vector<record>& records) {
    post_.look_again();
    if (talk_) talk_->take(records);
  }
  /** Before what `enter` uses goes. */
  void obey_no_more() {
    if (talk_) talk_->obey_no_more();
  }
  [[nodiscard]] const peer_tallies& tallies() const { return tallies_; }

 private:
  peer_tallies tallies_;
  std::shared_ptr<centre::broker> broker_;  ///< null: over HTTP
  peer_post post_;
  std::unique_ptr<centre_talk> talk_;  ///< null: over HTTP nothing else is said
};

}  // namespace changtong
