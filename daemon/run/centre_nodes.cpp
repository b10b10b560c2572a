#include "daemon/run/centre_nodes.h"

#include <algorithm>
#include <charconv>

#include "daemon/centre/newest_states.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/publish/api/answers.h"
#include "daemon/report/book_text.h"

namespace changtong {
namespace {

std::vector<availability::outage> read_outages(const ledger::reader& books, const outages_wanted& w, bool& cut) {
  // Closed ones are dropped after reading, so the limit must not be spent on them.
  const std::size_t most = w.open_only ? most_outages : w.limit;
  auto rows = books.outages(w.when, {}, most + 1);
  if (rows.size() > most) {
    cut = true;
    rows.resize(most);
  }
  if (w.when.from > w.now) rows.clear();  // an open outage is of no time that is still to come
  if (w.open_only) {
    std::erase_if(rows, [](const auto& o) { return o.ended != wall_max; });
    const auto over = books::ended_scopes(books, rows);
    std::erase_if(rows, [&](const auto& o) { return over.contains(o.target); });
  }
  return rows;
}

bool is_wanted(const centre_node& n, std::string_view name, const web_request& request) {
  const std::array<std::string_view, 4> its{name, n.district, n.city, n.province};
  for (std::size_t i = 0; i < node_parameters.size(); ++i)
    if (const auto asked = request.parameter(std::string(node_parameters.at(i))); !asked.empty() && asked != its.at(i))
      return false;
  return true;
}

}  // namespace

std::vector<centre::asked_node> nodes_asked_for(const std::vector<centre_node>& nodes, const web_request& request,
                                                std::vector<centre::folded_head> heads) {
  std::vector<centre::asked_node> out;
  for (const centre_node& n : nodes) {
    const bool alone = n.pair.empty() || request.parameter("node") == n.name;
    const auto head = std::ranges::find(heads, n.name, &centre::folded_head::node);
    if (head == heads.end() || !is_wanted(n, alone ? n.name : n.pair, request)) continue;
    const auto first = alone ? out.end() : std::ranges::find(out, n.pair, &centre::asked_node::pair);
    if (first != out.end()) {
      first->other = std::move(*head);
      centre::put_by_rank(*first);
    } else {
      out.push_back({.head = std::move(*head), .province = n.province, .city = n.city, .district = n.district});
      if (!alone) out.back().pair = n.pair;
    }
  }
  return out;
}

result<std::size_t> number_parameter(const web_request& request, const std::string& name, std::size_t otherwise,
                                     std::size_t most) {
  const std::string_view text = request.parameter(name);
  if (text.empty()) return otherwise;
  std::size_t n = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failed != std::errc{} || end != text.data() + text.size() || n > most)
    return about(name, said(both("应为 0 到 {} 的整数", "a whole number from 0 to {}", most)));
  return n;
}

std::string rows_text(const std::vector<centre::figure_row>& rows, const civil_zone& zone) {
  json_array out;
  for (const centre::figure_row& row : rows) {
    json_object of;
    for (const auto& [name, value] : row.of) of.add(name, value);
    const auto one = report::write_availability({row.what}, report::format::json, zone);
    out.add_raw(api::joined_objects(of.text(), api::json_element(one)));
  }
  return out.text();
}

answer_key& answer_key::add(std::string_view part) {
  text_ += std::to_string(part.size()) + ':';
  text_ += part;
  return *this;
}

answer_key& answer_key::add(const web_request& request, std::initializer_list<std::string_view> but) {
  for (const auto& [name, value] : request.query)
    if (std::ranges::find(but, name) == but.end()) add(name).add(value);
  return add("");  // they end here
}

std::function<void()> until_patience_ends(milliseconds patience) {
  return [until = system_clocks().mono() + patience, patience] {
    if (system_clocks().mono() > until)
      throw spoken_error(both("{} 秒内没有算完：请缩短时段或用 node、district 缩小范围",
                              "not done within {} s: ask for less time, one node or one district",
                              std::chrono::ceil<std::chrono::seconds>(patience).count()));
  };
}

outages_found outages_of_nodes(centre::database& db, const std::vector<centre::asked_node>& nodes,
                               const outages_wanted& w, const std::function<void()>& still_wanted) {
  outages_found out;
  std::vector<outage_of_node>& all = out.list;
  for (const centre::asked_node& n : nodes) {
    still_wanted();
    if (w.open_only && n.retired()) continue;  // its lines are in no scope
    const auto books = centre::books_of(db, n, still_wanted);
    for (books::listed_outage& o : books::noted(*books, read_outages(*books, w, out.cut)))
      all.push_back({n.name(), n.district, std::move(o)});
  }
  sort_and_cut(out, w.limit);
  return out;
}

outage_reach reach_of(const outage_of_node& o, const std::vector<centre::asked_node>& nodes, wall_t now) {
  const auto whose = std::ranges::find(nodes, o.node, &centre::asked_node::name);
  if (whose == nodes.end()) return {.down_to = o.what.what.began};
  const wall_t as_of = whose->known_to();
  const std::vector<period>& holes = o.what.what.holes;
  const wall_t down_to = holes.empty() || holes.back().to != wall_max ? as_of : std::min(as_of, holes.back().from);
  return {.down_to = down_to, .now = !whose->retired() && centre::is_heard(*whose, now) && down_to == as_of};
}

std::string to_json(const outage_of_node& o, const std::vector<centre::asked_node>& nodes, wall_t now,
                    const civil_zone& zone) {
  json_object whose;
  whose.add("node", o.node).add("district", o.district);
  if (o.what.what.ended == wall_max && o.what.scope_ended == wall_max) {
    const outage_reach reach = reach_of(o, nodes, now);
    whose.add("state", name_of(reach.now ? line_state::down : line_state::unknown));
    whose.add("known_until", zone.format(reach.down_to));
  } else {
    whose.add_null("state").add_null("known_until");
  }
  const auto one = report::write_outages(std::vector{o.what}, report::format::json, zone);
  return api::joined_objects(whose.text(), api::json_element(one));
}

void sort_and_cut(outages_found& found, std::size_t limit) {
  std::ranges::sort(found.list, [](const outage_of_node& a, const outage_of_node& b) {
    if (a.what.what.began != b.what.what.began) return a.what.what.began > b.what.what.began;
    return a.node != b.node ? a.node < b.node : a.what.what.target < b.what.what.target;
  });
  if (found.list.size() > limit) {
    found.cut = true;
    found.list.resize(limit);
  }
}

}  // namespace changtong
