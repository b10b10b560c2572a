#pragma once
/** Reports over all nodes as files, for whoever has a reader's token: GET /centre/v1/reports/2026-10.xlsx or .html,
 * what `changtong report --centre` makes; also of the nodes that are named by node, district, city or province. One is
 * made at a time, in five minutes at most; what takes longer is for the command. Any thread; blocks on the database. */
#include <atomic>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/core/web.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

class centre_papers {
 public:
  /** `s` and `books` outlive it. */
  centre_papers(const centre_file& s, centre::conversations& books);
  /** It outlives them. */
  [[nodiscard]] std::vector<web_route> routes();
  /** What is under way ends soon, and is answered so. */
  void end() { ended_ = true; }

 private:
  [[nodiscard]] web_response answer(const web_request& request);
  [[nodiscard]] result<web_response> made(centre::database& db, const web_request& request);

  const centre_file& settings_;
  centre::conversations& books_;
  std::atomic<bool> ended_{false};
};

}  // namespace changtong
