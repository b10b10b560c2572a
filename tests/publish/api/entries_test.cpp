// People enter, over a ledger that a writer wrote: what is answered is what was committed, by whom the token names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/publish/api/openapi.h"
#include "tests/publish/api/people.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(EntriesTest, ARefusedBodyIsToldInEachLanguageWhateverItHolds) {
  EXPECT_THAT(
      post_as("wang", "/api/v1/annotations", R"({"a / b":1})").body,
      HasSubstr(
          R"("text":"内容无法读取：不认识的键 'a / b'","text_en":"the body cannot be read: unknown key 'a / b'")"));
  EXPECT_THAT(post_as("wang", "/api/v1/annotations", R"({"target":"V001","text":"x","about":"2026 / 03"})").body,
              HasSubstr(R"("text_en":"the body cannot be read: about: '2026 / 03' is no instant: write)"));
}

TEST_F(EntriesTest, AKeyThatStandsTwiceIsRefusedBecauseOneOfItsValuesWouldBeLost) {
  for (const char* body :
       {R"({"target":"V001","text":"甲","text":"乙"})", R"({"target":"V001","text":"甲","t\u0065xt":"乙"})",
        R"({"entries":[{"target":"V001","text":"甲"},{"target":"V001","text":"甲" , "text" :"乙"}]})"}) {
    const auto done = post_as("wang", "/api/v1/annotations", body);
    EXPECT_EQ(done.status, 400) << body;
    EXPECT_THAT(done.body, HasSubstr("key 'text' stands twice: say it once")) << body;
    EXPECT_THAT(done.body, HasSubstr("键 'text' 出现两次"));
  }
  EXPECT_EQ(asked, 0);
  const auto fine = R"({"entries":[{"target":"V001","text":"\"text\":{\\"},{"target":"V001","text":"text"}]})";
  EXPECT_EQ(post_as("wang", "/api/v1/annotations", fine).status, 200) << "each entry has its own keys";
}

TEST_F(EntriesTest, AWindowIsRequestedAndApprovedByTwoPeople) {
  EXPECT_EQ(request().status, 200);
  EXPECT_EQ(step("li", R"({"step":"approve"})").status, 409) << "their own";
  const auto done = step("wang", R"({"step":"approve","text":"同意"})");
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_THAT(done.body, HasSubstr(R"("by":"王工")"));
  const auto list = json("/api/v1/windows").at("windows").as_array();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].at("state"), "approved");
  EXPECT_EQ(list[0].at("requested_by"), "李工");
  EXPECT_EQ(list[0].at("approved_by"), "王工");
  EXPECT_EQ(list[0].at("approved_via"), "api: 王工@192.0.2.7");
  EXPECT_EQ(list[0].at("excluded_from"), "2026-03-14T22:00:00.000+08:00");
  EXPECT_EQ(json("/api/v1/windows", {{"line", "V002"}}).at("windows").as_array().size(), 0u);
  EXPECT_EQ(json("/api/v1/windows", {{"from", "2026-03-15"}, {"to", "2026-03-16"}}).at("windows").as_array().size(),
            0u);
}

TEST_F(EntriesTest, AWindowThatOnlyEndedEarlierIsListedAsApproved) {
  ASSERT_EQ(request().status, 200);
  ASSERT_EQ(step("wang", R"({"step":"approve"})").status, 200);
  d.now = wall_from_ms(1'773'498'600'000);  // 22:30
  const auto done = step("li", R"({"step":"revise","to":"2026-03-14 22:45"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_THAT(done.body, HasSubstr("only_ends_earlier"));
  EXPECT_THAT(done.body, HasSubstr(R"("state":"revised")")) << "as it is entered";
  const auto list = json("/api/v1/windows").at("windows").as_array();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].at("state"), "approved");
  EXPECT_EQ(list[0].at("approved_by"), "王工");
  EXPECT_EQ(list[0].at("revised_by"), "李工");
  EXPECT_EQ(list[0].at("late"), false);
  EXPECT_EQ(list[0].at("excluded_to"), "2026-03-14T22:45:00.000+08:00");
}

TEST_F(EntriesTest, ARightThatIsNotGivenIsRefusedBeforeTheBooksAreAsked) {
  EXPECT_EQ(request("wang").status, 403);
  EXPECT_EQ(request("nobody").status, 401);
  EXPECT_EQ(ask("POST", "/api/v1/windows").status, 401);
  EXPECT_EQ(step("wang", R"({"step":"cancel"})").status, 403) << "who approves does not also ask";
  EXPECT_EQ(post_as("wang", "/api/v1/duty", "{}").status, 403);
  EXPECT_EQ(post_as("li", "/api/v1/annotations", "{}").status, 403);
  EXPECT_EQ(asked, 0);
}

