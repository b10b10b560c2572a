// Who signs in, and what is open to whom: every route with every role, read from the table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/accounts/entrance.h"
#include "daemon/accounts/key.h"
#include "daemon/accounts/password.h"
#include "daemon/publish/api/routes.h"
#include "tests/lines/inventory_on_disk.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

namespace ac = accounts;
using testing::HasSubstr;

constexpr const char* password = "correct horse battery";

struct AccountsTest : testing::Test, asking {
  using headers = std::multimap<std::string, std::string>;
  struct browser {
    std::string cookie, csrf;
    [[nodiscard]] headers sends() const {
      return {{"cookie", "theme=dark; changtong_session=" + cookie}, {"x-csrf-token", csrf}};
    }
  };

  AccountsTest()
      : folder(testing::TempDir() + "api_accounts_" + std::to_string(::getpid())),
        door(doors()),
        users(folder + "/ledger.db") {
    d.entrance = &door;
    peer = "198.51.100.9";  // the log of refusals is one for all tests
    start();
    figures_ready();
  }
  ~AccountsTest() override {
    all.clear();
    made.reset();
    std::filesystem::remove_all(folder);
  }
  ac::entrance::doors doors() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return {.ledger = folder + "/ledger.db",
            .wall = [this] { return d.now; },
            .mono = [this] { return mono; },
            .tell = [this](const std::string& line) { trail.push_back(ac::entry_in(line).value().entry); },
            .audit = {.patience = std::chrono::hours{1}}};
  }
  void add(const std::string& name, ac::roles may, bool must_change = false) {
    static const std::string hash = ac::hashed(secret(password));
    ASSERT_TRUE(users.change([&](ac::user_book& b) {
      return b.add({.name = name, .password = hash, .may = std::move(may), .must_change = must_change, .since = d.now});
    }));
  }
  [[nodiscard]] web_response send(const std::string& path, const std::string& body, headers with = {}) const {
    with.emplace("content-type", "application/json");
    return ask("POST", path, {}, std::move(with), body);
  }
  [[nodiscard]] web_response login(const std::string& name, const std::string& secret_text = password) const {
    return send("/api/v1/login", R"({"name":")" + name + R"(","password":")" + secret_text + "\"}");
  }
  static browser opened(const web_response& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    browser out;
    for (const auto& [name, value] : answer.headers)
      if (name == "Set-Cookie") out.cookie = value.substr(value.find('=') + 1, value.find(';') - value.find('=') - 1);
    out.csrf = boost::json::parse(answer.body).at("csrf").as_string();
    return out;
  }
  [[nodiscard]] int status_of(const route& r, const headers& with) const {
    const std::string path =
        std::string(prefix_of(r)) + (prefix_of(r) == r.path ? "" : "V001") + std::string(ending_of(r));
    return ask(std::string(r.method), path, {}, with, r.method == "POST" ? "{}" : "").status;
  }
  static bool refused(int status) { return status == 401 || status == 403; }

  std::string folder;
  mono_t mono{std::chrono::hours{1}};
  std::vector<ac::trail_entry> trail;
  ac::entrance door;
  ac::users_file users;
};

