/** Whatever a browser sends as its cookies, what is taken for ours stands there as one, whole, under its whole name. */
#include <cstdlib>
#include <string>

#include "daemon/publish/api/people.h"

namespace api = changtong::api;

/** The first cookie of that name, looked for in another way: each piece between semicolons, without blanks before it.
 */
static std::string first_of(const std::string& header, const std::string& name) {
  const std::string all = header + ";";
  for (std::size_t at = 0, end = 0; (end = all.find(';', at)) != std::string::npos; at = end + 1) {
    const std::string piece = all.substr(at, end - at);
    const std::size_t text = piece.find_first_not_of(' ');
    if (text != std::string::npos && piece.compare(text, name.size() + 1, name + "=") == 0)
      return piece.substr(text + name.size() + 1);
  }
  return {};
}

static std::string taken(const std::string& header, bool tls) {
  changtong::web_request request;
  request.headers.emplace("cookie", header);
  return std::string(api::session_cookie(request, tls));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(bytes), size);
  for (const bool tls : {false, true}) {
    const std::string name(api::cookie_name(tls)), cookie = taken(header, tls);
    if (cookie != first_of(header, name)) std::abort();
    if (taken("theme=dark; " + name + "=" + cookie, tls) != cookie) std::abort();
    // Neither is taken for the other: a page without TLS could plant the one.
    if (!taken(name + "=x", !tls).empty()) std::abort();
  }
  return 0;
}
