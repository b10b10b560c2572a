// Any bytes as an evaluation plan: a plan whose promises hold (plans/plan.h), or problems that have a place.
#include <cstdint>
#include <cstdlib>

#include "daemon/plans/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  const auto read = read_plan(std::string(reinterpret_cast<const char*>(bytes), size), "p.yaml");
  if (!read) {
    if (read.error().list.empty()) std::abort();
    for (const problem& p : read.error().list)
      if (p.file != "p.yaml" || p.line < 1 || p.column < 1) std::abort();
    return 0;
  }
  exact sum = read->execution.weight;
  for (const plans::indicator& i : read->indicators) {
    sum += i.weight;
    if (i.target.number < 0 || !plans::fits(i.rule, i.target.how) || i.id.empty()) std::abort();
  }
  if (sum != 100 || read->execution.rows.empty() || read->grades.empty() || read->grades.back().from != 0) std::abort();
  return 0;
}
