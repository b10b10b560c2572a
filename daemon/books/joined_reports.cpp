#include "daemon/books/joined_reports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/books/report_figures.h"
#include "daemon/core/ids_of_node.h"

namespace changtong {
namespace {

using report::availability_report;
using report::availability_row;
using report::carrier_part;

template <class T>
void append(std::vector<T>& to, std::vector<T>&& more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

template <class T>
void cut(std::vector<T>& list, std::size_t most, std::int64_t& left_out) {
  if (list.size() <= most) return;
  left_out += static_cast<std::int64_t>(list.size() - most);
  list.resize(most);
}

/** Rows of one key are one; a key that is new comes last. */
void add_rows(std::vector<availability_row>& to, const std::vector<availability_row>& more) {
  for (const availability_row& row : more) {
    const auto same = std::ranges::find(to, row.key, &availability_row::key);
    if (same == to.end()) {
      to.push_back(row);
      continue;
    }
    same->sums += row.sums;
    same->values = availability::compute(same->sums, true);
  }
}

void add_words(std::set<std::string>& to, std::string_view list) {
  constexpr std::string_view between = "、";
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(between), list.size());
    to.emplace(list.substr(0, end));
    list.remove_prefix(std::min(end + between.size(), list.size()));
  }
}

void add_earlier(std::optional<books::earlier_period>& to, const std::optional<books::earlier_period>& more) {
  if (!more) return;
  if (!to) {
    to = more;
    return;
  }
  to->sums += more->sums;
  to->targets += more->targets;
  to->whole = to->whole && more->whole;
}

/** What a node with lines knows nothing of is not whole. */
bool lacks(const availability_report& r, const std::optional<books::earlier_period>& of) {
  return !r.targets.empty() && !of;
}

/** Its ids say whose they are. */
void name_node(const std::string& node, availability_report& r) {
  const auto name = [&node](std::string& id) { id = id_at(node, id); };
  for (report::target_row& t : r.targets) name(t.id);
  for (report::outage_row& o : r.longest) {
    name(o.id);
    name(o.what.target);
    if (!o.what.upstream.empty()) name(o.what.upstream);
  }
  for (report::window_row& w : r.windows) name(w.target);
  for (availability_row& town : r.towns) {
    town.title = fmt::format("{} {}", node, town.title);
    name(town.key);
  }
  for (carrier_part& part : r.carrier_parts) {
    for (report::contract_row& c : part.periods) name(c.line);
    for (report::repair_row& f : part.faults) name(f.line);
    for (report::ticket_row& t : part.tickets) {
      name(t.what.number);
      for (std::string& id : t.what.targets) name(id);
    }
  }
}

void add_part(carrier_part& to, carrier_part&& more) {
  to.row.sums += more.row.sums;
  to.row.values = availability::compute(to.row.sums, true);
  to.lines += more.lines;
  to.without_contract += more.without_contract;
  append(to.contracts, std::move(more.contracts));
  append(to.periods, std::move(more.periods));
  append(to.faults, std::move(more.faults));
  append(to.tickets, std::move(more.tickets));
  to.repairs += more.repairs;
  to.within += more.within;
  to.over += more.over;
  to.undecided += more.undecided;
  to.repair_time += more.repair_time;
  if (more.credit) to.credit = to.credit.value_or(0) + *more.credit;
}

class joining {
 public:
  void add(availability_report&& r) {
    head(r.head);
    if (!r.targets.empty()) add_words(rules_, r.head.rules);  // of no line no rule was in force
    availability_report& all = out_;
    parted_before_ = parted_before_ || lacks(r, r.against.before);
    parted_year_ago_ = parted_year_ago_ || lacks(r, r.against.year_ago);
    all.all.sums += r.all.sums;
    all.all.lines += r.all.lines;
    all.all.sites += r.all.sites;
    all.all.in_part += r.all.in_part;
    add_rows(all.categories, r.categories);
    add_rows(all.towns, r.towns);
    add_rows(all.carriers, r.carriers);
    add_rows(all.months, r.months);
    all.by_day = r.by_day;
    append(all.targets, std::move(r.targets));
    append(all.longest, std::move(r.longest));
    append(all.windows, std::move(r.windows));
    for (const auto& [why, total] : r.unknown) unknown_[why] += total;
    for (const report::cause_row& c : r.causes) {
      report::cause_row& of_its_kind = causes_[c.why];
      of_its_kind.why = c.why;
      of_its_kind.outages += c.outages;
      of_its_kind.down += c.down;
    }
    add_earlier(all.against.before, r.against.before);
    add_earlier(all.against.year_ago, r.against.year_ago);
    gaps(r.gaps);
    for (carrier_part& part : r.carrier_parts) {
      const auto [at, fresh] = parts_.try_emplace(part.carrier, part);
      if (!fresh) add_part(at->second, std::move(part));
    }
    all.outages_left_out += r.outages_left_out;
    all.gaps_left_out += r.gaps_left_out;
    all.windows_left_out += r.windows_left_out;
  }

