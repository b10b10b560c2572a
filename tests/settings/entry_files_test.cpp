// Rosters and lists of windows as offices keep them, and every kind of mistake in them.
#include "daemon/settings/entry_files.h"

#include <gtest/gtest.h>

#include "tests/reading/two_languages.h"

namespace changtong {
namespace {

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();

std::string mistakes(const filed_commands& r) {
  std::string all;
  if (!r)
    for (const problem& p : r.error().list) all += fakes::english(p) + "\n";
  return all;
}
std::string of_duty(const std::string& text) { return mistakes(read_duty_csv(text, "d.csv", shanghai)); }
std::string of_windows(const std::string& text) { return mistakes(read_windows_csv(text, "w.csv", shanghai)); }

TEST(DutyFile, NamesDaysAndPeopleAsSpreadsheetsWriteThem) {
  const auto read = read_duty_csv(
      "\xef\xbb\xbf日期,值班人,备注\r\n2026/3/4,王工、李工,夜班\r\n2026-03-05,\"赵工，钱工\",\r\n", "d.csv", shanghai);
  ASSERT_TRUE(read) << mistakes(read);
  ASSERT_EQ(read->size(), 4u);
  const auto& first = std::get<duty_command>((*read)[0].what);
  EXPECT_EQ(first.day, "2026-03-04");
  EXPECT_EQ(first.person, "王工");
  EXPECT_EQ(first.text, "夜班");
  EXPECT_EQ(std::get<duty_command>((*read)[3].what).person, "钱工");
  EXPECT_EQ((*read)[3].line, 3);
}

TEST(DutyFile, OfGb18030IsRead) {
  const std::string gb =
      "\xc8\xd5\xc6\xda,\xd6\xb5\xb0\xe0\xc8\xcb\n2026-03-14,\xcd\xf5\xb9\xa4\n";  // 日期,值班人 … 王工
  const auto read = read_duty_csv(gb, "d.csv", shanghai);
  ASSERT_TRUE(read) << mistakes(read);
  EXPECT_EQ(std::get<duty_command>(read->front().what).person, "王工");
}

TEST(DutyFile, EveryMistakeIsNamedWithItsPlace) {
  EXPECT_EQ(of_duty("日期,值班人\n2026-02-30,王工\n2026-03-14,\n昨天,李工\n"),
            "d.csv:2:1: '2026-02-30' is no day: write 2026-03-14\n"
            "d.csv:3:12: nobody is named: who was on duty?\n"
            "d.csv:4:1: '昨天' is no day: write 2026-03-14\n");
  EXPECT_EQ(of_duty(""), "d.csv:1:1: no headings: the first row names the columns\n");
  EXPECT_EQ(of_duty("日期,值班人\n"), "d.csv:1:1: no entries: every row is empty\n");
  EXPECT_EQ(of_duty("日期\n"), "d.csv:1:1: the heading 'person' (值班人) is missing\n");
  EXPECT_EQ(of_duty("日期,值班人,日期\n"), "d.csv:1:8: heading '日期' stands twice: remove one column\n");
  EXPECT_EQ(of_duty("日期,值班人,day of\n").substr(0, 39), "d.csv:1:8: unknown heading 'day of': us");
  EXPECT_EQ(of_duty("日期,值班人,\n"), "d.csv:1:8: an empty heading: remove the column or name it\n");
  EXPECT_EQ(of_duty("日期,值班人\n2026-03-14\n").substr(0, 10), "d.csv:2:1:");
  EXPECT_EQ(of_duty("日期,值班人\n2026-03-14,\"王工\n").substr(0, 11), "d.csv:2:12:");
  EXPECT_EQ(of_duty("day,person\n2026-03-14,\xff\xff\n").substr(0, 6), "d.csv:");
  EXPECT_NE(of_duty("day,person\n2026-03-14," + std::string(65, 'x') + "\n").find("longer than 64"), std::string::npos);
}

TEST(DutyFile, OfTooManyRecordsIsRefused) {
  std::string text = "day,person\n";
  for (std::size_t i = 0; i < most_commands; ++i) text += "2026-03-14,王工\n";
  EXPECT_EQ(of_duty(text), "");
  EXPECT_NE(of_duty(text + "2026-03-14,王工\n").find("more than 2000 entries: split the file"), std::string::npos);
}

TEST(WindowFile, IsReadInTheZone) {
  const auto read = read_windows_csv(
      "事由,线路,开始,结束,编号\n例行,L1 L2;L3,2026-03-14 22:00,2026/3/15 "
      "1:30,G-1\n,*,2026-03-14T22:00:00+08:00,2026-03-15 00:00,\n",
      "w.csv", shanghai);
  ASSERT_TRUE(read) << mistakes(read);
  ASSERT_EQ(read->size(), 2u);
  const auto& w = std::get<window_command>((*read)[0].what);
  EXPECT_EQ(w.id, "G-1");
  EXPECT_EQ(w.targets, (std::vector<std::string>{"L1", "L2", "L3"}));
  EXPECT_EQ(w.from, shanghai.parse("2026-03-14T22:00:00+08:00")->from);
  EXPECT_EQ(w.to, shanghai.parse("2026-03-15T01:30:00+08:00")->from);
  EXPECT_EQ(w.text, "例行");
  const auto& all = std::get<window_command>((*read)[1].what);
  EXPECT_EQ(all.id, "") << "one is made from the day";
  EXPECT_EQ(all.targets, std::vector<std::string>{"*"});
}

TEST(WindowFile, EveryMistakeIsNamedWithItsPlace) {
  const std::string head = "targets,from,to\n";
  EXPECT_EQ(of_windows(head + ",2026-03-14 22:00,2026-03-14 23:00\n"),
            "w.csv:2:1: no line or site: write their ids, or * for all\n");
  EXPECT_EQ(of_windows(head + "L1,2026-03-14,2026-03-14 23:00\n"),
            "w.csv:2:4: '2026-03-14' is no instant: write 2026-03-14 22:00 or 2026-03-14T22:00:00+08:00\n");
  EXPECT_EQ(of_windows(head + "L1,2026-03-14 22:00,2026-03-14 22:00\n"),
            "w.csv:2:21: the window ends before it begins\n");
  EXPECT_EQ(of_windows("targets,from\n"), "w.csv:1:1: the heading 'to' (结束) is missing\n");
  EXPECT_NE(of_windows("id," + head + std::string(65, 'x') + ",L1,2026-03-14 22:00,2026-03-14 23:00\n").find("longer"),
            std::string::npos);
}

TEST(CounterFile, IsReadAsOfficesWriteIt) {
  const auto read = read_counters_csv(
      "\xef\xbb\xbf时间,计数器,数值,单位,来源\r\n2026/3/4 9:05,wechat,\"51,234\",人,平台后台\r\n"
      "2026-03-04T09:05:00+08:00,site,1234.5,,\r\n,,,,\r\n",
      "c.csv", shanghai);
  ASSERT_TRUE(read) << mistakes(read);
  ASSERT_EQ(read->size(), 2u);
  const auto& first = std::get<counter_command>((*read)[0].what);
  EXPECT_EQ(first.counter, "wechat");
  EXPECT_EQ(first.about, shanghai.parse("2026-03-04T09:05:00+08:00")->from);
  EXPECT_EQ(first.value, "51,234");
  EXPECT_EQ(first.unit, "人");
  EXPECT_EQ(first.source, "平台后台");
  EXPECT_EQ((*read)[1].line, 3);
}

TEST(CounterFile, InEnglishAndWithoutUnitOrSourceIsRead) {
  const auto read = read_counters_csv("counter,at,value\nwechat,2026-03-04 09:05,7\n", "c.csv", shanghai);
  ASSERT_TRUE(read) << mistakes(read);
  EXPECT_EQ(std::get<counter_command>(read->front().what).source, "");
}

TEST(CounterFile, OfGb18030IsRead) {
  const std::string gb = "counter,at,value,\xb5\xa5\xce\xbb\nwechat,2026-03-04 09:05,7,\xc8\xcb\n";  // 单位 … 人
  const auto read = read_counters_csv(gb, "c.csv", shanghai);
  ASSERT_TRUE(read) << mistakes(read);
  EXPECT_EQ(std::get<counter_command>(read->front().what).unit, "人");
}

TEST(CounterFile, EveryMistakeIsNamedWithItsPlace) {
  const auto of = [](const std::string& rows) {
    return mistakes(read_counters_csv("计数器,时间,数值\n" + rows, "c.csv", shanghai));
  };
  EXPECT_EQ(of("wechat,2026-03-04 09:05,五万\nwechat,2026-03-04,7\n,2026-03-04 09:05,7\n"),
            "c.csv:2:25: '五万' is no number that a counter shows: write 51234 or 1234.5\n"
            "c.csv:3:8: '2026-03-04' is no instant: write 2026-03-14 22:00 or 2026-03-14T22:00:00+08:00\n"
            "c.csv:4:1: the counter is not named, or its name is longer than 64 characters: A-Z a-z 0-9 - _\n");
  EXPECT_EQ(of("wechat,2026-03-04 09:05,-7\n"),
            "c.csv:2:25: '-7' is no number that a counter shows: write 51234 or 1234.5\n");
  EXPECT_EQ(of("wechat,2026-03-04 09:05,7\nsite,2026-03-04 09:05,7\nwechat,2026/3/4 9:05,8\n"),
            "c.csv:4:1: the counter stands at line 2 with the same time: remove one of them\n");
  EXPECT_EQ(mistakes(read_counters_csv("counter,at\n", "c.csv", shanghai)),
            "c.csv:1:1: the heading 'value' (数值) is missing\n");
}

}  // namespace
}  // namespace changtong
