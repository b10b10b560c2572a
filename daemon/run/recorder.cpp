#include "daemon/run/recorder.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "daemon/core/log.h"
#include "daemon/run/recorder_batches.h"

namespace changtong {
namespace {

using steady = std::chrono::steady_clock;
constexpr milliseconds shortest_pause{200};  // between two tries of a ledger that failed
constexpr milliseconds longest_pause{5000};

milliseconds since(steady::time_point then) { return std::chrono::duration_cast<milliseconds>(steady::now() - then); }

}  // namespace

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
  looker_ = std::thread([this] { look_after_commits(); });
}

recorder::~recorder() { finish(); }

/** Commits what is queued; false if that was done before. */
bool recorder::finish() {
  if (!thread_.joinable()) return false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  {
    const std::lock_guard lock(mutex_);
    look_no_more_ = true;
  }
  looking_.notify_one();
  looker_.join();
  refuse_entries("监测正在停止 / the daemon is stopping");
  return true;
}

void recorder::give(ledger_batch batch) {
  {
    const std::lock_guard lock(mutex_);
    merge(queued_, std::move(batch));
    anything_ = true;
    show_queue();
  }
  wake_.notify_one();
}

void recorder::count_seals() {
  const ledger::seal_status& now = writer_->seals();
  counters_.seal_failures.store(now.failures, std::memory_order_relaxed);
  if (now.count > 0) counters_.sealed_until_ms.store(ms_of(now.until), std::memory_order_relaxed);
  if (now.count > seals_ && sealed_) sealed_();
  seals_ = now.count;
}

result<void> recorder::enter(std::vector<record> records) {
  std::future<result<void>> answer;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return problem{"监测正在停止 / the daemon is stopping"};
    answer = wanted_.emplace_back(entry_request{.records = std::move(records), .answer = {}}).answer.get_future();
    anything_ = true;
  }
  wake_.notify_one();
  try {
    return answer.get();
  } catch (const std::future_error&) {  // memory ran out even for the answer
    return problem{"内存不足 / out of memory"};
  }
}

/** Nothing of it is kept where `failure` says something. */
void recorder::answer(std::vector<entry_request>& wanted, const std::string& failure) {
  for (entry_request& w : std::exchange(wanted, {}))
    w.answer.set_value(failure.empty() ? result<void>() : result<void>(problem{failure}));
}

void recorder::refuse_entries(const std::string& why) {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  answer(wanted_, why);
}

/** With the mutex held. */
void recorder::show_queue() {
  counters_.ledger_queue.store(static_cast<std::int64_t>(held_ + queued_.records.size()), std::memory_order_relaxed);
}

std::optional<std::string> recorder::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_.empty() ? std::nullopt : std::optional(trouble_);
}

void recorder::note_trouble(const std::string& text) {
  const std::lock_guard lock(mutex_);
  set_trouble(text);
}

/** The ledger's own alarm: told when it begins, when its reason changes, and when it is over. With the mutex held. */
void recorder::set_trouble(const std::string& text) {
  if (trouble_ == text) return;
  trouble_ = text;
  counters_.ledger_writable.store(text.empty(), std::memory_order_relaxed);
  if (text.empty())
    log::info("账本恢复写入 / the ledger takes commits again");
  else
    log::error("账本无法写入 / the ledger takes no commits: {}", text);
}

// -- a commit that does not return
// -------------------------------------------------------------------------------------

/** A disk that hangs gives no error to act on, and the thread that would announce is the one that hangs. */
void recorder::look_after_commits() {
  const milliseconds pause = std::clamp(limits_.hang / 4, milliseconds{1}, milliseconds{1000});
  std::unique_lock lock(mutex_);
  while (!looking_.wait_for(lock, pause, [&] { return look_no_more_; })) {
    if (commit_.records == nullptr || since(commit_.began) < limits_.hang) continue;
    lock.unlock();
    {
      const std::lock_guard telling(tell_mutex_);
      const std::vector<record> untold = untold_of_a_commit_that_hangs();
      if (!untold.empty()) tell_(untold, false);
    }
    lock.lock();
  }
}

