// The desk under fake time: records in, steps noted, messages out; and the daemon killed at each step of a delivery.
#include "daemon/run/alert_desk.h"

#include <gtest/gtest.h>

#include <deque>

#include "daemon/settings/alert_words.h"
#include "tests/fakes/world.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;

const wall_t begin = wall_from_ms(1'773'417'600'000);

settings one_webhook() {
  settings s;
  s.zone = civil_zone::named("Asia/Shanghai").value();
  s.targets = fakes::district({{.id = "A"}, {.id = "B"}, {.id = "C"}, {.id = "D"}});
  s.words = built_in_words();
  alert_channel c;
  c.id = "hook";
  c.kind = channel_kind::webhook;
  c.url = secret("http://127.0.0.1:1/");
  c.per_minute = c.burst = 1000;
  s.alerts.channels.push_back(c);
  telling_rule all;
  all.steps.push_back({.after = milliseconds{0}, .tell = {}, .by = {"hook"}});
  s.alerts.rules.push_back(all);
  return s;
}

/** A ledger that takes everything, or is cut off after so many steps; what it has outlives the daemon. */
struct books_of_paper {
  std::vector<record> kept;
};

class paper_reader final : public ledger::reader {
 public:
  explicit paper_reader(const books_of_paper& b) : books_(b), zone_(civil_zone::named("Asia/Shanghai").value()) {}
  const civil_zone& zone() const override { return zone_; }
  wall_t first_entry() const override { return begin; }
  wall_t heartbeat() const override { return begin; }
  std::vector<ledger::known_target> targets() const override { return {}; }
  std::vector<std::pair<std::string, std::string>> categories() const override { return {}; }
  void histories(
      period, wall_t, std::string_view,
      const std::function<void(const ledger::known_target&, const availability::target_history&)>&) const override {}
  std::vector<availability::outage> outages(period, std::string_view, std::size_t) const override { return {}; }
  void declared(std::string_view kind, const ledger::declared_query&, std::string_view,
                const std::function<void(record&&)>& each) const override {
    for (const record& r : books_.kept)
      if (std::holds_alternative<alert_record>(r)
              ? kind == "alert"
              : std::holds_alternative<acknowledgement>(r) && kind == "acknowledgement")
        each(record(r));
  }

 private:
  const books_of_paper& books_;
  civil_zone zone_;
};

/** One run of the daemon: the desk, and around it what it needs. */
class office {
 public:
  office(books_of_paper& books, wall_t& now, const std::vector<std::string>& open = {})
      : books_(books), now_(now), settings_(one_webhook()) {
    boards_.set(std::make_shared<board>(settings_.targets));
    ledger::restored recalled;
    recalled.fresh = books.kept.empty();
    for (const std::string& id : open)
      recalled.states.push_back({.target = id,
                                 .believed = line_state::down,
                                 .since = begin,
                                 .outage_began = begin,
                                 .cause_known = true,
                                 .why = cause::timeout});
    desk_ = std::make_unique<alert_desk>(
        settings_, recalled,
        alert_desk::doors{
            .now = [this] { return now_; },
            .note =
                [this](std::vector<record> some) { std::move(some.begin(), some.end(), std::back_inserter(noted_)); },
            .send =
                [this](const alert_channel& c, const alerts::outgoing& what, alert_desk::answered end) {
                  sent.push_back(std::get<alerts::http_message>(what).body);
                  if (c.id != mute)
                    end(200, "ok");
                  else
                    held.push_back(std::move(end));
                },
            .books = [this]() -> result<std::unique_ptr<ledger::reader>> {
              return std::unique_ptr<ledger::reader>(std::make_unique<paper_reader>(books_));
            },
            .boards = &boards_,
            .counters = &counters,
            .free_bytes = {},
            .roster_of = [](const settings&) { return [](wall_t) { return alerts::on_duty{}; }; },
            .in_doubt = {},
            .wake = [] {}});
  }

