#include "daemon/publish/api/today.h"

#include <algorithm>

namespace changtong::api {
namespace {

constexpr std::size_t large = 20'000;  // targets
constexpr milliseconds latest{30'000};

day_ratios::ratios to_ratios(const availability::figures& f) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return {f.availability.value_or(none), f.lower.value_or(none), f.coverage.value_or(none)};
}

}  // namespace

today_figures compute_today(const ledger::reader& from, std::shared_ptr<const inventory> inv, wall_t now,
                            const std::stop_token& stop) {
  today_figures out;
  out.cut = cut_of(now, from.heartbeat());
  out.day = from.zone().around(out.cut, civil_zone::unit::day);
  out.day.to = std::min(out.day.to, out.cut);
  auto ratios = std::make_shared<day_ratios>();
  ratios->by_target.resize(inv->targets.size());
  from.histories(out.day, out.cut, {}, [&](const ledger::known_target& t, const availability::target_history& history) {
    host::end_early(stop);
    if (t.kind == "anchor") return;
    const availability::seconds sums = availability::measure(history, out.day);
    out.by_category[t.category] += sums;
    if (t.kind != "site") out.lines += sums;
    const auto known = inv->index_of(t.id);
    if (known != no_index) ratios->by_target[known] = to_ratios(availability::compute(sums, false));
  });
  ratios->of = std::move(inv);
  out.ratios = std::move(ratios);
  return out;
}

today::today(reader_pool& readers, const board_holder& boards, std::function<wall_t()> now)
    : readers_(readers),
      boards_(boards),
      now_(std::move(now)),
      thread_([this](const std::stop_token& stop) { return refresh(stop); }, 0, host::background::first::when_asked) {}

std::shared_ptr<const today_figures> today::get() {
  thread_.ask();
  const holding lock(mutex_);
  return last_;
}

host::background::pause today::refresh(const std::stop_token& stop) {
  return host::round_by_cost("today's figures", latest, [&]() -> result<bool> {
    const auto board_now = boards_.get();
    if (!board_now) return false;
    auto reader = readers_.borrow();
    if (!reader) return reader.error();
    auto fresh = std::make_shared<const today_figures>(compute_today(**reader, board_now->districts, now_(), stop));
    if (board_now->districts->targets.size() > large) {
      const std::unique_ptr<ledger::reader> gone(reader->release());  // what it remembers of a province is not kept
    }
    const holding lock(mutex_);
    last_ = std::move(fresh);
    return true;
  });
}

}  // namespace changtong::api