  availability_report finish(const availability::snapshots& instants) {
    formulas(instants);
    lists();
    if (out_.against.before && parted_before_) out_.against.before->whole = false;
    if (out_.against.year_ago && parted_year_ago_) out_.against.year_ago->whole = false;
    if (!rules_.empty()) out_.head.rules = fmt::format("{}", fmt::join(rules_, "、"));
    return std::move(out_);
  }

 private:
  void head(const report::report_head& h) {
    if (first_) {
      first_ = false;
      out_.head = h;
      return;
    }
    report::report_head& all = out_.head;
    all.complete = all.complete && h.complete;
    all.known_to = std::min(all.known_to, h.known_to);
    all.made_at = std::max(all.made_at, h.made_at);
    all.repeat_outages = std::min(all.repeat_outages, h.repeat_outages);
    for (const report::certain_row& c : h.certain) {
      const auto same = [&](const report::certain_row& o) {
        return o.category == c.category && o.kind == c.kind && o.length.confirmed == c.length.confirmed &&
               o.length.without_budget == c.length.without_budget;
      };
      if (std::ranges::none_of(all.certain, same)) all.certain.push_back(c);
    }
  }

  /** Those of several nodes at once are one. */
  void gaps(const std::vector<report::gap_row>& more) {
    for (const report::gap_row& g : more) {
      report::gap_row& same = gaps_[{g.when, g.why}];
      same.when = g.when;
      same.why = g.why;
      same.targets += g.targets;
      same.total += g.total;
    }
  }

  void formulas(const availability::snapshots& instants) {
    std::vector<availability::member> members;
    for (const report::target_row& t : out_.targets) members.push_back({t.id, t.sums, t.agreed});
    out_.all.r1 = availability::r1(members);
    out_.all.r2 = availability::r2(members);
    out_.all.r3 = instants.value();
    out_.all.r4 = availability::r4(members);
  }

  void lists() {
    std::ranges::sort(out_.targets, {}, &report::target_row::id);
    std::ranges::sort(out_.longest, {}, [](const report::outage_row& o) {
      return std::tuple(-o.down.count(), o.what.began, std::string_view(o.id));
    });
    cut(out_.longest, report_limits::outages, out_.outages_left_out);
    std::ranges::sort(out_.windows, {}, [](const report::window_row& w) {
      return std::tuple(w.when.from, std::string_view(w.id), std::string_view(w.target));
    });
    cut(out_.windows, report_limits::windows, out_.windows_left_out);
    std::ranges::sort(out_.carriers, {}, &availability_row::key);
    std::ranges::sort(out_.months, {}, &availability_row::key);
    out_.unknown.assign(unknown_.begin(), unknown_.end());
    std::ranges::sort(out_.unknown, {}, [](const auto& one) { return std::pair(-one.second.count(), one.first); });
    for (auto& [why, row] : causes_) out_.causes.push_back(row);
    std::ranges::sort(out_.causes, {}, [](const auto& c) { return std::tuple(-c.down.count(), c.why); });
    for (auto& [key, g] : gaps_) out_.gaps.push_back(g);
    std::ranges::sort(out_.gaps, {}, [](const report::gap_row& g) {
      return std::tuple(-g.when.length().count(), g.when.from, g.why);
    });
    cut(out_.gaps, report_limits::gaps, out_.gaps_left_out);
    for (auto& [carrier, part] : parts_) {
      std::ranges::sort(part.periods, {},
                        [](const report::contract_row& c) { return std::tie(c.line, c.period_name, c.terms.id); });
      std::ranges::sort(part.faults, {}, [](const report::repair_row& f) { return std::tie(f.what.began, f.line); });
      std::ranges::sort(part.tickets, {}, [](const report::ticket_row& t) { return std::string_view(t.what.number); });
      out_.carrier_parts.push_back(std::move(part));
    }
  }

  availability_report out_;
  bool first_ = true, parted_before_ = false, parted_year_ago_ = false;
  std::set<std::string> rules_;
  std::map<cause, milliseconds> unknown_;
  std::map<cause, report::cause_row> causes_;
  std::map<std::pair<period, cause>, report::gap_row> gaps_;
  std::map<std::string, carrier_part> parts_;
};

}  // namespace

availability_report joined(std::vector<report_of_node> all, const availability::snapshots& instants) {
  if (all.size() == 1) return std::move(all.front().what);
  joining together;
  for (report_of_node& one : all) {
    name_node(one.node, one.what);
    together.add(std::move(one.what));
  }
  return together.finish(instants);
}

}  // namespace changtong
