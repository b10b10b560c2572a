#pragma once
/** A night in a district, played to a grouping: who goes down when, and which steps that makes. It can be killed after
 * any step, as a daemon is: then another grouping takes up from the steps entered so far and the outages open then. */
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/publish/alerts/grouping.h"

namespace changtong::alerts {

inline constexpr wall_t evening = wall_from_ms(1'773'410'400'000);  // 2026-03-13T22:00:00+08:00
/** Seconds of the night, to the millisecond. */
inline wall_t at(double s) { return evening + milliseconds{std::llround(s * 1000)}; }

struct place {
  std::string id, town, carrier, parent = {};
  target_kind kind = target_kind::line;
  std::optional<wall_t> closed = {};
};

inline std::shared_ptr<const inventory> district_of(const std::vector<place>& places) {
  auto inv = std::make_shared<inventory>();
  for (const place& p : places) {
    target t;
    t.id = t.name = p.id;
    t.kind = p.kind;
    t.town = p.town;
    t.carrier = p.carrier;
    t.parent = p.parent;
    t.closed = p.closed;
    inv->add(std::move(t));
  }
  for (target& t : inv->targets)
    if (!t.parent.empty()) t.parent_index = inv->index_of(t.parent);
  return inv;
}

inline std::string numbered(const std::string& letter, int n) { return fmt::format("{}{:02}", letter, n); }

/** 龙河镇 behind one uplink T1 with 14 villages; 26 lines of 中国移动 over five towns; a valley of two towns, each line
 * of another carrier than the next; five lines with nothing in common; four sites. */
inline std::shared_ptr<const inventory> county() {
  std::vector<place> all{{"T1", "龙河镇", "中国电信"}};
  const std::vector<std::string> carriers{"中国移动", "中国联通", "中国电信"};
  const std::vector<std::string> towns{"青山乡", "水口镇", "石桥镇", "东湾镇", "白沙镇"};
  const auto turn = [](const std::vector<std::string>& of, int n) {
    return of[static_cast<std::size_t>(n) % of.size()];
  };
  for (int n = 1; n <= 14; ++n) all.push_back({numbered("V", n), "龙河镇", turn(carriers, n), "T1"});
  for (int n = 1; n <= 26; ++n) all.push_back({numbered("C", n), turn(towns, n), "中国移动"});
  for (int n = 1; n <= 10; ++n) all.push_back({numbered("P", n), "上坪乡", turn(carriers, n)});
  for (int n = 1; n <= 8; ++n) all.push_back({numbered("Q", n), "下坪乡", turn(carriers, n)});
  all.push_back({"L1", "西岭镇", "中国广电"});
  all.push_back({"L2", "北关镇", "中国联通"});
  all.push_back({"L3", "南门镇", "长城宽带"});
  all.push_back({"L4", "东门镇", "教育网"});
  all.push_back({"L5", "西门镇", "科技网"});
  all.push_back({"L6", "中街镇", "歌华"});
  for (int n = 1; n <= 4; ++n) all.push_back({numbered("S", n), "", "", "", target_kind::site});
  return district_of(all);
}

class night {
 public:
  using event = std::function<void(night&, grouping&, wall_t)>;

  explicit night(std::shared_ptr<const inventory> inv = county(), together_limits limits = {})
      : inv_(std::move(inv)), limits_(limits) {}

