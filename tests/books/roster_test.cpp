// Who is on duty, and who is next.
#include "daemon/books/roster.h"

#include <gtest/gtest.h>

namespace changtong::books {
namespace {

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();
wall_t at(const std::string& text) { return shanghai.parse_instant(text).value(); }
duty_record record_of(const std::string& day, const std::string& person,
                      const std::string& entered = "2026-03-01 09:00", const std::string& source = "duty.csv") {
  return {.at = at(entered), .day = day, .person = person, .source = source, .author = "李工", .text = {}};
}
using names = std::vector<std::string>;

duty_turns turns(int handover = 0, names staff = {}) {
  return {.zone = shanghai, .handover = handover, .staff = std::move(staff)};
}

TEST(Roster, TheRecordsOfTheCivilDayNameWhoIsOnAndTheNextDayWhoIsNext) {
  const std::vector<duty_record> all{record_of("2026-03-14", "王工"), record_of("2026-03-14", "李工"),
                                     record_of("2026-03-15", "李工"), record_of("2026-03-15", "赵工")};
  const auto r = roster_at(all, turns(), at("2026-03-14 23:59"));
  EXPECT_EQ(r.now, (names{"王工", "李工"}));
  EXPECT_EQ(r.next, names{"赵工"}) << "李工 is on already";
  EXPECT_EQ(roster_at(all, turns(), at("2026-03-15 00:00")).now, (names{"李工", "赵工"}));
}

TEST(Roster, DutyChangesAtTheHourOfHandover) {
  const std::vector<duty_record> all{record_of("2026-03-14", "王工"), record_of("2026-03-15", "李工")};
  EXPECT_EQ(roster_at(all, turns(510), at("2026-03-15 08:29")).now, names{"王工"});
  EXPECT_EQ(roster_at(all, turns(510), at("2026-03-15 08:30")).now, names{"李工"});
  EXPECT_EQ(duty_day(shanghai, 510, at("2026-03-01 00:00")), "2026-02-28");
}

TEST(Roster, WithoutARecordStaffTakesTurnsADayEach) {
  const names staff{"王工", "李工", "赵工"};
  const auto first = roster_at({}, turns(0, staff), at("2026-03-14 10:00"));
  const auto second = roster_at({}, turns(0, staff), at("2026-03-15 10:00"));
  EXPECT_EQ(first.next, second.now);
  EXPECT_NE(first.now, second.now);
  EXPECT_EQ(roster_at({}, turns(0, staff), at("2026-03-17 10:00")).now, first.now);
  const std::vector<duty_record> one{record_of("2026-03-15", "陈主任")};
  EXPECT_EQ(roster_at(one, turns(0, staff), at("2026-03-14 10:00")).next, names{"陈主任"});
}

TEST(Roster, ADayThatNobodyIsOnIsSkippedForWhoIsNext) {
  const std::vector<duty_record> all{record_of("2026-03-14", "王工"), record_of("2026-03-15", "王工"),
                                     record_of("2026-03-17", "李工")};
  EXPECT_EQ(roster_at(all, turns(), at("2026-03-14 10:00")).next, names{"李工"});
  EXPECT_TRUE(roster_at(all, turns(), at("2026-03-16 10:00")).now.empty());
  EXPECT_TRUE(roster_at({}, turns(), at("2026-03-16 10:00")).next.empty());
}

TEST(Roster, WhatIsEnteredLaterWasNotKnownAndOurOwnChecksNameNobody) {
  const std::vector<duty_record> all{record_of("2026-03-14", "王工", "2026-03-14 12:00"),
                                     record_of("2026-03-14", "automatic", "2026-03-14 00:00", "automatic")};
  EXPECT_TRUE(roster_at(all, turns(), at("2026-03-14 11:59")).now.empty());
  EXPECT_EQ(roster_at(all, turns(), at("2026-03-14 12:00")).now, names{"王工"});
}

TEST(Roster, WhoWasWithdrawnIsNotOnAndMayBeEnteredAgain) {
  const std::vector<duty_record> all{record_of("2026-03-14", "王工"), record_of("2026-03-14", "李工"),
                                     record_of("2026-03-14", "王工", "2026-03-02 09:00", std::string(withdrawn_duty))};
  EXPECT_EQ(roster_at(all, turns(), at("2026-03-14 10:00")).now, names{"李工"});
  EXPECT_EQ(roster_at(all, turns(), at("2026-03-01 10:00")).next, (names{"王工", "李工"})) << "as it was known then";
  std::vector<duty_record> again = all;
  again.push_back(record_of("2026-03-14", "王工", "2026-03-03 09:00"));
  EXPECT_EQ(roster_at(again, turns(), at("2026-03-14 10:00")).now, (names{"李工", "王工"}));
}

}  // namespace
}  // namespace changtong::books
