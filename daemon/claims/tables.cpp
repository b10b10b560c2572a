// Tables: a row's points against its weight, target and result, its rate against its amounts, its product; columns
// against their totals; 其中 rows against the row they belong to.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

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

/** The result in its cell: 96.4%, or 76/80(95%) whose quotient is told. */
std::optional<quantity> result_of(inspection& r, const row& w, std::size_t i) {
  if (i >= w.cells.size()) return std::nullopt;
  const std::string& cell = w.cells[i];
  const std::size_t slash = cell.find('/'), bracket = cell.find('(');
  if (slash == cell.npos) return figure_of(cell);
  const auto a = parse_exact(std::string_view(cell).substr(0, slash)),
             b = parse_exact(
                 std::string_view(cell).substr(slash + 1, bracket == cell.npos ? cell.npos : bracket - slash - 1));
  if (!a || !b || *b <= 0) return std::nullopt;
  quantity q;
  q.what = measure::percent;
  q.unit = "%";
  q.value = *a * 100 / *b;
  q.grain = exact(1, 100);
  if (bracket != cell.npos)
    if (const auto told = figure_of(std::string_view(cell).substr(bracket + 1));
        told && told->what == measure::percent && !prints(*told, q.value))
      r.tell_lines("amount/rate", strength::sure, {w.line}, fmt::format("{} 应为 {}%。", cell, fixed(q.value, 2)));
  return q;
}

void judge_points(inspection& r, const section& s, const row& w) {
  const quantity *weight = w.at(s.find(column::weight)), *got = w.at(s.find(column::got));
  if (weight == nullptr || got == nullptr || w.total) return;
  const auto is_points = [](const quantity& q) { return q.unit.empty() || q.what == measure::score; };
  if (!is_points(*weight) || !is_points(*got)) return;
  if (got->value > weight->value)
    return r.tell_lines("score/parts", strength::sure, {w.line},
                        fmt::format("得分 {} 高于分值 {}。", shown(*got), shown(*weight)));
  const std::size_t at = s.find(column::target);
  const quantity* target = w.at(at);
  const auto actual = result_of(r, w, s.find(column::actual));
  if (target == nullptr || !actual || !comparable(*target, *actual)) return;
  std::string about;
  for (const std::string& c : w.cells) about += c;
  const auto met = meets(*actual, *target, about);
  if (!met || *met || actual->how != bound::exactly || weight->value == 0) return;
  const bool positive = actual->value < target->value;
  const exact due =
      !positive || target->value == 0 ? exact(0) : rounded(weight->value * actual->value / target->value, 2);
  if (got->value == weight->value)
    r.tell_lines("goal/output", due == weight->value ? strength::ask : strength::sure, {w.line},
                 fmt::format("目标 {}{}、实际 {} 没有达到，却得满分 {}。",
                             target->how == bound::at_most || target->how == bound::below ? "≤" : "≥", shown(*target),
                             w.cells[s.find(column::actual)], shown(*got)));
  else if (positive && got->value > due && got->value - due >= weight->value / 25)
    r.tell_lines("goal/output", strength::ask, {w.line},
                 fmt::format("目标 {}、实际 {}，按比例得 {}，写 {}。", shown(*target), w.cells[s.find(column::actual)],
                             shortest(due), shown(*got)));
}

/** A rate cell, with or without its sign. */
std::optional<quantity> rate_at(const row& w, std::size_t i) {
  if (w.at(i) == nullptr) return std::nullopt;
  quantity q = *w.at(i);
  if (q.what != measure::percent && !q.unit.empty()) return std::nullopt;
  if (q.what != measure::percent && q.value <= exact(3, 2) && q.value != 0) return std::nullopt;  // 0.97 may be meant
  return q;
}

/** The columns whose quotient a column of rates is. */
struct quotient {
  std::size_t part;
  std::vector<std::size_t> wholes;  ///< one of them
};

/** As the heads say: 支出 of 预算, 完成 of 目标; of two columns of one kind nobody knows which. */
std::optional<quotient> declared(const section& s) {
  quotient out{s.find(column::executed), {}};
  for (const column c : {column::budget, column::initial})
    if (s.has_column(c)) out.wholes.push_back(s.find(c));
  if (!s.has_column(column::executed)) out = {s.find(column::actual), {s.find(column::target)}};
  if (out.wholes.empty() || out.part >= s.columns.size() || out.wholes[0] >= s.columns.size()) return std::nullopt;
  const bool once =
      std::ranges::count(s.columns, column::budget) < 2 && std::ranges::count(s.columns, column::executed) < 2;
  return once ? std::optional(out) : std::nullopt;
}

/** How a row's rate stands to two of its figures; nothing where one is missing or they are of two kinds. */
std::optional<bool> divides(const row& w, std::size_t rate_column, std::size_t part, std::size_t whole) {
  const auto rate = rate_at(w, rate_column);
  const quantity *a = w.at(part), *b = w.at(whole);
  if (!rate || rate->how != bound::exactly || a == nullptr || b == nullptr || a->what == measure::percent ||
      b->value <= 0 || !comparable(*a, *b))
    return std::nullopt;
  return is_ratio(*rate, *a, *b);
}

