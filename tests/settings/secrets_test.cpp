// A secret is used and never shown.
#include "daemon/core/target.h"
#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;

const std::string shared =
    "api: { token: \"${API_TOKEN}\" }\ncredentials: { public: { version: 2c, community: \"${COMMUNITY}\" } }\n";
const std::string asked = "id,category,address,checks\nV1,village,192.0.2.7,snmp:credential=public\n";

TEST(Secrets, EnvironmentReachesTheCollectorAndNothingElse) {
  const loaded l = good(with(shared, asked));
  EXPECT_EQ(dynamic_cast<const fake_settings&>(*check_of(l.value, "V1").settings).community, "s3cret-community");
  EXPECT_EQ(l.value.api_token.reveal(), "s3cret-token-0123456789");
  std::string shown = describe(l) + policy_json(l.value) + to_json(*l.value.targets->find("V1"), *l.value.targets);
  for (const problem& p : l.warnings) shown += to_string(p);
  EXPECT_EQ(shown.find("s3cret"), std::string::npos) << shown;
}

TEST(Secrets, NobodysTokenIsShown) {
  world w = with("api: { people: [ { name: 王工, token: \"${API_TOKEN}\", may: [approve, duty] } ] }\n");
  const loaded l = good(w);
  ASSERT_EQ(l.value.people.size(), 1u);
  EXPECT_EQ(l.value.people[0].token.reveal(), "s3cret-token-0123456789");
  EXPECT_EQ(l.value.people[0].may, (std::vector<right>{right::approve, right::duty}));
  std::string shown = describe(l) + policy_json(l.value);
  w.variables["API_TOKEN"] = "s3cret-other-0123456789";
  for (const change& c : compare(l.value, good(w).value)) shown += to_string(c.text);
  EXPECT_EQ(shown.find("s3cret"), std::string::npos) << shown;
  EXPECT_NE(shown.find("api.people.王工: the token changed"), std::string::npos) << shown;
  EXPECT_NE(shown.find("{\"name\":\"王工\",\"may\":\"approve duty\"}"), std::string::npos) << shown;
}

TEST(People, MayImportCountersAndGiveVerdicts) {
  const loaded l =
      good(with("api: { people: [ { name: 王工, token: \"${API_TOKEN}\", may: [evaluate, import, approve] } ] }\n"));
  ASSERT_EQ(l.value.people.size(), 1u);
  EXPECT_EQ(l.value.people[0].may, (std::vector<right>{right::approve, right::import, right::evaluate}));
  EXPECT_NE(policy_json(l.value).find("{\"name\":\"王工\",\"may\":\"approve import evaluate\"}"), std::string::npos);
}

TEST(Secrets, FileIsReadBesideTheConfigurationWithoutItsLineEnd) {
  world w = with("");
  w.files["etc/c.yaml"] = "inventory: ../lines.csv\ncredentials: { p: { version: 2c, community_file: keys/p } }\n";
  w.files["etc/../lines.csv"] = "id,category,address,checks\nV1,village,192.0.2.7,snmp:credential=p\n";
  w.files["etc/keys/p"] = "s3cret\n";
  EXPECT_EQ(good(w, "etc/c.yaml").value.credentials.at(0).community.reveal(), "s3cret");
}

TEST(Secrets, AnyMistakeIsReportedWithoutTheSecret) {
  world plain = with("");
  plain.files["s"] = "s3cret\nsecond line\n";
  for (const std::string yaml : {"credentials: { p: { version: 2c, community: [s3cret] } }",
                                 "credentials: { p: { version: 2c, comunity: s3cret } }",
                                 "credentials: { p: { version: 2c, s3cret } }",
                                 "credentials: { p: s3cret }",
                                 "credentials: { p: [s3cret] }",
                                 "credentials: { p: { version: 2c, community: s3cret, community_file: s } }",
                                 "credentials: { p: { version: 2c, community: \"${s3cret\" } }",
                                 "credentials: { p: { version: 2c, community: \"${s3-cret} s3cret\" } }",
                                 "credentials: { p: { version: 2c, community: *s3cret } }",
                                 "credentials: { p: { version: 2c, community: &s3cret x } }",
                                 "credentials: { p: { version: 2c, community: \"s3cret\\q\" } }",
                                 "credentials: { p: { version: 2c, community: \"s3cret } }",
                                 "credentials: { p: { version: 2c, community_file: s } }",
                                 "credentials: { p: { version: 3, user: u, auth: s3cret } }",
                                 "credentials: { p: { version: 3, user: u, auth_password: s3cret } }",
                                 "credentials: { p: { version: 3, user: u, auth_pasword: s3cret } }",
                                 "credentials: { p: { version: s3cret } }",
                                 "credentials: { p: { version: 3, level: s3cret, user: u } }",
                                 "api: { token: s3cret }",
                                 "api: { tokn s3cret: }",
                                 "api: s3cret",
                                 "api: { people: [s3cret] }",
                                 "api: { people: s3cret }",
                                 "api: { people: [ { name: 王工, token: s3cret, may: [approve] } ] }",
                                 "api: { people: [ { name: 王工, token_file: s, may: [s3cret] } ] }",
                                 "api: { people: [ { name: 王工, s3cret: , may: [approve] } ] }",
                                 "sites: [ { id: a, url: \"https://u:s3cret@h/\" } ]",
                                 "sites: [ { id: a, url: \"ftp://u:s3cret@h/\" } ]",
                                 "credentials: { p: { version: 2c, community: \"s3cret\\x01\" } }"}) {
    plain.files["c.yaml"] = "inventory: lines.csv\n" + yaml + "\n";
    const std::string text = told(plain);
    EXPECT_NE(text, "") << yaml;
    EXPECT_EQ(text.find("s3cret"), std::string::npos) << text;
  }
}

