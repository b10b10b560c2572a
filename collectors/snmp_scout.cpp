#include "collectors/snmp_scout.h"

#include <algorithm>
#include <utility>

#include "daemon/core/up_time.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;

constexpr nanoseconds pause = 20ms;             ///< between an agent's answer and its next question
constexpr nanoseconds facts_every = 60s;        ///< a profile's columns
constexpr nanoseconds facts_seldom = 600s;      ///< the same of who needs hundreds of questions for them
constexpr nanoseconds missing_every = 300s;     ///< names that were not found
constexpr nanoseconds silent_every = 60s;       ///< names of an agent that did not answer
constexpr nanoseconds soonest_again = 10s;      ///< however often it is told to look again
constexpr nanoseconds forgotten_after = 3h;     ///< nobody asks for it any more; longer than any interval
constexpr nanoseconds corrected_after = 10min;  ///< a line's names that were not asked for: the settings say others now
constexpr std::size_t most_in_a_burst = 64, most_under_way = 512;
constexpr std::size_t tours_a_second = 500;

const wire::object_name system_object{1, 3, 6, 1, 2, 1, 1, 2};

snmp_walk_limits limits() { return {.rows = 4096, .questions = 512, .bytes = 1U << 20U, .repetitions = 20}; }

}  // namespace

std::string snmp_scout::key_of(const check& c, const snmp_settings& s) {
  std::string key(wire::text_of(c.address.bytes));
  key.append(std::to_string(s.port)).append("/").append(s.profile.name);
  for (const std::string& o : s.profile.options) key.append("+").append(o);
  return key.append("/").append(std::to_string(s.request->access->number));
}

// -- what checks want ------------------------------------------------------------------------------------------------

snmp_scout::agent& snmp_scout::agent_of(const check& c, const snmp_settings& s, mono_t now) {
  const auto [at, fresh] = by_key_.try_emplace(key_of(c, s), 0);
  if (fresh) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(agents_.size()));
      agents_.emplace_back();
    }
    at->second = free_.back();
    free_.pop_back();
    agents_[at->second] = std::make_unique<agent>();
    agent& a = *agents_[at->second];
    a.slot = at->second;
    a.key = at->first;
    a.bulk = !s.request->access->is_v1();
    a.visited = now;
    put(a, now);
  }
  agent& a = *agents_[at->second];
  a.visited = now;
  if (!a.what.settings || (!a.under_way && a.what.settings != c.settings)) {
    a.what.address = c.address;
    a.what.settings = c.settings;
  }
  a.profile = s.profile;
  const auto wants = [&](interface_wish::by how) {
    return std::ranges::find(s.request->wishes, how, &interface_wish::how) != s.request->wishes.end();
  };
  const bool names = wants(interface_wish::by::name), aliases = wants(interface_wish::by::alias);
  a.with_interfaces = a.with_interfaces || !s.request->wishes.empty();
  if ((names && !a.names_wanted) || (aliases && !a.aliases_wanted)) {
    a.names_wanted = a.names_wanted || names;
    a.aliases_wanted = a.aliases_wanted || aliases;
    a.stale = true;
    if (!a.walk) put(a, now);
  }
  return a;
}

const snmp_scout::errand& snmp_scout::errand_for(const check& c, const snmp_settings& s, mono_t now) {
  agent& a = agent_of(c, s, now);
  auto e = std::ranges::find(a.errands, s.request->number, &known_errand::wished);
  const bool fresh = e == a.errands.end();
  if (fresh) e = a.errands.insert(a.errands.end(), known_errand{s.request->number, 0, now, {}});
  e->asked = now;
  if (e->generation != a.generation) resolve(a, s, *e);
  const bool looks = a.walk || a.stale || a.profile;  // or will soon
  if (fresh && !e->what.missing.empty() && !looks) put(a, std::max(now, a.names_at + missing_every));
  return e->what;
}

