// The daemon about itself, channels that are tried, users and the audit log in the browser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/accounts/entrance.h"
#include "daemon/accounts/password.h"
#include "daemon/publish/api/routes.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

namespace ac = accounts;
using testing::ElementsAre;
using testing::HasSubstr;

struct SystemTest : testing::Test, asking {};

TEST_F(SystemTest, SaysWhatIsInForceAndHowTheLedgerStands) {
  d.own.listen = "127.0.0.1:8080";
  d.own.tls = true;
  d.own.people = 2;
  const auto before = json("/api/v1/system");
  EXPECT_EQ(before.at("settings").at("listen"), "127.0.0.1:8080");
  EXPECT_EQ(before.at("settings").at("tls"), true);
  EXPECT_EQ(before.at("settings").at("tokens"), 2);
  EXPECT_EQ(before.at("kept").at("ledger_from"), "2026-03-01T00:00:00.000+08:00");
  EXPECT_EQ(before.at("kept").at("audit_days"), 400);
  EXPECT_TRUE(before.at("verification").at("whole").is_null()) << "not verified yet is not whole";
  d.tallies.ledger_verified_ok = 0;
  EXPECT_EQ(json("/api/v1/system").at("verification").at("whole"), false);
}

TEST_F(SystemTest, AChannelIsTriedInTheNameOfWhoAsked) {
  d.people = {{.name = "李工", .token = secret("li"), .may = {right::channels}}};
  d.own.alerts.channels = {{.id = "sms", .kind = "sms", .well = false, .told = 3, .failed = 1, .last = "HTTP 500"}};
  EXPECT_TRUE(json("/api/v1/system").at("channels").at(0).at("trial").is_null());
  EXPECT_EQ(post_as("li", "/api/v1/channels/sms", "{}").status, 200);
  EXPECT_THAT(d.tried, ElementsAre("李工 sms"));
  d.own.trials["sms"] = {.at = d.now, .by = "李工", .ended = true, .taken = false, .answer = "HTTP 500"};
  const auto shown = json("/api/v1/system").at("channels").at(0);
  EXPECT_EQ(shown.at("trial").at("answer"), "HTTP 500");
  EXPECT_EQ(shown.at("well"), false);
  d.trial = {.status = 429, .why = {"同一渠道十秒内只试一次", "once in ten seconds"}, .wait = milliseconds{4'100}};
  const auto soon = post_as("li", "/api/v1/channels/sms", "{}");
  EXPECT_EQ(soon.status, 429);
  EXPECT_THAT(soon.headers, testing::Contains(testing::Pair("Retry-After", "5")));
}

TEST_F(SystemTest, AFileIsMadeByItsNameAndSavedUnderIt) {
  const auto got = ask("GET", "/api/v1/reports/2026-03.outages.csv");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "a,b\r\n");
  EXPECT_THAT(d.files, ElementsAre("2026-03.outages.csv"));
  EXPECT_THAT(got.headers, testing::Contains(testing::Pair("Content-Disposition",
                                                           "attachment; filename=\"changtong-2026-03.outages.csv\"")));
  for (const int status : {400, 404, 503}) {
    d.file = {.status = status, .why = {"不行", "no"}};
    EXPECT_EQ(ask("GET", "/api/v1/reports/2026-03.xlsx").status, status);
  }
}

TEST_F(SystemTest, WhoeverListensIsToldByTheServer) {
  const auto got = ask("GET", "/api/v1/events");
  EXPECT_TRUE(got.listens);
  EXPECT_EQ(got.content_type, "text/event-stream");
}

struct UsersTest : testing::Test, asking {
  using headers = std::multimap<std::string, std::string>;
  UsersTest() : folder(testing::TempDir() + "api_users_" + std::to_string(::getpid())), door(doors()) {
    const std::string hash = ac::hashed(secret("correct horse battery"));
    ac::users_file users(folder + "/ledger.db");
    for (const ac::role r : {ac::role::administrator, ac::role::auditor, ac::role::operating})
      EXPECT_TRUE(users.change([&](ac::user_book& b) {
        return b.add({.name = std::string(ac::role_names.at(static_cast<std::size_t>(r))),
                      .password = hash,
                      .may = {r},
                      .since = d.now});
      }));
    d.entrance = &door;
    start();
  }
  ~UsersTest() override {
    all.clear();
    made.reset();
    std::filesystem::remove_all(folder);
  }
  ac::entrance::doors doors() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return {folder + "/ledger.db", [this] { return d.now; }, [] { return mono_t{std::chrono::hours{1}}; }, {}};
  }
  headers as(const std::string& name) const {
    const auto in = ask("POST", "/api/v1/login", {}, {{"content-type", "application/json"}},
                        R"({"name":")" + name + R"(","password":"correct horse battery"})");
    EXPECT_EQ(in.status, 200) << in.body;
    headers out{{"x-csrf-token", std::string(boost::json::parse(in.body).at("csrf").as_string())}};
    for (const auto& [key, value] : in.headers)
      if (key == "Set-Cookie") out.emplace("cookie", value.substr(0, value.find(';')));
    return out;
  }
  web_response send(const headers& by, const std::string& path, const std::string& body = "{}") const {
    return ask("POST", path, {}, by, body);
  }
  boost::json::value got(const headers& by, const std::string& path,
                         std::multimap<std::string, std::string> query = {}) const {
    const auto answer = ask("GET", path, std::move(query), by);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return boost::json::parse(answer.body);
  }

  std::string folder;
  ac::entrance door;
};

