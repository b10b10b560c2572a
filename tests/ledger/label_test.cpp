// The label of a row of the journal is the instant that its entry gives itself: what is asked of labels (was it entered
// after the signature, before a seal, within a day) is asked of what the figures are made from.
#include <gmock/gmock.h>

#include "daemon/ledger/state_row.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;

constexpr double day = 86'400;

void expect_only_label(const entry& e, wall_t now) {
  const entry_text text = encode(e, now);
  EXPECT_TRUE(decode(text.kind, text.at, text.body)) << text.body;
  for (const auto by : {milliseconds{-1}, milliseconds{1}, milliseconds{-86'400'000}}) {
    const auto read = decode(text.kind, text.at + by, text.body);
    ASSERT_FALSE(read) << text.kind << ' ' << by.count();
    EXPECT_THAT(read.error().text_en, HasSubstr("label")) << text.kind;
  }
}

TEST(Label, IsWhatTheEntrySaysOfItself) {
  for (const entry& e : std::initializer_list<entry>{
           down("L1", 50, 49), resumed{{up("L1", 3), up("L2", 2)}},
           unconfirmed_runs{
               {{"L1", "c", at(1), at(9), 2, cause::timeout}, {"L2", "c", at(3), at(3), 1, cause::refused}}},
           started{at(7), "0.4.0", ""}, stopped{at(9)}, policy_version{at(5), "Asia/Shanghai", "{}", "x"},
           line("L1", 0), window("W1", "L1", 1, 2, 3, "approved"), annotation{at(1), "L1", at(0), "王工", "雷击"},
           duty_record{at(1), "2026-03-14", "王工", "api", "李工", ""},
           period_closed{at(9), {at(0), at(8)}, 1, "李工", "", "[]", "ab", "[]"},
           counter_record{at(9), "c", at(8), "1", "", "", "王工", ""},
           indicator_verdict{at(9), "2026", "X-7", attainment::missed, "", "", "", "", "王工", ""}})
    expect_only_label(e, at(99));
}

TEST(Label, OfAGapAndACauseIsTheirCommitsAndNeverBeforeWhatTheySay) {
  for (const entry& e : std::initializer_list<entry>{stopped_watching(5), stopped_watching(4, 5),
                                                     cause_found{"L1", at(5), cause::own_line, ""}}) {
    const entry_text text = encode(e, at(99));
    EXPECT_TRUE(decode(text.kind, text.at, text.body));
    EXPECT_TRUE(decode(text.kind, at(5), text.body)) << "a commit whose heartbeat was behind";
    EXPECT_FALSE(decode(text.kind, at(4.999), text.body)) << text.kind;
  }
}

/** Three sealed days with an outage on the last one; no daemon runs. */
struct Labels : testing::Test {
  folder f;

  void SetUp() override {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1)});
    commit(*w, day + 3600);
    commit(*w, 2 * day + 3600);
    commit(*w, 3 * day + 3600,
           {down("L1", 2 * day + 36'000, 2 * day + 35'999), up_again("L1", 2 * day + 39'600, 2 * day + 39'599)});
    ASSERT_TRUE(w->stop(at(3 * day + 7200)));
  }
  /** With a hash that fits, and named by the state row. */
  void append(wall_t label, const entry& e) const {
    store s(f.ledger(), store::mode::write);
    const auto last = s.prepare("SELECT seq, hash FROM head");
    ASSERT_TRUE(last->rows().step());
    const std::int64_t seq = last->integer(0) + 1;
    digest prev{};
    std::ranges::copy(last->text(1), prev.begin());
    last->reset();
    const entry_text text = encode(e, label);
    const digest own = chain(prev, seq, label, text.kind, text.body);
    s.prepared("INSERT INTO journal(seq, at, kind, body, prev, hash) VALUES(?,?,?,?,?,?)")
        .run(seq, label, std::string(text.kind), text.body, statement::blob(bytes_of(prev)),
             statement::blob(bytes_of(own)));
    s.prepared("UPDATE head SET seq = ?, hash = ?").run(seq, statement::blob(bytes_of(own)));
  }
  void back_date_a_window() const {
    const wall_t now = at(3 * day + 7200);
    for (const char* state : {"requested", "approved"})
      append(now, window("W1", "L1", day + 3600, 2 * day + 35'400, 2 * day + 40'200, state));
  }
  [[nodiscard]] std::string state() const {
    store s(f.ledger(), store::mode::read);
    return stored_state_line(s).value_or("");
  }
  [[nodiscard]] std::int64_t seals() const {
    return store(f.ledger(), store::mode::read).number("SELECT count(*) FROM seals");
  }
  [[nodiscard]] proof seen(const verify_options& o = {}) const { return prove(f.ledger(), o, {}).value(); }
};

TEST_F(Labels, AWindowBackDatedUnderATrueLabelIsNamedAndChangesNoFigure) {
  const std::string ours(bytes_of(seen().keys.at(0).fingerprint));
  back_date_a_window();
  EXPECT_FALSE(rebuild(f.ledger(), {})) << "no tables are made from it";
  const proof p = seen({.fingerprints = {ours}});
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.first_bad, 7) << p.text;
  EXPECT_THAT(p.text, HasSubstr("label"));
}

TEST_F(Labels, TheNextRunSignsAndSealsNothingOverIt) {
  back_date_a_window();
  const auto w = opened(f);
  EXPECT_THAT(w->seals().found, HasSubstr("entry 7"));
  commit(*w, 4 * day + 7200, {started{at(4 * day), "0.4.0", ""}, up("L1", 4 * day)});
  EXPECT_EQ(state(), "");
  EXPECT_EQ(seals(), 3);
  EXPECT_FALSE(w->seals().trouble.empty());
  ASSERT_TRUE(w->stop(at(5 * day + 7200)));
  EXPECT_EQ(seals(), 3);
  EXPECT_FALSE(seen().ok);
  EXPECT_EQ(seen().first_bad, 7);
}

TEST_F(Labels, TheNextRunReadsWhatNoSealCoversThoughTheRowWasSignedOrStripped) {
  append(at(3 * day + 7300), annotation{at(day), "L1", at(5), "王工", "雷击"});
  store(f.ledger(), store::mode::write).execute("UPDATE head SET signature = NULL");
  const auto w = opened(f);
  EXPECT_THAT(w->seals().found, HasSubstr("entry 7"));
  commit(*w, 3 * day + 7400);
  EXPECT_EQ(state(), "");
}

TEST_F(Labels, APersonsEntryOfTheirOwnInstantIsSignedByTheNextRun) {
  append(at(3 * day + 7300), annotation{at(3 * day + 7300), "L1", at(5), "王工", "雷击"});
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_TRUE(seen().ok) << seen().text;
  const auto w = opened(f);
  commit(*w, 3 * day + 7400);
  EXPECT_EQ(w->seals().failures, 0U);
  EXPECT_EQ(seen().state, "signed") << seen().text;
}

TEST_F(Labels, AHeartbeatBeforeWhatTheLedgerSaysStandsInTheNextStart) {
  const auto found_at = [&](double s) {
    store(f.ledger(), store::mode::write)
        .execute(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(s))).c_str());
    return opened(f)->seals().found;
  };
  EXPECT_THAT(found_at(3 * day + 7200), testing::Not(HasSubstr("heartbeat")));
  EXPECT_THAT(found_at(3 * day + 7199), HasSubstr("before that of the commit of entry 6"));
  EXPECT_THAT(found_at(3 * day + 3599), HasSubstr("heartbeat is earlier than the last seal"));
}

}  // namespace
}  // namespace changtong::ledger
