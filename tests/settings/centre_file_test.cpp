// The settings of a centre: what may stand there, and what each mistake is told.
#include "daemon/settings/centre_file.h"

#include <gmock/gmock.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using testing::HasSubstr;

const std::string good =
    "listen: 0.0.0.0:8443\n"
    "tls: { certificate: tls.pem, key: tls.key }\n"
    "database: { connect: \"host=/run/postgresql dbname=changtong\", password_file: db.password }\n"
    "reader: { token: reader-0123456789abcdef }\n"
    "nodes:\n"
    "  - { name: 东城区, token_file: east.token }\n"
    "  - { name: 西城区, token: \"${API_TOKEN}\" }\n";

world with_centre(const std::string& yaml) {
  world w;
  w.files = {{"centre.yaml", yaml},
             {"tls.pem", "certificate"},
             {"tls.key", "key"},
             {"db.password", "geheim\n"},
             {"east.token", "5d41402abc4b2a76b9719d911017c592\n"}};
  return w;
}

/** All problems in English; empty: it loads. */
std::string wrong(std::string yaml, const std::string& old_part = {}, const std::string& new_part = {}) {
  if (!old_part.empty()) yaml.replace(yaml.find(old_part), old_part.size(), new_part);
  const auto r = load_centre("centre.yaml", with_centre(yaml).view());
  std::string out;
  if (!r)
    for (const problem& p : r.error().list) out += english(p) + "\n";
  return out;
}

TEST(centre_file, ACaOfNodesIsReadAndHasToHoldCertificates) {
  const auto with_ca = [](const std::string& text) {
    std::string yaml = good;
    yaml.replace(yaml.find("tls.key }"), 9, "tls.key, ca: nodes.pem }");
    world w = with_centre(yaml);
    if (!text.empty()) w.files["nodes.pem"] = text;
    return load_centre("centre.yaml", w.view());
  };
  const auto r = with_ca("-----BEGIN CERTIFICATE-----\n");
  ASSERT_TRUE(r) << to_string(r.error().list.front());
  EXPECT_EQ(r->value.tls.client_ca, "nodes.pem");
  EXPECT_THAT(describe(*r, "centre.yaml"), HasSubstr("show a certificate for their name"));
  EXPECT_THAT(to_string(with_ca("a letter").error().list.front()), HasSubstr("holds no certificate in PEM"));
  EXPECT_THAT(to_string(with_ca("").error().list.front()), HasSubstr("tls.ca nodes.pem cannot be read"));
}

TEST(centre_file, IsReadAsItStands) {
  const auto r = load_centre("centre.yaml", with_centre(good).view());
  ASSERT_TRUE(r) << to_string(r.error().list.front());
  const centre_file& c = r->value;
  EXPECT_EQ(c.listen.port, 8443);
  EXPECT_EQ(c.tls.certificate, "tls.pem");
  EXPECT_EQ(c.database, "host=/run/postgresql dbname=changtong");
  EXPECT_EQ(c.database_password.reveal(), "geheim");
  ASSERT_EQ(c.readers.size(), 1U);
  EXPECT_EQ(c.readers[0].token.reveal(), "reader-0123456789abcdef");
  ASSERT_EQ(c.nodes.size(), 2U);
  EXPECT_EQ(c.nodes[0].district, "东城区") << "who names none is one";
  EXPECT_EQ(c.nodes[0].city, "");
  EXPECT_EQ(c.nodes[0].name, "东城区");
  EXPECT_EQ(c.nodes[0].token.reveal(), "5d41402abc4b2a76b9719d911017c592");
  EXPECT_EQ(c.nodes[1].token.reveal(), "s3cret-token-0123456789");
  EXPECT_EQ(c.zone.name(), "Asia/Shanghai");
}

TEST(centre_file, ReadersHaveNamesAndTokensOfTheirOwnAndNodesAPlace) {
  std::string yaml = good;
  yaml +=
      "readers:\n  - { name: 大屏, token: wall-0123456789abcdef }\n  - { name: 市局, token: city-0123456789abcdef }\n";
  yaml.replace(yaml.find("name: 东城区"), std::string("name: 东城区").size(),
               "name: 东城区, district: 东城, city: 某市, province: 某省");
  const auto r = load_centre("centre.yaml", with_centre(yaml).view());
  ASSERT_TRUE(r) << to_string(r.error().list.front());
  ASSERT_EQ(r->value.readers.size(), 3U);
  EXPECT_EQ(r->value.readers[2].name, "市局");
  const centre_node& n = r->value.nodes[0];
  EXPECT_EQ(n.province + n.city + n.district, "某省某市东城");
  EXPECT_THAT(wrong(yaml, "city-0123", "wall-0123"), HasSubstr("the token is another reader's too"));
  EXPECT_THAT(wrong(yaml, "city-0123456789abcdef", "5d41402abc4b2a76b9719d911017c592"),
              HasSubstr("the token is another one's too"));
  EXPECT_THAT(wrong(yaml, "name: 市局, ", ""), HasSubstr("name"));
  EXPECT_THAT(wrong(yaml, "city: 某市", "city: \"某\\u200b市\""), HasSubstr("character 2 of city"));
}