void snmp_scout::resolve(agent& a, const snmp_settings& s, known_errand& e) {
  using found = snmp_names::place::found;
  e.generation = a.generation;
  e.what = {};
  std::vector<asked_interface> asked;
  for (const interface_wish& w : s.request->wishes) {
    if (w.how == interface_wish::by::index) {
      asked.push_back({w.index, w.shown(), name_column::none});
      continue;
    }
    const auto at = a.names.find(w);
    if (at.how == found::once) {
      asked.push_back({at.index, w.shown(), at.by});
      e.what.names.push_back(at.raw);
      continue;
    }
    const auto why = at.how == found::twice ? unfound::because::twice
                     : a.names_known        ? unfound::because::missing
                     : a.trouble != nullptr ? unfound::because::silent
                                            : unfound::because::looking;
    e.what.missing.push_back({&w, why, a.trouble});
  }
  e.what.request = found_class(*s.request, std::move(asked));
}

void snmp_scout::look_again(const check& c, const snmp_settings& s, mono_t now) {
  agent& a = agent_of(c, s, now);
  if (!wants_names(a)) return;
  a.stale = true;
  if (!a.walk) put(a, std::max(now, a.names_at == mono_t{} ? now : a.names_at + soonest_again));
}

void snmp_scout::note_up_time(const check& c, const snmp_settings& s, std::uint64_t centiseconds, mono_t sent) {
  agent& a = agent_of(c, s, sent);
  if (sent <= a.up_time_at) return;
  const bool anew = a.up_time_at != mono_t{} && restarted(a.up_time, centiseconds, sent - a.up_time_at);
  a.up_time = centiseconds;
  a.up_time_at = sent;
  if (anew) look_again(c, s, sent);
}

void snmp_scout::add_facts(const check& c, const snmp_settings& s, const snmp_request_class& asked, mono_t now,
                           std::vector<fact>& to) const {
  const auto at = by_key_.find(key_of(c, s));
  if (at == by_key_.end()) return;
  const agent& a = *agents_[at->second];
  if (!a.facts_known || now - a.facts_at > period(a) * 5 / 2) return;
  for (const fact& f : a.facts) {
    if (f.index == 0) {
      to.push_back(f);
      continue;
    }
    const auto k = std::ranges::find(asked.interfaces, f.index, &asked_interface::index);
    if (k != asked.interfaces.end()) to.push_back({f.name, k->shown, f.value});
  }
}

void snmp_scout::want(const check& c, const snmp_settings& s, std::vector<wire::object_name> columns, mono_t now) {
  agent& a = agent_of(c, s, now);
  a.wanted = std::move(columns);
  a.harvest.reset();
  if (!a.walk) put(a, now);
}

std::optional<snmp_columns_read> snmp_scout::harvest(const check& c, const snmp_settings& s) {
  const auto at = by_key_.find(key_of(c, s));
  return at == by_key_.end() ? std::nullopt : std::exchange(agents_[at->second]->harvest, std::nullopt);
}

bool snmp_scout::settled() const {
  return std::ranges::none_of(agents_, [](const auto& a) {
    return a &&
           (a->walk || (a->profile && !a->facts_known) || (wants_names(*a) && (a->names_at == mono_t{} || a->stale)));
  });
}

// -- whose turn it is ------------------------------------------------------------------------------------------------

/** Who needs many questions for a tour, a chassis with hundreds of parts, is asked no more than one a second for it. */
nanoseconds snmp_scout::period(const agent& a) const {
  const nanoseconds of_all = nanoseconds(1s) * static_cast<std::int64_t>(by_key_.size() / tours_a_second);
  const nanoseconds own = std::min<nanoseconds>(facts_seldom, nanoseconds(1s) * a.questions_a_tour);
  return std::max({facts_every, of_all, own});
}

void snmp_scout::put(agent& a, mono_t at) {
  a.due = at;
  turns_.emplace(at, a.slot);
}

snmp_scout::agent* snmp_scout::with_ticket(std::uint32_t ticket) const {
  const std::uint32_t slot = ticket & ~mark;
  if (!owns(ticket) || slot >= agents_.size() || !agents_[slot] || !agents_[slot]->under_way) return nullptr;
  return agents_[slot].get();
}

const snmp_walk* snmp_scout::walk_of(std::uint32_t ticket) const {
  const agent* a = with_ticket(ticket);
  return a == nullptr ? nullptr : a->walk.get();
}

