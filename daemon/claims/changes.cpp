// Growth and fall beside their two figures: 由A增加到B，增长x%; B，比上年的A增加Δ，增长x%; points between two rates.
// Only where nothing but words of change and of the year before stands between them: of 累计增长, 用户增长 the base is
// another one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

bool leads_to(const claim& c) { return has_any(c.before, words().of("leads to")); }
bool against(const claim& c) { return has_any(c.before, words().of("against")); }
bool of_a_year(const claim& c) { return c.earlier || c.time.size() == 4; }

/** Whether the words before a figure are of change, comparison, year and target alone: 较2023年末的, 比目标值,
 * 环比增长. */
bool bare(std::string_view before) {
  static const word_list small{"年", "末", "底", "的", "又", "幅度", "率", "，", "月", "上季度", "上月", "环"};
  while (!before.empty()) {
    std::size_t n = before[0] >= '0' && before[0] <= '9' ? 1 : 0;
    for (const word_list* list : {&words().of("up"), &words().of("down"), &words().of("against"),
                                  &words().of("earlier"), &words().of("neutral"), &words().of("leads to"),
                                  &words().of("target words"), &words().of("halves"), &words().of("quarters"), &small})
      for (const std::string& w : *list)
        if (before.starts_with(w)) n = std::max(n, w.size());
    if (n == 0) return false;
    before.remove_prefix(n);
  }
  return true;
}

struct change {
  const claim* old = nullptr;    ///< A
  const claim* now = nullptr;    ///< B
  const claim* delta = nullptr;  ///< Δ, in the unit of A and B
};

/** The figures just before `end` in its clause, nearest first. */
std::vector<const claim*> before_it(const inspection& r, group g, std::size_t end) {
  constexpr std::size_t most = 3;
  std::vector<const claim*> out;
  for (std::size_t i = end; i-- > g.from && out.size() < most;)
    if (!has(r.between(r.claims[i], r.claims[end]), "；") && !r.claims[i].inside) out.push_back(&r.claims[i]);
  return out;
}

/** 2023年受理A件，2024年受理B件: the same words but for the year, or none. */
bool same_but_year(const claim& a, const claim& b) {
  const std::size_t at = a.label.find("年");
  return bare(b.before) || (at != std::string::npos && has(b.label, a.label.substr(at + 3)));
}

/** 2023年支出480万元，2022年支出500万元: words that the figure before it has too. */
bool same_words(const claim& now, const claim& old) {
  const std::size_t at = old.before.find("年");
  const std::string_view tail =
      at == std::string::npos ? std::string_view() : std::string_view(old.before).substr(at + 3);
  return !tail.empty() && has(now.before, tail);
}

