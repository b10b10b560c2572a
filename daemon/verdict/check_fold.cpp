#include "daemon/verdict/check_fold.h"

#include <algorithm>
#include <charconv>

namespace changtong::verdict {
void check_fold::unknown(period when, cause why, std::vector<piece>& out) {
  if (when.empty()) return;
  piece p{.when = when,
          .state = line_state::unknown,
          .why = why,
          .good_before = last_good_,
          .good_width = good_width_,
          .covered = covered_,
          .open = covered_,
          .gap_from = gap_from_};
  if (!pending()) return out.push_back(p);
  std::vector<piece>& holes = run_.own().holes;
  if (!holes.empty() && holes.back().when.to == when.from && holes.back().why == why &&
      holes.back().covered == p.covered && holes.back().gap_from == p.gap_from) {
    holes.back().when.to = when.to;
  } else {
    p.good_before = run_->before;
    holes.push_back(p);
  }
}

piece check_fold::spoken_piece(period when, line_state state) const {
  if (state == line_state::up)
    return {.when = when,
            .state = state,
            .good_before = last_good_,
            .good_width = good_width_,
            .bad_before = up_bad_before_};
  const outage& o = *outage_;
  const bool first = when.from == o.began;
  return {.when = when,
          .state = state,
          .why = o.why,
          .good_before = first ? o.good_before : last_good_,
          .good_width = first ? o.good_width : good_width_,
          .visit = o.visit,
          .began = o.began,
          .after_own_uplink = o.after_own_uplink};
}

void check_fold::spoken(period when, line_state state, std::vector<piece>& out) {
  if (!when.empty()) out.push_back(spoken_piece(when, state));
}

/** Classifies [cursor_, to): the last measured sample speaks for at most 1.5 intervals (rule 1), the rest is unknown.
 */
void check_fold::settle(wall_t to, std::vector<piece>& out) {
  if (to <= cursor_) return;
  if (speaking_) {
    const wall_t end = std::clamp(speaks_until_, cursor_, to);
    if (!pending()) spoken({cursor_, end}, down_ ? line_state::down : line_state::up, out);
    cursor_ = end;
    if (end < to) {
      speaking_ = false;
      silence_ = cause::silent;
    }
  }
  unknown({cursor_, to}, silence_, out);
  cursor_ = to;
}

/** The pending run turned out to be `state`: hands out its time, holes as unknown. */
void check_fold::resolve(line_state state, std::vector<piece>& out, bool bad_run) {
  run r = run_.take();
  wall_t at = r.first;
  const auto part = [&](wall_t end) {
    if (at >= end) return;
    piece p = spoken_piece({at, end}, state);
    // Of good samples inside the run the target knows (target_fold.h); here they would be later than the piece.
    if (p.good_before >= at && at != p.began) p.good_before = wall_min;
    p.doubtful = state == line_state::up && bad_run;
    out.push_back(p);
    at = end;
  };
  for (piece& hole : r.holes) {
    part(hole.when.from);
    hole.when.from = std::max(hole.when.from, at);
    if (hole.when.empty()) continue;
    at = hole.when.to;
    out.push_back(hole);
  }
  part(cursor_);
}

run_event check_fold::good(const timing& rules, const sample& s, std::vector<piece>& out) {
  run_event event = run_event::none;
  if (!down_) {
    if (pending()) {
      resolve(line_state::up, out, true);
      event = run_event::refuted;
    }
  } else {
    if (!pending())
      run_.own() = {.count = 0,
                    .first = s.at,
                    .last = s.at,
                    .why = cause::none,
                    .before = last_bad_,
                    .width = width_of(s),
                    .holes = {}};
    run& r = run_.own();
    ++r.count;
    r.last = s.at;
    event = run_event::recovering;
    if (r.count >= rules.up_after) {
      down_ = false;
      if (outage_->began < r.first) up_bad_before_ = r.before;  // an outage without length ends nothing
      resolve(line_state::up, out);
      event = run_event::ended;
    }
  }
  last_good_ = s.at;
  good_width_ = width_of(s);
  return event;
}

run_event check_fold::bad(const timing& rules, const sample& s, std::vector<piece>& out) {
  last_bad_ = s.at;
  if (down_) {
    if (pending()) resolve(line_state::down, out);
    return run_event::goes_on;
  }
  if (!pending())
    run_.own() = {.count = 0,
                  .first = s.at,
                  .last = s.at,
                  .why = s.why,
                  .before = last_good_,
                  .width = good_width_,
                  .holes = {},
                  .visit = s.took,
                  .after_own_uplink = s.after_own_uplink};
  run& r = run_.own();
  ++r.count;
  r.last = s.at;
  if (r.count < rules.down_after) return r.count == 1 ? run_event::began : run_event::grew;
  confirm(out);
  return run_event::confirmed;
}

run_event check_fold::take(const timing& rules, const sample& s, std::vector<piece>& out) {
  if (s.at < cursor_) return run_event::muted;
  settle(s.at, out);
  if (s.what == outcome::not_measured) {
    const bool ends_run = s.why == cause::own_uplink && !down_ && pending();  // rule 3
    if (ends_run) resolve(line_state::up, out, true);
    speaking_ = false;
    if (!covered_) silence_ = s.why;  // inside a gap the gap is the reason, not the slot that we could not ask
    return ends_run ? run_event::refuted : run_event::none;
  }
  covered_ = false;
  const run_event event = s.what == outcome::good ? good(rules, s, out) : bad(rules, s, out);
  speaking_ = true;
  last_was_good_ = s.what == outcome::good;
  speaks_until_ = s.at + s.interval * 3 / 2;
  return event;
}

void check_fold::advance(wall_t to, std::vector<piece>& out) { settle(to, out); }

void check_fold::gap(period when, cause why, std::vector<piece>& out) {
  settle(when.from, out);
  covered_ = true;
  gap_from_ = when.from;
  if (when.to == wall_max) {
    speaking_ = false;
    silence_ = why;
    return;
  }
  const std::size_t first = out.size();
  unknown({cursor_, when.to}, why, out);
  for (std::size_t i = first; i < out.size(); ++i) out[i].open = false;
  if (pending() && !run_->holes.empty()) run_.own().holes.back().open = false;
  cursor_ = std::max(cursor_, when.to);
  covered_ = false;
}

bool check_fold::conclude(wall_t end, std::vector<piece>& out) {
  settle(end, out);
  if (!pending()) return false;
  resolve(down_ ? line_state::down : line_state::up, out, !down_);
  return !down_;
}

void check_fold::confirm(std::vector<piece>& out) {
  down_ = true;
  outage_.own() = {.why = run_->why,
                   .after_own_uplink = run_->after_own_uplink,
                   .began = run_->first,
                   .good_before = run_->before,
                   .good_width = run_->width,
                   .visit = run_->visit};
  resolve(line_state::down, out);
}

std::string check_fold::remember() const {
  std::string text = "1";
  const auto put = [&](std::int64_t v) { text += ' ' + std::to_string(v); };
  for (const std::int64_t v :
       {std::int64_t{down_}, ms_of(last_good_), std::int64_t{good_width_.count()}, ms_of(up_bad_before_)})
    put(v);
  text += ' ';
  text += name_of(outage_->why);
  text += ' ';
  const run& r = *run_;
  text += name_of(r.why);
  for (const std::int64_t v : {std::int64_t{r.count}, ms_of(r.first), ms_of(r.last), ms_of(r.before),
                               std::int64_t{r.width.count()}, static_cast<std::int64_t>(r.holes.size())})
    put(v);
  for (const piece& h : r.holes) {
    put(ms_of(h.when.from));
    put(ms_of(h.when.to));
    put(h.covered);
    put(h.open);
    text += ' ';
    text += name_of(h.why);
  }
  return text;
}

namespace {

/** Words of a memory, each read once; what is not what it should be is noted. A file may say anything, so instants and
 * lengths have bounds within which sums of them stay numbers. */
class memory_words {
 public:
  explicit memory_words(std::string_view text) : text_(text) {}
  [[nodiscard]] bool ok() const { return ok_; }

