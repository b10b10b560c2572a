#include "daemon/replay/tape.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/core/phrase.h"

namespace changtong::replay {
namespace {

constexpr std::uint32_t most_lines = 4'000'000'000;

bool blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

problem tape_writer::wrong(phrase why) const {
  return said_at(std::move(why), static_cast<int>(std::min<std::uint32_t>(line_, 2'000'000'000)), 0);
}

result<void> tape_writer::add(std::string_view line) {
  if (++line_ == most_lines) return wrong({"轨迹超过 40 亿行", "the trace is longer than 4 billion lines: split it"});
  if (line_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (blank(line)) return {};
  auto event = read_trace_line(line, zone_);
  if (!event) return wrong(words_of(event.error()));
  const wall_t at = label_of(*event);
  if (at < label_)
    return wrong(
        both("时刻倒退：{} 早于 {}；请按发生的先后排列，或用 clock_step_s 写明时钟跳变",
             "time goes back without a clock step, {} is before {}: put the lines in order of happening, or state the "
             "step with clock_step_s",
             zone_.format(at), zone_.format(label_)));
  if (!std::exchange(begun_, true)) made_.begin = made_.end = at;
  label_ = at;
  made_.end = std::max(made_.end, at);
  return take(std::move(*event));
}

result<void> tape_writer::take(trace_event&& e) {
  if (auto* s = std::get_if<trace_single>(&e)) return take_single(std::move(*s));
  if (made_.events.size() == most_events)
    return wrong(both("单个样本以外的记录超过 {} 行", "more than {} lines that are no single samples: split the trace",
                      most_events));
  if (const auto* m = std::get_if<trace_monitor>(&e)) return take_monitor(*m);
  if (const auto* r = std::get_if<trace_range>(&e)) made_.end = std::max(made_.end, r->to);
  const auto step = std::get_if<trace_step>(&e) == nullptr ? trace_step{} : std::get<trace_step>(e);
  made_.events.push_back({line_, static_cast<std::uint32_t>(made_.singles.size()), std::move(e)});
  if (step.by != milliseconds{0}) take_step(step);
  return {};
}

result<void> tape_writer::take_single(trace_single&& s) {
  if (!running_)
    return wrong({"监测未运行时不会有样本，请在此前写 start，或删去此行",
                  "a sample while the monitor is not running: start it before, or remove the sample"});
  if (made_.singles.size() == most_singles)
    return wrong(
        both("单个样本超过 {} 个", "more than {} single samples: use ranges, or split the trace", most_singles));
  made_.singles.push_back(
      {.label = ms_of(s.at),
       .rtt = s.seen.rtt.count(),
       .key = key_of(s.seen),
       .line = line_,
       .frame = static_cast<std::uint32_t>(made_.offsets.size() - 1),
       .what = s.seen.what,
       .why = s.seen.why,
       .took = s.seen.took ? static_cast<std::int32_t>(s.seen.took->count()) : taped_single::unsaid});
  return {};
}

key_index tape_writer::key_of(const trace_answer& a) {
  const auto next = static_cast<key_index>(made_.keys.size());
  const auto [known, fresh] = keys_.try_emplace(a.target + '/' + a.check, next);
  if (fresh) made_.keys.push_back({a.target, a.check});
  return known->second;
}

void tape_writer::take_step(const trace_step& s) {
  label_ = s.at + s.by;
  made_.offsets.push_back(made_.offsets.back() + s.by.count());
  if (!running_) return;
  frames_.back().to = ms_of(s.at);
  frames_.push_back({ms_of(label_), 0, made_.singles.size(), made_.events.size()});
}

result<void> tape_writer::take_monitor(const trace_monitor& m) {
  const bool starts = m.what == monitor_act::start;
  if (starts == running_)
    return wrong(running_
                     ? phrase{"监测已在运行，请在此前写 stop，或删去此行",
                              "start while the monitor is running: stop it before, or remove the line"}
                     : phrase{"监测未在运行，请在此前写 start，或删去此行",
                              "stop or crash while the monitor is not running: start it before, or remove the line"});
  running_ = starts;
  if (m.what == monitor_act::crash) {
    crash(ms_of(m.at));
    return {};
  }
  const auto order = static_cast<std::uint32_t>(made_.singles.size());
  if (starts)
    made_.events.push_back({line_, order, trace_event{m}});
  else
    made_.events.push_back({line_, order, taped_end{.at = m.at}});
  frames_.clear();
  if (starts) frames_.push_back({ms_of(m.at), 0, made_.singles.size(), made_.events.size()});
  return {};
}

/** Rule 5: heartbeats are the start and every whole second of label time. The last one, in order of happening, may lie
 * before a clock step; the instant of a step shows the label after it. */
void tape_writer::crash(std::int64_t at) {
  for (std::size_t f = frames_.size(); f-- > 0;) {
    const bool last = f + 1 == frames_.size();
    const std::int64_t shown = last ? at : frames_[f].to - 1;
    const std::int64_t second = shown / 1000 * 1000;
    if (second < frames_[f].from && f > 0) continue;
    const std::int64_t beat = std::max(second, frames_[f].from);
    const std::size_t events_end = last ? made_.events.size() : frames_[f + 1].events - 1;  // without the step
    lose(frames_[f], events_end, beat, !last || beat < at);
    break;
  }
  frames_.clear();
}

void tape_writer::lose(const frame& since, std::size_t events_end, std::int64_t beat, bool takes_at) {
  const auto frame_of_beat =
      made_.offsets.size() - 1 - static_cast<std::size_t>(&frames_.back() - &since);  // each step in a run has a frame
  std::size_t kept = made_.singles.size();
  while (kept > since.singles &&
         (made_.singles[kept - 1].frame > frame_of_beat || made_.singles[kept - 1].label > beat))
    made_.singles[--kept].lost = true;
  const auto later = [&](const taped_event& e) {
    const auto* said = std::get_if<trace_event>(&e.what);
    return said != nullptr && ms_of(label_of(*said)) > beat;
  };
  std::size_t place = events_end;
  while (place > since.events && later(made_.events[place - 1])) --place;
  made_.events.insert(made_.events.begin() + static_cast<std::ptrdiff_t>(place),
                      {line_, static_cast<std::uint32_t>(kept),
                       taped_end{.at = wall_from_ms(beat), .crash = true, .takes_at = takes_at}});
}

result<tape> tape_writer::finish() {
  if (!begun_) return said({"轨迹是空的", "the trace is empty: nothing has happened"});
  tape& t = made_;
  t.first.assign(t.keys.size() + 1, 0);
  for (const taped_single& s : t.singles) ++t.first[s.key + 1];
  for (std::size_t k = 1; k < t.first.size(); ++k) t.first[k] += t.first[k - 1];
  t.by_key.resize(t.singles.size());
  std::vector<std::uint32_t> next(t.first.begin(), t.first.end() - 1);
  for (std::uint32_t i = 0; i < t.singles.size(); ++i) t.by_key[next[t.singles[i].key]++] = i;
  return std::move(made_);
}

}  // namespace changtong::replay
