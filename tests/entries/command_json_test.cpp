// What people ask for as JSON: the command line sends it and the API reads it, both by core/command.h.
#include "daemon/entries/command_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/core/command.h"
#include "daemon/core/phrase.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const civil_zone& zone() {
  static const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();
  return shanghai;
}
wall_t at(const char* text) { return zone().parse_instant(text).value(); }

std::vector<command> full_and_bare() {
  const wall_t ten = at("2026-03-14 22:00"), eleven = at("2026-03-14 23:00");
  return {
      window_command{.id = "W1", .targets = {"L1", "城南"}, .from = ten, .to = eleven, .text = "割接", .below = true},
      window_command{.id = {}, .targets = {"*"}, .from = ten, .to = eleven, .text = {}},
      annotation_command{.target = "L1", .about = ten, .text = "雷击\n\"已修复\""},
      annotation_command{.target = "L1", .about = {}, .text = "雷击"},
      duty_command{.day = "2026-03-14", .person = "王工", .text = "夜班"},
      duty_command{},
      close_command{.period = "2026-03", .reason = "补录"},
      close_command{.period = "2026-03", .reason = {}},
      counter_command{.counter = "wechat", .about = ten, .value = "51234", .unit = "人", .source = "平台后台"},
      counter_command{.counter = "wechat", .about = {}, .value = "51234", .unit = {}, .source = {}},
      verdict_command{"2026", "X-7", "partly", "4.5", "理由", "验收.pdf", std::string(64, 'a')},
      verdict_command{"2026", "X-7", "missed", "", "", "", ""},
      acknowledgement_command{.alert = "A20260314-0001", .line = "L1", .began = ten, .text = "已派人"},
      acknowledgement_command{.alert = {}, .line = "L1", .began = {}, .text = {}},
      ticket_command{{}, "reported", {"L1", "L2"}, "A20260314-0001", ten, "CM-88", "光缆", "请处理"},
      ticket_command{"T20260314-0001", {}, {}, {}, {}, "CM-88", {}, {}}};
}

TEST(CommandJson, WhatIsSentIsReadAsWhatItWas) {
  for (const command& sent : full_and_bare()) {
    const std::string body = json_of(sent, zone());
    const auto read = read_commands(sent, body, zone());
    ASSERT_TRUE(read) << body << ": " << read.error().text;
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().index(), sent.index());
    EXPECT_EQ(json_of(read->front(), zone()), body);
  }
}

TEST(CommandJson, WhatIsNoJsonIsSaidInBothLanguagesWithItsPlace) {
  const auto words = [](std::string_view body) {
    return words_of(read_commands(duty_command{}, body, zone()).error());
  };
  EXPECT_EQ(words("{\"day\":tru}"),
            (phrase{"不是 JSON：第 8 字节处语法错误", "the body is not JSON: a syntax error at byte 8"}));
  EXPECT_THAT(words("{").cn, HasSubstr("内容不完整"));
  EXPECT_THAT(words("{} {}").cn, HasSubstr("结尾之后还有内容"));
  EXPECT_THAT(words("[[[[[[[[[[1]]]]]]]]]]").cn, HasSubstr("嵌套太深"));
  EXPECT_THAT(words("{\"day\":\"\\ud800\"}").cn, testing::AnyOf(HasSubstr("十六进制"), HasSubstr("语法错误")));
  EXPECT_THAT(words("").cn, HasSubstr("第 1 字节处内容不完整"));
}

TEST(CommandJson, EveryFieldIsSentWhereItSaysSomething) {
  const auto all = full_and_bare();
  EXPECT_EQ(json_of(all[0], zone()),
            R"({"id":"W1","targets":["L1","城南"],"below":true,"from":"2026-03-14T22:00:00.000+08:00",)"
            R"("to":"2026-03-14T23:00:00.000+08:00","text":"割接"})");
  EXPECT_EQ(json_of(all[2], zone()),
            R"({"target":"L1","text":"雷击\u000a\"已修复\"","about":"2026-03-14T22:00:00.000+08:00"})");
  EXPECT_EQ(json_of(all[4], zone()), R"({"day":"2026-03-14","person":"王工","text":"夜班"})");
  EXPECT_EQ(json_of(all[5], zone()), "{}");
  EXPECT_EQ(json_of(all[7], zone()), R"({"period":"2026-03"})");
  EXPECT_EQ(json_of(all[8], zone()), R"({"counter":"wechat","value":"51234","about":"2026-03-14T22:00:00.000+08:00",)"
                                     R"("unit":"人","source":"平台后台"})");
  EXPECT_EQ(json_of(all[11], zone()), R"({"plan":"2026","indicator":"X-7","verdict":"missed"})");
  EXPECT_EQ(json_of(all[12], zone()),
            R"({"alert":"A20260314-0001","line":"L1","began":"2026-03-14T22:00:00.000+08:00",)"
            R"("text":"已派人"})");
  EXPECT_EQ(json_of(all[13], zone()), R"({"line":"L1"})");
  EXPECT_EQ(json_of(all[14], zone()), R"({"step":"reported","targets":["L1","L2"],"alert":"A20260314-0001",)"
                                      R"("began":"2026-03-14T22:00:00.000+08:00","theirs":"CM-88","cause":"光缆",)"
                                      R"("text":"请处理"})");
  EXPECT_EQ(json_of(all[15], zone()), R"({"number":"T20260314-0001","theirs":"CM-88"})");
}

