/** Locations, addresses and status lists from outside: whatever is accepted must be safe to put into a request. */
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "collectors/wire/web_address.h"

using namespace changtong::wire;

namespace {
void must(bool held) {
  if (!held) std::abort();
}
void check(const web_address& a) {
  must(!a.host.empty() && a.port != 0 && a.target.starts_with('/'));
  for (const std::string& part : {a.host, a.target, host_header(a)})
    must(std::all_of(part.begin(), part.end(), [](char c) { return c > 0x20 && c < 0x7f; }));
  // What was read once reads back as itself.
  const auto again = parse_web_address((a.tls ? "https://" : "http://") + host_header(a) + a.target);
  must(!again || *again == a);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto base = parse_web_address("https://portal.example/a/b/c?d").value();
  if (const auto a = parse_web_address(text)) check(*a);
  if (const auto a = next_hop(base, text, true)) check(*a);
  if (const auto a = next_hop(base, text, false)) must(a->tls);
  if (const auto s = status_ranges::parse(text)) must(!s->holds(99) && !s->holds(600));
  return 0;
}
