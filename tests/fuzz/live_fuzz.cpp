// What comes by way of a broker besides shipments: any bytes are refused, or come back as they were read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/centre/command_text.h"
#include "daemon/centre/live_text.h"
#include "daemon/centre/subjects.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::centre;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto b = read_beat(text); b && read_beat(text_of(*b)) != b) std::abort();
  if (const auto s = read_live_sheet(text); s && read_live_sheet(text_of(*s)) != s) std::abort();
  if (const auto c = read_command(text); c && text.size() < 512 && !read_command(text_of(*c))) std::abort();
  if (const auto w = read_window_requested(text); w && text.size() < 512)
    if (const auto again = read_window_requested(text_of(*w)); !again || *again != *w) std::abort();
  (void)read_probe_seen(text);
  if (const auto node = node_in(shipping_subject, text); node && subject_of(shipping_subject, *node) != text)
    std::abort();
  return 0;
}