/** What the figures before a change say that it is of. */
change parties(const inspection& r, group g, std::size_t end) {
  const auto all = before_it(r, g, end);
  change c;
  std::size_t i = 0;
  const auto is_level = [](const claim& f) {
    return f.what.how == bound::exactly && !f.what.range && f.what.what != measure::points_apart &&
           direction(f.before) == 0;
  };
  // 净增Δ behind 同比增长20%，: of the same two
  if (all.size() > 1 && r.claims[end].what.what != measure::percent && all[0]->what.what == measure::percent &&
      direction(all[0]->before) != 0 && bare(all[0]->before))
    ++i;
  if (i < all.size() && !is_level(*all[i])) {
    if (direction(all[i]->before) == 0 || all[i]->what.how != bound::exactly) return {};
    c.delta = all[i++];
  }
  if (i == all.size() || !is_level(*all[i]) || (c.delta != nullptr && !same_unit(*all[i], *c.delta))) return c;
  const claim& last = *all[i];
  const claim* first =
      i + 1 < all.size() && is_level(*all[i + 1]) && same_unit(*all[i + 1], last) ? all[i + 1] : nullptr;
  if (first != nullptr && leads_to(last) && (has_any(first->before, words().of("from")) || of_a_year(*first)))
    return {first, &last, c.delta};
  const bool older = first != nullptr && last.time.size() == 4 && first->time.size() == 4 && last.time < first->time;
  if (first != nullptr && (bare(last.before) || same_words(*first, last)) && !leads_to(last) &&
      (against(last) || older || (of_a_year(last) && (!of_a_year(*first) || (last.earlier && !first->earlier)))))
    return {&last, first, c.delta};
  if (first != nullptr && of_a_year(*first) && !older && !of_a_year(last) && !against(*first) &&
      same_but_year(*first, last))
    return {first, &last, c.delta};
  if (c.delta == nullptr || leads_to(last) || !bare(c.delta->before)) return c;
  // 项目支出比上年的A增加Δ; 2023年A，2024年增加Δ; B，比上年增加Δ
  const std::string_view earlier = first_of(last.before, words().of("earlier"));
  const bool of_another_year = c.delta->before.find_first_of("0123456789") == 0;
  if (against(last) ? of_a_year(last)
                    : of_a_year(last) && (of_another_year || (!earlier.empty() && has(c.delta->before, earlier))))
    c.old = &last;
  else if (!of_a_year(last) && of_a_year(*c.delta) && against(*c.delta))
    c.now = &last;
  return c;
}

/** Whether the change names no other base than its figures do: 同比, and 较前年 beside a figure of last year. */
bool of_that_base(const claim& rate, const change& c, int report_year) {
  const auto said = [&](std::string_view w) {
    return (c.old != nullptr && has(c.old->before, w)) || (c.delta != nullptr && has(c.delta->before, w));
  };
  const bool year = (c.old != nullptr && of_a_year(*c.old)) || (c.delta != nullptr && of_a_year(*c.delta));
  if (has(rate.before, "同比") && !year) return false;
  const std::string_view earlier = first_of(rate.before, words().of("earlier"));
  static const word_list last_year{"上年", "去年", "上一年", "上年度", "上一年度"};
  const bool dated = c.old != nullptr && c.old->time == std::to_string(report_year - 1) &&
                     std::ranges::find(last_year, earlier) != last_year.end();
  return (earlier.empty() || dated || said(earlier)) && (rate.time.empty() || said(rate.time));
}

std::string parties_text(const inspection& r, const change& c) {
  if (c.old != nullptr && c.now != nullptr) return printed(r, *c.old) + " 到 " + printed(r, *c.now);
  return printed(r, c.old != nullptr ? *c.old : *c.now) + "、" + printed(r, *c.delta);
}

bool tells_a_change(const claim& c) {
  return direction(c.before) != 0 && bare(c.before) && c.what.how == bound::exactly && !c.what.range && !c.inside;
}

/** 由400条增加到380条，增加20条: told only where the text says from what to what. */
bool runs_the_other_way(const change& c, const claim& said) {
  if (c.old == nullptr || c.now == nullptr || !leads_to(*c.now) || !has_any(c.old->before, words().of("from")))
    return false;
  const exact from = c.old->what.value, to = c.now->what.value;
  return to != from && (to > from ? 1 : -1) != direction(said.before);
}

bool is_change(const claim& rate, const claim& now, const claim& old) {
  quantity part = now.what;
  part.value = apart(now.what.value, old.what.value);
  return is_ratio(rate.what, part, old.what);
}

bool level(const claim& c) { return c.what.how == bound::exactly && !c.what.range && c.what.value > 0; }

void tell_the_other_way(inspection& r, const change& c, const claim& said, std::string_view kind) {
  const bool more = c.now->what.value > c.old->what.value;
  r.tell(kind, strength::sure, {c.old, c.now, &said},
         fmt::format("{} 是{}，写作{} {}。", parties_text(r, c), more ? "增加" : "减少", more ? "减少" : "增加",
                     printed(r, said)));
}

