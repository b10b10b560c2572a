#include "daemon/run/board_facts.h"

#include "collectors/registry.h"
#include "collectors/snmp.h"

namespace changtong {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/** 2.5 regular intervals: two slots may be late or lost before a value is forgotten. */
mono_t lasts_until(const sample& s) { return s.sent + s.interval * 5 / 2; }

template <class Forget>
void retire_one(mono_t& until, mono_t never, mono_t now, Forget forget) {
  if (now < until) return;
  until = never;
  forget();
}

template <class T>
void copy(std::atomic<T>& to, const std::atomic<T>& from) {
  to.store(from.load(relaxed), relaxed);
}

/** The value of a fact, or what stands for none. */
std::int64_t value_of(const sample& s, fact_name name, std::uint32_t index, std::int64_t none) {
  for (const fact& f : s.facts)
    if (f.name == name && f.index == index) return f.value;
  return none;
}

void show_interface(const sample& s, interface_view& v) {
  const auto value = [&](fact_name name) { return value_of(s, name, v.if_index, -1); };
  v.in_octets.store(value(fact_name::interface_in_octets), relaxed);
  v.out_octets.store(value(fact_name::interface_out_octets), relaxed);
  v.in_errors.store(value(fact_name::interface_in_errors), relaxed);
  v.out_errors.store(value(fact_name::interface_out_errors), relaxed);
  v.oper_status.store(static_cast<std::int32_t>(value_of(s, fact_name::interface_oper_status, v.if_index, 0)), relaxed);
}

/** The certificate apart: it outlives visits that did not see it. */
void show_visit(const sample& s, site_view& v) {
  const auto seconds = [&](fact_name name) {
    const std::int64_t ns = value_of(s, name, 0, -1);
    return ns < 0 ? -1.0F : static_cast<float>(ns) * 1e-9F;
  };
  v.open_seconds.store(s.what == outcome::good ? std::chrono::duration<float>(s.rtt).count() : -1.0F, relaxed);
  v.http_status.store(static_cast<std::int32_t>(value_of(s, fact_name::http_status, 0, 0)), relaxed);
  v.resolve_seconds.store(seconds(fact_name::resolve_nanoseconds), relaxed);
  v.connect_seconds.store(seconds(fact_name::connect_nanoseconds), relaxed);
  v.tls_seconds.store(seconds(fact_name::tls_nanoseconds), relaxed);
  v.first_byte_seconds.store(seconds(fact_name::first_byte_nanoseconds), relaxed);
}

}  // namespace

board_facts::board_facts(std::shared_ptr<const inventory> inv)
    : board_(std::make_shared<board>(std::move(inv))),
      lines_(board_->lines.size()),
      first_interface_(board_->lines.size(), no_index),
      site_(board_->lines.size(), no_index) {
  const inventory& all = *board_->districts;
  const auto snmp = kind_named("snmp");
  std::vector<std::uint32_t> index;
  std::vector<target_index> of, sites;
  for (target_index i = 0; i < all.targets.size(); ++i) {
    const target& t = all.targets[i];
    if (t.kind == target_kind::site) {
      site_[i] = static_cast<std::uint32_t>(sites.size());
      sites.push_back(i);
    }
    for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
      if (!snmp || all.checks[c].kind != *snmp) continue;
      for (const auto n : static_cast<const snmp_settings&>(*all.checks[c].settings).request->interfaces) {
        if (first_interface_[i] == no_index) first_interface_[i] = static_cast<std::uint32_t>(index.size());
        index.push_back(n);
        of.push_back(i);
        interfaces_.push_back({.check = c});
      }
    }
  }
  board_->interfaces = std::vector<interface_view>(index.size());
  for (std::size_t k = 0; k < index.size(); ++k) {
    board_->interfaces[k].target = of[k];
    board_->interfaces[k].if_index = index[k];
  }
  sites_.resize(sites.size());
  board_->sites = std::vector<site_view>(sites.size());
  for (std::size_t k = 0; k < sites.size(); ++k) board_->sites[k].target = sites[k];
}

void board_facts::recall(const std::vector<ledger::restored::state>& states) {
  for (const auto& s : states) {
    const auto it = board_->districts->by_id.find(s.target);
    if (it == board_->districts->by_id.end() || s.believed != line_state::down) continue;
    line_view& v = board_->lines[it->second];
    v.outage_began_ms.store(ms_of(s.outage_began), relaxed);
    v.outage_why.store(s.why, relaxed);
    v.outage_open.store(true, relaxed);
  }
}

// -- a reload --------------------------------------------------------------------------------------------------------

void board_facts::carry(const board_facts& before) {
  const auto& known = before.board_->districts->by_id;
  for (target_index i = 0; i < board_->lines.size(); ++i) {
    const auto was = known.find(board_->districts->targets[i].id);
    if (was == known.end()) continue;
    carry_line(before, was->second, i);
    carry_interfaces(before, was->second, i);
    carry_site(before, was->second, i);
  }
}

void board_facts::carry_line(const board_facts& before, target_index was, target_index is) {
  const line_view& from = before.board_->lines[was];
  line_view& to = board_->lines[is];
  copy(to.state, from.state);
  copy(to.why, from.why);
  copy(to.undecided, from.undecided);
  copy(to.outage_began_ms, from.outage_began_ms);
  copy(to.outage_why, from.outage_why);
  copy(to.outage_open, from.outage_open);
  copy(to.degraded, from.degraded);
  copy(to.flapping, from.flapping);
  copy(to.unrecorded, from.unrecorded);
  copy(to.since_ms, from.since_ms);
  copy(to.last_sample_ms, from.last_sample_ms);
  copy(to.outages, from.outages);
  copy(to.rtt_seconds, from.rtt_seconds);
  copy(to.loss_ratio, from.loss_ratio);
  copy(to.answers, from.answers);
  lines_[is] = before.lines_[was];
}

