#pragma once
/** What people enter: /api/v1/windows, /annotations, /duty, /closings, /counters, /verdicts. GET shows what the ledger
 * has; POST answers when it is durable. 400 what cannot be read, 404 what names nothing, 409 what the books stand
 * against, 413 what would write too many entries, 503 a ledger that does not take it (nothing was kept), 401 and 403 as
 * in people.h. */
#include "daemon/publish/api/context.h"

namespace changtong::api {

[[nodiscard]] web_response list_windows(context& from, const web_request& request);
[[nodiscard]] web_response request_windows(context& from, const web_request& request);
[[nodiscard]] web_response step_window(context& from, const web_request& request);
[[nodiscard]] web_response list_annotations(context& from, const web_request& request);
[[nodiscard]] web_response annotate(context& from, const web_request& request);
[[nodiscard]] web_response list_duty(context& from, const web_request& request);
[[nodiscard]] web_response enter_duty(context& from, const web_request& request);

/** Closed periods and what each version changed; closing needs the right `close`. */
[[nodiscard]] web_response list_closings(context& from, const web_request& request);
[[nodiscard]] web_response close_period(context& from, const web_request& request);
/** Readings of counters, of one with `counter`; entering them needs the right `import`. */
[[nodiscard]] web_response list_counters(context& from, const web_request& request);
[[nodiscard]] web_response enter_counters(context& from, const web_request& request);
/** Verdicts on indicators, of one plan with `plan`; entering them needs the right `evaluate`. */
[[nodiscard]] web_response list_verdicts(context& from, const web_request& request);
[[nodiscard]] web_response enter_verdicts(context& from, const web_request& request);

}  // namespace changtong::api
