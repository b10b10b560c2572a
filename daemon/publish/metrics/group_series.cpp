#include "daemon/publish/metrics/group_series.h"

#include <functional>

namespace changtong::metrics {
namespace {

using availability::seconds;

double in_seconds(milliseconds ms) { return static_cast<double>(ms.count()) / 1e3; }

struct sums_family {
  const metric& what;
  std::optional<double> (*value)(const seconds&);
};

template <auto Member>
std::optional<double> ratio_of(const seconds& s) {
  return availability::compute(s, true).*Member;
}
template <auto Member>
std::optional<double> length_of(const seconds& s) {
  return in_seconds(s.*Member);
}
std::optional<double> outages_of(const seconds& s) { return static_cast<double>(s.outages); }

using availability::figures;
constexpr std::array group_families{
    sums_family{names::group_availability_ratio, ratio_of<&figures::availability>},
    sums_family{names::group_availability_lower_ratio, ratio_of<&figures::lower>},
    sums_family{names::group_availability_upper_ratio, ratio_of<&figures::upper>},
    sums_family{names::group_coverage_ratio, ratio_of<&figures::coverage>},
    sums_family{names::group_up_seconds, length_of<&seconds::up>},
    sums_family{names::group_down_seconds, length_of<&seconds::down>},
    sums_family{names::group_unknown_seconds, length_of<&seconds::unknown>},
    sums_family{names::group_excluded_seconds, length_of<&seconds::excluded>},
    sums_family{names::group_outages, outages_of},
};
constexpr std::array contract_families{
    sums_family{names::contract_availability_ratio, ratio_of<&figures::availability>},
    sums_family{names::contract_availability_lower_ratio, ratio_of<&figures::lower>},
    sums_family{names::contract_coverage_ratio, ratio_of<&figures::coverage>},
    sums_family{names::contract_up_seconds, length_of<&seconds::up>},
    sums_family{names::contract_down_seconds, length_of<&seconds::down>},
};

void append_sample(std::string& out, const metric& what, std::string_view labels, double value) {
  out.append(what.name).append(labels).append("} ");
  append_number(out, value);
  out += '\n';
}

std::string group_labels(const group_sums& g, std::size_t window) {
  std::string out;
  append_label(out, '{', "by", g.by);
  append_label(out, ',', "group", g.key);
  append_label(out, ',', "name", g.name);
  append_label(out, ',', "window", window_names[window]);
  return out;
}

void append_groups(const period_books& books, format f, std::string& out) {
  for (const sums_family& family : group_families) {
    append_head(out, family.what, f);
    for (const group_sums& g : books.groups)
      for (std::size_t w = 0; w < window_count; ++w) {
        if (!g.sums[w].scope) continue;
        if (const auto value = family.value(g.sums[w])) append_sample(out, family.what, group_labels(g, w), *value);
      }
  }
}

std::string contract_labels(const contract& c) {
  std::string out;
  append_label(out, '{', "contract", c.id);
  append_label(out, ',', "carrier", c.carrier);
  return out;
}

void append_contract_terms(const period_books& books, format f, std::string& out) {
  append_head(out, names::contract_info, f);
  for (const contract_sums& c : books.contracts) {
    std::string labels = contract_labels(c.terms);
    append_label(labels, ',', "grade", c.terms.grade);
    append_label(labels, ',', "period", name_of(c.terms.period));
    append_label(labels, ',', "source", c.terms.source);
    append_label(labels, ',', "clause", c.terms.clause);
    append_sample(out, names::contract_info, labels, 1);
  }
  append_head(out, names::contract_target_ratio, f);
  for (const contract_sums& c : books.contracts)
    if (const auto target = c.terms.availability_target)
      append_sample(out, names::contract_target_ratio, contract_labels(c.terms),
                    static_cast<double>(target->part) / static_cast<double>(target->whole));
}

void append_contract_budgets(const period_books& books, format f, std::string& out) {
  append_head(out, names::contract_budget_seconds, f);
  for (const contract_sums& c : books.contracts)
    if (c.budget) append_sample(out, names::contract_budget_seconds, contract_labels(c.terms), in_seconds(*c.budget));
}

void append_contract_lines(const period_books& books, format f, std::string& out) {
  using availability::judgement;
  constexpr std::array shown{std::pair{judgement::met, "met"}, std::pair{judgement::missed, "missed"},
                             std::pair{judgement::no_target, "no_target"}, std::pair{judgement::no_value, "no_value"}};
  append_head(out, names::contract_lines, f);
  for (const contract_sums& c : books.contracts)
    for (const auto& [judged, word] : shown) {
      std::string labels = contract_labels(c.terms);
      append_label(labels, ',', "judgement", word);
      append_sample(out, names::contract_lines, labels,
                    static_cast<double>(c.lines.at(static_cast<std::size_t>(judged))));
    }
}

void append_contracts(const period_books& books, format f, std::string& out) {
  append_contract_terms(books, f, out);
  for (const sums_family& family : contract_families) {
    append_head(out, family.what, f);
    for (const contract_sums& c : books.contracts)
      if (const auto value = c.sums.scope ? family.value(c.sums) : std::nullopt)
        append_sample(out, family.what, contract_labels(c.terms), *value);
  }
  append_contract_budgets(books, f, out);
  append_contract_lines(books, f, out);
}

}  // namespace

void append_books(const period_books& books, series_groups without, format f, std::string& out) {
  append_head(out, names::books_timestamp_seconds, f);
  out.append(names::books_timestamp_seconds.name).append(" ");
  append_number(out, in_seconds(books.cut.time_since_epoch()));
  out += '\n';
  if (!without.has(series_group::groups)) append_groups(books, f, out);
  if (!without.has(series_group::contracts) && !books.contracts.empty()) append_contracts(books, f, out);
}

}  // namespace changtong::metrics