TEST_F(AccountsTest, EveryRouteIsOpenToExactlyTheRolesThatItsRightBelongsTo) {
  d.people = {{.name = "老张", .token = secret("a token of 0.3.0"), .may = {right::approve}}};
  std::vector<std::pair<ac::roles, headers>> visitors;
  for (std::size_t i = 0; i < ac::role_names.size(); ++i) {
    const std::string name(ac::role_names[i]);
    add(name, {static_cast<ac::role>(i)});
    visitors.emplace_back(ac::roles{static_cast<ac::role>(i)}, opened(login(name)).sends());
  }
  const secret key = ac::new_key();
  ASSERT_TRUE(users.change(
      [&](ac::user_book& b) { return b.add_token({.name = "t", .digest = ac::digest_of_key(key.reveal())}); }));
  const headers read_token{{"authorization", "Bearer " + key.reveal()}};
  const headers person{{"authorization", "Bearer a token of 0.3.0"}};
  for (const route& r : all_routes()) {
    if (r.path == "/api/v1/logout") continue;  // it would end the session that asks
    if (r.open) {
      if (r.method == "GET") EXPECT_FALSE(refused(status_of(r, {}))) << r.path;
      continue;
    }
    EXPECT_EQ(status_of(r, {}), 401) << r.path << " without anybody";
    EXPECT_EQ(status_of(r, {{"cookie", "changtong_session=0123"}}), 401) << r.path << " with a guess";
    EXPECT_EQ(status_of(r, {{"authorization", "Bearer guess"}}), 401) << r.path << " with a guess";
    EXPECT_EQ(refused(status_of(r, read_token)), r.needs.has_value()) << r.path << " by a token that only reads";
    if (!r.needs) EXPECT_FALSE(refused(status_of(r, person))) << r.path << " by a person's token";
    for (const auto& [may, sends] : visitors) {
      const bool allowed = !r.needs || ac::grants(may, *r.needs);
      EXPECT_EQ(!refused(status_of(r, sends)), allowed) << r.method << " " << r.path << " by " << ac::text_of(may);
      headers forged = sends;
      forged.erase("x-csrf-token");
      EXPECT_EQ(refused(status_of(r, forged)), r.method == "POST" || !allowed) << r.path << " without the CSRF token";
    }
  }
}

TEST_F(AccountsTest, ThePageIsAsTheApi) {
  EXPECT_EQ(ask("GET", "/status").status, 200) << "no users yet";
  add("王工", {ac::role::viewer});
  const auto sent = ask("GET", "/status");
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(sent.body.find("城关镇"), std::string::npos);
  EXPECT_EQ(ask("GET", "/status", {}, opened(login("王工")).sends()).status, 200);
  EXPECT_EQ(ask("GET", "/status.css").status, 200);
}

TEST_F(AccountsTest, TheCookieIsNoScriptsAndNoOtherSites) {
  add("王工", {ac::role::viewer});
  const auto cookie_of = [](const web_response& answer) {
    for (const auto& [name, value] : answer.headers)
      if (name == "Set-Cookie") return value;
    return std::string();
  };
  const std::string plain = cookie_of(login("王工"));
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"})
    EXPECT_THAT(plain, HasSubstr(part));
  EXPECT_THAT(plain, testing::Not(HasSubstr("Secure")));
  const auto proxied =
      send("/api/v1/login", R"({"name":"王工","password":"correct horse battery"})", {{"x-forwarded-proto", "https"}});
  EXPECT_THAT(cookie_of(proxied), HasSubstr("; Secure"));
  EXPECT_THAT(cookie_of(proxied), testing::StartsWith("__Host-changtong_session=")) << "no neighbour can plant it";
}

TEST_F(AccountsTest, OverTlsOnlyACookieThatNobodyElseCanPlantCounts) {
  add("王工", {ac::role::viewer});
  const browser b = opened(login("王工"));
  const auto reads = [&](const std::string& cookies, bool tls) {
    headers with{{"cookie", cookies}};
    if (tls) with.emplace("x-forwarded-proto", "https");
    return ask("GET", "/api/v1/lines", {}, with).status;
  };
  EXPECT_EQ(reads("changtong_session=" + b.cookie, false), 200);
  EXPECT_EQ(reads("changtong_session=" + b.cookie, true), 401);
  EXPECT_EQ(reads("changtong_session=planted; __Host-changtong_session=" + b.cookie, true), 200);
  EXPECT_EQ(reads("x__Host-changtong_session=" + b.cookie, true), 401);
}

TEST_F(AccountsTest, WhereTheUsersCannotBeReadNobodyIsToldToSignIn) {
  add("王工", {ac::role::administrator});
  const browser b = opened(login("王工"));
  std::filesystem::resize_file(users.path(), 5);
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, b.sends()).status, 503);
  EXPECT_EQ(ask("POST", "/api/v1/reload", {}, b.sends()).status, 503);
  EXPECT_EQ(
      send("/api/v1/password", R"({"old":"correct horse battery","new":"another horse entirely"})", b.sends()).status,
      503);
  EXPECT_EQ(login("王工").status, 503);
  EXPECT_EQ(ask("GET", "/healthz").status, 200);
}