std::vector<record> recorder::untold_of_a_commit_that_hangs() {
  const std::lock_guard lock(mutex_);
  if (commit_.records == nullptr || since(commit_.began) < limits_.hang) return {};  // it has returned meanwhile
  set_trouble("写入没有返回，磁盘可能卡住 / a commit does not return; the disk may hang");
  std::vector<record> untold;
  std::ranges::copy(std::span(*commit_.records).first(commit_.count).subspan(commit_.told), std::back_inserter(untold));
  std::ranges::copy(std::span(queued_.records).subspan(queued_told_), std::back_inserter(untold));
  commit_.told = commit_.count;
  queued_told_ = queued_.records.size();
  return untold;
}

/** What cannot be told does not take the books with it. */
void recorder::tell(const std::vector<record>& records, bool recorded) {
  const std::lock_guard telling(tell_mutex_);
  try {
    tell_(records, recorded);
  } catch (const std::exception& e) {
    log::error("{} 条记录未能告知 / records could not be announced: {}", records.size(), e.what());
  }
}

// -- the recorder's thread
// ---------------------------------------------------------------------------------------------

/** Running out of memory is a commit that failed: people are refused, what samples brought forth waits for the next
 * try. */
bool recorder::commit(backlog& todo) {
  const auto own = static_cast<std::ptrdiff_t>(todo.batch.records.size());
  std::string why;
  try {
    if (committed(todo, why)) return true;
  } catch (const std::exception& e) {
    const std::lock_guard lock(mutex_);
    if (commit_.records != nullptr) todo.told = std::exchange(commit_, {}).told;
    why = fmt::format("提交中断（内存不足？）/ a commit broke off: {}", e.what());
  }
  todo.batch.records.erase(todo.batch.records.begin() + own, todo.batch.records.end());
  counters_.ledger_failures.fetch_add(1, std::memory_order_relaxed);
  note_trouble(why);
  answer(todo.wanted, why);
  return false;
}

/** Where it throws or fails, the batch may still hold more than its own records. */
bool recorder::committed(backlog& todo, std::string& why) {
  ledger_batch& batch = todo.batch;
  const bool holed = todo.lost_since != wall_max;
  const std::size_t own = batch.records.size();
  if (holed)
    batch.records.emplace_back(
        gap{.from = todo.lost_since,
            .to = wall_max,
            .why = cause::not_recorded,
            .text = fmt::format("{} records lost: the ledger was away for too long", todo.lost)});
  for (entry_request& w : todo.wanted) std::ranges::move(w.records, std::back_inserter(batch.records));
  const auto began = steady::now();
  {
    const std::lock_guard lock(mutex_);
    commit_ = {.records = &batch.records, .count = own, .told = todo.told, .began = began};
  }
  const auto done = writer_->commit(batch);
  {
    const std::lock_guard lock(mutex_);
    todo.told = std::exchange(commit_, {}).told;
  }
  counters_.commit_seconds.observe(std::chrono::duration<double>(steady::now() - began).count());
  if (!done) {
    why = done.error().text;
    return false;
  }
  if (batch.heartbeat != wall_t{}) counters_.heartbeat_ms.store(ms_of(batch.heartbeat), std::memory_order_relaxed);
  counters_.ledger_entries.fetch_add(batch.records.size(), std::memory_order_relaxed);
  count_seals();
  if (holed) restatement_due_.store(true, std::memory_order_release);
  note_trouble({});
  return true;
}

