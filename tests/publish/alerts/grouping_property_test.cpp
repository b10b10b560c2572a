// Any night: whatever goes down and comes back, and wherever the daemon dies.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/publish/alerts/grouping_night.h"

namespace changtong::alerts {
namespace {

constexpr double end_of_time = 100'000;

struct outage {
  std::string id;
  double from = 0, to = 0;  // confirmed
};

std::vector<std::string> who() {
  std::vector<std::string> out{"T1", "L1", "L2", "L3", "L4", "L5", "L6", "S01", "S02", "S03"};
  for (int n = 1; n <= 5; ++n) {
    out.push_back(numbered("V", n));
    out.push_back(numbered("C", n));
    out.push_back(numbered("P", n));
  }
  return out;
}

/** Outages of some lines, each line's after one another; bunched, so that they have to do with each other. */
rc::Gen<std::vector<outage>> outages() {
  return rc::gen::map(rc::gen::container<std::vector<std::tuple<std::size_t, int, int>>>(
                          rc::gen::tuple(rc::gen::inRange<std::size_t>(0, who().size()), rc::gen::inRange(0, 600'000),
                                         rc::gen::inRange(100, 400'000))),
                      [](const std::vector<std::tuple<std::size_t, int, int>>& all) {
                        std::vector<outage> out;
                        std::map<std::string, double> last;
                        for (const auto& [k, gap, length] : all) {
                          outage o{who()[k], 0, 0};
                          // three of four come within seconds of a few moments
                          const double moment = gap % 4 == 0 ? gap / 1000.0 : 60.0 * (gap % 5) + gap % 7'000 / 1000.0;
                          o.from = std::max(10 + moment, last[o.id] + 0.2);
                          o.to = o.from + (gap % 3 == 0 ? length / 100.0 : length / 1000.0);
                          last[o.id] = o.to;
                          out.push_back(o);
                        }
                        return out;
                      });
}

night night_of(const std::vector<outage>& all, const together_limits& limits = {}) {
  night n{county(), limits};
  int k = 0;
  for (const outage& o : all) {
    n.down(o.id, o.from, std::vector<double>{0, 0.5, 2, -1}[static_cast<std::size_t>(k++) % 4]);
    n.up(o.id, o.to);
  }
  return n;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

/** One alert as its steps tell it. */
struct life {
  int opened = 0, grown = 0, resolved = 0;
  wall_t from{}, to{};
  std::set<std::string> all, open;
  std::map<std::string, std::vector<wall_t>> well;
};

std::map<std::string, life> lives(const std::vector<alert_record>& steps) {
  std::map<std::string, life> out;
  for (const alert_record& r : steps) {
    life& a = out[r.alert];
    for (const std::string& id : words(r.targets)) {
      a.all.insert(id);
      if (r.step == alert_step::resolved) {
        a.open.erase(id);
        a.well[id].push_back(r.at);
      } else {
        a.open.insert(id);
      }
    }
    a.opened += r.step == alert_step::opened ? 1 : 0;
    a.grown += r.step == alert_step::grown ? 1 : 0;
    a.resolved += r.step == alert_step::resolved && !r.targets.empty() ? 1 : 0;
    if (r.step == alert_step::opened) a.from = r.at;
    if (r.step == alert_step::resolved) a.to = r.at;
    if (r.step == alert_step::resolved && r.targets.empty()) a.open.clear();
  }
  return out;
}

std::string text_of(const std::vector<alert_record>& steps) {
  std::string out;
  for (const alert_record& r : steps) out += night::line(r) + "\n";
  return out;
}

void is_bounded(const std::vector<alert_record>& steps) {
  for (const auto& [id, a] : lives(steps)) {
    RC_ASSERT(a.opened == 1);
    RC_ASSERT(a.grown <= 1);
    RC_ASSERT(a.resolved <= 3);
    RC_ASSERT(a.open.empty());
  }
  std::vector<wall_t> opened;
  for (const alert_record& r : steps)
    if (r.step == alert_step::opened) opened.push_back(r.at);
  for (std::size_t i = 0; i + 9 < opened.size(); ++i) RC_ASSERT(opened[i + 9] - opened[i] > milliseconds{15'000});
}

/** At no instant is anybody in two alerts, as they were told. */
void is_in_one(const std::vector<alert_record>& steps) {
  std::map<std::string, std::set<std::string>> open;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const alert_record& r = steps[i];
    for (const std::string& id : words(r.targets))
      r.step == alert_step::resolved ? void(open[r.alert].erase(id)) : void(open[r.alert].insert(id));
    if (r.step == alert_step::resolved && r.targets.empty()) open.erase(r.alert);
    if (i + 1 < steps.size() && steps[i + 1].at == r.at) continue;
    std::set<std::string> all;
    for (const auto& [alert, ids] : open)
      for (const std::string& id : ids) RC_ASSERT(all.insert(id).second);
  }
}

void is_exact(const std::vector<alert_record>& steps, const std::vector<outage>& all) {
  const auto told = lives(steps);
  for (const outage& o : all) {
    const auto anyhow = std::count_if(told.begin(), told.end(), [&](const auto& a) {
      return a.second.all.contains(o.id) && a.second.from <= at(o.from + 8) && a.second.to >= at(o.to);
    });
    RC_ASSERT(anyhow >= 1);
  }
  is_in_one(steps);
  for (const alert_record& r : steps)
    for (const std::string& id : words(r.targets)) {
      const auto began = [&](const outage& o) { return o.id == id && at(o.from) <= r.at; };
      const auto is_down = [&](const outage& o) { return o.id == id && at(o.from) < r.at && r.at < at(o.to); };
      RC_ASSERT(std::any_of(all.begin(), all.end(), began));
      if (r.step == alert_step::resolved) RC_ASSERT(std::none_of(all.begin(), all.end(), is_down));
    }
}

RC_GTEST_PROP(Grouping, TellsEveryOutageOnceAndEndsEveryAlert, ()) {
  const auto all = *outages();
  together_limits limits;
  limits.flaps = 1000;
  const auto steps = night_of(all, limits).play(end_of_time);
  RC_LOG(text_of(steps));
  is_bounded(steps);
  is_exact(steps, all);
}

RC_GTEST_PROP(Grouping, OneAloneWaitsForItsCauseAndAMomentAtMost, ()) {
  together_limits limits;
  limits.flaps = 1000;
  night n{county(), limits};
  std::vector<std::string> expected;
  double s = 10;
  for (const std::size_t k :
       *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, who().size()))) {
    const double cause = *rc::gen::element(0.0, 0.5, 1.3, 2.0, -1.0);
    n.down(who()[k], s, cause).up(who()[k], s + 5);
    const double told = s + (cause < 0 ? 2 : std::max(cause, 0.7));
    expected.push_back(fmt::format("{:.3f} {}", told, who()[k]));
    s += 20;
  }
  std::vector<std::string> opened;
  for (const alert_record& r : n.play(end_of_time))
    if (r.step == alert_step::opened)
      opened.push_back(fmt::format("{:.3f} {}", static_cast<double>((r.at - evening).count()) / 1000, r.targets));
  RC_ASSERT(opened == expected);
}

RC_GTEST_PROP(Grouping, FlappingIsBoundedToo, ()) {
  const auto all = *outages();
  together_limits limits;
  limits.flaps = 2;
  const auto steps = night_of(all, limits).play(end_of_time);
  RC_LOG(text_of(steps));
  is_bounded(steps);
}

RC_GTEST_PROP(Grouping, KilledAnywhereLosesNothingThatIsStillDown, ()) {
  const auto all = *outages();
  const auto kill = *rc::gen::inRange<std::size_t>(1, 20);
  const auto away = *rc::gen::elementOf(std::vector<int>{0, 500, 30'000, 600'000});
  together_limits limits;
  limits.flaps = *rc::gen::element<std::size_t>(4, 1000);
  night n = night_of(all, limits);
  const auto steps = n.play(end_of_time, kill, milliseconds{away});
  RC_LOG(text_of(steps));
  is_bounded(steps);
  if (steps.size() < kill) return;
  const wall_t killed = steps[kill - 1].at;
  const auto told = lives(steps);
  for (const outage& o : all) {
    // over before anybody could tell it, or without a word below an uplink that was told
    const bool unsaid = limits.flaps == 4 || o.id[0] == 'V' || at(o.from) > killed - milliseconds{8'000};
    if (at(o.to) <= killed + milliseconds{away} && unsaid) continue;
    RC_ASSERT(std::any_of(told.begin(), told.end(), [&](const auto& a) { return a.second.all.contains(o.id); }));
  }
}

}  // namespace
}  // namespace changtong::alerts
