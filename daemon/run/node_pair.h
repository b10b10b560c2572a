#pragma once
/** The two machines of an office, as one of them sees it: what it ships, what is shipped to it, and what people entered
 * on either. */
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/mutex.h"
#include "daemon/observers/joint_books.h"
#include "daemon/publish/alerts/second_voice.h"
#include "daemon/publish/api/api.h"
#include "daemon/run/book_door.h"
#include "daemon/run/copy_check.h"
#include "daemon/run/peer_door.h"
#include "daemon/run/peer_post.h"
#include "daemon/run/told_before.h"
#include "daemon/settings/settings.h"

namespace changtong {

class node_pair {
 public:
  /** `s` names a peer. Ships at once, whether or not anybody listens there. `entered`: people entered something there,
   * and it counts here; any thread, must not block. */
  node_pair(const settings& s, host::look_up names, std::function<void()> entered);

  /** Something was committed. Any thread; never blocks. */
  void look_again() { post_.look_again(); }
  /** It outlives the route. */
  [[nodiscard]] web_route route() { return door_.route(); }
  /** What the other one is known to have told people of alerts opened since that day. Reads the copy of its journal.
   * Any thread. */
  [[nodiscard]] alerts::first_word told_there(wall_t since) const;
  /** This node's books, with what people entered on either. Any thread; what it opens is for one. */
  [[nodiscard]] result<std::unique_ptr<observers::joint_books>> books() const;
  /** What both observed, as `--ledger` of the first and of the second lays it together; of this node alone while there
   * is no copy. `step` as merged_books has it. Any thread. */
  [[nodiscard]] result<api::merged_view> merged(const std::function<void()>& step) const;
  [[nodiscard]] const peer_tallies& tallies() const { return tallies_; }

 private:
  void note_left_out(std::string_view kind, std::size_t n) const;

  std::string ledger_, copy_;
  bool second_;  ///< by rank
  std::shared_ptr<observers::as_seen_here> words_ = std::make_shared<observers::as_seen_here>();
  civil_zone zone_;
  mutable peer_tallies tallies_;
  mutable mutex mutex_;
  /** Of the other one's people, by kind, as the copy was last read. */
  mutable std::map<std::string, std::size_t, std::less<>> left_out_ GUARDED_BY(mutex_);
  peer_door door_;
  peer_post post_;
  mutable copy_check check_;  ///< tells the door
};

/** For whom alerts wait: of the second node of a pair what the first one told, else nothing. `other` outlives it. */
[[nodiscard]] std::function<alerts::first_word(wall_t)> first_voice(const node_pair* other, const settings& s);

/** As node_pair::books(); of a node that is alone its ledger. `other` may be null, else outlives it. */
[[nodiscard]] book_door books_of(const node_pair* other, const std::string& ledger);
/** As node_pair::merged(); empty for a node that is alone. `other` outlives it. */
[[nodiscard]] std::function<result<api::merged_view>(const std::function<void()>& step)> merged_by(
    const node_pair* other);
/** For alerts: who took over on the other node. Nothing, and no exception, while books cannot be read. */
[[nodiscard]] taken_elsewhere taken_on(const node_pair* other);

}  // namespace changtong