TEST_F(EntriesTest, TheTokenThatIsNobodysRequestsButNeverApproves) {
  EXPECT_EQ(request("correct horse").status, 200);
  EXPECT_EQ(step("correct horse", R"({"step":"approve"})").status, 403);
  EXPECT_EQ(json("/api/v1/windows").at("windows").at(0).at("requested_by"), "api");
}

TEST_F(EntriesTest, WhatNobodysTokenRequestedIsTakenOverBeforeItIsApproved) {
  ASSERT_EQ(request("correct horse").status, 200);
  const auto refused = step("wang", R"({"step":"approve"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("nobodys_request"));
  EXPECT_EQ(step("li", R"({"step":"revise"})").status, 200);
  EXPECT_EQ(step("li", R"({"step":"approve"})").status, 409);
  EXPECT_EQ(step("wang", R"({"step":"approve"})").status, 200);
  const auto window = json("/api/v1/windows").at("windows").at(0);
  EXPECT_EQ(window.at("requested_by"), "api");
  EXPECT_EQ(window.at("revisers").as_array().at(0), "李工");
  EXPECT_EQ(window.at("revised_via"), "api: 李工@192.0.2.7");
}

TEST_F(EntriesTest, WhatWouldWriteTooMuchIsRefusedWith413) {
  std::string entries;
  for (int i = 0; i < 1000; ++i)
    entries += R"({"from":"2026-03-14 22:00","to":"2026-03-14 23:00","targets":["V001","V002","T01"]},)";
  entries.pop_back();
  const auto done = post_as("li", "/api/v1/windows", "{\"entries\":[" + entries + "]}");
  EXPECT_EQ(done.status, 413) << done.body;
  EXPECT_THAT(done.body, HasSubstr("too_many_entries"));
  EXPECT_TRUE(json("/api/v1/windows").at("windows").as_array().empty());
  EXPECT_EQ(post_as("li", "/api/v1/windows", R"({"targets":["V001"],"below":1,"from":"2026","to":"2026"})").status,
            400);
}

TEST_F(EntriesTest, AnAnswerSaysEveryFieldOfTheRecord) {
  const auto answered = [](const web_response& r) { return r.body.substr(0, r.body.find(R"(,"notices")")); };
  const std::string now = R"("at":"2026-03-14T10:00:00.000+08:00",)";
  EXPECT_EQ(answered(request()), R"({"entered":[{"id":"G-1","target":"V001","from":"2026-03-14T22:00:00.000+08:00",)"
                                 R"("to":"2026-03-14T23:00:00.000+08:00","state":"requested",)" +
                                     now + R"("by":"李工","text":"","flags":"","via":"api: 李工@192.0.2.7"}])");
  EXPECT_EQ(answered(post_as("wang", "/api/v1/annotations", R"({"target":"V001","text":"雷击"})")),
            R"({"entered":[{"target":"V001","about":"2026-03-14T10:00:00.000+08:00",)" + now +
                R"("author":"王工","text":"雷击","via":"api: 王工@192.0.2.7"}])");
  EXPECT_EQ(answered(post_as("li", "/api/v1/duty", R"({"day":"2026-03-12","person":"赵工"})")),
            R"({"entered":[{"day":"2026-03-12","person":"赵工","source":"api",)" + now +
                R"("author":"李工","text":"","via":"api: 李工@192.0.2.7","late":true}])");
  EXPECT_EQ(answered(post_as("sun", "/api/v1/counters", R"({"counter":"wechat","value":"5","unit":"人"})")),
            R"({"entered":[{"counter":"wechat","about":"2026-03-14T10:00:00.000+08:00","value":"5","unit":"人",)"
            R"("source":"",)" +
                now + R"("author":"孙工","via":"api: 孙工@192.0.2.7"}])");
  EXPECT_EQ(answered(post_as("sun", "/api/v1/verdicts", R"({"plan":"2026","indicator":"X-7","verdict":"达成"})")),
            R"({"entered":[{"plan":"2026","indicator":"X-7","verdict":"achieved","points":"","text":"","document":"",)"
            R"("sha256":"",)" +
                now + R"("author":"孙工","via":"api: 孙工@192.0.2.7"}])");
}

TEST_F(EntriesTest, MistakesHaveTheirStatusAndSayWhatToDo) {
  EXPECT_EQ(step("wang", R"({"step":"approve"})").status, 404);
  ASSERT_EQ(request().status, 200);
  EXPECT_EQ(request().status, 409) << "the id is taken";
  for (const char* body :
       {"", "[]", "{", "null", R"({"step":"aprove"})", R"({"step":1})", "{}", R"({"step":"approve","stop":1})",
        R"({"step":"revise","to":"2026-03-14"})", R"({"entries":[{"step":"approve"},{"step":"cancel"}]})"})
    EXPECT_EQ(step("li", body).status, 400) << body;
  EXPECT_THAT(
      post_as("li", "/api/v1/windows", R"({"targets":["V001"],"from":"2026-03-14","to":"2026-03-14 23:00"})").body,
      HasSubstr("2026-03-14 22:00"));
  const auto backwards = post_as("li", "/api/v1/windows",
                                 R"({"target":"V001","from":"2026-03-14 23:00","to":"2026-03-14T22:00:00+08:00"})");
  EXPECT_EQ(backwards.status, 400);
  EXPECT_THAT(backwards.body, HasSubstr("ends_before_it_begins"));
}

TEST_F(EntriesTest, SeveralEntriesAreTakenTogetherOrNotAtAll) {
  const auto bad =
      post_as("li", "/api/v1/duty", R"({"entries":[{"day":"2026-03-13","person":"赵工"},{"day":"2026-03-32"}]})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("entries[1]"));
  EXPECT_EQ(json("/api/v1/duty").at("duty").as_array().size(), 0u);
  const auto good =
      post_as("li", "/api/v1/duty", R"({"entries":[{"day":"2026-03-13","person":"赵工"},{"text":"夜班"}]})");
  EXPECT_EQ(good.status, 200) << good.body;
  const auto list = json("/api/v1/duty").at("duty").as_array();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].at("person"), "赵工");
  EXPECT_EQ(list[0].at("author"), "李工");
  EXPECT_EQ(list[1].at("day"), "2026-03-14");
}

