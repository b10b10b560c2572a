// What a site's answer is made of on its way through a visit: header lines, the redirect that they name, the page's
// text and where the page itself sends its reader.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/wire/page_text.h"
#include "collectors/wire/reply_head.h"
#include "collectors/wire/web_address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::wire;
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  reply_head head;
  while (!rest.empty() && !head.whole() && head.wrong() == reply_head::fault::none) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    head.line(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  static const web_address from = parse_web_address("https://portal.example/a/b?c").value();
  const auto follow = [](std::string_view location) {
    const auto to = next_hop(from, location, true);
    if (!to) return;
    // What may be visited can be written down and read again.
    const auto again = parse_web_address((to->tls ? "https://" : "http://") + host_header(*to) + to->target);
    if (again && !(*again == *to)) std::abort();
  };
  follow(head.location());
  static_cast<void>(known_codings(head.content_encoding()));
  const std::string text = page_text(rest, head.content_type());
  if (text.size() > rest.size() * 3 + 16) std::abort();
  static_cast<void>(without_references(text));
  if (const auto target = refresh_target(text)) follow(*target);
  return 0;
}
