#include "collectors/snmp_question.h"

#include <stdexcept>

namespace changtong {
namespace {

struct column {
  net::object_id wide, narrow;
  std::uint8_t wide_type, narrow_type;
  std::uint64_t least = 0, greatest = UINT64_MAX;
};

/** In the order of snmp_columns::names. */
const std::array<column, snmp_columns::names.size()>& columns() {
  const auto in_if_table = [](std::uint32_t n) { return net::object_id{1, 3, 6, 1, 2, 1, 2, 2, 1, n}; };
  const auto in_x_table = [](std::uint32_t n) { return net::object_id{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, n}; };
  static const std::array<column, snmp_columns::names.size()> table{{
      {in_if_table(8), in_if_table(8), wire::snmp_integer, wire::snmp_integer, 1, 7},  // ifOperStatus
      {in_x_table(6), in_if_table(10), wire::snmp_counter64, wire::snmp_counter32},    // ifHCInOctets, ifInOctets
      {in_x_table(10), in_if_table(16), wire::snmp_counter64, wire::snmp_counter32},   // ifHCOutOctets, ifOutOctets
      {in_if_table(14), in_if_table(14), wire::snmp_counter32, wire::snmp_counter32},  // ifInErrors
      {in_if_table(20), in_if_table(20), wire::snmp_counter32, wire::snmp_counter32},  // ifOutErrors
  }};
  return table;
}

}  // namespace

const snmp_question& snmp_questions::of(const snmp_request_class& request, snmp_form form) {
  if (request.number >= made_.size()) made_.resize(request.number + std::size_t{1});
  by_form& known = made_[request.number];
  for (const auto& [f, q] : known)
    if (f == form) return *q;
  return *known.emplace_back(form, std::make_unique<snmp_question>(make(request, form))).second;
}

snmp_question snmp_questions::make(const snmp_request_class& request, snmp_form form) {
  std::vector<net::object_id> ids{{1, 3, 6, 1, 2, 1, 1, 3, 0}};
  snmp_question made;
  made.objects.push_back({.name = {}, .type = wire::snmp_time_ticks});
  const auto add = [&](const column& c, bool narrow) {
    for (const std::uint32_t interface : request.interfaces) {
      ids.push_back(narrow ? c.narrow : c.wide);
      ids.back().push_back(interface);
      made.objects.push_back({{}, narrow ? c.narrow_type : c.wide_type, c.least, c.greatest});
    }
  };
  for (const column& c : columns()) add(c, form.narrow);
  if (form.both)
    for (const std::size_t c : {snmp_columns::in_octets, snmp_columns::out_octets}) add(columns()[c], true);
  if (form.first != 0 && form.first < ids.size()) {
    ids.resize(form.first);
    made.objects.resize(form.first);
  }
  made.request = codec_.make_get(request.community, ids);
  const auto names = wire::snmp_names(made.request.packet);
  if (made.request.packet.size() > longest_request || names.size() != made.objects.size() ||
      names.size() > wire::snmp_answer::most)
    throw std::logic_error("snmp: no request template");
  for (std::size_t i = 0; i < names.size(); ++i) made.objects[i].name.assign(names[i].begin(), names[i].end());
  return made;
}

}  // namespace changtong