TEST(Secrets, ClearTextVersionIsAWarning) {
  const loaded l = good(with(shared, asked));
  ASSERT_EQ(l.warnings.size(), 1u);
  EXPECT_EQ(
      english(l.warnings[0]),
      "c.yaml:4:16: credential 'public' uses SNMP v2c, which sends its community in clear text: use v3 authPriv, or "
      "give it read-only rights and restrict the agents to this host's address");
}

TEST(Secrets, AUserOfV3IsReadAndOnlyAWeakLevelIsAWarning) {
  const auto with_user = [](const std::string& rest) {
    return with("credentials: { r: { version: 3, user: changtong, " + rest + " } }\n");
  };
  const loaded l = good(
      with_user("auth: SHA-256, auth_password: signs-well, priv: AES-256-C, context: vpn, priv_password: hides-well"));
  EXPECT_TRUE(l.warnings.empty());
  const credential& c = l.value.credentials.at(0);
  EXPECT_EQ(c.version, "3");
  EXPECT_EQ(c.user, "changtong");
  EXPECT_EQ(c.level, "authPriv");
  EXPECT_EQ(c.auth, "SHA-256");
  EXPECT_EQ(c.priv, "AES-256-C");
  EXPECT_EQ(c.context, "vpn");
  EXPECT_EQ(c.auth_password.reveal(), "signs-well");
  EXPECT_EQ(c.priv_password.reveal(), "hides-well");
  for (const std::string rest : {"level: authNoPriv, auth: MD5, auth_password: signs-well", "level: noAuthNoPriv"})
    EXPECT_EQ(good(with_user(rest)).warnings.size(), 1U) << rest;
}

TEST(Secrets, AWordThatIsAllButRightIsNamedAndSpoilsNothingElse) {
  const auto told_of = [](const std::string& rest) {
    return told(with("credentials: { r: { version: 3, user: u, auth_password: signs-well, " + rest + " } }\n"));
  };
  const std::string auth = told_of("auth: SHA1, priv: AES, priv_password: hides-well");
  EXPECT_NE(auth.find("'SHA1': did you mean 'SHA'?"), std::string::npos) << auth;
  const std::string level = told_of("level: authpriv, auth: SHA");
  EXPECT_NE(level.find("'authpriv': did you mean 'authPriv'?"), std::string::npos) << level;
  EXPECT_EQ(level.find("priv_password"), std::string::npos) << level;
}

TEST(Secrets, FilesThatEverybodyMayReadAreWarnedAbout) {
  world w = with("api: { token_file: token }\ncredentials: { p: { version: 2c, community: s3cret } }\n");
  w.files["token"] = "s3cret-s3cret-s3cret\n";
  w.open_files = {"token", "c.yaml"};
  std::string text;
  for (const problem& p : good(w).warnings) text += english(p) + "\n" + to_string(p) + "\n";
  EXPECT_NE(text.find("c.yaml:3:20: 'token' holds a secret and everybody on this host may read it: chmod o= it\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("c.yaml:4:45: community stands in a file that everybody on this host may read"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
}

TEST(Secrets, AKeyOfTlsThatEverybodyMayReadIsWarnedAbout) {
  world w = with("tls: { certificate: server.pem, key: server.key }\n");
  w.files["server.pem"] = w.files["server.key"] = "is judged by the server\n";
  EXPECT_TRUE(good(w).warnings.empty());
  w.open_files = {"server.key", "server.pem"};
  std::string text;
  for (const problem& p : good(w).warnings) text += english(p) + "\n";
  EXPECT_EQ(text, "c.yaml:3:38: tls.key 'server.key': everybody on this host may read it: chmod o= it\n");
}

}  // namespace
}  // namespace changtong
