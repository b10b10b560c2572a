// That something has happened, as it happens: what, is asked for as ever.
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

web_response listen(context&, const question&) {
  web_response out;
  out.content_type = "text/event-stream";
  out.body = "retry: 5000\n\n";
  out.listens = true;
  out.headers.emplace_back("X-Accel-Buffering", "no");  // of a proxy before us
  return out;
}

}  // namespace

std::vector<route> event_routes() {
  return {
      {.path = "/api/v1/events",
       .summary = "有变化时即告知（SSE）",
       .about = "An event `change` when states or outages were announced, twice a second at most; its data is a number "
                "that grows. A comment every 15 s; ends after ten minutes. 200 listen at most, more are 503 with "
                "Retry-After. Whoever listens is the first to go when a seat is needed.",
       .types = {"text/event-stream"},
       .refusals = {{503, "Too many listen: Retry-After says when"}},
       .function = listen},
  };
}

}  // namespace changtong::api
