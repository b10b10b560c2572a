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

object_value number(object_type t, std::uint64_t n) { return {t, n, {}, {}}; }
object_value below_zero(std::uint64_t n) { return number(object_type::integer, ~n + 1); }
object_value text(std::string_view t) { return {object_type::octets, 0, t, {}}; }
/** Bytes after `ms` at `rate` a second, without overflow for centuries. */
std::uint64_t grown(std::uint64_t rate, std::uint64_t ms) { return rate * (ms / 1000) + rate * (ms % 1000) / 1000; }
constexpr std::uint64_t wrap32 = 1ULL << 32;
constexpr std::string_view foreign_community = "private";
constexpr std::size_t left_behind = 4;  ///< bytes behind an odd agent's message

object_value name_of(const object_id& id) { return {object_type::object_name, 0, {}, id}; }
/** Between `low` and `high`, slowly up and down, each agent for itself. */
std::uint64_t wandering(const agent& a, std::uint64_t up, std::uint64_t low, std::uint64_t high) {
  const std::uint64_t width = high - low, at = (a.in_rate / 7 + up / 15'000) % (2 * width);
  return low + (at < width ? at : 2 * width - at);
}

/** What an H3C router of this size tells beyond the standard: config/profiles/h3c-comware.yaml. In order of name. */
const std::array<object, 9>& maker_objects() {
  static const std::array<object, 9> table{{
      {{1, 3, 6, 1, 4, 1, 25506, 2, 6, 1, 1, 1, 1, 6, 2},
       [](const agent& a, std::uint64_t up) { return number(object_type::integer, wandering(a, up, 6, 45)); }},
      {{1, 3, 6, 1, 4, 1, 25506, 2, 6, 1, 1, 1, 1, 8, 2},
       [](const agent& a, std::uint64_t up) { return number(object_type::integer, wandering(a, up / 4, 30, 62)); }},
      {{1, 3, 6, 1, 4, 1, 25506, 2, 6, 1, 1, 1, 1, 12, 2},
       [](const agent& a, std::uint64_t up) { return number(object_type::integer, wandering(a, up / 2, 31, 52)); }},
      {{1, 3, 6, 1, 4, 1, 25506, 2, 70, 1, 1, 1, 9, 1},  // hundredths of a dBm
       [](const agent& a, std::uint64_t up) { return below_zero(wandering(a, up, 290, 320)); }},
      {{1, 3, 6, 1, 4, 1, 25506, 2, 70, 1, 1, 1, 12, 1},
       [](const agent& a, std::uint64_t up) { return below_zero(wandering(a, up, 700, 1400)); }},
      {{1, 3, 6, 1, 4, 1, 25506, 8, 35, 9, 1, 1, 1, 2, 1},
       [](const agent&, std::uint64_t) { return number(object_type::integer, 1); }},
      {{1, 3, 6, 1, 4, 1, 25506, 8, 35, 9, 1, 1, 1, 2, 2},
       [](const agent& a, std::uint64_t) { return number(object_type::integer, a.in_rate % 37 == 0 ? 2 : 1); }},
      {{1, 3, 6, 1, 4, 1, 25506, 8, 35, 9, 1, 2, 1, 2, 1},
       [](const agent&, std::uint64_t) { return number(object_type::integer, 1); }},
      {{1, 3, 6, 1, 4, 1, 25506, 8, 35, 9, 1, 2, 1, 2, 2},  // not installed
       [](const agent&, std::uint64_t) { return number(object_type::integer, 3); }},
  }};
  return table;
}

/** In order of name: GETNEXT searches it. */
const std::array<object, 26>& objects() {
  static const std::array<object, 26> table{{
      {{1, 3, 6, 1, 2, 1, 1, 1, 0}, [](const agent&, std::uint64_t) { return text("Changtong demo access router"); }},
      {{1, 3, 6, 1, 2, 1, 1, 2, 0},
       [](const agent&, std::uint64_t) { return name_of({1, 3, 6, 1, 4, 1, 25506, 1, 1208}); }},
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
      maker_objects()[0],
      maker_objects()[1],
      maker_objects()[2],
      maker_objects()[3],
      maker_objects()[4],
      maker_objects()[5],
      maker_objects()[6],
      maker_objects()[7],
      maker_objects()[8],
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

std::uint64_t up_time_ms(const agent& who, milliseconds running) {
  const auto since = std::max(milliseconds{0}, running - who.restarted);
  return (who.restarts == 0 ? who.up_before_ms : 0) + static_cast<std::uint64_t>(since.count());
}

std::size_t answer_datagram(const agent& who, std::string_view community, std::span<const std::uint8_t> datagram,
                            milliseconds running, std::span<std::uint8_t, most_response_bytes> out) {
  auto request = read_request(datagram);
  if (!request || request->community != community) return 0;
  const std::uint64_t up_ms = up_time_ms(who, running);
  std::array<binding, most_bindings> bindings;
  std::size_t count = 0;
  for (std::size_t row = 0; row < request->repetitions; ++row)
    for (std::size_t i = 0; i < request->count && count < bindings.size(); ++i) {
      const object_id& from = row == 0 ? request->names[i] : bindings[count - request->count].name;
      bindings[count++] = look_up(who, from, request->next, up_ms);
    }
  const auto given = std::span(bindings).first(count);
  if (!who.odd) return write_response(*request, given, out);
  request->community = foreign_community;
  const std::size_t length = write_response(*request, given, out);
  const std::size_t behind = std::min(left_behind, out.size() - length);
  std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(length), behind, std::uint8_t{0});
  return length + behind;
}

}  // namespace changtong::simulate
