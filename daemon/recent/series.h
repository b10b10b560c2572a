#pragma once
/** What becomes of samples and facts: one series each of a target's delay and loss, of an interface's traffic, of its
 * optical power. Each is written by one thread and read by any (ring.h); each must have rows. */
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/core/sample.h"
#include "daemon/recent/ring.h"

namespace changtong::recent {

/** Of a line its round trips, of a website how long it took to open; in seconds, of the good samples. */
struct delay_bucket {
  std::uint32_t measured = 0, bad = 0;  ///< 0 measured: nobody observed it
  std::optional<double> least{}, mean{}, most{};
};
/** Bit/s, as told with answers in this bucket. */
struct traffic_bucket {
  std::optional<double> in{}, in_most{}, out{}, out_most{};
};
/** dBm, the lowest. */
struct optics_bucket {
  std::optional<double> receive{}, transmit{};
};

class delay_series {
 public:
  using bucket = delay_bucket;
  static constexpr std::size_t columns = 5;
  explicit delay_series(std::size_t rows) : ring_(columns, rows) {}
  delay_series(const delay_series& other, std::size_t rows);
  [[nodiscard]] std::size_t rows() const { return ring_.rows(); }

  /** Of the leading check, decided (rule 10), in order. */
  void take(const sample& s);
  [[nodiscard]] std::vector<bucket> read(slot first, std::size_t count) const;

 private:
  [[nodiscard]] bool counts(const sample& s);
  void take_delay(nanoseconds rtt);

  ring ring_;
  double sum_ = 0;                 ///< of the newest bucket's delays, in the ring's units
  std::optional<mono_t> counted_;  ///< when the last sample that counted was due
};

class traffic_series {
 public:
  using bucket = traffic_bucket;
  static constexpr std::size_t columns = 5;
  explicit traffic_series(std::size_t rows) : ring_(columns, rows) {}
  traffic_series(const traffic_series& other, std::size_t rows);
  [[nodiscard]] std::size_t rows() const { return ring_.rows(); }

  /** Bit/s, at least 0. */
  void take(wall_t at, double in, double out);
  [[nodiscard]] std::vector<bucket> read(slot first, std::size_t count) const;

 private:
  ring ring_;
  double in_ = 0, out_ = 0;  ///< sums of the newest bucket
};

class optics_series {
 public:
  using bucket = optics_bucket;
  static constexpr std::size_t columns = 2;
  explicit optics_series(std::size_t rows) : ring_(columns, rows) {}
  optics_series(const optics_series& other, std::size_t rows) : ring_(other.ring_, rows) {}
  [[nodiscard]] std::size_t rows() const { return ring_.rows(); }

  /** Thousandths of a dBm; what an answer did not carry is none. */
  void take(wall_t at, std::optional<std::int64_t> receive, std::optional<std::int64_t> transmit);
  [[nodiscard]] std::vector<bucket> read(slot first, std::size_t count) const;

 private:
  ring ring_;
};

}  // namespace changtong::recent
