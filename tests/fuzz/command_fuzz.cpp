// Bodies of the API's POST requests: any bytes are refused or read, and what was read obeys the bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/entries/command_json.h"

namespace {
template <std::size_t... I>
std::vector<changtong::command> every_kind(std::index_sequence<I...> /*alternatives*/) {
  return {changtong::command(std::in_place_index<I>)...};
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  static const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const auto sound = [](const result<std::vector<command>>& read) {
    if (!read) return !read.error().text.empty();
    return !read->empty() && read->size() <= most_commands;
  };
  for (const command& kind : every_kind(std::make_index_sequence<std::variant_size_v<command>>{})) {
    const auto read = api::read_commands(kind, body, zone);
    if (!sound(read)) std::abort();
    if (!read) continue;
    for (const command& c : *read)
      if (c.index() != kind.index() || !api::read_commands(kind, api::json_of(c, zone), zone)) std::abort();
  }
  const auto step = api::read_window_step(body, "W1", zone);
  if (!sound(step) || (step && step->size() != 1)) std::abort();
  if (const auto requests = api::read_commands(window_command{}, body, zone))
    for (const command& c : *requests)
      if (const auto& w = std::get<window_command>(c); w.targets.empty() || !w.from || !w.to) std::abort();
  return 0;
}
