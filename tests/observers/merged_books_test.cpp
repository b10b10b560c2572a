#include "daemon/observers/merged_books.h"

#include <gtest/gtest.h>

#include <map>

#include "daemon/observers/parted.h"
#include "daemon/observers/trails.h"
#include "tests/observers/told.h"

namespace changtong::observers {
namespace {

using availability::target_history;
using ledger::known_target;

/** Books that are what a test says. */
class told_books final : public ledger::reader {
 public:
  std::map<std::string, std::pair<known_target, target_history>> lines;
  std::vector<ledger::window_entry> entered;
  std::vector<trace_record> traces;
  wall_t beat = at(100);
  mutable std::vector<std::pair<std::string, wall_t>> asked;

  [[nodiscard]] const civil_zone& zone() const override {
    static const civil_zone shanghai = *civil_zone::named("Asia/Shanghai");
    return shanghai;
  }
  [[nodiscard]] wall_t first_entry() const override { return at(0); }
  [[nodiscard]] wall_t heartbeat() const override { return beat; }
  [[nodiscard]] std::vector<known_target> targets() const override {
    std::vector<known_target> all;
    for (const auto& [id, line] : lines) all.push_back(line.first);
    return all;
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override { return {}; }
  void histories(period p, wall_t, std::string_view only,
                 const std::function<void(const known_target&, const target_history&)>& each) const override {
    asked.emplace_back(only, p.from);
    for (const auto& [id, line] : lines)
      if (only.empty() || only == id) each(line.first, line.second);
  }
  [[nodiscard]] std::vector<availability::outage> outages(period p, std::string_view only, std::size_t) const override {
    std::vector<availability::outage> all;
    for (const auto& o : lines.at(std::string(only)).second.outages)
      if (!intersect(p, {o.began, o.ended}).empty()) all.insert(all.begin(), o);
    return all;
  }
  [[nodiscard]] std::vector<ledger::window_entry> windows() const override { return entered; }
  void declared(std::string_view kind, const ledger::declared_query&, std::string_view,
                const std::function<void(record&&)>& each) const override {
    if (kind != description<trace_record>::kind) return;
    for (trace_record t : traces) each(std::move(t));
  }

  void knows(const std::string& id, target_history h, const std::string& name, bool accepted = true) {
    known_target t;
    t.id = id;
    t.name = name;
    if (accepted) t.accepted = h.scope.from;
    h.target = id;
    for (auto& o : h.outages) o.target = id;
    lines[id] = {t, std::move(h)};
  }
};

class MergedBooks : public testing::Test {
 protected:
  std::unique_ptr<told_books> first = std::make_unique<told_books>(), second = std::make_unique<told_books>();

