#include "daemon/centre/figures.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

#include "daemon/availability/intervals.h"
#include "daemon/books/books.h"
#include "daemon/centre/node_books.h"
#include "daemon/centre/sheets.h"
#include "daemon/centre/standing_rows.h"

namespace changtong::centre {
namespace {

using availability::seconds;
using availability::target_history;
using ledger::known_target;
using ledger::target_words;

constexpr std::array<std::string_view, 10> names{"node",     "province", "city", "district", "town",
                                                 "category", "carrier",  "line", "day",      "month"};

constexpr std::chrono::days read_before{31};

bool is_of_words(grouping by) { return by == grouping::town || by == grouping::category || by == grouping::carrier; }

books::grouping in_books(grouping by) {
  if (by == grouping::town) return books::grouping::town;
  return by == grouping::carrier ? books::grouping::carrier : books::grouping::category;
}

bool is_time(grouping by) { return by == grouping::day || by == grouping::month; }

class sums_by_group {
 public:
  explicit sums_by_group(const figures_wanted& f) : wanted_(f) {
    for (const grouping by : f.by)
      if (is_time(by)) {
        const auto unit = by == grouping::day ? civil_zone::unit::day : civil_zone::unit::month;
        parts_ = f.zone.split({f.when.from, std::min(f.when.to, f.now)}, unit);
        for (const period& one : parts_) part_keys_.push_back(f.zone.key(one.from, unit));
        timed_ = true;
      }
    if (!timed_) parts_ = {f.when};
    const auto wants = [&](grouping by) { return std::ranges::find(f.by, by) != f.by.end(); };
    words_ = {
        .category = wants(grouping::category), .town = wants(grouping::town), .carrier = wants(grouping::carrier)};
    sheets_ = f.sheets && !wants(grouping::line);
  }

  void begin(const asked_node& n, const ledger::reader& books) {
    node_ = &n;
    for (const auto& [id, name] : books.categories()) ranks_.try_emplace(id, shown{ranks_.size(), name});
  }

  /** Whether sheets, and what follows them, may be used of it: there are none of a pair. */
  [[nodiscard]] bool may_have_sheets() const { return sheets_ && node_->pair.empty(); }

  /** Takes what sheets say; what is left of the period, in which the scope ends at `cut`. */
  [[nodiscard]] std::vector<period> take_sheets(database& db, wall_t cut) {
    in_pieces_ = false;
    if (!may_have_sheets()) return {wanted_.when};
    std::vector<sheet_in_part> used;
    std::vector<period> when;
    const branch_of_node of{node_->head.number, node_->head.branch};
    auto ready = ready_sheets(db, of);
    std::ranges::sort(ready, std::greater{}, [](const ready_sheet& s) { return std::pair(s.when.length(), s.number); });
    for (const ready_sheet& s : ready) {
      const auto part = std::ranges::find_if(parts_, [&](const period& p) { return intersect(p, s.when) == s.when; });
      const auto overlaps = [&](const period& other) { return !intersect(other, s.when).empty(); };
      if (part == parts_.end() || s.when.to > std::min(cut, node_->head.folded_to) ||
          std::ranges::any_of(when, overlaps))
        continue;
      used.push_back({.sheet = s.number, .part = part - parts_.begin()});
      when.push_back(s.when);
    }
    if (used.empty()) return {wanted_.when};
    in_pieces_ = true;
    for (const sheet_sum& one : sums_of_sheets(db, of, used, words_))
      if (const auto to = members_of(one.words, {})) add(*to, static_cast<std::size_t>(one.part), one.sums);
    edges_of_sheets(db, of, used, words_, [&](sheet_edge&& o) {
      const auto to = members_of(o.words, {});
      if (to) add_edge(*to, static_cast<std::size_t>(o.part), {of.node, std::move(o.line), o.began, o.since});
    });
    const period known{wanted_.when.from, std::min(wanted_.when.to, cut)};
    return known.empty() ? std::vector<period>{} : availability::without({known}, availability::united(when));
  }

  /** From now on an outage may lie in what comes and in what was taken. */
  void in_pieces() { in_pieces_ = true; }

  /** Of the time in `walk`, of lines that go on as they did. */
  void take(const std::vector<standing_now::counted>& steady, period walk, wall_t known) {
    for (const auto& [lines, number] : steady) {
      const auto of = number == 0 ? std::nullopt : members_of(lines.words, {});
      for (std::size_t i = 0; of && i < parts_.size(); ++i)
        if (const period cell = intersect(parts_[i], walk); !cell.empty())
          add(*of, i, times(steady_seconds(lines.state, cell, known), number));
    }
  }

