// Scripted nights, and each of them with a daemon that dies after any step.
#include <gmock/gmock.h>

#include <set>

#include "tests/publish/alerts/grouping_nights.h"

namespace changtong::alerts {
namespace {

using testing::ElementsAreArray;

struct Night : testing::TestWithParam<std::size_t> {
  scripted night_ = nights()[GetParam()];
};

TEST_P(Night, MakesTheStepsOfTheTable) {
  EXPECT_THAT(night_.script.told(night_.end), ElementsAreArray(night_.steps)) << night_.name;
}

std::set<std::string> words(const std::string& text) {
  std::set<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    out.insert(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

std::map<std::string, std::set<std::string>> open_after(const std::vector<alert_record>& steps) {
  std::map<std::string, std::set<std::string>> open;
  for (const alert_record& r : steps) {
    if (r.step != alert_step::resolved) open[r.alert] = words(r.targets);
    if (r.step != alert_step::resolved) continue;
    for (const std::string& id : words(r.targets)) open[r.alert].erase(id);
    if (r.targets.empty() || open[r.alert].empty()) open.erase(r.alert);
  }
  return open;
}

std::set<std::string> all_told(const std::vector<alert_record>& steps) {
  std::set<std::string> out;
  for (const alert_record& r : steps) out.merge(words(r.targets));
  return out;
}

/** Killed after its k-th step: nothing is lost, nothing is told twice, and what is over ends. */
TEST_P(Night, KilledAfterAnyStepLosesNothing) {
  const auto whole = night_.script.play(night_.end);
  for (std::size_t k = 0; k < 3 * whole.size(); ++k) {
    const std::size_t kill = k / 3 + 1;
    const milliseconds away =
        std::vector<milliseconds>{milliseconds{0}, milliseconds{3'000}, milliseconds{40'000}}[k % 3];
    SCOPED_TRACE(fmt::format("{}, killed for {} after {}", night_.name, away.count(), night::line(whole[kill - 1])));
    const auto steps = night_.script.play(night_.end, kill, away);
    std::string text;
    for (const auto& r : steps) text += night::line(r) + "\n";
    EXPECT_EQ(all_told(steps), all_told(whole)) << text;
    const auto open = open_after(steps);
    if (away == milliseconds{0}) EXPECT_EQ(open.size(), open_after(whole).size()) << text;
    std::map<std::string, int> in;
    for (const auto& [id, targets] : open)
      for (const std::string& t : targets) EXPECT_EQ(++in[t], 1) << t << "\n" << text;
    for (const auto& [t, outage] : night_.script.open()) EXPECT_EQ(in[t], 1) << t << "\n" << text;
    EXPECT_LE(steps.size(), whole.size() + (away == milliseconds{0} ? 1 : 3)) << text;
    std::set<std::tuple<std::string, alert_step>> once;
    for (const auto& r : steps)
      if (r.step != alert_step::resolved) EXPECT_TRUE(once.emplace(r.alert, r.step).second) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Night, testing::Range(std::size_t{0}, nights().size()));

}  // namespace
}  // namespace changtong::alerts
