#pragma once
/** A whole district beside the daemon in one process: `changtong demo`.
 *
 * make() writes lines.csv, changtong.yaml and the community's secret file; start() opens the district on 127/8 and
 * tells its story on a thread of its own; announced() is fed from the daemon's announce step; stop() gives the
 * reckoning. Needs no privilege. Order: make, start, run the daemon on config_path(), stop the daemon, stop(), destroy
 * - the destructor removes a temporary directory, so the daemon's ledger must be closed by then. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/path.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/simulate/district.h"
#include "daemon/simulate/reckoning.h"

namespace changtong::simulate {

struct demo_options {
  std::uint32_t lines = default_lines;  ///< clamped to 1 .. most_lines
  std::uint64_t seed = 1;               ///< the same seed tells the same story about the same district
  double speed = 1;                     ///< of the story, not of the clock; 0.1 .. 100
  std::string listen = "127.0.0.1:8080";
  std::string webhook{};  ///< http(s) address that gets the messages of alerts; empty: nobody is told
  std::string dir{};      ///< empty: a temporary directory, removed at the end
  port_numbers ports{};
  /** False: others watch it, and nobody tells announced() what they believe. What is done is told, no reckoning made.
   */
  bool watched = true;
  /** Makes the daemon stop asking for so long (its slots become late). Called on the demo's thread; must not block.
   * Empty: the story has no pauses. */
  std::function<void(milliseconds)> pause_probing{};
  /** Takes whole lines of Chinese text, one call at a time. Empty: standard output. */
  std::function<void(std::string_view)> print{};
  /** For tests: act as if the process could hold only so many descriptors; 0 = the real limit, raised. */
  std::size_t descriptors = 0;
};

class demo {
 public:
  /** Writes the files. A problem names the directory or file that could not be written. */
  [[nodiscard]] static result<std::unique_ptr<demo>> make(demo_options options);
  ~demo();
  demo(const demo&) = delete;
  demo& operator=(const demo&) = delete;

  [[nodiscard]] const std::string& config_path() const;
  [[nodiscard]] const std::string& dir() const;
  [[nodiscard]] const district& where() const;

  /** Opens every agent and site, prints the head line, begins the story. A problem (usually: the ports are taken by
   * another demo) leaves nothing running. */
  [[nodiscard]] result<void> start();
  /** Call for every transition when it is announced. Any thread; does not block on I/O but the print. */
  void announced(const transition& said, wall_t now);
  /** What a trace of this address would see just now, over routers that only the story has (routers.h). Any thread. */
  [[nodiscard]] std::optional<seen_path> follow_path(const ip_address& to) const;
  /** Ends the story, closes the district, prints and returns the reckoning. Once stopped it stays stopped. */
  reckoning stop();

 private:
  struct running;
  explicit demo(std::unique_ptr<running> r);
  std::unique_ptr<running> running_;
};

}  // namespace changtong::simulate
