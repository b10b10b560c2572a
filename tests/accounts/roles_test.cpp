#include "daemon/accounts/roles.h"

#include <gtest/gtest.h>

namespace changtong::accounts {
namespace {

TEST(Roles, AreReadSortedAndOnce) {
  EXPECT_EQ(roles_in("approver,operator,approver").value(), (roles{role::operating, role::approver}));
  EXPECT_EQ(text_of({role::operating, role::approver}), "operator,approver");
  for (const char* wrong : {"", "root", "operator,", "operator approver"}) EXPECT_FALSE(roles_in(wrong)) << wrong;
}

TEST(Roles, OfTwoPowersAreNeverOnePersons) {
  for (const char* apart : {"administrator,auditor", "administrator,operator", "administrator,approver",
                            "auditor,operator", "auditor,approver", "viewer,operator,approver,auditor,administrator"})
    EXPECT_FALSE(roles_in(apart)) << apart;
  for (const char* together :
       {"viewer,administrator", "viewer,auditor", "operator,approver", "viewer,operator,approver"})
    EXPECT_TRUE(roles_in(together)) << together;
}

TEST(Roles, EveryRightHasSomebodyAndNobodyHasAll) {
  for (std::size_t i = 0; i < right_names.size(); ++i) {
    std::size_t holders = 0;
    for (std::size_t r = 0; r < role_names.size(); ++r)
      if (grants({static_cast<role>(r)}, static_cast<right>(i))) ++holders;
    EXPECT_GT(holders, 0U) << right_names[i];
  }
  EXPECT_TRUE(rights_of({role::viewer}).empty());
  EXPECT_EQ(rights_of({role::auditor}), (std::vector<right>{right::audit}));
  EXPECT_EQ(rights_of({role::administrator}), (std::vector<right>{right::reload, right::channels, right::users}));
  EXPECT_LT(rights_of({role::operating, role::approver}).size(), right_names.size());
}

}  // namespace
}  // namespace changtong::accounts
