#pragma once
/** What somebody at a centre asks to have entered here: windows, as requests, which people here approve or do not, and
 * what people there say of one that waits for an approval. Held against the books by the same rules as everybody's
 * (entries). One thread. */
#include <deque>
#include <string>
#include <vector>

#include "daemon/centre/command_text.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/instant.h"

namespace changtong {

class centre_requests {
 public:
  /** Of requests, and as many of approvals: entries are for ever, and nobody here knows who asks. */
  static constexpr std::size_t most_an_hour = 60;

  centre_requests(const civil_zone& zone, enter_commands enter) : zone_(zone), enter_(std::move(enter)) {}

  /** Enters the request, and says so as centre::window_requested does; a problem's body where it is none, comes later
   * than somebody waits for it, or the books stand against it. Who asks is whom the centre names: he is the author, so
   * that nobody of that name may approve it here, and `via` says that the centre alone vouches for it. Blocks for the
   * commit. */
  [[nodiscard]] std::string window(const centre::node_command& asked, wall_t now);
  /** The same of an approval, or of the refusal of what waits for one, which cancels it: by whom the centre names, who
   * is not the one that asked for it, and of the version that he has seen. An order that comes again within the hour is
   * answered as before and entered once. */
  [[nodiscard]] std::string approval(const centre::node_command& asked, wall_t now);

 private:
  struct done {
    wall_t at{};
    std::string order, answer;  ///< of an approval
  };
  using hour = std::deque<done>;  ///< what was entered within one
  static void forget(hour& in, wall_t now);
  /** Why nothing more is taken; empty: it is. */
  [[nodiscard]] static std::string no_more(const hour& in, const centre::node_command& asked, wall_t now);
  [[nodiscard]] std::string entered(const std::vector<command>& what, const author& who, done as, hour& in);

  civil_zone zone_;
  enter_commands enter_;
  hour requests_, approvals_;  ///< apart: who asks for many windows keeps nobody from approving them
};

}  // namespace changtong
