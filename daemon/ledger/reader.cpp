#include "daemon/ledger/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <deque>

#include "daemon/ledger/account.h"
#include "daemon/ledger/catalogue.h"
#include "daemon/ledger/known_at.h"
#include "daemon/ledger/plain_tables.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

using availability::outage;
using availability::target_history;

/** What a reader throws once it is open is one sentence, whatever SQLite said. */
template <class F>
auto told(F f) {
  try {
    return f();
  } catch (...) {
    throw refusal(words_of(current_problem()));
  }
}

class book_reader final : public reader {
 public:
  /** `s` may be null: the rows then live elsewhere. */
  book_reader(std::unique_ptr<store> s, std::unique_ptr<tables> rows, bool frozen, std::string path)
      : path_(std::move(path)),
        store_(std::move(s)),
        tables_(std::move(rows)),
        frozen_(frozen),
        zone_(zone_of(*tables_)) {}

  [[nodiscard]] const civil_zone& zone() const override { return zone_; }
  [[nodiscard]] wall_t first_entry() const override {
    return told([&] { return tables_->first_entry(); });
  }
  [[nodiscard]] wall_t heartbeat() const override {
    return told([&] { return tables_->heartbeat(); });
  }
  [[nodiscard]] wall_t now(wall_t wall) const override;
  [[nodiscard]] std::vector<known_target> targets() const override;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override;
  void histories(period p, wall_t now, std::string_view only,
                 const std::function<void(const known_target&, const target_history&)>& each) const override;
  [[nodiscard]] std::vector<outage> outages(period p, std::string_view only, std::size_t limit) const override;
  [[nodiscard]] std::vector<window_entry> windows() const override;
  [[nodiscard]] result<std::unique_ptr<reader>> reopened() const override {
    return reader::open(path_, {.frozen = false});
  }
  [[nodiscard]] wall_t sealed_until() const override;
  [[nodiscard]] std::vector<policy_version> policies() const override;
  [[nodiscard]] std::set<std::int32_t> rules() const override;
  [[nodiscard]] std::vector<started> starts() const override;
  void declared(std::string_view kind, const declared_query& q, std::string_view target,
                const std::function<void(record&&)>& each) const override;
  void alert_journal(std::string_view since, const std::function<void(record&&)>& each) const override;

 private:
  static civil_zone zone_of(const tables& t);

  std::string path_;  ///< of the ledger; empty where there is none
  std::unique_ptr<store> store_;
  std::unique_ptr<tables> tables_;
  bool frozen_;
  mutable catalogue catalogue_;
  civil_zone zone_;
};

civil_zone book_reader::zone_of(const tables& t) {
  std::string name = "Asia/Shanghai";
  for (const policy_row& p : t.policies())
    if (!p.zone.empty()) name = p.zone;
  result<civil_zone> zone = civil_zone::named(name);
  if (!zone) throw refusal(words_of(zone.error()));
  return *zone;
}

/** A trace ends where it ends, whatever the time is now. Its ledger says so in its first start. */
wall_t book_reader::now(wall_t wall) const {
  return told([&] {
    if (!store_) return wall;
    return is_replay(*store_) ? tables_->heartbeat() : wall;
  });
}

std::vector<known_target> book_reader::targets() const {
  return told([&] {
    const auto held = tables_->hold();
    std::vector<known_target> all;
    for (const catalogued& c : catalogue_.read(*tables_))
      all.push_back(c.what), all.back().removed = c.scopes.back().removed.has_value();
    return all;
  });
}

/** From the policy in force: {"categories":[{"id":…,"name":…},…]}. */
std::vector<std::pair<std::string, std::string>> book_reader::categories() const {
  return told([&] {
    std::vector<std::pair<std::string, std::string>> all;
    const auto policies = tables_->policies();
    boost::json::value policy;
    boost::system::error_code failed;
    if (!policies.empty()) policy = boost::json::parse(policies.back().policy, failed);
    const boost::json::value* list = policy.is_object() ? policy.get_object().if_contains("categories") : nullptr;
    if (list == nullptr || !list->is_array()) return all;
    for (const boost::json::value& c : list->get_array()) {
      if (!c.is_object()) continue;
      const boost::json::value* id = c.get_object().if_contains("id");
      const boost::json::value* name = c.get_object().if_contains("name");
      if (id != nullptr && id->is_string() && name != nullptr && name->is_string())
        all.emplace_back(id->get_string(), name->get_string());
    }
    return all;
  });
}

void book_reader::histories(period p, wall_t now, std::string_view only,
                            const std::function<void(const known_target&, const target_history&)>& each) const {
  told([&] {
    const auto held = tables_->hold();
    (void)catalogue_.read(*tables_);
    const catalogued* one = only.empty() ? nullptr : catalogue_.find(only);
    if (!only.empty() && one == nullptr) return;
    account books(*tables_, {p, now, frozen_});
    if (one != nullptr) return each(one->what, books.history(*one));
    for (const catalogued* c : catalogue_.in_storage_order()) each(c->what, books.history(*c));
  });
}

