#include "daemon/ledger/people.h"

#include <algorithm>
#include <unordered_map>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

template <class F>
auto told(F f) {
  try {
    return f();
  } catch (...) {
    throw refusal(current_problem().text);
  }
}

/** The entries themselves are read, not their columns: who made one and what was said stands only there. */
template <class T>
T entry_of(statement& row, int column, const char* kind) {
  const auto read = decode(kind, row.text(column));
  if (!read) throw refusal("账目无法读取，请运行 ledger verify / an entry cannot be read: " + read.error().text);
  return std::get<T>(*read);
}

class sqlite_people final : public people_books {
 public:
  explicit sqlite_people(const std::string& path) : store_(path, store::mode::read) {}

  [[nodiscard]] civil_zone zone() const override;
  [[nodiscard]] bool knows(std::string_view target) const override;
  [[nodiscard]] std::vector<std::string> targets() const override;
  [[nodiscard]] std::vector<window_record> window(std::string_view id) const override;
  [[nodiscard]] std::vector<std::vector<window_record>> windows(period p, std::string_view only,
                                                                std::size_t limit) const override;
  [[nodiscard]] std::vector<annotation> annotations(period p, std::string_view only, std::size_t limit) const override;
  [[nodiscard]] std::vector<duty_record> duties(std::string_view from, std::string_view to,
                                                std::size_t limit) const override;
  [[nodiscard]] std::vector<policy_version> policies() const override;

 private:
  mutable store store_;
};

civil_zone sqlite_people::zone() const {
  return told([&] {
    std::string name = "Asia/Shanghai";
    statement& last = store_.prepared("SELECT zone FROM policies WHERE zone <> '' ORDER BY seq DESC LIMIT 1");
    if (last.rows().step()) name = last.text(0);
    last.reset();
    const auto zone = civil_zone::named(name);
    if (!zone) throw refusal(zone.error().text);
    return *zone;
  });
}

bool sqlite_people::knows(std::string_view target) const {
  return told([&] {
    statement& last = store_.prepared(
        "SELECT i.json <> '' FROM inventory i JOIN targets t USING(target) WHERE t.id = ? ORDER BY i.seq DESC LIMIT 1");
    const bool known = last.rows(target).step() && last.integer(0) != 0;
    last.reset();
    return known;
  });
}

std::vector<std::string> sqlite_people::targets() const {
  return told([&] {
    std::vector<std::string> all;
    statement& current = store_.prepared(
        "SELECT t.id FROM targets t WHERE (SELECT i.json FROM inventory i WHERE i.target = t.target ORDER BY i.seq "
        "DESC LIMIT 1) <> '' ORDER BY t.id");
    for (current.rows(); current.step();) all.emplace_back(current.text(0));
    current.reset();
    return all;
  });
}

std::vector<window_record> sqlite_people::window(std::string_view id) const {
  return told([&] {
    std::vector<window_record> steps;
    statement& row =
        store_.prepared("SELECT j.body FROM windows w JOIN journal j USING(seq) WHERE w.id = ? ORDER BY w.seq");
    for (row.rows(id); row.step();) steps.push_back(entry_of<window_record>(row, 0, "window"));
    row.reset();
    return steps;
  });
}

std::vector<std::vector<window_record>> sqlite_people::windows(period p, std::string_view only,
                                                               std::size_t limit) const {
  return told([&] {
    std::vector<std::vector<window_record>> all;
    std::unordered_map<std::string, std::size_t> place;
    statement& row = store_.prepared(
        "SELECT j.body FROM windows w JOIN journal j USING(seq) WHERE w.id IN (SELECT x.id FROM windows x JOIN targets "
        "t USING(target) WHERE x.begins < ?2 AND x.ends > ?1 AND (?3 = '' OR t.id = ?3)) ORDER BY w.seq");
    for (row.rows(p.from, p.to, only); row.step();) {
      window_record r = entry_of<window_record>(row, 0, "window");
      const auto [at, fresh] = place.try_emplace(r.id, all.size());
      if (at->second >= limit) continue;
      if (fresh) all.emplace_back();
      all[at->second].push_back(std::move(r));
    }
    row.reset();
    return all;
  });
}

std::vector<annotation> sqlite_people::annotations(period p, std::string_view only, std::size_t limit) const {
  return told([&] {
    std::vector<annotation> all;
    statement& row = store_.prepared(
        "SELECT j.body FROM annotations a JOIN journal j USING(seq) JOIN targets t USING(target) WHERE a.about >= ?1 "
        "AND a.about < ?2 AND (?3 = '' OR t.id = ?3) ORDER BY a.about DESC, a.seq DESC LIMIT ?4");
    for (row.rows(p.from, p.to, only, static_cast<std::int64_t>(limit)); row.step();)
      all.push_back(entry_of<annotation>(row, 0, "annotation"));
    row.reset();
    return all;
  });
}

std::vector<duty_record> sqlite_people::duties(std::string_view from, std::string_view to, std::size_t limit) const {
  return told([&] {
    std::vector<duty_record> all;
    statement& row = store_.prepared(
        "SELECT j.body FROM duties d JOIN journal j USING(seq) WHERE d.day BETWEEN ? AND ? ORDER BY d.day, d.seq "
        "LIMIT ?");
    for (row.rows(from, to, static_cast<std::int64_t>(limit)); row.step();)
      all.push_back(entry_of<duty_record>(row, 0, "duty"));
    row.reset();
    return all;
  });
}

std::vector<policy_version> sqlite_people::policies() const {
  return told([&] {
    std::vector<policy_version> all;
    statement& row = store_.prepared("SELECT at, zone, policy FROM policies ORDER BY seq");
    for (row.rows(); row.step();)
      all.push_back({row.instant(0), std::string(row.text(1)), std::string(row.text(2)), {}});
    row.reset();
    return all;
  });
}

}  // namespace

result<std::unique_ptr<people_books>> people_books::open(const std::string& path) {
  return guarded([&]() -> std::unique_ptr<people_books> { return std::make_unique<sqlite_people>(path); });
}

std::string_view policy_at(const std::vector<policy_version>& all, wall_t at) {
  std::string_view in_force = all.empty() ? std::string_view{} : std::string_view(all.front().policy);
  for (const policy_version& p : all)
    if (p.at <= at) in_force = p.policy;
  return in_force;
}

}  // namespace changtong::ledger
