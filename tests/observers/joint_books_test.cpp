// What people entered on either node of a pair counts on both, and both read the same.
#include "daemon/observers/joint_books.h"

#include <gtest/gtest.h>

#include <map>

#include "daemon/entries/entering.h"
#include "daemon/ledger/windows.h"
#include "daemon/observers/shared_entries.h"
#include "tests/ledger/desk.h"

namespace changtong::observers {
namespace {

using namespace ledger::desk;

/** Two nodes that saw L1 go down at about the same moment. The one's copy is the other's ledger: nothing else differs.
 */
struct JointBooks : testing::Test {
  folder first, second;
  std::unique_ptr<ledger::writer> a = opened(first), b = opened(second);
  bool cut = false;

  JointBooks() {
    for (ledger::writer* node : {a.get(), b.get()}) {
      const bool is_a = node == a.get();
      commit(*node, 10,
             {started{at(0), "0.8.0", "", 3, is_a ? "甲机" : "乙机"}, line("L1", 0), up("L1", 1), up("L2", 1)});
    }
    commit(*a, 110, {down("L1", 100, 99)});
    commit(*b, 110, {down("L1", 100.4, 99.4)});
  }
  std::unique_ptr<joint_books> on(const folder& own) {
    const folder& other = &own == &first ? second : first;
    return std::make_unique<joint_books>(
        reading(own),
        other_node{.open = [this, &other]() -> result<std::unique_ptr<ledger::reader>> {
                     if (cut) return said({"没有副本", "no copy"});
                     return ledger::reader::open(other.ledger());
                   },
                   .version = {},
                   .is_first = &own == &second},
        std::make_shared<as_seen_here>());
  }
  /** Somebody asks on one node, which enters what comes of it in its own journal. */
  entering ask(const folder& node, const command& what, const std::string& who, double now,
               node_rank rank = node_rank::first) {
    const std::vector<command> one{what};
    auto made =
        entries::draft(*on(node), one, {.name = who, .source = "api", .via = "api"}, at(now), std::equal_to<>(), rank);
    if (made && !made->records.empty()) commit(&node == &first ? *a : *b, now, made->records);
    return made;
  }
  static command request(const std::string& id, double from, double to, std::vector<std::string> targets = {"L1"}) {
    window_command w;
    w.id = id, w.targets = std::move(targets), w.from = at(from), w.to = at(to), w.text = "割接";
    return w;
  }
  static command step(window_command::act what, const std::string& id) {
    window_command w;
    w.what = what, w.id = id;
    return w;
  }
  static command approval(const std::string& id) { return step(window_command::act::approve, id); }
  /** What the windows of both agree on, as the merged book takes it out. */
  static std::vector<period> excluded(const ledger::reader& from) {
    std::vector<window_record> all;
    for (ledger::window_entry& w : from.windows()) all.push_back(std::move(w.what));
    const ledger::excluded_times times = ledger::all_excluded(all, from.policies());
    const auto its = times.find("L1");
    return its == times.end() ? std::vector<period>{} : its->second;
  }
  /** What a node's own figures take out. */
  static std::vector<period> taken_out(const ledger::reader& from) {
    std::vector<period> all;
    from.histories({at(0), at(100'000)}, at(100'000), "L1",
                   [&](const ledger::known_target&, const availability::target_history& h) { all = h.excluded; });
    return all;
  }
  /** What both nodes say. */
  std::vector<period> agreed() {
    const auto here = on(first), there = on(second);
    std::vector<window_record> ours, theirs;
    for (auto& w : here->windows()) ours.push_back(w.what);
    for (auto& w : there->windows()) theirs.push_back(w.what);
    EXPECT_EQ(ours, theirs);
    EXPECT_EQ(excluded(*here), excluded(*there));
    return excluded(*here);
  }
  static alert_record alert(const std::string& id, double began, const std::string& targets) {
    alert_record r;
    r.at = at(began + 2), r.alert = id, r.began = at(began), r.targets = targets;
    return r;
  }
  static command take_over(const std::string& alert, const std::string& line = {}) {
    acknowledgement_command c;
    c.alert = alert, c.line = line;
    return c;
  }
  static command on_duty(const std::string& person) {
    duty_command d;
    d.day = "2026-03-14", d.person = person;
    return d;
  }
};

TEST_F(JointBooks, AWindowRequestedOnOneAndApprovedOnTheOtherExcludesOnBoth) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  EXPECT_TRUE(agreed().empty());
  EXPECT_FALSE(ask(second, approval("W1"), "王工", 210)) << "the second person is another one on either node";
  ASSERT_TRUE(ask(second, approval("W1"), "李工", 220));
  EXPECT_EQ(agreed(), (std::vector<period>{{at(5000), at(6000)}}));
}

TEST_F(JointBooks, BothApproveWhileTheyDoNotHearOfEachOther) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  ASSERT_TRUE(ask(second, approval("W1"), "李工", 210));
  cut = true;
  const auto known = reading(first)->windows();
  std::vector<record> also{known[0].what};  // as the first knows it, which has not heard of the approval
  std::get<window_record>(also[0]).state = window_state::approved, std::get<window_record>(also[0]).by = "赵工";
  std::get<window_record>(also[0]).at = at(211);
  commit(*a, 211, also);
  cut = false;
  EXPECT_EQ(agreed(), (std::vector<period>{{at(5000), at(6000)}}));
}

TEST_F(JointBooks, WhatIsCancelledOnOneBeforeItBeginsExcludesNothingWhateverTheOtherApproved) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  cut = true;
  ASSERT_TRUE(ask(first, step(window_command::act::cancel, "W1"), "王工", 300));
  commit(*b, 290, {window_record{at(290), "W1", "L1", at(5000), at(6000), window_state::approved, "李工", ""}});
  EXPECT_EQ(excluded(*on(second)).size(), 1) << "it goes on by what it knows";
  cut = false;
  EXPECT_TRUE(agreed().empty());
}

