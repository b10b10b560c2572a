// The other node's journal as it comes to us: what is taken is equal to the original, and nothing else is taken.
#include "daemon/ledger/second_book.h"

#include <gmock/gmock.h>

#include "daemon/host/gzip.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

/** Everything after entry `seq`, `most` at once; the heartbeat with the last of it. */
shipment after(const std::string& ledger, shipped_head from, std::size_t most = 500) {
  const auto book = journal::open(ledger).value();
  const journal_head head = book->head().value();
  shipment s{.after = from.seq, .hash = from.hash, .heartbeat = {}, .entries = {}};
  (void)book->read(from.seq, head.seq, [&](const stored_entry& e) {
    if (s.entries.size() == most) return;
    shipped_entry one{.seq = e.seq, .at = e.at, .kind = std::string(e.kind), .body = std::string(e.body), .hash = {}};
    std::ranges::copy(e.hash, one.hash.begin());
    s.entries.push_back(std::move(one));
  });
  if (from.seq + static_cast<std::int64_t>(s.entries.size()) == head.seq) s.heartbeat = head.heartbeat;
  return s;
}

std::string all_entries(const std::string& ledger) {
  const auto book = journal::open(ledger).value();
  std::string out;
  for (std::int64_t seq = 0;;) {
    const std::int64_t last =
        book->read(seq, 1'000'000,
                   [&](const stored_entry& e) {
                     out += fmt::format("{} {} {} {} {}\n", e.seq, ms_of(e.at), e.kind, e.body, host::hex(e.hash));
                   })
            .value();
    if (last == seq) return out;
    seq = last;
  }
}

struct SecondBook : testing::Test {
  folder f;
  std::unique_ptr<writer> ours = opened(f);
  std::string copy = f.ledger() + ".peer";
  std::unique_ptr<second_book> book = second_book::open(copy).value();

  SecondBook() {
    commit(*ours, 10, {started{at(0), "0.7.0", "", 3, "甲机"}, line("L1", 0), up("L1", 1), up("L2", 1)});
    commit(*ours, 30, {down("L1", 20, 19)});
  }
  [[nodiscard]] shipped_head here() const { return {book->head().seq, book->head().hash}; }
};

TEST_F(SecondBook, IsTheSameJournalWithTheSameFigures) {
  const std::int64_t all = journal::open(f.ledger()).value()->head().value().seq;
  while (here().seq < all) ASSERT_TRUE(book->take(after(f.ledger(), here(), 1)));
  EXPECT_EQ(all_entries(copy), all_entries(f.ledger()));
  EXPECT_EQ(book->head().heartbeat, at(30));
  const auto proof = prove(copy, {}, {}).value();
  EXPECT_TRUE(proof.ok) << proof.text;
  const auto outages = reader::open(copy).value()->outages({at(0), at(100)}, "", 10);
  ASSERT_EQ(outages.size(), 1U);
  EXPECT_EQ(outages[0].target, "L1");
  EXPECT_EQ(outages[0].began, at(20));
}

TEST_F(SecondBook, OnlyTheJournalsEndBringsAHeartbeat) {
  ASSERT_TRUE(book->take(after(f.ledger(), here(), 2)));
  EXPECT_EQ(book->head().heartbeat, wall_t{}) << "what happened until then may still be on its way";
  const auto proof = prove(copy, {}, {}).value();
  EXPECT_TRUE(proof.ok) << proof.text;
  ASSERT_TRUE(book->take(after(f.ledger(), here())));
  EXPECT_EQ(book->head().heartbeat, at(30));
  commit(*ours, 40);
  const auto quiet = after(f.ledger(), here());
  EXPECT_TRUE(quiet.entries.empty());
  ASSERT_TRUE(book->take(quiet));
  EXPECT_EQ(book->head().heartbeat, at(40));
}

TEST_F(SecondBook, NobodyElseWritesIt) {
  ASSERT_TRUE(book->take(after(f.ledger(), {})));
  book.reset();
  const auto w = writer::open(copy);
  ASSERT_FALSE(w) << "an entry of our own would part it from its original for ever";
  EXPECT_THAT(w.error().text, testing::HasSubstr("副本"));
}

