#include "daemon/audit/extract.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "daemon/audit/compare.h"
#include "daemon/core/csv.h"
#include "daemon/reading/csv.h"

namespace changtong::audit {
namespace {

journal_line line(std::int64_t seq, const std::string& body, const ledger::digest& prev) {
  const wall_t at = wall_from_ms(1'773'417'600'000 + seq);
  return {seq, at, "stop", body, ledger::chain(prev, seq, at, "stop", body)};
}

TEST(Extract, AnEntryReadsBackAsItWasWritten) {
  const journal_line l = line(1, "{\"text\":\"雷击，\\n\"}", {});
  const auto back = read_line(line_of(l));
  ASSERT_TRUE(back);
  EXPECT_EQ(line_of(*back), line_of(l));
  EXPECT_EQ(back->body, l.body);
}

TEST(Extract, OnlyTheOneWayOfWritingALineIsRead) {
  const std::string good = line_of(line(1, "{}", {}));
  EXPECT_FALSE(read_line(good + " "));
  EXPECT_FALSE(read_line(" " + good));
  EXPECT_FALSE(read_line(good + good));
  EXPECT_FALSE(read_line("{\"at\":1,\"seq\":1}"));
  std::string upper = good;
  for (char& c : upper) c = c == 'a' ? 'A' : c;
  EXPECT_FALSE(read_line(upper));
  std::string more = good;
  more.insert(more.size() - 1, ",\"x\":1");
  EXPECT_FALSE(read_line(more));
}

TEST(Extract, TheChainSaysWhichEntryIsMissingOrChanged) {
  chain_check c;
  c.want(2);
  const journal_line one = line(1, "{}", {}), two = line(2, "{}", one.hash);
  EXPECT_FALSE(c.take(two));
  ASSERT_TRUE(c.take(one));
  journal_line changed = two;
  changed.body = "{ }";
  EXPECT_FALSE(c.take(changed));
  EXPECT_EQ(c.hash_at(2), std::nullopt);
  ASSERT_TRUE(c.take(two));
  EXPECT_EQ(c.hash_at(2), two.hash);
  EXPECT_EQ(c.hash_at(1), std::nullopt) << "nobody asked for it";
  EXPECT_FALSE(c.take(two)) << "the same entry again";
}

TEST(Extract, LinesAreTheSameHoweverTheBytesCome) {
  rc::check([] {
    const auto texts = *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
    std::vector<std::string> lines;
    std::string all;
    for (std::string t : texts) {
      std::erase(t, '\n');
      lines.push_back(t);
      all += t + "\n";
    }
    line_cutter cut;
    std::vector<std::string> got;
    for (std::size_t at = 0; at < all.size();) {
      const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
      RC_ASSERT(cut.feed(std::string_view(all).substr(at, size), [&](std::string_view l) {
        got.emplace_back(l);
        return true;
      }));
      at += size;
    }
    RC_ASSERT(got == lines);
    RC_ASSERT(cut.whole());
  });
}

TEST(Extract, ALineWithoutEndIsGivenUpBeforeItFillsTheMemory) {
  line_cutter cut;
  const std::string piece(1 << 20, 'x');
  std::size_t taken = 0;
  while (taken < 100 && cut.feed(piece, [](std::string_view) { return true; })) ++taken;
  EXPECT_EQ(taken, most_line_bytes >> 20);
}

TEST(Csv, WhatTheReportsWriteReadsBack) {
  rc::check([] {
    const auto fields =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>()));
    RC_PRE(fields.size() <= reading::csv_manners{}.most_fields);
    std::string text;
    for (int row = 0; row < 3; ++row) {
      for (std::size_t i = 0; i < fields.size(); ++i) text += (i > 0 ? "," : "") + changtong::csv_field(fields[i]);
      text += "\r\n";
    }
    reading::csv_reader csv(text, reading::written_by_a_program);
    std::vector<reading::csv_field> row;
    for (int number = 0; number < 3; ++number) {
      RC_ASSERT(csv.next(row).value());
      RC_ASSERT(std::ranges::equal(row, fields, {}, &reading::csv_field::text, no_formula));
    }
    RC_ASSERT(!csv.next(row).value());
  });
}

/** A pack of an older format may lack columns, and nothing else: what another reader would pass over is named. */
TEST(Csv, NothingInAFileOfAnOlderPackIsPassedOver) {
  const std::string computed = "a,b,later\r\n1,2,x\r\n\"q\"\"\",4,y\r\n";
  const auto found = [&](std::string_view stated) {
    return compare_text("t.csv", stated, computed, columns::first_ones);
  };
  EXPECT_EQ(found("a,b\r\n1,2\r\n\"q\"\"\",4\r\n").size(), 0U);
  for (const std::string_view more :
       {"#x\r\na,b\r\n1,2\r\n\"q\"\"\",4\r\n", "a,b\r\n\r\n1,2\r\n\"q\"\"\",4\r\n", "a,b\r\n1,2,3\r\n\"q\"\"\",4\r\n",
        "a,b\r\n1,2\r\n\"q\"\"\",4\r\n\r\n", "a,b\r\n1,2\r\n\"q\"\"\"x,4\r\n", "a,b\r\n1,2\r\n\"q\"\"\",4\r\n\"", ""})
    EXPECT_GE(found(more).size(), 1U) << more;
}

}  // namespace
}  // namespace changtong::audit