  merged_books merged(std::optional<milliseconds> offset = milliseconds{0}) {
    std::vector<observed> all;
    all.push_back({{"A", {}}, std::move(first)});
    all.push_back({{"B", offset}, std::move(second)});
    return merged_books(std::move(all));
  }
  static target_history history(const merged_books& books, const std::string& id, period p) {
    target_history found;
    books.histories(p, at(1000), id, [&](const known_target&, const target_history& h) { found = h; });
    return found;
  }
};

TEST_F(MergedBooks, TheFirstThatKnowsALineHasTheWordOnIt) {
  first->knows("L1", history_of({{0, 50, up}}), "老庙村");
  second->knows("L1", history_of({{50, 90, up}}), "旧名");
  second->knows("L2", history_of({{0, 90, up}}), "只在二号");
  const auto books = merged();
  const auto targets = books.targets();
  ASSERT_EQ(targets.size(), 2);
  EXPECT_EQ(targets[0].name, "老庙村");
  EXPECT_EQ(targets[1].name, "只在二号");
  EXPECT_EQ(availability::measure(history(books, "L1", during(0, 90)), during(0, 90)).up, milliseconds{90'000});
}

TEST_F(MergedBooks, WithoutAnAcceptanceScopeBeginsWithTheEarliestThatStatesNone) {
  auto late = history_of({{20, 90, up}}), early = history_of({{0, 90, up}});
  late.scope = during(20, 90);
  early.scope = during(0, 80);
  first->knows("L1", late, "", false), second->knows("L1", early, "", false);
  EXPECT_EQ(history(merged(), "L1", during(0, 100)).scope, during(0, 90));
}

TEST_F(MergedBooks, AStatedAcceptanceHoldsWhateverTheOtherSays) {
  auto late = history_of({{20, 90, up}});
  late.scope = during(20, 90);
  first->knows("L1", late, ""), second->knows("L1", history_of({}), "", false);
  EXPECT_EQ(history(merged(), "L1", during(0, 100)).scope, during(20, 90));
}

TEST_F(MergedBooks, AWindowCancelledInOneBookIsCancelledForBoth) {
  first->knows("L1", history_of({{0, 90, up}}), "");
  const window_record approved{at(1), "W1", "L1", at(10), at(30), window_state::approved, "王工", ""};
  const window_record other{at(1), "W2", "L1", at(40), at(50), window_state::approved, "王工", ""};
  const window_record cancelled{at(2), "W1", "L1", at(10), at(30), window_state::cancelled, "李工", ""};
  first->entered = {{5, approved}, {6, other}};
  second->entered = {{5, approved}, {9, cancelled}};
  const auto books = merged();
  EXPECT_EQ(books.windows().size(), 3);
  EXPECT_EQ(history(books, "L1", during(0, 90)).excluded, (std::vector<period>{during(40, 50)}));
}

TEST_F(MergedBooks, AClockMoreThanASecondOffIsShownAndNotMerged) {
  first->knows("L1", history_of({{0, 50, up}}), "");
  second->knows("L1", history_of({{50, 90, up}}), "");
  const auto books = merged(milliseconds{1400});
  EXPECT_EQ(books.merged_names(), std::vector<std::string>{"A"});
  ASSERT_EQ(books.shown().size(), 1);
  EXPECT_EQ(books.shown()[0].name, "B");
  EXPECT_EQ(availability::measure(history(books, "L1", during(0, 90)), during(0, 90)).up, milliseconds{50'000});
}

TEST_F(MergedBooks, AnOutageIsTheSameWhateverPeriodIsAskedFor) {
  const std::vector<said_piece> pieces{{0, 10, up}, {10, 60, down}, {60, 90, up}};
  first->knows("L1", history_of(pieces, {outage_of(10, 60)}), "");
  second->knows("L1", history_of({{0, 20, up}, {20, 90, down}}, {outage_of(20, 0)}), "");
  const auto books = merged();
  const auto whole = books.outages(during(0, 100), "L1", 10), part = books.outages(during(30, 40), "L1", 10);
  ASSERT_EQ(whole.size(), 1);
  ASSERT_EQ(part.size(), 1);
  EXPECT_EQ(period(part[0].began, part[0].ended), during(20, 60));
  EXPECT_EQ(part[0].began_edge, whole[0].began_edge);
  EXPECT_TRUE(books.outages(during(70, 90), "L1", 10).empty());
  EXPECT_EQ(history(books, "L1", during(30, 40)).spans.size(), 1);
}

TEST_F(MergedBooks, OfThePastNoMoreIsReadThanSaysWhatAllOfItWould) {
  first->knows("L1", history_of({{50, 90, up}}), "");
  second->knows("L1", history_of({{50, 90, up}}), "");
  first->knows("L2", history_of({{50, 90, line_state::unknown}}), "");
  const told_books& books = *first;
  std::vector<observed> all;
  all.push_back({{"A", {}}, std::move(first)});
  all.push_back({{"B", milliseconds{0}}, std::move(second)});
  const merged_books merged(std::move(all), {}, {milliseconds{10'000}, milliseconds{20'000}});
  (void)merged.outages(during(80, 90), "L1", 10);
  EXPECT_EQ(books.asked, (decltype(books.asked){{"L1", at(70)}}));
  books.asked.clear();
  (void)merged.outages(during(80, 90), "", 10);
  EXPECT_EQ(books.asked, (decltype(books.asked){{"", at(70)}, {"L2", at(60)}, {"L2", wall_min}}))
      << "nobody says up where the second line's begins";
}

TEST_F(MergedBooks, WhoDiedBeforeItsCloneFirstBeganIsNoBeginningWhereItKnowsMore) {
  const auto named = [](const told_books& books, std::vector<std::pair<std::string, std::int64_t>> starts) {
    signature s{.file = "ledger.db", .heartbeat = books.beat};
    for (const auto& [branch, when] : starts)
      s.starts.push_back({.at = at(when), .version = {}, .text = {}, .branch = branch});
    return s;
  };
  first->beat = at(50), second->beat = at(100);
  first->knows("L1", history_of({{0, 50, up}}), "");
  second->knows("L1", history_of({{0, 20, up}, {70, 90, up}}), "");
  const std::vector<const ledger::reader*> both{first.get(), second.get()};
  const auto same = [&] {
    return same_books(both, {named(*first, {{"a", 0}}), named(*second, {{"a", 0}, {"c", 70}})});
  };
  using found = std::vector<std::optional<std::size_t>>;
  EXPECT_EQ(same(), (found{std::nullopt, std::nullopt})) << "copied at 20";
  first->beat = at(20), first->lines.clear();
  first->knows("L1", history_of({{0, 20, up}}), "");
  EXPECT_EQ(same(), (found{1, std::nullopt})) << "a backup of then";
}

TEST_F(MergedBooks, OfOneInstantUpIsWhatAnyoneSaysIsUp) {
  first->knows("L1", history_of({{0, 50, up}, {50, 90, down}}), "");
  first->knows("L2", history_of({{0, 90, down}}), "");
  second->knows("L1", history_of({{0, 70, up}}), "");
  second->knows("L3", history_of({{0, 60, up}}), "");
  second->lines["L3"].second.scope = during(0, 55);
  const auto books = merged();
  const auto states = [&](std::int64_t second) {
    std::map<std::string, line_state> all;
    books.states_at(at(second), [&](const known_target& t, line_state s) { all[t.id] = s; });
    return all;
  };
  using all = std::map<std::string, line_state>;
  EXPECT_EQ(states(40), (all{{"L1", up}, {"L2", down}, {"L3", up}}));
  EXPECT_EQ(states(60), (all{{"L1", up}, {"L2", down}})) << "the third has left its scope";
  EXPECT_EQ(states(80), (all{{"L1", down}, {"L2", down}})) << "the second one is silent";
  EXPECT_EQ(states(95), (all{{"L1", line_state::unknown}, {"L2", line_state::unknown}}));
}

TEST_F(MergedBooks, BothSidesOfADisagreementShowWhatTheySaw) {
  trace_record usual, begun;
  usual.at = at(1), usual.step = trace_step::usual, usual.targets = "L9 L1", usual.path = "10.0.0.1 10.0.2.1";
  begun.at = at(12), begun.step = trace_step::begun, begun.targets = "L1", begun.began = at(9);
  begun.path = "10.1.0.1 *";
  first->knows("L1", history_of({{0, 90, up}}), "");
  first->traces = {usual};
  second->knows("L1", history_of({{0, 10, up}, {10, 90, down}}, {outage_of(10, 0)}), "");
  second->traces = {begun};
  const auto books = merged();
  const auto told = with_trails(books, books.disagreements_in(during(0, 100), at(1000), ""));
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].what.when, during(10, 90));
  ASSERT_EQ(told[0].up.size(), 1);
  EXPECT_EQ(told[0].up[0].path, "10.0.0.1 10.0.2.1");
  ASSERT_EQ(told[0].down.size(), 1);
  EXPECT_EQ(told[0].down[0].path, "10.1.0.1 *");
  EXPECT_EQ(told[0].down[0].why, cause::timeout);
}

}  // namespace
}  // namespace changtong::observers
