#include "daemon/ledger/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <unordered_set>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/branches.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/lock.h"
#include "daemon/ledger/plain_tables.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/refold.h"
#include "daemon/ledger/sealer.h"
#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

constexpr std::size_t packed_at_most = 10'000;  // targets in one entry, so that a body stays below about a megabyte
constexpr int commits_between_checkpoints = 64;

class sqlite_writer final : public writer {
 public:
  sqlite_writer(const std::string& path, std::int64_t size_limit, const seal_options& seals)
      : lock_(path),
        store_((bring_beside(path), lock_.name()), store::mode::write),
        tables_(store_),
        projections_(tables_),
        sealer_(store_, lock_.name(), seals) {
    if (size_limit > 0) store_.limit_bytes(size_limit);
    refuse_what_computes(store_, path);
    if (is_copy(store_))
      throw refusal(
          both("{} 是另一台账本的副本，只收那一台送来的：登记请用那一台，或本机自己的账本",
               "{} is the copy of another node's ledger and takes what that one ships alone: enter it there, or "
               "in this machine's own ledger",
               path));
    upgrade(store_);
    load();
    sealer_.look_around(heartbeat_, seq_);
  }

  [[nodiscard]] restored restore() const override { return restored_; }
  [[nodiscard]] result<std::int64_t> commit(const ledger_batch& batch) override {
    // Without a heartbeat it is not a run that writes, but a person: whether the last run stopped cleanly stays as it
    // is.
    return attempt([&] { write(batch); }, batch.decided, clean_ && batch.heartbeat == wall_t{});
  }
  [[nodiscard]] result<std::int64_t> stop(wall_t at) override {
    const auto done = attempt(
        [&] {
          heartbeat_ = std::max(heartbeat_, at);
          append(stopped{at});
        },
        wall_min, true);
    if (done) (void)seal_the_rest();  // what fails here waits for the next run; the stop itself is durable
    store_.checkpoint();
    return done;
  }
  [[nodiscard]] result<void> seal_the_rest() override {
    for (std::int64_t before = -1; before < sealer_.status().count;) {
      const auto behind = guarded([&] { return sealer_.behind(heartbeat_); });
      if (!behind) return behind.error();
      if (!*behind) break;
      before = sealer_.status().count;
      if (const auto done = attempt([] {}, wall_min, clean_); !done) return done.error();
    }
    return {};
  }
  [[nodiscard]] std::string last_hash() const override { return host::hex(bytes_of(hash_)); }
  [[nodiscard]] const seal_status& seals() const override { return sealer_.status(); }

 private:
  void load();
  void load_restored();
  template <class F>
  result<std::int64_t> attempt(F f, wall_t decided, bool clean);
  void write(const ledger_batch& batch);
  void write(const record& r);
  void remember(const check_memory& m);
  void pack(const transition& t);
  void flush_resumed();
  void flush_unconfirmed();
  void flush_for(const std::string& target);
  [[nodiscard]] started placed(started s) const;
  void append(const entry& e);
  void save_head(bool clean);

  file_lock lock_;
  store store_;
  sql_tables tables_;
  projections projections_;
  sealer sealer_;
  restored restored_;
  wall_t heartbeat_{};
  std::int64_t seq_ = 0;
  digest hash_{};
  memory_sum memory_;
  bool clean_ = false;  ///< the mark that the file has
  bool fresh_ = true;   ///< what is in memory agrees with the file
  int commits_ = 0;
  resumed resumed_;  ///< waiting to be packed; empty between commits
  std::unordered_set<std::string> resumed_ids_;
  unconfirmed_runs unconfirmed_;
};

