// The whole and its parts, where the text says that these are the parts: 其中, 包括, 分别为, 合计, halves and quarters.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;
constexpr std::size_t most_parts = 30;

/** A list of parts as the text announces it. */
struct parts_list {
  list parts;
  bool told = false;        ///< 分别为, 分为
  bool exhaustive = false;  ///< 包括, 分别为, 其中： say all of them; 其中 alone may name a few
  bool open = false;        ///< 等, 主要: not all of them
  bool overlapping = false;
  bool own_total = false;   ///< 合计 stands behind it, which is judged by itself
  bool attributes = false;  ///< 双路由的85条: may overlap
};

exact sum_of(const list& parts) {
  exact sum = 0;
  for (const claim* c : parts) sum += c->what.value;
  return sum;
}

/** Amounts printed with decimals were rounded one by one, so their sum may miss the total by a last digit: that of the
 * finest, since 0.70 is written 0.7 too. */
exact slack(const list& parts, const claim& whole) {
  exact grain = parts.front()->what.grain, coarse = whole.what.grain;
  for (const claim* c : parts) grain = std::min(grain, c->what.grain), coarse = std::max(coarse, c->what.grain);
  grain = coarse > 1 && whole.what.what != measure::money ? std::max<exact>(grain, whole.what.grain / 2)
                                                          : std::max(grain, whole.what.grain);
  const bool decimals = whole.what.what == measure::money ? grain < 10'000 : grain < 1;
  const bool scaled = whole.what.what != measure::money && grain > 1;
  return (decimals && parts.size() > 2) || scaled ? grain : exact(0);
}

bool equals(const list& parts, const claim& whole) {
  return apart(sum_of(parts), whole.what.value) <= slack(parts, whole);
}

/** Whether some beginning or end of the list (at least two) makes up the whole: the rest belongs to another sentence.
 */
bool equals_in_part(const list& parts, const claim& whole) {
  for (std::size_t n = 2; n <= parts.size(); ++n)
    if (equals(list(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(n)), whole) ||
        equals(list(parts.end() - static_cast<std::ptrdiff_t>(n), parts.end()), whole))
      return true;
  return false;
}

std::string added(const inspection& r, const list& parts) {
  std::string out;
  for (const claim* c : parts) out += (out.empty() ? "" : " + ") + printed(r, *c);
  return out;
}

void tell(inspection& r, const list& parts, const claim& whole, strength how) {
  list all = parts;
  all.push_back(&whole);
  r.tell(whole.what.what == measure::score ? "score/parts" : "sum/parts", how, all,
         fmt::format("各部分 {} = {}，与所写的合计 {} 不符。", added(r, parts), in_unit(sum_of(parts), whole.what),
                     printed(r, whole)));
}

bool is_part(const claim& c) {
  return !c.inside && !c.what.range && c.what.what != measure::percent && c.what.what != measure::points_apart &&
         c.what.how == bound::exactly;
}

/** In a list of scores, 15分得14.5分: the points that were got, not the weights. */
list only_got(list parts) {
  const auto is_got = [](const claim* c) { return has(c->before, "得") && !has(c->before, "扣"); };
  if (!parts.empty() && parts.front()->what.what == measure::score && std::ranges::any_of(parts, is_got))
    std::erase_if(parts, [&](const claim* c) { return !is_got(c); });
  if (!parts.empty() && parts.front()->what.what == measure::score)
    std::erase_if(parts, [](const claim* c) { return has_any(c->before, words().of("lost")); });
  return parts;
}

/** 合计, 三者合计, 四项合计, 以上共计. */
std::size_t total_at(std::string_view before) {
  for (const std::string& w : words().of("total markers")) {
    const std::size_t at = before.find(w);
    if (at == 0) return w.size();
    if (at == before.npos || length_of(before.substr(0, at)) > 3) continue;
    const std::string_view head = before.substr(0, at);
    if (std::ranges::any_of(std::initializer_list<const char*>{"者", "项", "类", "级", "种", "部分", "以上", "上述"},
                            [&](std::string_view tail) { return head.ends_with(tail); }))
      return at + w.size();
  }
  return 0;
}
bool is_total(const claim& c) { return total_at(c.before) > 0; }

/** From claim `first` on: figures of one unit, until a total, a change or another marker. */
parts_list list_from(const inspection& r, group g, std::size_t first, std::size_t end_byte) {
  parts_list out;
  bool other_unit = false;
  for (std::size_t i = first; i < g.to; ++i) {
    const claim& c = r.claims[i];
    if (c.what.at.from >= end_byte) break;
    if (c.inside || c.what.what == measure::percent || c.what.what == measure::points_apart) continue;
    if (is_total(c)) {
      out.own_total = !out.parts.empty() && same_unit(c, *out.parts.front());
      break;
    }
    if (!is_part(c) || c.earlier) {
      out.overlapping = true;
      continue;
    }
    if (!out.parts.empty() && !same_unit(c, *out.parts.front())) {
      other_unit = true;
      continue;
    }
    // 401条，其中…，完成目标400条: what was to be is no part
    if (out.parts.size() == most_parts || c.before.ends_with("目标") || c.before.ends_with("计划")) break;
    if (other_unit) out.overlapping = true;  // 3期200人、5期300人: pairs, not a list
    out.parts.push_back(&c);
  }
  out.parts = only_got(std::move(out.parts));
  for (const claim* c : out.parts) {
    out.attributes |= has(c->before, "的");
    out.overlapping |= has_any(c->before, words().of("overlapping")) || direction(c->before) != 0;
    out.open |= c->noun.starts_with("等") || has_any(c->before, words().of("open lists"));
  }
  return out;
}

