#include "daemon/core/device_profile.h"

#include <gtest/gtest.h>

namespace changtong::test {
namespace {

TEST(DeviceProfile, ObjectsAreReadWithAndWithoutTheFirstDot) {
  EXPECT_EQ(parse_object(".1.3.6"), (object_parts{1, 3, 6}));
  EXPECT_EQ(object_text(parse_object("1.3.6.1.4294967295").value()), "1.3.6.1.4294967295");
  for (const char* text : {"", "1", "1.", "1..3", "3.1", "1.40", "1.3.x", "1.3.4294967296", "1.3.-1"})
    EXPECT_FALSE(parse_object(text)) << text;
}

TEST(DeviceProfile, LongestBeginningOfSysObjectIdWins) {
  device_profiles all(3);
  all[0].name = "generic";
  all[1] = {"h3c", "", {{1, 3, 6, 1, 4, 1, 2011, 10}}, {}};
  all[2] = {"huawei", "", {{1, 3, 6, 1, 4, 1, 2011}}, {}};
  EXPECT_EQ(profile_for(all, {1, 3, 6, 1, 4, 1, 2011, 2, 23})->name, "huawei");
  EXPECT_EQ(profile_for(all, {1, 3, 6, 1, 4, 1, 2011, 10, 1})->name, "h3c");
  EXPECT_EQ(profile_for(all, {1, 3, 6, 1, 4, 1, 8072})->name, "generic");
  EXPECT_EQ(profile_for({}, {1, 3}), nullptr);
}

}  // namespace
}  // namespace changtong::test
