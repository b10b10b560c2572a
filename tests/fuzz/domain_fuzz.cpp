// The demo's name server reads datagrams off a socket: any bytes may come, and what it says is a bounded answer.
#include <cstdint>
#include <cstdlib>

#include "daemon/simulate/domain_reply.h"

using namespace changtong::simulate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const district where = make_district(1, 1);
  const std::string_view question(reinterpret_cast<const char*>(bytes), size);
  const std::string reply = domain_reply(where, question);
  if (reply.empty()) return 0;
  constexpr std::size_t most_added = 16;
  if (reply.size() > question.size() + most_added || reply.substr(0, 2) != question.substr(0, 2)) std::abort();
  if (!domain_reply(where, reply).empty()) std::abort();  // an answer is never answered
  return 0;
}
