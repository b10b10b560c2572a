#pragma once
/** The centre for people: GET /, one page without a script, made anew where an entry was folded or ten seconds have
 * passed. A browser asks for the name and the token of a reader; ?month=2026-03 shows another month, or a quarter
 * (2026-Q1) or year. A district that takes too long is said not to be computed yet, and holds up no other. Any thread;
 * blocks on the database. */
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/centre/own_journal.h"
#include "daemon/core/civil.h"
#include "daemon/core/web.h"
#include "daemon/run/centre_approvals.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_nodes.h"
#include "daemon/run/kept_answers.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** What it shows. */
struct centre_sight {
  wall_t now{};
  std::string month_name;  ///< 2026-03, 2026-Q1, 2026
  std::vector<centre::asked_node> nodes;
  std::vector<centre::figure_row> districts;   ///< by district
  std::vector<centre::figure_row> categories;  ///< by district and category
  std::set<std::string> unfinished;            ///< districts (place_text) of which figures and outages took too long
  outages_found open;
  std::vector<waiting_window> waiting{};    ///< for an approval; none of districts that are unfinished
  std::set<std::string> windows_unknown{};  ///< districts of which those took too long, and nothing else
  std::string centre;                       ///< its name; may be empty
  std::optional<centre::last_seal> seal{};
  /** It is closed: then the districts and categories are its own, but of one node, and where it cannot be read.
   */
  std::optional<closed_answer> closed{};
  std::size_t most_shown = 200;  ///< of them
  [[nodiscard]] bool shows_closing() const { return closed && closed->is_shown(); }
};
/** `某省 · 某市 · 东城`, of what is there. */
[[nodiscard]] std::string place_text(const centre::asked_node& n);
/** HTML, in Chinese. Pure. */
[[nodiscard]] std::string centre_html(const centre_sight& s, const civil_zone& zone);

class centre_page {
 public:
  /** `books` outlive it. */
  centre_page(const centre_file& s, centre::conversations& books);

  /** It outlives them. */
  [[nodiscard]] std::vector<web_route> routes();

 private:
  [[nodiscard]] std::optional<web_response> stranger(const web_request& request) const;
  [[nodiscard]] web_response answer(const web_request& request);
  struct known;
  struct asked;  ///< of a request, and when
  [[nodiscard]] result<std::vector<centre::asked_node>> nodes_of(centre::database& db, const asked& a) const;
  [[nodiscard]] result<known> known_of(centre::database& db, const asked& a) const;
  [[nodiscard]] result<void> look(centre::database& db, const asked& a, const std::string& district, mono_t end,
                                  centre_sight& into) const;
  [[nodiscard]] centre_sight seen(const asked& a, known k);

  std::vector<centre_node> nodes_;
  std::vector<centre_reader> readers_;
  civil_zone zone_;
  std::string name_;
  centre::conversations& books_;
  kept_answers kept_;
};

}  // namespace changtong
