#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;

std::string changes(const world& before, const world& after) {
  std::string out;
  for (const change& c : compare(good(before).value, good(after).value)) out += c.text.en + "\n";
  return out;
}

std::string in_chinese(const world& before, const world& after) {
  std::string out;
  for (const change& c : compare(good(before).value, good(after).value)) out += c.text.cn + "\n";
  return out;
}

const std::string headings = "id,name,category,carrier,address,checks\n";

TEST(Compare, NothingChangedIsNothingSaid) {
  const world w = with("", headings + "V1,河东村,village,电信,192.0.2.1,icmp\n");
  EXPECT_EQ(changes(w, w), "");
}

TEST(Compare, LinesAreRemovedAddedAndChangedWithTheirFields) {
  EXPECT_EQ(
      changes(with("", headings + "V1,河东村,village,电信,192.0.2.1,\nV2,河西村,village,电信,192.0.2.2,\n"),
              with("", headings +
                           "V2,河西村,village,移动,192.0.2.2,icmp tcp:port=22\nV3,河北村,village,电信,192.0.2.3,\n")),
      "line V1 (河东村) removed\nline V3 (河北村) added\n"
      "line V2 (河西村) changed: carrier from '电信' to '移动', checks from 'icmp' to 'icmp tcp:port=22'\n");
}

TEST(Compare, ChangesAreToldInChineseWithTheInventorysHeadings) {
  EXPECT_EQ(
      in_chinese(
          with("fast_budget: 3000\n", headings + "V1,河东村,village,电信,192.0.2.1,\nV2,河西村,village,,192.0.2.2,\n"),
          with("", headings + "V2,河西村,village,移动,192.0.2.2,tcp:port=22\nV3,V3,village,,192.0.2.3,\n")),
      "fast_budget 由 '3000' 改为 '2000'\n"
      "专线 V1 (河东村) 已删除\n专线 V3 新增\n"
      "专线 V2 (河西村) 有变：运营商由 空值 改为 '移动'，检查由 'icmp' 改为 'tcp:port=22'\n");
}

TEST(Compare, KeysComeFirstWithBothValues) {
  const world before = with("");
  EXPECT_EQ(
      changes(before, with("defaults: { interval: 2s }\nfast_budget: 3000\n")),
      "defaults.interval changed from '1s' to '2s'\nkinds.icmp.interval changed from '1s' to '2s'\n"
      "kinds.snmp.interval changed from '30s' to '2s'\nkinds.tcp.interval changed from '1s' to '2s'\n"
      "categories.township.interval changed from '1s' to '2s'\ncategories.village.interval changed from '1s' to '2s'\n"
      "categories.health.interval changed from '1s' to '2s'\ncategories.education.interval changed from '1s' to '2s'\n"
      "categories.department.interval changed from '1s' to '2s'\n"
      "categories.backbone.interval changed from '1s' to '2s'\ncategories.website.interval changed from '1s' to '2s'\n"
      "fast_budget changed from '2000' to '3000'\n");
}

TEST(Compare, TheConsolesFolderIsNamed) {
  world after = with("console: www\n");
  after.files["www/index.html"] = "<p>";
  EXPECT_EQ(changes(with(""), after), "console changed from (empty) to 'www'\n");
}

TEST(Compare, TheMemoryOfChartsIsNamed) {
  EXPECT_EQ(changes(with(""), with("recent: { memory_mb: 8 }\n")), "recent.memory_mb changed from '64' to '8'\n");
}

TEST(Compare, NodeIsNamed) {
  EXPECT_EQ(changes(with("node: 东区\n"), with("node: 西区\n")), "node changed from '东区' to '西区'\n");
}

TEST(Compare, TheCentreIsNamed) {
  const auto by = [](const std::string& rest) {
    return with("node: 东区\ncentre: { nats: [\"tls://192.0.2.31\"], user: 东区, " + rest + " }\n");
  };
  EXPECT_EQ(changes(by("password: geheim"), by("password: anders")), "centre.nats changed\n");
  EXPECT_EQ(changes(by("password: geheim"), by("password: geheim, commands: [probe]")), "centre.commands changed\n");
  EXPECT_EQ(
      changes(by("password: geheim, commands: [windows]"), by("password: geheim, commands: [windows, approvals]")),
      "centre.commands changed\n");
}

TEST(Compare, NameServersAreNamed) {
  const world stated = with("name_servers: [192.0.2.53, \"[2001:db8::53]:5353\"]\n");
  EXPECT_EQ(changes(with(""), stated), "name_servers changed from (empty) to '192.0.2.53 [2001:db8::53]:5353'\n");
  EXPECT_EQ(in_chinese(stated, with("name_servers: [192.0.2.53]\n")),
            "name_servers 由 '192.0.2.53 [2001:db8::53]:5353' 改为 '192.0.2.53'\n");
}

TEST(Compare, SecretsChangeWithoutBeingShown) {
  const std::string yaml =
      "credentials: { p: { version: 2c, community: \"${COMMUNITY}\" } }\napi: { token: \"${API_TOKEN}\" }\n";
  const world before = with(yaml);
  world after = with(yaml);
  after.variables["COMMUNITY"] = "s3cret-other";
  after.variables["API_TOKEN"] = "s3cret-other-0123456789";
  EXPECT_EQ(changes(before, after), "api.token changed\ncredentials.p: the community changed\n");
  EXPECT_EQ(changes(with(""), after), "api.token added\ncredentials.p added\n");
  const auto user = [](const std::string& auth, const std::string& password) {
    return with("credentials: { p: { version: 3, user: u, auth: " + auth + ", auth_password: " + password +
                ", priv: AES, priv_password: hidden-well } }\n");
  };
  const std::string told = changes(user("SHA", "signed-well"), user("MD5", "signed-better"));
  EXPECT_EQ(told.find("signed"), std::string::npos);
  EXPECT_NE(told.find("credentials.p.auth"), std::string::npos) << told;
  EXPECT_NE(told.find("a password changed"), std::string::npos) << told;
}

TEST(Compare, AnchorGoesByItsAddressNotItsNumber) {
  world before = with(""), after = with("");
  before.files["c.yaml"] = "inventory: lines.csv\nanchors: [192.0.2.1, 192.0.2.2]\n";
  after.files["c.yaml"] = "inventory: lines.csv\nanchors: [192.0.2.2, 192.0.2.3]\n";
  EXPECT_EQ(changes(before, after), "anchor 192.0.2.1 removed\nanchor 192.0.2.3 added\n");
}

TEST(Policy, IsCanonicalAndHoldsWhatBooksNeed) {
  const std::string text = policy_json(good(with("categories: { village: { interval: 2s } }\n")).value);
  EXPECT_EQ(text, policy_json(good(with("categories:\n  village:\n    interval: 2000ms\n")).value));
  EXPECT_TRUE(text.starts_with(R"({"zone":"Asia/Shanghai","defaults":{"interval_ms":1000,"timeout_ms":1000,)"
                               R"("fast_interval_ms":250,"down_after":3,"up_after":2},"kinds":[{"kind":"icmp",)"))
      << text;
  EXPECT_NE(text.find(R"({"id":"village","name":"村/社区","interval_ms":2000,)"), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace changtong
