#include "daemon/host/background.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/core/log.h"

namespace changtong::host {

background::background(round work, int niceness, first when)
    : work_(std::move(work)),
      niceness_(niceness),
      first_(when),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void background::end() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void background::ask() {
  {
    const holding lock(mutex_);
    asked_ = true;
  }
  wake_.notify_one();
}

bool background::rest(const std::stop_token& stop, duration length) {
  holding lock(mutex_);
  wake_.wait_for(lock, stop, length, [] { return false; });
  return !stop.stop_requested();
}

void background::run(const std::stop_token& stop) {
  if (niceness_ != 0) (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness_);
  const auto wanted = [this]() REQUIRES(mutex_) { return asked_; };
  if (first_ == first::when_asked) {
    holding lock(mutex_);
    wake_.wait(lock, stop, wanted);
  }
  while (!stop.stop_requested()) {
    {
      const holding lock(mutex_);
      asked_ = false;
    }
    const pause p = work_(stop);
    if (p.least > duration::zero() && !rest(stop, p.least)) return;
    holding lock(mutex_);
    if (p.most == for_ever)
      wake_.wait(lock, stop, wanted);
    else if (p.most > p.least)
      wake_.wait_for(lock, stop, p.most - p.least, wanted);
  }
}

background::pause round_by_cost(std::string_view what, std::chrono::milliseconds latest,
                                const std::function<result<bool>()>& compute) {
  constexpr std::chrono::milliseconds at_once{100}, soonest{2'000};
  const auto before = std::chrono::steady_clock::now();
  try {
    const auto done = compute();
    if (!done) {
      log::debug("{}: {}", what, to_string(done.error()));
      return {.least = soonest};
    }
    if (!*done) return {at_once, at_once};  // whoever asked is served yet
  } catch (const ended_early&) {
    return {};
  } catch (const std::exception& e) {  // a damaged ledger must not end the daemon from here
    log::warn("{}: {}", what, e.what());
  }
  const auto cost = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before);
  return {.least = std::clamp(cost * 50, soonest, latest)};
}

}  // namespace changtong::host
