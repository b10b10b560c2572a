// Only with CHANGTONG_LOOK: writes the sample files to that folder, for tests/report/look.py and a person's eyes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "daemon/report/form.h"
#include "tests/report/sample_evaluation.h"

namespace changtong::report {
namespace {

TEST(Samples, AreWrittenForPeopleToLookAt) {
  const char* folder = std::getenv("CHANGTONG_LOOK");
  if (folder == nullptr) GTEST_SKIP() << "by hand: tests/report/look.py";
  const std::filesystem::path to = folder;
  EXPECT_TRUE(write_form(sample::whole_year(), to / "form.xlsx"));
  EXPECT_TRUE(write_form(sample::draft(), to / "draft.xlsx"));
  EXPECT_TRUE(write_form(sample::mid_year(), to / "monitoring.xlsx"));
  EXPECT_TRUE(write_form(sample::sichuan(), to / "sichuan.xlsx"));
}

}  // namespace
}  // namespace changtong::report
