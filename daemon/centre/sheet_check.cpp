#include "daemon/centre/sheet_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "daemon/centre/sheets.h"
#include "daemon/centre/standing_check.h"
#include "daemon/core/plain_text.h"
#include "daemon/ledger/reader.h"

namespace changtong::centre {
namespace {

constexpr std::size_t walked_unasked = 64, most_word_bytes = 120;

/** Of one level, by cell: its sums and the outages over its edges, as text. */
using cell_texts = std::map<cell_words, std::string>;

std::string sums_text(const availability::seconds& x) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {}", x.up.count(), x.down.count(), x.excluded.count(),
                     x.unknown.count(), x.down_min.count(), x.down_mid.count(), x.down_max.count(), x.outages,
                     x.unconfirmed, ms_of(x.scope->from), ms_of(x.scope->to));
}
std::string edge_text(const edge_outage& o) {
  return fmt::format(" {}@{}/{}/{}/{}", o.line, ms_of(o.began), ms_of(o.since[0]), ms_of(o.since[1]),
                     ms_of(o.since[2]));
}

cell_texts made(const std::map<cell_words, cell_sums>& cells) {
  cell_texts out;
  for (const auto& [words, one] : cells) {
    std::vector<edge_outage> edges = one.over_edge;
    std::ranges::sort(edges);
    std::string& text = out[words] = sums_text(one.sums);
    for (const edge_outage& o : edges) text += edge_text(o);
  }
  return out;
}

cell_texts kept(database& db, branch_of_node of, std::int64_t sheet, int level) {
  std::map<cell_words, cell_sums> cells;
  for (auto& [words, one] : cells_of_sheet(db, of, sheet, level)) {
    cell_sums& to = cells[words];
    if (to.sums.scope)  // the same words twice: it is not what was made, whatever they add up to
      to.over_edge.emplace_back();
    to.sums += one.sums;
    std::ranges::move(one.over_edge, std::back_inserter(to.over_edge));
  }
  return made(cells);
}

std::string name_of(const cell_words& w) {
  return as_seen(fmt::format("{}/{}/{}", w.category, w.town.value_or("-"), w.carrier.value_or("-")), most_word_bytes);
}

void compare(wall_t began, const cell_texts& should, const cell_texts& is, row_differences& into) {
  for (const auto& [words, text] : should) {
    const auto there = is.find(words);
    if (there == is.end() || there->second != text)
      into.add(both("自 {} 起的账页（表 sheets）：{} 不是账里的数",
                    "the sheet from {} on (sheets): {} is not what the books say", ms_of(began), name_of(words)));
  }
  for (const auto& [words, text] : is)
    if (!should.contains(words))
      into.add(both("自 {} 起的账页（表 sheets）：{} 不在账里", "the sheet from {} on (sheets): {} is not in the books",
                    ms_of(began), name_of(words)));
}

}  // namespace

result<std::int64_t> check_sheets(database& db, const folded_head& of, std::unique_ptr<ledger::tables> rows,
                                  const std::function<bool()>& goes_on, row_differences& into) {
  const branch_of_node branch{of.number, of.branch};
  const std::vector<ready_sheet> ready = ready_sheets(db, branch);
  standing_check standing(db, of, into);
  if (ready.empty() && !standing.from()) return std::int64_t{0};
  const auto books = ledger::reader::over(std::move(rows), true);
  if (!books) return books.error();
  std::vector<sheet> anew;
  period all{standing.from().value_or(wall_max), standing.from() ? wall_max : wall_min};
  for (const ready_sheet& one : ready) {
    anew.push_back({.when = one.when, .cells = {}});
    all = {std::min(all.from, one.when.from), std::max(all.to, one.when.to)};
  }
  std::size_t walked = 0;
  bool ended = false;
  (*books)->histories(all, all.to, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
    ended = ended || (++walked % walked_unasked == 0 && !goes_on());
    if (ended) return;
    add_to_sheets(anew, t, h);
    standing.add(t, h);
  });
  if (ended) return said({"已中断", "interrupted"});
  for (std::size_t i = 0; i < anew.size(); ++i) {
    const wall_t began = ready[i].when.from;
    if (ready[i].when.to > of.folded_to)
      into.add(both("自 {} 起的账页（表 sheets）到 {} 为止，而数字只知道到 {}（毫秒）",
                    "the sheet from {} on (sheets) ends at {}, and figures know all up to {} (ms)", ms_of(began),
                    ms_of(ready[i].when.to), ms_of(of.folded_to)));
    compare(began, made(anew[i].cells), kept(db, branch, ready[i].number, 1), into);
    compare(began, made(by_category(anew[i].cells)), kept(db, branch, ready[i].number, 0), into);
  }
  standing.finish();
  return static_cast<std::int64_t>(ready.size());
}

}  // namespace changtong::centre