TEST_F(JointBooks, AnApprovalThatIsYoungerThanTheOthersCancellingStandsForTheTimeItNames) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  commit(*b, 310, {window_record{at(310), "W1", "L1", at(5000), at(6000), window_state::approved, "李工", ""}});
  cut = true;
  ASSERT_TRUE(ask(first, step(window_command::act::cancel, "W1"), "王工", 300));
  cut = false;
  EXPECT_EQ(agreed(), (std::vector<period>{{at(5000), at(6000)}})) << "the later word counts, of whichever node";
}

TEST_F(JointBooks, OneIdRequestedOnBothIsOneWindowAndTheLaterRequestHasToBeApproved) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  cut = true;
  ASSERT_TRUE(ask(first, approval("W1"), "赵工", 205));
  ASSERT_TRUE(ask(second, request("W1", 7000, 8000), "李工", 210));
  cut = false;
  EXPECT_TRUE(agreed().empty());
  EXPECT_FALSE(ask(first, approval("W1"), "王工", 220)) << "who wrote any version of it cannot approve it";
  ASSERT_TRUE(ask(first, approval("W1"), "孙工", 230));
  EXPECT_EQ(agreed(), (std::vector<period>{{at(7000), at(8000)}}));
}

TEST_F(JointBooks, NumbersMadeWhileTheLinkIsCutDiffer) {
  cut = true;
  const auto here = ask(first, request("", 5000, 6000), "王工", 200);
  const auto there = ask(second, request("", 5000, 6000), "王工", 200, node_rank::second);
  const auto id = [](const entering& e) { return std::get<window_record>(e->records.front()).id; };
  EXPECT_EQ(id(here), "W20260314-1");
  EXPECT_EQ(id(there), "W20260314-501");
}

TEST_F(JointBooks, FiguresOfANodeAreWhatItsOwnLedgerProves) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  ASSERT_TRUE(ask(second, approval("W1"), "李工", 220));
  ASSERT_TRUE(ask(second, request("W2", 7000, 8000), "李工", 230));
  ASSERT_TRUE(ask(second, approval("W2"), "王工", 240));
  EXPECT_TRUE(taken_out(*on(first)).empty()) << "it has one half of W1 and nothing of W2";
  EXPECT_EQ(taken_out(*on(first)), taken_out(*reading(first)));
  EXPECT_EQ(taken_out(*on(second)), taken_out(*reading(second)));
  period_closed closed;
  closed.at = at(19'000), closed.when = {at(0), at(10'000)}, closed.author = "主任";
  commit(*a, 20'000, {closed});
  EXPECT_TRUE(on(second)->closings().empty()) << "a closing binds the ledger that it is in";
}

