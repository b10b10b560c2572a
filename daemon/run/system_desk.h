#pragma once
/** What people see and do of the daemon itself: settings in force, what is wrong with us, channels tried,
 * files made. */
#include <functional>
#include <string>

#include "daemon/publish/api/api.h"
#include "daemon/run/channel_trials.h"
#include "daemon/run/evaluation_watch.h"
#include "daemon/run/inspector.h"
#include "daemon/run/recorder.h"
#include "daemon/run/report_desk.h"
#include "daemon/run/telling.h"
#include "daemon/settings/settings.h"

namespace changtong {

class system_desk {
 public:
  /** All of them outlive the desk. */
  struct doors {
    std::function<settings()> in_force;
    book_door books;
    const recorder* records = nullptr;
    const inspector* inspection = nullptr;
    const telling* tell = nullptr;
    const evaluation_watch* evaluation = nullptr;
  };
  explicit system_desk(doors d);

  /** Makes them answered by this desk. */
  void answer(api::sources& to);
  /** What takes long ends. */
  void end() { reports_.end(); }

 private:
  [[nodiscard]] api::own_view own() const;

  doors doors_;
  channel_trials trials_;
  report_desk reports_;
};

}  // namespace changtong
