// What a channel answers: any status and any bytes, from whoever sits at the address, to what the daemon takes it for.
// The first byte chooses the kind of channel, the next two are the status.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/core/utf8.h"
#include "daemon/publish/alerts/channels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  if (size < 3) return 0;
  alert_channel c;
  c.id = "one";
  c.kind = static_cast<channel_kind>(bytes[0] % channel_kind_names.size());
  c.url = secret("https://u:passw0rd@host.example/hook/693a91f6?key=q1w2e3r4");
  c.key = secret("SEC-example");
  if (bytes[0] >= 128) c.expect = "OK";
  const auto status = static_cast<unsigned>(bytes[1] * 256 + bytes[2]) % 700;
  const std::string body(reinterpret_cast<const char*>(bytes) + 3, size - 3);
  const alerts::channel_answer answer = alerts::answer_of(c, status, body);
  if (answer.text.size() > 200 || answer.pause < milliseconds{0} || answer.pause > milliseconds{600'000}) std::abort();
  std::string_view rest = answer.text;
  for (std::size_t n = 0; !rest.empty(); rest.remove_prefix(n))
    if (n = utf8_length(rest); n == 0 || (n == 1 && static_cast<unsigned char>(rest[0]) < 0x20)) std::abort();
  for (const char* key : {"q1w2e3r4", "SEC-example", "passw0rd", "693a91f6"})
    if (answer.text.find(key) != std::string::npos) std::abort();
  if (status == 0 && answer.how != alerts::channel_answer::end::later) std::abort();
  if (answer.how == alerts::channel_answer::end::taken && (status < 200 || status > 299)) std::abort();
  return 0;
}