  /** Of the time in `walk`. */
  void take(const known_target& t, const target_history& h, period walk) {
    const auto same = [&](const target_words& a, const target_words& b) {
      return std::ranges::all_of(wanted_.by, [&](grouping by) {
        return !is_of_words(by) || books::group_of(t, a, in_books(by)) == books::group_of(t, b, in_books(by));
      });
    };
    const std::optional<word_runs> runs = in_pieces_ ? std::optional(word_runs(t)) : std::nullopt;
    for (const auto& [words, own] : books::stretches(t, wanted_.when, same)) {
      const auto of = members_of(cell_of(t, *words), t.id);
      if (!of) continue;
      for (std::size_t i = 0; i < parts_.size(); ++i) {
        const period cell = intersect(intersect(parts_[i], own), walk);
        if (!runs) {
          add(*of, i, availability::measure(h, cell));
          continue;
        }
        cell_sums one = sums_in(h, cell, *runs);
        add(*of, i, one.sums);
        for (edge_outage& o : one.over_edge)
          add_edge(*of, i, {node_->head.number, std::move(o.line), o.began, since_of(o.since, words_)});
      }
    }
  }

  [[nodiscard]] std::vector<figure_row> rows() const {
    std::vector<figure_row> out;
    const bool group = std::ranges::find(wanted_.by, grouping::line) == wanted_.by.end();
    for (const auto& [of, sum] : sums_) {
      seconds s = sum.of;
      s.outages += static_cast<std::int64_t>(sum.over_edge.size());
      const auto& [member, key] = of.back();
      const auto named = member == "category" ? ranks_.find(key) : ranks_.end();
      out.push_back({of, {key, named == ranks_.end() ? key : named->second.name, s, availability::compute(s, group)}});
    }
    std::ranges::sort(out, [this](const figure_row& a, const figure_row& b) { return before(a.of, b.of); });
    return out;
  }

 private:
  struct shown {
    std::size_t rank;
    std::string name;
  };
  /** Node, line, beginning, and since when its words were what they are: over a change that matters here it is two. */
  using outage_name = std::tuple<std::int32_t, std::string, wall_t, wall_t>;
  struct group_sums {
    seconds of;
    std::set<outage_name> over_edge;  ///< outages that are not in it, for they may lie in several of its parts
  };

  /** Nothing: it is in none. */
  [[nodiscard]] std::optional<group_members> members_of(const cell_words& words, const std::string& line) const {
    group_members of;
    const auto add = [&of](std::string_view name, const std::string& value) {
      if (std::ranges::find(of, name, &group_members::value_type::first) == of.end()) of.emplace_back(name, value);
    };
    for (const grouping by : wanted_.by) {
      const bool place = by >= grouping::province && by <= grouping::town;
      if (place) add("province", node_->province);
      if (place && by >= grouping::city) add("city", node_->city);
      if (place && by >= grouping::district) add("district", node_->district);
      if (by == grouping::node || by == grouping::line) add("node", node_->name());
      if (by == grouping::line) add("line", line);
      if (by == grouping::category) add("category", words.category);
      if ((by == grouping::town && !words.town) || (by == grouping::carrier && !words.carrier)) return std::nullopt;
      if (by == grouping::town) add("town", *words.town);
      if (by == grouping::carrier) add("carrier", *words.carrier);
    }
    return of;
  }

  [[nodiscard]] group_members in_part(const group_members& of, std::size_t part) const {
    group_members key = of;
    if (timed_) key.emplace_back("period", part_keys_[part]);
    return key;
  }
  void add(const group_members& of, std::size_t part, const seconds& s) {
    if (!s.scope) return;
    group_members key = in_part(of, part);
    if (!sums_.contains(key) && sums_.size() >= wanted_.most_rows)
      throw spoken_error(both("行数超过 {}：请用 node 或 district 缩小范围",
                              "more than {} rows: ask for one node or one district", wanted_.most_rows));
    sums_[std::move(key)].of += s;
  }
  /** Of a sum that was added. */
  void add_edge(const group_members& of, std::size_t part, outage_name name) {
    sums_.at(in_part(of, part)).over_edge.insert(std::move(name));
  }

