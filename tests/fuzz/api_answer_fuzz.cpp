// What a daemon's API, or whatever else --api names, answers: any bytes are read for a terminal, which is told nothing
// that it would obey. The first two bytes choose the status and what was handed in.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/cli/api_answers.h"

namespace {

using namespace changtong;

command handed_in(std::uint8_t which) {
  switch (which % 8) {
    case 0:
      return window_command{};
    case 1:
      return annotation_command{};
    case 2:
      return duty_command{};
    case 3:
      return close_command{};
    case 4:
      return counter_command{};
    case 5:
      return acknowledgement_command{};
    case 6:
      return ticket_command{};
    default:
      return verdict_command{};
  }
}

void must_be_harmless(const std::string& text, bool lines) {
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && !(lines && c == '\n')) || c == 0x7f) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  constexpr int status[] = {200, 200, 400, 500};
  const api_answer answer{.status = status[bytes[0] % 4],
                          .body = std::string(reinterpret_cast<const char*>(bytes) + 2, size - 2)};
  const command what = handed_in(bytes[1]);
  const counted seen = told(answer, what);
  if (answer.status != 200 && !seen.refusal) std::abort();
  for (const std::string& line : seen.lines) must_be_harmless(line, std::holds_alternative<close_command>(what));
  for (const std::string& text : seen.notices) must_be_harmless(text, false);
  if (seen.refusal) must_be_harmless(to_string(*seen.refusal), false);
  if (answer.status != 200) must_be_harmless(to_string(refusal_in(answer)), false);
  return 0;
}
