#pragma once
/** Ids of alerts, and the sheet on which steps are written. */
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/declared_alert.h"
#include "daemon/publish/alerts/alert_course.h"

namespace changtong::alerts::fold {

/** "A20260314-0007": the civil day, and a number in it that goes on over restarts. */
class numbers {
 public:
  explicit numbers(civil_zone zone) : zone_(std::move(zone)) {}
  void adopt(const civil_zone& zone) { zone_ = zone; }
  void recall(std::string_view id);
  [[nodiscard]] std::string next(wall_t now);

 private:
  civil_zone zone_;
  std::map<std::string, unsigned> last_;  ///< by day, "20260314"
};

/** Where due() writes: the label of now, the ids, how alerts went, the steps. */
struct sheet {
  wall_t at;
  numbers& ids;
  alert_courses& courses;
  std::vector<alert_record>& steps;

  /** Writes a step that people are told of; `targets` separated by blanks. */
  void tell(const std::string& alert, alert_step step, alert_subject subject, const std::string& name, wall_t began,
            std::string targets) {
    alert_record& r = steps.emplace_back();
    r.at = at;
    r.alert = alert;
    r.step = step;
    r.subject = subject;
    r.name = name;
    r.began = began;
    r.targets = std::move(targets);
  }
};

}  // namespace changtong::alerts::fold
