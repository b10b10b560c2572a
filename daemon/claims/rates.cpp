// A rate beside the two figures whose quotient it is, and the share that a part has of its whole.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

/** Bounds that a figure printed in 万 or 亿 leaves open; one that is printed in full is exact. */
std::pair<exact, exact> open_bounds(const quantity& q) {
  const bool in_full = q.what == measure::money ? q.grain <= 10'000 : q.grain <= 1;
  const exact half = in_full ? exact(0) : q.grain / 2;
  return {q.value - half, q.value + half};
}

bool exact_ratio(const quantity& rate, const exact& part, const exact& whole) {
  return whole > 0 && prints(rate, part * 100 / whole);
}

const rate_row* row_of(std::string_view label) {
  for (const rate_row& row : words().rates)
    if (std::ranges::any_of(row.names, [&](const std::string& n) { return label.ends_with(n) || has(label, n + "("); }))
      return &row;
  return nullptr;
}

/** 修复 of 修复率, 办结 of 按期办结率: the last two characters before 率. */
std::string stem_of(std::string_view label) {
  const std::size_t at = label.rfind("率");
  return at == label.npos || at < 6 ? std::string() : std::string(label.substr(at - 6, 6));
}

/** The figures of the sentence and of those before it, as far as a reader would look. */
list around(const inspection& r, const claim& rate, std::size_t paragraphs) {
  list out = r.before(rate, paragraphs);
  for (const claim* c = &rate + 1; c < r.claims.data() + r.claims.size(); ++c) {
    if (c->paragraph != rate.paragraph || c->sentence != rate.sentence || c > &rate + 10) break;
    out.push_back(c);
  }
  std::erase_if(out, [](const claim* c) {
    return c->what.what == measure::percent || c->what.what == measure::points_apart || c->what.range;
  });
  if (constexpr std::size_t most = 12; out.size() > most) out.resize(most);
  return out;
}

/** Whether two of the figures, or two neighbours added against a third, have the rate as their quotient. */
bool explained(const claim& rate, const list& figures, const claim* only = nullptr) {
  const bool coarse = rate.what.grain >= 1;
  const auto own = [&](const claim& c) { return same_sentence(c, rate); };
  const auto two_here = [&](const claim& like) {
    return std::ranges::count_if(figures, [&](const claim* c) { return own(*c) && same_unit(*c, like); }) > 1;
  };
  for (const claim* whole : figures)
    for (std::size_t i = 0; i < figures.size(); ++i) {
      const claim& part = *figures[i];
      if (&part == whole || !same_unit(part, *whole)) continue;
      if (coarse && !(own(part) && own(*whole)) && (two_here(part) || !(own(part) || own(*whole)))) continue;
      if ((only == nullptr || only == &part) && is_ratio(rate.what, part.what, whole->what)) return true;
      quantity together = part.what;  // 线上办件 A，线下办件 B，线上办件率: the whole is both
      together.value += whole->what.value;
      if (length_of(part.label) >= 2 && has(rate.before, part.label) && is_ratio(rate.what, part.what, together))
        return true;
      quantity both = part.what;
      for (std::size_t k = i + 1;
           k < figures.size() && k < i + 4 && figures[k] != whole && same_unit(*figures[k], *whole); ++k) {
        both.value += figures[k]->what.value;
        if (is_ratio(rate.what, both, whole->what)) return true;
        const bool more = has_any(part.before, words().of("added")) || has_any(figures[k]->before, words().of("added"));
        if (k == i + 1 && more && is_ratio(rate.what, whole->what, both)) return true;  // of what it was made to be
      }
    }
  return false;
}

bool names(const claim& c, const word_list& list) { return has_any(c.before, list) || has_any(c.noun, list); }

/** The same, but what stands between the figure and its rate is the name of the rate. */
bool names(const claim& c, const word_list& list, const claim& rate) {
  return has_any(c.before, list) || (&c + 1 != &rate && has_any(c.noun, list));
}

std::string ratio_text(const inspection& r, const claim& rate, const claim& part, const claim& whole) {
  return fmt::format("{}写 {}，而 {} ÷ {} = {}%。",
                     rate.before.empty() ? "比率" : stripped(rate.before, words().of("verbs")), printed(r, rate),
                     printed(r, part), printed(r, whole),
                     fixed(part.what.value * 100 / whole.what.value, std::max(2, places_of(rate.what))));
}

void tell(inspection& r, const claim& rate, const claim& part, const claim& whole, strength how) {
  r.tell("amount/rate", how, {&whole, &part, &rate}, ratio_text(r, rate, part, whole));
}

bool usable(const claim& c) {
  return c.what.how == bound::exactly && !c.each && !c.earlier && !c.inside && c.what.value > 0 &&
         !has_any(c.before, words().of("rest"));
}

