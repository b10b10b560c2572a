#include "daemon/run/tracing.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>

#include "daemon/core/fact_table.h"

namespace changtong {
namespace {

constexpr nanoseconds shared_for = std::chrono::seconds{10};   ///< a trace speaks for others …
constexpr nanoseconds just_before = std::chrono::seconds{2};   ///< … whose trouble began no earlier than it, or so
constexpr nanoseconds settled = std::chrono::seconds{2};       ///< after recovery
constexpr nanoseconds doubt_fresh = std::chrono::seconds{20};  ///< a trace at a first bad sample is of this outage
constexpr nanoseconds doubt_kept = std::chrono::seconds{60};
constexpr nanoseconds forget_pause = std::chrono::hours{1};
constexpr nanoseconds enter_pause = milliseconds{250};
constexpr std::size_t many = 5000;  ///< lines in trouble, of which a look costs some milliseconds
constexpr std::size_t most_waiting = 4096, most_cut = 32, most_targets = 2000, most_hops = 30;

/** What has hops on the way: nothing of this host. */
bool is_far(const ip_address& a) {
  static const ip_address own = *parse_address("::1");
  return a.v6 ? a != own : a.bytes[0] != 127;
}

/** An entry of before says to which address; older ones do not. */
bool leads_elsewhere(const trace_record& r, const target& t) {
  return !r.last.empty() && !t.addresses.empty() && r.last != to_string(t.addresses.front());
}

const mono_t never{nanoseconds::min() / 2};

}  // namespace

tracing::tracing(std::shared_ptr<const inventory> inv, civil_zone zone, path_doors doors)
    : inv_(std::move(inv)),
      zone_(std::move(zone)),
      doors_(std::move(doors)),
      paths_(inv_),
      where_(inv_),
      traced_(inv_->targets.size(), never),
      learnt_(inv_->targets.size(), never),
      told_usual_(inv_->targets.size(), wall_min) {}

std::optional<target_index> tracing::index_of(const std::string& id) const {
  const auto at = inv_->index_of(id);
  return at == no_index ? std::nullopt : std::optional(at);
}

void tracing::recall(const std::vector<trace_record>& known) {
  for (const trace_record& r : known) {
    if (r.step != trace_step::usual) continue;
    const auto hops = hops_in(r.path);
    const auto t = index_of(r.targets);
    if (!hops || !t || hops->size() > most_hops || leads_elsewhere(r, inv_->targets[*t])) continue;
    (void)paths_.learn(*t, *hops, r.at);
    told_usual_[*t] = r.at;
  }
}

void tracing::adopt(std::shared_ptr<const inventory> inv, civil_zone zone) {
  const auto before = std::exchange(inv_, std::move(inv));
  zone_ = std::move(zone);
  paths_.adopt(inv_);
  where_.adopt(inv_);
  queue_.clear(), by_path_.clear(), later_.clear();
  learn_next_ = 0;
  for (auto& [tag, t] : under_way_) t.also.clear();
  const auto troubles = std::exchange(troubles_, {});
  for (const auto& [t, what] : troubles)
    if (const auto is = index_of(before->targets[t].id)) {
      troubles_.emplace(*is, what);
      if (what.began && !what.seen) want(*is, purpose::outage, what.since);
    }
  const auto learnt = std::exchange(learnt_, std::vector<mono_t>(inv_->targets.size(), never));
  const auto traced = std::exchange(traced_, std::vector<mono_t>(inv_->targets.size(), never));
  const auto told = std::exchange(told_usual_, std::vector<wall_t>(inv_->targets.size(), wall_min));
  for (target_index i = 0; i < before->targets.size(); ++i)
    if (const auto is = index_of(before->targets[i].id); is && paths_.of(*is) != nullptr)
      learnt_[*is] = learnt[i], traced_[*is] = traced[i], told_usual_[*is] = told[i];
}

// -- what happens
// ------------------------------------------------------------------------------------------------------

void tracing::doubt(target_index t, mono_t now) {
  const auto [known, fresh] = troubles_.try_emplace(t);
  if (!fresh && (known->second.began || now - known->second.since < target_pause)) return;
  known->second = {.since = now, .began = {}, .seen = {}, .entered = false};
  want(t, purpose::outage, now);
}

void tracing::follow(const record& r, mono_t now) {
  if (const auto* c = std::get_if<cause_found>(&r)) return where_.said(*c);
  const auto* t = std::get_if<transition>(&r);
  const auto i = t == nullptr ? std::nullopt : index_of(t->target);
  if (!i || inv_->targets[*i].kind != target_kind::line) return;
  if (t->to == line_state::down && !t->same_outage) down(*t, *i, now);
  if (t->to != line_state::up) return;
  where_.up(*i, t->at);
  if (const auto was = troubles_.find(*i); was != troubles_.end() && was->second.began) {
    troubles_.erase(was);
    want(*i, purpose::after, now + settled);
  }
}

void tracing::heard(const trap_record& t, bool proven) {
  const auto i = index_of(t.target);
  if (!i || t.what != trap_class::power) return;
  const auto supported = [&] {
    std::uint64_t ran = 0;
    const auto [end, error] = std::from_chars(t.uptime_s.data(), t.uptime_s.data() + t.uptime_s.size(), ran);
    return error == std::errc{} && where_.had_run(*i, t.about, ran);
  };
  if (proven || supported()) where_.lost_power(*i, t.about);
}

void tracing::down(const transition& t, target_index i, mono_t now) {
  where_.down(i, t.at, t.edge);
  trouble& of = troubles_[i];
  const bool fresh = of.seen && !of.seen->seen.reached && now - of.seen->from < doubt_fresh;
  if (of.since == mono_t{} || (of.seen && !fresh)) of.since = now;
  if (!fresh) of.seen.reset();  // of a blip before: it says nothing of this outage
  of.began = t.at;
  of.entered = false;
  if (fresh)
    outage_seen(i, result(*of.seen));
  else
    want(i, purpose::outage, now);
}

void tracing::seen(const sample& s, target_index t) {
  for (const fact& f : s.facts)
    if (f.name == fact_name::up_time_centiseconds)
      return where_.ran_for(t, s.check - inv_->targets[t].first_check, s.at,
                            static_cast<std::uint32_t>(counter_of(f.value)));
}

void tracing::note(const verdict::silent_kind& what) {
  trace_record r;
  r.step = trace_step::cause;
  r.targets = inv_->targets[what.target].id;
  r.began = what.began;
  r.found = name_of(cause::filter);
  r.observed = what.observed;
  to_enter_.push_back(std::move(r));
}

bool tracing::is_traced(const target& t) const {
  return t.kind == target_kind::line && !t.addresses.empty() && (doors_.near || is_far(t.addresses.front()));
}

void tracing::want(target_index t, purpose why, mono_t now) {
  // Thousands that are well again must not keep an outage from being traced.
  const std::size_t room = why == purpose::outage ? most_waiting : most_waiting / 4;
  if (doors_.start && queue_.size() < room && is_traced(inv_->targets[t]))
    queue_.push_back({.target = t, .why = why, .since = now});
}

// -- starting
// ----------------------------------------------------------------------------------------------------------

/** What was seen since its trouble began of the same path, or of a router that this one passes too, holds for it. */
bool tracing::is_answered(target_index t) {
  const std::uint32_t number = paths_.number(t);
  if (number == no_index) return false;
  for (auto& [tag, under] : under_way_) {
    const auto first = index_of(under.target);
    if (under.why != purpose::outage || !first || paths_.number(*first) != number) continue;
    if (*first == t)  // its own, begun at its first bad sample; what it finds is told as its own, and looked at again
      later_.emplace_back(traced_[t] + target_pause, t);
    else
      under.also.push_back(t);
    return true;
  }
  const auto since = troubles_.find(t);
  const auto holds = [&](const result& r) {
    return since != troubles_.end() && r.from >= since->second.since - just_before && r.of != inv_->targets[t].id;
  };
  if (const auto known = by_path_.find(number); known != by_path_.end() && holds(known->second)) {
    outage_seen(t, for_others(known->second));
    return true;
  }
  const std::vector<hop>& usual = *paths_.of(t);
  for (const result& r : cut_) {
    if (!holds(r) || std::ranges::find(usual, r.next) == usual.end()) continue;
    outage_seen(t, r);
    return true;
  }
  return false;
}

/** That one line answers says of another one that the routers before both do. */
tracing::result tracing::for_others(result r) {
  r.seen.reached = false;
  while (!r.seen.hops.empty() && !r.seen.hops.back()) r.seen.hops.pop_back();
  return r;
}

bool tracing::start(const request& r, mono_t now) {
  const std::vector<hop>* usual = paths_.of(r.target);
  const target& t = inv_->targets[r.target];
  under_way_.emplace(++tag_, trace{.target = t.id, .why = r.why, .since = now, .also = {}});
  traced_[r.target] = now;
  doors_.start(tag_, t.addresses.front(), usual == nullptr ? 0 : static_cast<unsigned>(usual->size()) + 1);
  return true;
}

/** Outages first; what must wait its minute comes again. */
void tracing::start_some(mono_t now, const state_of& state) {
  std::erase_if(later_, [&](const auto& one) {
    if (one.first > now) return false;
    if (const auto of = troubles_.find(one.second);
        of != troubles_.end() && of->second.began && (!of->second.seen || of->second.seen->seen.reached))
      want(one.second, purpose::outage, now);
    return true;
  });
  std::size_t looked = queue_.size();
  for (const purpose first : {purpose::outage, purpose::after}) {
    for (std::size_t i = 0; i < queue_.size() && looked > 0 && doors_.has_room(); --looked) {
      const request r = queue_[i];
      if (r.why != first || r.since > now) {
        ++i;
        continue;
      }
      queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(i));
      if (r.why == purpose::outage && is_answered(r.target)) continue;
      if (now - traced_[r.target] < target_pause) {
        if (r.why == purpose::outage) later_.emplace_back(traced_[r.target] + target_pause, r.target);
        continue;
      }
      if (r.why == purpose::after && state(r.target) != line_state::up) continue;
      (void)start(r, now);
    }
    looked = queue_.size();
  }
}