/** Where the list could have its whole: same unit, before it. In its own sentence, else in the sentences before. */
list wholes(const inspection& r, const claim& first, group g, std::size_t marker_at) {
  list own, before;
  for (const claim* c : r.before(first, 2)) {
    if (!same_unit(*c, first) || c->inside || c->what.range) continue;
    const bool here = c >= &r.claims[g.from];
    if (here && c->what.at.from > marker_at) continue;
    if (!here && in_list(r, *c)) continue;
    (here ? own : before).push_back(c);
  }
  return own.empty() ? before : own;
}

/** Parts that the text lists against the figures that can be their whole. */
void judge(inspection& r, const parts_list& l, const list& candidates) {
  if (candidates.empty() || l.parts.size() < 2) return;
  const claim* whole = candidates.front();
  if (whole->what.how != bound::exactly || whole->each || whole->what.what == measure::percent) return;
  for (const claim* c : candidates)
    if (equals_in_part(l.parts, *c)) return;
  const exact sum = sum_of(l.parts);
  const bool over = sum > whole->what.value;
  if (l.overlapping || (l.open && !over)) return;
  const bool money = whole->what.what == measure::money || whole->what.what == measure::score;
  const int far = l.attributes ? 7 : l.told ? 50 : l.exhaustive ? 30 : over && money ? 25 : l.parts.size() > 2 ? 12 : 5;
  if (near(sum, whole->what.value, far))
    tell(r, l.parts, *whole, strength::sure);
  else if (over && near(sum, whole->what.value, 25))
    tell(r, l.parts, *whole, strength::ask);  // 其中 may name what overlaps
}

struct marker {
  std::size_t at, to;
  std::string_view word;
};

std::vector<marker> markers_in(const paragraph& p, stretch s) {
  std::vector<marker> out;
  const std::string_view t = p.words(s), by = "由";
  const word_list& ends = words().of("list ends");
  for (std::size_t i = 0; i < t.size();) {
    const auto word = std::ranges::find_if(words().of("part markers"),
                                           [&](const std::string& w) { return t.substr(i).starts_with(w); });
    const bool one = word != words().of("part markers").end();
    // 由甲、乙、丙构成: the parts stand before the word
    const bool behind = one && std::ranges::find(ends, *word) != ends.end() && !out.empty() && out.back().word == by;
    if (one && !behind) out.push_back({s.from + i, s.from + i + word->size(), *word});
    if (!one && out.empty() && t.substr(i).starts_with(by) && has_any(t.substr(i), ends))
      out.push_back({s.from + i, s.from + i + by.size(), by});
    i += one ? word->size() : char_bytes(t, i);
  }
  return out;
}

/** 自评得分98.58分：, 实际支出100万元：; what follows are its parts. */
bool ends_in_figure(std::string_view head) {
  const auto all = quantities_of(head);
  return !all.empty() && all.back().at.to == head.size() && all.back().what != measure::percent;
}

/** 本年支出中：…, 按运营商划分：…, 各部分得分：…, 561条专线中：… announce a list of what was said before. */
std::optional<marker> heading_marker(const paragraph& p, stretch s) {
  constexpr std::size_t longest = 60;
  const std::string_view t = p.words(s);
  std::size_t clause = 0;
  for (std::size_t i = 0; i < t.size(); i += char_bytes(t, i)) {
    const bool colon = t.substr(i).starts_with("："), comma = t.substr(i).starts_with("，");
    if (!colon && !comma) continue;
    const std::string_view head = t.substr(clause, i - clause);
    clause = i + 3;
    if (head.size() > longest) continue;
    const auto figures = quantities_of(head);
    const bool among = head.ends_with("中") && !head.ends_with("其中");
    const bool list =
        std::ranges::any_of(words().of("list heads"), [&](const std::string& w) { return head.ends_with(w); });
    if (among || (colon && ((list && figures.empty()) || ends_in_figure(head))))
      return marker{s.from + i, s.from + i, {}};
  }
  return std::nullopt;
}