TEST_F(EntriesTest, AnAnnotationIsShownWithItsLine) {
  EXPECT_EQ(
      post_as("wang", "/api/v1/annotations", R"({"target":"V001","about":"2026-03-14 09:00","text":"雷击"})").status,
      200);
  EXPECT_EQ(json("/api/v1/annotations", {{"line", "V001"}}).at("annotations").at(0).at("author"), "王工");
  EXPECT_EQ(json("/api/v1/annotations", {{"line", "V002"}}).at("annotations").as_array().size(), 0u);
}

TEST_F(EntriesTest, ReadingsAreEnteredTogetherAndCorrectedOneByOne) {
  const auto bad = post_as("sun", "/api/v1/counters",
                           R"({"entries":[{"counter":"wechat","value":"7"},{"counter":"wechat","value":"7 万"}]})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("entries[1]"));
  EXPECT_EQ(json("/api/v1/counters").at("counters").as_array().size(), 0u);
  const std::string two =
      R"({"entries":[{"counter":"wechat","about":"2026-03-14 09:00","value":"51234","unit":"人","source":"平台后台"},)"
      R"({"counter":"site","about":"2026-03-14 09:00","value":"5"}]})";
  ASSERT_EQ(post_as("sun", "/api/v1/counters", two).status, 200);
  const auto again = post_as("sun", "/api/v1/counters", two);
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.body, HasSubstr("counter_known"));
  const auto corrected =
      post_as("sun", "/api/v1/counters", R"({"counter":"wechat","about":"2026-03-14T09:00:00+08:00","value":"51235"})");
  EXPECT_THAT(corrected.body, HasSubstr("counter_corrected"));
  const auto list = json("/api/v1/counters", {{"counter", "wechat"}}).at("counters").as_array();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].at("value"), "51235") << "latest first";
  EXPECT_EQ(list[0].at("counts"), true);
  EXPECT_EQ(list[1].at("counts"), false);
  EXPECT_EQ(list[1].at("author"), "孙工");
  EXPECT_EQ(list[1].at("via"), "api: 孙工@192.0.2.7");
  EXPECT_EQ(json("/api/v1/counters").at("counters").as_array().size(), 3u);
  EXPECT_EQ(json("/api/v1/counters", {{"limit", "1"}}).at("counters").as_array().size(), 1u);
  EXPECT_EQ(json("/api/v1/counters", {{"to", "2026-03-13"}, {"from", "2026-03-01"}}).at("counters").as_array().size(),
            0u);
  EXPECT_EQ(ask("GET", "/api/v1/counters", {{"line", "V001"}}).status, 400) << "a counter is not of a line";
}

