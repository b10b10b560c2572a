#include "daemon/publish/metrics/series.h"

#include <array>
#include <map>

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
  const line_state state = s.now->lines[i].state.load(std::memory_order_relaxed);
  if (state != line_state::unknown) put(out, s, M, i, state == line_state::up ? 1 : 0);
}

template <const metric& M>
void write_state(const scene& s, target_index i, std::string& out) {
  const line_view& v = s.now->lines[i];
  const line_state state = v.state.load(std::memory_order_relaxed);
  const bool degraded = v.degraded.load(std::memory_order_relaxed);
  put(out, s, M, i, state == line_state::unknown ? 0 : state == line_state::down ? 2 : degraded ? 3 : 1);
}

template <const metric& M, auto Member>
void write_seen(const scene& s, target_index i, std::string& out) {
  const float value = (s.now->lines[i].*Member).load(std::memory_order_relaxed);
  if (value >= 0) put(out, s, M, i, value);
}

void write_flapping(const scene& s, target_index i, std::string& out) {
  put(out, s, names::line_flapping, i, s.now->lines[i].flapping.load(std::memory_order_relaxed) ? 1 : 0);
}

template <const metric& M, auto Member>
void write_today(const scene& s, target_index i, std::string& out) {
  if (!s.today) return;
  const double value = s.today->by_target[i].*Member;
  if (!std::isnan(value)) put(out, s, M, i, value, ",window=\"today\"");
}

/** `Least`: the smallest value that means anything; below it nothing has been read yet. */
template <const metric& M, auto Member, int Least = 0>
void write_interface(const scene& s, target_index n, std::string& out) {
  const interface_view& v = s.now->interfaces[n];
  const auto value = (v.*Member).load(std::memory_order_relaxed);
  if (value < Least || v.target >= s.now->lines.size()) return;
  std::string index = ",interface=\"";
  append_number(index, v.if_index);
  put(out, s, M, v.target, value, index += '"');
}

template <const metric& M, auto Member, int Least>
void write_visit(const scene& s, target_index n, std::string& out) {
  const site_view& v = s.now->sites[n];
  const auto value = (v.*Member).load(std::memory_order_relaxed);
  if (value < Least || v.target >= s.now->lines.size()) return;
  put(out, s, M, v.target, value);
}

/** What a family has one sample of. */
enum class per { line, interface, site, site_visit };
struct family {
  const metric& what;
  per unit;
  writer write;
};

using ratios = day_ratios::ratios;
constexpr std::array families{
    family{names::line_info, per::line, write_line_info},
    family{names::line_up, per::line, write_up<names::line_up>},
    family{names::line_state, per::line, write_state<names::line_state>},
    family{names::line_flapping, per::line, write_flapping},
    family{names::line_rtt_seconds, per::line, write_seen<names::line_rtt_seconds, &line_view::rtt_seconds>},
    family{names::line_loss_ratio, per::line, write_seen<names::line_loss_ratio, &line_view::loss_ratio>},
    family{names::line_availability_ratio, per::line,
           write_today<names::line_availability_ratio, &ratios::availability>},
    family{names::line_availability_lower_ratio, per::line,
           write_today<names::line_availability_lower_ratio, &ratios::lower>},
    family{names::line_coverage_ratio, per::line, write_today<names::line_coverage_ratio, &ratios::coverage>},
    family{names::line_in_octets_total, per::interface,
           write_interface<names::line_in_octets_total, &interface_view::in_octets>},
    family{names::line_out_octets_total, per::interface,
           write_interface<names::line_out_octets_total, &interface_view::out_octets>},
    family{names::line_in_errors_total, per::interface,
           write_interface<names::line_in_errors_total, &interface_view::in_errors>},
    family{names::line_out_errors_total, per::interface,
           write_interface<names::line_out_errors_total, &interface_view::out_errors>},
    family{names::line_interface_oper_status, per::interface,
           write_interface<names::line_interface_oper_status, &interface_view::oper_status, 1>},
    family{names::site_info, per::site, write_site_info},
    family{names::site_up, per::site, write_up<names::site_up>},
    family{names::site_state, per::site, write_state<names::site_state>},
    family{names::site_open_seconds, per::site_visit,
           write_visit<names::site_open_seconds, &site_view::open_seconds, 0>},
    family{names::site_http_status, per::site_visit, write_visit<names::site_http_status, &site_view::http_status, 1>},
    family{names::site_certificate_expiry_timestamp_seconds, per::site_visit,
           write_visit<names::site_certificate_expiry_timestamp_seconds, &site_view::certificate_expiry_s, 1>},
    family{names::site_availability_ratio, per::site,
           write_today<names::site_availability_ratio, &ratios::availability>},
    family{names::site_availability_lower_ratio, per::site,
           write_today<names::site_availability_lower_ratio, &ratios::lower>},
    family{names::site_coverage_ratio, per::site, write_today<names::site_coverage_ratio, &ratios::coverage>},
};

void write_outage_counts(const scene& s, std::string& out) {
  std::map<std::string, std::size_t> open;
  for (const category& c : s.now->districts->categories) open[c.id];
  for (target_index i = 0; i < s.now->lines.size(); ++i) {
    const target& t = s.target_of(i);
    if (t.kind == target_kind::anchor) continue;
    open[t.category] += s.now->lines[i].state.load(std::memory_order_relaxed) == line_state::down ? 1 : 0;
  }
  append_head(out, names::outages_open);
  for (const auto& [name, count] : open) {
    out.append(names::outages_open.name);
    append_label(out, '{', "category", name);
    out.append("} ");
    append_number(out, count);
    out += '\n';
  }
}

std::size_t count_of(per unit, const scene& s) {
  switch (unit) {
    case per::line:
      return s.labels->lines.size();
    case per::site:
      return s.labels->sites.size();
    case per::interface:
      return s.now->interfaces.size();
    case per::site_visit:
      return s.now->sites.size();
  }
  return 0;
}

target_index index_of(per unit, const scene& s, std::size_t position) {
  if (unit == per::line) return s.labels->lines[position];
  if (unit == per::site) return s.labels->sites[position];
  return static_cast<target_index>(position);
}

}  // namespace

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
  if (family_ > families.size()) return false;
  for (; family_ < families.size(); ++family_, position_ = 0) {
    const family& f = families[family_];
    const std::size_t count = count_of(f.unit, s);
    if (position_ == 0 && count > 0) append_head(chunk, f.what);
    while (position_ < count) {
      f.write(s, index_of(f.unit, s, position_++), chunk);
      if (chunk.size() >= chunk_size) return true;
    }
  }
  write_outage_counts(s, chunk);
  ++family_;
  return true;
}

}  // namespace changtong::metrics