TEST_F(JointBooks, LabelsOfAClockThatIsFarAwayMeanNothingHere) {
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  commit(*b, 210, {window_record{at(210), "W1", "L1", at(5000), at(6000), window_state::approved, "李工", ""}});
  bool apart = false;
  other_node other;
  other.open = [&] { return ledger::reader::open(second.ledger()); };
  other.apart = [&] { return apart; };
  const joint_books books(reading(first), other, std::make_shared<as_seen_here>());
  EXPECT_EQ(books.windows().size(), 2);
  apart = true;
  EXPECT_EQ(books.windows().size(), 1);
  apart = false;
  EXPECT_EQ(books.windows().size(), 2) << "once they agree again";
}

TEST_F(JointBooks, DutyAndNotesOfBothStandInOneOrder) {
  ASSERT_TRUE(ask(first, on_duty("王工"), "主任", 200));
  ASSERT_TRUE(ask(second, on_duty("李工"), "主任", 190));
  const auto again = ask(second, on_duty("王工"), "主任", 210);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->records.empty()) << "it is known from the other node";
  ASSERT_TRUE(ask(first, annotation_command{.target = "L1", .about = at(150), .text = "停电"}, "王工", 220));
  ASSERT_TRUE(ask(second, annotation_command{.target = "L1", .about = at(120), .text = "雷击"}, "李工", 230));
  for (const folder* node : {&first, &second}) {
    const auto books = on(*node);
    const auto duty = books->duties("2026-03-14", "2026-03-14");
    ASSERT_EQ(duty.size(), 2);
    EXPECT_EQ(duty[0].person + duty[1].person, "李工王工");
    const auto notes = books->annotations("L1", {at(0), at(1000)});
    ASSERT_EQ(notes.size(), 2);
    EXPECT_EQ(notes[0].text + notes[1].text, "雷击停电");
  }
}

TEST_F(JointBooks, WhoTookAnAlertOverThereHasItHereUnderItsNumberOfHere) {
  commit(*a, 120, {alert("A20260314-0001", 100, "L1")});
  commit(*b, 120, {alert("A20260314-0001", 3, "L2"), alert("A20260314-0002", 100.4, "L1")});
  ASSERT_TRUE(ask(first, take_over("A20260314-0001"), "王工", 130));
  const auto there = on(second)->declared<acknowledgement>();
  ASSERT_EQ(there.size(), 1);
  EXPECT_EQ(there[0].alert, "A20260314-0002");
  EXPECT_EQ(there[0].author, "王工");
  const auto taken = on(second)->taken_there(at(0));
  ASSERT_EQ(taken.size(), 1);
  EXPECT_EQ(taken[0].alert, "A20260314-0002");
  EXPECT_TRUE(on(first)->taken_there(at(0)).empty());
  const auto again = ask(second, take_over("A20260314-0002"), "李工", 140);
  ASSERT_TRUE(again);
  ASSERT_EQ(again->notices.size(), 1);
  EXPECT_EQ(again->notices[0].code, "taken_already");
}

TEST_F(JointBooks, AnAcknowledgementOfALineIsOfItsOutageAsItBeganHere) {
  ASSERT_TRUE(ask(second, take_over({}, "L1"), "李工", 130));
  const auto here = on(first)->declared<acknowledgement>();
  ASSERT_EQ(here.size(), 1);
  EXPECT_EQ(here[0].began, at(100));
}

TEST_F(JointBooks, AnAlertThatIsNoneHereIsSaidOfEachOfItsLines) {
  commit(*b, 120, {alert("A20260314-0002", 100.4, "L1 L2")});
  ASSERT_TRUE(ask(second, take_over("A20260314-0002"), "李工", 130));
  const auto here = on(first)->declared<acknowledgement>();
  ASSERT_EQ(here.size(), 2);
  EXPECT_EQ(here[0].alert, "");
  EXPECT_EQ(here[0].line, "L1");
  EXPECT_EQ(here[0].began, at(100));
}

TEST_F(JointBooks, WithoutACopyTheBooksAreThisNodesAlone) {
  ASSERT_TRUE(ask(second, request("W1", 5000, 6000), "王工", 200));
  cut = true;
  EXPECT_TRUE(on(first)->windows().empty());
  EXPECT_EQ(on(second)->windows().size(), 1);
}

