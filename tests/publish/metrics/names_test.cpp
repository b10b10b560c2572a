#include "daemon/publish/metrics/names.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "daemon/publish/metrics/text.h"

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

/** line_outages of the books and line_outages_total of this run would both be the family line_outages. */
TEST(MetricNames, NoTwoShareAFamilyOfOpenMetrics) {
  std::set<std::string_view> families;
  for (const metric& m : all_metrics) {
    const std::string_view family = family_name(m, format::openmetrics);
    EXPECT_TRUE(families.insert(family).second) << family << " is there twice";
    EXPECT_TRUE(family == m.name || m.type == metric_type::counter) << m.name;
  }
  std::string head;
  append_head(head, names::site_outages_total, format::openmetrics);
  append_head(head, names::site_outages, format::openmetrics);
  EXPECT_NE(head.find("# TYPE changtong_site_outages_total unknown\n"), std::string::npos) << head;
  EXPECT_NE(head.find("# TYPE changtong_site_outages gauge\n"), std::string::npos) << head;
  EXPECT_EQ(family_name(names::site_outages_total, format::text), "changtong_site_outages_total");
  EXPECT_EQ(family_name(names::samples_total, format::openmetrics), "changtong_samples");
}

}  // namespace
}  // namespace changtong::metrics
