#include "daemon/host/background.h"

#include <sys/resource.h>
#include <unistd.h>

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

}  // namespace changtong::host
