#include "collectors/snmp_habits.h"

#include <algorithm>
#include <string_view>

#include "daemon/core/stable_hash.h"
#include "daemon/core/up_time.h"

namespace changtong {
namespace {

using sort = wire::snmp_value::sort;
namespace columns = snmp_columns;

constexpr std::int64_t too_big = 1, no_such_name = 2;

bool is_octets(std::size_t place, std::size_t interfaces) {
  return place >= columns::place(columns::in_octets, 0, interfaces) &&
         place < columns::place(columns::out_octets + 1, 0, interfaces);
}

/** How many of the octets asked for are of this sort. */
std::size_t octets_that(sort what, const wire::snmp_answer& a, std::size_t asked, std::size_t interfaces) {
  std::size_t n = 0;
  for (std::size_t i = columns::place(columns::in_octets, 0, interfaces); i < asked && is_octets(i, interfaces); ++i)
    n += a.values[i].what == what ? 1 : 0;
  return n;
}

/** It has interfaces, and says of their octets that there are none. As in v1: one object that it does not know, and so
 * no value at all. */
bool has_no_octets(const wire::snmp_answer& a, std::size_t asked, std::size_t interfaces) {
  if (interfaces == 0 || octets_that(sort::number, a, asked, interfaces) > 0) return false;
  if (a.error_status == no_such_name) {
    const auto at = static_cast<std::uint64_t>(a.error_index);
    return at == 0 || at > asked || is_octets(at - 1, interfaces);
  }
  const auto status = a.values.begin() + static_cast<std::ptrdiff_t>(columns::place(0, 0, interfaces));
  const std::size_t statuses = std::min(interfaces, asked - 1);
  const bool interfaces_are_there = std::any_of(status, status + static_cast<std::ptrdiff_t>(statuses),
                                                [](const auto& v) { return v.what == sort::number; });
  return interfaces_are_there && octets_that(sort::missing, a, asked, interfaces) > 0;
}

/** As in v1: one object that it does not know behind those that matter, and so no value of any. */
bool refuses_what_nobody_misses(const wire::snmp_answer& a, std::size_t asked, std::size_t interfaces) {
  if (a.error_status != no_such_name || asked <= columns::objects(interfaces)) return false;
  const auto at = static_cast<std::uint64_t>(a.error_index);
  return at == 0 || at > columns::objects(interfaces);
}

}  // namespace

std::size_t snmp_habits::hash::operator()(const agent& a) const {
  const std::uint64_t before = std::uint64_t{a.port} << 32U | a.request;
  return stable_hash(wire::text_of(a.at.bytes), before);
}

snmp_habits::habit& snmp_habits::of(const agent& who) {
  if (known_.size() >= most) known_.clear();
  return known_[who];
}

/** What is known of an agent; nothing any more of one that was started again. */
snmp_habits::habit* snmp_habits::begun_anew(const agent& who, const net::flight& f, const wire::snmp_answer& a) {
  const auto found = known_.find(who);
  if (found == known_.end()) return nullptr;
  habit& h = found->second;
  if (a.values[0].what == sort::number) {
    if (h.up_time_at != mono_t{} && restarted(h.up_time, a.values[0].number, f.sent - h.up_time_at))
      return known_.erase(found), nullptr;
    h.up_time = a.values[0].number;
    h.up_time_at = f.sent;
  }
  return &h;
}

void snmp_habits::learn(const net::flight& f, std::uint32_t request, std::size_t interfaces, const wire::snmp_answer& a,
                        std::size_t asked) {
  const agent who{f.to, f.port, request};
  const snmp_form form = snmp_form::of(f.form);
  habit* h = begun_anew(who, f, a);
  if (h == nullptr && !form.whole()) return;  // it was asked for less than it may now be able to
  if (a.error_status == too_big) {
    if (asked > 1 && !form.both) of(who).form.first = static_cast<std::uint16_t>(asked / 2);
    return;
  }
  if (refuses_what_nobody_misses(a, asked, interfaces)) {
    of(who).form.first = static_cast<std::uint16_t>(columns::objects(interfaces));
    return;
  }
  if (asked <= columns::place(columns::in_octets, 0, interfaces) || !has_no_octets(a, asked, interfaces)) return;
  if (form.narrow)
    h->form.narrow = false, h->has_no_octets = true;
  else if (h == nullptr || !h->has_no_octets)
    of(who).form.narrow = true;
}

}  // namespace changtong
