#include "daemon/ledger/second_book.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/ledger/chain_walk.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/lock.h"
#include "daemon/ledger/plain_tables.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/refold.h"
#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

constexpr int commits_between_checkpoints = 64;

class stored_second_book final : public second_book {
 public:
  explicit stored_second_book(const std::string& path)
      : lock_(path), store_(lock_.name(), store::mode::write), tables_(store_), projections_(tables_) {
    refuse_what_computes(store_, path);
    upgrade(store_);
    store_.execute("CREATE TABLE IF NOT EXISTS copied(one INTEGER PRIMARY KEY CHECK(one = 1)) STRICT");
    load();
  }

  [[nodiscard]] journal_head head() const override { return head_; }

  [[nodiscard]] result<taken> take(const shipment& s) override {
    return guarded([&]() -> taken {
      lock_.still_there();
      if (!fresh_) load();
      if (const bool here = has(s.after, s.hash); !here || s.after != head_.seq)
        return standing(s.after <= head_.seq && !here);
      if (s.entries.empty() && (!s.heartbeat || *s.heartbeat <= head_.heartbeat)) return standing(false);
      fresh_ = false;
      journal_head next = head_;
      transaction t(store_, "BEGIN IMMEDIATE");
      for (const shipped_entry& e : s.entries) append(next, e);
      if (s.heartbeat) next.heartbeat = std::max(next.heartbeat, *s.heartbeat);
      save(next);
      lock_.still_there();
      t.commit();
      head_ = next;
      fresh_ = true;
      if (++commits_ % commits_between_checkpoints == 0) store_.checkpoint();
      return standing(false);
    });
  }

 private:
  [[nodiscard]] taken standing(bool fork) const { return {.head = {head_.seq, head_.hash}, .fork = fork}; }

  /** Whether entry `seq` is here, with this hash; nobody's entry 0 has the hash of zeros. */
  [[nodiscard]] bool has(std::int64_t seq, const digest& hash) {
    if (seq == 0) return hash == digest{};
    return hash_of_entry(store_, seq) == hash;
  }

  /** The state in memory as the file has it: at the start, and after a failure. */
  void load() {
    head_ = {};
    statement& row = store_.prepared("SELECT heartbeat, seq, hash FROM head");
    if (row.rows().step()) {
      head_.heartbeat = row.instant(0);
      head_.seq = row.integer(1);
      if (row.text(2).size() != head_.hash.size())
        throw refusal({"副本的末尾摘要已损坏", "the copy's last hash is damaged"});
      std::ranges::copy(row.text(2), head_.hash.begin());
    }
    row.reset();
    projections_.load();
    fresh_ = true;
  }

  void append(journal_head& h, const shipped_entry& e) {
    if (e.seq != h.seq + 1 || chain(h.hash, e.seq, e.at, e.kind, e.body) != e.hash)
      throw refusal(both("第 {} 条的摘要与前一条接不上", "entry {} does not chain with the one before", e.seq));
    const auto what = decode(e.kind, e.at, e.body);
    if (!what)
      throw refusal(both("第 {} 条读不懂：{}；对方的版本可能更新", "entry {} cannot be read: {}; is the peer newer?",
                         e.seq, words_of(what.error())));
    store_.prepared("INSERT INTO journal(seq, at, kind, body, prev, hash) VALUES(?, ?, ?, ?, ?, ?)")
        .run(e.seq, e.at, e.kind, e.body, statement::blob(bytes_of(h.hash)), statement::blob(bytes_of(e.hash)));
    h.hash = e.hash;
    h.seq = e.seq;
    projections_.apply(e.seq, *what);
  }

  void save(const journal_head& h) {
    store_
        .prepared(
            "INSERT INTO head(one, heartbeat, clean, seq, hash) VALUES(1, ?, 0, ?, ?) ON CONFLICT(one) DO UPDATE SET "
            "heartbeat = excluded.heartbeat, seq = excluded.seq, hash = excluded.hash")
        .run(h.heartbeat, h.seq, statement::blob(bytes_of(h.hash)));
  }

  file_lock lock_;
  store store_;
  sql_tables tables_;
  projections projections_;
  journal_head head_;
  bool fresh_ = true;  ///< the projections in memory agree with the file
  int commits_ = 0;
};

}  // namespace

result<std::unique_ptr<second_book>> second_book::open(const std::string& path) {
  return guarded([&]() -> std::unique_ptr<second_book> { return std::make_unique<stored_second_book>(path); });
}

result<bool> copy_is_damaged(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none) || std::filesystem::file_size(path, none) == 0) return false;
  if (!is_ledger(path)) return true;
  return guarded([&]() -> bool {
    try {
      store s(path, store::mode::read);
      std::string said;
      statement& row = s.prepared("PRAGMA quick_check(1)");
      if (row.rows().step()) said = std::string(row.text(0));
      row.reset();
      return said != "ok";
    } catch (...) {
      if (!is_damage()) throw;
      return true;
    }
  });
}

std::vector<std::string> copies_set_aside(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path here(path);
  const std::string begin = here.filename().string() + ".";
  constexpr std::size_t stamp = 15;  // 20260314-092653
  std::vector<std::string> all;
  std::error_code none;
  for (const fs::directory_entry& e : fs::directory_iterator(here.parent_path(), none))
    if (const std::string name = e.path().filename().string();
        name.starts_with(begin) && name.size() == begin.size() + stamp)
      all.push_back(e.path().string());
  std::ranges::sort(all);
  return all;
}

result<std::string> set_copy_aside(const std::string& path, const std::string& stamp) {
  std::string aside = path + "." + stamp;
  std::error_code failed;
  // The log first: whatever happens in between, no new book ever meets an old one's log.
  for (const char* end : {"-wal", "-shm", ""})
    if (std::filesystem::exists(path + end, failed)) {
      std::filesystem::rename(path + end, aside + end, failed);
      if (failed) return about(path + end, said(system_words(failed.value())));
    }
  return result<std::string>(boost::system::in_place_value, std::move(aside));
}

}  // namespace changtong::ledger
