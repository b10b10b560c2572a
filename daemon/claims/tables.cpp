// Tables: a row's points against its weight, target and result, its rate against its amounts, its product; columns
// against their totals; 其中 rows against the row they belong to.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "daemon/claims/relations.h"
#include "daemon/claims/table_blocks.h"

namespace changtong::claims {
namespace {

std::string shown(const quantity& q) { return in_unit(q.value, q); }

bool comparable(const quantity& a, const quantity& b) {
  return a.what == b.what ? a.what != measure::other || a.unit == b.unit
                          : (a.unit.empty() || b.unit.empty()) && a.what != measure::percent &&
                                b.what != measure::percent && a.what != measure::money && b.what != measure::money;
}

void judge_points(inspection& r, const section& s, const row& w) {
  const quantity *weight = w.at(s.find(column::weight)), *got = w.at(s.find(column::got));
  if (weight == nullptr || got == nullptr || w.total) return;
  const auto is_points = [](const quantity& q) { return q.unit.empty() || q.what == measure::score; };
  if (!is_points(*weight) || !is_points(*got)) return;
  if (got->value > weight->value)
    return r.tell_lines("score/parts", strength::sure, {w.line},
                        fmt::format("得分 {} 高于分值 {}。", shown(*got), shown(*weight)));
  const std::size_t result = s.find(column::actual);
  const bool full = got->value == weight->value && weight->value > 0;
  if (const quantity* none = w.at(result); full && none == nullptr && result < w.cells.size() &&
                                           has_any(w.cells[result], words().of("missed")) &&
                                           !has_any(w.cells[result], words().of("nothing left")))
    r.tell_lines("goal/output", strength::sure, {w.line},
                 fmt::format("写“{}”，却得满分 {}。", w.cells[result], shown(*got)));
  const quantity *target = w.at(s.find(column::target)), *actual = w.at(result);
  if (target == nullptr || actual == nullptr || !comparable(*target, *actual) || actual->how != bound::exactly) return;
  std::string about;
  for (const std::string& c : w.cells) about += c;
  const auto met = meets(*actual, *target, about);
  if (met && !*met && full)
    r.tell_lines("goal/output", strength::sure, {w.line},
                 fmt::format("目标 {}{}、实际 {} 没有达到，却得满分 {}。",
                             target->how == bound::at_most || target->how == bound::below ? "≤" : "≥", shown(*target),
                             w.cells[s.find(column::actual)], shown(*got)));
}

/** A rate cell, with or without its sign. */
std::optional<quantity> rate_at(const row& w, std::size_t i) {
  if (w.at(i) == nullptr) return std::nullopt;
  quantity q = *w.at(i);
  if (q.what != measure::percent && !q.unit.empty()) return std::nullopt;
  if (q.what != measure::percent && q.value <= exact(3, 2) && q.value != 0) return std::nullopt;  // 0.97 may be meant
  return q;
}

/** The columns whose quotient a column of rates is, as the heads say: 支出 of 预算, 办结 of 受理; of two columns that
 * may be its part nobody knows which, of two wholes one must fit. */
struct quotient {
  std::size_t part;
  std::vector<std::size_t> wholes;
};

std::optional<quotient> declared(const section& s, std::size_t rate) {
  const std::string head = s.heads[rate].substr(0, s.heads[rate].find('('));
  std::string_view scope;  // 累计 of 累计支出率: of which no column tells
  const rate_row* of = row_of(head, scope);
  if (of == nullptr) return std::nullopt;
  std::vector<std::size_t> parts, wholes;
  for (std::size_t i = 1; i < s.heads.size(); ++i) {
    const bool figures = std::ranges::any_of(s.rows, [&](const row& w) { return w.at(i) != nullptr; });
    if (i == rate || !figures || has_any(s.heads[i], words().of("adds not up"))) continue;
    if (has_any(s.heads[i], of->above))
      parts.push_back(i);
    else if (has_any(s.heads[i], of->below))
      wholes.push_back(i);
  }
  // 预算数, 调整数, 支出数: of what was budgeted, or of what came of it?
  const auto says = [](std::string_view word) { return [word](const std::string& h) { return has(h, word); }; };
  const bool open = std::ranges::any_of(s.heads, says("调整")) && std::ranges::none_of(s.heads, says("调整后"));
  return parts.size() == 1 && !wholes.empty() && !open && has(s.heads[parts[0]], scope)
             ? std::optional(quotient{parts[0], wholes})
             : std::nullopt;
}

void judge_rates(inspection& r, const section& s) {
  for (std::size_t i = 1; i < s.heads.size(); ++i) {
    const auto q = declared(s, i);
    if (!q) continue;
    for (const row& w : s.rows) {
      const auto rate = rate_at(w, i);
      const quantity *part = w.at(q->part), *whole = nullptr;
      if (!rate || rate->how != bound::exactly || part == nullptr || part->what == measure::percent) continue;
      bool fits = false;
      for (const std::size_t one : q->wholes)
        if (const quantity* b = w.at(one); b != nullptr) {
          fits |= b->value <= 0 || !comparable(*part, *b) || is_ratio(*rate, *part, *b);
          whole = whole == nullptr ? b : whole;
        }
      if (fits || whole == nullptr || (part->value > whole->value && rate->value == 100)) continue;  // never above it
      r.tell_lines("amount/rate", strength::sure, {w.line},
                   fmt::format("{} ÷ {} = {}%，写 {}。", shown(*part), shown(*whole),
                               fixed(part->value * 100 / whole->value, std::max(2, places_of(*rate))), w.cells[i]));
    }
  }
}

/** The year that a head begins with: 2022 of 2022年, 1 and 2 of 上年 and 本年, which behind it is cut off; 0 for none.
 */
int year_of(std::string& head) {
  const bool dated =
      digits_in(head.substr(0, 4)) > 1900 && head.substr(std::min<std::size_t>(4, head.size())).starts_with("年");
  const int year = dated                      ? digits_in(head.substr(0, 4))
                   : head.starts_with("上年") ? 1
                   : head.starts_with("本年") ? 2
                                              : 0;
  if (year > 0) head.erase(0, dated ? 7 : 6);
  if (year > 0 && head.starts_with("度")) head.erase(0, 3);
  return year;
}

/** 增长率 and 增减额 of the two columns that differ only by their year: 2022年, 2023年; 上年支出, 本年支出. */
void judge_growth(inspection& r, const section& s) {
  std::vector<std::tuple<int, std::string, std::size_t>> years;
  std::vector<std::size_t> changes;
  for (std::size_t i = 1; i < s.heads.size(); ++i) {
    std::string head = s.heads[i];
    if (has_any(head, words().of("growth heads")) || has_any(head, words().of("delta heads")))
      changes.push_back(i);
    else if (const int year = year_of(head); year > 0)
      years.emplace_back(year, head, i);
  }
  if (years.size() != 2 || std::get<1>(years[0]) != std::get<1>(years[1])) return;
  std::ranges::sort(years);
  for (const std::size_t i : changes)
    for (const row& w : s.rows) {
      const bool rate = has_any(s.heads[i], words().of("growth heads"));
      auto told = rate ? rate_at(w, i) : w.at(i) == nullptr ? std::nullopt : std::optional(*w.at(i));
      const quantity *a = w.at(std::get<2>(years[0])), *b = w.at(std::get<2>(years[1]));
      if (!told || a == nullptr || b == nullptr || told->how != bound::exactly || a->how != bound::exactly ||
          b->how != bound::exactly || a->value <= 0 || !comparable(*a, *b) || a->what == measure::percent ||
          (!rate && !comparable(*told, *b)))
        continue;
      quantity change = *b;
      change.value = apart(b->value, a->value);
      if (told->value < 0) told->value = -told->value;
      if (rate ? is_ratio(*told, change, *a) : apart(told->value, change.value) <= std::max(a->grain, b->grain) / 2)
        continue;
      r.tell_lines(
          "amount/rate", strength::sure, {w.line},
          fmt::format("{} 到 {} 的变化是 {}，写 {}。", shown(*a), shown(*b),
                      rate ? fixed(change.value * 100 / a->value, std::max(2, places_of(*told))) + "%" : shown(change),
                      w.cells[i]));
    }
}

/** 占比 of the column whose share it is in most rows: 1,960 of the 8,000 that the column comes to. */
void judge_shares(inspection& r, const section& s) {
  const auto whole = std::ranges::find_if(s.rows, [](const row& w) { return w.total && !w.subtotal; });
  if (whole == s.rows.end()) return;
  for (std::size_t i = 1; i < s.columns.size(); ++i)
    for (std::size_t k = i; s.columns[i] == column::share && k-- > 1;) {
      if (whole->at(k) == nullptr || whole->at(k)->value <= 0) continue;
      std::vector<const row*> others;
      std::size_t fitting = 0;
      for (const row& w : s.rows)
        if (const auto share = rate_at(w, i); share && share->how == bound::exactly && !w.total && w.at(k) != nullptr)
          is_ratio(*share, *w.at(k), *whole->at(k)) ? void(++fitting) : others.push_back(&w);
      std::erase_if(others, [&](const row* w) {  // of a row above it: 其中：项目经费, of the 财政拨款
        return std::ranges::any_of(
            s.rows, [&](const row& x) { return x.at(k) != nullptr && is_ratio(*rate_at(*w, i), *w->at(k), *x.at(k)); });
      });
      if (fitting < 2 || fitting <= others.size()) continue;
      for (const row* w : others)
        r.tell_lines("amount/rate", strength::sure, {w->line},
                     fmt::format("{} ÷ {} = {}%，写 {}。", shown(*w->at(k)), shown(*whole->at(k)),
                                 fixed(w->at(k)->value * 100 / whole->at(k)->value, 2), w->cells[i]));
      break;
    }
}

/** 数量 × 单价 × 月数 = 金额, in the scale in which most rows of the table agree. */
void judge_products(inspection& r, const section& s) {
  const std::size_t a = s.has_column(column::amount) ? s.find(column::amount) : s.find(column::total);
  if (!s.has_column(column::price) || a >= s.columns.size()) return;
  const auto product = [&](const row& w) -> std::optional<exact> {
    exact out = 1;
    for (std::size_t i = 0; i < a; ++i) {
      if (s.columns[i] != column::price && s.columns[i] != column::count) continue;
      if (w.at(i) == nullptr) return std::nullopt;
      out *= w.at(i)->value;
    }
    return w.at(a) == nullptr || w.total || out == 0 ? std::nullopt : std::optional(out);
  };
  std::map<exact, int> scales;
  for (const row& w : s.rows)
    if (const auto p = product(w)) ++scales[w.at(a)->value / *p];
  const auto most = std::ranges::max_element(scales, {}, [](const auto& one) { return one.second; });
  if (most == scales.end() || most->second < 2) return;
  for (const row& w : s.rows) {
    const auto p = product(w);
    if (!p) continue;
    if (apart(*p * most->first, w.at(a)->value) > w.at(a)->grain)
      r.tell_lines("table/row", strength::sure, {w.line},
                   fmt::format("数量乘单价得 {}，写 {}。", shortest(*p * most->first), w.cells[a]));
  }
}

bool of_points(column c) { return c == column::weight || c == column::got; }

/** Whether the rows of a column make up its total: amounts and counts do, rates and prices never. */
bool adds_up(const section& s, std::size_t i) {
  const column c = s.columns[i];
  if (std::string head = i < s.heads.size() ? s.heads[i] : ""; year_of(head) > 2 && (head.empty() || head[0] == '('))
    return true;
  if ((c == column::name && i == 0) || i >= s.heads.size() || has_any(s.heads[i], words().of("adds not up")))
    return of_points(c);
  const std::size_t open = s.heads[i].rfind('('), close = s.heads[i].find(')', std::min(open, s.heads[i].size()));
  const auto unit = open == std::string::npos || close == std::string::npos
                        ? std::vector<quantity>()
                        : quantities_of("1" + s.heads[i].substr(open + 1, close - open - 1));
  const bool counted = unit.size() == 1 && !unit[0].unit.empty() && unit[0].what != measure::percent;
  return (c != column::other && c != column::name) || counted || has_any(s.heads[i], words().of("adds up"));
}

/** A column's rows so far: since the last total, and with the subtotals before it. */
struct running {
  exact all = 0, since = 0, grain = 1;
  int rows = 0;
  bool hole = false;
  std::vector<exact> without{0}, before_part;  ///< what the rows behind 其中 may come to if they belong to it
  exact behind_part = 0;
  bool in_part = false;

