#include "daemon/books/report_figures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "changtong_version.h"
#include "daemon/availability/intervals.h"
#include "daemon/books/books.h"
#include "daemon/books/carrier_figures.h"
#include "daemon/books/outage_notes.h"
#include "daemon/core/utf8.h"
#include "daemon/core/window_state.h"
#include "daemon/ledger/entry_rules.h"
#include "daemon/ledger/windows.h"

namespace changtong {
namespace {

using availability::outage;
using availability::target_history;
using ledger::known_target;
using report::availability_report;

constexpr std::size_t most_windows_named = 5, most_gaps_kept = 20'000;

/** Keeps the greatest `most` of what it is given and counts the rest. */
template <class T, class Less>
void keep_greatest(std::vector<T>& list, std::size_t most, std::int64_t& left_out, const Less& less) {
  if (list.size() <= 2 * most) return;
  std::ranges::nth_element(list, list.begin() + static_cast<std::ptrdiff_t>(most), less);
  left_out += static_cast<std::int64_t>(list.size() - most);
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(most), list.end());
}

template <class T, class Less>
void finish(std::vector<T>& list, std::size_t most, std::int64_t& left_out, const Less& less) {
  std::ranges::sort(list, less);
  if (list.size() <= most) return;
  left_out += static_cast<std::int64_t>(list.size() - most);
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(most), list.end());
}

bool longer(const report::outage_row& a, const report::outage_row& b) {
  return std::tuple(-a.down.count(), a.what.began, a.id) < std::tuple(-b.down.count(), b.what.began, b.id);
}
bool wider(const report::gap_row& a, const report::gap_row& b) {
  return std::tuple(-a.when.length().count(), a.when.from, a.why) <
         std::tuple(-b.when.length().count(), b.when.from, b.why);
}

class gathering {
 public:
  gathering(const ledger::reader& from, const report_request& request, std::vector<books::dated_policy> policies)
      : from_(from),
        request_(request),
        when_(request.when.when),
        known_to_(std::min(request.now, from.heartbeat())),
        policies_(std::move(policies)),
        carriers_(policies_, from.zone(), when_, known_to_),
        instants_({when_.from, std::min(when_.to, request.now)}, request.step) {
    for (const auto& [id, name] : from.categories()) category_names_.emplace(id, name);
    read_windows();
  }

  availability_report gather() {
    from_.histories(carriers_.reach(), request_.now, {}, [&](const known_target& t, const target_history& h) {
      if (request_.go_on) request_.go_on();
      target(t, h);
    });
    groups();
    lists();
    what_was_said();
    head();
    return std::move(r_);
  }

 private:
  struct window {
    report::window_row row;
    bool late = false, short_notice = false;
    std::string flags;
  };

  void target(const known_target& t, const target_history& h) {
    const availability::seconds s = availability::measure(h, when_);
    if (!s.scope) return;
    report::target_row row{.id = t.id,
                           .name = t.name.empty() ? t.id : t.name,
                           .category = category_name(t),
                           .town = t.town,
                           .carrier = t.carrier,
                           .site = t.kind == "site",
                           .sums = s,
                           .agreed = {}};
    carriers_.add(t, h, row);
    instants_.add(h);
    if (request_.instants != nullptr) request_.instants->add(h);
    members_.push_back({t.id, s, row.agreed});
    r_.all.in_part += row.in_part ? 1 : 0;
    r_.all.sums += s;
    ++(row.site ? r_.all.sites : r_.all.lines);
    const std::vector<period> excluded = availability::united(h.excluded);
    outages(row, h, excluded);
    windows(row, h, excluded);
    unknown(h, excluded);
    r_.targets.push_back(std::move(row));
  }

  [[nodiscard]] std::string category_name(const known_target& t) const {
    const auto found = category_names_.find(t.kind == "site" ? "website" : t.category);
    return found == category_names_.end() ? t.category : found->second;
  }