TEST_F(UsersTest, TheAdministratorInvitesChangesRolesDisablesAndResets) {
  const headers admin = as("administrator");
  const auto invited = send(admin, "/api/v1/users", R"({"name":"王工","roles":["operator","approver"]})");
  ASSERT_EQ(invited.status, 200) << invited.body;
  const std::string key(boost::json::parse(invited.body).at("key").as_string());
  const auto listed = got(admin, "/api/v1/users").at("users").at(3);
  EXPECT_EQ(listed.at("name"), "王工");
  EXPECT_EQ(listed.at("state"), "invited");
  EXPECT_EQ(serialize(got(admin, "/api/v1/users")).find(key), std::string::npos) << "shown once";
  const auto welcome = send({{"content-type", "application/json"}}, "/api/v1/invitation",
                            R"({"key":")" + key + R"(","password":"another horse entirely"})");
  EXPECT_EQ(welcome.status, 200) << welcome.body;
  EXPECT_EQ(send(admin, "/api/v1/users", R"({"name":"王工","roles":["viewer"]})").status, 409);
  const auto changed = send(admin, "/api/v1/users/王工", R"({"step":"roles","roles":["viewer"]})");
  EXPECT_EQ(boost::json::parse(changed.body).at("roles"), (boost::json::array{"viewer"}));
  EXPECT_EQ(send(admin, "/api/v1/users/王工", R"({"step":"disable"})").status, 200);
  EXPECT_EQ(got(admin, "/api/v1/users").at("users").at(3).at("state"), "disabled");
  EXPECT_EQ(send(admin, "/api/v1/users/王工", R"({"step":"enable"})").status, 200);
  EXPECT_EQ(send(admin, "/api/v1/resets/王工").status, 200);
  EXPECT_EQ(send(admin, "/api/v1/resets/nobody").status, 409);
  EXPECT_EQ(send(admin, "/api/v1/users/nobody", R"({"step":"enable"})").status, 404);
}

TEST_F(UsersTest, NobodyHasTwoPowersNorLocksThemselvesOut) {
  const headers admin = as("administrator");
  const auto two = send(admin, "/api/v1/users", R"({"name":"王工","roles":["administrator","auditor"]})");
  EXPECT_EQ(two.status, 400);
  EXPECT_THAT(two.body, HasSubstr("三权分立"));
  for (const char* step : {R"({"step":"disable"})", R"({"step":"roles","roles":["viewer"]})"})
    EXPECT_EQ(send(admin, "/api/v1/users/administrator", step).status, 409) << step;
  for (const char* body : {"", "[]", "{}", R"({"name":"a","roles":"viewer"})", R"({"name":"a","roles":[1]})",
                           R"({"name":"a","roles":[]})", R"({"name":"a","roles":["viewer"],"more":1})"})
    EXPECT_EQ(send(admin, "/api/v1/users", body).status, 400) << body;
  EXPECT_EQ(send(admin, "/api/v1/users/operator", R"({"step":"promote"})").status, 400);
}

TEST_F(UsersTest, TheAuditorSeesWhoDidWhatAndThatTheChainHolds) {
  const headers admin = as("administrator"), auditor = as("auditor");
  EXPECT_EQ(send(admin, "/api/v1/users/operator", R"({"step":"disable"})").status, 200);
  const auto all = got(auditor, "/api/v1/audit");
  EXPECT_EQ(all.at("total"), 4);
  EXPECT_EQ(all.at("entries").at(0).at("of"), "/api/v1/users/operator") << "the latest first";
  EXPECT_EQ(all.at("entries").at(1).at("of"), "disable operator");
  EXPECT_EQ(all.at("chain").at("whole"), true);
  EXPECT_EQ(all.at("chain").at("last"), 4);
  const auto his = got(auditor, "/api/v1/audit", {{"who", "administrator"}, {"word", "disable"}});
  EXPECT_EQ(his.at("total"), 1);
  const auto page = got(auditor, "/api/v1/audit", {{"limit", "1"}, {"offset", "4"}});
  EXPECT_EQ(page.at("entries").at(0).at("number"), 1) << "its own first reading is a line too";
  std::fstream file(folder + "/ledger.db.audit", std::ios::in | std::ios::out);
  file.seekp(20);
  file << '#';
  file.close();
  const auto broken = got(auditor, "/api/v1/audit").at("chain");
  EXPECT_EQ(broken.at("whole"), false);
  EXPECT_FALSE(broken.at("text").as_string().empty());
}

}  // namespace
}  // namespace changtong::api
