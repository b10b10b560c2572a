#include "daemon/centre/cell_sums.h"

#include <algorithm>

#include "daemon/books/books.h"

namespace changtong::centre {
namespace {

using availability::outage;
using availability::target_history;
using ledger::known_target;
using ledger::target_words;

constexpr std::array fields{books::grouping::category, books::grouping::town, books::grouping::carrier};

/** Whether any of its down time counts there. */
bool counts(const target_history& h, const outage& o, period cell) {
  const target_history alone{.target = {},
                             .scope = h.scope,
                             .outside = h.outside,
                             .spans = {},
                             .outages = {o},
                             .excluded = h.excluded,
                             .unconfirmed = {}};
  return availability::measure(alone, cell).outages > 0;
}

}  // namespace

cell_words cell_of(const known_target& t, const target_words& words) {
  return {.category = books::group_of(t, words, books::grouping::category).value_or(""),
          .town = books::group_of(t, words, books::grouping::town),
          .carrier = books::group_of(t, words, books::grouping::carrier)};
}

word_runs::word_runs(const known_target& t) {
  if (t.versions.empty()) return;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto same = [&](const target_words& a, const target_words& b) {
      return books::group_of(t, a, fields.at(i)) == books::group_of(t, b, fields.at(i));
    };
    for (const auto& [words, when] : books::stretches(t, {wall_min, wall_max}, same))
      begins_.at(i).push_back(when.from);
  }
}

words_since word_runs::at(wall_t when) const {
  words_since out{wall_min, wall_min, wall_min};
  for (std::size_t i = 0; i < begins_.size(); ++i)
    if (const auto after = std::ranges::upper_bound(begins_.at(i), when); after != begins_.at(i).begin())
      out.at(i) = *std::prev(after);
  return out;
}

cell_sums sums_in(const target_history& h, period cell, const word_runs& words) {
  cell_sums out{.sums = availability::measure(h, cell), .over_edge = {}};
  if (!out.sums.scope) return out;
  for (const outage& o : h.outages) {
    const bool within = cell.from <= o.began && o.ended <= cell.to;
    if (within || o.ended <= cell.from || cell.to <= o.began || !counts(h, o, cell)) continue;
    --out.sums.outages;
    out.over_edge.push_back({.line = h.target, .began = o.began, .since = words.at(cell.from)});
  }
  return out;
}

void add_to_sheets(std::vector<sheet>& sheets, const known_target& t, const target_history& h) {
  const word_runs runs(t);
  const auto same = [&](const target_words& a, const target_words& b) { return cell_of(t, a) == cell_of(t, b); };
  for (sheet& s : sheets)
    for (const auto& [words, own] : books::stretches(t, s.when, same)) {
      cell_sums one = sums_in(h, own, runs);
      if (!one.sums.scope) continue;
      cell_sums& to = s.cells[cell_of(t, *words)];
      to.sums += one.sums;
      std::ranges::move(one.over_edge, std::back_inserter(to.over_edge));
    }
}

}  // namespace changtong::centre