/** Whether a change names a year, and the later figure another one: 2023年4.72万吨，2022年同比增长5%. */
bool of_another_year(const claim& told, const claim* now) {
  const auto year_in = [](std::string_view t) {
    const std::size_t at = t.find("年");
    const bool base = at != t.npos && at >= 7 && has_any(t.substr(at - 7, 3), words().of("against"));  // 较2022年
    return at != t.npos && at >= 4 && !base ? digits_in(t.substr(at - 4, 4)) : 0;
  };
  return now != nullptr && year_in(told.before) > 0 && year_in(now->before) > 0 &&
         year_in(told.before) != year_in(now->before);
}

/** 在册26人，其中新招录3人，比上年的24人增加2人; 2024年A，2023年B，2022年C，同比增长x%: whether other figures of the
 * sentence, or two of them together or apart, make the change that is told. */
bool explained_otherwise(const inspection& r, group g, const change& c, const claim& told) {
  const claim& any = c.old != nullptr ? *c.old : *c.now;
  std::vector<const claim*> all;
  constexpr std::size_t most = 10;
  for (const claim& x : r.of(g))
    if (&x != &told && &x != c.delta && same_unit(x, any) && x.what.how == bound::exactly && all.size() < most)
      all.push_back(&x);
  const auto makes = [&](const claim& old, const exact& level) {
    if (told.what.what != measure::percent) return apart(level, old.what.value) == told.what.value;
    quantity part = old.what;
    part.value = apart(level, old.what.value);
    return is_ratio(told.what, part, old.what);
  };
  for (const claim* old : all)
    for (const claim* a : all) {
      if (a == old) continue;
      if (!(old == c.now && a == c.old) && makes(*old, a->what.value)) return true;
      for (const claim* b : all)
        if (old == c.old && a != b && b != old &&
            (makes(*old, a->what.value + b->what.value) || makes(*old, apart(a->what.value, b->what.value))))
          return true;
    }
  return false;
}

void judge_rate(inspection& r, group g, std::size_t i) {
  const claim& rate = r.claims[i];
  change c = parties(r, g, i);
  const bool both = c.old != nullptr && c.now != nullptr;
  if (rate.what.value < 0 || has(rate.before, "分别") || has_any(r.sentence(rate), words().of("no plain change")) ||
      of_another_year(rate, c.now))
    return;  // the first of several
  if ((!both && (c.delta == nullptr || c.old == c.now)) || !of_that_base(rate, c, r.report.year)) return;
  if ((c.old != nullptr ? c.old : c.now)->what.what == measure::percent) return;
  quantity part = (c.now != nullptr ? c.now : c.delta)->what, whole = (c.old != nullptr ? c.old : c.now)->what;
  if (c.old == nullptr) whole.value -= c.delta->what.value * direction(c.delta->before);
  part.value = both ? apart(c.now->what.value, whole.value) : c.delta->what.value;
  if (whole.value <= 0) return;
  if (is_ratio(rate.what, part, whole)) {
    if (runs_the_other_way(c, rate)) tell_the_other_way(r, c, rate, "amount/rate");
    return;
  }
  if (both && c.delta != nullptr && is_ratio(rate.what, c.delta->what, whole)) return;  // the change itself is wrong
  if (both && explained_otherwise(r, g, c, rate)) return;
  std::vector<const claim*> told{&rate};
  for (const claim* one : {c.now, c.old, c.delta})
    if (one != nullptr) told.push_back(one);
  r.tell("amount/rate", strength::sure, told,
         fmt::format("{} 的变化是 {}%，写 {}。", parties_text(r, c),
                     fixed(part.value * 100 / whole.value, std::max(2, places_of(rate.what))), printed(r, rate)));
}