  std::int64_t number(std::int64_t least, std::int64_t most) {
    const std::string_view w = word();
    std::int64_t v = 0;
    const auto [end, failed] = std::from_chars(w.data(), w.data() + w.size(), v);
    if (failed == std::errc{} && end == w.data() + w.size() && v >= least && v <= most) return v;
    ok_ = false;
    return least;
  }
  bool yes() { return number(0, 1) != 0; }
  wall_t instant() { return wall_from_ms(number(ms_of(wall_min), ms_of(wall_max))); }
  /** Of an answer: its round trip. */
  milliseconds width() {
    constexpr milliseconds most = std::chrono::hours{1};
    return milliseconds{number(0, most.count())};
  }
  cause reason() {
    const auto c = cause_named(word());
    ok_ = ok_ && c.has_value();
    return c.value_or(cause::none);
  }

 private:
  std::string_view word() {
    const auto end = std::min(text_.find(' '), text_.size());
    const std::string_view w = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ok_ = ok_ && !w.empty();
    return w;
  }
  std::string_view text_;
  bool ok_ = true;
};

}  // namespace

bool check_fold::recall(std::string_view text, wall_t heartbeat) {
  constexpr std::int64_t most = 1000;  // of a run's samples and holes
  memory_words words(text);
  (void)words.number(1, 1);  // the form
  check_fold f(heartbeat);
  f.down_ = words.yes();
  f.last_good_ = words.instant();
  f.good_width_ = words.width();
  f.up_bad_before_ = words.instant();
  const cause why = words.reason();
  run r;
  r.why = words.reason();
  r.count = static_cast<std::uint32_t>(words.number(0, most));
  r.first = words.instant();
  r.last = words.instant();
  r.before = words.instant();
  r.width = words.width();
  const std::int64_t holes = words.number(0, most);
  for (std::int64_t i = 0; words.ok() && i < holes; ++i) {
    piece h{.when = {}, .state = line_state::unknown, .good_before = r.before};
    h.when.from = words.instant();
    h.when.to = words.instant();
    h.covered = words.yes();
    h.open = words.yes();
    h.gap_from = h.when.from;
    h.why = words.reason();
    r.holes.push_back(h);
  }
  if (!words.ok()) return false;
  if (why != cause::none) f.outage_.own().why = why;
  if (r.count > 0 && r.first <= heartbeat) f.run_.own() = std::move(r);
  *this = std::move(f);
  return true;
}

}  // namespace changtong::verdict