void tracing::learn_some(mono_t now, const state_of& state) {
  if (!doors_.start || now < learn_at_ || inv_->targets.empty() || !doors_.has_room()) return;
  learn_at_ = now + learn_pause;
  for (std::size_t looked = 0; looked < std::min<std::size_t>(inv_->targets.size(), 1000); ++looked) {
    const target_index t = learn_next_;
    learn_next_ = (learn_next_ + 1) % static_cast<target_index>(inv_->targets.size());
    const target& line = inv_->targets[t];
    if (!is_traced(line) || now - learnt_[t] < learn_again) continue;
    if (now - traced_[t] < target_pause || state(t) != line_state::up || troubles_.contains(t)) continue;
    (void)start({.target = t, .why = purpose::learn, .since = now}, now);
    return;
  }
}

// -- what was seen
// -----------------------------------------------------------------------------------------------------

void tracing::ended(const trace& t, const seen_path& seen, mono_t now) {
  const auto i = index_of(t.target);
  if (!i) return;
  if (t.why != purpose::outage) return well_seen(*i, t, seen, now);
  const std::vector<hop>* usual = paths_.of(*i);
  result r{.seen = seen, .next = {}, .from = t.since, .of = t.target};
  if (usual != nullptr) {
    const verdict::path_end end = verdict::compare(*usual, seen);
    if (end.how == verdict::path_end::where::before) r.next = end.next;
    by_path_.insert_or_assign(paths_.number(*i), r);
    if (r.next) cut_.push_front(r);
    if (cut_.size() > most_cut) cut_.pop_back();
  }
  outage_seen(*i, r);
  for (const target_index other : t.also)
    if (other < inv_->targets.size()) outage_seen(other, for_others(r));
}