TEST_F(AccountsTest, WhomATrustedProxyNamesIsInWithTheirRolesHere) {
  bool names_users = true;
  d.proxy_names_users = [&] { return names_users; };
  start();
  figures_ready();
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 401) << "without anybody, although nobody has a password yet";
  add("王工", {ac::role::administrator});
  vouched = "王工";
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 200);
  const auto session = json("/api/v1/session");
  EXPECT_EQ(session.at("name"), "王工");
  const std::string csrf(session.at("csrf").as_string());
  EXPECT_EQ(ask("POST", "/api/v1/reload").status, 403) << "another site's page: the proxy names the user there too";
  EXPECT_EQ(ask("POST", "/api/v1/reload", {}, {{"x-csrf-token", csrf}}).status, 200);
  EXPECT_EQ(send("/api/v1/windows", "{}", {{"x-csrf-token", csrf}}).status, 403) << "no role for that";
  const browser b = [&] {
    vouched.reset();
    return opened(login("王工"));
  }();
  for (const char* nobody : {"", "nobody"}) {
    vouched = nobody;
    EXPECT_EQ(ask("GET", "/api/v1/lines", {}, b.sends()).status, 401) << "whom it names in vain has no cookie either";
  }
  vouched = "王工";
  names_users = false;
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 401) << "no longer configured";
}

TEST_F(AccountsTest, SaysWhoSignedInAndForgetsThemAtLogout) {
  EXPECT_EQ(json("/api/v1/session").at("users"), false);
  add("王工", {ac::role::operating, ac::role::approver});
  EXPECT_EQ(json("/api/v1/session").at("users"), true);
  const browser b = opened(login("王工"));
  const auto known = boost::json::parse(ask("GET", "/api/v1/session", {}, b.sends()).body);
  EXPECT_EQ(known.at("name"), "王工");
  EXPECT_EQ(known.at("roles"), (boost::json::array{"operator", "approver"}));
  EXPECT_EQ(known.at("csrf"), boost::json::value(b.csrf));
  EXPECT_EQ(send("/api/v1/logout", "{}", {{"cookie", "changtong_session=" + b.cookie}}).status, 403) << "no CSRF token";
  EXPECT_EQ(send("/api/v1/logout", R"({"x":1})", b.sends()).status, 400);
  const auto out = send("/api/v1/logout", "{}", b.sends());
  EXPECT_EQ(out.status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, b.sends()).status, 401);
  EXPECT_EQ(send("/api/v1/logout", "{}", b.sends()).status, 401);
}

TEST_F(AccountsTest, AWrongLoginIsOneAnswerAndThenAWait) {
  add("王工", {ac::role::viewer});
  EXPECT_EQ(login("王工", "wrong").body, login("nobody", "wrong").body);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(login("王工", "wrong").status, 401);
  const auto wait = login("王工");
  EXPECT_EQ(wait.status, 429);
  EXPECT_THAT(wait.headers, testing::Contains(testing::Pair("Retry-After", "1")));
  for (const char* body :
       {"", "[]", "{}", R"({"name":"a"})", R"({"name":"a","password":1})", R"({"name":"a","password":"b","more":1})"})
    EXPECT_EQ(send("/api/v1/login", body).status, 400) << body;
  EXPECT_EQ(ask("POST", "/api/v1/login", {}, {{"content-type", "text/plain"}}, R"({"name":"a","password":"b"})").status,
            400)
      << "a form of another site";
}

TEST_F(AccountsTest, WhoMustChangeThePasswordCanDoNothingElse) {
  add("王工", {ac::role::operating}, true);
  const browser b = opened(login("王工"));
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, b.sends()).status, 403);
  EXPECT_EQ(send("/api/v1/windows", "{}", b.sends()).status, 403);
  EXPECT_EQ(send("/api/v1/password", R"({"old":"wrong","new":"another horse entirely"})", b.sends()).status, 401);
  EXPECT_EQ(send("/api/v1/password", R"({"old":"correct horse battery","new":"short"})", b.sends()).status, 400);
  d.now += milliseconds{1};
  const browser after =
      opened(send("/api/v1/password", R"({"old":"correct horse battery","new":"another horse entirely"})", b.sends()));
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, b.sends()).status, 401) << "the old session";
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, after.sends()).status, 200);
}

