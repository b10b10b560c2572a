// Whom people mean by a name, a circuit number, an address.
#include "daemon/entries/target_names.h"

#include <gmock/gmock.h>

#include "daemon/entries/entering.h"
#include "tests/ledger/desk.h"

namespace changtong::entries {
namespace {

using namespace ledger;
using namespace desk;
using testing::ElementsAre;
using testing::HasSubstr;

inventory_version listed_line(const std::string& id, const std::string& more) {
  return {at(0), id, R"({"id":")" + id + R"(","category":"village","carrier":"移动",)" + more + "}", "test"};
}

struct Names : testing::Test {
  Names() {
    const std::string gone = R"("name":"龙河村","circuit":"CM-1","closed":)" + std::to_string(ms_of(at(50)));
    commit(*books, 0,
           {started{at(0), "0.1.0", ""}, policy_version{at(0), "Asia/Shanghai", "{}", "test"}, listed_line("L1", gone),
            listed_line("L2", R"("name":"龙河村","circuit":"CM-1","address":"10.0.2.1 fd00::2")"),
            listed_line("L3", R"("name":"青山村","address":"10.0.3.1")"),
            listed_line("L4", R"("name":"青山村","parent":"L2")"),
            listed_line("L5", R"("name":"旧村","closed":)" + std::to_string(ms_of(at(50)))),
            listed_line("L6", R"("name":"L3")"),
            listed_line("S1", R"("kind":"site","name":"门户网站","url":"https://www.example.gov.cn/")")});
    commit(*books, 90, {up("L2", 0), up("L3", 0), up("L4", 0), down("L2", 80, 79)});
  }
  [[nodiscard]] std::string id_of(const std::string& word) {
    auto found = names.id_of(word);
    return found ? *found : found.error().code;
  }
  entering enter(std::vector<command> what) {
    return draft(*people, what, {.name = "李工", .source = "api", .via = "cli"}, at(100));
  }

  folder f;
  std::unique_ptr<writer> books = opened(f);
  std::unique_ptr<reader> people = reading(f);
  civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  target_names names{*people, zone, at(100)};
};

TEST_F(Names, ALineIsMeantByItsIdNameCircuitOrAddress) {
  EXPECT_EQ(id_of("L4"), "L4");
  EXPECT_EQ(id_of("门户网站"), "S1");
  EXPECT_EQ(id_of("https://www.example.gov.cn/"), "S1");
  EXPECT_EQ(id_of("10.0.3.1"), "L3");
  EXPECT_EQ(id_of("fd00:0::2"), "L2") << "however it is written";
  EXPECT_EQ(id_of("L3"), "L3") << "an id is nobody's name";
  EXPECT_EQ(id_of("L9"), "unknown_target");
  EXPECT_EQ(id_of(""), "unknown_target");
}

TEST_F(Names, WhereSeveralAreCalledSoTheyAreListed) {
  const auto several = names.id_of("青山村");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().code, "several_targets");
  EXPECT_EQ(several.error().text, "“青山村”不止一条：L3（青山村）、L4（青山村）；请写编号");
}

TEST_F(Names, AClosedLineIsNotMeantWhereOneThatIsOpenIsCalledSo) {
  EXPECT_EQ(id_of("龙河村"), "L2");
  EXPECT_EQ(id_of("CM-1"), "L2");
}

TEST_F(Names, WhereOnlyAClosedLineIsCalledSoThatIsSaid) {
  const auto old = names.id_of("旧村");
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, "closed_target");
  EXPECT_EQ(old.error().text, "“旧村”是 L5，已于 2026-03-14 00:00:50 停用；仍要写它，请写编号 L5");
  EXPECT_EQ(id_of("L5"), "L5") << "its id says that it is meant";
}

TEST_F(Names, WhateverPeopleEnterTakesNames) {
  const auto noted = enter({annotation_command{.target = "龙河村", .about = {}, .text = "施工"}});
  ASSERT_TRUE(noted);
  EXPECT_EQ(std::get<annotation>(noted->records.at(0)).target, "L2");
  ticket_command ticket;
  ticket.targets = {"CM-1", "L2"};
  const auto reported = enter({ticket});
  ASSERT_TRUE(reported) << reported.error().text;
  EXPECT_EQ(std::get<ticket_record>(reported->records.at(0)).targets, "L2");
  window_command w;
  w.targets = {"10.0.3.1", "龙河村", "L2"};
  w.from = at(3'600), w.to = at(7'200), w.text = "割接";
  const auto window = enter({w});
  ASSERT_TRUE(window);
  std::vector<std::string> targets;
  for (const record& r : window->records) targets.push_back(std::get<window_record>(r).target);
  EXPECT_THAT(targets, ElementsAre("L2", "L3"));
  const auto several = enter({annotation_command{.target = "青山村", .about = {}, .text = "施工"}});
  ASSERT_FALSE(several);
  EXPECT_THAT(several.error().text, HasSubstr("不止一条"));
}

}  // namespace
}  // namespace changtong::entries
