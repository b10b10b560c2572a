// What the columns of a table say of each other: as their heads tell it (执行率 of 支出 and 预算, 增长率 of two years),
// or as most rows keep it (小计 of what stands before it, 结余 of two columns, 数量 × 单价, 占比 of a total).
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/claims/relations.h"
#include "daemon/claims/table_blocks.h"

namespace changtong::claims {
namespace {

enum class form : std::uint8_t { rate, growth, change, share, sum, rest, stock, product };

/** One column that follows from others. */
struct relation {
  form is;
  std::size_t told;
  std::vector<std::size_t> of{};  ///< rate: part, wholes; growth, change: earlier, later; share: part; rest: from,
                                  ///< taken; stock: two, then what left
  exact factor = 1;               ///< of a product: 元 in 万元, months; of a share: its whole
};

bool of_percent(form f) { return f == form::rate || f == form::growth || f == form::share; }

/** A rate cell, with or without its sign. */
std::optional<quantity> rate_at(const row& w, std::size_t i) {
  if (w.at(i) == nullptr) return std::nullopt;
  quantity q = *w.at(i);
  if (q.what != measure::percent && !q.unit.empty()) return std::nullopt;
  if (q.what != measure::percent && q.value <= exact(3, 2) && q.value != 0) return std::nullopt;  // 0.97 may be meant
  return q;
}

/** How one row stands to a relation. */
struct finding {
  bool fits;
  exact wanted;  ///< what the column ought to say
  std::string how;
};

finding by_ratio(const quantity& told, const quantity& part, const quantity& whole) {
  return {is_ratio(told, part, whole), part.value * 100 / whole.value,
          fmt::format("{} ÷ {}", shown(part), shown(whole))};
}

std::optional<finding> look_rate(const relation& x, const row& w, const quantity& told) {
  const quantity *part = w.at(x.of[0]), *first = nullptr;
  if (part == nullptr || part->what == measure::percent) return std::nullopt;
  for (std::size_t i = 1; i < x.of.size(); ++i) {
    const quantity* whole = w.at(x.of[i]);
    if (whole == nullptr) continue;
    if (whole->value <= 0 || !comparable(*part, *whole)) return std::nullopt;
    if (is_ratio(told, *part, *whole)) return by_ratio(told, *part, *whole);
    if (first == nullptr) first = whole;
  }
  if (first == nullptr || (part->value > first->value && told.value == 100)) return std::nullopt;  // never above it
  return by_ratio(told, *part, *first);
}

std::optional<finding> look_years(const relation& x, const row& w, quantity told) {
  const quantity *a = w.at(x.of[0]), *b = w.at(x.of[1]);
  if (a == nullptr || b == nullptr || a->how != bound::exactly || b->how != bound::exactly || a->value <= 0 ||
      !comparable(*a, *b) || a->what == measure::percent || (x.is == form::change && !comparable(told, *b)))
    return std::nullopt;
  quantity change = *b;
  change.value = apart(b->value, a->value);
  if (told.value < 0) told.value = -told.value;
  if (x.is == form::change)
    return finding{apart(told.value, change.value) <= std::max(a->grain, b->grain) / 2, change.value,
                   fmt::format("{} 到 {} 的变化", shown(*a), shown(*b))};
  finding out = by_ratio(told, change, *a);
  out.how = fmt::format("{} 到 {} 的变化", shown(*a), shown(*b));
  return out;
}

/** Sums, rests and products of cells; nothing where one of them is missing, or none has a value. */
std::optional<finding> look_cells(const relation& x, const row& w, const quantity& told) {
  exact value = x.is == form::product ? x.factor : exact(0), grain = told.grain;
  std::string how;
  for (const std::size_t i : x.of) {
    const quantity* q = w.at(i);
    if (q == nullptr || q->how != bound::exactly || (x.is != form::product && !comparable(*q, told)))
      return std::nullopt;
    const bool first = how.empty();
    const bool taken = !first && (x.is == form::rest || (x.is == form::stock && i == x.of.back()));
    how += (first ? "" : taken ? " - " : x.is == form::product ? " × " : " + ") + shown(*q);
    value = x.is == form::product ? exact(value * q->value) : taken ? exact(value - q->value) : exact(value + q->value);
    grain = std::min(grain, q->grain);
  }
  const exact slack = x.is == form::product               ? told.grain
                      : x.of.size() > 2 && told.grain < 1 ? std::max(told.grain, grain)
                                                          : exact(0);
  if (value == 0 || (x.is == form::product && w.total)) return std::nullopt;
  return finding{apart(value, told.value) <= slack, value, std::move(how)};
}

/** Whether the row is measured otherwise than its neighbours: 打九折 beside it, 剔除不可抗力因素 in its name. */
bool of_its_own(const section& s, const row& w) {
  for (std::size_t i = 0; i < std::min(w.cells.size(), s.heads.size()); ++i)
    if (has_any(s.heads[i], words().of("remark heads")) && length_of(w.cells[i]) > 1) return true;
  return has_any(w.name(), words().of("measured otherwise"));
}

std::optional<finding> look(const relation& x, const row& w) {
  const auto told = of_percent(x.is)          ? rate_at(w, x.told)
                    : w.at(x.told) == nullptr ? std::nullopt
                                              : std::optional(*w.at(x.told));
  if (!told || told->how != bound::exactly) return std::nullopt;
  if (x.is == form::rate) return look_rate(x, w, *told);
  if (x.is == form::growth || x.is == form::change) return look_years(x, w, *told);
  if (x.is != form::share) return look_cells(x, w, *told);
  const quantity* part = w.at(x.of[0]);
  if (part == nullptr || w.total) return std::nullopt;
  quantity whole = *part;
  whole.value = x.factor;
  return by_ratio(*told, *part, whole);
}

void tell(inspection& r, const relation& x, const row& w, const finding& f) {
  const quantity& told = *w.at(x.told);
  const std::string wanted =
      of_percent(x.is) ? fixed(f.wanted, std::max(2, places_of(told))) + "%" : in_unit(f.wanted, told);
  r.tell_lines(of_percent(x.is) || x.is == form::change ? "amount/rate" : "table/row", strength::sure, {w.line},
               fmt::format("{} = {}，写 {}。", f.how, wanted, w.cells[x.told]));
}

/** The columns whose quotient a column of rates is, as the heads say: 支出 of 预算, 办结 of 受理; of two columns that
 * may be its part nobody knows which, of two wholes one must fit. */
std::optional<relation> quotient_of(const section& s, std::size_t rate) {
  const std::string head = s.heads[rate].substr(0, s.heads[rate].find('('));
  std::string_view scope;  // 累计 of 累计支出率: of which no column tells
  const rate_row* of = row_of(head, scope);
  if (of == nullptr) return std::nullopt;
  relation out{.is = form::rate, .told = rate};
  std::vector<std::size_t> wholes;
  for (std::size_t i = 1; i < s.heads.size(); ++i) {
    const bool figures = std::ranges::any_of(s.rows, [&](const row& w) { return w.at(i) != nullptr; });
    if (i == rate || !figures || has_any(s.heads[i], words().of("adds not up"))) continue;
    if (has_any(s.heads[i], of->above))
      out.of.push_back(i);
    else if (has_any(s.heads[i], of->below))
      wholes.push_back(i);
  }
  // 预算数, 调整数, 支出数: of what was budgeted, or of what came of it?
  const auto says = [](std::string_view word) { return [word](const std::string& h) { return has(h, word); }; };
  const bool open = std::ranges::any_of(s.heads, says("调整")) && std::ranges::none_of(s.heads, says("调整后"));
  if (out.of.size() != 1 || wholes.empty() || open || !has(s.heads[out.of[0]], scope)) return std::nullopt;
  out.of.insert(out.of.end(), wholes.begin(), wholes.end());
  return out;
}

/** 增长率, 增减额 of the two columns that differ only by their year: 2022年, 2023年; 上年支出, 本年支出. */
std::vector<relation> changes_of(const section& s) {
  std::vector<std::tuple<int, std::string, std::size_t>> years;
  std::vector<relation> out;
  for (std::size_t i = 1; i < s.heads.size(); ++i) {
    std::string head = s.heads[i];
    if (has_any(head, words().of("growth heads")) || has_any(head, words().of("delta heads"))) {
      const bool percent = std::ranges::any_of(  // 增减情况: 增长5.00%
          s.rows, [&](const row& w) { return w.at(i) != nullptr && w.at(i)->what == measure::percent; });
      out.push_back(
          {.is = percent || has_any(head, words().of("growth heads")) ? form::growth : form::change, .told = i});
    } else if (const int year = year_of_head(head); year > 0) {
      years.emplace_back(year, head, i);
    }
  }
  if (years.size() != 2 || std::get<1>(years[0]) != std::get<1>(years[1])) return {};
  std::ranges::sort(years);
  for (relation& x : out) x.of = {std::get<2>(years[0]), std::get<2>(years[1])};
  return out;
}

/** 数量 × 单价 × 月数, and each column beside a price; in which scale, each of the first rows may say. */
void guess_products(const section& s, std::size_t told, std::size_t n, std::vector<relation>& out) {
  std::vector<std::vector<std::size_t>> sets;
  std::vector<std::size_t> counts;
  for (std::size_t i = 1; i < n; ++i)
    if (s.columns[i] == column::count && i < told) counts.push_back(i);
  for (std::size_t p = 1; p < n; ++p) {
    if (p == told || !has_any(s.heads[p], words().of("prices"))) continue;
    for (std::size_t b = 1; b < n; ++b)
      if (b != told && b != p) sets.push_back({b, p});
    if (counts.size() > 1 && p < told) sets.push_back(counts), sets.back().push_back(p);
  }
  constexpr std::size_t asked = 4;  // rows
  for (const auto& of : sets)
    for (std::size_t k = 0; k < std::min(asked, s.rows.size()); ++k) {
      exact product = s.rows[k].at(told) == nullptr || s.rows[k].total ? exact(0) : exact(1);
      for (const std::size_t i : of) product *= s.rows[k].at(i) == nullptr ? exact(0) : s.rows[k].at(i)->value;
      if (product != 0)
        out.push_back({.is = form::product, .told = told, .of = of, .factor = s.rows[k].at(told)->value / product});
    }
}

/** What a column might follow from by the words of its head: which of it holds, most rows say. */
std::vector<relation> guesses(const section& s, std::size_t told) {
  constexpr std::size_t most = 16;  // columns
  const std::size_t n = std::min(s.columns.size(), most);
  std::vector<relation> out;
  const auto add = [&](form is, std::vector<std::size_t> of, exact factor = 1) {
    out.push_back({.is = is, .told = told, .of = std::move(of), .factor = std::move(factor)});
  };
  if (s.columns[told] == column::share) {
    const auto all = std::ranges::find_if(s.rows, [](const row& w) { return w.total && !w.subtotal; });
    for (std::size_t k = told; all != s.rows.end() && k-- > 1;)
      if (all->at(k) != nullptr && all->at(k)->value > 0) add(form::share, {k}, all->at(k)->value);
    return out;
  }
  if (has_any(s.heads[told], words().of("whole rows")))
    for (const bool behind : {false, true}) {  // 甲、乙、丙、小计, or 合计、其中甲、乙
      std::vector<std::size_t> run;
      for (std::size_t i = behind ? told + 1 : told - 1; behind ? i < n : i > 0; i = behind ? i + 1 : i - 1) {
        run.push_back(i);
        if (run.size() > 1) add(form::sum, run);
      }
    }
  constexpr std::size_t few = 8;  // columns
  const auto amount = [&](std::size_t i) {
    return i != told && !of_points(s.columns[i]) && s.columns[i] != column::rate;
  };
  const bool rest = has_any(s.heads[told], words().of("rest")) || has_any(s.heads[told], words().of("rest heads"));
  for (std::size_t a = 1; rest && a < n; ++a)
    for (std::size_t b = 1; b < n; ++b)
      if (a != b && amount(a) && amount(b)) add(form::rest, {a, b});
  for (std::size_t a = 1; n <= few && has_any(s.heads[told], words().of("stock heads")) && a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b)
      for (std::size_t c = 1; c < n; ++c)
        if (a != told && b != told && c != told && c != a && c != b) add(form::stock, {a, b, c});
  if (s.columns[told] == column::rate)
    for (std::size_t a = 1; a < n; ++a)
      for (std::size_t b = 1; b < n; ++b)
        if (a != b && a != told && b != told) add(form::rate, {a, b});
  if (!of_points(s.columns[told]) && s.columns[told] != column::rate) guess_products(s, told, n, out);
  return out;
}

/** Whether a share is that of a row above it: 其中：项目经费, of the 财政拨款. */
bool of_another_row(const section& s, const relation& x, const row& w) {
  return x.is == form::share && std::ranges::any_of(s.rows, [&](const row& other) {
           const quantity* whole = other.at(x.of[0]);
           return whole != nullptr && is_ratio(*rate_at(w, x.told), *w.at(x.of[0]), *whole);
         });
}

/** Of what a column might follow from, that which most rows keep, each with figures of its own: the others are wrong.
 */
void judge_guesses(inspection& r, const section& s, std::size_t told) {
  constexpr std::size_t asked = 60;  // rows, by which a guess is chosen
  std::vector<relation> all = guesses(s, told);
  const relation* best = nullptr;
  std::size_t most = 1;
  for (const relation& x : all) {
    std::set<exact> fitting;
    std::size_t others = 0;
    for (const row& w : std::span(s.rows).first(std::min(s.rows.size(), asked)))
      if (const auto f = look(x, w))
        f->fits ? void(fitting.insert(f->wanted)) : void(others += of_another_row(s, x, w) ? 0 : 1);
    if (fitting.size() > most && fitting.size() > others) best = &x, most = fitting.size();
  }
  if (best == nullptr) return;
  constexpr int close = 40;  // percent: what is far off is of something else
  for (const row& w : s.rows)
    if (const auto f = look(*best, w); f && !f->fits && !of_another_row(s, *best, w) && !of_its_own(s, w) &&
                                       (of_percent(best->is) || near(f->wanted, w.at(told)->value, close)))
      tell(r, *best, w, *f);
}

}  // namespace

void table_relations(inspection& r, const section& s) {
  // 注：增长率按不变价计算, wherever it stands
  std::vector<relation> declared =
      has_any(r.report.source, words().of("other prices")) ? std::vector<relation>() : changes_of(s);
  for (std::size_t i = 1; i < s.heads.size(); ++i)
    if (auto x = quotient_of(s, i)) declared.push_back(std::move(*x));
  for (const relation& x : declared)
    for (const row& w : s.rows)
      if (const auto f = look(x, w); f && !f->fits && !of_its_own(s, w)) tell(r, x, w, *f);
  for (std::size_t i = 1; i < s.heads.size(); ++i) judge_guesses(r, s, i);
}

}  // namespace changtong::claims
