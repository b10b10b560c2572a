#include "daemon/publish/metrics/series.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/stable_hash.h"
#include "daemon/publish/metrics/group_series.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {
namespace {

constexpr std::size_t chunk_size = 64 * 1024;

/** Writes the sample with one more label, given whole (`,interface="1"`), or none. */
template <class N>
void put(std::string& out, const scene& s, const metric& what, target_index i, N value, std::string_view more = {}) {
  out.append(what.name).append(s.labels->of(i)).append(more).append("} ");
  append_number(out, value);
  out += '\n';
}

using writer = void (*)(const scene&, target_index, std::string&);

void write_line_info(const scene& s, target_index i, std::string& out) {
  const target& t = s.target_of(i);
  out.append(names::line_info.name).append(s.labels->of(i));
  append_label(out, ',', "name", t.name);
  append_label(out, ',', "unit", t.unit);
  append_label(out, ',', "circuit", t.circuit);
  append_label(out, ',', "parent", t.parent);
  append_label(out, ',', "grade", t.grade);
  append_label(out, ',', "address", t.addresses.empty() ? std::string() : to_string(t.addresses.front()));
  out.append("} 1\n");
}

void write_site_info(const scene& s, target_index i, std::string& out) {
  out.append(names::site_info.name).append(s.labels->of(i));
  append_label(out, ',', "name", s.target_of(i).name);
  append_label(out, ',', "url", s.target_of(i).url);
  out.append("} 1\n");
}

template <const metric& M>
void write_up(const scene& s, target_index i, std::string& out) {
  const line_state state = s.now->lines[i].shown_state();
  if (state != line_state::unknown) put(out, s, M, i, state == line_state::up ? 1 : 0);
}

template <const metric& M>
void write_state(const scene& s, target_index i, std::string& out) {
  const line_view& v = s.now->lines[i];
  if (!v.in_scope()) return;
  const line_state state = v.shown_state();
  const bool degraded = v.degraded.load(std::memory_order_relaxed);
  put(out, s, M, i, state == line_state::unknown ? 0 : state == line_state::down ? 2 : degraded ? 3 : 1);
}

template <const metric& M, auto Member>
void write_seen(const scene& s, target_index i, std::string& out) {
  const float value = (s.now->lines[i].*Member).load(std::memory_order_relaxed);
  if (value >= 0) put(out, s, M, i, value);
}

void write_flapping(const scene& s, target_index i, std::string& out) {
  if (!s.now->lines[i].in_scope()) return;
  put(out, s, names::line_flapping, i, s.now->lines[i].flapping.load(std::memory_order_relaxed) ? 1 : 0);
}

/** One sample a window that is known and wanted. */
template <const metric& M, auto Member>
void write_windows(const scene& s, target_index i, std::string& out) {
  constexpr std::array<std::string_view, window_count> labels{R"(,window="today")", R"(,window="month")",
                                                              R"(,window="year")"};
  if (!s.targets_have_books()) return;
  for (std::size_t w = 0; w < window_count; ++w) {
    if (s.without.has(w == 0 ? series_group::today : series_group::periods)) continue;
    const auto value = s.books->by_target[i][w].*Member;
    if (value >= 0) put(out, s, M, i, value, labels[w]);  // NaN and -1 have no sample
  }
}

template <const metric& M>
void write_open(const scene& s, target_index i, std::string& out) {
  const line_view& v = s.now->lines[i];
  if (v.in_scope()) put(out, s, M, i, v.shows_outage() ? 1 : 0);
}

template <const metric& M>
void write_began(const scene& s, target_index i, std::string& out) {
  const line_view& v = s.now->lines[i];
  if (!v.shows_outage()) return;
  put(out, s, M, i, static_cast<double>(v.outage_began_ms.load(std::memory_order_relaxed)) / 1e3);
}

template <const metric& M>
void write_since(const scene& s, target_index i, std::string& out) {
  const line_view& v = s.now->lines[i];
  const std::int64_t since = v.since_ms.load(std::memory_order_relaxed);
  if (since > 0 && v.in_scope()) put(out, s, M, i, static_cast<double>(since) / 1e3);
}

template <const metric& M>
void write_down_info(const scene& s, target_index i, std::string& out) {
  const line_view& v = s.now->lines[i];
  if (!v.shows_outage()) return;
  const cause why = v.outage_why.load(std::memory_order_relaxed);
  std::string more;
  append_label(more, ',', "cause", name_of(why));
  append_label(more, ',', "reason", chinese(why));
  if (s.zone)
    append_label(more, ',', "since",
                 s.zone->format_short(wall_from_ms(v.outage_began_ms.load(std::memory_order_relaxed))));
  put(out, s, M, i, 1, more);
}

template <const metric& M>
void write_outages(const scene& s, target_index i, std::string& out) {
  put(out, s, M, i, s.now->lines[i].outages.load(std::memory_order_relaxed));
}

void write_bandwidth(const scene& s, target_index i, std::string& out) {
  const double mbps = s.target_of(i).bandwidth_mbps;
  if (mbps > 0) put(out, s, names::line_bandwidth_octets_per_second, i, mbps * 125e3);
}

void write_fact(const scene& s, const fact_view& v, const fact_row& row, const metric& what, std::string& out) {
  const auto value = v.value(row.name);
  if (!value || v.target >= s.now->lines.size()) return;
  std::string more;
  if (v.index != 0) {
    append_label(more, ',', "interface", s.now->interface_name(v.target, v.index));
  }
  if (!row.label.empty()) more.append(",").append(row.label);
  if (row.unit == fact_unit::nanoseconds)
    put(out, s, what, v.target, static_cast<float>(*value) * 1e-9F, more);
  else if (row.unit == fact_unit::thousandths)
    put(out, s, what, v.target, static_cast<double>(*value) / 1e3, more);
  else if (row.unit == fact_unit::millionths)
    put(out, s, what, v.target, static_cast<double>(*value) / 1e6, more);
  else if (row.unit == fact_unit::counter)
    put(out, s, what, v.target, counter_of(*value), more);
  else
    put(out, s, what, v.target, *value, more);
}

void write_open_seconds(const scene& s, target_index n, std::string& out) {
  const site_view& v = s.now->sites[n];
  const float value = v.open_seconds.load(std::memory_order_relaxed);
  if (value >= 0 && v.target < s.now->lines.size()) put(out, s, names::site_open_seconds, v.target, value);
}

void write_visits(const scene& s, target_index n, std::string& out) {
  const site_view& v = s.now->sites[n];
  if (v.target >= s.now->lines.size()) return;
  const auto& what = names::site_visits_total;
  put(out, s, what, v.target, v.visits_good.load(std::memory_order_relaxed), R"(,outcome="good")");
  put(out, s, what, v.target, v.visits_failed.load(std::memory_order_relaxed), R"(,outcome="failed")");
}

/** What a family has one sample of. */
enum class per { line, site, site_visit, fact };
struct family {
  const metric& what;
  per unit;
  writer write;
  std::optional<series_group> group{};   ///< none: always there
  std::vector<const fact_row*> facts{};  ///< per::fact: what is told under this name
};

using figures = target_figures;
constexpr auto delay = series_group::delay;
constexpr auto traffic = series_group::traffic;
const std::vector<family> line_families{
    family{names::line_info, per::line, write_line_info},
    family{names::line_up, per::line, write_up<names::line_up>},
    family{names::line_outage_open, per::line, write_open<names::line_outage_open>},
    family{names::line_outage_began_timestamp_seconds, per::line,
           write_began<names::line_outage_began_timestamp_seconds>},
    family{names::line_state, per::line, write_state<names::line_state>},
    family{names::line_since_timestamp_seconds, per::line, write_since<names::line_since_timestamp_seconds>},
    family{names::line_down_info, per::line, write_down_info<names::line_down_info>},
    family{names::line_outages_total, per::line, write_outages<names::line_outages_total>},
    family{names::line_bandwidth_octets_per_second, per::line, write_bandwidth},
    family{names::line_flapping, per::line, write_flapping},
    family{names::line_rtt_seconds, per::line, write_seen<names::line_rtt_seconds, &line_view::rtt_seconds>, delay},
    family{names::line_loss_ratio, per::line, write_seen<names::line_loss_ratio, &line_view::loss_ratio>, delay},
    family{names::line_availability_ratio, per::line,
           write_windows<names::line_availability_ratio, &figures::availability>},
    family{names::line_availability_lower_ratio, per::line,
           write_windows<names::line_availability_lower_ratio, &figures::lower>},
    family{names::line_coverage_ratio, per::line, write_windows<names::line_coverage_ratio, &figures::coverage>},
    family{names::line_down_seconds, per::line, write_windows<names::line_down_seconds, &figures::down_s>},
    family{names::line_outages, per::line, write_windows<names::line_outages, &figures::outages>},
};
const std::vector<family> site_families{
    family{names::site_info, per::site, write_site_info},
    family{names::site_up, per::site, write_up<names::site_up>},
    family{names::site_outage_open, per::site, write_open<names::site_outage_open>},
    family{names::site_outage_began_timestamp_seconds, per::site,
           write_began<names::site_outage_began_timestamp_seconds>},
    family{names::site_state, per::site, write_state<names::site_state>},
    family{names::site_since_timestamp_seconds, per::site, write_since<names::site_since_timestamp_seconds>},
    family{names::site_down_info, per::site, write_down_info<names::site_down_info>},
    family{names::site_outages_total, per::site, write_outages<names::site_outages_total>},
    family{names::site_visits_total, per::site_visit, write_visits},
    family{names::site_open_seconds, per::site_visit, write_open_seconds},
    family{names::site_availability_ratio, per::site,
           write_windows<names::site_availability_ratio, &figures::availability>},
    family{names::site_availability_lower_ratio, per::site,
           write_windows<names::site_availability_lower_ratio, &figures::lower>},
    family{names::site_coverage_ratio, per::site, write_windows<names::site_coverage_ratio, &figures::coverage>},
    family{names::site_down_seconds, per::site, write_windows<names::site_down_seconds, &figures::down_s>},
    family{names::site_outages, per::site, write_windows<names::site_outages, &figures::outages>},
};

/** What core/fact_table.h says a scrape has, of sites or of all else. */
std::vector<family> fact_families(bool of_sites) {
  std::vector<family> all;
  for (const metric& what : all_metrics) {
    family f{what, per::fact, nullptr};
    for (const fact_row& row : fact_table)
      if (row.metric == what.name && (row.of == fact_of::site) == of_sites) f.facts.push_back(&row);
    if (f.facts.empty()) continue;
    if (f.facts.front()->of == fact_of::interface) f.group = traffic;
    all.push_back(std::move(f));
  }
  return all;
}

const std::vector<family>& families() {
  static const std::vector<family> all = [] {
    std::vector<family> some;
    for (const auto& more : {line_families, fact_families(false), site_families, fact_families(true)})
      for (const family& f : more) some.push_back(f);
    return some;
  }();
  return all;
}

void write_outage_counts(const scene& s, std::string& out) {
  std::map<std::string, std::size_t> open;
  for (const category& c : s.now->districts->categories) open[c.id];
  for (target_index i = 0; i < s.now->lines.size(); ++i) {
    const target& t = s.target_of(i);
    if (t.kind == target_kind::anchor) continue;
    open[t.category] += s.now->lines[i].shows_outage() ? 1 : 0;
  }
  append_head(out, names::outages_open, s.form);
  for (const auto& [name, count] : open) {
    out.append(names::outages_open.name);
    append_label(out, '{', "category", name);
    out.append("} ");
    append_number(out, count);
    out += '\n';
  }
}

/** Nobody has such a fact: no head without samples. */
bool nobody_has(const family& f, const scene& s) {
  return std::ranges::none_of(s.now->facts, [&](const fact_view& v) {
    return v.target < s.now->lines.size() && s.now->whose(v.target, v.index) == f.facts.front()->of &&
           std::ranges::any_of(f.facts, [&](const fact_row* row) { return v.value(row->name).has_value(); });
  });
}

std::size_t count_of(const family& f, const scene& s) {
  switch (f.unit) {
    case per::line:
      return s.labels->lines.size();
    case per::site:
      return s.labels->sites.size();
    case per::fact:
      return nobody_has(f, s) ? 0 : s.now->facts.size();
    case per::site_visit:
      return s.now->sites.size();
  }
  return 0;
}

void write_categories(const scene& s, std::string& out) {
  append_head(out, names::category_info, s.form);
  for (const category& c : s.now->districts->categories) {
    out.append(names::category_info.name);
    append_label(out, '{', "category", c.id);
    append_label(out, ',', "name", c.name);
    out.append("} 1\n");
  }
}

void write_anchors(const scene& s, std::string& out) {
  bool any = false;
  for (target_index i = 0; i < s.now->lines.size(); ++i) {
    if (s.target_of(i).kind != target_kind::anchor) continue;
    const int answers = s.now->lines[i].answers.load(std::memory_order_relaxed);
    if (answers < 0) continue;
    if (!std::exchange(any, true)) append_head(out, names::anchor_up, s.form);
    out.append(names::anchor_up.name);
    append_label(out, '{', "anchor", s.target_of(i).id);
    out.append(answers > 0 ? "} 1\n" : "} 0\n");
  }
}

/** What is not about one target, at the end of the first shard. */
void write_rest(const scene& s, std::string& out) {
  write_categories(s, out);
  write_outage_counts(s, out);
  write_anchors(s, out);
  if (s.books) append_books(*s.books, s.without, s.form, out);
}

/** Whether this scrape wants this sample. */
bool wanted(const scene& s, per unit, target_index i) {
  if (unit == per::site || unit == per::site_visit) return s.part.first();
  if (s.part.of == 1) return true;
  const target_index line = unit == per::fact ? s.now->facts[i].target : i;
  if (line >= s.now->lines.size()) return true;
  return s.target_of(line).kind == target_kind::site ? s.part.first() : s.part.holds(s.target_of(line).id);
}

target_index index_of(per unit, const scene& s, std::size_t position) {
  if (unit == per::line) return s.labels->lines[position];
  if (unit == per::site) return s.labels->sites[position];
  return static_cast<target_index>(position);
}

void write(const family& f, const scene& s, target_index i, std::string& out) {
  if (f.unit != per::fact) return f.write(s, i, out);
  for (const fact_row* row : f.facts) write_fact(s, s.now->facts[i], *row, f.what, out);
}

}  // namespace

