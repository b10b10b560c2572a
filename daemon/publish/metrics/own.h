#pragma once
/** The daemon's own metrics, the only place that knows prometheus-cpp. */
#include <string>

#include "daemon/core/series_group.h"
#include "daemon/publish/metrics/page.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {

/** What the operating system says about this process; -1 where it does not. */
struct process_figures {
  double cpu_seconds = -1;
  double resident_bytes = -1;
  double open_descriptors = -1;
};
[[nodiscard]] process_figures read_process();

/** HELP, TYPE and samples of every daemon and process metric; `without` may leave out causes. */
[[nodiscard]] std::string own_metrics(const page_sources& from, const process_figures& process, series_groups without,
                                      format f);

}  // namespace changtong::metrics
