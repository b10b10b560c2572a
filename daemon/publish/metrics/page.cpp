#include "daemon/publish/metrics/page.h"

#include <mutex>

#include "daemon/publish/metrics/own.h"
#include "daemon/publish/metrics/series.h"

namespace changtong::metrics {

struct page::state {
  page_sources from;
  std::mutex mutex;  ///< guards `labels`
  std::shared_ptr<const label_blocks> labels;

  std::shared_ptr<const label_blocks> labels_of(const std::shared_ptr<const inventory>& inv) {
    const std::lock_guard lock(mutex);
    if (!labels || labels->made_for != inv) labels = std::make_shared<const label_blocks>(inv);
    return labels;
  }

  /** Null boards (before the first load) give the daemon's own metrics alone. */
  scene look() {
    scene s;
    s.now = from.boards->get();
    if (!s.now) return s;
    s.labels = labels_of(s.now->districts);
    if (from.today) s.today = from.today();
    if (s.today && s.today->of != s.now->districts) s.today.reset();
    return s;
  }
};

page::page(page_sources from) : state_(std::make_unique<state>()) { state_->from = std::move(from); }
page::~page() = default;

web_response page::answer() const {
  web_response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  out.stream = [own = own_metrics(state_->from, read_process()), s = state_->look(), cursor = series_cursor(),
                own_sent = false](std::string& chunk) mutable {
    if (own_sent) return s.now != nullptr && cursor.next(s, chunk);
    own_sent = true;
    chunk += own;
    return true;
  };
  return out;
}

std::vector<web_route> routes(page_sources from) {
  const auto shared = std::make_shared<const page>(std::move(from));
  return {{"GET", "/metrics", [shared](const web_request&) { return shared->answer(); }}};
}

}  // namespace changtong::metrics