/** A line that answers by now had a blip. */
void tracing::outage_seen(target_index t, const result& r) {
  const auto of = troubles_.find(t);
  if (of == troubles_.end()) return;
  of->second.seen = r;
  if (of->second.began)
    if (const std::vector<hop>* usual = paths_.of(t)) where_.followed(t, verdict::compare(*usual, r.seen));
}

void tracing::well_seen(target_index t, const trace& how, const seen_path& seen, mono_t now) {
  if (!seen.reached) {
    learnt_[t] = now - learn_again + target_pause * 10;  // not now
    return;
  }
  learnt_[t] = now;
  const bool known = paths_.of(t) != nullptr;
  const bool changed = paths_.learn(t, seen.hops, label_);
  const auto told_within = [&](milliseconds d) { return told_usual_[t] != wall_min && label_ - told_usual_[t] < d; };
  if (seen.hops.empty() || (!changed && told_within(enter_usual_anew))) return;
  trace_record r;
  r.step = how.why == purpose::after && known && changed ? trace_step::ended : trace_step::usual;
  r.targets = inv_->targets[t].id;
  r.path = to_text(*paths_.of(t));
  r.last = to_string(inv_->targets[t].addresses.front());
  if (r.step == trace_step::ended)
    to_enter_.push_back(r);
  else if (told_within(enter_usual_again))
    return;
  told_usual_[t] = label_;
  r.step = trace_step::usual;
  to_enter_.push_back(std::move(r));
}

