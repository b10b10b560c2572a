#pragma once
/** The journals of many nodes in a database, each entry by entry as its node wrote it. Several processes may write at
 * once: who writes holds the node's head row, and compares what it says before anything else. Nothing here remembers
 * what the database does not. One thread; after a problem where good() is false it is to be opened anew. */
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/centre/database.h"
#include "daemon/ledger/second_book.h"
#include "daemon/ledger/shipment.h"

namespace changtong::centre {

/** A node that went on otherwise than its copy here: how often it tried, and where the two part at the latest. */
struct fork_seen {
  wall_t first{}, last{};
  std::int64_t times = 0;
  ledger::shipped_head theirs;  ///< the entry that it has and we do not
};

/** How the copy of a node's journal stands. */
struct node_head {
  std::string node;
  std::int32_t branch = 0;  ///< from 1; one more each time that a person began anew after a fork
  ledger::shipped_head head;
  std::optional<wall_t> heartbeat;  ///< everything is judged and here up to it; none: nothing was shipped yet
  std::optional<wall_t> received;   ///< when something was taken last, by the clock of whoever took it
  std::optional<fork_seen> fork;    ///< stays until a person begins a new branch
  std::optional<wall_t> retired{};  ///< since when nobody expects it any more, as a person said
};

class archive {
 public:
  /** Makes the tables where there are none, and a place for each of these nodes. */
  [[nodiscard]] static result<std::unique_ptr<archive>> open(const database_place& where,
                                                             std::span<const std::string> nodes);
  /** To read alone; also to begin a branch. */
  [[nodiscard]] static result<std::unique_ptr<archive>> open_to_read(const database_place& where);

  /** Takes the entries that go on from where the node's copy stands; durable when it returns. Where the shipment begins
   * elsewhere nothing is taken, and the head says from where to go on, or that it is a fork. A problem for entries that
   * do not chain, and for all that the database does not do: then nothing of the shipment is there, or, where the
   * answer to a commit was lost, all of it, which the next shipment finds out. `now` labels it. */
  [[nodiscard]] result<ledger::taken> take(const std::string& node, const ledger::shipment& s, wall_t now);

  /** In order of their names; of each the branch that goes on. */
  [[nodiscard]] result<std::vector<node_head>> heads();
  /** The same of every branch that there is. */
  [[nodiscard]] result<std::vector<node_head>> branches();
  /** Entries after `after` up to `last`, some thousand at most; the number of the last one shown, `after` if there is
   * none. */
  [[nodiscard]] result<std::int64_t> read(const node_head& of, std::int64_t after, std::int64_t last,
                                          const std::function<void(const ledger::shipped_entry&)>& each);
  /** A person's word that a fork is to be followed, or that entries of the copy are gone from the database: the node
   * ships its journal anew, beside what is here. As all that people say here it is an entry of the centre's own
   * journal.
   */
  [[nodiscard]] result<std::int32_t> begin_branch(const std::string& node, const std::string& by,
                                                  const std::string& why, wall_t now);

  /** A person's word that the node ships no more (`since`), or does after all (none): it is no alarm that it is behind,
   * and its lines are in no scope from then on. What it ships is taken all the same. */
  [[nodiscard]] result<void> retire(const std::string& node, const std::string& by, const std::string& why,
                                    std::optional<wall_t> since, wall_t now);

  [[nodiscard]] bool good() const { return !outdated_ && db_->good(); }
  /** Somebody has changed what this conversation rests on: nothing was written, and with a new one it may be. */
  [[nodiscard]] bool outdated() const { return outdated_; }
  /** For the centre's own journal (own_journal.h); in no transaction. */
  [[nodiscard]] database& conversation() { return *db_; }

 private:
  struct held_head;
  archive(std::unique_ptr<database> db, std::int64_t epoch) : db_(std::move(db)), epoch_(epoch) {}
  [[nodiscard]] result<std::vector<node_head>> heads_where(std::string_view which);
  [[nodiscard]] result<void> know_nodes(std::span<const std::string> make);
  [[nodiscard]] result<void> add_node(const std::string& name);
  [[nodiscard]] result<std::int32_t> number_of(const std::string& node) const;
  /** `first`: what is held before the node's row. */
  [[nodiscard]] result<held_head> hold(std::int32_t node, std::string_view first = "");
  /** Whether every entry up to the head is there, the last one with its hash. */
  [[nodiscard]] result<bool> is_whole(std::int32_t node, const held_head& h);
  [[nodiscard]] result<ledger::taken> compare(std::int32_t node, const held_head& h, const ledger::shipment& s,
                                              wall_t now);
  [[nodiscard]] result<void> append(std::int32_t node, const held_head& h, const ledger::shipment& s, wall_t now);
  /** The transaction is over, and nothing of it was done. */
  void give_up();

  std::unique_ptr<database> db_;
  std::int64_t epoch_;
  bool outdated_ = false;
  std::map<std::string, std::int32_t, std::less<>> numbers_;
};

}  // namespace changtong::centre