  /** As their members read, but categories as they are shown. */
  [[nodiscard]] bool before(const group_members& a, const group_members& b) const {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      if (a[i].second == b[i].second) continue;
      if (a[i].first == "category" && rank_of(a[i].second) != rank_of(b[i].second))
        return rank_of(a[i].second) < rank_of(b[i].second);
      return a[i].second < b[i].second;
    }
    return a.size() < b.size();
  }
  [[nodiscard]] std::size_t rank_of(const std::string& category) const {
    const auto at = ranks_.find(category);
    return at == ranks_.end() ? ranks_.size() : at->second.rank;
  }

  const figures_wanted& wanted_;
  const asked_node* node_ = nullptr;
  std::vector<period> parts_;
  std::vector<std::string> part_keys_;
  bool timed_ = false;  ///< by days or months; else the whole period is one
  wanted_words words_;
  bool sheets_ = false;                 ///< may be used
  bool in_pieces_ = false;              ///< this node's books are not taken in one walk
  std::map<std::string, shown> ranks_;  ///< of categories
  std::map<group_members, group_sums> sums_;
};

}  // namespace

std::string_view name_of(grouping by) { return names.at(static_cast<std::size_t>(by)); }

result<std::vector<grouping>> groupings_named(std::string_view text) {
  std::vector<grouping> out;
  for (std::string_view rest = text; out.size() < 3;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const auto at = std::ranges::find(names, rest.substr(0, comma));
    if (at == names.end()) break;
    out.push_back(static_cast<grouping>(at - names.begin()));
    if (comma == rest.size()) {
      const bool twice = out.size() == 2 && (out[0] == out[1] || (is_time(out[0]) && is_time(out[1])));
      if (out.size() <= 2 && !twice) return out;
      break;
    }
    rest.remove_prefix(comma + 1);
  }
  return said(
      {"by 为 node、province、city、district、town、category、carrier、line、day、month 之一，或用逗号连接的两个",
       "by is one of node, province, city, district, town, category, carrier, line, day, month, or two of them "
       "with a comma between"},
      problem_class::usage);
}

namespace {

/** What sheets do not say is read from the books: of all lines, or of those that do not go on as they did. */
class walks {
 public:
  walks(database& db, const figures_wanted& f, sums_by_group& sums) : db_(db), wanted_(f), sums_(sums) {}

  void over(const asked_node& n) {
    if (wanted_.still_wanted) wanted_.still_wanted();
    const auto books = books_of(db_, n, wanted_.still_wanted);
    sums_.begin(n, *books);
    const wall_t cut = cut_of_node(n, wanted_.now);
    const std::vector<period> left = sums_.take_sheets(db_, cut);
    const auto after = left.empty() ? std::nullopt : standing_of(n, left.back().to);
    for (period walk : left) {
      if (after && walk.to > after->at) {
        const period rest{std::max(walk.from, after->at), std::min(walk.to, cut)};
        walk.to = rest.from;
        if (!walk.empty()) sums_.in_pieces();
        take_steady(n, *after, rest, cut);
      }
      if (!walk.empty()) take_books(*books, walk, walk, cut);
    }
  }

 private:
  [[nodiscard]] std::optional<standing_now> standing_of(const asked_node& n, wall_t end) const {
    if (!sums_.may_have_sheets()) return std::nullopt;
    return standing_up_to(db_, {n.head.number, n.head.branch}, n.head.folded, end);
  }
  /** Of the time in `walk`, from histories of `around` it. */
  void take_books(const ledger::reader& books, period walk, period around, wall_t cut) {
    if (wanted_.still_wanted) wanted_.still_wanted();
    books.histories(around, cut, {}, [&](const known_target& t, const target_history& h) {
      if (++walked_ % 64 == 0 && wanted_.still_wanted) wanted_.still_wanted();
      sums_.take(t, h, walk);
    });
  }
  void take_steady(const asked_node& n, const standing_now& after, period rest, wall_t cut) {
    if (rest.empty()) return;
    sums_.take(after.steady, rest, n.head.folded_to);
    if (after.read.empty()) return;
    const auto some = open_books(db_, n.head, true, {.only = after.read, .endless = false});
    if (!some) throw spoken_error(words_of(some.error()));
    // Many of them are down: where an outage lies wholly in what is read, it is not read for itself once more.
    take_books(*some->books, rest, {rest.from - read_before, wall_max}, cut);
  }

  database& db_;
  const figures_wanted& wanted_;
  sums_by_group& sums_;
  std::size_t walked_ = 0;
};

}  // namespace

std::vector<figure_row> figures(database& db, std::span<const asked_node> nodes, const figures_wanted& f) {
  sums_by_group sums(f);
  walks all(db, f, sums);
  for (const asked_node& n : nodes) all.over(n);
  return sums.rows();
}

}  // namespace changtong::centre
