#include "daemon/publish/metrics/centre_page.h"

#include <algorithm>

#include "daemon/publish/metrics/centre_names.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {
namespace {

double seconds(wall_t at) { return static_cast<double>(ms_of(at)) / 1e3; }

void append_sample(std::string& out, const metric& what, std::string_view node, double value) {
  out += what.name;
  append_label(out, '{', "node", node);
  out += "} ";
  append_number(out, value);
  out += '\n';
}

/** Of each node; what a node does not have is not said of it. */
template <class Figure>
void family_of(std::string& out, const metric& what, const std::vector<centre_row>& nodes, Figure figure) {
  append_head(out, what, format::text);
  for (const centre_row& row : nodes)
    if (const std::optional<double> value = figure(row)) append_sample(out, what, row.node, *value);
}

std::optional<double> as_seconds(const std::optional<wall_t>& at) {
  return at ? std::optional(seconds(*at)) : std::nullopt;
}

/** Of each node, one a kind. */
template <std::size_t N, class Row, class Numbers>
void append_kinds(std::string& out, const metric& what, std::string_view label,
                  const std::array<std::string_view, N>& kinds, const std::vector<Row>& nodes, Numbers numbers) {
  append_head(out, what, format::text);
  for (const Row& row : nodes)
    for (std::size_t i = 0; i < N; ++i) {
      out += what.name;
      append_label(out, '{', "node", row.node);
      append_label(out, ',', label, kinds.at(i));
      out += "} ";
      append_number(out, static_cast<std::uint64_t>((row.*numbers).at(i)));
      out += '\n';
    }
}

/** How far behind; who is not expected lags behind nothing. */
std::optional<double> lag(const centre_row& r, const std::optional<wall_t>& reached, wall_t now) {
  const std::optional<wall_t> since = reached ? reached : r.awaited;
  if (!since || r.retired) return std::nullopt;
  return std::max(0.0, seconds(now) - seconds(*since));
}

void append_one(std::string& out, const metric& what, bool yes) {
  append_head(out, what, format::text);
  out.append(what.name).append(yes ? " 1\n" : " 0\n");
}

}  // namespace

std::string centre_page(const centre_figures& of, wall_t now) {
  std::string out;
  append_one(out, names::centre_database_up, of.database_up);
  append_one(out, names::centre_folding, of.folding);
  append_one(out, names::centre_sealed, of.sealed);
  family_of(out, names::centre_node_entries, of.nodes,
            [](const centre_row& r) { return std::optional(static_cast<double>(r.entries)); });
  family_of(out, names::centre_node_branch, of.nodes,
            [](const centre_row& r) { return std::optional(static_cast<double>(r.branch)); });
  family_of(out, names::centre_node_heartbeat_timestamp_seconds, of.nodes,
            [](const centre_row& r) { return as_seconds(r.heartbeat); });
  family_of(out, names::centre_node_lag_seconds, of.nodes,
            [now](const centre_row& r) { return lag(r, r.heartbeat, now); });
  family_of(out, names::centre_node_received_timestamp_seconds, of.nodes,
            [](const centre_row& r) { return as_seconds(r.received); });
  family_of(out, names::centre_node_forked, of.nodes,
            [](const centre_row& r) { return std::optional(r.forked ? 1.0 : 0.0); });
  append_kinds(out, names::centre_shipments_total, "outcome", shipment_outcomes, of.nodes, &centre_row::shipments);
  family_of(out, names::centre_node_folded_entries, of.nodes,
            [](const centre_row& r) { return std::optional(static_cast<double>(r.folded)); });
  family_of(out, names::centre_node_folded_lag_seconds, of.nodes,
            [now](const centre_row& r) { return lag(r, r.folded_to, now); });
  family_of(out, names::centre_node_fold_stuck, of.nodes,
            [](const centre_row& r) { return std::optional(r.stuck ? 1.0 : 0.0); });
  family_of(out, names::centre_node_retired, of.nodes,
            [](const centre_row& r) { return std::optional(r.retired ? 1.0 : 0.0); });
  family_of(out, names::centre_node_apart, of.nodes,
            [](const centre_row& r) { return std::optional(r.apart ? 1.0 : 0.0); });
  append_kinds(out, names::centre_node_lines, "state", line_states, of.lines, &centre_lines::count);
  append_head(out, names::build_info, format::text);
  out += names::build_info.name;
  append_label(out, '{', "version", of.version);
  out += "} 1\n";
  return out;
}

}  // namespace changtong::metrics
