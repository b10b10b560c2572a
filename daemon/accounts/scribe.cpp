#include "daemon/accounts/scribe.h"

#include <exception>
#include <utility>

#include "daemon/core/log.h"

namespace changtong::accounts {

namespace {

/** A disk that fails, or memory that runs out, ends no monitor. */
bool kept_by(trail& into, trail_entry e) {
  try {
    return into.append(std::move(e));
  } catch (const std::exception& failed) {
    log::error("审计日志写不进去：{} / the audit log cannot be written", failed.what());
    return false;
  }
}

}  // namespace

scribe::scribe(trail& into, terms t) : into_(into), terms_(std::move(t)), thread_([this] { work(); }) {}

scribe::~scribe() {
  {
    const holding lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void scribe::write(trail_entry e) {
  holding lock(mutex_);
  if (waiting_.size() >= terms_.most_waiting) {
    say(false);
    lock.unlock();
    return into_.tell_only(e);  // whom it tells may hang, and holds up nobody else
  }
  waiting_.push_back(std::move(e));
  const std::uint64_t own = ++given_;
  changed_.notify_all();
  if (!changed_.wait_for(lock, terms_.patience, [this, own]() REQUIRES(mutex_) { return done_ >= own; })) say(false);
}

/** Under the lock, or what was said of a line that is kept by now would stand last. */
void scribe::say(bool kept) {
  if (terms_.kept) terms_.kept(kept);
}

void scribe::work() {
  holding lock(mutex_);
  while (true) {
    changed_.wait(lock, [this]() REQUIRES(mutex_) { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    trail_entry next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const bool kept = kept_by(into_, std::move(next));
    lock.lock();
    ++done_;
    say(kept);
    changed_.notify_all();
  }
}

}  // namespace changtong::accounts
