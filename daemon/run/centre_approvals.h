#pragma once
/** Maintenance windows of nodes that wait for an approval, as far as the nodes have shipped, and what people at the
 * centre said of such: GET /centre/v1/approvals, by a reader's token. Any thread; blocks on the database. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/centre/asked_books.h"
#include "daemon/centre/own_entry.h"
#include "daemon/core/civil.h"
#include "daemon/core/web.h"
#include "daemon/core/window.h"
#include "daemon/run/kept_answers.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

struct waiting_window {
  std::string node, pair;  ///< of a pair the one that has the word
  std::string district;
  wall_t as_of{};  ///< up to when the node is known: what was decided there since is not
  window_story story;
  std::string version;  ///< which an approval is of (entries/window_steps.h)
};
/** In order of their beginnings: what is not over yet, or may be approved late by the policy of its node. Of nodes that
 * are retired nothing waits. Throws as centre/figures does; `still_wanted` throws to end it. */
[[nodiscard]] std::vector<waiting_window> waiting_windows(centre::database& db,
                                                          const std::vector<centre::asked_node>& nodes, wall_t now,
                                                          const std::function<void()>& still_wanted);

/** What was said last, the latest first; entries that cannot be read are left out, `changtong centre verify` tells
 * them. */
[[nodiscard]] result<std::vector<centre::approval_said>> last_approvals(centre::database& db, std::int64_t most);

[[nodiscard]] std::string to_json(const waiting_window& w, const civil_zone& zone);
[[nodiscard]] std::string to_json(const centre::approval_said& a, const civil_zone& zone);

class centre_approvals {
 public:
  /** `books` outlive it. */
  centre_approvals(const centre_file& s, centre::conversations& books);
  /** It outlives them. */
  [[nodiscard]] std::vector<web_route> routes();

 private:
  [[nodiscard]] web_response answer(const web_request& request);
  [[nodiscard]] result<web_response> found(centre::database& db, const web_request& request, std::size_t limit);

  std::vector<centre_node> nodes_;
  std::vector<centre_reader> readers_;
  civil_zone zone_;
  centre::conversations& books_;
  kept_answers kept_;
};

}  // namespace changtong
