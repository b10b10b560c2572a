#pragma once
/** The centre for people: GET /, one page without a script, made anew each time. A browser asks for the name and the
 * token of a reader; ?month=2026-03 shows another month. Any thread; blocks on the database. */
#include <optional>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/centre/own_journal.h"
#include "daemon/core/civil.h"
#include "daemon/core/web.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_nodes.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** What it shows. */
struct centre_sight {
  wall_t now{};
  std::string month_name;  ///< 2026-03
  std::vector<centre::asked_node> nodes;
  std::vector<centre::figure_row> districts;   ///< by district
  std::vector<centre::figure_row> categories;  ///< by district and category
  outages_found open;
  std::string centre;  ///< its name; may be empty
  std::optional<centre::last_seal> seal{};
  /** The month is closed: then the districts and categories are its own, but of one node. */
  std::optional<closed_answer> closed{};
  std::size_t most_shown = 200;  ///< of them
};
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
  [[nodiscard]] result<centre_sight> look(centre::database& db, const web_request& request, const std::string& month,
                                          period when) const;

  std::vector<centre_node> nodes_;
  std::vector<centre_reader> readers_;
  civil_zone zone_;
  std::string name_;
  centre::conversations& books_;
};

}  // namespace changtong