/** As most rows say. */
std::optional<quotient> found_by_rows(const section& s, std::size_t rate_column, std::size_t columns) {
  constexpr std::ptrdiff_t enough = 4;
  for (std::size_t part = 0; part < columns; ++part)
    for (std::size_t whole = 0; whole < columns; ++whole) {
      if (part == whole || part == rate_column || whole == rate_column) continue;
      const auto count = [&](bool wanted) {
        return std::ranges::count_if(s.rows,
                                     [&](const row& w) { return divides(w, rate_column, part, whole) == wanted; });
      };
      if (const auto right = count(true), wrong = count(false); right >= enough && wrong > 0 && wrong * 4 <= right)
        return quotient{part, {whole}};
    }
  return std::nullopt;
}

void judge_rates(inspection& r, const section& s) {
  constexpr std::size_t most_columns = 16;
  const std::size_t columns = std::min(s.heads.size(), most_columns);
  for (std::size_t i = 0; i < columns; ++i) {
    if (!has(s.heads[i], "率") && s.columns[i] != column::rate) continue;
    const auto by_heads = s.columns[i] == column::rate && s.find(column::rate) == i ? declared(s) : std::nullopt;
    const auto q = by_heads ? by_heads : found_by_rows(s, i, columns);
    if (!q) continue;
    for (const row& w : s.rows) {
      std::vector<std::optional<bool>> right;
      for (const std::size_t whole : q->wholes)
        if (w.at(whole) != nullptr) right.push_back(divides(w, i, q->part, whole));
      if (right.empty() || std::ranges::any_of(right, [](const auto& one) { return one.value_or(true); })) continue;
      const auto whole = *std::ranges::find_if(q->wholes, [&](std::size_t at) { return w.at(at) != nullptr; });
      const quantity &a = *w.at(q->part), &b = *w.at(whole);
      if (a.value > b.value && rate_at(w, i)->value == 100) continue;  // never above the whole
      r.tell_lines("amount/rate", strength::sure, {w.line},
                   fmt::format("{} ÷ {} = {}%，写 {}。", shown(a), shown(b),
                               fixed(a.value * 100 / b.value, std::max(2, places_of(*rate_at(w, i)))), w.cells[i]));
    }
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
  if (c == column::rate || c == column::share || c == column::price || c == column::name) return false;
  if (i >= s.heads.size() || has_any(s.heads[i], words().of("adds not up"))) return of_points(c);
  return c != column::other || has_any(s.heads[i], words().of("adds up"));
}

/** A column's rows so far: since the last total, and with the subtotals before it. */
struct running {
  exact all = 0, since = 0, grain = 1;
  int rows = 0;
  bool hole = false;

  void add(const row& w, std::size_t i, bool points) {
    if (w.part && !points) return;
    const quantity* q = w.at(i);
    if (q == nullptr || q->how != bound::exactly || q->what == measure::percent) {
      static const word_list dashes{"", "-", "—", "/"};
      const bool dash = i >= w.cells.size() || std::ranges::find(dashes, w.cells[i]) != dashes.end();
      hole |= !dash || (!points && i < w.cells.size());
      return;
    }
    since += q->value, all += q->value;
    grain = std::min(grain, q->grain);
    ++rows;
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
  if (off <= slack || told->value == sum.since) return true;
  if (sure && off * (points ? 5 : 3) <= told->value)
    r.tell_lines(points ? "score/parts" : "sum/parts", strength::sure, {w.line},
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

/** Other columns: the total at the end of its section, or at its beginning. */
void judge_totals(inspection& r, const section& s) {
  const auto is_whole = [](const row& x) { return x.total && !x.subtotal; };
  const auto w = std::ranges::find_if(s.rows, is_whole);
  if (std::ranges::count_if(s.rows, is_whole) != 1 || (w != s.rows.begin() && w + 1 != s.rows.end())) return;
  for (std::size_t i = 0; i < s.columns.size(); ++i) {
    if (of_points(s.columns[i]) || !adds_up(s, i)) continue;
    running sum;
    for (const row& one : s.rows)
      if (!one.total) sum.add(one, i, false);
    judge_total(r, s, *w, i, sum, true);
  }
}

/** 其中：… rows are the parts of the row above the first of them. */
void judge_parts(inspection& r, const section& s) {
  for (std::size_t k = 1; k < s.rows.size(); ++k) {
    if (!s.rows[k].part || s.rows[k - 1].part) continue;
    std::size_t end = k + 1;
    while (end < s.rows.size() && !s.rows[end].total &&
           (s.rows[end].part || s.columns[0] == column::name || has(s.rows[end].name(), "资金")))
      ++end;
    for (std::size_t i = 0; i < s.columns.size(); ++i) {
      if (s.columns[i] != column::initial && s.columns[i] != column::budget && s.columns[i] != column::executed)
        continue;
      const quantity* whole = s.rows[k - 1].at(i);
      exact sum = 0;
      int parts = 0;
      for (std::size_t m = k; m < end; ++m)
        if (s.rows[m].at(i) != nullptr) sum += s.rows[m].at(i)->value, ++parts;
      if (whole == nullptr || parts < 2 || apart(sum, whole->value) <= exact(1, 100) ||
          apart(sum, whole->value) * 4 > whole->value)
        continue;
      r.tell_lines("sum/parts", strength::sure, {s.rows[k - 1].line},
                   fmt::format("“{}”其中各行之和是 {}，写 {}。", s.heads[i], shortest(sum), shown(*whole)));
    }
  }
}

}  // namespace

void tables(inspection& r) {
  for (const block& b : blocks_of(r.report)) {
    for (const section& s : b) {
      for (const row& w : s.rows) judge_points(r, s, w);
      judge_rates(r, s);
      judge_products(r, s);
      judge_totals(r, s);
      judge_parts(r, s);
    }
    judge_total_points(r, b);
  }
}

}  // namespace changtong::claims