/** 由22个增加到26个，增加4个; 比2023年的389条净增23条: the change itself. */
void judge_delta(inspection& r, group g, std::size_t i) {
  if (has_any(r.sentence(r.claims[i]), words().of("below zero"))) return;
  const claim& d = r.claims[i];
  const bool points = d.what.what == measure::points_apart;
  change c = parties(r, g, i);
  if (c.old == nullptr || c.now == nullptr || c.delta != nullptr || !of_that_base(d, c, r.report.year)) return;
  if (points ? c.old->what.what != measure::percent : !same_unit(d, *c.old)) return;
  const exact wanted = apart(c.now->what.value, c.old->what.value);
  const exact grain = std::max({d.what.grain, c.now->what.grain, c.old->what.grain});
  const bool open = (!points && d.what.what == measure::money && grain != d.what.grain) || grain > 1;
  if (apart(wanted, d.what.value) > (open ? grain : exact(0)) && explained_otherwise(r, g, c, d)) return;
  if (apart(wanted, d.what.value) > (open ? grain : exact(0)))
    r.tell(points ? "rate/rate" : "count/count", strength::sure, {c.old, c.now, &d},
           fmt::format("{} 与 {} 相差 {}，写 {}。", printed(r, *c.old), printed(r, *c.now),
                       in_unit(wanted, c.now->what), printed(r, d)));
  else if (runs_the_other_way(c, d))
    tell_the_other_way(r, c, d, points ? "rate/rate" : "count/count");
}

/** The figures of a clause by their unit: those of this year, those of the year before. */
using by_unit = std::map<std::string, std::array<std::vector<const claim*>, 2>>;

/** The clause of a change between ；, without the units of which another amount of change stands in it. */
by_unit years_of(const inspection& r, group g, const claim& told, bool& other) {
  by_unit out;
  std::set<std::string> changed, years;
  bool old = false;
  for (const claim& c : r.of(g)) {
    if (&c == &told || has(&c < &told ? r.between(c, told) : r.between(told, c), "；")) continue;
    const bool points = told.what.what == measure::points_apart;
    if (points ? c.what.what == measure::points_apart : c.what.what == measure::percent) {
      other |= points || direction(c.before) != 0;
      continue;
    }
    if (direction(c.before) != 0) changed.insert(c.what.unit);
    if (const std::size_t at = c.before.find("年");
        at != c.before.npos && at >= 4 && digits_in(c.before.substr(at - 4, 4)) > 0)
      years.insert(c.before.substr(at - 4, 4));
    if (!c.before.empty()) old = c.earlier || (c.time.size() == 4 && c.time != std::to_string(r.report.year));
    out[c.what.unit][old ? 1 : 0].push_back(&c);  // 2023年为48起、24人
  }
  for (const std::string& unit : changed) out.erase(unit);
  return years.size() > 2 ? by_unit() : out;  // 2021年A、2022年B、2023年C
}

/** Whether a rate is of the figures: they have no label of their own, or it has their unit or their words. */
bool is_of(const claim& rate, const claim& now) {
  const std::size_t year = now.before.find("年");
  const std::string own = plain(year == now.before.npos ? now.before : now.before.substr(year + 3), written_report{});
  bool shared = own.empty() || bare(own);
  for (std::size_t i = 0, n = 0; i < own.size() && !shared; i += n) {
    n = char_bytes(own, i);
    const std::size_t next = i + n < own.size() ? char_bytes(own, i + n) : 0;
    shared = next > 0 && has(rate.before, std::string_view(own).substr(i, n + next));
  }
  return shared;
}

/** A change and the figures of two years, wherever they stand in its clause: 下降18%——2021年312起，2022年264起;
 * 增长20%，2024年达到A(2023年B). Told where one unit has one figure of either year and no other. */
