#include "daemon/publish/metrics/period_books.h"

#include <algorithm>
#include <limits>
#include <map>

#include "daemon/books/agreed.h"
#include "daemon/books/books.h"
#include "daemon/core/so_far.h"
#include "daemon/host/background.h"

namespace changtong::metrics {
namespace {

using availability::seconds;
using availability::target_history;
using ledger::known_target;
using ledger::target_words;
using windows = std::array<period, window_count>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

windows windows_of(const civil_zone& zone, wall_t cut) {
  windows out{zone.around(cut, civil_zone::unit::day), zone.around(cut, civil_zone::unit::month),
              zone.around(cut, civil_zone::unit::year)};
  for (period& p : out) p.to = std::min(p.to, cut);
  return out;
}

target_figures figures_of(const seconds& s) {
  if (!s.scope) return {none, none, none, none, -1};
  const auto f = availability::compute(s, false);
  return {f.availability.value_or(none), f.lower.value_or(none), f.coverage.value_or(none),
          static_cast<double>(s.down.count()) / 1e3, static_cast<std::int32_t>(s.outages)};
}

struct key {
  std::string by, group;
  friend auto operator<=>(const key&, const key&) = default;
};

/** Every group that a target belongs to under these words. */
std::vector<key> keys_of(const known_target& t, const target_words& words) {
  std::vector<key> out;
  const bool site = t.kind == "site";
  if (!site) out.push_back({"all", "lines"});
  const auto add = [&](std::string_view by, books::grouping grouping) {
    if (auto group = books::group_of(t, words, grouping)) out.push_back({std::string(by), std::move(*group)});
  };
  add("category", books::grouping::category);
  add("carrier", books::grouping::carrier);
  add("town", books::grouping::town);
  if (!site && !words.grade.empty()) out.push_back({"carrier_grade", words.carrier + " " + words.grade});
  return out;
}

class summing {
 public:
  explicit summing(const windows& when) : when_(when) {}

  void add(const known_target& t, const target_history& h, std::array<target_figures, window_count>* own) {
    for (std::size_t w = 0; w < window_count; ++w) {
      const seconds whole = availability::measure(h, when_[w]);
      if (own != nullptr) (*own)[w] = figures_of(whole);
      if (!whole.scope) continue;
      if (t.versions.size() < 2)
        for (const key& k : keys_of(t, t)) groups_[k][w] += whole;
      else
        add_stretches(t, h, w);
    }
  }

  std::vector<group_sums> groups(const std::vector<std::pair<std::string, std::string>>& categories) {
    std::vector<group_sums> out;
    for (auto& [k, sums] : groups_) {
      const auto named = std::ranges::find(categories, k.group, &std::pair<std::string, std::string>::first);
      std::string name = k.by == "all"                                     ? "全部专线"
                         : k.by == "category" && named != categories.end() ? named->second
                         : k.group.empty()                                 ? "（未填写）"
                                                                           : k.group;
      out.push_back({k.by, k.group, std::move(name), sums});
    }
    return out;
  }

 private:
  /** The words changed over the years: each group gets the stretches in which the target was its own, joined where they
   * meet, so that an outage over a change of something else counts once. */
  void add_stretches(const known_target& t, const target_history& h, std::size_t w) {
    std::map<key, std::vector<period>> stretches;
    const auto apart = [](const target_words&, const target_words&) { return false; };
    for (const auto& [words, own] : books::stretches(t, when_[w], apart))
      for (const key& k : keys_of(t, *words)) {
        auto& list = stretches[k];
        if (!list.empty() && list.back().to == own.from)
          list.back().to = own.to;
        else
          list.push_back(own);
      }
    for (const auto& [k, list] : stretches)
      for (const period& own : list)
        if (const seconds s = availability::measure(h, own); s.scope) groups_[k][w] += s;
  }

  windows when_;
  std::map<key, std::array<seconds, window_count>> groups_;
};

/** By the contracts of the settings, as if they had always stood. */
class judging {
 public:
  judging(const std::vector<contract>& contracts, const civil_zone& zone, wall_t cut) : zone_(zone), cut_(cut) {
    versions_.push_back({.at = wall_min, .what = {.classes = {}, .contracts = contracts, .report = {}}});
    for (const contract& c : contracts) all.push_back({.terms = c, .sums = {}});
    so_far_ = {zone.around(cut, civil_zone::unit::month).from, cut + milliseconds{1}};  // also at its first instant
  }

  void add(const known_target& t, const target_history& h) {
    if (all.empty()) return;
    for (const books::covered_period& c : books::covered_periods(versions_, zone_, t, so_far_)) {
      const auto r = availability::judge(*c.what, h, c.bucket, c.when, cut_);
      if (!r.sums.scope) continue;
      contract_sums& into = all[static_cast<std::size_t>(c.what - versions_.front().what.contracts.data())];
      into.sums += r.sums;
      if (r.budget) into.budget = into.budget.value_or(milliseconds{0}) + *r.budget;
      ++into.lines.at(static_cast<std::size_t>(r.target));
    }
  }

  std::vector<contract_sums> all;

 private:
  std::vector<books::dated_policy> versions_;
  const civil_zone& zone_;
  period so_far_;  ///< the month; of a year contract everything since its beginning is measured
  wall_t cut_;
};

}  // namespace

period_books compute_books(const ledger::reader& from, std::shared_ptr<const inventory> inv,
                           const std::vector<contract>& contracts, wall_t now, const std::stop_token& stop) {
  period_books out;
  out.cut = cut_of(now, from.heartbeat());
  const windows when = windows_of(from.zone(), out.cut);
  out.by_target.assign(inv->targets.size(), {});
  for (auto& figures : out.by_target) figures.fill(figures_of({}));
  summing sums(when);
  judging judged(contracts, from.zone(), out.cut);
  from.histories(when.back(), out.cut, {}, [&](const known_target& t, const target_history& h) {
    host::end_early(stop);
    if (t.kind == "anchor") return;
    const auto known = inv->index_of(t.id);
    sums.add(t, h, known == no_index ? nullptr : &out.by_target[known]);
    judged.add(t, h);
  });
  out.groups = sums.groups(from.categories());
  out.contracts = std::move(judged.all);
  out.of = std::move(inv);
  return out;
}

}  // namespace changtong::metrics