  void outages(const report::target_row& row, const target_history& h, const std::vector<period>& excluded) {
    const period frame = intersect(h.scope, when_);
    std::vector<period> unknown;  // rule 9: no bracket takes it
    for (const availability::state_span& s : h.spans)
      if (s.state == line_state::unknown) unknown.push_back(s.when);
    for (const outage& o : h.outages) {
      const milliseconds down = availability::down_time(o, frame, excluded);
      if (down.count() == 0) continue;
      report::outage_row one{.id = row.id,
                             .name = row.name,
                             .category = row.category,
                             .town = row.town,
                             .carrier = row.carrier,
                             .what = o,
                             .down = down,
                             .windows = {},
                             .note = {}};
      const wall_t ended = std::min(o.ended, known_to_);
      const auto between = [&](wall_t from, wall_t to) {
        const auto seen = availability::without({{from, std::max(from, to)}}, availability::united(o.holes));
        return availability::total(o.rules >= 2 ? availability::without(seen, unknown) : seen);
      };
      const bool bottomless = o.began_edge.after == wall_min;
      const bool open = o.ended == wall_max;
      one.least = between(bottomless ? o.began : o.began_edge.until, open ? ended : o.ended_edge.after);
      one.greatest = between(bottomless ? o.began : o.began_edge.after, open ? ended : o.ended_edge.until);
      one.hole =
          availability::total(availability::clipped(availability::united(o.holes), intersect(frame, {o.began, ended})));
      report::cause_row& of_its_kind = causes_[o.found];
      ++of_its_kind.outages;
      of_its_kind.down += down;
      r_.longest.push_back(std::move(one));
    }
    keep_greatest(r_.longest, report_limits::outages, r_.outages_left_out, longer);
  }

  void read_windows() {
    std::map<std::string, std::vector<window_record>> records;  // by id
    for (ledger::window_entry& entry : from_.windows()) records[entry.what.id].push_back(std::move(entry.what));
    ledger::window_policies policies(from_.policies());
    for (const auto& [id, of_it] : records) read_window(of_it, policies);
  }

  /** All records of one id. */
  void read_window(const std::vector<window_record>& records, ledger::window_policies& policies) {
    const window_story story = ledger::story_of(records, records.back().at, std::ref(policies));
    std::map<std::string_view, const window_record*> last;  // by target
    for (const window_record& r : records) last[r.target] = &r;
    for (const auto& [target, steps] : ledger::steps_by_target(records)) {
      const window_record& w = *last.at(target);
      if (intersect({w.from, w.to}, when_).empty()) continue;
      const ledger::window_rules& rules = policies(w.from);
      windows_[target].push_back({.row = {.id = w.id,
                                          .target = target,
                                          .name = {},
                                          .state = std::string(chinese(ledger::standing_of(steps, rules))),
                                          .by = w.by,
                                          .text = w.text,
                                          .requested = story.requested_by,
                                          .revised = fmt::format("{}", fmt::join(story.revisers, "、")),
                                          .via = w.via,
                                          .when = {w.from, w.to},
                                          .made = w.at,
                                          .remark = {}},
                                  .late = w.state == window_state::approved && w.at >= w.from,
                                  .short_notice = w.state == window_state::approved && w.at + rules.lead > w.from,
                                  .flags = w.flags});
    }
  }

  /** A window of every target has one row, with the sum over all of them. */
  void windows_of_all(const target_history& h, const std::vector<period>& excluded) {
    const auto all = windows_.find(std::string(every_target));
    if (all == windows_.end()) return;
    for (window& w : all->second)
      if (const period inside = intersect(intersect(w.row.when, when_), h.scope); !inside.empty())
        w.row.excluded += availability::total(availability::clipped(excluded, inside));
  }

  void add_windows_of_all() {
    const auto all = windows_.find(std::string(every_target));
    if (all == windows_.end()) return;
    for (window& w : all->second) {
      w.row.name = "全部线路和网站";
      add_row(w);
    }
  }

  void add_row(window& w) {
    if (w.row.excluded.count() == 0)
      w.row.remark = w.late           ? "登记晚于开始，未剔除"
                     : w.short_notice ? "批准提前量不足（window_lead），未剔除"
                                      : "未剔除";
    for (const auto& [flag, words] :
         {std::pair{"already_down", "登记时线路已中断"}, {"late_notice", "批准距开始不足一小时"}})
      if (w.flags.find(flag) != std::string::npos)
        w.row.remark += (w.row.remark.empty() ? "" : "；") + std::string(words);
    if (r_.windows.size() < report_limits::windows)
      r_.windows.push_back(w.row);
    else
      ++r_.windows_left_out;
  }

