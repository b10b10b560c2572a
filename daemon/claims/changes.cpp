// Growth and fall beside their two figures: 由A增加到B，增长x%; B，比上年A增加Δ，增长x%; points between two rates.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

bool leads_to(const claim& c) { return has_any(c.before, words().of("leads to")); }

bool base_words(const claim& c) {
  return has_any(c.before, words().of("from")) ||
         (has_any(c.before, words().of("against")) && (c.earlier || !c.time.empty() || has(c.before, "目标")));
}

struct change {
  const claim* old = nullptr;    ///< A
  const claim* now = nullptr;    ///< B
  const claim* delta = nullptr;  ///< Δ, in the unit of A and B
  const claim* rate = nullptr;   ///< x%
};

bool level(const claim& c) {
  // 比2023年多播发214条, 比上年增支86万元: a change, whatever was done more
  if (has_any(c.before, words().of("against")) && has_any(c.before, words().of("signs of change"))) return false;
  return c.what.how == bound::exactly && !c.what.range && !c.inside && direction(c.before) == 0;
}

std::string without_year(const claim& c) {
  const std::size_t at = c.label.find("年");
  return at == std::string::npos || at > 4 ? c.label : c.label.substr(at + 3);
}

/** Of the figures before `end` in its sentence: the last two levels of one unit, and the change between. */
change parties(const inspection& r, group g, std::size_t end, bool percents) {
  change c;
  list levels;
  for (std::size_t i = std::max(g.from, end > 12 ? end - 12 : 0); i < end; ++i) {
    const claim& f = r.claims[i];
    if (has(r.between(f, r.claims[end]), "；")) continue;  // of something else
    if ((f.what.what == measure::percent) != percents || f.what.what == measure::points_apart) continue;
    if (direction(f.before) != 0 && f.what.how == bound::exactly)
      c.delta = &f;
    else if (level(f))
      levels.push_back(&f);
  }
  for (std::size_t n = levels.size(); n-- > 0;) {
    const claim& f = *levels[n];
    if (base_words(f)) {
      if (n + 2 < levels.size() && leads_to(*levels[n + 1]) && leads_to(*levels[n + 2])) return {};  // step by step
      c.old = &f;
      if (n + 1 < levels.size() && leads_to(*levels[n + 1]) && same_unit(f, *levels[n + 1]))
        c.now = levels[n + 1];
      else if (n > 0 && same_unit(f, *levels[n - 1]) && has_any(f.before, words().of("against")) &&
               !has_any(levels[n - 1]->before, words().of("against")))  // two bases of one figure
        c.now = levels[n - 1];
      break;
    }
  }
  if (const std::size_t n = levels.size(); c.old == nullptr && n >= 2) {
    const claim &a = *levels[n - 2], &b = *levels[n - 1];
    const auto says_no_more = [](const claim& f) { return length_of(f.name) <= 1; };
    if (same_unit(a, b) && b.what.at.from < r.claims[end].what.at.from) {
      // 2023年受理A件，2024年受理B件; B，去年同期A
      if (a.time.size() == 4 && b.time.empty() && (without_year(a) == without_year(b) || says_no_more(b)))
        c.old = &a, c.now = &b;
      else if (b.earlier && !a.earlier && !percents && length_of(b.before) <= 5)
        c.old = &b, c.now = &a;
    }
  }
  if (c.old == nullptr && c.delta != nullptr && !levels.empty()) {
    // B，比上年增加Δ: the level just before the change
    const auto last = std::find_if(levels.rbegin(), levels.rend(),
                                   [&](const claim* f) { return f < c.delta && same_unit(*f, *c.delta); });
    if (last != levels.rend()) ((*last)->earlier || !(*last)->time.empty() ? c.old : c.now) = *last;
  }
  return c;
}

/** Whether any reading of the figures in the sentence gives the rate; of those before too unless it tells both. */
bool explained(const inspection& r, const claim& rate, bool told_here) {
  list near = r.before(rate, told_here ? 0 : 1);
  if (told_here) std::erase_if(near, [&](const claim* c) { return c->sentence != rate.sentence; });
  std::erase_if(
      near, [](const claim* c) { return c->what.what == measure::percent || c->what.what == measure::points_apart; });
  if (near.size() > 10) near.resize(10);
  for (const claim* a : near)
    for (const claim* b : near) {
      if (a == b || !same_unit(*a, *b) || b->what.value <= 0) continue;
      quantity diff = a->what, base = b->what;
      diff.value = apart(a->what.value, b->what.value);
      diff.grain = std::max(a->what.grain, b->what.grain);
      if (diff.value > 0 && (b < a ? !base_words(*a) : base_words(*b)) && is_ratio(rate.what, diff, b->what))
        return true;
      if (direction(a->before) == 0) continue;
      if (!b->earlier) base.value -= a->what.value * direction(a->before);  // B, which the change has led to
      if (base.value > 0 && is_ratio(rate.what, a->what, base)) return true;
    }
  return false;
}