/** The figure that the whole report gives for the whole: unique, or none. */
const claim* whole_of_report(const inspection& r, const claim& part, const word_list& below) {
  const claim* found = nullptr;
  if (r.wholes.size() > 60) return nullptr;  // many budgets are those of many projects
  for (const claim* at : r.wholes) {
    const claim& c = *at;
    if (!same_unit(c, part) || !c.time.empty() || !usable(c)) continue;
    const bool named = std::ranges::any_of(
        below, [&](const std::string& w) { return c.name == w || c.name == w + "数" || c.name == "总" + w; });
    if (!named && !(c.name.empty() && has_any(c.before, below))) continue;
    if (found != nullptr && found->what.value != c.what.value) return nullptr;
    if (found == nullptr) found = &c;
  }
  return found;
}

/** The rate's own numerator: named by the row or by the rate's stem; the nearest before it. */
const claim* part_of(const claim& rate, const list& before, const word_list& above, const std::string& stem) {
  const auto found = std::ranges::find_if(before, [&](const claim* c) {
    return usable(*c) && !c->planned && c < &rate && !has(c->before, "不") && !has(c->before, "未") &&
           (names(*c, above, rate) || (!stem.empty() && names(*c, {stem}, rate)));
  });
  return found == before.end() ? nullptr : *found;
}

void judge(inspection& r, const claim& rate) {
  if (rate.what.how != bound::exactly || rate.what.range || rate.earlier || rate.planned || rate.each) return;
  const std::string_view name = stripped(rate.before, words().of("verbs"));
  const rate_row* row = row_of(name);
  const std::string stem = stem_of(name);
  if (rate.before.ends_with("-") || has_any(rate.before, words().of("no quotients"))) return;
  if (row == nullptr && stem.empty()) return;
  const list near = around(r, rate, 2);
  list own;  // of this sentence, and of the one before in the same paragraph
  for (const claim* c : near)
    if (c->paragraph == rate.paragraph && c->sentence + 1 >= rate.sentence && c < &rate) own.push_back(c);
  static const word_list none;
  const claim* part = part_of(rate, own, row == nullptr ? none : row->above, stem);
  // both parties told by name in one sentence: what fits a whole percent by chance is another pair
  const bool explicit_ones =
      part != nullptr && row != nullptr && rate.what.grain >= 1 && std::ranges::any_of(own, [&](const claim* c) {
        return c < part && same_sentence(*c, *part) && same_unit(*c, *part) && usable(*c) && names(*c, row->below) &&
               !names(*c, row->above);
      });
  if (explained(rate, near, explicit_ones ? part : nullptr)) return;
  if (part == nullptr) return;
  // 办结180件，按期办结率: of those in time, which nobody counts here
  if (first_of(rate.before, words().of("limits")) != first_of(part->before, words().of("limits"))) return;
  if (const claim* limit = part - 1; part != r.claims.data() && same_sentence(*limit, *part) &&
                                     limit->what.how != bound::exactly && !has(r.between(*limit, *part), "，"))
    return;                                        // 4小时内修复48次
  for (const claim* c = part + 1; c < &rate; ++c)  // a rate between them has taken the figure
    if (c->what.what == measure::percent) return;
  for (const claim* c : own)  // a denominator that is told in the same sentence as its part, before it
    if (c != part && same_sentence(*c, *part) && same_unit(*c, *part) && usable(*c) &&
        c->what.value >= part->what.value &&
        (c > part ? row != nullptr && names(*c, row->below) && !names(*c, row->above)
                  : row == nullptr || (!names(*c, row->above) && (names(*c, row->below) || c + 1 == part))))
      return tell(r, rate, *part, *c, strength::sure);
  if (row == nullptr) return;
  if (part->what.what == measure::money && same_sentence(*part, rate) + (rate.sentence == part->sentence + 1) > 0)
    if (const claim* whole = whole_of_report(r, *part, row->below);
        whole != nullptr && whole != part && !is_ratio(rate.what, part->what, whole->what))
      return tell(r, rate, *part, *whole, strength::sure);
  if (part->what.what == measure::money) return;
  for (const claim* c : near)  // told in a line before: by name only
    if (c < part && same_unit(*c, *part) && usable(*c) && names(*c, row->below) && !names(*c, row->above) &&
        c->what.value >= part->what.value)
      return tell(r, rate, *part, *c, strength::ask);
}

/** 512万元 of 云主机租用费, told in a line before: the same label. */
const claim* labelled(const inspection& r, const claim& at, std::string_view label) {
  const std::string wanted = plain(label, r.report);
  if (length_of(wanted) < 2) return nullptr;
  for (const claim* c : r.before(at, 4))
    if (c->what.what != measure::percent && usable(*c) && !c->planned && c->name == wanted) return c;
  return nullptr;
}

