#include "daemon/publish/api/merged_desk.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "daemon/core/phrase.h"

namespace changtong::api {
namespace {

problem too_slow() {
  return said({"合并账目正在计算，尚未算完", "the merged book is being computed and not ready yet"});
}

std::size_t bytes_of(const result<web_response>& r) { return r ? r->body.size() : 0; }

}  // namespace

milliseconds merged_desk::since_boot() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

merged_desk::merged_desk(opener open, merged_limits limits, clock now)
    : open_(std::move(open)),
      limits_(limits),
      now_(std::move(now)),
      thread_([this](const std::stop_token& stop) { return round(stop); }, 0, host::background::first::when_asked) {}

std::uint64_t merged_desk::number_of(const std::string& key) const {
  const auto it = kept_.find(key);
  return it == kept_.end() ? 0 : it->second.number;
}

bool merged_desk::is_asked(const std::string& key) const {
  return (under_way_ && under_way_->first == key) || std::ranges::find(asked_, key, &job::key) != asked_.end();
}

result<web_response> merged_desk::answer(const std::string& key, work how) {
  holding lock(mutex_);
  const milliseconds begun = now_();
  if (const auto it = kept_.find(key); it != kept_.end() && begun < it->second.fresh_until) return it->second.what;
  const std::uint64_t older = number_of(key);
  // Behind one that has taken longer than anybody waits there is no use in waiting.
  const bool hopeless = under_way_ && begun - under_way_->second > limits_.patience;
  if (!is_asked(key) && asked_.size() < limits_.waiting) asked_.push_back({key, std::move(how)});
  thread_.ask();
  const auto until = std::chrono::steady_clock::now() + limits_.patience;
  while (!hopeless && number_of(key) == older && is_asked(key) &&
         done_.wait_until(lock, until) != std::cv_status::timeout) {
  }
  const auto it = kept_.find(key);
  if (it == kept_.end() || (it->second.number == older && now_() - it->second.made > limits_.oldest)) return too_slow();
  return it->second.what;
}

std::optional<merged_desk::job> merged_desk::next() {
  const holding lock(mutex_);
  if (asked_.empty()) return std::nullopt;
  job j = std::move(asked_.front());
  asked_.pop_front();
  under_way_ = {j.key, now_()};
  return j;
}

host::background::pause merged_desk::round(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto j = next();
    if (!j) break;
    const milliseconds begun = now_();
    keep(j->key, compute(*j, stop), begun);
  }
  return {};
}

result<web_response> merged_desk::compute(const job& j, const std::stop_token& stop) const {
  try {
    const auto both = open_([stop] { host::end_early(stop); });
    if (!both) return both.error();
    return j.how(*both);
  } catch (const host::ended_early&) {
    return too_slow();
  } catch (const std::exception& e) {  // a damaged copy must not end the daemon from here
    return said(words_of(e));
  }
}

/** The oldest go where there are too many, or too many bytes; one that is larger than that is given and not kept. */
void merged_desk::keep(const std::string& key, result<web_response> what, milliseconds begun) {
  const milliseconds now = now_(), cost = now - begun;
  const milliseconds fresh = what ? std::min(cost * limits_.times, limits_.freshest) : limits_.after_failure;
  const holding lock(mutex_);
  under_way_.reset();
  if (const auto before = kept_.find(key); before != kept_.end()) {
    bytes_ -= bytes_of(before->second.what);
    kept_.erase(before);
  }
  bytes_ += bytes_of(what);
  kept_.emplace(key, kept{.what = std::move(what), .number = ++count_, .made = now, .fresh_until = now + fresh});
  while (kept_.size() > 1 && (kept_.size() > limits_.answers || bytes_ > limits_.bytes)) {
    const auto oldest = std::ranges::min_element(
        kept_, {}, [&](const auto& one) { return std::pair(one.first == key, one.second.made); });
    bytes_ -= bytes_of(oldest->second.what);
    kept_.erase(oldest);
  }
  done_.notify_all();
}

}  // namespace changtong::api
