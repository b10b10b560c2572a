// Which outage something is about that people, carriers and the monitor said.
#include "daemon/books/outage_notes.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::books {
namespace {

using namespace ledger;
using namespace desk;
using testing::ElementsAre;
using testing::IsEmpty;

/** L1 is down from 1000 to 1010, from 5000 to 9000, and from 20000 on; L2 from 5001 to 9000. */
struct Notes : testing::Test {
  folder f;
  std::unique_ptr<writer> books = opened(f);

  Notes() {
    commit(*books, 30'000,
           {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0), down("L1", 1000, 999), up_again("L1", 1010, 1009),
            down("L1", 5000, 4999), down("L2", 5001, 5000), up_again("L1", 9000, 8999), up_again("L2", 9000, 8999),
            down("L1", 20'000, 19'999)});
  }
  static alert_record told(const std::string& id, alert_step what, double s, const std::string& targets) {
    alert_record r;
    r.at = at(s), r.alert = id, r.step = what, r.began = at(s - 3), r.targets = targets;
    return r;
  }
  static ticket_record reported(const std::string& number, double s, double began, const std::string& targets) {
    ticket_record t;
    t.at = at(s), t.number = number, t.carrier = "电信", t.targets = targets, t.began = at(began), t.author = "王工";
    return t;
  }
  /** The notes of the line's outages that touch the period, in order of their beginnings. */
  [[nodiscard]] std::vector<outage_note> of(const std::string& id, double from = 0, double to = 86'400) const {
    std::vector<outage_note> all;
    for (listed_outage& o : list_outages(*reading(f), {at(from), at(to)}, {}, 100))
      if (o.what.target == id) all.insert(all.begin(), std::move(o.note));
    return all;
  }
};

