#include "daemon/centre/figures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

#include "daemon/books/books.h"

namespace changtong::centre {
namespace {

using availability::seconds;
using availability::target_history;
using ledger::known_target;
using ledger::target_words;

constexpr std::array<std::string_view, 10> names{"node",     "province", "city", "district", "town",
                                                 "category", "carrier",  "line", "day",      "month"};

/** The group of a line by what is said of it; nothing: it is in none. */
std::optional<std::string> group_of(const known_target& t, const target_words& words, grouping by) {
  if (by == grouping::town) return books::group_of(t, words, books::grouping::town);
  if (by == grouping::carrier) return books::group_of(t, words, books::grouping::carrier);
  return books::group_of(t, words, books::grouping::category);
}

bool is_of_words(grouping by) { return by == grouping::town || by == grouping::category || by == grouping::carrier; }

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
  }

  void begin(const asked_node& n, const ledger::reader& books) {
    node_ = &n;
    for (const auto& [id, name] : books.categories()) ranks_.try_emplace(id, shown{ranks_.size(), name});
  }

  void take(const known_target& t, const target_history& h) {
    const auto same = [&](const target_words& a, const target_words& b) {
      return std::ranges::all_of(
          wanted_.by, [&](grouping by) { return !is_of_words(by) || group_of(t, a, by) == group_of(t, b, by); });
    };
    for (const auto& [words, own] : books::stretches(t, wanted_.when, same)) {
      const auto of = members_of(t, *words);
      if (!of) continue;
      for (std::size_t i = 0; i < parts_.size(); ++i) add(*of, i, availability::measure(h, intersect(parts_[i], own)));
    }
  }

  [[nodiscard]] std::vector<figure_row> rows() const {
    std::vector<figure_row> out;
    const bool group = std::ranges::find(wanted_.by, grouping::line) == wanted_.by.end();
    for (const auto& [of, s] : sums_) {
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
  [[nodiscard]] std::optional<group_members> members_of(const known_target& t, const target_words& words) const {
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
      if (by == grouping::line) add("line", t.id);
      if (!is_of_words(by)) continue;
      const auto group = group_of(t, words, by);
      if (!group) return std::nullopt;
      add(name_of(by), *group);
    }
    return of;
  }

  void add(const group_members& of, std::size_t part, const seconds& s) {
    if (!s.scope) return;
    group_members key = of;
    if (timed_) key.emplace_back("period", part_keys_[part]);
    if (!sums_.contains(key) && sums_.size() >= wanted_.most_rows)
      throw spoken_error(both("行数超过 {}：请用 node 或 district 缩小范围",
                              "more than {} rows: ask for one node or one district", wanted_.most_rows));
    sums_[key] += s;
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
  bool timed_ = false;                  ///< by days or months; else the whole period is one
  std::map<std::string, shown> ranks_;  ///< of categories
  std::map<group_members, seconds> sums_;
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

std::vector<figure_row> figures(database& db, std::span<const asked_node> nodes, const figures_wanted& f) {
  sums_by_group sums(f);
  for (const asked_node& n : nodes) {
    const auto books = books_of(db, n, f.still_wanted);
    sums.begin(n, *books);
    std::size_t walked = 0;
    books->histories(f.when, cut_of_node(n, f.now), {}, [&](const known_target& t, const target_history& h) {
      if (++walked % 64 == 0 && f.still_wanted) f.still_wanted();
      sums.take(t, h);
    });
  }
  return sums.rows();
}

}  // namespace changtong::centre
