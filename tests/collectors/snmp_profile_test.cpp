#include "collectors/snmp_profile.h"

#include <gtest/gtest.h>

#include "tests/collectors/ber_writer.h"

namespace changtong::test {
namespace {

using row = snmp_walk::row;

const object_parts column{1, 3, 6, 1, 4, 1, 9, 1}, whole{1, 3, 6, 1, 4, 1, 9, 2}, kind{1, 3, 6, 1, 4, 1, 9, 3};
const object_parts if_name{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1}, entity_name{1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 7},
    entity_alias{1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2};

std::string bytes_of(std::int64_t n) {
  std::string s;
  for (int shift = 24; shift >= 0; shift -= 8) s += static_cast<char>(n >> shift);
  return s;
}
row number(std::uint32_t index, std::int64_t n) { return {{index}, wire::snmp_integer, bytes_of(n)}; }
row text(std::uint32_t index, std::string_view t) { return {{index}, wire::snmp_text, std::string(t)}; }

struct SnmpProfile : testing::Test {
  std::vector<fact> told(const profile_fact& f) { return read_profile({&f}, read); }
  std::int64_t value(const profile_fact& f) {
    const auto all = told(f);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? -999'999 : all[0].value;
  }
  snmp_columns_read read;
};

TEST_F(SnmpProfile, GreatestOfTheRowsIsTheDevices) {
  read[column] = {number(1, 7), number(2, 45), number(3, 0)};
  EXPECT_EQ(value({.name = fact_name::processor_use, .object = column, .scale = 10'000}), 450'000);
}

TEST_F(SnmpProfile, BoardsThatSayNothingButZeroHaveNoSensor) {
  const profile_fact f{.name = fact_name::temperature, .object = column, .rows = profile_rows::non_zero, .scale = 1000};
  read[column] = {number(1, 0), number(2, 41), number(3, 0)};
  EXPECT_EQ(value(f), 41'000);
  read[column] = {number(1, 0)};
  EXPECT_TRUE(told(f).empty());
}

TEST_F(SnmpProfile, InvalidAndImpossibleValuesAreNone) {
  profile_fact f{.name = fact_name::processor_use, .object = column, .scale = 10'000, .invalid = {99}};
  f.least = 0;
  f.greatest = 100;
  read[column] = {number(1, 99), number(2, 2147483647), number(3, -1), text(4, "Copper"), text(5, "12")};
  EXPECT_EQ(value(f), 120'000) << "a number in words is one";
}

TEST_F(SnmpProfile, MixedOpticsAreHundredthsOfADbmOrMicrowatts) {
  read[column] = {number(1, -523), number(2, 500), number(3, 2147483647), number(4, -1)};
  const profile_fact f{.name = fact_name::optical_receive_power,
                       .object = column,
                       .form = profile_form::mixed,
                       .index = profile_index::interface,
                       .invalid = {2147483647, -1}};
  const auto all = told(f);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].value, -5230);
  EXPECT_EQ(all[0].index, 1U);
  EXPECT_EQ(all[1].value, -3010) << "500 µW";
}

TEST_F(SnmpProfile, MicrowattsOfADarkFibreAreNone) {
  read[column] = {number(1, 0), number(2, 1000)};
  const auto all = told({.name = fact_name::optical_receive_power,
                         .object = column,
                         .form = profile_form::microwatts,
                         .index = profile_index::interface});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].value, 0) << "1 mW is 0 dBm";
}

TEST_F(SnmpProfile, EntitiesAreLedToInterfacesByAliasMappingOrByName) {
  read[column] = {number(100, -400), number(200, -500), number(300, -600)};
  read[entity_alias] = {
      {{100, 0}, wire::snmp_object_name, std::string("\x2b\x06\x01\x02\x01\x02\x02\x01\x01\x07", 10)}};
  read[entity_name] = {text(100, "fan 1"), text(200, "GigabitEthernet0/0/9"), text(300, "chassis")};
  read[if_name] = {text(9, "GE0/0/9")};
  const auto all =
      told({.name = fact_name::optical_receive_power, .object = column, .index = profile_index::entity, .scale = 10});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].index, 7U);
  EXPECT_EQ(all[1].index, 9U);
  EXPECT_EQ(all[1].value, -5000);
}

TEST_F(SnmpProfile, FailedOnesAreCounted) {
  const profile_fact f{
      .name = fact_name::fans_failed, .object = column, .rows = profile_rows::failed, .invalid = {3}, .well = {1}};
  read[column] = {number(1, 1), number(2, 2), number(3, 3), number(4, 4)};
  EXPECT_EQ(value(f), 2);
  read[column] = {number(1, 1)};
  EXPECT_EQ(value(f), 0);
  read[column] = {number(1, 3)};
  EXPECT_TRUE(told(f).empty()) << "none is there";
}

TEST_F(SnmpProfile, SharesAreOfTheRowsOfTheirKind) {
  const profile_fact f{.name = fact_name::memory_use,
                       .object = column,
                       .scale = 1e6,
                       .share_of = whole,
                       .where = kind,
                       .is = {1, 3, 6, 1, 2}};
  const auto of_kind = [](std::uint32_t index, char last) {
    return row{{index}, wire::snmp_object_name, std::string("\x2b\x06\x01") + last};
  };
  read[column] = {number(1, 50), number(2, 99)};
  read[whole] = {number(1, 200), number(2, 100)};
  read[kind] = {of_kind(1, 2), of_kind(2, 4)};
  EXPECT_EQ(value(f), 250'000);
  read[whole] = {number(1, 0)};
  EXPECT_TRUE(told(f).empty()) << "of nothing";
}

TEST(SnmpProfiles, OptionsStandInForDefaultsAndOthersDoNotCount) {
  device_profile p;
  p.facts = {{.name = fact_name::processor_use, .object = column},
             {.name = fact_name::processor_use, .object = whole, .option = "old"},
             {.name = fact_name::temperature, .object = kind, .option = "hot"}};
  EXPECT_EQ(facts_in_force(p, {}).size(), 1U);
  const auto old = facts_in_force(p, {"old"});
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old[0]->object, whole);
  EXPECT_EQ(facts_in_force(p, {"old", "hot"}).size(), 2U);
}

TEST(SnmpProfiles, WishesNameOneThatIsThere) {
  auto all = std::make_shared<device_profiles>(1);
  all->front().name = "maker";
  all->front().facts = {{.name = fact_name::processor_use, .object = column, .option = "old"}};
  EXPECT_TRUE(parse_profile_wish("auto", all));
  EXPECT_EQ(parse_profile_wish("maker+old", all).value().options, std::vector<std::string>{"old"});
  for (const char* text : {"", "other", "maker+new", "maker+", "+old"})
    EXPECT_FALSE(parse_profile_wish(text, all)) << text;
  EXPECT_FALSE(parse_profile_wish("auto", nullptr));
  all->push_back({.name = "huawei-vrp"});
  EXPECT_EQ(to_string(parse_profile_wish("huawei", all).error()),
            "snmp: profile `huawei` 不存在：是否应为 `huawei-vrp`？（可用 auto、maker、huawei-vrp） / snmp: profile: "
            "there is no `huawei`: did you mean `huawei-vrp`? (there are auto, maker, huawei-vrp)");
}

}  // namespace
}  // namespace changtong::test