// -- entries
// -----------------------------------------------------------------------------------------------------------

trace_record tracing::record_of(wall_t label, trace_step step) const {
  trace_record r;
  r.at = label;
  r.day = zone_.key(label, civil_zone::unit::day);
  r.step = step;
  return r;
}

/** Lines of which the same was seen, whose outages began together, are one entry. */
void tracing::enter_seen(wall_t label, std::vector<record>& out) {
  for (trace_record& r : std::exchange(to_enter_, {})) {
    r.at = label;
    r.day = zone_.key(label, civil_zone::unit::day);
    out.emplace_back(std::move(r));
  }
  std::map<std::tuple<std::string, hop, hop>, std::vector<std::pair<wall_t, target_index>>> same;
  for (auto& [t, of] : troubles_) {
    if (of.entered || !of.began || !of.seen || of.seen->seen.reached) continue;
    of.entered = true;
    const std::vector<hop>* usual = paths_.of(t);
    const verdict::path_end end = usual == nullptr ? verdict::path_end{} : verdict::compare(*usual, of.seen->seen);
    const std::vector<hop>& hops = of.seen->seen.hops;
    same[{to_text(hops), hops.empty() ? hop{} : hops.back(), end.next}].emplace_back(*of.began, t);
  }
  for (auto& [what, lines] : same) {
    std::ranges::sort(lines);
    for (std::size_t i = 0; i < lines.size();) {
      trace_record r = record_of(label, trace_step::begun);
      r.began = lines[i].first;
      const auto& [path, last, next] = what;
      r.path = path;
      r.last = last ? to_string(*last) : std::string();
      r.next = next ? to_string(*next) : std::string();
      for (std::size_t n = 0; i < lines.size() && n < most_targets && lines[i].first <= r.began + trace_together;
           ++i, ++n)
        r.targets += (r.targets.empty() ? "" : " ") + inv_->targets[lines[i].second].id;
      out.emplace_back(std::move(r));
    }
  }
}

void tracing::enter_found(wall_t label, const state_of& state, std::vector<record>& out) {
  found_.clear();
  where_.due(label, paths_, state, found_);
  std::ranges::sort(found_, {},
                    [](const verdict::finding& f) { return std::tie(f.why, f.observed, f.began, f.target); });
  trace_record r;
  const auto end = [&] {
    if (!r.targets.empty() && !r.observed.empty()) out.emplace_back(r);
    r.targets.clear();
  };
  std::size_t lines = 0;
  for (const verdict::finding& f : found_) {
    const std::string& id = inv_->targets[f.target].id;
    if (f.anew) out.emplace_back(cause_found{.target = id, .began = f.began, .why = f.why, .upstream = f.upstream});
    if (r.targets.empty() || r.found != name_of(f.why) || r.observed != f.observed || ++lines >= most_targets ||
        f.began > r.began + trace_together) {
      end();
      lines = 0;
      r = record_of(label, trace_step::cause);
      r.began = f.began;
      r.found = name_of(f.why);
      r.observed = f.observed;
    }
    r.targets += (r.targets.empty() ? "" : " ") + id;
  }
  end();
}

void tracing::tick(mono_t now, wall_t label, const state_of& state, std::vector<record>& out) {
  label_ = label;
  if (doors_.tick) {
    doors_.tick(now, [&](std::uint32_t tag, const seen_path* seen) {
      const auto of = under_way_.extract(tag);
      if (!of) return;
      const auto t = index_of(of.mapped().target);
      if (seen != nullptr)
        ended(of.mapped(), *seen, now);
      else if (t && of.mapped().why == purpose::outage)
        later_.emplace_back(now + target_pause, *t);
    });
    start_some(now, state);
    learn_some(now, state);
  }
  if (now - forgot_at_ >= forget_pause) {
    forgot_at_ = now;
    by_path_.clear();  // it names paths by their numbers
    paths_.forget(label - usual_holds);
  }
  if (now - entered_at_ < (troubles_.size() > many ? enter_pause * 4 : enter_pause)) return;
  entered_at_ = now;
  std::erase_if(troubles_, [&](const auto& one) { return !one.second.began && now - one.second.since > doubt_kept; });
  std::erase_if(by_path_, [&](const auto& one) { return now - one.second.from > shared_for; });
  std::erase_if(cut_, [&](const result& one) { return now - one.from > shared_for; });
  enter_seen(label, out);
  enter_found(label, state, out);
}

}  // namespace changtong
