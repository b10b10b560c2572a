// Tables: a row's points against its weight, target and result, its rate against its amounts, its product; columns
// against their totals; 其中 rows against the row they belong to.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/claims/relations.h"
#include "daemon/claims/table_blocks.h"

namespace changtong::claims {
namespace {

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

/** Whether the rows of a column make up its total: amounts and counts do, rates and prices never. */
bool adds_up(const section& s, std::size_t i) {
  const column c = s.columns[i];
  if (std::string head = i < s.heads.size() ? s.heads[i] : "";
      year_of_head(head) > 2 && (head.empty() || head[0] == '('))
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

}  // namespace

void tables(inspection& r) {
  for (const block& b : blocks_of(r.report)) {
    for (const section& s : b) {
      for (const row& w : s.rows) judge_points(r, s, w);
      table_relations(r, s);
      judge_totals(r, s);
    }
    judge_total_points(r, b);
  }
}

}  // namespace changtong::claims
