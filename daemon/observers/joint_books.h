#pragma once
/** The books of one node of a pair, with what people entered on either. What was observed is this node's alone, and so
 * are its figures: they have to be what its ledger proves. README.md holds the rules. One reader, one thread at a time;
 * what the other one's copy does not let be read is left out, said once, and tried again at the next call. */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/ledger/reader.h"
#include "daemon/observers/as_seen_here.h"
#include "daemon/observers/kept_entries.h"

namespace changtong::observers {

/** The copy of the other node's book. Called on the reader's thread. */
struct other_node {
  std::function<result<std::unique_ptr<ledger::reader>>()> open;  ///< a problem: there is none just now
  std::function<std::uint64_t()> version;  ///< grows when another file has taken its place; may be empty
  bool is_first = false;                   ///< it is the first by rank
  /** Its clock is too far from ours for its labels to mean anything here: nothing of it counts. May be empty. */
  std::function<bool()> apart{};
  /** So many of its entries of a kind were left out, for there are more than memory is given; 0 once there are not.
   * May be empty. */
  std::function<void(std::string_view kind, std::size_t)> left_out{};
  std::function<void()> unreadable{};  ///< it was open, and reading failed; must not block; may be empty
  entry_bounds bounds{};
};

class joint_books final : public ledger::reader {
 public:
  /** `own` reads closed periods as they were closed. `words` may be shared with other readers of the same two. */
  joint_books(std::unique_ptr<ledger::reader> own, other_node other, std::shared_ptr<as_seen_here> words);

  /** What was taken over on the other node since then, in the words of here. */
  [[nodiscard]] std::vector<acknowledgement> taken_there(wall_t since) const;

  [[nodiscard]] const civil_zone& zone() const override { return own_->zone(); }
  [[nodiscard]] wall_t first_entry() const override { return own_->first_entry(); }
  [[nodiscard]] wall_t heartbeat() const override { return own_->heartbeat(); }
  [[nodiscard]] wall_t now(wall_t wall) const override { return own_->now(wall); }
  [[nodiscard]] std::vector<ledger::known_target> targets() const override { return own_->targets(); }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override {
    return own_->categories();
  }
  void histories(period p, wall_t now, std::string_view only,
                 const std::function<void(const ledger::known_target&, const availability::target_history&)>& each)
      const override {
    own_->histories(p, now, only, each);
  }
  [[nodiscard]] std::vector<availability::outage> outages(period p, std::string_view only,
                                                          std::size_t limit) const override {
    return own_->outages(p, only, limit);
  }
  [[nodiscard]] std::vector<ledger::window_entry> windows() const override;
  /** This node's alone: what is closed is closed by its ledger. */
  [[nodiscard]] result<std::unique_ptr<ledger::reader>> reopened() const override { return own_->reopened(); }
  [[nodiscard]] wall_t sealed_until() const override { return own_->sealed_until(); }
  [[nodiscard]] std::vector<policy_version> policies() const override { return own_->policies(); }
  [[nodiscard]] std::set<std::int32_t> rules() const override { return own_->rules(); }
  [[nodiscard]] std::vector<started> starts() const override { return own_->starts(); }
  using ledger::reader::declared;
  void declared(std::string_view kind, const ledger::declared_query& q, std::string_view target,
                const std::function<void(record&&)>& each) const override;
  void alert_journal(std::string_view since, const std::function<void(record&&)>& each) const override;

 private:
  /** What `read` finds in the other one's copy; `otherwise` where there is none to read. */
  template <class F>
  auto there(F read) const -> decltype(read(std::declval<const ledger::reader&>()));
  [[nodiscard]] std::vector<record> declared_there(const ledger::reader& from, std::string_view kind,
                                                   const ledger::declared_query& q, std::string_view target) const;
  [[nodiscard]] std::vector<record> within_bounds(std::string_view kind, kept_entries kept) const;
  [[nodiscard]] std::vector<record> together(std::vector<record> ours, std::vector<record> theirs) const;

  std::unique_ptr<ledger::reader> own_;
  other_node other_;
  std::shared_ptr<as_seen_here> words_;
  mutable std::unique_ptr<ledger::reader> copy_;
  mutable std::uint64_t version_ = 0;
  mutable bool said_ = false, said_too_many_ = false;
};

}  // namespace changtong::observers
