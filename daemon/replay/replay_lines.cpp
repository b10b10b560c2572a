#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "changtong_version.h"
#include "daemon/core/rules_version.h"
#include "daemon/replay/replay.h"

/** What each kind of line does to the replay. */
namespace changtong::replay {

result<void> replay::step(const taped_event& e) {
  line_ = e.line;
  if (const auto* end = std::get_if<taped_end>(&e.what)) {
    label_ = ms_of(end->at);
    return event(*end);
  }
  const auto& said = std::get<trace_event>(e.what);
  label_ = ms_of(label_of(said));
  if (const auto done = keep_up(); !done) return done;
  return std::visit([&](const auto& what) { return event(what); }, said);
}

namespace {

milliseconds took_of(const taped_single& s, const check& asked) {
  if (s.what != outcome::bad) return milliseconds{0};
  return s.took == taped_single::unsaid ? asked.when.timeout : milliseconds{s.took};
}

}  // namespace

result<void> replay::single(const taped_single& s) {
  if (s.lost) {
    ++done_.lost;
    return {};
  }
  line_ = s.line;
  label_ = s.label;
  if (const auto done = keep_up(); !done) return done;
  check_index c = supply_.check_of(s.key);
  if (c == no_index) {
    const auto found = check_of(tape_.keys[s.key].target, tape_.keys[s.key].check);
    if (!found) return found.error();
    c = *found;
  }
  const target_index t = inv_->checks[c].target;
  bring(t, label_);
  for (target_index p = inv_->targets[t].parent_index; p != no_index; p = inv_->targets[p].parent_index)
    bring(p, label_);
  feed({.check = c,
        .what = s.what,
        .why = s.why,
        .sent = mono_t{milliseconds{tape_.mono_of(s)}},
        .at = wall_from_ms(s.label),
        .rtt = nanoseconds{s.rtt},
        .took = took_of(s, inv_->checks[c]),
        .interval = inv_->checks[c].when.interval});
  ++done_.samples;
  wake(t);
  wake_awaited_by(t);
  return {};
}

/** The check that a line names; an anchor that nobody has told of is made. */
result<check_index> replay::check_of(const std::string& target, const std::string& check) {
  if (inv_->find(target) == nullptr && target.starts_with("anchor")) {
    auto made = amended_.add_anchor(target);
    if (!made) return at_line(placed_words_of(made.error()));
    adopt(std::move(*made));
  }
  if (const auto known = need_target(target); !known) return known.error();
  const check_index c = supply_.check_named(target, check);
  if (c == no_index)
    return at_line(both("{} 没有检查 '{}'，请写其“检查”列中的一个",
                        "{} has no check '{}': name one of its column 'checks'", target, check));
  return c;
}

result<void> replay::need_target(const std::string& id) const {
  if (inv_->find(id) != nullptr) return {};
  return at_line(both("'{}' 此时不在资料中，请先把它加入资料",
                      "there is no line or site '{}' at this instant: add it to the inventory before this line", id));
}

result<void> replay::event(const trace_monitor& m) {
  running_ = true;  // a start: stops and crashes are ends
  ++sessions_;
  out_.records.emplace_back(
      started{.at = m.at, .version = CHANGTONG_VERSION, .text = "replay", .rules = books_rules_version});
  supply_.run(std::max(label_, barrier_ + 1), tape_.offsets[frame_]);
  wake_all();
  return {};
}

result<void> replay::event(const trace_range& r) {
  if (r.seen.target == "*") {
    const std::string kind = r.seen.check.substr(0, r.seen.check.find('#'));
    if (std::ranges::find(kinds_, kind) == kinds_.end())
      return at_line(both("未知的检查 '{}'，可用 {}", "no kind of check is called '{}': use {}", kind, listed(kinds_)));
  } else if (const auto c = check_of(r.seen.target, r.seen.check); !c) {
    return c.error();
  }
  supply_.open(r);
  if (running_) wake_all();
  return {};
}

/** Rule 6. A step of any size is adopted. */
result<void> replay::event(const trace_step& s) {
  const wall_t before = wall_from_ms(label_), after = before + s.by;
  bring_all(label_);
  gap g{.from = before,
        .to = before,
        .why = cause::clock_step,
        .text = fmt::format("clock stepped by {:+.3f} s", static_cast<double>(s.by.count()) / 1000)};
  if (s.by < milliseconds{0}) {
    barrier_ = std::max(barrier_, label_);
    judge_.mute_until(before);
  } else {
    g.from = std::max(before, wall_from_ms(barrier_));  // repeated labels have had their time already
    g.to = std::max(after, g.from);
    if (running_ && g.from < g.to) judge_.gap_over_all({g.from, g.to}, cause::clock_step, out_);
  }
  out_.records.emplace_back(std::move(g));
  ++frame_;
  if (running_) {
    supply_.run(std::max(ms_of(after), barrier_ + 1), tape_.offsets[frame_]);
    wake_all();
  }
  return {};
}

result<void> replay::event(const trace_window& w) {
  trace_window& last = windows_[w.id];
  const bool first = last.id.empty();
  if (first && (w.targets.empty() || !w.from || !w.to))
    return at_line(
        both("{} 的第一条记录须有 target、from、to", "the first record of window {} needs target, from, to", w.id));
  trace_window whole = w;
  if (whole.targets.empty()) whole.targets = last.targets;
  if (!whole.from) whole.from = last.from;
  if (!whole.to) whole.to = last.to;
  if (*whole.to < *whole.from)
    return at_line(both("{} 的 to 早于 from", "window {} ends before it begins: exchange from and to", w.id));
  for (const std::string& id : whole.targets) {
    if (const auto known = need_target(id); !known) return known;
    out_.records.emplace_back(window_record{.at = w.at,
                                            .id = w.id,
                                            .target = id,
                                            .from = *whole.from,
                                            .to = *whole.to,
                                            .state = w.state,
                                            .by = w.by,
                                            .text = w.text});
  }
  last = std::move(whole);
  return {};
}

result<void> replay::event(const trace_inventory& i) {
  auto next = amended_.put(i.cells);
  if (!next) return at_line(placed_words_of(next.error()));
  adopt(std::move(*next));
  for (const auto& [key, text] : i.cells)
    if (key == "id" || key == "编号") describe(*inv_->find(text));
  return {};
}

result<void> replay::event(const trace_scope& s) {
  if (const auto known = need_target(s.target); !known) return known;
  auto next = amended_.rescope(s.target, s.accepted, s.closed);
  if (!next) return at_line(placed_words_of(next.error()));
  adopt(std::move(*next));
  describe(*inv_->find(s.target));
  return {};
}

void replay::adopt(std::shared_ptr<const inventory> next) {
  bring_all(label_);
  inv_ = std::move(next);
  judge_.adopt(inv_, wall_from_ms(label_), out_);
  supply_.adopt(inv_, label_);
  wake_all();
}

/** A stop, or a crash at its last heartbeat: from here on nobody observes until the next measured sample. Labels that a
 * barrier mutes have had their time already. */
result<void> replay::event(const taped_end& e) {
  const std::int64_t until = label_ + (e.takes_at ? 1 : 0);
  if (const auto done = keep_up(); !done) return done;
  drain(until);
  bring_all(until);
  supply_.rest();
  running_ = false;
  const wall_t from = std::max(e.at, wall_from_ms(barrier_));
  judge_.gap_over_all({from, wall_max}, cause::monitor_stopped, out_);
  if (e.crash)
    out_.records.emplace_back(gap{.from = from, .to = wall_max, .why = cause::monitor_stopped, .text = "crash"});
  if (const auto done = commit(e.at); !done) return done;
  wake_all();
  if (e.crash) return {};
  const auto stopped = books_.stop(from);
  if (!stopped) return stopped.error();
  done_.entries = *stopped;
  return {};
}

result<void> replay::conclude() {
  const std::int64_t end = ms_of(tape_.end);
  drain(end);
  bring_all(end);
  judge_.conclude(tape_.end, out_);
  if (const auto done = commit(tape_.end); !done) return done;
  return books_.seal_the_rest();  // a trace with a gap of years has more days than a commit seals
}

}  // namespace changtong::replay