void recorder::announce_recorded(std::vector<record> records) {
  {
    const std::lock_guard lock(mutex_);
    held_ = 0;
    show_queue();
  }
  if (!records.empty()) tell(records, true);
  if (records.size() <= 10'000) return;
  records = {};
  malloc_trim(0);  // every line at once, as at a start: give back what only the storm needed
}

void recorder::announce_unrecorded(backlog& todo) {
  auto& records = todo.batch.records;
  if (todo.told < records.size())
    tell({records.begin() + static_cast<std::ptrdiff_t>(todo.told), records.end()}, false);
  todo.told = records.size();
  if (todo.told > limits_.most_queued || todo.lost > 0) drop_beyond_limit(todo);
}

/** Once something is lost, so is all that samples bring forth after it: the gap in the books is one. */
void recorder::drop_beyond_limit(backlog& todo) {
  auto& records = todo.batch.records;
  const std::size_t kept =
      todo.lost > 0 ? std::min(todo.kept, records.size()) : std::min(limits_.most_queued, records.size());
  const std::size_t before = records.size();
  const auto rest =
      std::remove_if(records.begin() + static_cast<std::ptrdiff_t>(kept), records.end(), [&](const record& r) {
        const auto from = spoken_from(r);
        if (from) todo.lost_since = std::min(todo.lost_since, *from);
        return from.has_value();
      });
  records.erase(rest, records.end());
  const std::size_t lost = before - records.size();
  if (lost > 0 && todo.lost == 0)
    log::error(
        "账本长时间无法写入，待入账记录已达 {} 条：之后只告知、不入账，恢复后记为未知 / the queue for the ledger is "
        "full: "
        "from here on announced but lost, and unknown in the books",
        limits_.most_queued);
  todo.lost += lost;
  todo.kept = records.size();
  todo.told = records.size();
  counters_.ledger_lost.fetch_add(lost, std::memory_order_relaxed);
}

/** Waits for something to commit, or for the next try; false when there is nothing left and we are to stop. */
bool recorder::take(backlog& todo, std::optional<milliseconds> pause) {
  std::unique_lock lock(mutex_);
  if (pause)
    wake_.wait_for(lock, *pause, [&] { return stopping_ || !wanted_.empty(); });
  else
    wake_.wait(lock, [&] { return anything_ || stopping_; });
  if (anything_) {
    merge(todo.batch, std::move(queued_));
    queued_ = {};
  }
  todo.told += std::exchange(queued_told_, 0);  // while a commit hung: all of that commit's had been told before
  todo.wanted = std::exchange(wanted_, {});
  anything_ = false;
  held_ = todo.batch.records.size();
  show_queue();
  const bool last = stopping_;
  lock.unlock();
  if (pause) keep_last_memories(todo.batch.memory);
  return !last || pause || todo.batch.heartbeat != wall_t{} || !todo.batch.records.empty() || !todo.wanted.empty();
}

void recorder::run() {
  backlog todo;
  failing state;
  for (bool more = true; more;) try {
      more = take(todo, state.pause) && round(todo, state);
    } catch (const std::exception& e) {  // memory ran out while it was queued or told: once more, a little later
      log::error("记账中断，稍后再试 / recording broke off, tried again: {}", e.what());
      more = !give_up(todo);
      state.pause = longest_pause;
    }
}

/** One try; false when it failed and we are to stop. */
bool recorder::round(backlog& todo, failing& state) {
  const auto began = steady::now();
  if (commit(todo)) {
    backlog done = std::exchange(todo, {});
    announce_recorded(std::move(done.batch.records));
    answer(done.wanted, {});
    state = {};
    return true;
  }
  if (!state.since) state.since = began;
  const bool patient = since(*state.since) < limits_.patience;
  if (!patient) announce_unrecorded(todo);
  // A long queue costs time at every try: at most a fifth of a core for a ledger that is not there.
  state.pause = patient ? shortest_pause : std::clamp(4 * since(began), shortest_pause, longest_pause);
  return !give_up(todo);
}

bool recorder::give_up(const backlog& todo) {
  const std::lock_guard lock(mutex_);
  if (stopping_)
    log::error("停止时仍有 {} 条记录未入账 / stopped with records that the ledger could not take",
               todo.batch.records.size());
  return stopping_;
}

void recorder::stop(wall_t at) {
  if (!finish() || trouble()) return;
  const auto done = writer_->stop(at);
  count_seals();
  if (!done) log::error("账本停止标记未写入 / ledger: {}", done.error().text);
}

}  // namespace changtong
