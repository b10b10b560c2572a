#include "daemon/recent/series.h"

#include <algorithm>
#include <cmath>

namespace changtong::recent {
namespace {

constexpr double units_a_second = 1e7;  // delays are kept in tenths of a microsecond
constexpr std::uint16_t most_counted = 0xfffe;

std::uint32_t counted(packed p) { return p == no_figure ? 0 : p; }

std::optional<double> figure(packed p, double units) {
  return p == no_figure ? std::nullopt : std::optional(static_cast<double>(unpack(p)) / units);
}

/** What the newest row's figures add up to, when it is opened again. */
double sum_of(packed mean, std::uint32_t count) {
  return mean == no_figure ? 0 : static_cast<double>(unpack(mean)) * count;
}

packed rounded(double value) { return pack(static_cast<std::uint64_t>(std::llround(value))); }

void keep_most(ring& of, std::size_t column, packed value) {
  const packed before = of.at(column);
  if (before == no_figure || value > before) of.set(column, value);  // packed figures are in the order of their values
}

void keep_least(ring& of, std::size_t column, packed value) { of.set(column, std::min(of.at(column), value)); }

/** Hundredths of a dBm above -100, which is what the table of facts lets through. */
packed packed_power(std::int64_t thousandths) {
  return static_cast<packed>(std::clamp<std::int64_t>((thousandths + 100'000) / 10, 0, most_packed));
}
std::optional<double> power(packed p) {
  return p == no_figure ? std::nullopt : std::optional((static_cast<double>(p) - 10'000) / 100);
}

namespace delay {
enum column : std::uint8_t { measured, bad, least, mean, most };
}
namespace traffic {
enum column : std::uint8_t { count, in, in_most, out, out_most };
}

}  // namespace

// -- delay and loss --------------------------------------------------------------------------------------------------

delay_series::delay_series(const delay_series& other, std::size_t rows)
    : ring_(other.ring_, rows), sum_(other.sum_), counted_(other.counted_) {}

/** Regular slots lie at least 0.8 intervals apart (the phase jitters by 10 %). What is counted goes on in whole
 * intervals, so that of faster questions there is one an interval too. */
bool delay_series::counts(const sample& s) {
  const bool first = !counted_ || s.sent - *counted_ >= s.interval * 3 / 2;
  if (!first && s.sent - *counted_ < s.interval * 8 / 10) return false;
  counted_ = first ? s.sent : *counted_ + s.interval;
  return true;
}

void delay_series::take(const sample& s) {
  if (s.what == outcome::not_measured || !counts(s)) return;
  if (ring_.open(slot_of(s.at)))
    sum_ = sum_of(ring_.at(delay::mean), counted(ring_.at(delay::measured)) - counted(ring_.at(delay::bad)));
  const std::uint32_t measured = counted(ring_.at(delay::measured));
  if (measured == most_counted) return;
  ring_.set(delay::bad, static_cast<packed>(counted(ring_.at(delay::bad)) + (s.what == outcome::bad ? 1U : 0U)));
  ring_.set(delay::measured, static_cast<packed>(measured + 1));
  if (s.what == outcome::good) take_delay(s.rtt);
}

void delay_series::take_delay(nanoseconds rtt) {
  const double units = std::max(0.0, std::chrono::duration<double>(rtt).count() * units_a_second);
  sum_ += units;
  ring_.set(delay::mean, rounded(sum_ / (counted(ring_.at(delay::measured)) - counted(ring_.at(delay::bad)))));
  keep_least(ring_, delay::least, rounded(units));
  keep_most(ring_, delay::most, rounded(units));
}

std::vector<delay_bucket> delay_series::read(slot first, std::size_t count) const {
  const std::vector<packed> rows = ring_.read(first, count);
  std::vector<delay_bucket> out(count);
  for (std::size_t k = 0; k < count; ++k) {
    const packed* row = &rows[k * columns];
    out[k] = {.measured = counted(row[delay::measured]),
              .bad = counted(row[delay::bad]),
              .least = figure(row[delay::least], units_a_second),
              .mean = figure(row[delay::mean], units_a_second),
              .most = figure(row[delay::most], units_a_second)};
  }
  return out;
}

// -- traffic ---------------------------------------------------------------------------------------------------------

traffic_series::traffic_series(const traffic_series& other, std::size_t rows)
    : ring_(other.ring_, rows), in_(other.in_), out_(other.out_) {}

void traffic_series::take(wall_t at, double in, double out) {
  if (ring_.open(slot_of(at))) {
    in_ = sum_of(ring_.at(traffic::in), counted(ring_.at(traffic::count)));
    out_ = sum_of(ring_.at(traffic::out), counted(ring_.at(traffic::count)));
  }
  const std::uint32_t count = counted(ring_.at(traffic::count)) + 1;
  if (count > most_counted) return;
  in_ += in;
  out_ += out;
  ring_.set(traffic::count, static_cast<packed>(count));
  ring_.set(traffic::in, rounded(in_ / count));
  ring_.set(traffic::out, rounded(out_ / count));
  keep_most(ring_, traffic::in_most, rounded(in));
  keep_most(ring_, traffic::out_most, rounded(out));
}

std::vector<traffic_bucket> traffic_series::read(slot first, std::size_t count) const {
  const std::vector<packed> rows = ring_.read(first, count);
  std::vector<traffic_bucket> out(count);
  for (std::size_t k = 0; k < count; ++k) {
    const packed* row = &rows[k * columns];
    out[k] = {.in = figure(row[traffic::in], 1),
              .in_most = figure(row[traffic::in_most], 1),
              .out = figure(row[traffic::out], 1),
              .out_most = figure(row[traffic::out_most], 1)};
  }
  return out;
}

// -- optical power ---------------------------------------------------------------------------------------------------

void optics_series::take(wall_t at, std::optional<std::int64_t> receive, std::optional<std::int64_t> transmit) {
  if (!receive && !transmit) return;
  ring_.open(slot_of(at));
  if (receive) keep_least(ring_, 0, packed_power(*receive));
  if (transmit) keep_least(ring_, 1, packed_power(*transmit));
}

std::vector<optics_bucket> optics_series::read(slot first, std::size_t count) const {
  const std::vector<packed> rows = ring_.read(first, count);
  std::vector<optics_bucket> out(count);
  for (std::size_t k = 0; k < count; ++k)
    out[k] = {.receive = power(rows[k * columns]), .transmit = power(rows[k * columns + 1])};
  return out;
}

}  // namespace changtong::recent
