/** Whatever a browser sends as its cookies, what is taken for ours stands there as one, whole. */
#include <cstdlib>
#include <string>

#include "daemon/publish/api/people.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(bytes), size);
  changtong::web_request request;
  request.headers.emplace("cookie", header);
  const std::string cookie(changtong::api::session_cookie(request));
  if (cookie.find(';') != std::string::npos) std::abort();
  const std::string pair = std::string(changtong::api::session_cookie_name) + "=" + cookie;
  if (!cookie.empty() && header.find(pair) == std::string::npos) std::abort();
  changtong::web_request alone;
  alone.headers.emplace("cookie", "theme=dark; " + pair);
  if (changtong::api::session_cookie(alone) != cookie) std::abort();
  return 0;
}
