// Tickets go to their carriers by themselves: made once, sent at least once, with what came of it in the ledger.
#include "daemon/run/ticket_desk.h"

#include <gmock/gmock.h>

#include <condition_variable>

#include "tests/ledger/desk.h"
#include "tests/publish/alerts/decoded.h"

namespace changtong {
namespace {

using namespace ledger;
using namespace ledger::desk;
using testing::HasSubstr;

struct Desk : testing::Test {
  folder f;
  std::mutex guard;
  std::condition_variable happened;
  std::unique_ptr<writer> books = opened(f);
  wall_t now = at(1000);
  std::vector<alerts::mail_message> mails;
  std::vector<std::pair<unsigned, std::string>> answers;  ///< of the channel, in order; none: it stays silent
  settings wanted;

  Desk() {
    const std::string policy = R"({"zone":"Asia/Shanghai","contracts":[{"id":"m","carrier":"移动","period":"month",)"
                               R"("windows":"removed","report_deadline_ms":1800000,"report_to":"bz@example.cn",)"
                               R"("source":"合同"}]})";
    inventory_version line{at(0), "M1",
                           R"({"id":"M1","name":"村M1","category":"village","carrier":"移动",)"
                           R"("accepted":1773417600000})",
                           "test"};
    commit(*books, 103,
           {started{at(0), "0.5.0", ""}, policy_version{at(0), "Asia/Shanghai", policy, "x"}, line, up("M1", 0),
            down("M1", 100, 99), cause_found{"M1", at(100), cause::own_line, ""}});
    wanted.zone = civil_zone::named("Asia/Shanghai").value();
    contract c;
    c.id = "m", c.carrier = "移动", c.report_to = "bz@example.cn";
    wanted.contracts.push_back(c);
    alert_channel mail;
    mail.id = "mail", mail.kind = channel_kind::mail, mail.from = "net@example.cn", mail.to = {"ops@example.cn"};
    mail.url = secret("smtp://127.0.0.1");
    wanted.alerts.channels.push_back(mail);
  }
  ticket_desk::doors doors() {
    return {.now =
                [this] {
                  const std::lock_guard lock(guard);
                  return now;
                },
            .note =
                [this](std::vector<record> some) {
                  const std::lock_guard lock(guard);
                  EXPECT_TRUE(books->commit({{}, std::move(some), {}}));
                  happened.notify_all();
                },
            .send =
                [this](const alert_channel&, const alerts::outgoing& what, ticket_desk::answered end) {
                  std::optional<std::pair<unsigned, std::string>> answer;
                  {
                    const std::lock_guard lock(guard);
                    mails.push_back(std::get<alerts::mail_message>(what));
                    if (!answers.empty()) answer = answers.front(), answers.erase(answers.begin());
                    happened.notify_all();
                  }
                  if (answer) end(answer->first, answer->second);
                },
            .books = [this] { return reader::open(f.ledger()); }};
  }
  [[nodiscard]] std::vector<ticket_record> steps() const { return reading(f)->declared<ticket_record>(); }
  /** Until the ledger has so many steps; false: it has not after half a minute. */
  bool wait_for_steps(std::size_t n) {
    std::unique_lock lock(guard);
    return happened.wait_for(lock, std::chrono::seconds{30}, [&] { return steps().size() >= n; });
  }
  bool wait_for_mails(std::size_t n) {
    std::unique_lock lock(guard);
    return happened.wait_for(lock, std::chrono::seconds{30}, [&] { return mails.size() >= n; });
  }
};

TEST_F(Desk, WhatIsDueIsMadeSentAndItsAnswerIsKept) {
  answers = {{250, "2.0.0 Ok: queued"}};
  ticket_desk desk(wanted, doors());
  ASSERT_TRUE(wait_for_steps(2));
  desk.stop();
  const auto all = steps();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].number, "T20260314-5001");
  EXPECT_EQ(all[0].targets, "M1");
  EXPECT_THAT(all[0].text, HasSubstr("M1 村M1"));
  EXPECT_EQ(all[1].step, ticket_step::sent);
  EXPECT_THAT(all[1].answer, HasSubstr("2.0.0 Ok: queued"));
  EXPECT_EQ(books::fold_tickets(all)[0].sent, now);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].to, std::vector<std::string>{"bz@example.cn"}) << "and nobody of ours";
  EXPECT_EQ(mails[0].from, "net@example.cn");
}

