#include "daemon/publish/metrics/bookkeeper.h"

#include <malloc.h>

#include <utility>

namespace changtong::metrics {
namespace {

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

host::background::pause bookkeeper::refresh(const std::stop_token& stop) {
  return host::round_by_cost("books of the periods", latest, [&]() -> result<bool> {
    const auto board_now = from_.boards->get();
    if (!board_now) return false;
    auto reader = std::exchange(reader_, nullptr);  // one that throws is opened anew
    if (!reader) {
      auto opened = from_.open_ledger();
      if (!opened) return opened.error();
      reader = std::move(*opened);
    }
    auto fresh = std::make_shared<const period_books>(
        compute_books(*reader, board_now->districts, from_.contracts(), from_.now(), stop));
    if (fresh->by_target.size() > large) {
      reader.reset();  // what a reader remembers of a province is not worth keeping for a minute
      malloc_trim(0);
    }
    reader_ = std::move(reader);
    const holding lock(mutex_);
    last_ = std::move(fresh);
    return true;
  });
}

}  // namespace changtong::metrics
