#pragma once
/** What the books have of alerts that were told before: their steps, and who took them over, here or on the other node
 * of a pair. */
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/core/declaration.h"
#include "daemon/core/node_rank.h"
#include "daemon/publish/alerts/delivery.h"
#include "daemon/run/book_door.h"

namespace changtong {

/** Who took alerts over on the other node since then, in the words of here; empty: there is no other one. */
using taken_elsewhere = std::function<std::optional<std::vector<acknowledgement>>(wall_t since)>;

/** What of it has not been heard yet. One thread. */
class elsewhere_news {
 public:
  explicit elsewhere_news(taken_elsewhere from) : from_(std::move(from)) {}

  /** Made within the last month: alerts are open no longer. None while the books cannot be read. */
  [[nodiscard]] std::optional<std::vector<acknowledgement>> of(wall_t now);
  /** Whether it was ever in of(). */
  [[nodiscard]] bool heard(const acknowledgement& a) const { return heard_.contains({a.alert, a.author, a.at}); }

 private:
  taken_elsewhere from_;
  std::set<std::tuple<std::string, std::string, wall_t>> heard_;  ///< alert, author, when
};

/** Every step and acknowledgement that the ledger has. */
struct told_before {
  std::vector<alert_record> steps;
  std::vector<alerts::known_acknowledgement> by_people;
  std::optional<wall_t> since;  ///< the ledger's first entry
};
/** As the alerts want one of this node, which has the rank `own`, or of the other one. */
[[nodiscard]] alerts::known_acknowledgement known_of(const acknowledgement& a, node_rank own, bool elsewhere);
/** Empty, and said in the log, where they cannot be read. What of it was entered elsewhere is heard by that. */
[[nodiscard]] told_before read_told(const book_door& books, elsewhere_news& news, wall_t now, node_rank own);

}  // namespace changtong