/** The state in memory as the file has it: at the start, and after a failure. */
void sqlite_writer::load() {
  resumed_.lines.clear();
  resumed_ids_.clear();
  unconfirmed_.runs.clear();
  statement& head = store_.prepared("SELECT heartbeat, clean, seq, hash FROM head");
  seq_ = 0;
  hash_ = {};
  heartbeat_ = {};
  if (head.rows().step()) {
    heartbeat_ = head.instant(0);
    clean_ = head.integer(1) != 0;
    if (commits_ == 0) restored_.crashed = !clean_;
    restored_.fresh = false;
  }
  head.reset();
  statement& last = store_.prepared("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
  if (last.rows().step()) {
    seq_ = last.integer(0);
    if (last.text(1).size() != hash_.size())
      throw refusal({"账本最后一条的摘要已损坏", "the last entry's hash is damaged"});
    std::ranges::copy(last.text(1), hash_.begin());
  }
  last.reset();
  projections_.load();
  sealer_.load();
  memory_ = sum_of_memory(store_);
  if (commits_ == 0) load_restored();
}

void sqlite_writer::load_restored() {
  restored_.heartbeat = heartbeat_;
  statement& states = store_.prepared(
      "SELECT t.id, s.state, s.since, s.outage, coalesce(o.found, 'none'), "
      "coalesce(o.why, 'none') FROM states s JOIN targets t USING(target) "
      "LEFT JOIN outages o ON o.target = s.target AND o.began = s.outage ORDER BY s.target");
  for (states.rows(); states.step();) {
    restored::state s;
    s.target = states.text(0);
    s.since = states.instant(2);
    if (!states.is_null(3)) {
      s.believed = line_state::down;  // an outage lives on through an unknown belief
      s.outage_began = states.instant(3);
      s.cause_known = states.text(4) != "none";
      const cause found = states.why(4);
      s.why = explains(found) ? found : states.why(5);
    } else if (states.text(1) == "up") {
      s.believed = line_state::up;
    }
    restored_.states.push_back(std::move(s));
  }
  states.reset();
  statement& memory = store_.prepared("SELECT check_id, text FROM memory ORDER BY check_id");
  for (memory.rows(); memory.step();)
    restored_.memory.push_back({std::string(memory.text(0)), std::string(memory.text(1))});
  memory.reset();
  statement& versions = store_.prepared(
      "SELECT i.target, t.id, i.at, i.json, i.author FROM inventory i JOIN targets t USING(target) "
      "ORDER BY i.target, i.seq");
  std::int64_t number = 0;
  const auto drop_if_removed = [&] {
    if (!restored_.inventory.empty() && restored_.inventory.back().json.empty()) restored_.inventory.pop_back();
  };
  for (versions.rows(); versions.step();) {
    if (versions.integer(0) != number) {
      drop_if_removed();
      restored_.inventory.emplace_back();
    }
    number = versions.integer(0);
    restored_.inventory.back() = {versions.instant(2), std::string(versions.text(1)), std::string(versions.text(3)),
                                  std::string(versions.text(4))};
  }
  drop_if_removed();
  versions.reset();
  statement& policy = store_.prepared("SELECT zone, policy FROM policies ORDER BY seq DESC LIMIT 1");
  if (policy.rows().step()) restored_.zone = policy.text(0), restored_.policy = policy.text(1);
  policy.reset();
}

/** One durable transaction, or nothing at all: after a failure the memory is read anew before the next try. */
template <class F>
result<std::int64_t> sqlite_writer::attempt(F f, wall_t decided, bool clean) {
  const auto done = guarded([&] {
    if (!fresh_) load();
    fresh_ = false;
    transaction t(store_, "BEGIN IMMEDIATE");
    f();
    sealer_.seal_days(heartbeat_, decided, seq_, hash_);
    save_head(clean);
    lock_.still_there();
    t.commit();
    clean_ = clean;
    fresh_ = true;
    return seq_;
  });
  if (done) sealer_.file_lines(heartbeat_);
  if (done && ++commits_ % commits_between_checkpoints == 0) store_.checkpoint();
  return done;
}

void sqlite_writer::write(const ledger_batch& batch) {
  heartbeat_ = std::max(heartbeat_, batch.heartbeat);
  for (const record& r : batch.records) write(r);
  flush_resumed();
  flush_unconfirmed();
  for (const check_memory& m : batch.memory) remember(m);
}

void sqlite_writer::remember(const check_memory& m) {
  statement& old = store_.prepared("SELECT text FROM memory WHERE check_id=?");
  if (old.rows(m.check).step()) memory_.take(m.check, old.text(0));
  old.reset();
  if (!m.text.empty()) memory_.add(m.check, m.text);
  if (m.text.empty())
    store_.prepared("DELETE FROM memory WHERE check_id=?").run(m.check);
  else
    store_.prepared("INSERT OR REPLACE INTO memory(check_id, text) VALUES(?, ?)").run(m.check, m.text);
}

void sqlite_writer::write(const record& r) {
  if (const auto* t = std::get_if<transition>(&r)) {
    flush_for(t->target);
    if (!projections_.follows(*t)) {
      log::error(
          "{} 的状态变化早于已入账的上一次，未入账（程序错误）/ a transition of {} at {} is earlier than its last; "
          "left out",
          t->target, t->target, ms_of(t->at));
      return;
    }
    if (projections_.is_resumption(*t)) return pack(*t);
    return append(*t);
  }
  if (const auto* u = std::get_if<unconfirmed_run>(&r)) {
    unconfirmed_.runs.push_back(*u);
    if (unconfirmed_.runs.size() == packed_at_most) flush_unconfirmed();
    return;
  }
  if (const auto* v = std::get_if<inventory_version>(&r); v != nullptr && projections_.is_current(*v)) return;
  if (const auto* p = std::get_if<policy_version>(&r)) {
    if (projections_.is_current(*p)) return;
    sealer_.zone_may_change();
  }
  if (std::holds_alternative<gap>(r)) flush_resumed();
  std::visit(
      [&]<class T>(const T& what) {
        if constexpr (std::is_same_v<T, started>)
          append(placed(what));
        else if constexpr (!std::is_same_v<T, unconfirmed_run>)
          append(what);
      },
      r);
}

/** Resumptions may wait while other targets' records pass them, never while their own target's or a gap would. */
void sqlite_writer::pack(const transition& t) {
  resumed_ids_.insert(t.target);
  resumed_.lines.push_back(t);
  if (resumed_.lines.size() == packed_at_most) flush_resumed();
}

void sqlite_writer::flush_for(const std::string& target) {
  if (resumed_ids_.contains(target)) flush_resumed();
}

void sqlite_writer::flush_resumed() {
  if (resumed_.lines.empty()) return;
  append(std::exchange(resumed_, {}));
  resumed_ids_.clear();
}

void sqlite_writer::flush_unconfirmed() {
  if (!unconfirmed_.runs.empty()) append(std::exchange(unconfirmed_, {}));
}

/** Only here is it known what a start follows, and what was found when the ledger was opened. */
started sqlite_writer::placed(started s) const {
  if (const std::string& found = sealer_.status().found; !found.empty()) s.text += (s.text.empty() ? "" : "；") + found;
  if (s.branch.empty()) s.branch = new_branch(s, hash_);
  s.parent = {};
  if (seq_ == 0) return s;
  const auto before = tables_.starts();
  s.parent = {before.empty() ? std::string() : before.back().what.branch, seq_, host::hex(bytes_of(hash_))};
  return s;
}

void sqlite_writer::append(const entry& e) {
  const entry_text text = encode(e, heartbeat_);
  const digest hash = chain(hash_, seq_ + 1, text.at, text.kind, text.body);
  store_.prepared("INSERT INTO journal(seq, at, kind, body, prev, hash) VALUES(?, ?, ?, ?, ?, ?)")
      .run(seq_ + 1, text.at, std::string(text.kind), text.body, statement::blob(bytes_of(hash_)),
           statement::blob(bytes_of(hash)));
  hash_ = hash;
  ++seq_;
  // Text that had to be mended is folded as the journal has it, so that a rebuild comes to the same rows.
  if (text.body.find("\xef\xbf\xbd") == std::string::npos)
    projections_.apply(seq_, e);
  else
    projections_.apply(seq_, decode_body(text.kind, text.body).value());
}

void sqlite_writer::save_head(bool clean) {
  const std::string_view hash = bytes_of(hash_);
  store_
      .prepared(
          "INSERT INTO head(one, heartbeat, clean, seq, hash) VALUES(1, ?, ?, ?, ?) ON CONFLICT(one) DO UPDATE SET "
          "heartbeat = excluded.heartbeat, clean = excluded.clean, seq = excluded.seq, hash = excluded.hash")
      .run(heartbeat_, clean ? 1 : 0, seq_, statement::blob(hash));
  if (!sealer_.signs()) return;  // a person's entry: what the last run signed still holds up to its entry
  const auto line = sealer_.sign_state({heartbeat_, clean, seq_, hash_, memory_.value(), {}, {}, {}});
  statement& put = store_.prepared("UPDATE head SET signature = ?");
  line ? put.run(*line) : put.run(nullptr);
}

}  // namespace

result<std::unique_ptr<writer>> writer::open(const std::string& path, std::int64_t size_limit_bytes,
                                             const seal_options& seals) {
  return guarded(
      [&]() -> std::unique_ptr<writer> { return std::make_unique<sqlite_writer>(path, size_limit_bytes, seals); });
}

}  // namespace changtong::ledger
