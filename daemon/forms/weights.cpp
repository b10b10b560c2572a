// Weights that make 100, and how a form's points seem to be rounded.
#include <algorithm>
#include <array>
#include <set>

#include "daemon/forms/draft.h"
#include "daemon/forms/values.h"

namespace changtong::forms {
namespace {

class weigher {
 public:
  weigher(const form& f, marks& m) : f_(f), m_(m) {}

  weights weigh() {
    w_.rows.assign(f_.indicators.size(), exact{0});
    w_.row_comments.resize(f_.indicators.size());
    execution();
    rows();
    hundred();
    return std::move(w_);
  }

 private:
  [[nodiscard]] exact sum() const {
    exact all = 0;
    for (const exact& r : w_.rows) all += r;
    return all;
  }

  void execution() {
    stated_ = f_.stated_weight;
    if (!f_.funds.empty())
      if (const auto w = number_in(f_.funds[0].weight)) stated_ = w;
    for (const indicator_line& i : f_.indicators)
      if (i.execution)
        if (const auto w = number_in(i.weight)) stated_ = w;
    if (stated_ && (*stated_ < 0 || *stated_ > 100)) stated_.reset();
  }

  void rows() {
    std::vector<std::size_t> open;
    for (std::size_t k = 0; k < f_.indicators.size(); ++k) {
      const indicator_line& i = f_.indicators[k];
      if (i.execution) continue;
      const auto w = number_in(i.weight);
      if (w && *w >= 0 && *w <= 100)
        w_.rows[k] = *w;
      else
        open.push_back(k);
    }
    if (!stated_) {
      const exact rest = 100 - sum();
      w_.execution = !open.empty() ? exact{10} : rest >= 0 && rest <= 20 ? rest : exact{10};
      if (f_.funds.empty() && open.empty() && rest == 0) w_.execution = 0;
      if (w_.execution != 0)
        w_.execution_comment =
            m_.add({}, both("原表没有预算执行率的分值，暂写 {}：请核对（execution.weight）",
                            "the form has no weight of execution, {} for now: check execution.weight",
                            shortest(w_.execution)));
    } else {
      w_.execution = *stated_;
    }
    if (!open.empty()) spread(open);
  }

  /** Rows without a weight share what their level says, or what is left of 100. */
  void spread(const std::vector<std::size_t>& open) {
    for (std::size_t from = 0; from < open.size();) {
      const std::string& at = f_.indicators[open[from]].level1.at;
      std::size_t to = from;
      while (to < open.size() && f_.indicators[open[to]].level1.at == at) ++to;
      const auto level = points_in(f_.indicators[open[from]].level1.text);
      exact known = 0;
      for (std::size_t k = 0; k < f_.indicators.size(); ++k)
        if (f_.indicators[k].level1.at == at) known += w_.rows[k];
      if (level && *level > known && !derived(open, from, to, *level - known))
        share(std::vector(open.begin() + static_cast<std::ptrdiff_t>(from),
                          open.begin() + static_cast<std::ptrdiff_t>(to)),
              *level - known);
      from = to;
    }
    std::vector<std::size_t> left;
    for (const std::size_t k : open)
      if (w_.rows[k] == 0 && !derived_.contains(k)) left.push_back(k);
    const exact rest = 100 - w_.execution - sum();
    if (!left.empty() && rest > 0) share(left, rest);
    for (const std::size_t k : open)
      if (!derived_.contains(k))
        w_.row_comments[k] =
            m_.add(f_.indicators[k].weight.there() ? f_.indicators[k].weight : f_.indicators[k].level3,
                   both("原表没有分值，暂写 {}：请写实际分值（weight）",
                        "no weight in the form, {} for now: write the real one", shortest(w_.rows[k])));
  }

  /** Weights that the points show, as Hubei's form has it: a target that was met has all of its points. Only where they
   * make just what their level says. */
  bool derived(const std::vector<std::size_t>& open, std::size_t from, std::size_t to, const exact& points) {
    std::vector<exact> found;
    exact sum = 0;
    for (std::size_t n = from; n < to; ++n) {
      const indicator_line& i = f_.indicators[open[n]];
      const auto wanted = wanted_of(i, f_.year);
      const auto actual = wanted ? reached_of(i, wanted->target, f_.year) : std::nullopt;
      const auto score = number_in(i.score);
      if (!actual || !score) return false;
      const auto by_rule = rules_of(wanted->target, *actual, exact{1});
      if (by_rule.empty()) return false;
      const exact share = by_rule.front().points;
      if (share <= 0) return false;
      // 9.78 points of 88/90 are 10.002
      const exact whole = rounded(*score / share, 1), off = *score / share - whole;
      found.push_back(off < exact{1, 50} && off > exact{-1, 50} ? whole : exact{*score / share});
      sum += found.back();
    }
    if (sum != points) return false;
    for (std::size_t n = from; n < to; ++n) w_.rows[open[n]] = found[n - from];
    derived_.insert(open.begin() + static_cast<std::ptrdiff_t>(from), open.begin() + static_cast<std::ptrdiff_t>(to));
    return true;
  }