void judge_share(inspection& r, const claim& share) {
  const std::size_t at = share.before.rfind("占");
  if (at == share.before.npos || share.what.how != bound::exactly || share.what.range) return;
  list near = around(r, share, 3);
  if (explained(share, near)) return;
  const std::string_view subject = std::string_view(share.before).substr(0, at);
  std::string_view of = std::string_view(share.before).substr(at + 3);
  for (const char* tail : {"的比例", "的比重", "比例", "比重", "的"})
    if (const auto cut = of.find(tail); cut != of.npos) of = of.substr(0, cut);
  const claim* part = !subject.empty() ? labelled(r, share, subject) : nullptr;
  if (subject.empty() && &share != r.claims.data() && same_sentence(*(&share - 1), share) && usable(*(&share - 1)))
    part = &share - 1;
  const claim* whole = of.empty() ? nullptr : labelled(r, share, of);
  // 标段42个，公开招标40个，公开招标占比: the whole stands just before its part
  if (of == "比" && part != nullptr && part != r.claims.data() && same_sentence(*part, share) &&
      same_sentence(*(part - 1), share) && usable(*(part - 1)) && (part - 1)->what.value >= part->what.value)
    whole = part - 1;
  if (part == nullptr || whole == nullptr || part == whole || !same_unit(*part, *whole)) return;
  if (!is_ratio(share.what, part->what, whole->what)) tell(r, share, *part, *whole, strength::sure);
}

/** 满意347份，占有效问卷396份的86.7%: the whole stands inside. */
bool judge_share_of_figure(inspection& r, const claim& share) {
  if (share.before != "的" || &share - r.claims.data() < 2) return false;
  const claim &whole = *(&share - 1), &part = *(&share - 2);
  const bool of_all = whole.before.starts_with("占"), of_goal = has(whole.before, "计划") || has(whole.before, "目标");
  if (!same_sentence(part, share) || !(of_all || of_goal) || !same_unit(part, whole)) return false;
  if (usable(part) && usable(whole) && share.what.how == bound::exactly &&
      !is_ratio(share.what, part.what, whole.what) && (of_all || !explained(share, around(r, share, 1))))
    tell(r, share, part, whole, strength::sure);
  return true;
}

/** 基本支出812.66万元，占35.83%；项目支出…，占64.17%: parts of one whole, which their sum is. */
void judge_shares_of_parts(inspection& r, group g) {
  std::vector<std::pair<const claim*, const claim*>> pairs;
  for (std::size_t i = g.from + 1; i < g.to; ++i) {
    const claim &share = r.claims[i], &part = r.claims[i - 1];
    if (share.what.what == measure::percent && share.before.starts_with("占") && length_of(share.before) <= 3 &&
        usable(part) && part.what.what != measure::percent && (pairs.empty() || same_unit(part, *pairs[0].first)))
      pairs.emplace_back(&part, &share);
  }
  if (pairs.size() < 2) return;
  exact sum = 0, hundred = 0;
  for (const auto& [part, share] : pairs) sum += part->what.value, hundred += share->what.value;
  const exact off = apart(hundred, 100);
  if (off > 12) return;
  quantity whole = pairs[0].first->what;
  whole.value = sum;
  const auto right =
      std::ranges::count_if(pairs, [&](const auto& p) { return is_ratio(p.second->what, p.first->what, whole); });
  if (off > 2 && (right < 2 || static_cast<std::size_t>(right) + 1 != pairs.size())) return;
  for (const auto& [part, share] : pairs)
    if (!is_ratio(share->what, part->what, whole) && !explained(*share, around(r, *share, 2)))
      r.tell("amount/rate", strength::sure, {part, share},
             fmt::format("{}占各部分之和的 {}%，写 {}。", printed(r, *part),
                         fixed(part->what.value * 100 / sum, std::max(2, places_of(share->what))), printed(r, *share)));
}

}  // namespace

std::string printed(const inspection& r, const claim& c) {
  return std::string(r.report.paragraphs[c.paragraph].words(c.what.at));
}

int places_of(const quantity& q) {
  int n = 0;
  exact grain = q.grain;
  if (q.what == measure::money) grain /= q.scale;
  for (; grain < 1 && n < 9; grain *= 10) ++n;
  return n;
}

bool prints(const quantity& printed, const exact& value) {
  const exact low = printed.how == bound::about ? printed.value - printed.grain : printed.value,
              high = printed.how == bound::about ? printed.value + printed.grain : printed.value;
  const exact half = printed.grain / 2;
  return value >= low - half &&
         (value <= high + half || (printed.how != bound::about && value < high + printed.grain));  // or cut
}

bool is_ratio(const quantity& rate, const quantity& part, const quantity& whole) {
  const auto [part_low, part_high] = open_bounds(part);
  const auto [whole_low, whole_high] = open_bounds(whole);
  if (whole_low <= 0) return false;
  if (exact_ratio(rate, part.value, whole.value)) return true;
  if (part_low == part_high && whole_low == whole_high) return false;
  const exact low = part_low * 100 / whole_high, high = part_high * 100 / whole_low, half = rate.grain / 2;
  return low <= rate.value + half && high >= rate.value - half;
}

void rates(inspection& r) {
  for (const claim& c : r.claims)
    if (c.what.what == measure::money &&
        std::ranges::any_of(words().rates, [&](const rate_row& row) { return has_any(c.before, row.below); }))
      r.wholes.push_back(&c);
  for (const claim& c : r.claims)
    if (c.what.what == measure::percent && !has(c.before, "占")) judge(r, c);
}

void shares(inspection& r) {
  for (const claim& c : r.claims)
    if (c.what.what == measure::percent && !judge_share_of_figure(r, c)) judge_share(r, c);
  for (const group g : r.sentences) judge_shares_of_parts(r, g);
}

}  // namespace changtong::claims
