#include "daemon/ledger/journal.h"

#include <algorithm>

#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

constexpr std::int64_t entries_at_once = 2000;  // a read transaction must stay short: it holds the writer's log back

class stored_journal final : public journal {
 public:
  explicit stored_journal(const std::string& path) : store_(path, store::mode::read) {}

  [[nodiscard]] result<journal_head> head() const override {
    return guarded([&] {
      journal_head h;
      statement& row = store_.prepared("SELECT heartbeat, seq, hash FROM head");
      if (row.rows().step()) {
        h.heartbeat = row.instant(0);
        h.seq = row.integer(1);
        if (row.text(2).size() == h.hash.size()) std::ranges::copy(row.text(2), h.hash.begin());
      }
      row.reset();
      return h;
    });
  }

  [[nodiscard]] result<std::int64_t> read(std::int64_t seq, std::int64_t last,
                                          const std::function<void(const stored_entry&)>& each) const override {
    return guarded([&] {
      statement& row = store_.prepared(
          "SELECT seq, at, kind, body, hash FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?");
      std::int64_t shown = seq;
      for (row.rows(seq, last, entries_at_once); row.step();) {
        shown = row.integer(0);
        each({shown, row.instant(1), row.text(2), row.text(3), row.text(4)});
      }
      row.reset();
      return shown;
    });
  }

 private:
  mutable store store_;
};

}  // namespace

result<std::unique_ptr<journal>> journal::open(const std::string& path) {
  return guarded([&]() -> std::unique_ptr<journal> { return std::make_unique<stored_journal>(path); });
}

}  // namespace changtong::ledger