  /** Confirmed at `s`, begun two seconds before, seen well `interval` before that; its cause is known at once unless
   * said otherwise. */
  night& down(const std::string& id, double s, double cause_after = 0, const std::string& upstream = "",
              double took = 2, double interval = 1) {
    transition t;
    t.target = id;
    t.to = line_state::down;
    t.at = at(s - took);
    t.edge = {.after = t.at - milliseconds{std::llround(interval * 1000)}, .until = t.at};
    t.confirmed = at(s);
    add(s, [t](night& of, grouping& g, wall_t now) {
      of.open_[t.target] = t;
      g.take(t, now);
    });
    if (cause_after < 0) return *this;
    cause_found c;
    c.target = id;
    c.began = at(s - took);
    c.why = upstream.empty() ? cause::own_line : cause::upstream;
    c.upstream = upstream;
    return add(s + cause_after, [c](night&, grouping& g, wall_t now) { g.take(c, now); });
  }
  night& up(const std::string& id, double s) {
    transition t;
    t.target = id;
    t.to = line_state::up;
    t.at = at(s - 1);
    t.confirmed = at(s);
    return add(s, [t](night& of, grouping& g, wall_t now) {
      of.open_.erase(t.target);
      g.take(t, now);
    });
  }
  night& unknown(const std::string& id, double s) {
    transition t;
    t.target = id;
    t.to = line_state::unknown;
    t.at = at(s);
    t.confirmed = at(s);
    return add(s, [t](night&, grouping& g, wall_t now) { g.take(t, now); });
  }
  night& own(const std::string& name, bool wrong, double s) {
    return add(s, [name, wrong](night&, grouping& g, wall_t now) { g.own(name, wrong, now); });
  }
  night& condition(alert_subject what, const std::string& id, const std::string& name, bool wrong, double s) {
    return add(s, [=](night&, grouping& g, wall_t now) { g.condition(what, id, name, wrong, now); });
  }
  night& adopt(std::shared_ptr<const inventory> inv, double s) {
    return add(s, [inv](night& of, grouping& g, wall_t now) {
      of.inv_ = inv;
      g.adopt(inv, of.limits_, now);
    });
  }
  night& add(double s, event e) {
    events_.emplace(at(s), std::move(e));
    return *this;
  }

  /** Plays it to `end`; after `kill` steps the daemon dies and is there again `away` later. */
  std::vector<alert_record> play(double end, std::size_t kill = SIZE_MAX, milliseconds away = milliseconds{0}) {
    entered_.clear();
    open_.clear();
    kill_ = kill;
    away_ = away;
    g_ = std::make_shared<grouping>(inv_, limits_, *civil_zone::named("Asia/Shanghai"));
    auto next = events_.begin();
    for (wall_t now{}; (now = std::min(next == events_.end() ? wall_max : next->first, g_->until())) <= at(end);) {
      now = std::max(now, last_);
      for (; next != events_.end() && next->first <= now; ++next) next->second(*this, *g_, now);
      last_ = now;
      enter(now);
    }
    last_ = wall_min;
    return entered_;
  }
  /** What play() made, one step a line: "12.700 1 opened upstream T1: T1 V01 V02". */
  std::vector<std::string> told(double end) {
    std::vector<std::string> out;
    for (const alert_record& r : play(end)) out.push_back(line(r));
    return out;
  }
  static std::string line(const alert_record& r) {
    return fmt::format("{:.3f} {} {} {}{}{}:{}{}{}", static_cast<double>((r.at - evening).count()) / 1000,
                       r.alert.substr(r.alert.size() - 4), name_of(r.step), name_of(r.subject),
                       r.name.empty() ? "" : " ", r.name, r.targets.empty() ? "" : " ", r.targets,
                       r.of.empty() ? "" : " (" + r.of + ")");
  }
  [[nodiscard]] const std::map<std::string, transition>& open() const { return open_; }

 private:
  void enter(wall_t now) {
    for (alert_record& r : g_->due(now)) {
      entered_.push_back(std::move(r));
      if (entered_.size() != kill_) continue;
      std::vector<transition> open;
      for (const auto& [id, t] : open_) open.push_back(t);
      g_ = std::make_shared<grouping>(inv_, limits_, *civil_zone::named("Asia/Shanghai"));
      last_ = now + away_;
      g_->recall(entered_, open, last_);
      return;
    }
  }

  std::shared_ptr<const inventory> inv_;
  together_limits limits_;
  std::multimap<wall_t, event> events_;
  std::map<std::string, transition> open_;
  std::vector<alert_record> entered_;
  std::shared_ptr<grouping> g_;
  std::size_t kill_ = SIZE_MAX;
  milliseconds away_{0};
  wall_t last_ = wall_min;
};

inline std::string range(const std::string& letter, int from, int to) {
  std::string out;
  for (int n = from; n <= to; ++n) out += (out.empty() ? "" : " ") + numbered(letter, n);
  return out;
}

}  // namespace changtong::alerts
