#include "daemon/publish/metrics/bookkeeper.h"

#include <malloc.h>

#include <algorithm>

#include "daemon/core/log.h"

namespace changtong::metrics {
namespace {

constexpr milliseconds soonest{2'000};
constexpr std::size_t large = 20'000;  // targets
constexpr milliseconds latest{60'000};

}  // namespace

bookkeeper::bookkeeper(book_sources from) : from_(std::move(from)), thread_([this] { run(); }) {}

bookkeeper::~bookkeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::shared_ptr<const period_books> bookkeeper::get() {
  const std::lock_guard lock(mutex_);
  if (!wanted_) {
    wanted_ = true;
    wake_.notify_all();
  }
  return last_;
}

void bookkeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || wanted_; });
    if (stopping_) return;
    wanted_ = false;
    lock.unlock();
    const milliseconds rest = refresh();
    lock.lock();
    wake_.wait_for(lock, rest, [this] { return stopping_; });
  }
}

/** Returns how long the result counts as fresh: a bounded share of one core, whatever the size of the ledger. */
milliseconds bookkeeper::refresh() {
  const auto board_now = from_.boards->get();
  if (!board_now) {
    const std::lock_guard lock(mutex_);
    wanted_ = true;  // whoever asked before the first load has not been served
    return milliseconds{100};
  }
  const auto before = std::chrono::steady_clock::now();
  try {
    if (!reader_) {
      auto opened = from_.open_ledger();
      if (!opened) {
        log::debug("books of the periods: {}", opened.error().text);
        return soonest;
      }
      reader_ = std::move(*opened);
    }
    auto fresh = std::make_shared<const period_books>(
        compute_books(*reader_, board_now->districts, from_.contracts(), from_.now()));
    if (fresh->by_target.size() > large) {
      reader_.reset();  // what a reader remembers of a province is not worth keeping for a minute
      malloc_trim(0);
    }
    const std::lock_guard lock(mutex_);
    last_ = std::move(fresh);
  } catch (const std::exception& e) {  // a damaged ledger must not end the daemon from here
    log::warn("books of the periods: {}", e.what());
    reader_.reset();
  }
  const auto cost = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - before);
  return std::clamp(cost * 50, soonest, latest);
}

}  // namespace changtong::metrics
