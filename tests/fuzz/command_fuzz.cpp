// Bodies of the API's POST requests: any bytes are refused or read, and what was read obeys the bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/entries/command_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  static const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const auto sound = [](const result<std::vector<command>>& read) {
    if (!read) return !read.error().text.empty();
    return !read->empty() && read->size() <= most_commands;
  };
  if (!sound(api::read_window_requests(body, zone)) || !sound(api::read_annotations(body, zone)) ||
      !sound(api::read_duties(body, zone)) || !sound(api::read_counters(body, zone)) ||
      !sound(api::read_verdicts(body, zone)))
    std::abort();
  const auto step = api::read_window_step(body, "W1", zone);
  if (!sound(step) || (step && step->size() != 1)) std::abort();
  if (const auto requests = api::read_window_requests(body, zone))
    for (const command& c : *requests)
      if (const auto& w = std::get<window_command>(c); w.targets.empty() || !w.from || !w.to) std::abort();
  return 0;
}
