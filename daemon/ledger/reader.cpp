#include "daemon/ledger/reader.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <unordered_map>

#include "daemon/ledger/catalogue.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/rows.h"
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
    throw refusal(current_problem().text);
  }
}

bool is_replayed(store& s) {
  statement& first = s.prepared("SELECT body FROM journal WHERE kind = 'start' ORDER BY seq LIMIT 1");
  const std::string body = first.rows().step() ? std::string(first.text(0)) : std::string{};
  first.reset();
  const auto start = decode("start", body);
  return start && std::get<started>(*start).text.starts_with("replay");
}

class sqlite_reader final : public reader {
 public:
  explicit sqlite_reader(const std::string& path) : store_(path, store::mode::read), zone_(zone_of(store_)) {}

  [[nodiscard]] const civil_zone& zone() const override { return zone_; }
  [[nodiscard]] wall_t first_entry() const override {
    return told([&] { return first_in(store_); });
  }
  [[nodiscard]] wall_t heartbeat() const override {
    return told([&] { return heartbeat_in(store_); });
  }
  [[nodiscard]] wall_t now(wall_t wall) const override {
    return told([&] { return is_replayed(store_) ? heartbeat_in(store_) : wall; });
  }
  [[nodiscard]] std::vector<known_target> targets() const override;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override;
  void histories(period p, wall_t now, std::string_view only,
                 const std::function<void(const known_target&, const target_history&)>& each) const override;
  [[nodiscard]] std::vector<outage> outages(period p, std::string_view only, std::size_t limit) const override;

 private:
  static civil_zone zone_of(store& s);

  mutable store store_;
  mutable catalogue catalogue_;
  civil_zone zone_;
};

civil_zone sqlite_reader::zone_of(store& s) {
  std::string name = "Asia/Shanghai";
  statement& last = s.prepared("SELECT zone FROM policies WHERE zone <> '' ORDER BY seq DESC LIMIT 1");
  if (last.rows().step()) name = last.text(0);
  last.reset();
  result<civil_zone> zone = civil_zone::named(name);
  if (!zone) throw refusal(zone.error().text);
  return *zone;
}

std::vector<known_target> sqlite_reader::targets() const {
  return told([&] {
    const transaction t(store_, "BEGIN");
    std::vector<known_target> all;
    for (const catalogued& c : catalogue_.read(store_)) all.push_back(c.what);
    return all;
  });
}

/** From the policy in force: {"categories":[{"id":…,"name":…},…]}. */
std::vector<std::pair<std::string, std::string>> sqlite_reader::categories() const {
  return told([&] {
    std::vector<std::pair<std::string, std::string>> all;
    statement& last = store_.prepared("SELECT policy FROM policies ORDER BY seq DESC LIMIT 1");
    boost::json::value policy;
    boost::system::error_code failed;
    if (last.rows().step()) policy = boost::json::parse(last.text(0), failed);
    last.reset();
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

void sqlite_reader::histories(period p, wall_t now, std::string_view only,
                              const std::function<void(const known_target&, const target_history&)>& each) const {
  told([&] {
    const transaction t(store_, "BEGIN");
    (void)catalogue_.read(store_);
    const wall_t first = first_in(store_);
    const catalogued* one = only.empty() ? nullptr : catalogue_.find(only);
    if (!only.empty() && one == nullptr) return;
    rows books(store_, one == nullptr ? 0 : one->number);
    const auto tell = [&](const catalogued& c) {
      each(c.what, books.history(c.number, c.what.id, scope_of(c, first, now), p));
    };
    if (one != nullptr) return tell(*one);
    for (const catalogued* c : catalogue_.in_storage_order()) tell(*c);
  });
}

std::vector<outage> sqlite_reader::outages(period p, std::string_view only, std::size_t limit) const {
  return told([&] {
    const transaction t(store_, "BEGIN");
    std::vector<outage> found;
    (void)catalogue_.read(store_);
    const catalogued* one = only.empty() ? nullptr : catalogue_.find(only);
    if (p.empty() || limit == 0 || (!only.empty() && one == nullptr)) return found;
    rows books(store_, one == nullptr ? 0 : one->number);
    statement& touching = store_.prepared(
        "SELECT target, began FROM outages WHERE began < ? AND (ended IS NULL OR ended > ?) AND (?3 = 0 OR target = "
        "?3) "
        "ORDER BY began DESC, target");
    touching.rows(p.to, p.from, one == nullptr ? 0 : one->number);
    while (found.size() < limit && touching.step())
      if (const catalogued* c = catalogue_.find(touching.integer(0)); c != nullptr)
        found.push_back(books.one_outage(c->number, c->what.id, touching.instant(1)));
    touching.reset();
    return found;
  });
}

}  // namespace

result<std::unique_ptr<reader>> reader::open(const std::string& path) {
  return guarded([&]() -> std::unique_ptr<reader> { return std::make_unique<sqlite_reader>(path); });
}

}  // namespace changtong::ledger
