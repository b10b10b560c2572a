#include "daemon/observers/observer.h"

#include <gtest/gtest.h>

namespace changtong::observers {
namespace {

signature of(const std::string& node, const std::vector<std::string>& branches, std::int64_t heartbeat = 0) {
  signature s{{}, "ledger.db", wall_from_ms(heartbeat)};
  for (const std::string& branch : branches) {
    started start;
    start.node = node;
    start.branch = branch;
    start.at = wall_from_ms(60 * static_cast<std::int64_t>(s.starts.size()));
    s.starts.push_back(start);
  }
  return s;
}

TEST(Observer, OfMoreThanASecondOffIsNotMergedAndOneNeverComparedMayBeASecondOff) {
  EXPECT_TRUE((observer{"A", milliseconds{-1000}}.merged()));
  EXPECT_FALSE((observer{"A", milliseconds{1001}}.merged()));
  EXPECT_TRUE((observer{"A", {}}.merged()));
  EXPECT_EQ((observer{"A", milliseconds{-350}}.width()), milliseconds{350});
  EXPECT_EQ((observer{"A", {}}.width()), milliseconds{1000});
}

TEST(ObserverNames, AreNodesAndBranchesTellTwoOfOneNodeApart) {
  const auto names =
      names_of({of("东区", {"00112233aa", "44556677bb"}), of("西区", {"8899"}), of("东区", {"cdcdcdcdef"})});
  EXPECT_EQ(names, (std::vector<std::string>{"东区@44556677", "西区", "东区@cdcdcdcd"}));
}

TEST(ObserverNames, OfLedgersThatSayNothingOfThemselvesAreTheirFiles) {
  EXPECT_EQ(names_of({of("", {}), of("", {})}), (std::vector<std::string>{"ledger.db#1", "ledger.db#2"}));
  EXPECT_EQ(names_of({of("", {""})}), std::vector<std::string>{"ledger.db"});
}

TEST(Beginnings, ACopyOfALedgerIsThatLedgerAndARestoredBackupThatWentOnIsNot) {
  const auto original = of("东区", {"a", "b"}, 100), older = of("东区", {"a"}, 50), copy = of("东区", {"a", "b"}, 80);
  const auto restored = of("东区", {"a", "c"}, 90);
  EXPECT_EQ(beginnings({older, original}), (std::vector<std::optional<std::size_t>>{1, std::nullopt}));
  EXPECT_EQ(beginnings({copy, original}), (std::vector<std::optional<std::size_t>>{1, std::nullopt}));
  EXPECT_EQ(beginnings({original, original}), (std::vector<std::optional<std::size_t>>{std::nullopt, 0}));
  EXPECT_EQ(beginnings({original, restored}), (std::vector<std::optional<std::size_t>>{std::nullopt, std::nullopt}));
}

TEST(Beginnings, WhoGoesOnBesideACloneThatBeganAfresh) {
  const auto living = of("东区", {"a"}, 1'000), clone = of("东区", {"a", "c"}, 70), backup = of("东区", {"a"}, 60);
  using found = std::vector<std::optional<std::size_t>>;
  EXPECT_EQ(beginnings({living, clone}), (found{std::nullopt, std::nullopt})) << "what it wrote since is nowhere else";
  EXPECT_EQ(beginnings({clone, living}), (found{std::nullopt, std::nullopt}));
  EXPECT_EQ(beginnings({backup, clone}), (found{1, std::nullopt}));
  EXPECT_EQ(beginnings({backup, living, clone}), (found{1, std::nullopt, std::nullopt}));
}

TEST(Beginnings, OfReplaysWhoseBranchesAreMadeFromWhatTheyHoldAreNotTaken) {
  auto one = of("", {"a"});
  one.starts[0].text = "replay of a trace";
  EXPECT_EQ(beginnings({one, one}), (std::vector<std::optional<std::size_t>>{std::nullopt, std::nullopt}));
}

}  // namespace
}  // namespace changtong::observers