void board_facts::carry_interfaces(const board_facts& before, target_index was, target_index is) {
  if (first_interface_[is] == no_index || before.first_interface_[was] == no_index) return;
  const auto& old = before.board_->interfaces;
  for (std::size_t k = first_interface_[is]; k < interfaces_.size() && board_->interfaces[k].target == is; ++k) {
    interface_view& to = board_->interfaces[k];
    for (std::size_t n = before.first_interface_[was]; n < old.size() && old[n].target == was; ++n) {
      if (old[n].if_index != to.if_index) continue;
      copy(to.in_octets, old[n].in_octets);
      copy(to.out_octets, old[n].out_octets);
      copy(to.in_errors, old[n].in_errors);
      copy(to.out_errors, old[n].out_errors);
      copy(to.oper_status, old[n].oper_status);
      interfaces_[k].until = before.interfaces_[n].until;
    }
  }
}

void board_facts::carry_site(const board_facts& before, target_index was, target_index is) {
  if (site_[is] == no_index || before.site_[was] == no_index) return;
  const site_view& from = before.board_->sites[before.site_[was]];
  site_view& to = board_->sites[site_[is]];
  copy(to.open_seconds, from.open_seconds);
  copy(to.http_status, from.http_status);
  copy(to.certificate_expiry_s, from.certificate_expiry_s);
  copy(to.resolve_seconds, from.resolve_seconds);
  copy(to.connect_seconds, from.connect_seconds);
  copy(to.tls_seconds, from.tls_seconds);
  copy(to.first_byte_seconds, from.first_byte_seconds);
  copy(to.visits_good, from.visits_good);
  copy(to.visits_failed, from.visits_failed);
  sites_[site_[is]] = before.sites_[before.site_[was]];
}

// -- samples ---------------------------------------------------------------------------------------------------------

void board_facts::take(const sample& s) {
  const check& c = board_->districts->checks[s.check];
  line_view& view = board_->lines[c.target];
  view.last_sample_ms.store(ms_of(s.at), relaxed);
  if (board_->districts->targets[c.target].kind == target_kind::anchor && s.what != outcome::not_measured)
    view.answers.store(s.what == outcome::good ? 1 : 0, relaxed);
  if (first_interface_[c.target] != no_index) take_interfaces(s, c);
  if (site_[c.target] == no_index) return;
  count_visit(s, site_[c.target]);
  if (c.kind == kind_named("http")) take_visit(s, site_[c.target]);
}

void board_facts::take_interfaces(const sample& s, const check& c) {
  for (std::size_t k = first_interface_[c.target]; k < interfaces_.size() && board_->interfaces[k].target == c.target;
       ++k) {
    if (interfaces_[k].check != s.check) continue;
    show_interface(s, board_->interfaces[k]);
    interfaces_[k].until = lasts_until(s);
  }
}

void board_facts::take_visit(const sample& s, std::uint32_t place) {
  site_view& v = board_->sites[place];
  show_visit(s, v);
  sites_[place].visit = lasts_until(s);
  const std::int64_t expiry = value_of(s, fact_name::certificate_expiry_seconds, 0, 0);
  if (expiry == 0) return;
  v.certificate_expiry_s.store(expiry, relaxed);
  sites_[place].certificate = s.sent + std::chrono::hours{24};
}

/** Regular slots lie at least 0.8 intervals apart (the phase jitters by 10 %). */
void board_facts::count_visit(const sample& s, std::uint32_t place) {
  mono_t& counted = sites_[place].counted;
  if (s.what == outcome::not_measured || s.sent - counted < s.interval * 8 / 10) return;
  counted = s.sent;
  site_view& v = board_->sites[place];
  (s.what == outcome::good ? v.visits_good : v.visits_failed).fetch_add(1, relaxed);
}

void board_facts::take_delay(const sample& s, float loss) {
  if (s.what == outcome::not_measured) return;
  const target_index t = board_->districts->checks[s.check].target;
  board_->lines[t].loss_ratio.store(loss, relaxed);
  lines_[t].loss = lasts_until(s);
  if (s.what != outcome::good) return;
  board_->lines[t].rtt_seconds.store(std::chrono::duration<float>(s.rtt).count(), relaxed);
  lines_[t].rtt = lasts_until(s);
}

void board_facts::retire(mono_t now) {
  for (target_index i = 0; i < lines_.size(); ++i) {
    line_view& v = board_->lines[i];
    retire_one(lines_[i].rtt, never, now, [&] { v.rtt_seconds.store(-1, relaxed); });
    retire_one(lines_[i].loss, never, now, [&] { v.loss_ratio.store(-1, relaxed); });
  }
  const sample nothing;
  for (std::size_t k = 0; k < interfaces_.size(); ++k)
    retire_one(interfaces_[k].until, never, now, [&] { show_interface(nothing, board_->interfaces[k]); });
  for (std::size_t k = 0; k < sites_.size(); ++k) {
    site_view& v = board_->sites[k];
    retire_one(sites_[k].visit, never, now, [&] { show_visit(nothing, v); });
    retire_one(sites_[k].certificate, never, now, [&] { v.certificate_expiry_s.store(0, relaxed); });
  }
}

bool board_facts::interfaces_well(target_index t) const {
  constexpr std::int32_t up = 1;
  if (first_interface_[t] == no_index) return true;
  for (std::size_t k = first_interface_[t]; k < interfaces_.size() && board_->interfaces[k].target == t; ++k) {
    const std::int32_t oper = board_->interfaces[k].oper_status.load(relaxed);
    if (oper != 0 && oper != up) return false;
  }
  return true;
}

}  // namespace changtong