TEST_F(JointBooks, ACopyThatFailsIsLeftOutAndTriedAgain) {
  struct failing final : ledger::reader {
    std::unique_ptr<ledger::reader> of = nullptr;
    [[nodiscard]] const civil_zone& zone() const override { return of->zone(); }
    [[nodiscard]] wall_t first_entry() const override { return wall_max; }
    [[nodiscard]] wall_t heartbeat() const override { return wall_min; }
    [[nodiscard]] std::vector<ledger::known_target> targets() const override { return {}; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override { return {}; }
    void histories(
        period, wall_t, std::string_view,
        const std::function<void(const ledger::known_target&, const availability::target_history&)>&) const override {}
    [[nodiscard]] std::vector<availability::outage> outages(period, std::string_view, std::size_t) const override {
      return {};
    }
    using ledger::reader::declared;
    void declared(std::string_view, const ledger::declared_query&, std::string_view,
                  const std::function<void(record&&)>&) const override {
      throw std::runtime_error("damaged");
    }
  };
  ASSERT_TRUE(ask(first, request("W1", 5000, 6000), "王工", 200));
  ASSERT_TRUE(ask(second, request("W2", 7000, 8000), "李工", 210));
  int opened = 0;
  other_node other;
  other.open = [&]() -> result<std::unique_ptr<ledger::reader>> {
    if (++opened == 1) return std::unique_ptr<ledger::reader>(std::make_unique<failing>());
    return ledger::reader::open(second.ledger());
  };
  int unreadable = 0;
  other.unreadable = [&] { ++unreadable; };
  const joint_books books(reading(first), other, std::make_shared<as_seen_here>());
  EXPECT_EQ(books.windows().size(), 1);
  EXPECT_EQ(unreadable, 1) << "somebody is to look at it";
  EXPECT_EQ(books.windows().size(), 2);
  EXPECT_EQ(unreadable, 1);
}

TEST_F(JointBooks, WhatIsMoreThanMemoryIsGivenIsLeftOutAndSaid) {
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(ask(second, annotation_command{.target = "L1", .about = at(120 + i), .text = "雷击"}, "李工", 230 + i));
  ASSERT_TRUE(ask(second, request("W1", 300, 400), "李工", 240));
  ASSERT_TRUE(ask(second, request("W2", 5000, 6000), "李工", 241));
  commit(*a, 500, {up("L3", 490)});
  std::map<std::string, std::size_t, std::less<>> left;
  other_node other;
  other.open = [&] { return ledger::reader::open(second.ledger()); };
  other.left_out = [&](std::string_view kind, std::size_t n) { left[std::string(kind)] = n; };
  other.bounds = {.entries = 1};
  const joint_books books(reading(first), other, std::make_shared<as_seen_here>());
  const auto notes = books.annotations("L1", {at(0), at(1000)});
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].about, at(122)) << "the youngest stays";
  EXPECT_EQ(left["annotation"], 2u);
  ASSERT_EQ(books.windows().size(), 1u);
  EXPECT_EQ(books.windows()[0].what.id, "W2") << "the other one has ended";
  EXPECT_EQ(left["window"], 1u);
  other.bounds = {};
  const joint_books more(reading(first), other, std::make_shared<as_seen_here>());
  EXPECT_EQ(more.windows().size(), 2u);
  EXPECT_EQ(left["window"], 0u) << "it is no longer true";
}

TEST_F(JointBooks, TakeoversAreInTheOrderOfTheirInstantsWhicheverJournalHasThemFirst) {
  const auto entered = [&](ledger::writer& where, double heard, double when, const std::string& who) {
    acknowledgement taken;
    taken.at = at(when), taken.line = "L1", taken.began = at(&where == a.get() ? 100 : 100.4), taken.author = who;
    commit(where, heard, {taken});
  };
  entered(*a, 130, 125, "王工");
  cut = true;  // the second's arrive later than the first's next one
  entered(*b, 131, 128, "李工");
  entered(*a, 140, 135, "赵工");
  cut = false;
  for (const folder* node : {&first, &second}) {
    std::string order;
    for (const acknowledgement& one : on(*node)->declared<acknowledgement>()) order += one.author;
    EXPECT_EQ(order, "王工李工赵工");
  }
}

TEST(InOneOrder, EachNodesOwnOrderStaysWhateverItsLabelsSay) {
  const auto note = [](double when, const std::string& text) {
    return record(
        acknowledgement{.at = at(when), .alert = {}, .line = {}, .began = {}, .author = {}, .text = text, .via = {}});
  };
  const auto all =
      in_one_order({{note(1, "a"), note(5, "b"), note(4, "c")}, {note(1, "d"), note(4, "e"), note(9, "f")}});
  std::string order;
  for (const record& r : all) order += std::get<acknowledgement>(r).text;
  EXPECT_EQ(order, "adebcf");
}

}  // namespace
}  // namespace changtong::observers