  void windows(const report::target_row& row, const target_history& h, const std::vector<period>& excluded) {
    windows_of_all(h, excluded);
    const auto mine = windows_.find(row.id);
    if (mine == windows_.end()) return;
    for (window& w : mine->second) {
      w.row.name = row.name;
      const period inside = intersect(intersect(w.row.when, when_), h.scope);
      if (!inside.empty()) w.row.excluded = availability::total(availability::clipped(excluded, inside));
      add_row(w);
    }
  }

  void unknown(const target_history& h, const std::vector<period>& excluded) {
    const period frame = intersect(h.scope, when_);
    std::vector<period> spoken;
    for (const availability::state_span& s : h.spans) {
      if (const period inside = intersect(s.when, frame); !inside.empty()) spoken.push_back(inside);
      if (s.state == line_state::unknown) gap(intersect(s.when, frame), s.why, excluded);
    }
    for (const period& p : availability::without({frame}, availability::united(std::move(spoken))))
      gap(p, cause::silent, excluded);
    if (gaps_.size() > most_gaps_kept) thin_gaps();
  }

  void gap(period when, cause why, const std::vector<period>& excluded) {
    if (when.empty()) return;
    for (const period& p : availability::without({when}, excluded)) {
      unknown_[why] += p.length();
      report::gap_row& g = gaps_[{p, why}];
      g.when = p;
      g.why = why;
      ++g.targets;
      g.total += p.length();
    }
  }

  /** Short gaps of single lines can be millions: the longer half stays. */
  void thin_gaps() {
    std::vector<report::gap_row> all;
    for (auto& [key, g] : gaps_) all.push_back(g);
    keep_greatest(all, most_gaps_kept / 2, r_.gaps_left_out, wider);
    gaps_.clear();
    for (report::gap_row& g : all) gaps_.emplace(std::pair(g.when, g.why), g);
  }

  void groups() {
    using books::grouping;
    r_.all.r1 = availability::r1(members_);
    r_.all.r2 = availability::r2(members_);
    r_.all.r3 = instants_.value();
    r_.all.r4 = availability::r4(members_);
    r_.categories = books::books(from_, when_, request_.now, grouping::category);
    r_.towns = books::books(from_, when_, request_.now, grouping::town);
    r_.carriers = books::books(from_, when_, request_.now, grouping::carrier);
    r_.by_day = request_.when.month;
    r_.months = books::books(from_, when_, request_.now, r_.by_day ? grouping::day : grouping::month);
    r_.carrier_parts = carriers_.parts(r_.carriers);
    r_.against = books::compared_with(from_, request_.when.token, request_.now);
  }

  void lists() {
    std::ranges::sort(r_.targets, {}, &report::target_row::id);
    finish(r_.longest, report_limits::outages, r_.outages_left_out, longer);
    for (report::outage_row& o : r_.longest) remark(o);
    add_windows_of_all();
    std::ranges::sort(r_.windows, [](const auto& a, const auto& b) {
      return std::tie(a.when.from, a.id, a.target) < std::tie(b.when.from, b.id, b.target);
    });
    for (auto& [key, g] : gaps_) r_.gaps.push_back(g);
    finish(r_.gaps, report_limits::gaps, r_.gaps_left_out, wider);
    for (auto& [why, row] : causes_) row.why = why, r_.causes.push_back(row);
    std::ranges::sort(r_.causes, {}, [](const report::cause_row& c) { return std::tuple(-c.down.count(), c.why); });
    r_.unknown.assign(unknown_.begin(), unknown_.end());
    std::ranges::sort(r_.unknown, [](const auto& a, const auto& b) { return a.second > b.second; });
  }

  /** Of an outage that is still open nobody knows yet which windows to come it will meet. Whoever may request can
   * request a thousand: approved ones first, and no more than can be read. */
  void remark(report::outage_row& o) const {
    const period whole{o.what.began, std::min(o.what.ended, known_to_)};
    std::vector<const report::window_row*> met;
    for (const std::string& target : {o.id, std::string(every_target)}) {
      const auto of_it = windows_.find(target);
      if (of_it == windows_.end()) continue;
      for (const window& w : of_it->second)
        if (!intersect(w.row.when, whole).empty()) met.push_back(&w.row);
    }
    const std::string approved(chinese(window_state::approved));
    std::ranges::sort(met, {}, [&](const report::window_row* w) {
      return std::tuple(w->state != approved, w->when.from, std::string_view(w->id));
    });
    for (std::size_t i = 0; i < std::min(met.size(), most_windows_named); ++i)
      o.windows.push_back(fmt::format("{}（{}）", met[i]->id, met[i]->state));
    if (met.size() > most_windows_named)
      o.windows.push_back(fmt::format("另有 {} 个窗口", met.size() - most_windows_named));
  }