  /** The ledger has it, and everybody hears of it. */
  void happens(std::vector<record> some) {
    for (const record& r : some) books_.kept.push_back(r);
    desk_->take(some);
  }
  void down(const std::string& id) {
    transition t;
    t.target = id;
    t.to = line_state::down;
    t.at = now_ - 1500ms;
    t.confirmed = now_;
    t.why = cause::timeout;
    happens({t, cause_found{.target = id, .began = t.at, .why = cause::own_line, .upstream = {}}});
  }
  void up(const std::string& id) {
    transition t;
    t.target = id;
    t.to = line_state::up;
    t.at = t.confirmed = now_;
    happens({t});
  }
  /** True: the daemon was killed before the ledger had the next step. */
  bool pass(milliseconds length) {
    for (const wall_t end = now_ + length; now_ < end; now_ += 100ms) {
      (void)desk_->round();
      if (!noted_.empty()) {
        std::vector<record> some = std::exchange(noted_, {});
        if (steps_left == 0) return true;
        --steps_left;
        happens(std::move(some));
      }
    }
    return false;
  }
  [[nodiscard]] std::size_t told(const std::string& kind, const std::string& id) const {
    return static_cast<std::size_t>(std::ranges::count_if(sent, [&](const std::string& body) {
      return body.find("\"kind\":\"" + kind + "\"") != std::string::npos &&
             body.find("\"" + id + "\"") != std::string::npos;
    }));
  }
  void reload(alert_settings alerts) {
    settings_.alerts = std::move(alerts);
    desk_->adopt(settings_);
  }
  /** The inventory has it no more. */
  void without(const std::string& id) {
    std::vector<fakes::line_spec> rest;
    for (const target& t : settings_.targets->targets)
      if (t.id != id) rest.push_back({.id = t.id});
    settings_.targets = fakes::district(rest);
    boards_.set(std::make_shared<board>(settings_.targets));
    desk_->adopt(settings_);
  }
  [[nodiscard]] alert_view view() const { return desk_->view(); }

  std::vector<std::string> sent;
  std::size_t steps_left = 1'000'000;
  std::string mute;                        ///< a channel that never answers
  std::vector<alert_desk::answered> held;  ///< while there are none
  daemon_counters counters;

 private:
  books_of_paper& books_;
  wall_t& now_;
  settings settings_;
  board_holder boards_;
  std::vector<record> noted_;
  std::unique_ptr<alert_desk> desk_;
};

TEST(AlertDesk, OneOutageIsOneMessageAndItsEndAnother) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  o.down("A");
  o.pass(3s);
  EXPECT_EQ(o.sent.size(), 1U);
  EXPECT_EQ(o.told("opened", "A"), 1U);
  EXPECT_EQ(o.view().open, 1U);
  o.up("A");
  o.pass(3s);
  EXPECT_EQ(o.sent.size(), 2U);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_EQ(o.view().open, 0U);
  ASSERT_EQ(o.view().channels.size(), 1U);
  EXPECT_EQ(o.view().channels[0].told, 2U);
}

TEST(AlertDesk, NothingIsSentBeforeTheLedgerHasTheStep) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  o.down("A");
  o.steps_left = 0;
  EXPECT_TRUE(o.pass(3s));
  EXPECT_TRUE(o.sent.empty());
}

/** The ledger was away for all of an outage; when it is back, everything is announced once more. */
TEST(AlertDesk, WhatIsAnnouncedAgainOnceItIsRecordedIsToldOnce) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  o.down("A");
  o.pass(3s);
  o.up("A");
  o.pass(3s);
  EXPECT_EQ(o.sent.size(), 2U);
  o.happens(std::vector<record>(books.kept));
  o.pass(10s);
  EXPECT_EQ(o.sent.size(), 2U);
  EXPECT_EQ(o.view().open, 0U);
}

/** Design: at least once, duplicates rather than silence. */
TEST(AlertDesk, KilledAtAnyStepItTellsTheRestAfterTheNextStart) {
  for (std::size_t killed = 0; killed < 8; ++killed) {
    books_of_paper books;
    wall_t now = begin + 1h;
    std::size_t opened = 0, resolved = 0;
    bool dead = false;
    {
      office first(books, now);
      first.steps_left = killed;
      first.down("A");
      dead = first.pass(5s);
      if (!dead) {
        first.up("A");
        dead = first.pass(5s);
      }
      opened += first.told("opened", "A");
      resolved += first.told("resolved", "A");
    }
    const bool ended = std::ranges::any_of(books.kept, [](const record& r) {
      const auto* t = std::get_if<transition>(&r);
      return t != nullptr && t->to == line_state::up;
    });
    now += 10s;
    office second(books, now, ended ? std::vector<std::string>{} : std::vector<std::string>{"A"});
    second.pass(5s);
    if (!ended) second.up("A");
    second.pass(5s);
    opened += second.told("opened", "A");
    resolved += second.told("resolved", "A");
    EXPECT_GE(opened, 1U) << killed;
    EXPECT_LE(opened, 2U) << killed;
    EXPECT_GE(resolved, 1U) << killed;
    EXPECT_LE(resolved, 2U) << killed;
    EXPECT_EQ(second.view().open, 0U) << killed;
  }
}

/** Somebody configures alerts in the middle of an outage. */
TEST(AlertDesk, TheFirstChannelIsToldOfWhatIsDown) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  o.reload({});
  o.down("A");
  o.pass(5s);
  EXPECT_TRUE(o.sent.empty());
  o.reload(one_webhook().alerts);
  o.pass(5s);
  EXPECT_EQ(o.told("opened", "A"), 1U);
  o.up("A");
  o.pass(5s);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_EQ(o.sent.size(), 2U);
}

