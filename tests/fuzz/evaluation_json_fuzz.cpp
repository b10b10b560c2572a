// Any bytes as last year's evaluation.json: what is compared, or a problem.
#include <cstdint>
#include <cstdlib>

#include "daemon/report/evaluation_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto read = changtong::report::read_evaluation_json({reinterpret_cast<const char*>(bytes), size});
  if (read ? read->actual.contains("") : read.error().text.empty()) std::abort();
  return 0;
}
