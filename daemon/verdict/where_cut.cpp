#include "daemon/verdict/where_cut.h"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/core/cause_words.h"
#include "daemon/core/up_time.h"

namespace changtong::verdict {
namespace {

/** A parent's outage that began no later than so long after its child's explains it: both edges have their brackets. */
constexpr milliseconds parent_lag{15'000};
constexpr milliseconds neighbour_lag{15'000};
constexpr milliseconds slack{2'000};      ///< labels and up times are rounded, and an answer takes its time
constexpr std::size_t others_share = 10;  ///< one other line of so many of the carrier's may go down by chance

std::string counted(std::size_t n) { return std::to_string(n); }
std::string text_of(const hop& h) { return h ? to_string(*h) : "*"; }

/** As far as the trace itself goes. */
std::string seen_by_trace(const path_end& end) {
  using where = path_end::where;
  switch (end.how) {
    case where::at_last:
      return "路径到达平时的最后一跳 " + text_of(end.last);
    case where::unsure:
      return "路径到达平时最后应答的一跳 " + text_of(end.last) + "，其后的各跳平时也不应答";
    case where::before:
      return "路径止于 " + text_of(end.last) + "，平时其后为 " + text_of(end.next);
    case where::nowhere:
      return "路径上无一跳应答，平时第一跳为 " + text_of(end.next);
    case where::elsewhere:
      return "路径止于 " + text_of(end.last) + "，不在平时的路径上";
    case where::reached:
    case where::not_known:
      return {};
  }
  return {};
}

void add(std::string& text, const std::string& more) { text += (text.empty() ? "" : "；") + more; }

}  // namespace

/** One look at everything: what is the same for many outages is found out once. */
class where_cut::round {
 public:
  round(const where_cut& of, wall_t now, const usual_paths& paths, const state_of& state)
      : of_(of), now_(now), paths_(paths), state_(state) {}

  finding judge(target_index t, const outage& o) {
    finding f{.target = t, .began = o.began};
    f.observed = o.end ? seen_by_trace(*o.end) : std::string();
    if (is_behind(t, o, f)) return f;
    // A device that lost one of its supplies, or said so too early, and ran on, was not what failed.
    const bool device = has_restarted(o) || (o.power && !o.after);
    if (!device && counts(o) && (stays(cause::carrier, o, f) || is_carrier(t, o, f))) return f;
    if (stays(cause::middle, o, f) || is_middle(t, o, f)) return f;
    if (device) return restart(o, f);
    return at_the_end(o, f);
  }

 private:
  /** A group of outages of one carrier that began together. */
  struct group {
    wall_t from{}, to{};
    std::size_t lines = 0, others = 0;
    std::set<std::string_view> parents;
  };

  [[nodiscard]] const inventory& inv() const { return *of_.inv_; }

  /** What was found while all of them were down stays when some are well again. */
  static bool stays(cause why, const outage& o, finding& f) {
    if (o.why != why) return false;
    f.why = why;
    f.observed = o.observed;
    return true;
  }

  [[nodiscard]] static bool has_restarted(const outage& o) {
    if (!o.after) return false;
    if (o.before.at != wall_min && !restarted(o.before.up_time, o.after->up_time, o.after->at - o.before.at))
      return false;
    const wall_t boot = o.after->at - milliseconds{std::int64_t{o.after->up_time} * 10};
    const wall_t since = o.good_before == wall_min ? o.began : o.good_before;
    return boot > since - slack;
  }

  bool is_behind(target_index t, const outage& o, finding& f) const {
    f.why = cause::upstream;
    if (stays(cause::upstream, o, f)) {
      f.upstream = o.upstream;
      return true;
    }
    for (target_index p = inv().targets[t].parent_index; p != no_index; p = inv().targets[p].parent_index) {
      const auto up = of_.outages_.find(p);
      if (up == of_.outages_.end() || up->second.began > o.began + parent_lag) continue;
      if (up->second.ended && *up->second.ended <= o.began) continue;
      f.upstream = inv().targets[p].id;
      f.observed = "上级 " + inv().targets[p].name + " 同时中断";
      return true;
    }
    f.why = cause::unexplained;
    return false;
  }

  bool is_middle(target_index t, const outage& o, finding& f) {
    if (!o.end || o.end->how != path_end::where::before || !o.end->next) return false;
    const auto [down, up] = around(*o.end->next, t, o);
    if (down == 0)
      add(f.observed, up > 0 ? "其后的其他线路均正常" : "其后未见其他线路");
    else if (up > 0)
      add(f.observed, "经后者的线路仍有 " + counted(up) + " 条正常");
    else {
      f.why = cause::middle;
      add(f.observed, "经后者的另外 " + counted(down) + " 条线路也中断");
    }
    return f.why == cause::middle;
  }

  /** Other lines behind a router: that went down with this one, and that are up. The same for outages that began
   * together. */
  std::pair<std::size_t, std::size_t> around(const ip_address& router, target_index t, const outage& o) {
    const auto [known, fresh] = behind_.try_emplace(router);
    neighbours& n = known->second;
    if (fresh || std::chrono::abs(n.began - o.began) > together) {
      n = {.began = o.began, .down = 0, .up = 0};
      for (const target_index other : paths_.behind(router)) count(other, o, n);
    }
    const auto own = of_.outages_.find(t);
    const bool counted_too = own != of_.outages_.end() && is_with(own->second, n.began);
    return {n.down - (counted_too && n.down > 0 ? 1 : 0), n.up};
  }

  struct neighbours {
    wall_t began{};
    std::size_t down = 0, up = 0;
  };
  static bool is_with(const outage& other, wall_t began) {
    return std::chrono::abs(other.began - began) <= neighbour_lag && (!other.ended || *other.ended > began);
  }
  /** One that has been down for longer says nothing. */
  void count(target_index other, const outage& o, neighbours& n) const {
    const auto too = of_.outages_.find(other);
    if (too != of_.outages_.end() && is_with(too->second, o.began))
      ++n.down;
    else if (state_(other) == line_state::up)
      ++n.up;
  }

  static finding restart(const outage& o, finding f) {
    f.why = cause::restart;
    if (!has_restarted(o))
      add(f.observed, "设备报告断电");
    else
      add(f.observed, std::string(device_restarted) + "（恢复后称已运行 " + counted(o.after->up_time / 100) + " 秒）");
    return f;
  }

  bool is_carrier(target_index t, const outage& o, finding& f) {
    if (now_ < o.began + company || !counts(o)) return false;
    const std::string& carrier = inv().targets[t].carrier;
    if (carrier.empty()) return false;
    if (!grouped_) group_all();
    const auto all = groups_.find(carrier);
    if (all == groups_.end()) return false;
    for (const group& g : all->second) {
      if (o.began < g.from || o.began > g.to) continue;
      if (g.lines < carrier_lines || g.parents.size() < 2 || g.others * others_share > g.lines) return false;
      const std::size_t well = well_of_others(carrier);
      if (well == 0) return false;
      // A router that all of them need, and others of the carrier do not: then it is that one.
      if (finding router; well_[carrier] > 0 && is_middle(t, o, router)) return false;
      f.why = cause::carrier;
      add(f.observed, carrier + " " + counted(g.lines) + " 条线路（分属 " + counted(g.parents.size()) +
                          " 处）在 5 秒内先后中断，其他运营商 " + counted(well) + " 条正常");
      return true;
    }
    return false;
  }

  /** Whether it may be one of many of its carrier: not what a parent explains, nor what was cut behind the carrier. */
  static bool counts(const outage& o) {
    return o.why != cause::upstream && !(o.end && o.end->how == path_end::where::at_last);
  }

  void group_all() {
    grouped_ = true;
    std::vector<std::pair<wall_t, target_index>> all;
    std::map<std::string_view, std::vector<std::pair<wall_t, target_index>>> by_carrier;
    for (const auto& [t, o] : of_.outages_) {
      if (inv().targets[t].kind != target_kind::line) continue;
      all.emplace_back(o.began, t);  // what a parent explains went down all the same
      if (counts(o)) by_carrier[inv().targets[t].carrier].emplace_back(o.began, t);
    }
    std::ranges::sort(all);
    for (auto& [carrier, some] : by_carrier) {
      std::ranges::sort(some);
      for (std::size_t i = 0; i < some.size();) i = group_from(groups_[std::string(carrier)], some, i);
      for (group& g : groups_[std::string(carrier)]) count_others(g, all, carrier);
    }
  }

  std::size_t group_from(std::vector<group>& to, const std::vector<std::pair<wall_t, target_index>>& some,
                         std::size_t first) const {
    group g{.from = some[first].first, .to = some[first].first + together, .lines = 0, .others = 0, .parents = {}};
    std::size_t i = first;
    for (; i < some.size() && some[i].first <= g.to; ++i, ++g.lines) {
      const target& t = inv().targets[some[i].second];
      // Of a line of which neither is known nobody can say that it hangs elsewhere.
      if (!t.parent.empty() || !t.town.empty()) g.parents.insert(!t.parent.empty() ? t.parent : t.town);
    }
    to.push_back(std::move(g));
    return i;
  }

  void count_others(group& g, const std::vector<std::pair<wall_t, target_index>>& all, std::string_view carrier) const {
    for (auto o = std::ranges::lower_bound(all, std::pair(g.from - slack, target_index{0}));
         o != all.end() && o->first <= g.to; ++o)
      if (inv().targets[o->second].carrier != carrier) ++g.others;
  }

  /** Lines of other carriers that are up. */
  std::size_t well_of_others(const std::string& carrier) {
    if (well_.empty())
      for (target_index t = 0; t < inv().targets.size(); ++t)
        if (inv().targets[t].kind == target_kind::line && state_(t) == line_state::up) {
          ++well_[inv().targets[t].carrier];
          ++well_all_;
        }
    return well_all_ - well_[carrier] - (carrier.empty() ? 0 : well_[""]);
  }

  /** Nothing that others share: the last link, the device, or nobody knows. */
  [[nodiscard]] finding at_the_end(const outage& o, finding f) const {
    const bool at_last = o.end && o.end->how == path_end::where::at_last;
    if (o.after) add(f.observed, (o.power ? "设备曾报告断电，但" : "") + std::string(device_ran_on));
    if (!at_last) return f;
    if (!o.after) {
      const bool hopeless = o.ended && (o.before.at == wall_min || now_ >= *o.ended + up_time_wait);
      add(f.observed, hopeless ? "没有设备的运行时间，接入段与用户侧不能分辨" : "接入段与用户侧尚不能分辨");
      return f;
    }
    f.why = cause::access;
    return f;
  }

  const where_cut& of_;
  wall_t now_;
  const usual_paths& paths_;
  const state_of& state_;
  std::map<ip_address, neighbours> behind_;
  bool grouped_ = false;
  std::map<std::string, std::vector<group>, std::less<>> groups_;
  std::map<std::string, std::size_t, std::less<>> well_;
  std::size_t well_all_ = 0;
};

where_cut::where_cut(std::shared_ptr<const inventory> inv) : inv_(std::move(inv)), words_(inv_->targets.size()) {}

void where_cut::adopt(std::shared_ptr<const inventory> inv) {
  const auto before = std::exchange(inv_, std::move(inv));
  auto outages = std::exchange(outages_, {});
  const auto words = std::exchange(words_, std::vector<word>(inv_->targets.size()));
  last_gasps_.clear();
  for (target_index i = 0; i < before->targets.size(); ++i) {
    const auto is = inv_->index_of(before->targets[i].id);
    if (is == no_index) continue;
    const auto place = [&](const word& w) { return moved(w, *before, i, is); };
    words_[is] = place(words[i]);
    auto o = outages.extract(i);
    if (!o) continue;
    o.mapped().before = place(o.mapped().before);
    outages_.emplace(is, std::move(o.mapped()));
  }
}

where_cut::word where_cut::moved(const word& w, const inventory& before, target_index was, target_index is) const {
  const target &from = before.targets[was], &to = inv_->targets[is];
  if (w.at == wall_min || w.agent >= from.check_count) return {};
  const check& asked = before.checks[from.first_check + w.agent];
  for (std::uint32_t k = 0; k < to.check_count; ++k)
    if (const check& c = inv_->checks[to.first_check + k]; c.id == asked.id && c.address == asked.address)
      return {.at = w.at, .up_time = w.up_time, .agent = k};
  return {};
}

where_cut::outage* where_cut::open(target_index t) {
  const auto o = outages_.find(t);
  return o == outages_.end() ? nullptr : &o->second;
}

void where_cut::down(target_index t, wall_t began, bracket edge) {
  outage o;
  o.began = began;
  o.good_before = edge.after;
  o.before = words_[t];
  if (const auto gasp = last_gasps_.extract(t); gasp && gasp.mapped() >= began - neighbour_lag) o.power = gasp.mapped();
  o.look = began + company;
  look_ = std::min(look_, o.look);
  outages_.insert_or_assign(t, std::move(o));
}

void where_cut::said(const cause_found& c) {
  const auto is = inv_->index_of(c.target);
  outage* o = is == no_index ? nullptr : open(is);
  if (o == nullptr || o->began != c.began) return;
  o->why = c.why;
  o->upstream = c.upstream;
}

void where_cut::up(target_index t, wall_t ended) {
  outage* o = open(t);
  if (o == nullptr || o->ended) return;
  o->ended = ended;
  o->look = std::min(o->look, ended);
  look_ = std::min(look_, o->look);
}

void where_cut::followed(target_index t, path_end end) {
  outage* o = open(t);
  if (o == nullptr || o->ended || end.how == path_end::where::reached) return;
  o->end = end;
  o->look = look_ = wall_min;
}

void where_cut::ran_for(target_index t, std::uint32_t agent, wall_t at, std::uint32_t up_time) {
  const word said{.at = at, .up_time = up_time, .agent = agent};
  word& w = words_[t];
  if (w.at == wall_min || agent <= w.agent || at - w.at > agent_silent) w = said;
  outage* o = open(t);
  if (o == nullptr || !o->ended || o->after || at < *o->ended - slack) return;
  if (o->before.at != wall_min && o->before.agent != agent) return;
  o->after = said;
  o->look = look_ = wall_min;
}

bool where_cut::had_run(target_index t, wall_t at, std::uint64_t seconds) const {
  const word& w = words_[t];
  return w.at != wall_min && ran_on(w.up_time, seconds * 100, at - w.at);
}

void where_cut::lost_power(target_index t, wall_t at) {
  outage* o = open(t);
  if (o == nullptr || o->ended) {
    last_gasps_[t] = at;
    return;
  }
  o->power = at;
  o->look = look_ = wall_min;
}

void where_cut::due(wall_t now, const usual_paths& paths, const state_of& state, std::vector<finding>& out) {
  if (now < look_) return;
  look_ = wall_max;
  round all(*this, now, paths, state);
  std::vector<std::pair<target_index, finding>> found;
  std::vector<std::pair<wall_t, target_index>> to_judge;
  for (const auto& [t, o] : outages_)
    if (o.look <= now && (o.why != cause::none || o.ended)) to_judge.emplace_back(o.began, t);
  std::ranges::sort(to_judge);  // neighbours are counted once for those that began together
  for (const auto& [began, t] : to_judge) found.emplace_back(t, all.judge(t, outages_.at(t)));
  for (auto& [t, f] : found) {
    outage& o = outages_.at(t);
    const bool unsaid = o.why == cause::none && f.why == cause::unexplained;  // over before anything was said
    f.anew = (f.why != o.why && !unsaid) || f.upstream != o.upstream;
    const bool news = f.anew || (f.observed != o.observed && !f.observed.empty());
    o.look = now < o.began + company                    ? o.began + company
             : now < o.began + late_company && !o.ended ? o.began + late_company
             : o.ended                                  ? *o.ended + up_time_wait
                                                        : wall_max;
    if (o.ended && now >= *o.ended + up_time_wait) {
      outages_.erase(t);
    } else {
      o.why = f.why, o.upstream = f.upstream, o.observed = f.observed;
    }
    if (news) out.push_back(std::move(f));
  }
  for (const auto& [t, o] : outages_) look_ = std::min(look_, o.look);
}

}  // namespace changtong::verdict