TEST_F(AccountsTest, TheFirstLinkMakesTheAdministratorAndClosesTheDoor) {
  const secret key = ac::invite(users, "admin", {ac::role::administrator}, d.now + milliseconds{1'000}).value();
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 200) << "nobody can sign in yet";
  const std::string body = R"({"key":")" + key.reveal() + R"(","password":"another horse entirely"})";
  const browser b = opened(send("/api/v1/invitation", body));
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 401);
  EXPECT_EQ(post("").status, 401);
  EXPECT_EQ(ask("POST", "/api/v1/reload", {}, b.sends()).status, 200);
  EXPECT_EQ(d.reloaded_by, "admin");
  EXPECT_EQ(send("/api/v1/invitation", body).status, 401) << "once";
}

TEST_F(AccountsTest, TheAuditLogSaysWhoSignedInReadEvidenceAndChangedSomething) {
  add("王工", {ac::role::administrator});
  EXPECT_EQ(login("王工", "wrong").status, 401);
  const browser b = opened(login("王工"));
  EXPECT_EQ(ask("GET", "/api/v1/outages", {}, b.sends()).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/summary", {}, b.sends()).status, 200) << "no evidence: counts of now";
  EXPECT_EQ(ask("POST", "/api/v1/reload", {}, b.sends()).status, 200);
  EXPECT_EQ(send("/api/v1/windows", "{}", b.sends()).status, 403);
  std::vector<std::string> lines;
  for (const ac::trail_entry& e : trail)
    lines.push_back(fmt::format("{} {} {} {} {}", e.who, e.peer, ac::deed_names.at(static_cast<std::size_t>(e.what)),
                                e.of, e.outcome));
  EXPECT_THAT(lines, testing::ElementsAre("王工 198.51.100.9 login  wrong_password", "王工 198.51.100.9 login  ok",
                                          "王工 198.51.100.9 read /api/v1/outages ok",
                                          "王工 198.51.100.9 change /api/v1/reload ok",
                                          "王工 198.51.100.9 change /api/v1/windows 403"));
}

TEST_F(AccountsTest, TheAuditLogHasNothingThatSomebodyMadeUp) {
  add("王工", {ac::role::viewer});
  const browser b = opened(login("王工"));
  trail.clear();
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(ask("GET", "/api/v1/lines/none" + std::to_string(i), {}, b.sends()).status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/outages", {{"odd", "1"}}, b.sends()).status, 400);
  EXPECT_TRUE(trail.empty()) << trail.front().of;
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(send("/api/v1/windows/made-up" + std::to_string(i), "{}", b.sends()).status, 403);
  EXPECT_EQ(trail.size(), 10U) << "of one person's tries the first ten a minute";
  EXPECT_EQ(trail.front().of, "/api/v1/windows/made-up0") << "what was tried, not only of which kind";
  trail.clear();
  EXPECT_EQ(send("/api/v1/windows/" + std::string(5000, 'x'), "{}", b.sends()).status, 403);
  mono += std::chrono::minutes{2};
  EXPECT_EQ(send("/api/v1/windows/" + std::string(5000, 'x'), "{}", b.sends()).status, 403);
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_LE(trail.front().of.size(), 300U) << "and not as long as somebody likes";
  trail.clear();
  EXPECT_EQ(ask("GET", "/api/v1/lines/V001", {}, b.sends()).status, 200);
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail.front().of, "/api/v1/lines/V001");
}

TEST_F(AccountsTest, TheAuditLogSaysWhoWasRefusedAReadingOrAPreview) {
  add("王工", {ac::role::viewer});
  const browser b = opened(login("王工"));
  trail.clear();
  EXPECT_EQ(ask("GET", "/api/v1/audit", {}, b.sends()).status, 403);
  EXPECT_EQ(send("/api/v1/inventory/changes/preview", "{}", b.sends()).status, 403);
  ASSERT_EQ(trail.size(), 2U);
  EXPECT_EQ(trail[0].of, "/api/v1/audit");
  EXPECT_EQ(trail[0].outcome, "403");
  EXPECT_EQ(trail[1].of, "/api/v1/inventory/changes/preview");
}

TEST_F(AccountsTest, TheAuditLogSaysWhichLinesAChangeOfTheInventoryTouched) {
  lines::inventory_folder files;
  d.desk = &files.table;
  start();
  add("陈工", {ac::role::administrator});
  const browser b = opened(login("陈工"));
  const std::string at = "/api/v1/inventory";
  const auto change = [&](const std::string& what) {
    trail.clear();
    const std::string hash(boost::json::parse(ask("GET", at, {}, b.sends()).body).at("hash").as_string());
    return send(at + "/changes", R"({"hash":")" + hash + "\"," + what + "}", b.sends()).status;
  };
  EXPECT_EQ(change(R"("change":[{"id":"V01","name":"南街","address":"10.1.1.9"},{"id":"T01","closed":"2026-06-30"}])"),
            200);
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail.front().of, at + "/changes: T01 V01");
  EXPECT_EQ(change(R"("change":[{"id":"V01","name":"南街"}])"), 400);
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail.front().of, at + "/changes: V01") << "of a refusal the row that was meant";
  EXPECT_EQ(trail.front().outcome, "400 nothing_to_change");
  std::string many;
  for (int i = 10; i < 35; ++i)
    many += (many.empty() ? "" : ",") +
            (R"({"id":"X)" + std::to_string(i) + R"(","category":"村/社区","address":"10.2.1.)") + std::to_string(i) +
            "\"}";
  EXPECT_EQ(change("\"add\":[" + many + "]"), 200);
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_THAT(trail.front().of, testing::StartsWith(at + "/changes: X10 X11 "));
  EXPECT_THAT(trail.front().of, testing::EndsWith(" X29 … (25)"));
}

