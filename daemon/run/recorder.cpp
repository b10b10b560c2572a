#include "daemon/run/recorder.h"

#include <malloc.h>

#include <chrono>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/host/clocks.h"
#include "daemon/run/recorder_batches.h"

namespace changtong {
namespace {

problem stopping() { return said({"监测正在停止", "the daemon is stopping"}); }

/** One order that cannot be carried out, for want of memory, takes no other with it. */
template <class F>
void all_the_same(F what) {
  try {
    what();
  } catch (const std::exception& e) {
    try {
      log::error("未能告知 / something could not be told: {}", e.what());
    } catch (const std::exception&) {
      return;  // no memory even to say so
    }
  }
}

}  // namespace

recorder::recorder(std::unique_ptr<ledger::writer> writer, daemon_tallies& tallies, announce tell,
                   recorder_limits limits, std::function<void()> sealed)
    : writer_(std::move(writer)),
      tallies_(tallies),
      tell_(std::move(tell)),
      most_queued_(limits.most_queued),
      sealed_(std::move(sealed)),
      seals_(writer_->seals().count),
      machine_(limits) {
  count_seals();
  thread_ = std::thread([this] { run(); });
  committer_ = std::thread([this] { run_commits(); });
}

recorder::~recorder() { finish(); }

/** Commits what is queued; false if that was done before. */
bool recorder::finish() {
  if (!thread_.joinable()) return false;
  {
    const holding lock(mutex_);
    inbox_.stop = inbox_.anything = true;
  }
  wake_.notify_one();
  thread_.join();
  committer_.join();
  return true;
}

void recorder::give(ledger_batch batch) {
  const auto count = static_cast<std::int64_t>(batch.records.size());
  {
    const holding lock(mutex_);
    merge(inbox_.batch, std::move(batch));
    inbox_.given = inbox_.anything = true;
    tallies_.ledger_queue.fetch_add(count, std::memory_order_relaxed);
  }
  wake_.notify_one();
}

result<void> recorder::enter(std::vector<record> records) {
  std::future<result<void>> answer;
  {
    const holding lock(mutex_);
    if (ended_) return stopping();
    answer = inbox_.wanted.emplace_back(entry_request{.records = std::move(records), .answer = {}}).answer.get_future();
    inbox_.anything = true;
  }
  wake_.notify_one();
  try {
    return answer.get();
  } catch (const std::future_error&) {  // memory ran out even for the answer
    return said({"内存不足", "out of memory"});
  }
}

std::optional<phrase> recorder::trouble() const {
  const holding lock(mutex_);
  return trouble_.empty() ? std::nullopt : std::optional(trouble_);
}

void recorder::stop(wall_t at) {
  if (!finish() || trouble()) return;
  const auto done = writer_->stop(at);
  count_seals();
  if (!done) log::error("账本停止标记未写入 / ledger: {}", to_string(done.error()));
}

// -- the thread that carries out -------------------------------------------------------------------------------------

void recorder::run() {
  for (bool more = true; more;) {
    recording::orders what = what_now();
    const auto until = what.until;
    more = !what.end;
    carry_out(std::move(what));
    if (more) await(until);
  }
  const holding lock(mutex_);
  ended_ = true;
  auto late = std::exchange(inbox_.wanted, {});
  all_the_same([&] {
    for (entry_request& one : late) one.answer.set_value(stopping());
  });
}

recording::orders recorder::what_now() try {
  read_inbox();
  return machine_.resume(host::mono_now());
} catch (const std::exception& e) {  // memory ran out
  recording::orders what = machine_.broke_off(host::mono_now());
  all_the_same([&] { log::error("记账中断，稍后再试 / recording broke off, tried again: {}", e.what()); });
  return what;
}

/** Where memory runs out, what has not been told to the machine is still in the inbox. */
void recorder::read_inbox() {
  const holding lock(mutex_);
  inbox_.anything = false;
  if (inbox_.stop) machine_.stop();
  if (inbox_.returned) machine_.returned(*std::exchange(inbox_.returned, std::nullopt));
  if (inbox_.given) machine_.given(std::move(inbox_.batch));
  inbox_.batch = {};
  inbox_.given = false;
  machine_.wanted(std::move(inbox_.wanted));
}

void recorder::await(const std::optional<mono_t>& until) {
  holding lock(mutex_);
  const auto something = [&]() REQUIRES(mutex_) { return inbox_.anything; };
  if (until)
    wake_.wait_until(lock, *until, something);
  else
    wake_.wait(lock, something);
}

void recorder::carry_out(recording::orders what) {
  if (what.failed) tallies_.ledger_failures.fetch_add(1, std::memory_order_relaxed);
  if (what.restate) restatement_due_.store(true, std::memory_order_release);
  if (what.alarm) all_the_same([&] { raise_or_clear(*what.alarm); });
  tallies_.ledger_queue.fetch_sub(static_cast<std::int64_t>(what.recorded + what.lost), std::memory_order_relaxed);
  tallies_.ledger_lost.fetch_add(what.lost, std::memory_order_relaxed);
  if (!what.tell.empty()) all_the_same([&] { tell(std::move(what.tell), what.told_recorded); });
  if (what.overflows)
    all_the_same([&] {
      log::error(
          "账本长时间无法写入，待入账记录已达 {} 条：之后只告知、不入账，恢复后记为未知 / the queue for the ledger is "
          "full: from here on announced but lost, and unknown in the books",
          most_queued_);
    });
  all_the_same([&] {
    for (entry_request& one : what.answer)
      one.answer.set_value(what.refusal.empty() ? result<void>() : result<void>(said(what.refusal)));
  });
  if (what.left > 0)
    all_the_same([&] {
      log::error("停止时仍有 {} 条记录未入账 / stopped with records that the ledger could not take", what.left);
    });
  if (what.commit == nullptr && !what.end) return;
  {
    const holding lock(mutex_);
    ordered_ = what.commit;
    no_more_ = what.end;
  }
  commit_ordered_.notify_one();
}

/** The ledger's own alarm: told when it begins, when its reason changes, and when it is over. */
void recorder::raise_or_clear(const phrase& alarm) {
  {
    const holding lock(mutex_);
    if (trouble_ == alarm) return;
    trouble_ = alarm;
  }
  tallies_.ledger_writable.store(alarm.empty(), std::memory_order_relaxed);
  if (alarm.empty())
    log::info("账本恢复写入 / the ledger takes commits again");
  else
    log::error("账本无法写入 / the ledger takes no commits: {}", to_string(alarm));
}

/** What cannot be told does not take the books with it. */
void recorder::tell(std::vector<record> records, bool recorded) {
  tell_(records, recorded);
  if (records.size() <= 10'000) return;
  records = {};
  malloc_trim(0);  // every line at once, as at a start: give back what only the storm needed
}

// -- the thread that commits -----------------------------------------------------------------------------------------

void recorder::run_commits() {
  holding lock(mutex_);
  while (true) {
    commit_ordered_.wait(lock, [&]() REQUIRES(mutex_) { return ordered_ != nullptr || no_more_; });
    if (ordered_ == nullptr) return;
    const ledger_batch& batch = *std::exchange(ordered_, nullptr);
    lock.unlock();
    commit_end how = committed(batch);
    lock.lock();
    inbox_.returned = std::move(how);
    inbox_.anything = true;
    wake_.notify_one();
  }
}

commit_end recorder::committed(const ledger_batch& batch) try {
  const mono_t began = host::mono_now();
  const auto done = writer_->commit(batch);
  tallies_.commit_seconds.observe(std::chrono::duration<double>(host::mono_now() - began).count());
  if (!done) return {.ok = false, .why = words_of(done.error())};
  if (batch.heartbeat != wall_t{}) tallies_.heartbeat_ms.store(ms_of(batch.heartbeat), std::memory_order_relaxed);
  tallies_.ledger_entries.fetch_add(batch.records.size(), std::memory_order_relaxed);
  count_seals();
  return {};
} catch (const std::exception& e) {
  try {
    return {.ok = false, .why = broken_off(e)};
  } catch (const std::exception&) {
    return {.ok = false};
  }
}

void recorder::count_seals() {
  const ledger::seal_status& now = writer_->seals();
  tallies_.seal_failures.store(now.failures, std::memory_order_relaxed);
  if (now.count > 0) tallies_.sealed_until_ms.store(ms_of(now.until), std::memory_order_relaxed);
  if (now.count > seals_ && sealed_) sealed_();
  seals_ = now.count;
}

}  // namespace changtong
