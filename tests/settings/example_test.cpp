// The example that ships is a promise: every key of it is read, and means what its comment says.
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

const std::string path = std::string(CHANGTONG_SOURCE_DIR) + "/config/changtong.yaml";

loaded example(std::span<const kind> table) {
  surroundings s = real_surroundings(table);
  s.environment = [](const std::string& name) {
    return name == "COMMUNITY" ? std::optional<std::string>("s3cret-community") : std::nullopt;
  };
  s.open_to_others = [](const std::string&) { return false; };
  auto r = load(path, s);
  if (!r) {
    for (const problem& p : r.error().list) ADD_FAILURE() << to_string(p);
    throw std::runtime_error("the example should load");
  }
  return std::move(*r);
}

TEST(Example, LoadsWithItsConcreteValues) {
  const settings s = example(fake_kinds()).value;
  EXPECT_EQ(s.zone.name(), "Asia/Shanghai");
  EXPECT_EQ(s.listen.port, 8080);
  EXPECT_EQ(s.ledger, std::string(CHANGTONG_SOURCE_DIR) + "/config/ledger.db");
  EXPECT_EQ(s.defaults, (timing{1s, 1s, 250ms, 3, 2}));
  EXPECT_EQ(s.targets->targets.size(), 15u + 1 + 2);
  EXPECT_EQ(s.targets->category_name("police"), "公安");
  EXPECT_EQ(s.degrade.rtt, 200ms);
  EXPECT_EQ(s.credentials.at(0).community.reveal(), "s3cret-community");

  const target& v3 = *s.targets->find("V003");
  EXPECT_EQ(v3.name, "柳林村专线");
  EXPECT_EQ(v3.unit, "柳林村村民委员会");
  EXPECT_EQ(v3.circuit, "裕民政务V0003");
  EXPECT_DOUBLE_EQ(v3.bandwidth_mbps, 50);
  EXPECT_EQ(s.targets->targets[v3.parent_index].id, "T01");
  EXPECT_TRUE(in_subtree(*s.targets, s.targets->index_of("V003"), s.targets->index_of("B01")));
  EXPECT_EQ(s.zone.format(v3.closed.value()), "2026-06-30T00:00:00.000+08:00");
  EXPECT_EQ(check_of(s, "V003").when.interval, 2s);
  EXPECT_EQ(check_of(s, "V005").when.interval, 5s);
  EXPECT_EQ(check_of(s, "T01", 1).when.interval, 30s);
  EXPECT_EQ(to_string(check_of(s, "T03", 1).address), "2001:db8:3::1");
  EXPECT_EQ(check_of(s, "portal").when, (timing{60s, 15s, 5s, 3, 2}));
}

TEST(Example, OnlyWarnsOfTheClearTextCommunity) {
  const loaded l = example(fake_kinds());
  ASSERT_EQ(l.warnings.size(), 1u);
  EXPECT_NE(l.warnings[0].text_en.find("clear text"), std::string::npos);
}

TEST(Example, UsesOnlyDocumentationAddressesAndNamesEveryKey) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  for (const char* key : {"zone",  "listen",      "node",  "ledger",    "inventory", "defaults", "categories",
                          "kinds", "credentials", "sites", "anchors",   "api",       "log",      "degrade",
                          "flap",  "fast_budget", "seal",  "contracts", "report",    "alerts",   "recent"})
    EXPECT_TRUE(std::regex_search(text.str(), std::regex("\n(# )?" + std::string(key) + ":"))) << key;
  const settings loaded_one = example(fake_kinds()).value;
  for (const target& t : loaded_one.targets->targets)
    for (const ip_address& a : t.addresses)
      EXPECT_TRUE(
          std::regex_search(to_string(a), std::regex("^(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.|^2001:db8:")))
          << to_string(a);
}

/** What stands behind "# " from a line that begins with `from` to the next that is no comment, as if it stood there. */
std::string uncommented(const std::string& text, const std::string& from) {
  std::string out;
  for (std::size_t at = text.find("\n# " + from) + 1; at < text.size() && text[at] == '#';) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += text.substr(std::min(at + 2, end), end - std::min(at + 2, end)) + "\n";
    at = end + 1;
  }
  return out;
}

TEST(Example, TheCommentedAlertsLoadAndReachEverybody) {
  std::ifstream in(path);
  std::ostringstream all;
  all << in.rdbuf();
  world w = with(uncommented(all.str(), "api:\n") + uncommented(all.str(), "alerts:\n"),
                 "id,category,carrier,grade,address\nV1,village,电信,AAA,192.0.2.7\nV2,village,移动,普通,192.0.2.8\n");
  w.variables = {{"WECOM_KEY", "s3cret-robot"}, {"SMS_TOKEN", "s3cret-sms"}};
  for (const char* name : {"token", "li.token", "wang.token"})
    w.files[std::string("/etc/changtong/") + name] = std::string("0123456789-0123456789-") + name;
  const loaded l = good(w);
  for (const problem& p : l.warnings) ADD_FAILURE() << to_string(p);
  const alert_settings& a = l.value.alerts;
  ASSERT_EQ(a.channels.size(), 3u);
  EXPECT_EQ(a.channels[0].url.reveal(), "https://relay.example.gov.cn/cgi-bin/webhook/send?key=s3cret-robot");
  EXPECT_EQ(a.channels[2].body, R"({"mobile":"${phone}","content":"${text}"})");
  EXPECT_EQ(a.channels[2].headers.at(0).second.reveal(), "Bearer s3cret-sms");
  EXPECT_EQ(a.rules.size(), 8u);
  EXPECT_EQ(a.rules[1].at_least, 3u);
  EXPECT_EQ(a.rules[1].steps[2].after, 2h);
  EXPECT_EQ(a.rules[5].hours, (civil_hours{.from = 510, .to = 1080, .days = 0x1F}));
  EXPECT_EQ(a.handover, 510);
  EXPECT_EQ(a.digest, 521);
  EXPECT_EQ(describe(l).find("s3cret"), std::string::npos) << describe(l);
  EXPECT_EQ(policy_json(l.value).find("13800000001"), std::string::npos);
}

TEST(Example, LoadsWithTheRealKinds) {
  const settings s = example(kinds()).value;
  EXPECT_EQ(s.targets->targets.size(), 18u);
  for (const check& c : s.targets->checks) EXPECT_NE(c.settings, nullptr) << c.id;
}

}  // namespace
}  // namespace changtong
