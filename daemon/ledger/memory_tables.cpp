#include "daemon/ledger/memory_tables.h"

#include <algorithm>

namespace changtong::ledger {
namespace {

/** Calls `f` with the field of that name, if there is one. */
template <class T, class F>
void on_field(std::string_view name, F f) {
  each_field<T>([&](const auto& one) {
    if (one.name == name) f(one);
  });
}

template <class T>
bool fits(const T& what, const declared_query& q) {
  bool yes = true;
  if constexpr (requires { what.about; }) yes = q.about.holds(what.about);
  if constexpr (requires { description<T>::key; })
    on_field<T>(description<T>::key, [&](const auto& f) {
      if constexpr (requires { f.of(what) < q.keys->first; })
        yes = yes && (!q.keys || (q.keys->first <= f.of(what) && f.of(what) <= q.keys->second));
    });
  return yes;
}

template <class T>
bool before(const T& a, const T& b) {
  bool less = false;
  on_field<T>(description<T>::order, [&](const auto& f) { less = f.of(a) < f.of(b); });
  return less;
}

std::vector<const declared_row<record>*> asked_for(const std::vector<declared_row<record>>& all,
                                                   const declared_query& q, std::int64_t target) {
  std::vector<const declared_row<record>*> found;
  for (const declared_row<record>& row : all)
    if ((target == 0 || row.number == target) && std::visit([&](const auto& what) { return fits(what, q); }, row.what))
      found.push_back(&row);
  std::ranges::sort(found, [](const auto* a, const auto* b) {
    return std::visit(
        [&]<class T>(const T& first) {
          const T& second = std::get<T>(b->what);
          if constexpr (requires { description<T>::order; })
            if (before(first, second) || before(second, first)) return before(first, second);
          return a->seq < b->seq;
        },
        a->what);
  });
  return found;
}

}  // namespace

void memory_tables::clear() { *this = {}; }

void memory_tables::add_target(std::int64_t number, const std::string& id) {
  targets_.resize(static_cast<std::size_t>(number));
  of(number).id = id;
  of(number).state.number = number;
}

void memory_tables::put_state(const state_row& s) { of(s.number).state = s; }

void memory_tables::begin_outage(std::int64_t number, const availability::outage& o) {
  of(number).outages.insert_or_assign(o.began, o);
}

void memory_tables::end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) {
  const auto it = of(number).outages.find(began);
  if (it == of(number).outages.end()) return;
  it->second.ended = ended;
  it->second.ended_edge = edge;
}

void memory_tables::explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) {
  const auto it = of(number).outages.find(began);
  if (it == of(number).outages.end()) return;
  it->second.found = found;
  it->second.upstream = upstream;
}

void memory_tables::add_unknown(std::int64_t number, const unknown_row& u) {
  const auto [it, fresh] = of(number).unknown.try_emplace(u.when.from, u);
  if (!fresh) it->second.when.to = std::max(it->second.when.to, u.when.to);
}

void memory_tables::add_unconfirmed(std::int64_t number, wall_t at) { ++of(number).unconfirmed[at]; }

void memory_tables::add_version(std::int64_t number, const version_row& v) {
  of(number).versions.push_back(v);
  last_inventory_ = v.seq;
}

wall_t memory_tables::unknown_before(std::int64_t number, wall_t at) const {
  const auto& all = of(number).unknown;
  wall_t from = at;
  for (auto it = all.begin(); it != all.end() && it->first < at; ++it)
    if (it->second.when.to >= at) from = std::min(from, it->first);
  return from;
}

std::optional<std::string> memory_tables::newest_version(std::int64_t number) const {
  const auto& all = of(number).versions;
  return all.empty() ? std::nullopt : std::optional(all.back().json);
}

std::vector<std::pair<std::string, state_row>> memory_tables::states() const {
  std::vector<std::pair<std::string, state_row>> all;
  for (const target& t : targets_) all.emplace_back(t.id, t.state);
  return all;
}

void memory_tables::add_declared(std::int64_t seq, std::int64_t number, const record& what) {
  std::visit(
      [&]<class T>(const T& one) {
        if constexpr (requires { description<T>::table; }) {
          declared_row<record>& row =
              declared_[description<T>::kind].emplace_back(declared_row<record>{seq, one, number});
          // Megabytes of which no figure asks; whoever wants to see them reads the ledger itself.
          if constexpr (requires { one.packed; }) std::get<T>(row.what).packed = {};
        }
      },
      what);
}

void memory_tables::declared(std::string_view kind, const declared_query& q, std::int64_t target,
                             const std::function<void(std::int64_t, std::int64_t, record&&)>& each) const {
  const auto all = declared_.find(kind);
  if (all == declared_.end()) return;
  for (const declared_row<record>* row : asked_for(all->second, q, target))
    each(row->seq, row->number, record(row->what));
}

void memory_tables::versions(
    const std::function<void(std::int64_t, const std::string&, const version_row&)>& each) const {
  for (const target& t : targets_)
    for (const version_row& v : t.versions) each(t.state.number, t.id, v);
}

void memory_tables::read(std::int64_t number, period p, target_rows& into) const {
  const target& t = of(number);
  // The last outage before the period may reach into it by its bracket, and so may the first one after it.
  auto o = t.outages.upper_bound(p.from);
  for (int back = 0; back < 2 && o != t.outages.begin(); ++back) --o;
  for (; o != t.outages.end(); ++o) {
    into.outages.push_back(o->second);
    if (o->first >= p.to) break;
  }
  for (const auto& [at, u] : t.unknown)
    if (at < p.to && u.when.to > p.from) into.unknown.push_back(u);
  for (auto r = t.unconfirmed.lower_bound(p.from); r != t.unconfirmed.end() && r->first < p.to; ++r)
    into.unconfirmed.insert(into.unconfirmed.end(), static_cast<std::size_t>(r->second), r->first);
}

std::vector<std::pair<std::int64_t, wall_t>> memory_tables::outages_touching(period p, std::int64_t number,
                                                                             std::size_t limit) const {
  std::vector<std::pair<std::int64_t, wall_t>> all;
  for (const target& t : targets_) {
    if (number != 0 && t.state.number != number) continue;
    for (const auto& [began, o] : t.outages)
      if (began < p.to && o.ended > p.from) all.emplace_back(t.state.number, began);
  }
  std::ranges::sort(
      all, [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

}  // namespace changtong::ledger
