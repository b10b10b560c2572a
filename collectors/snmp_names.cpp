#include "collectors/snmp_names.h"

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"
#include "daemon/core/stable_hash.h"

namespace changtong {
namespace {

/** Long beginnings and what makers and people shorten them to; both become the short one. */
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> short_forms{{
    {"gigabitethernet", "ge"},
    {"xgigabitethernet", "xge"},
    {"ten-gigabitethernet", "xge"},
    {"tengigabitethernet", "xge"},
    {"forty-gigabitethernet", "fge"},
    {"fortygige", "fge"},
    {"hundredgige", "hge"},
    {"fastethernet", "fe"},
    {"ethernet", "eth"},
    {"te", "xge"},
}};

/** As a name is compared: lower case, without spaces, its beginning short. */
std::string folded(std::string_view name) {
  std::string low;
  for (const char c : name)
    if (c != ' ') low += ascii::lower(c);
  const std::size_t letters = static_cast<std::size_t>(
      std::ranges::find_if(low, [](char c) { return !(c >= 'a' && c <= 'z') && c != '-'; }) - low.begin());
  for (const auto& [full, brief] : short_forms)
    if (std::string_view(low).substr(0, letters) == full) return std::string(brief) + low.substr(letters);
  return low;
}

std::uint64_t hash_of(name_column c, std::string_view text) {
  return stable_hash(c == name_column::if_alias ? std::string(text) : folded(text));
}

}  // namespace

std::uint64_t raw_name(std::string_view bytes) { return stable_hash(bytes); }

wire::object_name name_object(name_column c) {
  switch (c) {
    case name_column::if_name:
      return {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1};
    case name_column::if_descr:
      return {1, 3, 6, 1, 2, 1, 2, 2, 1, 2};
    case name_column::if_alias:
      return {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18};
    case name_column::none:
      break;
  }
  return {};
}

void snmp_names::add(name_column c, std::span<const snmp_walk::row> rows) {
  for (const snmp_walk::row& r : rows) {
    const std::string text = wire::name_text(r.value);
    if (r.index.size() != 1 || r.type != wire::snmp_text || text.empty()) continue;
    all_.push_back({hash_of(c, text), raw_name(r.value), r.index[0], c});
  }
}

snmp_names::place snmp_names::find(name_column c, std::uint64_t hash) const {
  place p;
  for (const entry& e : all_) {
    if (e.by != c || e.hash != hash) continue;
    if (p.how == place::found::once) return {place::found::twice};
    p = {place::found::once, e.index, c, e.raw};
  }
  return p;
}

snmp_names::place snmp_names::find(const interface_wish& wish) const {
  if (wish.how == interface_wish::by::alias)
    return find(name_column::if_alias, hash_of(name_column::if_alias, wish.text));
  const std::uint64_t hash = hash_of(name_column::if_name, wish.text);
  const place by_name = find(name_column::if_name, hash);
  return by_name.how != place::found::missing ? by_name : find(name_column::if_descr, hash);
}

}  // namespace changtong