  void share(const std::vector<std::size_t>& among, const exact& points) {
    const exact each = rounded(points / static_cast<std::int64_t>(among.size()), 2, rounding::down);
    exact given = 0;
    for (const std::size_t k : among) w_.rows[k] = each, given += each;
    w_.rows[among.back()] += points - given;
  }

  void hundred() {
    const exact all = sum() + w_.execution;
    if (all < 100) {
      w_.missing = 100 - all;
      w_.missing_comment = m_.add(
          f_.total_weight, both("原表分值合计 {}，差 {} 分：另列为一行，请分到各指标后删去这一行",
                                "the weights add up to {}: the missing {} are a row of their own, share them out",
                                shortest(all), shortest(w_.missing)));
    }
    exact over = all - 100;
    while (over > 0) {
      const auto heaviest = std::ranges::max_element(w_.rows);
      if (heaviest == w_.rows.end() || *heaviest < w_.execution) {
        const exact was = w_.execution, off = std::min(over, w_.execution);
        w_.execution -= off, over -= off;
        w_.execution_comment = m_.add({}, reduced(was, w_.execution, all));
        continue;
      }
      const auto k = static_cast<std::size_t>(heaviest - w_.rows.begin());
      const exact off = std::min(over, *heaviest), now = *heaviest - off;
      w_.row_comments[k] = m_.add(f_.indicators[k].weight, reduced(*heaviest, now, all));
      *heaviest = now;
      over -= off;
    }
  }

  static phrase reduced(const exact& was, const exact& now, const exact& all) {
    return both("原表分值合计 {}，超过 100：此处由 {} 暂减为 {}，请写实际分值",
                "the weights add up to {}: here {} became {} for now", shortest(all), shortest(was), shortest(now));
  }

  const form& f_;
  marks& m_;
  std::optional<exact> stated_;
  std::set<std::size_t> derived_;
  weights w_;
};

}  // namespace

std::string marks::add(const spot& at, phrase write) {
  list_.push_back({at.at, at.text, write});
  std::string stands = at.text.empty() ? "" : "原文" + yaml_text(at.text, 120) + "，";
  std::erase_if(write.cn, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  return "待定" + (at.at.empty() ? "" : " " + at.at) + "：" + stands + write.cn;
}

weights weights_of(const form& f, marks& m) { return weigher(f, m).weigh(); }

conventions conventions_of(const form& f, int year) {
  constexpr int most_places = 2;
  std::array<int, most_places + 1> fit{};
  std::array<int, 2> variants{};
  std::vector<std::pair<exact, exact>> missed;  // what the rule gives of which weight
  conventions c;
  for (const indicator_line& i : f.indicators) {
    const auto wanted = wanted_of(i, year);
    if (!wanted || wanted->target.is_date) continue;
    const bool reverse = wanted->target.how == plans::sign::at_most || wanted->target.how == plans::sign::below;
    c.has_reverse = c.has_reverse || reverse;
    const auto weight = number_in(i.weight), score = number_in(i.score);
    const auto actual = reached_of(i, wanted->target, year);
    if (!weight || !score || !actual) continue;
    const auto by_rule = rules_of(wanted->target, *actual, *weight);
    if (by_rule.empty() || by_rule.front().met) continue;
    missed.push_back({by_rule.front().points, *weight});
    if (*score == *weight) continue;  // full points for a missed target are a slip, not a way to round
    for (std::size_t v = 0; v < by_rule.size(); ++v)
      for (int places = 0; places <= most_places; ++places) {
        if (rounded(by_rule[v].points, places) != *score) continue;
        ++fit.at(static_cast<std::size_t>(places));
        if (reverse) ++variants.at(v);
      }
  }
  int least = f.funds.empty() ? 0 : places_in(f.funds[0].score.text);
  for (const indicator_line& i : f.indicators) least = std::max(least, places_in(i.score.text));
  for (int places = most_places; places-- > least;)
    if (fit.at(static_cast<std::size_t>(places)) > fit.at(static_cast<std::size_t>(c.places))) c.places = places;
  c.raised =
      c.places == 1 && std::ranges::any_of(missed, [](const auto& m) { return rounded(m.first, 1) >= m.second; });
  if (c.raised) c.places = most_places;
  c.sure_reverse = variants[0] != variants[1];
  if (variants[1] > variants[0]) c.reverse = plans::rule::reverse_2;
  return c;
}

}  // namespace changtong::forms
