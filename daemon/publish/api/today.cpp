#include "daemon/publish/api/today.h"

#include <algorithm>
#include <stdexcept>

#include "daemon/core/phrase.h"

namespace changtong::api {
namespace {

constexpr std::size_t large = 20'000;  // targets
constexpr milliseconds latest{30'000};
/** Of both nodes' books all of time is read, not a day: a share of a core bounds that, not an age. */
constexpr milliseconds latest_of_both{600'000};

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

today::today(reader_pool& readers, const board_holder& boards, std::function<wall_t()> now, merged_desk::opener both)
    : readers_(readers),
      boards_(boards),
      now_(std::move(now)),
      both_(std::move(both)),
      thread_([this](const std::stop_token& stop) { return refresh(stop); }, 0, host::background::first::when_asked) {}

std::shared_ptr<const today_figures> today::get() {
  thread_.ask();
  const holding lock(mutex_);
  return last_;
}

/** A problem: they cannot be laid together just now. */
result<today_figures> today::of_both(const board& b, const std::stop_token& stop) const {
  try {
    const auto both = both_([stop] { host::end_early(stop); });
    if (!both) return both.error();
    if (const auto alone = alone_in(*both)) return said(*alone);
    today_figures all = compute_today(*both->books, b.districts, now_(), stop);
    all.view = shown_as(*both);
    return all;
  } catch (const std::runtime_error& e) {
    return said(words_of(e));
  }
}

host::background::pause today::refresh(const std::stop_token& stop) {
  return host::round_by_cost("today's figures", both_ ? latest_of_both : latest, [&]() -> result<bool> {
    const auto board_now = boards_.get();
    if (!board_now) return false;
    const auto set = [&](today_figures figures) {
      const holding lock(mutex_);
      last_ = std::make_shared<const today_figures>(std::move(figures));
    };
    shown_view view;
    if (both_) {
      auto merged = of_both(*board_now, stop);
      if (merged) return set(std::move(*merged)), true;
      view = {.of = shown_view::kind::own, .why = words_of(merged.error())};
    }
    auto reader = readers_.borrow();
    if (!reader) return reader.error();
    today_figures own = compute_today(**reader, board_now->districts, now_(), stop);
    own.view = std::move(view);
    if (board_now->districts->targets.size() > large) {
      const std::unique_ptr<ledger::reader> gone(reader->release());  // what it remembers of a province is not kept
    }
    set(std::move(own));
    return true;
  });
}

}  // namespace changtong::api