TEST(CommandJson, AStepIsReadAsWhatItWas) {
  using act = window_command::act;
  for (const act what : {act::approve, act::revise, act::cancel}) {
    const window_command sent{
        .what = what, .id = "W1", .targets = {"L1"}, .from = {}, .to = at("2026-03-14 23:00"), .text = "短"};
    const std::string body = json_of(sent, zone());
    EXPECT_EQ(body.find("\"id\""), std::string::npos) << "it stands in the path";
    const auto read = read_window_step(body, "W1", zone());
    ASSERT_TRUE(read) << body << ": " << read.error().text;
    const auto& w = std::get<window_command>(read->front());
    EXPECT_EQ(w.what, what);
    EXPECT_EQ(w.id, "W1");
    EXPECT_EQ(json_of(w, zone()), body);
  }
  EXPECT_EQ(read_window_step("{}", "W1", zone()).error().text_en, "step: is missing");
  EXPECT_EQ(read_window_step(R"({"step":"request"})", "W1", zone()).error().text_en,
            "step: must be approve, revise or cancel");
  EXPECT_THAT(read_window_step(R"({"step":"cancel","id":"W2"})", "W1", zone()).error().text_en, HasSubstr("'id'"));
}

TEST(CommandJson, WhatHasToBeSaidIsMissedByName) {
  const auto missing = [](const command& kind, const char* body) {
    const auto read = read_commands(kind, body, zone());
    return read ? "nothing" : read.error().text_en;
  };
  EXPECT_EQ(missing(window_command{}, "{}"), "targets: is missing");
  EXPECT_EQ(missing(window_command{}, R"({"target":"L1"})"), "from: is missing");
  EXPECT_EQ(missing(annotation_command{}, "{}"), "target: is missing");
  EXPECT_EQ(missing(annotation_command{}, R"({"target":"L1","text":""})"), "text: is missing");
  EXPECT_EQ(missing(duty_command{}, "{}"), "nothing");
  EXPECT_EQ(missing(close_command{}, R"({"reason":"x"})"), "period: is missing");
  EXPECT_EQ(missing(counter_command{}, R"({"counter":"c"})"), "value: is missing");
  EXPECT_EQ(missing(verdict_command{}, R"({"plan":"2026","indicator":"X"})"), "verdict: is missing");
}

TEST(CommandJson, WhatIsOfAnotherTypeOrUnknownIsRefusedByName) {
  const auto wrong = [](const command& kind, const char* body) {
    const auto read = read_commands(kind, body, zone());
    return read ? "nothing" : read.error().text_en;
  };
  EXPECT_EQ(wrong(duty_command{}, R"({"days":"2026-03-14"})"), "unknown key 'days'");
  EXPECT_EQ(wrong(duty_command{}, R"({"day":1})"), "day: must be text of at most 8192 bytes");
  EXPECT_EQ(wrong(window_command{}, R"({"targets":"L1"})"), "targets: must be a list of at most 20000 ids");
  EXPECT_EQ(wrong(window_command{}, R"({"targets":[1]})"), "targets: must be a list of at most 20000 ids");
  EXPECT_EQ(wrong(window_command{}, R"({"target":"L1","below":1})"), "below: must be true or false");
  EXPECT_THAT(wrong(annotation_command{}, R"({"target":"L1","text":"x","about":"noon"})"), StartsWith("about: "));
  EXPECT_EQ(wrong(close_command{}, R"({"entries":[{"period":"2026-03"},{"period":"2026-04"}]})"),
            "one period at a time");
  EXPECT_EQ(wrong(duty_command{}, R"({"entries":[{},{"x":1}]})"), "entries[1]: unknown key 'x'");
}

/** Nothing that a client wrote, " / " least of all, may move a word from one language into the other. */
TEST(CommandJson, EachLanguageIsWholeWhateverTheBodySays) {
  const auto wrong = [](const command& kind, const std::string& body) {
    const auto read = read_commands(kind, body, zone());
    return read ? phrase{"nothing", "nothing"} : words_of(read.error());
  };
  EXPECT_EQ(wrong(duty_command{}, R"({"a / b":1})"), (phrase{"不认识的键 'a / b'", "unknown key 'a / b'"}));
  EXPECT_EQ(wrong(duty_command{}, R"({"day":"1","day":"2"})"),
            (phrase{"键 'day' 出现两次，请只写一次", "key 'day' stands twice: say it once"}));
  EXPECT_EQ(wrong(annotation_command{}, "{}"), (phrase{"线路：没有写", "target: is missing"}));
  const phrase instant = wrong(annotation_command{}, R"({"target":"L1","text":"x","about":"2026 / 03"})");
  EXPECT_THAT(instant.cn, StartsWith("时间：'2026 / 03' 不是时刻")) << "by the label of the form";
  EXPECT_THAT(instant.en, StartsWith("about: '2026 / 03' is no instant: write"));
  const std::string one = R"({"target":"L1","text":"x"})";
  const phrase second =
      wrong(annotation_command{}, R"({"entries":[)" + one + R"(,{"target":"L1","text":"x","about":"noon"}]})");
  EXPECT_THAT(second.cn, StartsWith("entries[1]: 时间：'noon' 不是时刻"));
  EXPECT_THAT(second.en, StartsWith("entries[1]: about: 'noon' is no instant"));
}

TEST(CommandJson, AKeyIsQuotedInWholeCharacters) {
  const auto read = read_commands(duty_command{}, R"({"一二三四五六七八九十一二三四":1})", zone());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text_en, "unknown key '一二三四五六七八九十一二三'") << "13 of three bytes are below 40";
}

}  // namespace
}  // namespace changtong::api