TEST_F(EntriesTest, AVerdictNamesWhoGaveItAndTheLastOneCounts) {
  ASSERT_EQ(post_as("sun", "/api/v1/verdicts",
                    R"({"plan":"2026","indicator":"X-7","verdict":"partly","points":"4.5","document":"验收.pdf"})")
                .status,
            200);
  const auto second =
      post_as("sun", "/api/v1/verdicts", R"({"plan":"2026","indicator":"X-7","verdict":"achieved","text":"补齐"})");
  EXPECT_EQ(second.status, 200);
  EXPECT_THAT(second.body, HasSubstr("verdict_replaced"));
  const auto list = json("/api/v1/verdicts", {{"plan", "2026"}}).at("verdicts").as_array();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].at("verdict"), "achieved");
  EXPECT_EQ(list[0].at("author"), "孙工");
  EXPECT_EQ(list[1].at("counts"), false);
  EXPECT_EQ(json("/api/v1/verdicts", {{"plan", "2025"}}).at("verdicts").as_array().size(), 0u);
  EXPECT_EQ(post_as("sun", "/api/v1/verdicts", R"({"plan":"2026","indicator":"X-7","verdict":"good"})").status, 400);
  EXPECT_EQ(post_as("sun", "/api/v1/verdicts", R"({"plan":"2026","indicator":"X-7"})").status, 400);
}

TEST_F(EntriesTest, ReadingsAndVerdictsNeedRightsOfTheirOwn) {
  for (const char* who : {"li", "wang", "correct horse"}) {
    EXPECT_EQ(post_as(who, "/api/v1/counters", R"({"counter":"wechat","value":"7"})").status, 403) << who;
    EXPECT_EQ(post_as(who, "/api/v1/verdicts", R"({"plan":"2026","indicator":"X","verdict":"missed"})").status, 403)
        << who;
  }
  EXPECT_EQ(asked, 0);
}

TEST_F(EntriesTest, ALedgerThatDoesNotTakeItIs503) {
  locked = true;
  EXPECT_EQ(request().status, 503);
}

TEST_F(EntriesTest, NoAnswerRepeatsAToken) {
  for (const char* body : {"", "{", R"({"step":"li"})"})
    EXPECT_THAT(step("li-wrong", body).body, Not(HasSubstr("li-wrong")));
}

/** Holds an answer to the document: every required field, and none that is not described. */
void holds(const boost::json::value& document, const boost::json::value& v, const std::string& schema) {
  const auto& s = document.at("components").at("schemas").at(schema).as_object();
  for (const auto& name : s.at("required").as_array()) EXPECT_TRUE(v.as_object().contains(name.as_string())) << name;
  for (const auto& [name, value] : v.as_object())
    EXPECT_TRUE(s.at("properties").as_object().contains(name)) << schema << " has the undocumented field " << name;
}

TEST_F(EntriesTest, AnswersAreAsTheDocumentSays) {
  const auto document = boost::json::parse(openapi_document());
  holds(document, boost::json::parse(request().body), "Entered");
  ASSERT_EQ(post_as("wang", "/api/v1/annotations", R"({"target":"V001","text":"雷击"})").status, 200);
  ASSERT_EQ(post_as("li", "/api/v1/duty", "{}").status, 200);
  ASSERT_EQ(post_as("sun", "/api/v1/counters", R"({"counter":"wechat","value":"7"})").status, 200);
  ASSERT_EQ(post_as("sun", "/api/v1/verdicts", R"({"plan":"2026","indicator":"X","verdict":"missed"})").status, 200);
  holds(document, json("/api/v1/counters"), "Counters");
  holds(document, json("/api/v1/counters").at("counters").at(0), "CounterReading");
  holds(document, json("/api/v1/verdicts"), "Verdicts");
  holds(document, json("/api/v1/verdicts").at("verdicts").at(0), "IndicatorVerdict");
  holds(document, json("/api/v1/windows"), "Windows");
  holds(document, json("/api/v1/windows").at("windows").at(0), "Window");
  holds(document, json("/api/v1/annotations").at("annotations").at(0), "Annotation");
  holds(document, json("/api/v1/duty").at("duty").at(0), "DutyRecord");
  cut_and_tell(*writer);
  ASSERT_EQ(post_as("zhao", "/api/v1/acknowledgements", R"({"line":"V001"})").status, 200);
  ASSERT_EQ(post_as("zhao", "/api/v1/tickets", R"({"targets":["V001"]})").status, 200);
  holds(document, json("/api/v1/acknowledgements").at("acknowledgements").at(0), "Acknowledgement");
  holds(document, json("/api/v1/alerts"), "Alerts");
  holds(document, json("/api/v1/alerts").at("alerts").at(0), "Alert");
  ASSERT_TRUE(
      writer->commit({d.books->heartbeat, {trap_of("V001", d.now, "1.3.6.1.6.3.1.1.5.3", trap_class::link)}, {}}));
  holds(document, json("/api/v1/traps"), "Traps");
  holds(document, json("/api/v1/traps").at("traps").at(0), "Trap");
  holds(document, json("/api/v1/tickets"), "Tickets");
  holds(document, json("/api/v1/tickets").at("tickets").at(0), "Ticket");
}

}  // namespace
}  // namespace changtong::api