  /** Of the outages that are listed. */
  void what_was_said() {
    const books::outage_notes notes(from_, when_);
    for (report::outage_row& o : r_.longest) o.note = notes.of(o.what);
    for (report::carrier_part& part : r_.carrier_parts)
      for (report::repair_row& f : part.faults) f.note = notes.of(f.what);
    std::map<std::string_view, std::string_view> names;
    for (const report::target_row& t : r_.targets) names.emplace(t.id, t.name);
    for (books::ticket& t : books::fold_tickets(from_.declared<ticket_record>())) {
      const auto part = std::ranges::find(r_.carrier_parts, t.carrier, &report::carrier_part::carrier);
      if (!when_.holds(t.reported) || part == r_.carrier_parts.end()) continue;
      report::ticket_row row{.what = std::move(t), .names = {}};
      for (const std::string& id : row.what.targets)
        if (const auto name = names.find(id); name != names.end()) row.names.emplace_back(name->second);
      part->tickets.push_back(std::move(row));
    }
  }

  void head() {
    report::report_head& h = r_.head;
    h = {.office = {},
         .title = request_.when.title,
         .period_name = request_.when.name,
         .when = when_,
         .complete = known_to_ >= when_.to,
         .made_at = request_.now,
         .known_to = known_to_,
         .as_known_at = request_.as_known_at,
         .zone = from_.zone(),
         .version = CHANGTONG_VERSION,
         .rules = fmt::format("{}", fmt::join(from_.rules(), "、")),
         .fingerprint = request_.fingerprint,
         .certain = {}};
    const books::known_policy* valid = nullptr;  // what stood at the end of the period, else the first
    for (const auto& v : policies_)
      if (valid == nullptr || v.at < when_.to) valid = &v.what;
    if (valid == nullptr) return;
    h.office = valid->report.office;
    h.repeat_outages = valid->report.repeat_outages;
    for (const books::check_class& c : valid->classes) {
      const auto name = category_names_.find(c.category);
      h.certain.push_back({name == category_names_.end() ? c.category : name->second,
                           c.kind.empty() ? "该类别缺省" : c.kind, c.when, availability::certain_outage(c.when)});
    }
  }

  const ledger::reader& from_;
  const report_request& request_;
  period when_;
  wall_t known_to_;
  std::vector<books::dated_policy> policies_;
  carriers_part carriers_;
  availability::snapshots instants_;
  std::map<std::string, std::string> category_names_;
  std::vector<availability::member> members_;
  std::map<std::string, std::vector<window>> windows_;  ///< by target
  std::map<cause, milliseconds> unknown_;
  std::map<cause, report::cause_row> causes_;
  std::map<std::pair<period, cause>, report::gap_row> gaps_;
  availability_report r_;
};

}  // namespace

result<report_period> report_period_named(const civil_zone& zone, std::string_view text) {
  const problem bad =
      said("--period 只能是 2026-03（月）、2026-Q1（季）或 2026（年）",
           fmt::format("a month, quarter or year, not '{}'", shortened(text, 64)), problem_class::usage);
  const auto p = text.size() == 4 || text.size() == 7 ? zone.parse_period(text) : result<period>(bad);
  if (!p) return bad;
  const std::string year(text.substr(0, 4));
  if (text.size() == 7 && text[5] == 'Q') {
    const std::string name = fmt::format("{}年第{}季度", year, text.substr(6));
    return report_period{*p, name, name + "政务专线与网站畅通率季报", std::string(text), false};
  }
  const bool month = text.size() == 7;
  const std::string name = month ? fmt::format("{}年{}月", text.substr(0, 4), std::stoi(std::string(text.substr(5))))
                                 : fmt::format("{}年", text);
  return report_period{*p, name, name + (month ? "政务专线与网站畅通率月报" : "政务专线与网站畅通率年报"),
                       std::string(text), month};
}

result<availability_report> gather_report(const ledger::reader& from, const report_request& r) {
  auto policies = books::read_policies(from.policies());
  if (!policies) return policies.error();
  return gathering(from, r, std::move(*policies)).gather();
}

}  // namespace changtong