TEST(centre_file, BeyondThisHostThereIsTls) {
  EXPECT_THAT(wrong(good, "tls: { certificate: tls.pem, key: tls.key }\n"),
              HasSubstr("centre.yaml:1:9: beyond this host there has to be TLS"));
  std::string here = good;
  here.replace(here.find("0.0.0.0"), 7, "127.0.0.1");
  EXPECT_EQ(wrong(here, "tls: { certificate: tls.pem, key: tls.key }\n"), "");
}

TEST(centre_file, NodesDifferInNameAndToken) {
  EXPECT_THAT(wrong(good, "name: 西城区", "name: 东城区"), HasSubstr("7:5: '东城区' stands twice"));
  EXPECT_THAT(wrong(good, "\"${API_TOKEN}\"", "5d41402abc4b2a76b9719d911017c592"),
              HasSubstr("7:5: the token is another one's too"));
  EXPECT_THAT(wrong(good, "\"${API_TOKEN}\"", "reader-0123456789abcdef"), HasSubstr("the token is another one's too"));
  EXPECT_THAT(wrong(good, "\"${API_TOKEN}\"", "short"), HasSubstr("shorter than 16 bytes"));
  EXPECT_THAT(wrong(good, "name: 西城区", "name: \"西\\u200b城区\""), HasSubstr("character 2 of name"));
}

TEST(centre_file, TheTwoOfAPairAreOfOnePlace) {
  std::string yaml = good;
  yaml.replace(yaml.find("name: 东城区"), std::string("name: 东城区").size(), "name: 东城甲, pair: 东城");
  yaml.replace(yaml.find("name: 西城区"), std::string("name: 西城区").size(), "name: 东城乙, pair: 东城");
  const auto r = load_centre("centre.yaml", with_centre(yaml).view());
  ASSERT_TRUE(r) << to_string(r.error().list.front());
  for (const centre_node& n : r->value.nodes)
    EXPECT_EQ(n.pair + n.district, "东城东城") << "who names no district is one";
  EXPECT_THAT(
      wrong(yaml, "name: 东城乙, pair: 东城", "name: 东城乙, pair: 东成"),
      testing::AllOf(HasSubstr("6:5: the pair '东城' has one node"), HasSubstr("7:5: the pair '东成' has one node")));
  EXPECT_THAT(wrong(yaml, "name: 东城乙, ", "name: 东城乙, district: 西城, "),
              HasSubstr("7:5: the two of the pair '东城' see the same lines"));
  EXPECT_THAT(wrong(yaml, "name: 东城乙", "name: 东城"), HasSubstr("7:5: '东城' is a pair and a node"));
  EXPECT_THAT(wrong(yaml + "  - { name: 东城丙, pair: 东城, token: third-0123456789abcdef }\n"),
              HasSubstr("8:5: the pair '东城' has 3 nodes"));
  EXPECT_THAT(wrong(yaml, "pair: 东城", "pair: \"东\\u200b城\""), HasSubstr("character 2 of pair"));
}

TEST(centre_file, WhatIsMissingIsNamed) {
  EXPECT_THAT(wrong("zone: Asia/Shanghai\n"),
              testing::AllOf(HasSubstr("lacks the key 'database'"), HasSubstr("lacks the key 'nodes'")));
  EXPECT_THAT(wrong("nodes: []\ndatabase: { connect: x }\n"), HasSubstr("nodes is empty"));
  EXPECT_THAT(wrong(good, "connect: \"host=/run/postgresql dbname=changtong\", "),
              HasSubstr("lacks the key 'connect'"));
  EXPECT_THAT(wrong(good, "listen:", "lisen:"), HasSubstr("did you mean 'listen'"));
  EXPECT_THAT(wrong("zone: Mars/North\n" + good), HasSubstr("Mars/North"));
}

TEST(centre_file, ItsNameAndTheKeyOfItsSealsAreItsOwn) {
  auto w = with_centre(good);
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.seal_key_file, "centre.seal.key");
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.name, "");
  w.files["centre.yaml"] = "name: 某市中心\nseal: { key_file: keys/seal.key }\n" + good;
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.name, "某市中心");
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.seal_key_file, "keys/seal.key");
  EXPECT_THAT(wrong("seal: { key: seal.key }\n" + good), HasSubstr("key_file"));
}