/** What stands behind the heading of the part that has `heading`. */
std::string part(const std::string& mail, const std::string& heading) {
  const std::size_t at = mail.find(heading);
  if (at == std::string::npos) return "(none)";
  const std::size_t begins = mail.find("\r\n\r\n", at);
  return alerts::test::decoded(mail.substr(begins, mail.find("\r\n--", begins) - begins));
}

TEST_F(Desk, TheCarrierGetsAPageAndATableWithIt) {
  answers = {{250, "Ok"}};
  trace_record seen;
  seen.at = at(103), seen.day = "2026-03-14", seen.step = trace_step::begun, seen.targets = "M1", seen.began = at(100);
  seen.path = "10.0.2.1 10.0.3.1", seen.last = "10.0.3.1", seen.next = "10.0.4.1";
  commit(*books, 104, {seen});
  ticket_desk desk(wanted, doors());
  ASSERT_TRUE(wait_for_steps(2));
  desk.stop();
  ASSERT_EQ(mails.size(), 1u);
  const std::string& mail = mails[0].body;
  EXPECT_THAT(mail, HasSubstr("Content-Type: multipart/mixed"));
  EXPECT_THAT(part(mail, "text/plain"), HasSubstr("专线故障报障单"));
  EXPECT_THAT(part(mail, "text/html"), HasSubstr("<td>M1</td>"));
  EXPECT_THAT(part(mail, "text/html"), HasSubstr("到 10.0.3.1 为止，其后 10.0.4.1 不应答"));
  const std::string table = part(mail, "filename=\"T20260314-5001.csv\"");
  EXPECT_THAT(table, HasSubstr("T20260314-5001,M1,村M1"));
  EXPECT_THAT(table, HasSubstr("到 10.0.3.1 为止，其后 10.0.4.1 不应答"));
  EXPECT_THAT(table, HasSubstr("2026-03-14T00:01:40"));
}

TEST_F(Desk, ADeliveryThatFailsIsSaidAndTriedAgainAMinuteLater) {
  answers = {{550, "no such user"}, {250, "Ok"}};
  ticket_desk desk(wanted, doors());
  ASSERT_TRUE(wait_for_steps(2));
  EXPECT_TRUE(steps()[1].answer.starts_with(books::not_delivered)) << steps()[1].answer;
  EXPECT_FALSE(books::fold_tickets(steps())[0].sent);
  {
    const std::lock_guard lock(guard);
    now += std::chrono::minutes{1};
  }
  desk.look();
  ASSERT_TRUE(wait_for_steps(3));
  desk.stop();
  EXPECT_EQ(books::fold_tickets(steps())[0].sent, now);
  EXPECT_EQ(steps().size(), 3u) << "one ticket";
}

TEST_F(Desk, AfterAKillBetweenRecordAndDeliveryItIsSentAndNotMadeAgain) {
  {
    ticket_desk killed(wanted, doors());
    ASSERT_TRUE(wait_for_mails(1)) << "no answer ever comes";
    killed.stop();
  }
  ASSERT_EQ(steps().size(), 1u);
  answers = {{250, "Ok"}};
  ticket_desk again(wanted, doors());
  ASSERT_TRUE(wait_for_steps(2));
  again.stop();
  EXPECT_EQ(steps()[1].number, steps()[0].number);
  EXPECT_EQ(mails.size(), 2u) << "twice rather than never";
}

TEST_F(Desk, WithoutAMailChannelTheTicketSaysWhyItDidNotGo) {
  wanted.alerts.channels.clear();
  ticket_desk desk(wanted, doors());
  ASSERT_TRUE(wait_for_steps(2));
  desk.stop();
  EXPECT_EQ(steps()[1].answer, "! 没有邮件渠道");
  EXPECT_TRUE(mails.empty());
}

}  // namespace
}  // namespace changtong
