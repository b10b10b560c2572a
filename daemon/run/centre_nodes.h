#pragma once
/** Which nodes are asked about, and outages over all of them: for programs (centre_figures) and for people
 * (centre_page). Throws as centre/figures does. */
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/books/outage_notes.h"
#include "daemon/centre/figures.h"
#include "daemon/core/web.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** That narrow down the nodes of an answer. */
inline constexpr std::array<std::string_view, 4> node_parameters{"node", "district", "city", "province"};
inline constexpr std::size_t most_outages = 2'000;

/** Those of the settings, in their order: who left them is nobody's. The two of a pair are one, where its first one
 * stands, unless one of them is asked for by its own name: then it is that one's books alone. */
[[nodiscard]] std::vector<centre::asked_node> nodes_asked_for(const std::vector<centre_node>& nodes,
                                                              const web_request& request,
                                                              std::vector<centre::folded_head> heads);

/** Throws once twenty seconds from now are over: whoever asked does not wait for longer. */
[[nodiscard]] std::function<void()> until_patience_ends();

struct outages_wanted {
  period when;
  wall_t now{};
  bool open_only = false;  ///< whose line is still in scope
  std::size_t limit = most_outages;
};
struct outage_of_node {
  std::string node, district;  ///< or the pair
  books::listed_outage what;
};
struct outages_found {
  std::vector<outage_of_node> list;  ///< latest first
  bool cut = false;                  ///< there may be more of them
};
[[nodiscard]] outages_found outages_of_nodes(centre::database& db, const std::vector<centre::asked_node>& nodes,
                                             const outages_wanted& w, const std::function<void()>& still_wanted);

}  // namespace changtong
