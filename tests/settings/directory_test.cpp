#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;

const std::string by_name = R"(accounts:
  ldap:
    url: ldaps://ldap.example.gov.cn:1636
    ca: ca.pem
    user_dn: "uid={user},ou=people,dc=example"
    roles:
      - { user: 王工, roles: [approver, operator] }
      - { group: "cn=noc,ou=groups,dc=example", roles: [viewer] }
)";

world with_ca(const std::string& yaml) {
  world w = with(yaml);
  w.files["ca.pem"] = "-----BEGIN CERTIFICATE-----\n";
  return w;
}

TEST(DirectorySettings, NobodyIsAskedUnlessSaid) {
  EXPECT_EQ(good(with("")).value.directory, nullptr);
  EXPECT_EQ(good(with("accounts: {}\n")).value.directory, nullptr);
}

TEST(DirectorySettings, AreReadAndSaid) {
  const loaded l = good(with_ca(by_name));
  ASSERT_NE(l.value.directory, nullptr);
  const directory_settings& d = *l.value.directory;
  EXPECT_EQ(d.url, "ldaps://ldap.example.gov.cn:1636");
  EXPECT_EQ(d.ca_file, "ca.pem");
  EXPECT_EQ(d.user_dn, "uid={user},ou=people,dc=example");
  ASSERT_EQ(d.roles.size(), 2U);
  EXPECT_EQ(d.roles[0], (directory_role{.user = "王工", .group = "", .roles = "operator,approver"}));
  EXPECT_EQ(d.roles[1].group, "cn=noc,ou=groups,dc=example");
  EXPECT_NE(describe(l).find("ldaps://ldap.example.gov.cn:1636"), std::string::npos) << describe(l);
}

TEST(DirectorySettings, ThePasswordOfWhoLooksIsASecret) {
  const std::string yaml =
      "accounts: { ldap: { url: \"ldap://10.0.0.1\", base: \"ou=people,dc=example\", filter: "
      "\"(&(uid={user})(active=1))\", "
      "bind_dn: \"cn=reader,dc=example\", bind_password: \"${API_TOKEN}\" } }\n";
  const loaded l = good(with(yaml));
  EXPECT_EQ(l.value.directory->bind_password.reveal(), "s3cret-token-0123456789");
  EXPECT_EQ(describe(l).find("s3cret"), std::string::npos);
  const std::string without =
      errors(with("accounts: { ldap: { url: \"ldap://10.0.0.1\", base: \"dc=example\", filter: \"(uid={user})\", "
                  "bind_dn: \"cn=reader\" } }\n"));
  EXPECT_NE(without.find("bind_password"), std::string::npos) << without;
}

TEST(DirectorySettings, WhatIsMissingIsNamed) {
  EXPECT_NE(errors(with("accounts: { ldap: { user_dn: \"uid={user},dc=example\" } }\n")).find("url"),
            std::string::npos);
  EXPECT_NE(errors(with(by_name)).find("ca ca.pem cannot be read"), std::string::npos);
}

TEST(DirectorySettings, AChangeIsToldWithoutItsSecrets) {
  const settings before = good(with("")).value, after = good(with_ca(by_name)).value;
  const auto told = [](const settings& a, const settings& b) {
    std::string out;
    for (const change& c : compare(a, b)) out += c.text.en + "\n";
    return out;
  };
  EXPECT_NE(told(before, after).find("accounts.ldap.url changed from"), std::string::npos);
  std::string other = by_name;
  other.replace(other.find("viewer"), 6, "auditor");
  EXPECT_EQ(told(after, good(with_ca(other)).value), "accounts.ldap changed\n");
  EXPECT_EQ(told(after, after), "");
}

}  // namespace
}  // namespace changtong