/** What is well and what has left end an alert in two steps of one instant. */
TEST(AlertDesk, AnAlertOfWhichALineIsClosedIsOverAllTheSame) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  for (const char* id : {"A", "B", "C"}) o.down(id);
  o.pass(5s);
  o.without("C");
  o.pass(1s);
  o.up("A");
  o.up("B");
  o.pass(10s);
  EXPECT_EQ(o.view().open, 0U);
}

TEST(AlertDesk, AChannelThatNeverAnswersHoldsUpNoOther) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  alert_settings two = one_webhook().alerts;
  two.channels.push_back(two.channels[0]);
  two.channels[1].id = "other";
  two.rules[0].steps[0].by = {"hook", "other"};
  o.reload(two);
  o.mute = "hook";
  o.down("A");
  o.pass(3s);
  o.down("B");
  o.pass(3s);
  o.up("A");
  o.up("B");
  o.pass(3s);
  EXPECT_EQ(o.view().channels[1].told, 4U) << "two outages and their ends, by the other";
  EXPECT_EQ(o.view().channels[0].told, 0U);
}

TEST(AlertDesk, OurOwnUplinkIsOneMessageAboutOurselves) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now);
  o.counters.own_uplink_silent = true;
  o.pass(2s);
  EXPECT_TRUE(o.sent.empty()) << "a blip rings no phone";
  o.pass(10s);
  ASSERT_EQ(o.sent.size(), 1U);
  EXPECT_NE(o.sent[0].find(R"("kind":"own","cause":"own")"), std::string::npos) << o.sent[0];
  o.counters.own_uplink_silent = false;
  o.pass(20s);
  EXPECT_EQ(o.sent.size(), 2U);
}

/** Whenever it comes: also just before we look around. */
TEST(AlertDesk, AnAnswerOnItsWayIntoTheBooksIsNotNobody) {
  for (int k = 0; k < 12; ++k) {
    books_of_paper books;
    wall_t now = begin;
    office o(books, now);
    o.mute = "hook";
    o.pass(1s);
    o.down("A");
    o.pass(3s + k * 100ms);
    ASSERT_EQ(o.held.size(), 1U);
    o.held[0](200, "ok");
    o.mute.clear();
    o.pass(5s);
    EXPECT_EQ(o.sent.size(), 1U) << o.sent.back();
  }
}

TEST(OwnHealth, SaysNothingOfADaemonThatIsWell) {
  own_health h;
  daemon_counters c;
  c.clock_synchronised = 0;  // never was: a machine without a time source, whose clock agrees with the labels
  for (int k = 0; k < 3600; ++k)
    for (const auto& [name, wrong] : h.look(c, std::nullopt, false, begin + std::chrono::seconds{k}))
      EXPECT_FALSE(wrong) << name;
}

/** Each fault, by what shows it. */
TEST(OwnHealth, NamesEachFault) {
  const auto found = [](const std::function<void(daemon_counters&)>& spoil, milliseconds after,
                        std::optional<std::uint64_t> free = std::nullopt, bool nobody = false) {
    own_health h;
    daemon_counters c;
    std::string all;
    (void)h.look(c, 1ULL << 40, false, begin);
    spoil(c);
    for (wall_t at = begin + 1s; at <= begin + after; at += 1s) {
      all.clear();
      for (const auto& [name, wrong] : h.look(c, free, nobody, at))
        if (wrong) all += std::string(name) + " ";
    }
    return all;
  };
  EXPECT_EQ(found([](auto& c) { c.own_uplink_silent = true; }, 3s), "");
  EXPECT_EQ(found([](auto& c) { c.own_uplink_silent = true; }, 4s), "uplink ");
  EXPECT_EQ(found([](auto& c) { c.samples[0][static_cast<std::size_t>(outcome::not_measured)] = 10; }, 4s), "");
  EXPECT_EQ(found([](auto& c) { c.samples[0][static_cast<std::size_t>(outcome::not_measured)] = 10; }, 6s), "blind ");
  EXPECT_EQ(found([](auto& c) { c.samples[0][static_cast<std::size_t>(outcome::not_measured)] = 9; }, 60s), "");
  EXPECT_EQ(found([](auto& c) { c.anchors_contradicted = true; }, 1s), "anchors ");
  EXPECT_EQ(found([](auto& c) { c.ledger_writable = false; }, 3s), "ledger ");
  EXPECT_EQ(found([](auto& c) { c.clock_offset_ms = -400'000; }, 6s), "clock ");
  EXPECT_EQ(found([](auto& c) { c.ledger_verified_ok = 0; }, 1s), "verification ");
  EXPECT_EQ(found([](auto&) {}, 1s, 100 << 20), "disk ");
  EXPECT_EQ(found([](auto&) {}, 1s, std::nullopt, true), "nobody ");
  EXPECT_EQ(found([](auto&) {}, 27h), "seals ");
  EXPECT_EQ(found(
                [](auto& c) {
                  c.late_slots = 500;
                  c.samples[0][0] = 4000;
                },
                60s),
            "late ");
}

}  // namespace
}  // namespace changtong
