#include "daemon/run/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <span>
#include <utility>

#include "daemon/run/recorder_batches.h"

namespace changtong {

phrase broken_off(const std::exception& e) {
  return both("提交中断（内存不足？）：{}", "a commit broke off: {}", words_of(e));
}

void recording::given(ledger_batch&& batch) {
  merge(arrived_, std::move(batch));
  anything_ = true;
}

void recording::wanted(std::vector<entry_request>&& all) {
  wanted_.reserve(wanted_.size() + all.size());
  std::move(all.begin(), all.end(), std::back_inserter(wanted_));
  all.clear();
}

bool recording::under_way() const noexcept {
  return (state_ == state::committing || state_ == state::hanging) && !end_;
}

recording::orders recording::resume(mono_t now) {
  switch (state_) {
    case state::idle: {
      const bool something = anything_ || !wanted_.empty();
      const bool worth_it = !stopping_ || arrived_.heartbeat != wall_t{} || !arrived_.records.empty();
      if (something && (worth_it || !wanted_.empty())) return begin(now);
      return stopping_ ? last() : orders{};
    }
    case state::committing:
    case state::hanging:
      if (end_) return end_->ok ? committed(now) : failed(now);
      if (now - began_ < limits_.hang) return {.until = began_ + limits_.hang};
      return overdue();
    case state::waiting:
      if (stopping_ || !wanted_.empty() || now >= next_try_) return begin(now);
      return {.until = next_try_};
    case state::ended:
      break;
  }
  return last();
}

// -- a commit --------------------------------------------------------------------------------------------------------

recording::orders recording::begin(mono_t now) {
  merge(batch_, std::move(arrived_));
  arrived_ = {};
  anything_ = false;
  if (state_ == state::waiting) keep_last_memories(batch_.memory);
  own_ = batch_.records.size();
  asked_ = std::exchange(wanted_, {});
  began_ = now;
  state_ = state::committing;
  try {
    fill_commit();
  } catch (const std::exception& e) {
    returned({false});
    end_->why = broken_off(e);
    return failed(now);
  }
  return {.commit = &batch_, .until = now + limits_.hang};
}

/** The gap comes before what people say about it. Where it throws, the batch may hold some of it. */
void recording::fill_commit() {
  if (lost_since_ != wall_max)
    batch_.records.emplace_back(gap{.from = lost_since_,
                                    .to = wall_max,
                                    .why = cause::not_recorded,
                                    .text = fmt::format("{} records lost: the ledger was away for too long", lost_)});
  for (entry_request& one : asked_) std::ranges::move(one.records, std::back_inserter(batch_.records));
}

recording::orders recording::committed(mono_t now) {
  orders what{.alarm = phrase{}, .told_recorded = true, .until = now};
  what.restate = lost_since_ != wall_max;
  what.recorded = own_;
  what.tell = std::move(batch_.records);
  what.answer = std::move(asked_);
  told_ -= std::min(told_, own_);
  batch_ = {};
  asked_.clear();
  own_ = lost_ = kept_ = 0;
  lost_since_ = wall_max;
  failing_since_.reset();
  end_.reset();
  state_ = state::idle;
  return what;
}

/** People are refused, what samples brought forth waits for the next try. Where it throws, it can be called again. */
recording::orders recording::failed(mono_t now) {
  batch_.records.erase(batch_.records.begin() + static_cast<std::ptrdiff_t>(own_), batch_.records.end());
  if (end_->why.empty()) end_->why = {"提交中断（内存不足）", "a commit broke off: out of memory"};
  orders what{.failed = true, .alarm = end_->why, .refusal = end_->why};
  const mono_t since = failing_since_.value_or(began_);
  const bool patient = now - since < limits_.patience;
  if (!patient) {
    what.tell = untold(own_);
    told_ = std::max(told_, own_);
    what.overflows = lost_ == 0;
    what.lost = drop();
    what.overflows = what.overflows && what.lost > 0;
  }
  what.answer = std::exchange(asked_, {});
  end_.reset();
  failing_since_ = since;
  // A long queue costs time at every try: at most a fifth of a core for a ledger that is not there.
  const auto dear = std::chrono::duration_cast<milliseconds>(4 * (now - began_));
  next_try_ = now + (patient ? shortest_pause : std::clamp(dear, shortest_pause, longest_pause));
  state_ = stopping_ ? state::ended : state::waiting;
  what.until = stopping_ ? now : next_try_;
  return what;
}

/** A disk that hangs gives no error to act on. */
recording::orders recording::overdue() {
  orders what{.tell = untold(own_ + arrived_.records.size())};
  if (state_ == state::committing)
    what.alarm = phrase{"写入没有返回，磁盘可能卡住", "a commit does not return; the disk may hang"};
  told_ = std::max(told_, own_ + arrived_.records.size());
  state_ = state::hanging;
  return what;
}

std::vector<record> recording::untold(std::size_t until) const {
  std::vector<record> all;
  if (told_ >= until) return all;
  all.reserve(until - told_);
  const auto ours = std::span(batch_.records).first(own_);
  const auto arrived = std::span(arrived_.records).first(until - own_);
  std::ranges::copy(ours.subspan(std::min(told_, own_)), std::back_inserter(all));
  std::ranges::copy(arrived.subspan(told_ - std::min(told_, own_)), std::back_inserter(all));
  return all;
}

/** What is beyond the limit, all of it told. Once something is lost, so is all that samples bring forth after it: the
 * gap in the books is one. */
std::size_t recording::drop() {
  auto& records = batch_.records;
  const std::size_t kept = std::min(lost_ > 0 ? kept_ : limits_.most_queued, records.size());
  const auto rest =
      std::remove_if(records.begin() + static_cast<std::ptrdiff_t>(kept), records.end(), [&](const record& r) {
        const auto from = spoken_from(r);
        if (from) lost_since_ = std::min(lost_since_, *from);
        return from.has_value();
      });
  const auto lost = static_cast<std::size_t>(records.end() - rest);
  records.erase(rest, records.end());
  own_ = records.size();
  if (lost > 0 || lost_ > 0) kept_ = own_;
  told_ -= lost;
  lost_ += lost;
  return lost;
}

// -- the end ---------------------------------------------------------------------------------------------------------

recording::orders recording::last() {
  orders what{.refusal = {"监测正在停止", "the daemon is stopping"}, .end = true};
  what.answer = std::exchange(wanted_, {});
  what.left = batch_.records.size() + arrived_.records.size();
  state_ = state::ended;
  return what;
}

recording::orders recording::broke_off(mono_t now) noexcept {
  if (end_ && end_->ok) return committed(now);  // recorded: what is announced and answered lies there already
  orders what;
  what.until = now + longest_pause;
  if (under_way()) return what;
  asked_.clear();
  if (state_ == state::idle) state_ = state::waiting;
  if (state_ == state::waiting) next_try_ = *what.until;
  if (!stopping_) return what;
  state_ = state::ended;
  what.until = now + shortest_pause;
  return what;
}

}  // namespace changtong
