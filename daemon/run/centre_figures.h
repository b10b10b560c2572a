#pragma once
/** Figures over all nodes, for whoever has a reader's token: GET /centre/v1/availability, /outages and /lines, of all
 * nodes or of those that are named by node, district, city or province. Each answer is of one state of the books and
 * says how far it knows each node; what a node has not shipped is unknown. An answer that takes too long is a 503, but
 * of a month that is closed, whose rows are given without a comparison; one whose nodes have not changed is not made
 * again. Any thread; blocks on the database. */
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/centre/figures.h"
#include "daemon/core/civil.h"
#include "daemon/core/web.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/kept_answers.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

class centre_figures {
 public:
  /** `books` outlive it. */
  centre_figures(const centre_file& s, centre::conversations& books);

  /** It outlives them. */
  [[nodiscard]] std::vector<web_route> routes();

 private:
  /** What is asked for, of one state of the books. */
  struct question;
  using answer = result<web_response> (centre_figures::*)(question&);
  [[nodiscard]] web_response answered(const web_request& request, answer by, std::vector<std::string> parameters);
  [[nodiscard]] result<void> understand(question& q) const;
  [[nodiscard]] result<web_response> availability(question& q);
  [[nodiscard]] result<web_response> outages(question& q);
  [[nodiscard]] result<web_response> lines(question& q);
  template <class Make>
  [[nodiscard]] std::shared_ptr<const std::string> kept(std::string key, Make make);
  [[nodiscard]] std::optional<std::size_t> difference(const question& q, const closed_answer& closed);
  [[nodiscard]] std::string lines_text(const question& q, std::string_view only, std::size_t limit) const;

  std::vector<centre_node> nodes_;
  std::vector<centre_reader> readers_;
  civil_zone zone_;
  centre::conversations& books_;
  kept_answers kept_;
};

}  // namespace changtong
