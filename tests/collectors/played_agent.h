#pragma once
/** An SNMP agent in memory: objects in their order, asked as walks ask or by whole messages. Written with ber_writer.h,
 * apart from the code under test but for reading names. */
#include <map>

#include "collectors/snmp_walk.h"
#include "collectors/wire/snmp_answer.h"
#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/ber_writer.h"

namespace changtong::test {

inline ber::byte_vector object(const wire::object_name& name) {
  ber::byte_vector b{static_cast<std::uint8_t>(name[0] * 40 + name[1])};
  for (std::size_t i = 2; i < name.size(); ++i) {
    ber::byte_vector part{static_cast<std::uint8_t>(name[i] & 0x7fU)};
    for (std::uint32_t rest = name[i] >> 7U; rest != 0; rest >>= 7U)
      part.insert(part.begin(), static_cast<std::uint8_t>(0x80U | (rest & 0x7fU)));
    b.insert(b.end(), part.begin(), part.end());
  }
  return ber::tlv(0x06, b);
}

struct played_agent {
  std::map<wire::object_name, ber::byte_vector> objects;
  void name(std::uint32_t index, std::string_view text, std::uint32_t column = 1) {
    objects[{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, column, index}] = ber::text(text);
  }
  void interface(std::uint32_t column, std::uint32_t index, const ber::byte_vector& value) {
    objects[{1, 3, 6, 1, 2, 1, 2, 2, 1, column, index}] = value;
  }
  /** What stands behind the request-id. */
  [[nodiscard]] ber::byte_vector answer(const snmp_walk::question& q) const {
    ber::byte_vector rows;
    auto at = objects.upper_bound(*q.after);
    for (std::size_t n = q.bulk ? q.repetitions : 1; n > 0; --n) {
      const auto row =
          at == objects.end() ? ber::binding(object(*q.after), {0x82, 0}) : ber::binding(object(at->first), at->second);
      rows.insert(rows.end(), row.begin(), row.end());
      if (at == objects.end()) break;
      ++at;
    }
    return ber::joined({ber::number(0x02, 0), ber::number(0x02, 0), ber::tlv(0x30, rows)});
  }
  /** The answer to a whole message; to a GetBulk one row is enough. */
  [[nodiscard]] ber::byte_vector reply(const ber::byte_vector& request) const {
    constexpr std::uint8_t get = 0xa0;
    const auto e = wire::read_snmp_envelope(request);
    ber::byte_vector rows;
    for (const wire::bytes& asked : wire::snmp_names(request)) {
      auto name = wire::read_object_name(asked).value_or(wire::object_name{});
      auto at = e.pdu == get ? objects.find(name) : objects.upper_bound(name);
      const auto none = e.pdu == get ? ber::no_such_instance : ber::byte_vector{0x82, 0};
      const auto row =
          at == objects.end() ? ber::binding(object(name), none) : ber::binding(object(at->first), at->second);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    return ber::message(0xa2, e.community, static_cast<std::uint32_t>(e.request_id), 0, rows);
  }
};

}  // namespace changtong::test
