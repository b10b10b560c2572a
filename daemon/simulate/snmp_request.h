#pragma once
/** The agent's side of SNMP v2c: reads a GET, GETNEXT or GETBULK, writes the response. Pure, bounded, without
 * allocation.
 *
 * Requests come off a socket and are not trusted: anything that is not exactly a v2c GetRequest, GetNextRequest or
 * GetBulkRequest with definite lengths and at most `most_bindings` names is refused as a whole (fuzzed:
 * tests/fuzz/agent_fuzz.cpp). */
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace changtong::simulate {

inline constexpr std::size_t most_arcs = 32;
inline constexpr std::size_t most_bindings = 64;
inline constexpr std::size_t most_response_bytes = 1472;  ///< fits one Ethernet frame

struct object_id {
  std::array<std::uint32_t, most_arcs> arcs{};
  std::uint8_t size = 0;

  constexpr object_id() = default;
  constexpr object_id(std::initializer_list<std::uint32_t> from) {
    for (const std::uint32_t a : from) arcs[size++] = a;
  }
  [[nodiscard]] std::span<const std::uint32_t> view() const { return {arcs.data(), size}; }
  friend std::strong_ordering operator<=>(const object_id& a, const object_id& b);
  friend bool operator==(const object_id& a, const object_id& b) { return (a <=> b) == 0; }
};

struct snmp_request {
  bool next = false;            ///< GETNEXT or GETBULK rather than GET
  std::size_t repetitions = 1;  ///< of a GETBULK's repeaters, up to most_bindings; non-repeaters are none
  std::string_view community;   ///< into the datagram
  std::int32_t id = 0;
  std::array<object_id, most_bindings> names{};
  std::size_t count = 0;
};

/** Empty for everything but a whole, well-formed request. `community` refers into `datagram`. */
[[nodiscard]] std::optional<snmp_request> read_request(std::span<const std::uint8_t> datagram);

/** A value of an agent's object, or why there is none (RFC 3416). */
struct object_value {
  enum class type : std::uint8_t {
    integer = 0x02,
    octets = 0x04,
    object_name = 0x06,
    counter32 = 0x41,
    gauge32 = 0x42,
    time_ticks = 0x43,
    counter64 = 0x46,
    no_such_object = 0x80,
    end_of_view = 0x82,
  };
  type what = type::no_such_object;
  std::uint64_t number = 0;
  std::string_view text{};
  object_id object{};  ///< of object_name
};

struct binding {
  object_id name;
  object_value value;
};

/** The response's bytes in `out`; its length. A response that does not fit becomes tooBig without bindings. */
[[nodiscard]] std::size_t write_response(const snmp_request& to, std::span<const binding> bindings,
                                         std::span<std::uint8_t, most_response_bytes> out);

}  // namespace changtong::simulate
