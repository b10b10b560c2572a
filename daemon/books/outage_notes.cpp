#include "daemon/books/outage_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <variant>

#include "daemon/core/command.h"

namespace changtong::books {
namespace {

constexpr milliseconds grace = std::chrono::hours{1};     // a message may leave after a short outage is over
constexpr milliseconds farthest = std::chrono::days{31};  // an alert that grows was opened no longer ago
constexpr std::size_t most_outages = 10'000'000;

/** The words of that instant. */
const ledger::target_words& words_at(const ledger::known_target& t, wall_t at) {
  const ledger::target_words* found = &t;
  for (const auto& [from, words] : t.versions)
    if (found == &t || from <= at) found = &words;
  return *found;
}

/** Which may have been closed before. */
wall_t end_of_removed(const ledger::reader& from, const std::string& target, wall_t known_to) {
  wall_t end = known_to;
  from.histories({from.first_entry(), known_to}, known_to, target,
                 [&](const ledger::known_target&, const availability::target_history& h) { end = h.scope.to; });
  return end;
}

std::string ticket_sentence(const ticket& t, const civil_zone& zone) {
  std::string text = fmt::format("报障单 {}（{} {}）", t.number, t.reported_by, zone.format_short(t.reported));
  if (!t.theirs.empty()) text += fmt::format("，运营商单号 {}", t.theirs);
  if (t.cause != fault_cause::unstated) text += fmt::format("，原因 {}", chinese_of(t.cause));
  if (!t.reply.empty()) text += fmt::format("，答复：{}", t.reply);
  return text + (t.closed ? "，已办结" : "");
}

}  // namespace

std::string id_of(const availability::outage& o, const civil_zone& zone) {
  return fmt::format("{}@{}", o.target, zone.format(o.began));
}

outage_notes::outage_notes(const ledger::reader& from, period when, std::string_view only, with what) {
  const wall_t end = when.to > wall_max - grace ? wall_max : when.to + grace;
  wall_t first = when.from, last = when.from;
  for (const availability::outage& o : from.outages({when.from, end}, only, most_outages)) {
    outages_[o.target][o.began] = o.ended;
    first = std::min(first, o.began);
    last = std::max(last, o.ended);
  }
  if (outages_.empty()) return;
  const bool all = first < wall_min + farthest;
  const std::string since = all ? std::string() : from.zone().key(first - farthest, civil_zone::unit::day);
  from.alert_journal(since, [&](record&& r) { take(r); });
  for (const ticket& t : fold_tickets(std::move(ticket_steps_)))
    if (t.reported >= first && t.began < end) take(t, from, when.from);
  const std::string day = all ? std::string() : from.zone().key(first, civil_zone::unit::day);
  for (const trace_record& t : from.declared<trace_record>({.keys = std::pair(day, std::string("9999"))})) take(t);
  if (what == with::traps)
    from.declared(description<trap_record>::kind,
                  {.keys = {}, .about = {first - trap_nearness, last + trap_nearness + milliseconds{1}}}, only,
                  [&](record&& r) { take(std::get<trap_record>(r)); });
  for (annotation& a : from.annotations(only, {first, last}))
    if (const wall_t began = last_begun(a.target, wall_min, a.about); began != wall_max)
      if (a.about < outages_.find(a.target)->second.at(began))
        notes_[{a.target, began}].annotations.push_back(std::move(a));
}

wall_t outage_notes::last_begun(const std::string& line, wall_t from, wall_t to) const {
  const auto all = outages_.find(line);
  if (all == outages_.end()) return wall_max;
  const auto after = all->second.upper_bound(to);
  if (after == all->second.begin()) return wall_max;
  const wall_t began = std::prev(after)->first;
  return began < from ? wall_max : began;
}

wall_t outage_notes::first_begun(const std::string& line, wall_t from, wall_t to) const {
  const auto all = outages_.find(line);
  if (all == outages_.end()) return wall_max;
  const auto found = all->second.lower_bound(from);
  return found == all->second.end() || found->first > to ? wall_max : found->first;
}

void outage_notes::take(const record& r) {
  if (const auto* step = std::get_if<alert_record>(&r)) {
    const bool news = step->step == alert_step::opened || step->step == alert_step::grown;
    if (news || step->step == alert_step::resolved) stories_.take(r);
    if (!news) return;
    for (const std::string& line : ids_in(step->targets)) {
      const wall_t began = last_begun(line, wall_min, step->at);
      if (began == wall_max) continue;
      const wall_t ended = outages_.find(line)->second.at(began);
      if (ended != wall_max && step->at > ended + grace) continue;
      std::vector<std::string>& alerts = notes_[{line, began}].alerts;
      if (!is_among(alerts, step->alert)) alerts.push_back(step->alert);
      told_[step->alert].emplace_back(line, began);
    }
  } else if (const auto* a = std::get_if<acknowledgement>(&r)) {
    take(*a);
  } else if (const auto* t = std::get_if<ticket_record>(&r)) {
    ticket_steps_.push_back(*t);
  }
}

void outage_notes::take(const acknowledgement& a) {
  const bool late = stories_.is_over(a.alert);
  const auto note = [&](const outage_key& key) {
    outage_note& of = notes_[key];
    (late ? of.remarks : of.taken).push_back(a);
  };
  if (!a.line.empty()) {
    if (first_begun(a.line, a.began, a.began) != wall_max) note({a.line, a.began});
  } else if (const auto about = told_.find(a.alert); about != told_.end()) {
    for (const outage_key& key : about->second) note(key);
  }
}

void outage_notes::take(const trace_record& t) {
  if (t.step != trace_step::begun && t.step != trace_step::cause) return;
  for (const std::string& line : ids_in(t.targets)) {
    const wall_t began = first_begun(line, t.began, t.began + trace_together);
    if (began == wall_max) continue;
    outage_note& note = notes_[{line, began}];
    if (t.step == trace_step::begun)
      note.trace = t;
    else
      note.observed = t.observed;
  }
}

void outage_notes::take(const trap_record& t) {
  const auto all = outages_.find(t.target);
  if (all == outages_.end()) return;
  const wall_t until = std::max(t.about, t.last);
  for (auto next = all->second.upper_bound(until + trap_nearness); next != all->second.begin();) {
    const auto& [began, ended] = *--next;
    if (ended + trap_nearness < t.about) return;  // so did those before it
    std::vector<trap_record>& near = notes_[{t.target, began}].traps;
    if (near.size() < outage_note::most_traps) near.push_back(t);
  }
}

/** Of a ticket that begins before all that is known here, the first outage may be one that is not. */
void outage_notes::take(const ticket& t, const ledger::reader& from, wall_t known_from) {
  for (const std::string& line : t.targets) {
    if (!outages_.contains(line)) continue;
    wall_t began = first_begun(line, t.began, t.reported);
    if (t.began < known_from)
      for (const availability::outage& o : from.outages({t.began, t.reported + milliseconds{1}}, line, most_outages))
        if (o.began >= t.began) began = std::min(began, o.began);
    if (began != wall_max && outages_.find(line)->second.contains(began)) notes_[{line, began}].tickets.push_back(t);
  }
}

outage_note outage_notes::of(const availability::outage& o) const {
  const auto found = notes_.find({o.target, o.began});
  return found == notes_.end() ? outage_note{} : found->second;
}

std::vector<listed_outage> named(const ledger::reader& from, std::vector<availability::outage> outages) {
  std::vector<listed_outage> out;
  std::map<std::string, ledger::known_target, std::less<>> targets;
  for (ledger::known_target& t : from.targets()) targets.emplace(t.id, std::move(t));
  const auto over = ended_scopes(from, outages);
  for (availability::outage& o : outages) {
    listed_outage row{.what = std::move(o), .name = {}, .town = {}, .carrier = {}, .note = {}, .scope_ended = wall_max};
    if (const auto t = targets.find(row.what.target); t != targets.end()) {
      const ledger::target_words& words = words_at(t->second, row.what.began);
      row.name = words.name, row.town = words.town, row.carrier = words.carrier;
    }
    if (const auto end = over.find(row.what.target); end != over.end() && row.what.ended == wall_max)
      row.scope_ended = end->second;
    out.push_back(std::move(row));
  }
  return out;
}

std::vector<listed_outage> noted(const ledger::reader& from, std::vector<availability::outage> outages,
                                 outage_notes::with what) {
  if (outages.empty()) return {};
  period when{outages.front().began, outages.front().began};
  for (const availability::outage& o : outages)
    when = {std::min(when.from, o.began), std::max(when.to, o.began + milliseconds{1})};
  const std::string& line = outages.front().target;
  const bool one = std::ranges::all_of(outages, [&](const availability::outage& o) { return o.target == line; });
  const outage_notes notes(from, when, one ? std::string_view(line) : std::string_view(), what);
  std::vector<listed_outage> out = named(from, std::move(outages));
  for (listed_outage& row : out) row.note = notes.of(row.what);
  return out;
}

std::vector<listed_outage> list_outages(const ledger::reader& from, period when, std::string_view only,
                                        std::size_t limit) {
  return noted(from, from.outages(when, only, limit));
}

std::map<std::string, wall_t, std::less<>> ended_scopes(const ledger::reader& from,
                                                        const std::vector<availability::outage>& of) {
  std::map<std::string, wall_t, std::less<>> all;
  for (const availability::outage& o : of)
    if (o.ended == wall_max) all.emplace(o.target, wall_max);
  if (all.empty()) return all;
  const wall_t known_to = from.heartbeat();
  for (const ledger::known_target& t : from.targets())
    if (const auto at = all.find(t.id); at != all.end())
      at->second = t.removed ? end_of_removed(from, t.id, known_to) : t.closed.value_or(wall_max);
  std::erase_if(all, [&](const auto& one) { return one.second > known_to; });
  return all;
}

std::string trace_text(const outage_note& n) {
  if (!n.trace) return {};
  const trace_record& t = *n.trace;
  if (t.last.empty()) return t.next.empty() ? "无一跳应答" : fmt::format("无一跳应答（平时第一跳 {}）", t.next);
  return t.next.empty() ? fmt::format("到 {} 为止", t.last) : fmt::format("到 {} 为止，其后 {} 不应答", t.last, t.next);
}

std::string trap_sentence(const trap_record& t, const civil_zone& zone) {
  const known_trap* known = find_trap(t.trap);
  std::string text = zone.format_short(t.about) + " ";
  text += known == nullptr ? t.trap : fmt::format("{}（{}）", known->cn, known->name);
  if (!t.text.empty()) text += " " + t.text;
  if (t.more > 0) text += fmt::format("（其后另有 {} 条，至 {}）", t.more, zone.format_short(t.last));
  return text;
}

fault_cause cause_of(const outage_note& n) {
  fault_cause last = fault_cause::unstated;
  for (const ticket& t : n.tickets)
    if (t.cause != fault_cause::unstated) last = t.cause;
  return last;
}

std::vector<std::string> sentences(const outage_note& n, const civil_zone& zone) {
  std::vector<std::string> all;
  if (const std::string trace = trace_text(n); !trace.empty()) all.push_back("路径 " + trace);
  if (!n.observed.empty()) all.push_back(n.observed);
  for (const ticket& t : n.tickets) all.push_back(ticket_sentence(t, zone));
  for (const acknowledgement& a : n.taken)
    all.push_back(fmt::format("{} {} 接手{}{}", a.author, zone.format_short(a.at), a.text.empty() ? "" : "：", a.text));
  for (const acknowledgement& a : n.remarks)
    if (!a.text.empty()) all.push_back(fmt::format("{}（{}，{}）", a.text, a.author, zone.format_short(a.at)));
  for (const annotation& a : n.annotations)
    all.push_back(fmt::format("{}（{}，{}{}）", a.text, a.author, zone.format_short(a.at),
                              a.via == via_file ? "，" + a.via : ""));
  return all;
}

}  // namespace changtong::books
