#include "collectors/snmp_question.h"

#include <algorithm>
#include <stdexcept>

namespace changtong {
namespace {

struct column {
  net::object_id wide, narrow;
  std::uint8_t wide_type, narrow_type;
  std::uint64_t least = 0, greatest = UINT64_MAX;
};

/** In the order of snmp_columns. */
const std::array<column, snmp_columns::count>& columns() {
  const auto in_if_table = [](std::uint32_t n) { return net::object_id{1, 3, 6, 1, 2, 1, 2, 2, 1, n}; };
  const auto in_x_table = [](std::uint32_t n) { return net::object_id{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, n}; };
  const auto same = [](const net::object_id& id, std::uint8_t type, std::uint64_t least = 0,
                       std::uint64_t most = UINT64_MAX) { return column{id, id, type, type, least, most}; };
  static const std::array<column, snmp_columns::count> table{{
      same(in_if_table(8), wire::snmp_integer, 1, 7),                                 // ifOperStatus
      {in_x_table(6), in_if_table(10), wire::snmp_counter64, wire::snmp_counter32},   // ifHCInOctets, ifInOctets
      {in_x_table(10), in_if_table(16), wire::snmp_counter64, wire::snmp_counter32},  // ifHCOutOctets, ifOutOctets
      same(in_if_table(14), wire::snmp_counter32),                                    // ifInErrors
      same(in_if_table(20), wire::snmp_counter32),                                    // ifOutErrors
      same(in_if_table(7), wire::snmp_integer, 1, 3),                                 // ifAdminStatus
      same(in_if_table(13), wire::snmp_counter32),                                    // ifInDiscards
      same(in_x_table(15), wire::snmp_gauge32),                                       // ifHighSpeed
      same(in_x_table(19), wire::snmp_time_ticks),                                    // ifCounterDiscontinuityTime
  }};
  return table;
}

}  // namespace

secret template_community(const snmp_access& access) { return access.is_v3() ? secret("v3") : access.community; }

const snmp_question& snmp_questions::of(const std::shared_ptr<const snmp_request_class>& request, snmp_form form) {
  auto at = made_.find(request->number);
  if (at == made_.end()) {
    if (made_.size() >= swept_at_) {
      std::erase_if(made_, [](const auto& m) { return m.second.request.expired(); });
      swept_at_ = std::max(few, 2 * made_.size());
    }
    at = made_.emplace(request->number, of_class{request, {}}).first;
  }
  by_form& known = at->second.forms;
  for (const auto& [f, q] : known)
    if (f == form) return *q;
  return *known.emplace_back(form, std::make_unique<snmp_question>(make(*request, form))).second;
}

snmp_question snmp_questions::make(const snmp_request_class& request, snmp_form form) {
  std::vector<net::object_id> ids{{1, 3, 6, 1, 2, 1, 1, 3, 0}};
  snmp_question made;
  made.objects.push_back({.name = {}, .type = wire::snmp_time_ticks});
  const auto add = [&](const column& c, bool narrow, bool extra) {
    for (const asked_interface& interface : request.interfaces) {
      ids.push_back(narrow ? c.narrow : c.wide);
      ids.back().push_back(interface.index);
      made.objects.push_back({{}, narrow ? c.narrow_type : c.wide_type, c.least, c.greatest, extra});
    }
  };
  const std::size_t asked = snmp_columns::asked_of(request.interfaces.size());
  for (std::size_t c = 0; c < asked; ++c) add(columns()[c], form.narrow, c >= snmp_columns::names.size());
  if (form.both)
    for (const std::size_t c : {snmp_columns::in_octets, snmp_columns::out_octets}) add(columns()[c], true, false);
  for (const asked_interface& interface : request.interfaces) {
    if (interface.by == name_column::none) continue;
    ids.push_back(name_object(interface.by));
    ids.back().push_back(interface.index);
    made.objects.push_back({.name = {}, .type = wire::snmp_text});
  }
  if (form.first != 0 && form.first < ids.size()) {
    ids.resize(form.first);
    made.objects.resize(form.first);
  }
  made.request = codec_.make_get(template_community(*request.access), ids);
  const auto names = wire::snmp_names(made.request.packet);
  if (made.request.packet.size() > longest_request || names.size() != made.objects.size() ||
      names.size() > wire::snmp_answer::most)
    throw std::logic_error("snmp: no request template");
  for (std::size_t i = 0; i < names.size(); ++i) made.objects[i].name.assign(names[i].begin(), names[i].end());
  return made;
}

}  // namespace changtong
