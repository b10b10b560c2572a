#include "daemon/publish/alerts/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "daemon/publish/alerts/delivery_rules.h"
#include "daemon/publish/alerts/own_faults.h"

namespace changtong::alerts {

namespace {

constexpr std::size_t most_shares = 6, most_towns = 5, most_traps = 2;

void add(std::string& text, const std::string& more) {
  if (!more.empty()) text += (text.empty() ? "" : "；") + more;
}

std::string in_state(std::size_t all, std::size_t up, std::size_t down, std::string_view unit) {
  if (up == all) return "正常";
  if (down == all) return "也中断";
  std::string out = fmt::format("中 {} {}正常", up, unit);
  if (down > 0) out += fmt::format("、{} {}中断", down, unit);
  if (up + down < all) out += fmt::format("、{} {}未知", all - up - down, unit);
  return out;
}

/** How many have what, the most first. */
std::vector<std::pair<std::string_view, std::size_t>> counted(std::span<const target* const> of,
                                                              std::string target::* what) {
  std::map<std::string_view, std::size_t> by;
  for (const target* t : of)
    if (!(t->*what).empty()) ++by[t->*what];
  std::vector<std::pair<std::string_view, std::size_t>> sorted(by.begin(), by.end());
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

}  // namespace

std::optional<outage_facts> evidence::outage(const target& t) const {
  return world_.outage ? world_.outage(t.id) : std::nullopt;
}

// -- cause -----------------------------------------------------------------------------------------------------------

std::string evidence::cause() const {
  if (leading_ != nullptr) {
    const auto o = outage(*leading_);
    return o ? one_cause(*o) : std::string{};
  }
  const shared_cause found = common_cause();
  if (step_.subject != alert_subject::carrier || found.most * 2 > of_.size()) return found.text;
  if (found.found == cause::carrier) return std::string(chinese(cause::carrier));  // of the others it is not said yet
  // What was found of a few of them does not name the cause of all.
  return "疑为" + std::string(chinese(cause::carrier)) + (found.text.empty() ? "" : "，其中 " + found.text);
}

changtong::cause evidence::named_cause() const {
  if (leading_ != nullptr) {
    const auto o = outage(*leading_);
    return o && explains(o->found) ? o->found : cause::none;
  }
  const shared_cause found = common_cause();
  const bool of_carrier = step_.subject == alert_subject::carrier;
  if (found.most * 2 <= of_.size()) return of_carrier ? cause::carrier : cause::none;
  return of_carrier && found.found == cause::middle ? cause::carrier : found.found;  // on the carrier's side either way
}

std::string evidence::one_cause(const outage_facts& o) const {
  if (o.why == cause::none) return {};
  const std::string after = o.after_own_uplink ? "（紧接本单位上联中断之后）" : "";
  if (!o.upstream.empty()) {
    const target* up = world_.targets->find(o.upstream);
    return fmt::format("上级 {} 中断", up != nullptr ? up->name : o.upstream);
  }
  const std::string sign(chinese(o.why));
  if (!explains(o.found)) return sign + after;
  const std::string found(chinese(o.found));
  return (over_ ? fmt::format("{}（当时{}）", found, sign) : sign + "，" + found) + after;
}

/** Of several: what was found, the most frequent first; what a parent explains is not theirs. */
evidence::shared_cause evidence::common_cause() const {
  shared_cause out;
  std::map<changtong::cause, std::pair<std::size_t, std::string>> by;
  for (const target* t : of_) {
    const auto o = outage(*t);
    if (!o || !explains(o->found) || o->found == cause::upstream) continue;
    auto& [n, why] = by[o->found];
    ++n;
    if (why.empty()) why = o->observed;
  }
  std::vector<std::pair<std::size_t, changtong::cause>> sorted;
  for (const auto& [found, what] : by) sorted.emplace_back(what.first, found);
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  if (sorted.empty()) return out;
  out.most = sorted.front().first;
  out.found = sorted.front().second;
  out.observed = by[sorted.front().second].second;
  if (sorted.size() == 1 && out.most == of_.size()) {
    out.text = chinese(sorted.front().second);
    return out;
  }
  for (const auto& [n, found] : sorted)
    out.text += fmt::format("{}{} 条为{}", out.text.empty() ? "" : "、", n, chinese(found));
  return out;
}

// -- observation -----------------------------------------------------------------------------------------------------

std::string evidence::observation() const {
  if (step_.subject == alert_subject::own) {
    const own_fault* f = own_fault_named(step_.name);
    return f != nullptr ? std::string(f->means) + who_is_on_duty() : std::string{};
  }
  if (over_) return leading_ != nullptr ? then_around(*leading_) : then_of_several();
  if (!world_.state) return {};
  if (leading_ == nullptr) return of_several();
  return leading_->kind == target_kind::site ? among_sites(*leading_) : around(*leading_);
}

std::string evidence::of_several() const {
  if (step_.subject == alert_subject::carrier) return of_carrier();
  if (step_.subject == alert_subject::town) return of_town();
  return step_.subject == alert_subject::many ? of_many() : std::string{};
}

/** As far as it speaks for the cause that is named. */
std::string evidence::then_of_several() const {
  const shared_cause found = common_cause();
  if (step_.subject != alert_subject::carrier || found.most * 2 > of_.size()) return found.observed;
  return then_of_carrier();
}

/** Of the alarm that nobody can be reached. */
std::string evidence::who_is_on_duty() const {
  if (step_.name != "nobody" || over_ || !world_.on_duty) return {};
  const std::vector<std::string> names = world_.on_duty();
  return names.empty() ? "；现在没有人当班" : "；当班：" + joined(names);
}

/** What the alert names is down unless it is seen to be up: what is shown of a line may be a moment behind. */
evidence::tally evidence::count(const among& is) const {
  tally n;
  const std::set<const target*> named_ones(of_.begin(), of_.end());
  for (target_index k = 0; k < world_.targets->targets.size(); ++k) {
    const target& t = world_.targets->targets[k];
    if (t.kind == target_kind::anchor || !is(t)) continue;
    ++n.all;
    const line_state s = world_.state(k);
    if (s == line_state::down || (s != line_state::up && named_ones.contains(&t))) ++n.down;
    if (s == line_state::up) ++n.up;
  }
  return n;
}

/** What the trace showed, and what else was found out. */
std::string evidence::on_the_way(const target& t) const {
  const auto o = outage(t);
  if (!o) return {};
  if (!o->observed.empty()) return o->observed;
  if (!o->visited.empty()) return "访问所见：" + o->visited;
  if (o->last_hop.empty()) return {};
  return o->next_hop.empty() ? fmt::format("路径到 {} 为止", o->last_hop)
                             : fmt::format("路径到 {} 为止，其后 {} 不应答", o->last_hop, o->next_hop);
}

/** Of a line: its parent and its neighbours, which it is not to blame on. */
std::string evidence::around(const target& t) const {
  std::string out = on_the_way(t);
  if (t.parent_index != no_index && world_.state(t.parent_index) == line_state::up)
    add(out, fmt::format("上级 {} 正常", world_.targets->targets[t.parent_index].name));
  const auto neighbours = [&](std::string_view word, const tally& n) {
    if (n.all > 0) add(out, fmt::format("{}其余 {} 条{}", word, n.all, in_state(n.all, n.up, n.down, "条")));
  };
  const auto line = [&](const target& o) { return o.kind == target_kind::line && o.id != t.id; };
  if (!t.town.empty()) neighbours(t.town, count([&](const target& o) { return line(o) && o.town == t.town; }));
  if (!t.carrier.empty())
    neighbours(t.carrier, count([&](const target& o) { return line(o) && o.carrier == t.carrier; }));
  return out;
}

/** The same of an outage that is over: as they were while it lasted. */
std::string evidence::then_around(const target& t) const {
  std::string out = on_the_way(t);
  if (t.kind == target_kind::site) {
    add(out, beside(t, [](const target& o) { return o.kind == target_kind::site; }, "个网站"));
    return out;
  }
  const auto line = [](const target& o) { return o.kind == target_kind::line; };
  const auto also = [&](const std::string& who, const std::string& what) {
    add(out, what.empty() ? what : who + what);
  };
  if (!t.town.empty()) also(t.town, beside(t, [&](const target& o) { return line(o) && o.town == t.town; }, "条"));
  if (!t.carrier.empty())
    also(t.carrier, beside(t, [&](const target& o) { return line(o) && o.carrier == t.carrier; }, "条"));
  return out;
}

/** Not of what hangs below it: that was down because it was. */
std::string evidence::beside(const target& t, const among& is, std::string_view unit) const {
  const auto own = outage(t);
  const auto self = world_.targets->index_of(t.id);
  if (!world_.was_down || !own || !own->ended || own->recalled || self == no_index) return {};
  std::size_t all = 0, down = 0;
  for (target_index k = 0; k < world_.targets->targets.size(); ++k) {
    const target& o = world_.targets->targets[k];
    if (!is(o) || in_subtree(*world_.targets, k, self)) continue;
    ++all;
    down += world_.was_down(o.id, own->began, *own->ended) ? 1 : 0;
  }
  if (all == 0) return {};
  return down == 0 ? fmt::format("其余 {} {}期间未中断", all, unit)
                   : fmt::format("其余 {} {}期间有 {} {}也中断过", all, unit, down, unit == "条" ? "条" : "个");
}

std::string evidence::among_sites(const target& t) const {
  std::string out = on_the_way(t);
  const tally n = count([&](const target& o) { return o.kind == target_kind::site && o.id != t.id; });
  if (n.all > 0) add(out, fmt::format("其余 {} 个网站{}", n.all, in_state(n.all, n.up, n.down, "个")));
  return out;
}

std::string evidence::of_carrier() const {
  const tally own = count([&](const target& t) { return t.kind == target_kind::line && t.carrier == step_.name; });
  const tally rest = count([&](const target& t) { return t.kind == target_kind::line && t.carrier != step_.name; });
  const std::set<const target*> named(of_.begin(), of_.end());
  const tally before = count(
      [&](const target& t) { return t.kind == target_kind::line && t.carrier == step_.name && !named.contains(&t); });
  return fmt::format("{}共 {} 条，{} 条中断", step_.name, own.all, own.down) +
         (before.down == 0 ? "" : fmt::format("（{} 条不在此列）", before.down)) +
         (rest.all == 0 ? ""
          : rest.up == rest.all
              ? fmt::format("；其他运营商 {} 条无一中断", rest.all)
              : fmt::format("；其他运营商 {} 条{}", rest.all, in_state(rest.all, rest.up, rest.down, "条")));
}

/** The same while it lasted. */
std::string evidence::then_of_carrier() const {
  if (!world_.was_down) return {};
  wall_t ended = wall_min;
  for (const target* t : of_)
    if (const auto o = outage(*t); o && o->ended && !o->recalled) ended = std::max(ended, *o->ended);
  if (ended == wall_min) return {};
  std::size_t own = 0, rest = 0, own_down = 0, rest_down = 0;
  for (const target& t : world_.targets->targets) {
    if (t.kind != target_kind::line) continue;
    const bool theirs = t.carrier == step_.name;
    ++(theirs ? own : rest);
    if (world_.was_down(t.id, step_.began, ended)) ++(theirs ? own_down : rest_down);
  }
  return fmt::format("{}共 {} 条，期间 {} 条中断；其他运营商 {} 条期间{}", step_.name, own, own_down, rest,
                     rest_down == 0 ? "无一中断" : fmt::format(" {} 条中断", rest_down));
}

/** What the visits saw, of the first few. */
std::string evidence::of_sites() const {
  constexpr std::size_t most = 3;
  std::string out;
  std::size_t n = 0;
  for (const target* t : of_)
    if (const auto o = outage(*t); o && !o->visited.empty() && n++ < most)
      add(out, (t->name.empty() ? t->id : t->name) + "：" + o->visited);
  return out;
}

std::string evidence::of_town() const {
  const tally own = count([&](const target& t) { return t.kind == target_kind::line && t.town == step_.name; });
  std::string out = fmt::format("{}共 {} 条，{} 条中断", step_.name, own.all, own.down);
  const std::string carriers = shares(&target::carrier);
  return carriers.empty() ? out : out + "（" + carriers + "）";
}

/** Of what has no one name: where it is, and whose it is. */
std::string evidence::of_many() const {
  if (!of_.empty() && of_[0]->kind == target_kind::site) return of_sites();
  const std::string towns = shares(&target::town), carriers = shares(&target::carrier);
  return towns + (towns.empty() || carriers.empty() ? "" : "；") + carriers;
}

/** How many of the alert's share what. */
std::string evidence::shares(std::string target::* of) const {
  const auto sorted = counted(of_, of);
  std::string out;
  for (std::size_t k = 0; k < std::min(sorted.size(), most_shares); ++k)
    out += fmt::format("{}{} {} 条", k == 0 ? "" : "、", sorted[k].first, sorted[k].second);
  return out + (sorted.size() > most_shares ? fmt::format("等 {} 个", sorted.size()) : "");
}

std::string evidence::towns() const {
  if (step_.subject != alert_subject::carrier) return {};
  const auto sorted = counted(of_, &target::town);
  std::string out;
  for (std::size_t k = 0; k < std::min(sorted.size(), most_towns); ++k)
    out += fmt::format("{}{}", k == 0 ? "" : "、", sorted[k].first);
  return out + (sorted.size() > most_towns ? fmt::format("等 {} 个乡镇", sorted.size()) : "");
}

// -- traps -----------------------------------------------------------------------------------------------------------

std::string evidence::traps() const {
  if (!world_.traps) return {};
  if (leading_ == nullptr) return lost_power();
  const auto o = outage(*leading_);
  if (!o) return {};
  std::vector<heard_trap> all = world_.traps(leading_->id, *o);
  std::string out;
  for (std::size_t k = 0; k < std::min(all.size(), most_traps); ++k)
    out += fmt::format("{}{} {}", k == 0 ? "" : "、", world_.zone->format_short(all[k].about).substr(11), all[k].words);
  return out + (all.size() > most_traps ? fmt::format("等 {} 条", all.size()) : "");
}

/** Of many lines how many of their devices said that they lose their power. */
std::string evidence::lost_power() const {
  std::size_t n = 0;
  for (const target* t : of_) {
    const auto o = outage(*t);
    if (!o) continue;
    n += std::ranges::any_of(world_.traps(t->id, *o), [](const heard_trap& h) { return h.what == trap_class::power; })
             ? 1
             : 0;
  }
  return n == 0 ? std::string{} : fmt::format("{} 条线路的设备报告断电", n);
}

}  // namespace changtong::alerts
