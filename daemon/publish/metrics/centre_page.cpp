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

void append_shipments(std::string& out, const std::vector<centre_row>& nodes) {
  append_head(out, names::centre_shipments_total, format::text);
  for (const centre_row& row : nodes)
    for (std::size_t i = 0; i < shipment_outcomes.size(); ++i) {
      out += names::centre_shipments_total.name;
      append_label(out, '{', "node", row.node);
      append_label(out, ',', "outcome", shipment_outcomes.at(i));
      out += "} ";
      append_number(out, row.shipments.at(i));
      out += '\n';
    }
}

}  // namespace

std::string centre_page(const centre_figures& of, wall_t now) {
  std::string out;
  append_head(out, names::centre_database_up, format::text);
  out.append(names::centre_database_up.name).append(of.database_up ? " 1\n" : " 0\n");
  family_of(out, names::centre_node_entries, of.nodes,
            [](const centre_row& r) { return std::optional(static_cast<double>(r.entries)); });
  family_of(out, names::centre_node_branch, of.nodes,
            [](const centre_row& r) { return std::optional(static_cast<double>(r.branch)); });
  family_of(out, names::centre_node_heartbeat_timestamp_seconds, of.nodes,
            [](const centre_row& r) { return as_seconds(r.heartbeat); });
  family_of(out, names::centre_node_lag_seconds, of.nodes, [now](const centre_row& r) {
    const std::optional<wall_t> since = r.heartbeat ? r.heartbeat : r.awaited;
    return since ? std::optional(std::max(0.0, seconds(now) - seconds(*since))) : std::nullopt;
  });
  family_of(out, names::centre_node_received_timestamp_seconds, of.nodes,
            [](const centre_row& r) { return as_seconds(r.received); });
  family_of(out, names::centre_node_forked, of.nodes,
            [](const centre_row& r) { return std::optional(r.forked ? 1.0 : 0.0); });
  append_shipments(out, of.nodes);
  append_head(out, names::build_info, format::text);
  out += names::build_info.name;
  append_label(out, '{', "version", of.version);
  out += "} 1\n";
  return out;
}

}  // namespace changtong::metrics
