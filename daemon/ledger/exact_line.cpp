#include "daemon/ledger/exact_line.h"

#include <algorithm>
#include <stdexcept>

#include "daemon/host/digest.h"

namespace changtong::ledger {

std::string text_at(const boost::json::object& o, std::string_view key) { return std::string(o.at(key).as_string()); }

std::string bytes_at(const boost::json::object& o, std::string_view key) {
  return host::from_hex(o.at(key).as_string()).value();
}

digest digest_at(const boost::json::object& o, std::string_view key) {
  const std::string raw = bytes_at(o, key);
  digest out{};
  if (raw.size() != out.size()) throw std::out_of_range("digest");
  std::ranges::copy(raw, out.begin());
  return out;
}

wall_t instant_at(const boost::json::object& o, std::string_view key) {
  const std::int64_t ms = o.at(key).as_int64();
  if (ms < ms_of(wall_min) || ms > ms_of(wall_max)) throw std::out_of_range("instant");
  return wall_from_ms(ms);
}

}  // namespace changtong::ledger
