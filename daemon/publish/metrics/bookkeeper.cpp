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

bookkeeper::bookkeeper(book_sources from)
    : from_(std::move(from)),
      thread_([this](const std::stop_token& stop) { return refresh(stop); }, 0, host::background::first::when_asked) {}

std::shared_ptr<const period_books> bookkeeper::get() {
  thread_.ask();
  const holding lock(mutex_);
  return last_;
}

/** Returns how long the result counts as fresh: a bounded share of one core, whatever the size of the ledger. */
host::background::pause bookkeeper::refresh(const std::stop_token& stop) {
  const auto board_now = from_.boards->get();
  if (!board_now) return {milliseconds{100}, milliseconds{100}};  // whoever asked before the first load is served yet
  const auto before = std::chrono::steady_clock::now();
  try {
    if (!reader_) {
      auto opened = from_.open_ledger();
      if (!opened) {
        log::debug("books of the periods: {}", to_string(opened.error()));
        return {.least = soonest};
      }
      reader_ = std::move(*opened);
    }
    auto fresh = std::make_shared<const period_books>(
        compute_books(*reader_, board_now->districts, from_.contracts(), from_.now(), stop));
    if (fresh->by_target.size() > large) {
      reader_.reset();  // what a reader remembers of a province is not worth keeping for a minute
      malloc_trim(0);
    }
    const holding lock(mutex_);
    last_ = std::move(fresh);
  } catch (const host::ended_early&) {
    return {};
  } catch (const std::exception& e) {  // a damaged ledger must not end the daemon from here
    log::warn("books of the periods: {}", e.what());
    reader_.reset();
  }
  const auto cost = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - before);
  return {.least = std::clamp(cost * 50, soonest, latest)};
}

}  // namespace changtong::metrics
