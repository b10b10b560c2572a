#include "daemon/core/cause.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

namespace changtong {
namespace {

std::vector<cause> all() {
  return {
#define CAUSE(name, cls, zh, en) cause::name,
#include "daemon/core/cause.def"
#undef CAUSE
  };
}

TEST(Cause, NamesAreUniqueAndFitAMetricLabel) {
  std::set<std::string_view> names;
  for (const cause c : all()) {
    EXPECT_TRUE(names.insert(name_of(c)).second) << name_of(c);
    EXPECT_TRUE(std::regex_match(std::string(name_of(c)), std::regex("[a-z][a-z_]*"))) << name_of(c);
  }
}

TEST(Cause, EveryNameFindsItsWayBack) {
  for (const cause c : all()) EXPECT_EQ(cause_named(name_of(c)), c);
  EXPECT_FALSE(cause_named("no_such_cause"));
  EXPECT_FALSE(cause_named(""));
}

TEST(Cause, EveryCauseSpeaksBothLanguages) {
  for (const cause c : all()) {
    EXPECT_FALSE(chinese(c).empty()) << name_of(c);
    EXPECT_FALSE(english(c).empty()) << name_of(c);
  }
}

TEST(Cause, OurOwnFailuresAreOfTheClassOwnAndSayItInTheirNames) {
  for (const cause c : all()) {
    const bool named_own = name_of(c).starts_with("own_") && c != cause::own_line;
    if (named_own) {
      EXPECT_EQ(class_of(c), cause_class::own) << name_of(c);
    }
  }
  EXPECT_EQ(class_of(cause::late), cause_class::own);
  EXPECT_EQ(class_of(cause::timeout), cause_class::bad);
  EXPECT_EQ(class_of(cause::own_line), cause_class::outage);
  EXPECT_EQ(class_of(cause::upstream), cause_class::outage);
  EXPECT_EQ(class_of(cause::monitor_stopped), cause_class::gap);
}

/** The names are stored in journals that are kept for years: this list may grow, never shrink. */
TEST(Cause, NamesOfTheFirstReleaseAreStillThere) {
  for (const char* name : {"none",
                           "timeout",
                           "host_unreachable",
                           "net_unreachable_remote",
                           "port_unreachable",
                           "admin_prohibited",
                           "ttl_exceeded",
                           "refused",
                           "reset",
                           "closed_early",
                           "snmp_error",
                           "name_not_found",
                           "tls_handshake",
                           "tls_certificate",
                           "http_status",
                           "http_text",
                           "http_redirects",
                           "http_too_large",
                           "http_empty",
                           "protocol",
                           "wrong_answer",
                           "late",
                           "own_permission",
                           "own_descriptors",
                           "own_buffers",
                           "own_address",
                           "own_route",
                           "own_interface",
                           "own_resolver",
                           "own_uplink",
                           "own_overload",
                           "own_failure",
                           "own_line",
                           "upstream",
                           "site_power",
                           "monitor_stopped",
                           "clock_step",
                           "silent",
                           "not_recorded",
                           "not_started"})
    EXPECT_TRUE(cause_named(name)) << name;
}

}  // namespace
}  // namespace changtong
