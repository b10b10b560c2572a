#include "daemon/run/centre_nodes.h"

#include <algorithm>

#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds patience{20};  // of one answer

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

std::function<void()> until_patience_ends() {
  return [until = system_clocks().mono() + patience] {
    if (system_clocks().mono() > until)
      throw spoken_error(both("{} 秒内没有算完：请缩短时段或用 node、district 缩小范围",
                              "not done within {} s: ask for less time, one node or one district", patience.count()));
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
  std::ranges::sort(all, [](const outage_of_node& a, const outage_of_node& b) {
    if (a.what.what.began != b.what.what.began) return a.what.what.began > b.what.what.began;
    return a.node != b.node ? a.node < b.node : a.what.what.target < b.what.what.target;
  });
  if (all.size() > w.limit) {
    out.cut = true;
    all.resize(w.limit);
  }
  return out;
}

}  // namespace changtong
