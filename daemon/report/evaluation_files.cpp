#include "daemon/report/evaluation_files.h"

#include <filesystem>

#include "daemon/report/form.h"
#include "daemon/report/written_report.h"

namespace changtong::report {

report_files write_evaluation_files(const evaluate::evaluation& e, const std::string& folder) {
  report_files out;
  const auto add = [&](std::string_view name, const auto& write) {
    const result<void> done = write((std::filesystem::path(folder) / name).string());
    if (done)
      out.written.emplace_back(name);
    else
      out.problems.push_back(done.error());
  };
  add(evaluation_file_names[0], [&](const std::string& path) { return write_form(e, path); });
  add(evaluation_file_names[1], [&](const std::string& path) { return write_report_html(e, path); });
  add(evaluation_file_names[2], [&](const std::string& path) { return write_report_docx(e, path); });
  return out;
}

}  // namespace changtong::report
