#include "daemon/ledger/windows.h"

#include <gtest/gtest.h>

#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using desk::at;

window_step step(double made, double from, double to, std::string state) {
  return {at(made), {at(from), at(to)}, std::move(state)};
}

TEST(Windows, ApprovedBeforeItBeginsIsExcluded) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "requested"), step(5, 10, 20, "approved")}), (period{at(10), at(20)}));
}

TEST(Windows, RequestAloneExcludesNothing) { EXPECT_TRUE(excluded_by({step(1, 10, 20, "requested")}).empty()); }

TEST(Windows, LateApprovalExcludesNothing) {
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "requested"), step(12, 10, 20, "approved")}).empty());
  EXPECT_TRUE(excluded_by({step(10, 10, 20, "approved")}).empty()) << "strictly before";
}

TEST(Windows, RevisionMustBeApprovedAgain) {
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "approved"), step(5, 30, 40, "revised")}).empty());
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(5, 30, 40, "revised"), step(6, 30, 40, "approved")}),
            (period{at(30), at(40)}));
}

TEST(Windows, CancelledBeforeItBeginsExcludesNothing) {
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "approved"), step(5, 10, 20, "cancelled")}).empty());
}

TEST(Windows, CancelledWhileItLastsEndsAtThatInstant) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 20, "cancelled")}), (period{at(10), at(15)}));
}

TEST(Windows, RecordMadeWhileItLastsCanOnlyEndItEarlierAndNotBeforeItself) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 30, "approved")}), (period{at(10), at(20)}));
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 18, "revised")}), (period{at(10), at(18)}));
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 12, "revised")}), (period{at(10), at(15)}));
}

TEST(Windows, RecordMadeAfterItsEndChangesNothing) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(25, 10, 20, "cancelled")}), (period{at(10), at(20)}));
}

}  // namespace
}  // namespace changtong::ledger
