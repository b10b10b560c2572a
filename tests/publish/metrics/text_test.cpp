#include "daemon/publish/metrics/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace changtong::metrics {
namespace {

TEST(MetricText, LabelsAreEscaped) {
  std::string out;
  append_label(out, '{', "name",
               "a\"b\\c\nd\te\xc3\x28"
               "畅\xed\xa0\x80");
  EXPECT_EQ(out,
            "{name=\"a\\\"b\\\\c\\nd\xef\xbf\xbd"
            "e\xef\xbf\xbd(畅\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(MetricText, HelpIsEscaped) { EXPECT_EQ(escaped_help("a\nb\\c"), "a\\nb\\\\c"); }

TEST(MetricText, NumbersAreShortAndExact) {
  std::string out;
  for (const double v : {0.1, 1.0, 1e300, 1.0 / 3}) append_number(out += ' ', v);
  append_number(out += ' ', 0.00425F);
  append_number(out += ' ', std::numeric_limits<double>::quiet_NaN());
  append_number(out += ' ', -std::numeric_limits<double>::infinity());
  EXPECT_EQ(out, " 0.1 1 1e+300 0.3333333333333333 0.00425 NaN -Inf");
}

}  // namespace
}  // namespace changtong::metrics