std::span<question> snmp_scout::due(mono_t now) {
  burst_.clear();
  while (!turns_.empty() && turns_.top().first <= now && burst_.size() < most_in_a_burst &&
         under_way_ < most_under_way) {
    const auto [at, slot] = turns_.top();
    turns_.pop();
    if (slot >= agents_.size() || !agents_[slot]) continue;
    agent& a = *agents_[slot];
    if (a.under_way || a.due != at) continue;
    if (now - a.visited > forgotten_after) {
      forget(a);
      continue;
    }
    if (!a.walk) begin_tour(a, now);
    if (!a.walk) continue;
    a.under_way = true;
    ++under_way_;
    ++a.questions;
    waiting_.push_back({now + patience, slot, ++a.serial});
    burst_.push_back({.ticket = mark | slot, .what = &a.what, .deadline = now + patience});
  }
  return burst_;
}

std::span<const std::uint32_t> snmp_scout::expired(mono_t now) {
  expired_.clear();
  for (; !waiting_.empty() && waiting_.front().until <= now; waiting_.pop_front()) {
    const waiting& w = waiting_.front();
    if (!agents_[w.slot] || !agents_[w.slot]->under_way || agents_[w.slot]->serial != w.serial) continue;
    expired_.push_back(mark | w.slot);
  }
  return expired_;
}

void snmp_scout::forget(agent& a) {
  const std::uint32_t slot = a.slot;
  by_key_.erase(a.key);
  agents_[slot].reset();
  free_.push_back(slot);
}

// -- a tour of columns -----------------------------------------------------------------------------------------------

/** A name that was not found may be there by now. */
bool snmp_scout::misses_names(agent& a, mono_t now) {
  std::erase_if(a.errands, [&](const known_errand& e) { return now - e.asked > corrected_after; });
  return std::ranges::any_of(a.errands, [](const known_errand& e) { return !e.what.missing.empty(); });
}

bool snmp_scout::wants_a_tour(const agent& a, mono_t now) const {
  if (!a.wanted.empty() || (a.stale && wants_names(a))) return true;
  return a.profile && (!a.facts_known || now - a.facts_at >= period(a));
}

void snmp_scout::begin_tour(agent& a, mono_t now) {
  a.columns.clear();
  a.read.clear();
  a.at = 0;
  a.trouble = nullptr;
  a.heard = false;
  a.questions = 0;
  if (misses_names(a, now) && now - a.names_at >= (a.names_known ? missing_every : silent_every)) a.stale = true;
  if (!wants_a_tour(a, now)) {
    if (a.profile) put(a, now + period(a));
    return;
  }
  const auto add = [&](name_column c) { a.columns.push_back(name_object(c)); };
  a.reads_aliases = a.stale && a.aliases_wanted;
  a.reads_names = a.stale && a.names_wanted;
  if (a.reads_aliases) add(name_column::if_alias);
  if (a.reads_names) add(name_column::if_name), add(name_column::if_descr);
  for (const auto& column : a.wanted)
    if (std::ranges::find(a.columns, column) == a.columns.end()) a.columns.push_back(column);
  if (a.profile && a.profile.by_system()) {
    if (std::ranges::find(a.columns, system_object) == a.columns.end()) a.columns.push_back(system_object);
  } else if (a.profile) {
    plan_profile(a);
  }
  go_on(a, now);
}

/** Once the device is known. */
void snmp_scout::plan_profile(agent& a) {
  if (a.profile.by_system()) {
    const auto& rows = a.read[system_object];
    const bool told = !rows.empty() && rows[0].type == wire::snmp_object_name;
    const auto name = told ? wire::read_object_name(wire::bytes_of(rows[0].value)) : std::nullopt;
    a.device = {a.profile.all, name ? profile_for(*a.profile.all, *name) : nullptr};
  } else {
    a.device = {a.profile.all, profile_named(*a.profile.all, a.profile.name)};
  }
  if (a.device == nullptr) return;
  for (auto& column : columns_of(facts_in_force(*a.device, a.profile.options), a.with_interfaces))
    if (std::ranges::find(a.columns, column) == a.columns.end()) a.columns.push_back(std::move(column));
}