void by_years(inspection& r, group g, const claim& told) {
  const bool rate = told.what.what == measure::percent;
  if (direction(told.before) == 0 || told.what.value < 0 || told.what.how != bound::exactly || told.what.range ||
      told.inside || !told.time.empty() || has_any(told.before, words().of("no base")) ||
      has_any(r.sentence(told), words().of("no plain change")))
    return;
  const bool points = told.what.what == measure::points_apart;
  const claim *now = nullptr, *old = nullptr;
  bool other = false;  // rates of change: whose is this?
  for (const auto& [unit, both] : years_of(r, g, told, other)) {
    if ((points && other) || (!rate && unit != (points ? "%" : told.what.unit))) continue;
    if (both[0].size() == 1 && of_another_year(told, both[0][0])) continue;
    const bool one = both[0].size() == 1 && both[1].size() == 1 && level(*both[0][0]) && level(*both[1][0]) &&
                     both[0][0]->each == both[1][0]->each;
    for (const claim* a : both[0])
      for (const claim* b : both[1])
        if (rate ? is_change(told, *a, *b) : apart(a->what.value, b->what.value) == told.what.value) {
          const change c{b, a, nullptr};
          const bool more = a->what.value > b->what.value;
          const bool plain = !has(told.before, "多") && !told.before.ends_with("-");  // 多压减; 增长-3.2%
          if (one && !other && plain && a->what.value != b->what.value && more != (direction(told.before) > 0))
            tell_the_other_way(r, c, told, rate ? "amount/rate" : points ? "rate/rate" : "count/count");
          return;
        }
    if (!one) continue;
    const bool just_before = &told - r.claims.data() >= 2 && std::max(both[0][0], both[1][0]) + 1 == &told &&
                             std::min(both[0][0], both[1][0]) + 2 == &told && bare(told.before);
    if ((rate && !unit.empty() && has(told.before, unit)) || just_before ||
        (now == nullptr && !((rate || points) && other) && is_of(told, *both[0][0])))
      now = both[0][0], old = both[1][0];
  }
  if (now == nullptr || !near(now->what.value, old->what.value, 100)) return;
  const exact change = apart(now->what.value, old->what.value);
  r.tell(rate     ? "amount/rate"
         : points ? "rate/rate"
                  : "count/count",
         strength::sure, {old, now, &told},
         fmt::format("{} 到 {} 的变化是 {}，写 {}。", printed(r, *old), printed(r, *now),
                     rate ? fixed(change * 100 / old->what.value, std::max(2, places_of(told.what))) + "%"
                          : in_unit(change, now->what),
                     printed(r, told)));
}

}  // namespace

int direction(std::string_view before) {
  for (const std::string_view noun : {"幅", "率", "幅度"})  // 增幅为13.0%, 增长率达5%: a change all the same
    for (const std::string_view is : {"为", "达", "达到", "是"})
      if (before.ends_with(is) && before.substr(0, before.size() - is.size()).ends_with(noun)) {
        before.remove_suffix(is.size());
        break;
      }
  std::size_t best = 0, longest = 0;
  int found = 0;
  for (const auto& [key, sign] : {std::pair{"up", 1}, std::pair{"down", -1}})
    for (const std::string& w : words().of(key))
      if (const auto at = before.rfind(w); at != before.npos && at + w.size() > best)
        best = at + w.size(), longest = w.size(), found = sign;
  // 较上年增加的, 增加到 lead to a level, not to a change
  const std::string_view behind = found == 0 ? std::string_view() : before.substr(best);
  if (behind.starts_with("到") || behind.starts_with("至") || behind.starts_with("为") || has(behind, "的")) return 0;
  // 高 of 高中5所 is no change; 增加了 is one
  return behind.empty() || behind == "了" || (longest > 3 && length_of(behind) <= 3) ? found : 0;
}

void changes(inspection& r) {
  for (const group g : r.sentences) {
    for (const claim& c : r.of(g)) by_years(r, g, c);
    for (std::size_t i = g.from; i < g.to; ++i)
      if (tells_a_change(r.claims[i])) (r.claims[i].what.what == measure::percent ? judge_rate : judge_delta)(r, g, i);
  }
}

}  // namespace changtong::claims
