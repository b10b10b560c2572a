#pragma once
/** Feeds a judge by hand and reads out what it said. */
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "daemon/verdict/judge.h"
#include "tests/fakes/world.h"

namespace changtong::verdict {

constexpr wall_t at(double seconds) { return wall_from_ms(1'000'000 + static_cast<std::int64_t>(seconds * 1000)); }
inline double sec(wall_t t) { return static_cast<double>(ms_of(t) - 1'000'000) / 1000; }

/** Feeds a judge by hand and tells what came out as short sentences: "L1 down 3-(2,3]". */
struct court {
  explicit court(const std::vector<fakes::line_spec>& lines) : inv(fakes::district(lines)), j(inv, at(0)) {}

  void sample_of(const std::string& check, double t, outcome what, cause why = cause::timeout, double rtt_ms = 0) {
    check_index index = no_index;
    for (check_index c = 0; c < inv->checks.size(); ++c)
      if (inv->checks[c].id == check) index = c;
    ASSERT_NE(index, no_index);
    j.take({.check = index,
            .what = what,
            .why = what == outcome::good ? cause::none : why,
            .sent = {},
            .at = at(t),
            .rtt = std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double, std::milli>(rtt_ms)),
            .interval = inv->checks[index].when.interval},
           out);
  }
  void good(double t, const std::string& check = "L1/icmp") { sample_of(check, t, outcome::good); }
  void bad(double t, const std::string& check = "L1/icmp") { sample_of(check, t, outcome::bad); }
  void unmeasured(double t, cause why, const std::string& check = "L1/icmp") {
    sample_of(check, t, outcome::not_measured, why);
  }

  std::vector<std::string> said() const {
    std::vector<std::string> all;
    for (const record& r : out.records) {
      std::ostringstream s;
      if (const auto* t = std::get_if<transition>(&r)) {
        s << t->target << " " << name_of(t->to) << " " << sec(t->at);
        if (t->to == line_state::unknown)
          s << " " << name_of(t->why);
        else if (t->edge.after != t->edge.until)
          s << " (" << (t->edge.after == wall_min ? std::string("-") : std::to_string(sec(t->edge.after)).substr(0, 5))
            << "," << sec(t->edge.until) << "]";
        if (t->same_outage) s << " same";
      } else if (const auto* u = std::get_if<unconfirmed_run>(&r)) {
        s << u->target << " unconfirmed " << sec(u->at) << " x" << u->samples;
      } else if (const auto* c = std::get_if<cause_found>(&r)) {
        s << c->target << " because " << name_of(c->why) << (c->upstream.empty() ? "" : " " + c->upstream);
      }
      all.push_back(s.str());
    }
    return all;
  }
  bool wished(const std::string& check, pace p) const {
    for (const wish& w : out.wishes)
      if (inv->checks[w.check].id == check && w.speed == p) return true;
    return false;
  }

  std::shared_ptr<const inventory> inv;
  judge j;
  judgement out;
};

using testing::Contains;
using testing::ElementsAre;

}  // namespace changtong::verdict
