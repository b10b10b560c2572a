#include "daemon/publish/metrics/names.h"

#include <gtest/gtest.h>

#include <set>

namespace changtong::metrics {
namespace {

TEST(MetricNames, AreThoseThatBothFormsOfTheExpositionTake) {
  std::set<std::string_view> seen;
  for (const metric& m : all_metrics) {
    EXPECT_TRUE(seen.insert(m.name).second) << m.name;
    EXPECT_EQ(m.type == metric_type::counter, m.name.ends_with("_total")) << m.name;
    EXPECT_EQ(m.help.find_first_of("\"\n\\"), std::string_view::npos) << m.name;
    if (m.unit == "seconds" || m.unit == "ratio" || m.unit == "bytes")
      EXPECT_NE(m.name.find(m.unit), std::string_view::npos) << m.name << " does not say its unit";
  }
}

}  // namespace
}  // namespace changtong::metrics
