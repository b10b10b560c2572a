#include "daemon/simulate/agent.h"

#include <algorithm>
#include <array>

#include "daemon/simulate/dice.h"

namespace changtong::simulate {
namespace {

using object_type = object_value::type;

struct object {
  object_id name;
  object_value (*read)(const agent& a, std::uint64_t up_ms);
};

object_value number(object_type t, std::uint64_t n) { return {t, n, {}}; }
object_value text(std::string_view t) { return {object_type::octets, 0, t}; }
/** Bytes after `ms` at `rate` a second, without overflow for centuries. */
std::uint64_t grown(std::uint64_t rate, std::uint64_t ms) { return rate * (ms / 1000) + rate * (ms % 1000) / 1000; }
constexpr std::uint64_t wrap32 = 1ULL << 32;
constexpr std::string_view foreign_community = "private";
constexpr std::size_t left_behind = 4;  ///< bytes behind an odd agent's message

/** In order of name: GETNEXT searches it. */
const std::array<object, 16>& objects() {
  static const std::array<object, 16> table{{
      {{1, 3, 6, 1, 2, 1, 1, 1, 0}, [](const agent&, std::uint64_t) { return text("Changtong demo access router"); }},
      {{1, 3, 6, 1, 2, 1, 1, 3, 0},
       [](const agent&, std::uint64_t up) { return number(object_type::time_ticks, up / 10 % wrap32); }},
      {{1, 3, 6, 1, 2, 1, 1, 5, 0}, [](const agent& a, std::uint64_t) { return text(a.name); }},
      {{1, 3, 6, 1, 2, 1, 2, 1, 0}, [](const agent&, std::uint64_t) { return number(object_type::integer, 1); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1}, [](const agent&, std::uint64_t) { return text("GigabitEthernet0/0/1"); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 7, 1}, [](const agent&, std::uint64_t) { return number(object_type::integer, 1); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 1}, [](const agent&, std::uint64_t) { return number(object_type::integer, 1); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 9, 1},
       [](const agent&, std::uint64_t) { return number(object_type::time_ticks, 0); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 13, 1},
       [](const agent&, std::uint64_t) { return number(object_type::counter32, 0); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 14, 1},
       [](const agent& a, std::uint64_t up) { return number(object_type::counter32, up / a.error_every_ms % wrap32); }},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1, 20, 1},
       [](const agent&, std::uint64_t) { return number(object_type::counter32, 0); }},
      {{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 1}, [](const agent&, std::uint64_t) { return text("GE0/0/1"); }},
      {{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1},
       [](const agent& a, std::uint64_t up) { return number(object_type::counter64, grown(a.in_rate, up)); }},
      {{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10, 1},
       [](const agent& a, std::uint64_t up) { return number(object_type::counter64, grown(a.out_rate, up)); }},
      {{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 15, 1},
       [](const agent& a, std::uint64_t) { return number(object_type::gauge32, a.mbps); }},
      {{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18, 1}, [](const agent& a, std::uint64_t) { return text(a.circuit); }},
  }};
  return table;
}

binding look_up(const agent& who, const object_id& name, bool next, std::uint64_t up_ms) {
  const auto& all = objects();
  const auto before = [](const object& o, const object_id& n) { return o.name < n; };
  auto it = std::lower_bound(all.begin(), all.end(), name, before);
  if (next) {
    if (it != all.end() && it->name == name) ++it;
    if (it == all.end()) return {name, number(object_type::end_of_view, 0)};
  } else if (it == all.end() || it->name != name) {
    return {name, number(object_type::no_such_object, 0)};
  }
  return {it->name, it->read(who, up_ms)};
}

}  // namespace

agent make_agent(const district_line& line, std::uint64_t seed) {
  dice d(seed * 0x9e3779b97f4a7c15ULL + line.address);
  agent a;
  a.name = line.id;
  a.circuit = line.circuit;
  a.mbps = line.bandwidth_mbps;
  a.odd = line.odd_agent;
  a.up_before_ms = static_cast<std::uint64_t>(d.between(86'400'000, 200LL * 86'400'000));
  const std::uint64_t full = std::uint64_t{line.bandwidth_mbps} * 1'000'000 / 8;
  a.in_rate = full * static_cast<std::uint64_t>(d.between(5, 60)) / 100;
  a.out_rate = full * static_cast<std::uint64_t>(d.between(1, 25)) / 100;
  a.error_every_ms = static_cast<std::uint64_t>(d.between(600'000, 86'400'000));
  return a;
}

std::size_t answer_datagram(const agent& who, std::string_view community, std::span<const std::uint8_t> datagram,
                            milliseconds running, std::span<std::uint8_t, most_response_bytes> out) {
  auto request = read_request(datagram);
  if (!request || request->community != community) return 0;
  const std::uint64_t up_ms = who.up_before_ms + static_cast<std::uint64_t>(std::max<std::int64_t>(0, running.count()));
  std::array<binding, most_bindings> bindings;
  for (std::size_t i = 0; i < request->count; ++i) bindings[i] = look_up(who, request->names[i], request->next, up_ms);
  const auto given = std::span(bindings).first(request->count);
  if (!who.odd) return write_response(*request, given, out);
  request->community = foreign_community;
  const std::size_t length = write_response(*request, given, out);
  const std::size_t behind = std::min(left_behind, out.size() - length);
  std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(length), behind, std::uint8_t{0});
  return length + behind;
}

}  // namespace changtong::simulate
