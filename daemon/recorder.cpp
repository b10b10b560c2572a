#include "daemon/recorder.h"

#include <malloc.h>

#include <algorithm>

#include "daemon/core/log.h"

namespace changtong {

recorder::recorder(std::unique_ptr<ledger::writer> writer, daemon_counters& counters, announce tell,
                   recorder_limits limits, std::function<void()> sealed)
    : writer_(std::move(writer)),
      counters_(counters),
      tell_(std::move(tell)),
      limits_(limits),
      sealed_(std::move(sealed)),
      seals_(writer_->seals().count) {
  count_seals();
  thread_ = std::thread([this] { run(); });
}

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
  into.decided = std::max(into.decided, from.decided);
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
    if (batch.heartbeat != wall_t{}) counters_.heartbeat_ms.store(ms_of(batch.heartbeat), std::memory_order_relaxed);
    counters_.ledger_entries.fetch_add(batch.records.size(), std::memory_order_relaxed);
    count_seals();
    if (!healthy_.exchange(true)) log::info("账本恢复写入 / the ledger takes commits again");
    return true;
  }
  counters_.ledger_failures.fetch_add(1, std::memory_order_relaxed);
  if (healthy_.exchange(false)) log::error("账本无法写入 / ledger: {}", done.error().text);
  return false;
}

void recorder::count_seals() {
  const ledger::seal_status& now = writer_->seals();
  counters_.seal_failures.store(now.failures, std::memory_order_relaxed);
  if (now.count > 0) counters_.sealed_until_ms.store(ms_of(now.until), std::memory_order_relaxed);
  if (now.count > seals_ && sealed_) sealed_();
  seals_ = now.count;
}

void recorder::announce_unrecorded(ledger_batch& batch, std::size_t& told) {
  if (told < batch.records.size())
    tell_({batch.records.begin() + static_cast<std::ptrdiff_t>(told), batch.records.end()}, false);
  if (batch.records.size() > limits_.most_queued) {
    log::error("账本长时间无法写入，{} 条记录只告知、未入账 / announced but lost: the queue for the ledger is full",
               batch.records.size() - limits_.most_queued);
    batch.records.resize(limits_.most_queued);
  }
  told = batch.records.size();
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
      if (anything_) {
        merge(batch, std::exchange(queued_, {}));
        anything_ = false;
      }
      if (stopping_ && !waiting && batch.heartbeat == wall_t{} && batch.records.empty()) return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (commit(batch)) {
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
    if (now - failing_since >= limits_.patience) announce_unrecorded(batch, told);
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
  const auto done = writer_->stop(at);
  count_seals();
  if (!done) log::error("账本停止标记未写入 / ledger: {}", done.error().text);
}

}  // namespace changtong
