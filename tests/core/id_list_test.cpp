// Lists of ids as one text.
#include "daemon/core/id_list.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

using ids = std::vector<std::string>;

TEST(IdList, BlanksPartIdsHoweverManyThereAre) {
  EXPECT_EQ(ids_in(" A  B C "), (ids{"A", "B", "C"}));
  EXPECT_EQ(ids_in(""), ids{});
  EXPECT_EQ(list_of_ids(ids{"A", "B"}), "A B");
}

TEST(IdList, WhatIsNewIsAddedOnceInItsOrder) {
  ids all{"B", "A"};
  add_new(all, {"C", "A", "C", "D"});
  EXPECT_EQ(all, (ids{"B", "A", "C", "D"}));
}

TEST(IdList, WhatIsTakenOutLeavesTheOrderOfTheRest) {
  ids all{"B", "A", "C"};
  take_out(all, {"A", "X"});
  EXPECT_EQ(all, (ids{"B", "C"}));
  EXPECT_TRUE(is_among(all, "C"));
  EXPECT_FALSE(is_among(all, "A"));
}

}  // namespace
}  // namespace changtong
