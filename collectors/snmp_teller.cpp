#include "collectors/snmp_teller.h"

#include <algorithm>
#include <optional>

#include "daemon/core/phrase.h"
#include "daemon/core/stable_hash.h"

namespace changtong {
namespace {

namespace columns = snmp_columns;
using sort = wire::snmp_value::sort;

constexpr std::int64_t bits_of_a_megabit = 1'000'000;

std::optional<std::uint64_t> number_at(const snmp_facts& a, std::size_t at) {
  if (at >= a.asked || a.answer.values[at].what != sort::number) return std::nullopt;
  return a.answer.values[at].number;
}

/** One of the columns that only up to eight interfaces are asked for. */
std::optional<std::uint64_t> more_of(const snmp_facts& a, std::size_t column, std::size_t k) {
  const std::size_t n = a.request.interfaces.size();
  if (columns::asked_of(n) != columns::count) return std::nullopt;
  return number_at(a, columns::place(column, k, n));
}

std::uint64_t meter_key(const net::flight& f, std::uint32_t request, std::uint32_t index) {
  const std::uint64_t port = std::uint64_t{f.port} << 32U | index;
  return stable_hash(wire::text_of(f.to.bytes), port ^ std::uint64_t{request} * 0x9e3779b97f4a7c15ULL);
}

phrase words_of(const snmp_scout::unfound& u) {
  using because = snmp_scout::unfound::because;
  const std::string name = u.what->written();
  switch (u.why) {
    case because::looking:
      return both("正在查找接口 {}", "looking for interface {}", name);
    case because::missing:
      return both("设备上没有接口 {}", "no interface {} on the device", name);
    case because::twice:
      return both("接口 {} 在设备上不止一个，请改用序号", "more than one interface {}: say which by its index", name);
    case because::silent:
      break;
  }
  return both("查不到接口 {}：{}", "cannot look for interface {}: {}", name, *u.trouble);
}

}  // namespace

bool snmp_teller::names_hold(const snmp_facts& a, snmp_scout& scout) {
  const auto& interfaces = a.request.interfaces;
  renamed_.assign(interfaces.size(), false);
  if (!a.settings.needs_scouting) return true;
  const auto& errand = scout.errand_for(*a.flight.what, a.settings, a.flight.sent);
  if (errand.request->number != a.request.number) return true;  // it was asked before they were found
  bool all = true;
  for (std::size_t k = 0, n = 0; k < interfaces.size() && n < errand.names.size(); ++k) {
    if (interfaces[k].by == name_column::none) continue;
    const std::size_t at = columns::name_place(n, interfaces.size(), a.form.both);
    const std::uint64_t expected = errand.names[n++];
    if (at >= a.asked || a.answer.values[at].what == sort::absent) continue;
    if (a.answer.values[at].what == sort::text && a.answer.values[at].number == expected) continue;
    renamed_[k] = true;
    all = false;
  }
  return all;
}

void snmp_teller::take_use(const snmp_facts& a, std::size_t k, snmp_meter& meter) {
  const auto& interfaces = a.request.interfaces;
  const auto in = number_at(a, columns::place(columns::in_octets, k, interfaces.size()));
  const auto out = number_at(a, columns::place(columns::out_octets, k, interfaces.size()));
  const std::uint64_t speed = more_of(a, columns::high_speed, k).value_or(0);
  const double mbps = a.flight.what->bandwidth_mbps > 0 ? static_cast<double>(a.flight.what->bandwidth_mbps)
                                                        : static_cast<double>(speed);
  if (!in || !out || columns::asked_of(interfaces.size()) != columns::count) return;
  const snmp_meter::counted now{.sent = a.flight.sent,
                                .in = *in,
                                .out = *out,
                                .narrow = a.answer.odd.has(wire::snmp_oddity::narrow),
                                .up_time = number_at(a, 0),
                                .discontinuity = more_of(a, columns::discontinuity, k),
                                .speed_mbps = speed};
  const auto rates = meter.take(meter_key(a.flight, a.request.number, interfaces[k].index), now);
  if (!rates || mbps <= 0) return;  // bit/s of Mbit/s are millionths
  facts_.push_back({fact_name::interface_in_use, interfaces[k].shown, static_cast<std::int64_t>(rates->in / mbps)});
  facts_.push_back({fact_name::interface_out_use, interfaces[k].shown, static_cast<std::int64_t>(rates->out / mbps)});
}

void snmp_teller::take_interface(const snmp_facts& a, std::size_t k, snmp_meter& meter) {
  const asked_interface& interface = a.request.interfaces[k];
  const std::size_t n = a.request.interfaces.size();
  const auto add = [&](fact_name name, std::optional<std::uint64_t> value) {
    if (value) facts_.push_back({name, interface.shown, static_cast<std::int64_t>(*value)});
  };
  for (std::size_t c = 0; c < columns::names.size(); ++c) add(columns::names[c], number_at(a, columns::place(c, k, n)));
  if (interface.by != name_column::none) add(fact_name::interface_index, interface.index);
  add(fact_name::interface_admin_status, more_of(a, columns::admin_status, k));
  add(fact_name::interface_in_discards, more_of(a, columns::in_discards, k));
  if (const auto speed = more_of(a, columns::high_speed, k))
    add(fact_name::interface_speed_bits, *speed * bits_of_a_megabit);
  take_use(a, k, meter);
}

std::span<const fact> snmp_teller::facts_of(const snmp_facts& a, snmp_meter& meter, snmp_scout& scout) {
  facts_.clear();
  if (const auto up = number_at(a, 0))
    facts_.push_back({fact_name::up_time_centiseconds, 0, static_cast<std::int64_t>(*up)});
  const bool hold = names_hold(a, scout);
  for (std::size_t k = 0; k < a.request.interfaces.size(); ++k)
    if (!renamed_[k]) take_interface(a, k, meter);
  if (!a.settings.needs_scouting) return facts_;
  scout.add_facts(*a.flight.what, a.settings, a.request, a.flight.sent, facts_);
  if (!hold) scout.look_again(*a.flight.what, a.settings, a.flight.sent);
  if (const auto up = number_at(a, 0)) scout.note_up_time(*a.flight.what, a.settings, *up, a.flight.sent);
  return facts_;
}

std::string_view snmp_teller::detail_of(const snmp_facts& a, std::string_view odd, snmp_scout& scout) {
  if (!a.settings.needs_scouting) return odd;
  const auto& errand = scout.errand_for(*a.flight.what, a.settings, a.flight.sent);
  const bool renamed = std::ranges::find(renamed_, true) != renamed_.end();
  if (errand.missing.empty() && !renamed) return odd;
  phrase whole;
  const auto add = [&](const phrase& p) {
    whole.cn.append(whole.cn.empty() ? "" : "；").append(p.cn);
    whole.en.append(whole.en.empty() ? "" : "; ").append(p.en);
  };
  for (const snmp_scout::unfound& u : errand.missing) add(words_of(u));
  if (renamed) add({"接口已换名，正在重新查找", "an interface has another name now: looking again"});
  detail_ = to_string(whole);
  if (!odd.empty()) detail_.append("；").append(odd);
  return detail_;
}

}  // namespace changtong
