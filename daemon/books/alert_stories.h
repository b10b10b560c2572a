#pragma once
/** Alerts 告警 as they stand, folded from their steps: what people are shown, and what a daemon goes on with. Pure. */
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/core/declaration.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** One alert. */
struct alert_story {
  std::string id;
  alert_subject subject = alert_subject::line;
  std::string name;
  wall_t began{}, opened{};
  std::vector<std::string> targets;      ///< all that it was ever about, in the order in which they came to it
  std::vector<std::string> open;         ///< of those, what is not well again; of one about ourselves always empty
  std::optional<wall_t> resolved;        ///< when all of it was
  std::vector<alert_record> told;        ///< told, untold and escalated, in the order in which they happened
  std::vector<acknowledgement> taken;    ///< who takes care of it, likewise
  std::vector<acknowledgement> remarks;  ///< what was said when all of it was over: nobody takes care of it for that
  std::vector<std::string> tickets;      ///< their numbers
};

/** In the order in which they were opened. Steps, acknowledgements and tickets of alerts that were never opened are
 * left out. `journal`: as reader::alert_journal gives it; other records are passed over. */
class alert_fold {
 public:
  void take(const record& r);
  [[nodiscard]] std::vector<alert_story> stories() &&;
  /** All of it was well, by what has been taken so far. */
  [[nodiscard]] bool is_over(const std::string& id) const;

 private:
  alert_story* find(const std::string& id);
  void take(const alert_record& r);

  std::vector<alert_story> all_;
  std::unordered_map<std::string, std::size_t> places_;  ///< by id
};

/** Those that were opened on the civil day `since` or later (empty: all). Throws as the reader does. */
[[nodiscard]] std::vector<alert_story> alert_stories(const ledger::reader& from, std::string_view since);

}  // namespace changtong::books
