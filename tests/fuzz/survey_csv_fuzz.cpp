// Any bytes as one of the CSV files beside a plan: rows within their bounds, or problems that have a place.
#include <cstdint>
#include <cstdlib>

#include "daemon/plans/files.h"

namespace {

void placed(const changtong::problems& p) {
  if (p.list.empty()) std::abort();
  for (const changtong::problem& one : p.list)
    if (one.file != "f.csv" || one.line < 1 || one.column < 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  static const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  const std::string text(reinterpret_cast<const char*>(bytes), size), file = "f.csv";
  if (const auto survey = read_survey_csv(text, file)) {
    for (const auto& a : *survey)
      if (a.day.size() != 10 || a.answer.empty()) std::abort();
  } else {
    placed(survey.error());
  }
  if (const auto counter = read_counter_csv(text, file, zone)) {
    for (std::size_t k = 1; k < counter->size(); ++k)
      if ((*counter)[k].at <= (*counter)[k - 1].at) std::abort();
  } else {
    placed(counter.error());
  }
  if (const auto days = read_dated_ids_csv(text, file)) {
    if (days->empty()) std::abort();
  } else {
    placed(days.error());
  }
  return 0;
}
