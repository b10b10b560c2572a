#include "daemon/host/address_line.h"

#include <gtest/gtest.h>

namespace changtong::host {
namespace {

std::string line(const std::string& url, std::vector<const char*> addresses = {"192.0.2.7", "2001:db8::7"}) {
  const look_up names = [&](const std::string& host, const std::stop_token&) -> result<std::vector<ip_address>> {
    EXPECT_EQ(host, "seals.example");
    std::vector<ip_address> all;
    for (const char* a : addresses) all.push_back(*parse_address(a));
    return all;
  };
  return address_line(url, names, {}).value();
}

TEST(AddressLine, NamesTheHostThePortAndItsAddresses) {
  EXPECT_EQ(line("https://seals.example/a"), "seals.example:443:192.0.2.7,[2001:db8::7]");
  EXPECT_EQ(line("http://seals.example"), "seals.example:80:192.0.2.7,[2001:db8::7]");
  EXPECT_EQ(line("smtps://seals.example"), "seals.example:465:192.0.2.7,[2001:db8::7]");
  EXPECT_EQ(line("smtp://seals.example", {"192.0.2.7"}), "seals.example:25:192.0.2.7");
  EXPECT_EQ(line("https://seals.example:8443/", {"192.0.2.7"}), "seals.example:8443:192.0.2.7");
}

TEST(AddressLine, IsEmptyWhereNobodyIsToBeAsked) {
  EXPECT_EQ(line("https://seals.example/", {}), "") << "the machine's own resolver";
  EXPECT_EQ(line("https://192.0.2.9/"), "");
  EXPECT_EQ(line("https://[2001:db8::9]/"), "");
  EXPECT_EQ(line("no address"), "");
  EXPECT_EQ(address_line("https://seals.example/", {}, {}).value(), "");
}

TEST(AddressLine, SaysWhyThereIsNone) {
  const look_up fails = [](const std::string&, const std::stop_token&) -> result<std::vector<ip_address>> {
    return said("解析不到", "no such name");
  };
  const auto refused = address_line("https://seals.example/", fails, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text_en, "no such name");
}

}  // namespace
}  // namespace changtong::host