bool shard::holds(std::string_view line) const { return stable_hash(line) % of == number - 1; }

label_blocks::label_blocks(std::shared_ptr<const inventory> inv) : made_for(std::move(inv)) {
  const auto& targets = made_for->targets;
  begin.reserve(targets.size() + 1);
  for (target_index i = 0; i < targets.size(); ++i) {
    const target& t = targets[i];
    begin.push_back(text.size());
    if (t.kind == target_kind::anchor) continue;
    const bool line = t.kind == target_kind::line;
    (line ? lines : sites).push_back(i);
    append_label(text, '{', line ? "line" : "site", t.id);
    append_label(text, ',', "category", t.category);
    if (!line) continue;
    append_label(text, ',', "carrier", t.carrier);
    append_label(text, ',', "town", t.town);
  }
  begin.push_back(text.size());
  text.shrink_to_fit();
}

bool series_cursor::next(const scene& s, std::string& chunk) {
  if (family_ > families().size()) return false;
  for (; family_ < families().size(); ++family_, position_ = 0) {
    const family& f = families()[family_];
    const std::size_t count = f.group && s.without.has(*f.group) ? 0 : count_of(f, s);
    if (position_ == 0 && count > 0) append_head(chunk, f.what, s.form);
    while (position_ < count) {
      const target_index i = index_of(f.unit, s, position_++);
      if (wanted(s, f.unit, i)) write(f, s, i, chunk);
      if (chunk.size() >= chunk_size) return true;
    }
  }
  ++family_;
  if (s.part.first()) write_rest(s, chunk);
  return !chunk.empty();
}

}  // namespace changtong::metrics
