#pragma once
/** What somebody at a centre asks to have entered here: windows, as requests, which people here approve or do not. Held
 * against the books by the same rules as everybody's (entries). One thread. */
#include <deque>
#include <string>

#include "daemon/centre/command_text.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/instant.h"

namespace changtong {

class centre_requests {
 public:
  static constexpr std::size_t most_an_hour = 60;  ///< entries are for ever, and nobody here knows who asks

  /** `enter` empty: nobody may ask for anything. */
  centre_requests(const civil_zone& zone, enter_commands enter) : zone_(zone), enter_(std::move(enter)) {}
  [[nodiscard]] bool may() const { return bool(enter_); }

  /** Enters the request, and says so as centre::window_requested does; a problem's body where it is none, comes later
   * than somebody waits for it, or the books stand against it. Who asks is whom the centre names: he is the author, so
   * that nobody of that name may approve it here, and `via` says that the centre alone vouches for it. Blocks for the
   * commit. */
  [[nodiscard]] std::string window(const centre::node_command& asked, wall_t now);

 private:
  civil_zone zone_;
  enter_commands enter_;
  std::deque<wall_t> lately_;  ///< when something was entered, within an hour
};

}  // namespace changtong
