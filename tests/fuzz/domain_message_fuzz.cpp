// What a name server sends is anybody's bytes: reading them ends, stays within bounds, and says the same twice.
#include <cstdint>
#include <cstdlib>

#include "collectors/dns_question.h"
#include "collectors/wire/domain_message.h"

using namespace changtong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const wire::bytes message{data, size};
  const auto head = wire::read_domain_head(message);
  const auto read = wire::read_domain_reply(message);
  if (const auto* reply = std::get_if<wire::domain_reply>(&read)) {
    if (!head || head->name != reply->head.name || head->code != reply->head.code) std::abort();
    if (reply->records.size() > wire::most_records || reply->head.name.size() > 4 * wire::longest_domain_name)
      std::abort();
    for (const auto& r : reply->records)
      if (r.empty()) std::abort();
  }
  if (!head) return 0;
  dns_settings s;
  s.what.name = head->name;
  s.what.type = static_cast<wire::record_type>(head->type);
  s.expected = {"192.0.2.80"};
  if (match(s, head->id, message) != dns_match::answers) return 0;
  const dns_finding v = judge(s, message);
  if (!v.truncated && v.what == outcome::bad && v.why == cause::none) std::abort();
  return 0;
}