std::string grown(const exact& part, const exact& base, const claim& rate) {
  return fixed(part * 100 / base, std::max(2, places_of(rate.what))) + "%";
}

std::string parties_text(const inspection& r, const change& c) {
  if (c.old != nullptr && c.now != nullptr) return printed(r, *c.old) + " 到 " + printed(r, *c.now);
  return printed(r, c.old != nullptr ? *c.old : *c.now) + "、" + printed(r, *c.delta);
}

void judge_rate(inspection& r, group g, std::size_t i) {
  const claim& rate = r.claims[i];
  const int way = direction(rate.before);
  if (way == 0 || rate.what.how != bound::exactly || rate.what.range || rate.inside || rate.each) return;
  change c = parties(r, g, i, false);
  if (c.now == nullptr && (c.old == nullptr || c.delta == nullptr)) return;
  if (has_any(rate.before, words().of("other bases")) || (has(rate.before, "同比") && c.old == nullptr)) return;
  if (c.old == nullptr && c.delta == nullptr) return;
  const exact base = c.old != nullptr ? c.old->what.value
                                      : exact(c.now->what.value - c.delta->what.value * direction(c.delta->before));
  const exact delta = c.old != nullptr && c.now != nullptr ? apart(c.now->what.value, base) : c.delta->what.value;
  // the subject of the rate is another one: 支出100万元，比上年增加5万元，用户数增长8%
  if (const std::string own = std::string(stripped(rate.label, words().of("neutral")));
      length_of(own) > 6 && !has_any(own, words().of("against")))
    return;
  const auto here = [&](const claim* f) {
    return f != nullptr && f->paragraph == rate.paragraph && f->sentence == rate.sentence;
  };
  if (base <= 0 || explained(r, rate, here(c.old) && here(c.now))) return;
  if (c.now == nullptr && (c.delta < c.old || c.delta - c.old > 1)) return;
  quantity part = c.now != nullptr ? c.now->what : c.delta->what, whole = part;
  part.value = delta;
  whole.value = base;
  if (is_ratio(rate.what, part, whole)) return;
  list told{&rate};
  if (c.now != nullptr) told.push_back(c.now);
  if (c.old != nullptr) told.push_back(c.old);
  if (c.delta != nullptr) told.push_back(c.delta);
  r.tell("amount/rate", strength::sure, told,
         fmt::format("{} 的变化是 {}，写 {}。", parties_text(r, c), grown(delta, base, rate), printed(r, rate)));
}

/** 由22个增加到26个，增加4个; 比2023年的389条净增23条: the change itself. */
void judge_delta(inspection& r, group g, std::size_t i) {
  const claim& d = r.claims[i];
  const bool points = d.what.what == measure::points_apart;
  if (d.what.how != bound::exactly || d.inside || d.what.range) return;
  if (direction(d.before) == 0 || d.what.what == measure::percent || has_any(d.before, words().of("other bases")))
    return;
  change c = parties(r, g, i, points);
  if (c.old == nullptr || c.now == nullptr || (!points && !same_unit(d, *c.old))) return;
  const exact wanted = apart(c.now->what.value, c.old->what.value);
  const exact grain = std::max({d.what.grain, c.now->what.grain, c.old->what.grain});
  const bool open = (!points && d.what.what == measure::money && grain != d.what.grain) || grain > 1;
  if (apart(wanted, d.what.value) <= (open ? grain : exact(0))) return;
  list near = r.before(d, 0);
  if (near.size() > 12) near.resize(12);
  if (has_any(c.old->before, words().of("from")) && leads_to(*c.now)) near.clear();  // 从5.6%降到4.9%: both are told
  for (const claim* a : near)                                                        // any other two of them
    for (const claim* b : near)
      if (a != b && a->sentence == d.sentence && b->sentence == d.sentence && same_unit(*a, *b) &&
          (points ? a->what.what == measure::percent : same_unit(*a, d)) &&
          apart(a->what.value, b->what.value) == d.what.value && (a == c.now || b == c.now || a == c.old || b == c.old))
        return;
  if (d.each && !has_any(c.old->before, words().of("from"))) return;
  const std::size_t n = static_cast<std::size_t>(std::max(c.now, c.old) - r.claims.data());
  if (i > n + 2) return;
  r.tell(points ? "rate/rate" : "count/count", strength::sure, {c.old, c.now, &d},
         fmt::format("{} 与 {} 相差 {}，写 {}。", printed(r, *c.old), printed(r, *c.now), in_unit(wanted, c.now->what),
                     printed(r, d)));
}

}  // namespace

int direction(std::string_view before) {
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
  for (const group g : r.sentences)
    for (std::size_t i = g.from; i < g.to; ++i) {
      if (r.claims[i].what.what == measure::percent) judge_rate(r, g, i);
      judge_delta(r, g, i);
    }
}

}  // namespace changtong::claims