void snmp_scout::go_on(agent& a, mono_t now) {
  while (a.walk && a.walk->now() != snmp_walk::state::asking) end_column(a);
  if (!a.walk && a.at < a.columns.size()) a.walk = std::make_unique<snmp_walk>(a.columns[a.at], a.bulk, limits());
  if (!a.walk) end_tour(a, now);
}

void snmp_scout::end_column(agent& a) {
  const auto why = a.walk->why();
  if (why != snmp_walk::trouble::silent) a.bulk = a.bulk && a.walk->bulk();
  const bool of_names =
      a.walk->column() != system_object && a.stale &&
      (a.walk->column() == name_object(name_column::if_name) || a.walk->column() == name_object(name_column::if_alias));
  if (of_names && why != snmp_walk::trouble::none) a.trouble = &words_of(why);
  a.read[a.walk->column()] = a.walk->rows();
  const bool system = a.walk->column() == system_object;
  a.walk.reset();
  ++a.at;
  if (why == snmp_walk::trouble::silent)
    a.at = a.columns.size();  // who is silent is not asked for the rest
  else if (system && a.profile)
    plan_profile(a);
  if (a.at < a.columns.size()) a.walk = std::make_unique<snmp_walk>(a.columns[a.at], a.bulk, limits());
}

void snmp_scout::take_names(agent& a, mono_t now) {
  a.names_at = now;
  a.stale = (a.names_wanted && !a.reads_names) || (a.aliases_wanted && !a.reads_aliases);  // asked for meanwhile
  const bool read = a.trouble == nullptr;
  if (read || !a.names_known) {
    a.names.clear();
    for (const name_column c : {name_column::if_name, name_column::if_descr, name_column::if_alias})
      if (const auto found = a.read.find(name_object(c)); found != a.read.end()) a.names.add(c, found->second);
    a.names_known = read;
  }
  ++a.generation;
}

void snmp_scout::end_tour(agent& a, mono_t now) {
  if (a.reads_names || a.reads_aliases) take_names(a, now);
  if (a.profile) {
    a.facts =
        a.device == nullptr ? std::vector<fact>{} : read_profile(facts_in_force(*a.device, a.profile.options), a.read);
    a.facts_known = true;
    a.facts_at = now;
    a.questions_a_tour = a.questions;
  }
  if (!a.wanted.empty()) {
    a.harvest = std::move(a.read);
    a.wanted.clear();
  }
  a.silent_tours = a.heard || a.columns.empty() ? 0 : a.silent_tours + 1;
  a.read.clear();
  a.columns.clear();
  if (const mono_t next = next_tour(a, now); next != mono_t::max()) put(a, next);
}

/** The silent do not take the places of those who answer. */
mono_t snmp_scout::next_tour(const agent& a, mono_t now) const {
  if (!a.profile && !wants_names(a)) return mono_t::max();
  if (a.silent_tours > 0)
    return now + std::max(period(a), std::min(missing_every, silent_every * (1 << std::min(a.silent_tours - 1, 8))));
  const mono_t facts = a.profile ? now + period(a) : mono_t::max();
  if (!wants_names(a)) return facts;
  return std::min(facts, now + (a.stale ? pause : a.names_known ? missing_every : silent_every));
}

snmp_scout::agent* snmp_scout::landed(std::uint32_t ticket) {
  agent* a = with_ticket(ticket);
  if (a == nullptr) return nullptr;
  a->under_way = false;
  --under_way_;
  return a;
}

void snmp_scout::then(agent& a, mono_t now) {
  go_on(a, now);
  if (a.walk) put(a, now + pause);
}

void snmp_scout::take(std::uint32_t ticket, wire::bytes pdu, mono_t now) {
  agent* a = landed(ticket);
  if (a == nullptr) return;
  a->heard = true;
  a->walk->take(pdu);
  then(*a, now);
}

void snmp_scout::take_too_long(std::uint32_t ticket, mono_t now) {
  agent* a = landed(ticket);
  if (a == nullptr) return;
  a->heard = true;
  a->walk->take_too_long();
  then(*a, now);
}

void snmp_scout::take_silence(std::uint32_t ticket, mono_t now) {
  agent* a = landed(ticket);
  if (a == nullptr) return;
  a->walk->take_silence();
  then(*a, now);
}

}  // namespace changtong
