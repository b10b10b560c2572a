#pragma once
/** Closed months, quarters and years: what an answer about exactly one shows, and GET /centre/v1/closings, by a
 * reader's token: all of them, latest first (`limit`), or those of one (`month`, also as 2026-Q3 or 2026), with their
 * figures. Any thread; blocks on the database. */
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/centre/closings.h"
#include "daemon/core/web.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** A closed period that is asked about. */
struct closed_answer {
  centre::told_closing closing;
  std::vector<centre::closed_row> rows;  ///< of the places that are asked for
  bool of_nodes = false;  ///< one node is asked for, which a closing does not tell apart: the books answer
  std::optional<std::size_t> differs{};  ///< figures that the books have otherwise by now; none: not computed
  /** Its rows are shown; else it is of no node, or cannot be read, and the books answer. */
  [[nodiscard]] bool is_shown() const { return !of_nodes && closing.unread.en.empty(); }
};
/** None where what is asked for is not exactly one period that is closed; how far the books differ is not said yet. */
[[nodiscard]] result<std::optional<closed_answer>> closed_for(centre::database& db, const web_request& request,
                                                              period when, const civil_zone& zone);
/** `now`: what the books say by district and category. */
[[nodiscard]] std::size_t differing(const closed_answer& closed, const std::vector<centre::figure_row>& now);

/** {"month":…,"version":1,"at":…,"author":…,"reason":…,"seq":…,"hash":…,"nodes":[…],"changes":[…],"more":0}; with
 * `rows` as availability by district and category has them. One that cannot be read: {"month":…,"at":…,"seq":…,
 * "hash":…,"unread":…,"unread_en":…}, its month null where that is not to be read either. */
[[nodiscard]] std::string to_json(const centre::told_closing& c, const civil_zone& zone, bool with_rows);

class centre_closings {
 public:
  /** `books` outlive it. */
  centre_closings(const centre_file& s, centre::conversations& books);
  /** It outlives them. */
  [[nodiscard]] std::vector<web_route> routes();

 private:
  [[nodiscard]] web_response answer(const web_request& request);

  std::vector<centre_reader> readers_;
  civil_zone zone_;
  centre::conversations& books_;
};

}  // namespace changtong
