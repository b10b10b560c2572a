// Writes the sample files to BUILD/look, or to CHANGTONG_LOOK for tests/report/look.py and a person's eyes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "daemon/report/form.h"
#include "daemon/report/written_report.h"
#include "tests/report/sample_evaluation.h"

namespace changtong::report {
namespace {

TEST(Samples, AreWrittenForPeopleToLookAt) {
  const char* wanted = std::getenv("CHANGTONG_LOOK");
  const std::filesystem::path to = wanted != nullptr ? wanted : CHANGTONG_BINARY_DIR "/look";
  std::filesystem::create_directories(to);
  EXPECT_TRUE(write_form(sample::whole_year(), to / "form.xlsx"));
  EXPECT_TRUE(write_form(sample::draft(), to / "draft.xlsx"));
  EXPECT_TRUE(write_form(sample::mid_year(), to / "monitoring.xlsx"));
  EXPECT_TRUE(write_form(sample::sichuan(), to / "sichuan.xlsx"));
  EXPECT_TRUE(write_form(sample::crowded(), to / "crowded.xlsx"));
  EXPECT_TRUE(write_report_html(sample::whole_year(), to / "report.html"));
  EXPECT_TRUE(write_report_html(sample::draft(), to / "draft.html"));
  EXPECT_TRUE(write_report_html(sample::crowded(), to / "crowded.html"));
  const auto docx = write_report_docx(sample::whole_year(), to / "report.docx");
  EXPECT_TRUE(docx) << docx.error().text;
  EXPECT_TRUE(write_report_docx(sample::crowded(), to / "crowded.docx"));
  EXPECT_TRUE(write_report_docx(sample::mid_year(), to / "monitoring.docx"));
}

}  // namespace
}  // namespace changtong::report
