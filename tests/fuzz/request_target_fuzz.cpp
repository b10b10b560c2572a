/** Whatever a client writes as its request target is either a problem or a path and a query without surprises. */
#include <cstdlib>

#include "daemon/core/utf8.h"
#include "daemon/publish/http/request_target.h"

namespace {

void require_plain(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t n = changtong::utf8_length(text.substr(i));
    if (byte < 0x20 || byte == 0x7f || n == 0) std::abort();
    i += n;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // NOLINTNEXTLINE: the fuzzer's bytes are characters to us
  const auto target = changtong::http::parse_target({reinterpret_cast<const char*>(bytes), size});
  if (!target) return 0;
  if (target->path.empty() || target->path.front() != '/' || target->path.find("/../") != std::string::npos)
    std::abort();
  if (target->query.size() > changtong::http::parameter_limit) std::abort();
  require_plain(target->path);
  for (const auto& [name, value] : target->query) {
    require_plain(name);
    require_plain(value);
  }
  return 0;
}