void lists_in(inspection& r, group g) {
  const claim& any = r.claims[g.from];
  const paragraph& p = r.report.paragraphs[any.paragraph];
  const stretch s = p.sentences[any.sentence];
  std::vector<marker> all = markers_in(p, s);
  bool by_head = false;
  if (const auto head = heading_marker(p, s); head && (all.empty() || all.front().at > head->to)) {
    all.insert(all.begin(), *head);
    by_head = true;
  }
  for (std::size_t m = 0; m < all.size(); ++m) {
    std::size_t end = m + 1 < all.size() ? all[m + 1].at : s.to;
    if (m > 0)  // a list inside a list ends with its clause: …；
      if (const auto semicolon = p.text.find("；", all[m].to); semicolon != std::string::npos)
        end = std::min(end, semicolon);
    const auto first = std::ranges::find_if(r.claims.begin() + static_cast<std::ptrdiff_t>(g.from),
                                            r.claims.begin() + static_cast<std::ptrdiff_t>(g.to),
                                            [&](const claim& c) { return c.what.at.from >= all[m].to && !c.inside; });
    if (first == r.claims.begin() + static_cast<std::ptrdiff_t>(g.to)) continue;
    const auto at = static_cast<std::size_t>(first - r.claims.begin());
    parts_list l = list_from(r, g, at, end);
    if (l.parts.empty() || (by_head && m == 0 && l.own_total)) continue;
    if (m + 1 < all.size() && end == all[m + 1].at) continue;  // its end is another list: whose parts follow is open
    const std::string_view behind = std::string_view(p.text).substr(all[m].to, 3);
    l.told = all[m].word.starts_with("分");
    l.exhaustive = all[m].word != "其中" || behind == "：" || (by_head && m == 0);
    judge(r, l, wholes(r, *l.parts.front(), g, all[m].at));
  }
}

/** Of the points behind their list: 综合得分95.6分 may miss a few of them, 满分100分 is what the weights make. */
int percent_of_points(const claim& c) {
  if (c.what.what != measure::score || c.earlier) return 0;
  return has_any(c.before, words().of("total scores")) ? 3 : has(c.before, "满分") && c.what.value == 100 ? 20 : 0;
}

/** A、B、C，共 W: the figures of one unit just before a total. */
void totals_in(inspection& r, group g) {
  for (std::size_t i = g.from; i < g.to; ++i) {
    const claim& whole = r.claims[i];
    if (whole.inside || whole.what.how != bound::exactly) continue;
    const std::size_t behind = total_at(whole.before);
    const int points = percent_of_points(whole);
    if (behind == 0 && points == 0) continue;
    list parts;
    for (std::size_t k = i; k-- > g.from && parts.size() < most_parts;) {
      const claim& c = r.claims[k];
      if (c.inside || c.what.what == measure::percent || (points > 0 && !same_unit(c, whole))) continue;
      if (!same_unit(c, whole) || !is_part(c) || c.earlier || percent_of_points(c) > 0 ||
          (is_total(c) && !r.between(c, r.claims[k + 1]).starts_with("、")))
        break;
      parts.insert(parts.begin(), &c);
    }
    parts = only_got(std::move(parts));
    if (parts.size() < (points > 0 ? 3U : 2U) || equals_in_part(parts, whole)) continue;
    if (std::ranges::any_of(parts, [&](const claim* c) { return equals({c}, whole); })) continue;  // said before
    const bool of_more = points == 0 && length_of(plain(whole.before.substr(behind), r.report)) > 2;
    if (of_more || std::ranges::any_of(
                       parts, [](const claim* c) { return has_any(c->before, words().of("overlapping")) || c->each; }))
      continue;
    if (near(sum_of(parts), whole.what.value, points > 0 ? points : 30)) tell(r, parts, whole, strength::sure);
  }
}

/** 上半年 … 下半年 …, four quarters: against 全年 of the same deed. */
void halves_in(inspection& r, group g) {
  for (const auto& [key, needed] : {std::pair<std::string_view, std::size_t>{"halves", 2}, {"quarters", 4}}) {
    list parts, others;
    for (const claim& c : r.of(g))
      if (parts.empty() || same_unit(c, *parts.front()))
        (has_any(c.before, words().of(key)) && is_part(c) && !c.earlier ? parts : others).push_back(&c);
    if (parts.size() != needed || parts.front()->planned) continue;
    const bool alone = others.size() == 1 && others.front() + 1 == parts.front();
    for (const claim* c : r.before(r.claims[g.from], 8))
      if (same_unit(*c, *parts.front()) && !c->inside) others.push_back(c);
    std::erase_if(others, [&](const claim* c) { return !same_unit(*c, *parts.front()); });
    if (std::ranges::any_of(others, [&](const claim* c) { return equals(parts, *c); })) continue;
    std::string deed(parts.front()->label);
    if (const auto w = first_of(deed, words().of(key)); !w.empty()) deed.erase(deed.find(w), w.size());
    deed = plain(deed, r.report);
    const auto whole = std::ranges::find_if(others, [&](const claim* c) {
      const bool here = same_sentence(*c, *parts.front());
      return c->what.how == bound::exactly && !c->planned && !c->earlier && c->time.empty() &&
             ((here && (has(c->before, "全年") || alone)) ||
              (length_of(deed) >= 2 && (has(c->before, deed) || (!c->label.empty() && has(deed, c->label)))));
    });
    if (whole != others.end() && near(sum_of(parts), (*whole)->what.value, 25)) tell(r, parts, **whole, strength::sure);
  }
}

}  // namespace

void sums(inspection& r) {
  for (const group g : r.sentences) {
    lists_in(r, g);
    totals_in(r, g);
    halves_in(r, g);
  }
}

}  // namespace changtong::claims
