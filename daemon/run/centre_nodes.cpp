#include "daemon/run/centre_nodes.h"

#include <algorithm>

#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"

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

}  // namespace

std::vector<centre::asked_node> nodes_asked_for(const std::vector<centre_node>& nodes, const web_request& request,
                                                std::vector<centre::folded_head> heads) {
  std::vector<centre::asked_node> out;
  for (const centre_node& n : nodes) {
    const std::array<std::string_view, 4> its{n.name, n.district, n.city, n.province};
    bool wanted = true;
    for (std::size_t i = 0; i < node_parameters.size(); ++i)
      if (const auto asked = request.parameter(std::string(node_parameters.at(i))); !asked.empty())
        wanted = wanted && asked == its.at(i);
    const auto head = std::ranges::find(heads, n.name, &centre::folded_head::node);
    if (wanted && head != heads.end())
      out.push_back({.head = std::move(*head), .province = n.province, .city = n.city, .district = n.district});
  }
  return out;
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
    if (w.open_only && n.head.retired) continue;  // its lines are in no scope
    const auto opened = centre::open_books(db, n.head);
    if (!opened) throw spoken_error(words_of(opened.error()));
    for (books::listed_outage& o : books::noted(*opened->books, read_outages(*opened->books, w, out.cut)))
      all.push_back({n.head.node, n.district, std::move(o)});
  }
  sort_and_cut(out, w.limit);
  return out;
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