  void add(const row& w, std::size_t i, bool points) {
    if (w.part && !points) {
      before_part = without, behind_part = 0, in_part = true;
      return;
    }
    const quantity* q = w.at(i);
    if (q == nullptr || q->how != bound::exactly || q->what == measure::percent) {
      static const word_list dashes{"", "-", "—", "/"};
      const bool dash = i >= w.cells.size() || std::ranges::find(dashes, w.cells[i]) != dashes.end();
      hole |= !dash || (!points && i < w.cells.size());
      return;
    }
    since += q->value, all += q->value;
    constexpr std::size_t most = 64;
    behind_part += q->value;
    for (std::size_t k = 0; in_part && k < before_part.size() && without.size() < most; ++k)
      without.push_back(before_part[k] + behind_part);
    grain = std::min(grain, q->grain);
    ++rows;
  }
  [[nodiscard]] bool may_be(const exact& told) const {
    return std::ranges::any_of(without, [&](const exact& parts) { return all - parts == told; });
  }
  void close(const row& total) {
    since = 0;
    if (!total.subtotal) *this = {};
  }
};

/** Whether the total is that of its rows; one that is far off is of something else, and not told. */
bool judge_total(inspection& r, const section& s, const row& w, std::size_t i, const running& sum, bool sure) {
  const quantity* told = w.at(i);
  if (told == nullptr || told->what == measure::percent || sum.rows < 2 || sum.hole) return true;
  const bool points = of_points(s.columns[i]);
  const exact& wanted = w.subtotal ? sum.since : sum.all;
  const exact slack = !points && sum.rows > 2 && sum.grain < 1 ? std::min<exact>(told->grain, sum.grain) : exact(0);
  const exact off = apart(wanted, told->value);
  if (off <= slack || told->value == sum.since || (!points && sum.may_be(told->value))) return true;
  // ten points, those of the execution of the budget, may stand in a table of their own
  const bool elsewhere = s.columns[i] == column::weight && told->value - wanted == 10;
  if (sure && off * (points ? 5 : 3) <= told->value)
    r.tell_lines(points ? "score/parts" : "sum/parts", elsewhere ? strength::ask : strength::sure, {w.line},
                 fmt::format("“{}”各行之和是 {}，{}写 {}。",
                             !points                       ? s.heads[i]
                             : s.columns[i] == column::got ? std::string("得分")
                                                           : std::string("分值"),
                             shortest(wanted), w.name(), shown(*told)));
  return false;
}

/** Points and weights: a total row against all rows of the block above it; points only where the weights agree. */
void judge_total_points(inspection& r, const block& b) {
  std::set<int> incomplete;  // lines
  for (const column c : {column::weight, column::got}) {
    running sum;
    for (const section& s : b)
      for (const row& w : s.rows) {
        const std::size_t i = s.find(c);
        if (!w.total) {
          if (s.has_column(c)) sum.add(w, i, true);
          continue;
        }
        if (s.has_column(c) && !judge_total(r, s, w, i, sum, !incomplete.contains(w.line)) && c == column::weight)
          incomplete.insert(w.line);
        sum.close(w);
      }
  }
}

/** Other columns: the total at the end of its section, or at its beginning, and the subtotals behind their rows. */
void judge_totals(inspection& r, const section& s) {
  const auto is_whole = [](const row& x) { return x.total && !x.subtotal; };
  const auto w = std::ranges::find_if(s.rows, is_whole);
  const bool one = std::ranges::count_if(s.rows, is_whole) == 1 && (w == s.rows.begin() || w + 1 == s.rows.end());
  const bool behind = !s.rows.empty() && !s.rows.front().subtotal;
  for (std::size_t i = 0; i < s.columns.size(); ++i) {
    if (of_points(s.columns[i]) || !adds_up(s, i)) continue;
    running sum;
    for (const row& x : s.rows) {
      const bool title = std::ranges::none_of(x.figures, [](const auto& q) { return q.has_value(); });
      if (x.subtotal && behind) judge_total(r, s, x, i, sum, true);
      if (x.subtotal) sum.close(x);
      if (!x.total && !title) sum.add(x, i, false);
    }
    if (one) judge_total(r, s, *w, i, sum, true);
  }
}

/** Rows behind 其中 up to the next numbered one: more than the row they belong to. */
void judge_parts(inspection& r, const section& s) {
  constexpr int close = 15;  // percent
  for (std::size_t k = 0; k + 2 < s.rows.size(); ++k) {
    if (s.rows[k].part || s.rows[k].total || !s.rows[k + 1].part || !s.rows[k + 2].part) continue;
    for (std::size_t i = 1; i < s.columns.size(); ++i) {
      const quantity* whole = s.rows[k].at(i);
      exact sum = 0;
      bool hole = whole == nullptr || whole->how != bound::exactly || of_points(s.columns[i]) || !adds_up(s, i);
      for (std::size_t n = k + 1; !hole && n < s.rows.size() && s.rows[n].part; ++n)
        if (const quantity* q = s.rows[n].at(i); q != nullptr && comparable(*q, *whole))
          sum += q->value;
        else
          hole = true;
      if (!hole && sum > whole->value && near(sum, whole->value, close))
        r.tell_lines(
            "sum/parts", strength::sure, {s.rows[k].line, s.rows[k + 1].line},
            fmt::format("“其中”各行之和是 {}，多于 {} 的 {}。", shortest(sum), s.rows[k].name(), shown(*whole)));
    }
  }
}

}  // namespace

void tables(inspection& r) {
  for (const block& b : blocks_of(r.report)) {
    for (const section& s : b) {
      for (const row& w : s.rows) judge_points(r, s, w);
      judge_rates(r, s);
      judge_growth(r, s);
      judge_shares(r, s);
      judge_parts(r, s);
      judge_products(r, s);
      judge_totals(r, s);
    }
    judge_total_points(r, b);
  }
}

}  // namespace changtong::claims