std::vector<outage> book_reader::outages(period p, std::string_view only, std::size_t limit) const {
  return told([&] {
    const auto held = tables_->hold();
    std::vector<outage> found;
    (void)catalogue_.read(*tables_);
    const catalogued* one = only.empty() ? nullptr : catalogue_.find(only);
    if (p.empty() || limit == 0 || (!only.empty() && one == nullptr)) return found;
    account books(*tables_, {p, wall_max, frozen_});
    for (const auto& [number, began] : tables_->outages_touching(p, one == nullptr ? 0 : one->number, limit))
      if (const catalogued* c = catalogue_.find(number); c != nullptr) found.push_back(books.one_outage(*c, began));
    return found;
  });
}

std::vector<window_entry> book_reader::windows() const {
  return told([&] {
    std::vector<window_entry> all;
    for (window_row& w : tables_->rows<window_record>()) all.push_back({w.seq, std::move(w.what)});
    return all;
  });
}

wall_t book_reader::sealed_until() const {
  return told([&] {
    if (store_ == nullptr) return wall_max;
    statement& row = store_->prepared("SELECT line FROM seals ORDER BY number DESC LIMIT 1");
    wall_t until = wall_min;
    if (row.rows().step())
      if (const auto last = read_seal(row.text(0))) until = last->when.to;
    row.reset();
    return until;
  });
}

std::vector<policy_version> book_reader::policies() const {
  return told([&] {
    std::vector<policy_version> all;
    for (policy_row& p : tables_->policies()) all.push_back({p.at, std::move(p.zone), std::move(p.policy), {}});
    return all;
  });
}

std::set<std::int32_t> book_reader::rules() const {
  return told([&] {
    std::set<std::int32_t> all;
    for (const start_row& s : tables_->starts()) all.insert(s.what.rules);
    if (all.empty()) all.insert(1);  // a file of format 3 does not say it
    return all;
  });
}

std::vector<started> book_reader::starts() const {
  return told([&] {
    std::vector<started> all;
    for (start_row& s : tables_->starts()) all.push_back(std::move(s.what));
    return all;
  });
}

void book_reader::declared(std::string_view kind, const declared_query& q, std::string_view target,
                           const std::function<void(record&&)>& each) const {
  told([&] {
    std::unique_ptr<tables::moment> held;
    std::int64_t number = 0;
    if (!target.empty()) {
      held = tables_->hold();
      (void)catalogue_.read(*tables_);
      const catalogued* c = catalogue_.find(target);
      if (c == nullptr) return;
      number = c->number;
    }
    tables_->declared(kind, q, number, [&](std::int64_t, std::int64_t, record&& what) { each(std::move(what)); });
  });
}

void book_reader::alert_journal(std::string_view since, const std::function<void(record&&)>& each) const {
  told([&] {
    std::string day(since);
    std::erase(day, '-');
    const auto from = since.empty() ? result<period>(period{wall_min, wall_max}) : zone().parse(since);
    std::deque<record> all;  // a year of a district has a hundred thousand, which are not moved again
    std::vector<std::pair<std::int64_t, record*>> order;
    const auto add = [&](std::int64_t seq, std::int64_t, record&& what) {
      order.emplace_back(seq, &all.emplace_back(std::move(what)));
    };
    const auto read = [&]<class T>(types<T>, std::string_view letter) {
      const auto front = std::pair(std::string(letter) + day, std::string(letter) + "~");
      tables_->declared(description<T>::kind, {.keys = since.empty() ? std::nullopt : std::optional(front)}, 0, add);
    };
    const auto held = tables_->hold();
    read(types<alert_record>{}, "A");
    read(types<ticket_record>{}, "T");
    tables_->declared(description<acknowledgement>::kind, {}, 0,
                      [&](std::int64_t seq, std::int64_t number, record&& what) {
                        if (from && std::get<acknowledgement>(what).at >= from->from) add(seq, number, std::move(what));
                      });
    std::ranges::sort(order, {}, &std::pair<std::int64_t, record*>::first);
    for (const auto& [seq, what] : order) each(std::move(*what));
  });
}

}  // namespace

result<std::unique_ptr<reader>> reader::open(const std::string& path, const view& v) {
  return guarded([&]() -> std::unique_ptr<reader> {
    auto s = std::make_unique<store>(path, store::mode::read);
    refuse_what_computes(*s, path);
    std::unique_ptr<tables> rows;
    if (v.as_known_at) {
      const transaction t(*s, "BEGIN");
      rows = known_at(*s, *v.as_known_at);
    } else {
      rows = std::make_unique<sql_tables>(*s);
    }
    return std::make_unique<book_reader>(std::move(s), std::move(rows), v.frozen, path);
  });
}

result<std::unique_ptr<reader>> reader::over(std::unique_ptr<tables> rows, bool frozen) {
  return guarded([&]() -> std::unique_ptr<reader> {
    return std::make_unique<book_reader>(nullptr, std::move(rows), frozen, std::string{});
  });
}

}  // namespace changtong::ledger