TEST_F(SecondBook, IsSetAsideWithItsLogAndBegunAnew) {
  ASSERT_TRUE(book->take(after(f.ledger(), {})));
  const std::string before = all_entries(copy);
  EXPECT_TRUE(std::filesystem::exists(copy + "-wal"));
  const auto reading = reader::open(copy).value();  // somebody looks at it: its log stays
  book.reset();
  const std::string aside = set_copy_aside(copy, "20260314-120000").value();
  EXPECT_EQ(aside, copy + ".20260314-120000");
  EXPECT_EQ(all_entries(aside), before);
  EXPECT_FALSE(std::filesystem::exists(copy) || std::filesystem::exists(copy + "-wal"));
  book = second_book::open(copy).value();
  EXPECT_EQ(here(), shipped_head{});
}

TEST_F(SecondBook, AFileThatWasMovedAwayIsNotWrittenOn) {
  ASSERT_TRUE(book->take(after(f.ledger(), here(), 1)));
  std::filesystem::rename(copy, copy + ".elsewhere");
  EXPECT_FALSE(book->take(after(f.ledger(), here())));
}

TEST_F(SecondBook, SaysFromWhereToGoOnAndTakesNothingTwice) {
  ASSERT_TRUE(book->take(after(f.ledger(), {})));
  const auto again = book->take(after(f.ledger(), {})).value();
  EXPECT_FALSE(again.fork);
  EXPECT_EQ(again.head, here());
  shipment ahead = after(f.ledger(), here());
  ahead.after += 7;  // it was believed to have more than it has: a copy that was lost
  EXPECT_EQ(book->take(ahead).value().head, here());
  EXPECT_EQ(all_entries(copy), all_entries(f.ledger()));
}

TEST_F(SecondBook, GoesOnAfterARestart) {
  ASSERT_TRUE(book->take(after(f.ledger(), here(), 1)));
  const shipped_head before = here();
  book.reset();
  book = second_book::open(copy).value();
  EXPECT_EQ(here(), before);
  ASSERT_TRUE(book->take(after(f.ledger(), here())));
  EXPECT_EQ(all_entries(copy), all_entries(f.ledger()));
}

TEST_F(SecondBook, AnotherJournalIsAForkAndLeavesItAsItIs) {
  ASSERT_TRUE(book->take(after(f.ledger(), {})));
  const std::string before = all_entries(copy);
  const folder other;
  const auto theirs = opened(other);
  commit(*theirs, 10, {started{at(5), "0.7.0", "", 3, "甲机"}, up("L1", 6), up("L2", 6), up("L3", 6), up("L4", 6)});
  shipment s = after(other.ledger(), {});
  for (std::size_t k = 1; k < s.entries.size(); ++k) {  // wherever it is believed to go on
    const auto done = book->take({.after = s.entries[k - 1].seq,
                                  .hash = s.entries[k - 1].hash,
                                  .heartbeat = {},
                                  .entries = {s.entries[k]}})
                          .value();
    EXPECT_TRUE(done.fork || done.head == here());
  }
  EXPECT_TRUE(book->take({.after = 1, .hash = s.entries[0].hash, .heartbeat = {}, .entries = {}}).value().fork);
  EXPECT_EQ(all_entries(copy), before);
}

TEST_F(SecondBook, AnEntryThatIsNotWhatItsHashSaysTakesTheWholeShipmentWithIt) {
  const shipment good = after(f.ledger(), {});
  const auto refused = [&](const char* why, auto spoil) {
    shipment s = good;
    spoil(s.entries.back());
    EXPECT_FALSE(book->take(s)) << why;
    EXPECT_EQ(here(), shipped_head{}) << why;
    EXPECT_EQ(all_entries(copy), "") << why;
  };
  refused("body", [](shipped_entry& e) { e.body[e.body.size() - 2] ^= 1; });
  refused("label", [](shipped_entry& e) { e.at += milliseconds{1}; });
  refused("kind", [](shipped_entry& e) { e.kind = "gap"; });
  refused("hash", [](shipped_entry& e) { e.hash[0] ^= 1; });
  refused("no entry, though it chains", [&](shipped_entry& e) {
    e.body = "{}";
    e.hash = chain(good.entries[good.entries.size() - 2].hash, e.seq, e.at, e.kind, e.body);
  });
  ASSERT_TRUE(book->take(good)) << "and it goes on after all that";
  EXPECT_EQ(all_entries(copy), all_entries(f.ledger()));
}

