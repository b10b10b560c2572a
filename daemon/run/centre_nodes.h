#pragma once
/** Which nodes are asked about, and outages over all of them: for programs (centre_figures) and for people
 * (centre_page). Throws as centre/figures does. */
#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
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

/** A parameter that is a whole number up to `most`. */
[[nodiscard]] result<std::size_t> number_parameter(const web_request& request, const std::string& name,
                                                   std::size_t otherwise, std::size_t most);
/** As JSON: the members of a row's group, then what `availability` says of it. */
[[nodiscard]] std::string rows_text(const std::vector<centre::figure_row>& rows, const civil_zone& zone);

/** What an answer rests on, as one text that nobody else's can be mistaken for: what somebody asked for cannot look
 * like what is so. */
class answer_key {
 public:
  explicit answer_key(std::string_view what) { add(what); }
  answer_key& add(std::string_view part);
  answer_key& add(std::int64_t part) { return add(std::to_string(part)); }
  /** All that was asked for but these. */
  answer_key& add(const web_request& request, std::initializer_list<std::string_view> but = {});
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;  ///< each part behind its length
};

/** Throws once so much time from now is over: whoever asked does not wait for longer. */
[[nodiscard]] std::function<void()> until_patience_ends(milliseconds patience = std::chrono::seconds{20});

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
/** Up to when the books of its node know an open outage, which nobody knows to be one after that; and whether that is
 * how it stands. */
struct outage_reach {
  wall_t down_to{};
  bool now = false;
};
[[nodiscard]] outage_reach reach_of(const outage_of_node& o, const std::vector<centre::asked_node>& nodes, wall_t now);
/** {"node":…,"district":…,"state":"down","known_until":…, and the outage as a node has it}; the two are null of one
 * that is not open, and the state is unknown of one that nobody knows to be so now. */
[[nodiscard]] std::string to_json(const outage_of_node& o, const std::vector<centre::asked_node>& nodes, wall_t now,
                                  const civil_zone& zone);
/** Latest first, and no more than so many. */
void sort_and_cut(outages_found& found, std::size_t limit);
[[nodiscard]] outages_found outages_of_nodes(centre::database& db, const std::vector<centre::asked_node>& nodes,
                                             const outages_wanted& w, const std::function<void()>& still_wanted);

}  // namespace changtong