TEST_F(AccountsTest, TheAuditLogTellsInChineseWhatWasTriedOnWhichRowAndWhyItWasRefused) {
  lines::inventory_folder files;
  d.desk = &files.table;
  start();
  add("陈工", {ac::role::administrator});
  add("钱工", {ac::role::auditor});
  const browser b = opened(login("陈工")), auditor = opened(login("钱工"));
  EXPECT_EQ(
      send("/api/v1/inventory/changes", R"({"hash":"of yesterday","change":[{"id":"V01","name":"南街"}]})", b.sends())
          .status,
      409);
  const auto page = boost::json::parse(ask("GET", "/api/v1/audit", {}, auditor.sends()).body);
  const auto& entries = page.at("entries").as_array();
  const auto refused = std::ranges::find_if(entries, [](const auto& e) { return e.at("deed") == "change"; });
  ASSERT_NE(refused, entries.end());
  EXPECT_EQ(refused->at("outcome"), "409 changed_meanwhile");
  EXPECT_EQ(refused->at("tried"), "新增、修改、停用专线");
  EXPECT_EQ(refused->at("rows"), "V01");
  EXPECT_EQ(refused->at("why"), "被拒：清单在此期间被别人改过");
}

TEST_F(AccountsTest, APageThatLiesOpenIsSignedOut) {
  add("王工", {ac::role::viewer});
  const browser b = opened(login("王工"));
  headers poll = b.sends();
  poll.emplace("x-changtong-poll", "1");
  mono += std::chrono::minutes{20};
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, poll).status, 200);
  mono += std::chrono::minutes{10};
  EXPECT_EQ(ask("GET", "/api/v1/lines", {}, poll).status, 401);
}

TEST_F(AccountsTest, RefusedLoginsAreCountedByReason) {
  add("王工", {ac::role::viewer});
  for (int i = 0; i < 7; ++i) EXPECT_NE(login("王工", "wrong").status, 200);
  EXPECT_EQ(send("/api/v1/invitation", R"({"key":"guess","password":"another horse entirely"})").status, 401);
  for (std::size_t i = 0; i < login_refusals.size(); ++i)
    EXPECT_EQ(d.door.logins_refused.at(i), (std::array{6U, 1U, 1U}.at(i))) << login_refusals.at(i);
}

TEST_F(AccountsTest, WithoutAnEntranceNobodyHasToSignIn) {
  d.entrance = nullptr;
  start();
  figures_ready();
  EXPECT_EQ(json("/api/v1/session").at("users"), false);
  EXPECT_EQ(login("王工").status, 503);
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 200);
}

}  // namespace
}  // namespace changtong::api
