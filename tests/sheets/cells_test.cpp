// One cell at a time: what it becomes, and whether that is said.
#include <gtest/gtest.h>

#include "daemon/sheets/cell_text.h"

namespace changtong::sheets {
namespace {

using column = reading::line_columns::column;

class Cells : public testing::Test {
 protected:
  Cells() { EXPECT_TRUE(words_.add(std::string(built_in_import_words()), "import.yaml", false)); }

  cell_value read(column c, const std::string& text, double factor = 1) {
    return read_cell(c, {.text = text}, {.categories = categories_, .words = words_, .bandwidth_factor = factor});
  }
  /** The value, with ? behind it if it is said how it came about; ! alone for a problem. */
  std::string made(column c, const std::string& text, double factor = 1) {
    const cell_value r = read(c, text, factor);
    return r.problem ? "!" : r.value + (r.guess ? "?" : "");
  }

  std::vector<category> categories_{
      {"township", "乡镇街"}, {"village", "村/社区"}, {"health", "卫生"}, {"education", "教育"}, {"grid", "网格点"}};
  word_list words_;
};

TEST_F(Cells, NamesKeepTheirWideMarksAndLoseWhatNobodySees) {
  EXPECT_EQ(made(column::name, "\xe3\x80\x80龙河镇（东）\xc2\xa0 "), "龙河镇（东）");
  EXPECT_EQ(made(column::name, "龙河镇\n政府"), "龙河镇政府?");
  EXPECT_EQ(made(column::name, "ISP\r\nroom"), "ISP room?");
  EXPECT_EQ(made(column::name, "龙河\u200b镇"), "龙河镇?");
  EXPECT_EQ(made(column::name, "——"), "?");
  EXPECT_EQ(made(column::circuit, "'007"), "007?");
  EXPECT_EQ(made(column::circuit, "=\"007\""), "007?");
  EXPECT_EQ(made(column::circuit, "2.02E+11"), "!");
  EXPECT_EQ(made(column::circuit, "E+11"), "E+11");
  EXPECT_EQ(made(column::name, "#REF!"), "!");
}

TEST_F(Cells, BandwidthsAreNumbersOfMegabits) {
  for (const auto& [text, value] : std::map<std::string, std::string>{{"100", "100"},
                                                                      {"100 M", "100"},
                                                                      {"1.5G", "1500"},
                                                                      {"100Mbit/s", "100"},
                                                                      {"1,000,000K", "1000?"},
                                                                      {"1,000M", "1000?"},
                                                                      {"百兆", "100?"},
                                                                      {"512k", "0.512?"},
                                                                      {"1,00", "!"},
                                                                      {"1000,000,000", "!"},
                                                                      {",100", "!"},
                                                                      {"-5", "!"},
                                                                      {"100/50", "!"},
                                                                      {"M", "!"},
                                                                      {"2000T", "!"}})
    EXPECT_EQ(made(column::bandwidth, text), value) << text;
  EXPECT_EQ(made(column::bandwidth, "1", 1000), "1000?") << "under 带宽（G）";
  EXPECT_EQ(made(column::bandwidth, "100M", 1000), "100");
}

TEST_F(Cells, AddressesStandInAnyListAndWithTheirMask) {
  for (const auto& [text, value] :
       std::map<std::string, std::string>{{"10.1.1.1", "10.1.1.1"},
                                          {"10.1.1.1 10.1.1.2", "10.1.1.1 10.1.1.2"},
                                          {"10.1.1.1;10.1.1.2", "10.1.1.1 10.1.1.2"},
                                          {"10.1.1.1/10.1.1.2", "10.1.1.1 10.1.1.2?"},
                                          {"10.1.1.1/255.255.255.0", "10.1.1.1?"},
                                          {"10。1。1。1", "10.1.1.1?"},
                                          {"10.1.1.1，10.1.1.1", "10.1.1.1?"},
                                          {"2001:DB8::1", "2001:db8::1"},
                                          {"10.1.1.1（主）10.1.1.2(备)", "10.1.1.1 10.1.1.2?"},
                                          {"10.1.1.1(10.1.1.2)", "!"},
                                          {"10.1.1.1:8080", "!"},
                                          {"10.1.1.1-9", "!"},
                                          {"http://10.1.1.1/", "!"},
                                          {"10.1.1", "!"},
                                          {"010.1.1.1", "!"}})
    EXPECT_EQ(made(column::address, text), value) << text;
  EXPECT_NE(read(column::address, "10.1.1.1:80").problem->cn.find("端口"), std::string::npos);
}

TEST_F(Cells, ACategoryThatIsGuessedHasToBeConfirmed) {
  EXPECT_EQ(made(column::category, "村/社区"), "village");
  EXPECT_EQ(made(column::category, " 村 "), "village");
  EXPECT_EQ(made(column::category, "网格点"), "grid");
  EXPECT_EQ(made(column::category, "部门"), "!") << "this district has no such category";
  const cell_value guess = read(column::category, "乡镇卫生院");
  EXPECT_EQ(guess.value, "health");
  EXPECT_EQ(guess.to_confirm, "乡镇卫生院");
  ASSERT_TRUE(words_.add("乡镇卫生院: village\n", "import-words.yaml", true));
  EXPECT_EQ(made(column::category, "乡镇卫生院"), "village") << "the office knows better";
  EXPECT_EQ(made(column::category, "能源"), "!");
}

TEST_F(Cells, WhatMeansTheSameIsTheSame) {
  const cell_world world{.categories = categories_, .words = words_};
  EXPECT_EQ(canonical(column::bandwidth, "1G", world), "1000");
  EXPECT_EQ(canonical(column::accepted, "2024/3/1", world), "2024-03-01");
  EXPECT_EQ(canonical(column::address, "10.1.1.1; 10.1.1.2", world), "10.1.1.1 10.1.1.2");
  EXPECT_EQ(canonical(column::witness, "否", world), "no");
  EXPECT_EQ(canonical(column::bandwidth, "quick", world), "quick");
}

TEST(Words, TheOfficesOwnStandAboveOurs) {
  word_list words;
  ASSERT_TRUE(words.add("带宽速率: bandwidth_mbps\n", "a", false));
  EXPECT_EQ(words.find("带宽 速率（Mbps）:")->meanings[0], "bandwidth_mbps");
  EXPECT_FALSE(words.find("带宽速率")->confirmed);
  ASSERT_TRUE(words.add(with_words({}, {{"带宽速率", "grade"}, {"a: b", "village"}}), "b", true));
  EXPECT_EQ(words.find("带宽速率")->meanings[0], "grade");
  EXPECT_TRUE(words.find("带宽速率")->confirmed);
  EXPECT_FALSE(words.add("[1, 2]", "c", true));
  EXPECT_FALSE(words.add("a: [x]", "c", true));
  EXPECT_TRUE(words.add("# nothing\n", "c", true));
}

}  // namespace
}  // namespace changtong::sheets