TEST(Shipment, ReadsBackWhatItWrites) {
  rc::check([] {
    shipment s{.after = *rc::gen::inRange<std::int64_t>(0, 1'000'000), .hash = {}, .heartbeat = {}, .entries = {}};
    if (*rc::gen::arbitrary<bool>()) s.heartbeat = at(*rc::gen::inRange(0, 1000));
    const int count = *rc::gen::inRange(0, 5);
    for (int k = 0; k < count; ++k) {
      shipped_entry e{.seq = s.after + k + 1,
                      .at = at(k),
                      .kind = "transition",
                      .body = *rc::gen::element<std::string>("{}", "{\"text\":\"断\\n\"}", "\"\\\n\t", ""),
                      .hash = {}};
      e.hash[static_cast<std::size_t>(k)] = *rc::gen::arbitrary<std::uint8_t>();
      s.entries.push_back(std::move(e));
    }
    const std::string text = text_of(s);
    RC_ASSERT(read_shipment(text).value() == s);
    RC_ASSERT(text_of(read_shipment(text).value()) == text);
    RC_ASSERT(read_shipment(host::gzipped(text)).value() == s);
  });
}

TEST(Shipment, RefusesWhatIsNotExactlyThat) {
  const shipment s{.after = 1,
                   .hash = {},
                   .heartbeat = at(1),
                   .entries = {{.seq = 2, .at = at(0), .kind = "gap", .body = "{}", .hash = {}}}};
  const std::string good = text_of(s);
  ASSERT_TRUE(read_shipment(good));
  for (const std::string& wrong :
       {std::string(), good + "\n", good.substr(0, good.size() - 1), "\n" + good, good + " "})
    EXPECT_FALSE(read_shipment(wrong)) << wrong;
  const std::string later = good.substr(0, good.find('}')) + R"(,"more":[1]})" + good.substr(good.find('\n'));
  EXPECT_TRUE(read_shipment(later)) << "a later version says more";
  EXPECT_FALSE(
      read_shipment_answer(R"({"seq":-9223372036854775808,"hash":")" + std::string(64, '0') + R"(","clock":0})"));
  shipment hole = s;
  hole.entries[0].seq = 3;
  EXPECT_FALSE(read_shipment(text_of(hole)));
  shipment many{.after = 0, .hash = {}, .heartbeat = {}, .entries = {}};
  for (std::size_t k = 0; k <= most_shipped_entries; ++k)
    many.entries.push_back(
        {.seq = static_cast<std::int64_t>(k) + 1, .at = at(0), .kind = "gap", .body = "{}", .hash = {}});
  EXPECT_FALSE(read_shipment(text_of(many)));
  many.entries.pop_back();
  EXPECT_TRUE(read_shipment(text_of(many)));
  shipment heavy = s;
  heavy.entries[0].body.assign(most_shipped_bytes, 'x');
  EXPECT_FALSE(read_shipment(text_of(heavy)));
  EXPECT_FALSE(read_shipment(host::gzipped(text_of(heavy)))) << "small on its way, and too large to be read";
  const std::string packed = host::gzipped(good);
  ASSERT_TRUE(read_shipment(packed));
  for (const std::string& wrong : {packed.substr(0, packed.size() - 1), packed.substr(0, 2), packed + " ",
                                   packed + packed, host::gzipped(packed), host::gzipped(std::string_view())})
    EXPECT_FALSE(read_shipment(wrong));
}

TEST(Shipment, AReceiverThatSaysNothingOfGzipReadsNone) {
  const shipment_answer a{.head = {.seq = 1, .hash = {}}, .clock = at(1)};
  std::string text = text_of(a);
  EXPECT_TRUE(read_shipment_answer(text)->reads_gzip);
  text.erase(text.find(",\"gzip\""), std::string_view(",\"gzip\":true").size());
  EXPECT_FALSE(read_shipment_answer(text)->reads_gzip);
}

TEST(Shipment, WhatIsAnsweredInsteadIsReadAsSentences) {
  const auto told = read_refusal(R"({"error":{"code":"busy","text":"正在收上一批","text_en":"another\u001b[2J"}})");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->cn, "正在收上一批");
  EXPECT_EQ(told->en, "another\xef\xbf\xbd[2J") << "a terminal obeys nobody else";
  for (const char* other : {"", "<html>", "{}", R"({"error":"busy"})", R"({"error":{"text":"正在收上一批"}})"})
    EXPECT_FALSE(read_refusal(other)) << other;
}

}  // namespace
}  // namespace changtong::ledger
