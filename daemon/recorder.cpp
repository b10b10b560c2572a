#include "daemon/recorder.h"

#include <malloc.h>

#include <algorithm>

#include "daemon/core/log.h"

namespace changtong {

recorder::recorder(std::unique_ptr<ledger::writer> writer, daemon_counters& counters, announce tell,
                   milliseconds patience)
    : writer_(std::move(writer)), counters_(counters), tell_(std::move(tell)), patience_(patience), thread_([this] {
        run();
      }) {}

recorder::~recorder() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void recorder::merge(ledger_batch& into, ledger_batch&& from) {
  into.heartbeat = std::max(into.heartbeat, from.heartbeat);
  std::move(from.records.begin(), from.records.end(), std::back_inserter(into.records));
  std::move(from.memory.begin(), from.memory.end(), std::back_inserter(into.memory));
}

void recorder::give(ledger_batch batch) {
  {
    const std::lock_guard lock(mutex_);
    merge(queued_, std::move(batch));
    anything_ = true;
    counters_.ledger_queue.store(static_cast<std::int64_t>(queued_.records.size()), std::memory_order_relaxed);
  }
  wake_.notify_one();
}

bool recorder::commit(const ledger_batch& batch) {
  const auto began = std::chrono::steady_clock::now();
  const auto done = writer_->commit(batch);
  counters_.commit_seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  if (done) {
    counters_.heartbeat_ms.store(ms_of(batch.heartbeat), std::memory_order_relaxed);
    counters_.ledger_entries.fetch_add(batch.records.size(), std::memory_order_relaxed);
    if (!healthy_.exchange(true)) log::info("账本恢复写入 / the ledger takes commits again");
    return true;
  }
  counters_.ledger_failures.fetch_add(1, std::memory_order_relaxed);
  if (healthy_.exchange(false)) log::error("账本无法写入 / ledger: {}", done.error().text);
  return false;
}

/** A batch keeps failing: is it the ledger or a record that it will never take? One bad record must not hold up the
 * books for ever, so if the ledger takes a bare heartbeat, records are given one by one and what it refuses is left
 * out, loudly. */
bool recorder::salvage(const ledger_batch& batch) {
  if (!commit({.heartbeat = {}, .records = {}, .memory = {}})) return false;
  for (const record& r : batch.records)
    if (const auto done = writer_->commit({.heartbeat = {}, .records = {r}, .memory = {}}); !done)
      log::error("账本拒收一条记录，已略去 / a record that the ledger refuses was left out: {}", done.error().text);
  return commit({.heartbeat = batch.heartbeat, .records = {}, .memory = batch.memory});
}

void recorder::run() {
  ledger_batch batch;
  std::size_t told = 0;  // records of `batch` that were announced without being recorded
  bool waiting = false;
  auto failing_since = std::chrono::steady_clock::time_point{};
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const auto ready = [&] { return anything_ || stopping_; };
      if (waiting)
        wake_.wait_for(lock, milliseconds{200}, [&] { return stopping_; });
      else
        wake_.wait(lock, ready);
      if (anything_ && batch.records.size() < most_queued) {
        merge(batch, std::exchange(queued_, {}));
        anything_ = false;
      }
      if (stopping_ && !waiting && batch.heartbeat == wall_t{} && batch.records.empty()) return;
    }
    const auto now = std::chrono::steady_clock::now();
    const bool long_failing = waiting && now - failing_since >= patience_;
    if (long_failing ? salvage(batch) : commit(batch)) {
      if (!batch.records.empty()) tell_(batch.records, true);
      const bool storm = batch.records.size() > 10'000;
      batch = {};
      if (storm) malloc_trim(0);  // every line at once, as at a start: give back what only the storm needed
      told = 0;
      waiting = false;
      counters_.ledger_queue.store(0, std::memory_order_relaxed);
      continue;
    }
    if (!waiting) failing_since = now;
    waiting = true;
    if (now - failing_since >= patience_ && told < batch.records.size()) {
      tell_({batch.records.begin() + static_cast<std::ptrdiff_t>(told), batch.records.end()}, false);
      told = batch.records.size();
    }
    if (stopping_) {
      log::error("停止时仍有 {} 条记录未入账 / stopped with records that the ledger could not take",
                 batch.records.size());
      return;
    }
  }
}

void recorder::stop(wall_t at) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  if (!healthy()) return;
  if (const auto done = writer_->stop(at); !done) log::error("账本停止标记未写入 / ledger: {}", done.error().text);
}

}  // namespace changtong