TEST(centre_file, AServiceKeepsTheKeyInItsStateUnlessItIsThereAlready) {
  auto w = with_centre(good);
  w.variables["STATE_DIRECTORY"] = "/var/lib/changtong-centre:/var/lib/other";
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.seal_key_file, "/var/lib/changtong-centre/centre.seal.key");
  w.files["centre.seal.key"] = "PEM";
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.seal_key_file, "centre.seal.key");
  w.files["centre.yaml"] = "seal: { key_file: keys/seal.key }\n" + good;
  EXPECT_EQ(load_centre("centre.yaml", w.view())->value.seal_key_file, "keys/seal.key");
}

TEST(centre_file, WhoeverShipsByNatsNeedsNoToken) {
  std::string yaml = good;
  yaml.replace(yaml.find(", token: \"${API_TOKEN}\""), 23, "");
  EXPECT_THAT(wrong(yaml), HasSubstr("token is missing"));
  yaml +=
      "nats: { servers: [\"tls://[2001:db8::31]\", \"tls://broker.example:4333\"], user: centre, password: geheim }\n";
  const auto r = load_centre("centre.yaml", with_centre(yaml).view());
  ASSERT_TRUE(r) << to_string(r.error().list.front());
  ASSERT_TRUE(r->value.nats);
  EXPECT_THAT(r->value.nats->servers, testing::ElementsAre("[2001:db8::31]:4222", "broker.example:4333"));
  EXPECT_TRUE(r->value.nats->tls);
  EXPECT_EQ(r->value.nats->user, "centre");
  EXPECT_TRUE(r->value.nodes[1].token.empty());
  EXPECT_THAT(wrong(yaml, ", user: centre, password: geheim"), HasSubstr("user is missing"));
  EXPECT_THAT(wrong(yaml, "servers: [\"tls://[2001:db8::31]\", \"tls://broker.example:4333\"], ", ""),
              HasSubstr("lacks the key 'servers'"));
}

TEST(centre_file, TheExampleThatShipsIsOne) {
  surroundings s = real_surroundings({});
  s.environment = [](const std::string& name) { return std::optional("a token of " + name); };
  s.open_to_others = [](const std::string&) { return false; };
  const auto r = load_centre(std::string(CHANGTONG_SOURCE_DIR) + "/config/centre.yaml", s);
  ASSERT_TRUE(r) << to_string(r.error().list.front());
  EXPECT_EQ(r->value.nodes.size(), 2U);
  EXPECT_TRUE(r->warnings.empty());
}

TEST(centre_file, AFileThatIsNotThereIsSaid) {
  const auto r = load_centre("other.yaml", with_centre(good).view());
  ASSERT_FALSE(r);
  EXPECT_THAT(english(r.error().list.front()), HasSubstr("cannot read the configuration"));
}

TEST(centre_file, IsKnownByWhatItNames) {
  EXPECT_TRUE(is_of_centre(good));
  EXPECT_TRUE(is_of_centre("database: nonsense\nnodse: []\n")) << "whatever else is wrong with it";
  EXPECT_TRUE(is_of_centre("readers: []\n"));
  for (const char* other : {"", "- database\n", "inventory: lines.csv\n", "ledger: a.db\ndatabase: {}\n", "nodes: {}\n",
                            "database: {", "anchors: [192.0.2.1]\n"})
    EXPECT_FALSE(is_of_centre(other)) << other;
}

TEST(centre_file, IsDescribedInAFewLinesWithoutASecret) {
  const auto r = load_centre("centre.yaml", with_centre(good).view());
  ASSERT_TRUE(r);
  const std::string told = describe(*r, "centre.yaml");
  EXPECT_THAT(
      told,
      HasSubstr("centre.yaml：中心的配置，节点 2 个，读者 1 个 / centre.yaml: of a centre, 2 nodes, 1 readers\n"));
  EXPECT_THAT(told, testing::Not(HasSubstr("0123456789")));
}

TEST(centre_file, WhoNamesAPairOrNobodyIsToldWhomToName) {
  centre_file s = load_centre("centre.yaml", with_centre(good).view()).value().value;
  s.nodes.clear();
  for (const auto& [name, pair] : {std::pair{"东城甲", "东城"}, {"东城乙", "东城"}, {"西城", ""}}) {
    s.nodes.emplace_back().name = name;
    s.nodes.back().pair = pair;
  }
  EXPECT_TRUE(is_a_node(s, "东城乙"));
  EXPECT_THAT(to_string(is_a_node(s, "东城").error()),
              HasSubstr("东城 是一对：请写 东城甲 或 东城乙 / 东城 is a pair: name 东城甲 or 东城乙"));
  EXPECT_THAT(to_string(is_a_node(s, "南城").error()), HasSubstr("没有 南城，有 东城甲、东城乙、西城"));
}

}  // namespace
}  // namespace changtong