TEST_F(Notes, AnAlertIsAboutTheLastOutageThatBeganBeforeItAndWasOverForAnHourAtMost) {
  commit(*books, 30'001,
         {told("A20260314-0001", alert_step::opened, 1015, "L1"),
          told("A20260314-0002", alert_step::opened, 5003, "L1 L2"),
          told("A20260314-0002", alert_step::resolved, 9001, "L1 L2"),
          told("A20260314-0003", alert_step::opened, 9000 + 3601, "L2"),
          told("A20260314-0002", alert_step::grown, 20'004, "L1")});
  const auto one = of("L1"), two = of("L2");
  EXPECT_THAT(one[0].alerts, ElementsAre("A20260314-0001")) << "told when it was over already";
  EXPECT_THAT(one[1].alerts, ElementsAre("A20260314-0002"));
  EXPECT_THAT(one[2].alerts, ElementsAre("A20260314-0002")) << "it came back";
  EXPECT_THAT(two[0].alerts, ElementsAre("A20260314-0002")) << "A3 is about nothing that is known";
}

TEST_F(Notes, APartOfTheTimeShowsWhatTheWholeShows) {
  commit(*books, 30'001,
         {told("A20260314-0001", alert_step::opened, 1015, "L1"),
          told("A20260314-0002", alert_step::opened, 5003, "L1 L2"), reported("T20260314-0001", 8000, 5000, "L1 L2"),
          reported("T20260314-0002", 21'000, 1000, "L1")});
  EXPECT_THAT(of("L1", 900, 1005)[0].alerts, ElementsAre("A20260314-0001"));
  EXPECT_THAT(of("L1", 8000, 8001)[0].alerts, ElementsAre("A20260314-0002"));
  EXPECT_EQ(of("L1", 8000, 8001)[0].tickets.size(), 1u);
  EXPECT_EQ(of("L1", 900, 1005)[0].tickets.size(), 1u) << "the second ticket is about the first outage";
  EXPECT_THAT(of("L1", 25'000, 26'000)[0].tickets, IsEmpty()) << "though it was made while this one lasted";
}

TEST_F(Notes, AnAcknowledgementIsAboutItsOutageOrAboutAllThatItsAlertTold) {
  commit(*books, 30'001,
         {told("A20260314-0002", alert_step::opened, 5003, "L1 L2"),
          acknowledgement{at(5100), "A20260314-0002", "", at(5000), "王工", "", "cli"},
          acknowledgement{at(20'100), "", "L1", at(20'000), "李工", "", "cli"},
          acknowledgement{at(20'200), "A20260314-0002", "L2", at(5001), "赵工", "", "cli"}});
  const auto one = of("L1"), two = of("L2");
  EXPECT_THAT(one[0].taken, IsEmpty());
  ASSERT_EQ(one[1].taken.size(), 1u);
  EXPECT_EQ(one[1].taken[0].author, "王工");
  ASSERT_EQ(one[2].taken.size(), 1u);
  EXPECT_EQ(one[2].taken[0].author, "李工");
  ASSERT_EQ(two[0].taken.size(), 2u);
  EXPECT_EQ(two[0].taken[1].author, "赵工");
}

TEST_F(Notes, WhoSaysSomethingOfAnAlertThatIsOverHasNotTakenItOver) {
  commit(*books, 30'001,
         {told("A20260314-0002", alert_step::opened, 5003, "L1 L2"),
          acknowledgement{at(5100), "A20260314-0002", "", at(5000), "王工", "", "cli"},
          told("A20260314-0002", alert_step::resolved, 9001, "L1 L2"),
          acknowledgement{at(9100), "A20260314-0002", "", at(5000), "李工", "是施工", "cli"}});
  const outage_note note = of("L2")[0];
  ASSERT_EQ(note.taken.size(), 1U);
  EXPECT_EQ(note.taken[0].author, "王工");
  const std::vector<std::string> said = sentences(note, reading(f)->zone());
  ASSERT_EQ(said.size(), 2U);
  EXPECT_TRUE(said[1].starts_with("是施工（李工，")) << said[1];
  const std::vector<alert_story> alerts = alert_stories(*reading(f), {});
  ASSERT_EQ(alerts.size(), 1U);
  ASSERT_EQ(alerts[0].taken.size(), 1U);
  EXPECT_EQ(alerts[0].taken[0].author, "王工");
  ASSERT_EQ(alerts[0].remarks.size(), 1U) << "and what was said is not lost";
  EXPECT_EQ(alerts[0].remarks[0].text, "是施工");
}

TEST_F(Notes, ATicketIsAboutTheFirstOutageOfEachLineFromItsBeginningOn) {
  commit(*books, 30'001, {reported("T20260314-0001", 9500, 5000, "L1 L2"), reported("T20260314-0002", 900, 800, "L1")});
  const auto one = of("L1"), two = of("L2");
  EXPECT_THAT(one[0].tickets, IsEmpty()) << "T2 was made before it began";
  ASSERT_EQ(one[1].tickets.size(), 1u);
  EXPECT_EQ(one[1].tickets[0].number, "T20260314-0001");
  EXPECT_EQ(two[0].tickets.size(), 1u);
  EXPECT_THAT(one[2].tickets, IsEmpty());
}

TEST_F(Notes, AnAnnotationIsAboutTheOutageInWhichItsInstantLies) {
  const auto note = [](double about, const char* text) {
    return annotation{at(25'000), "L1", at(about), "王工", text};
  };
  commit(*books, 30'001, {note(999, "前"), note(1000, "起"), note(1009, "中"), note(1010, "止"), note(24'000, "今")});
  const auto one = of("L1");
  ASSERT_EQ(one[0].annotations.size(), 2u);
  EXPECT_EQ(one[0].annotations[0].text, "起");
  EXPECT_EQ(one[0].annotations[1].text, "中");
  ASSERT_EQ(one[2].annotations.size(), 1u);
}

TEST_F(Notes, NamesAreThoseOfTheTimeAtWhichAnOutageBegan) {
  inventory_version moved = line("L1", 0);
  moved.at = at(15'000);
  moved.json =
      R"({"id":"L1","name":"新名","category":"village","town":"城北镇","carrier":"移动","accepted":1773417600000})";
  commit(*books, 30'001, {moved});
  const auto all = list_outages(*reading(f), {at(0), at(86'400)}, "L1", 100);
  EXPECT_EQ(all[0].name, "新名");
  EXPECT_EQ(all[0].carrier, "移动");
  EXPECT_EQ(all[1].name, "线路L1");
  EXPECT_EQ(all[1].town, "城南镇");
}

}  // namespace
}  // namespace changtong::books
