#include "daemon/observers/as_seen_here.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "daemon/core/id_list.h"
#include "daemon/core/same_outage.h"

namespace changtong::observers {
namespace {

constexpr milliseconds settled = std::chrono::hours{1};  // by then either node has said what it saw
constexpr std::size_t most_outages = 100;                // of one line that touch a minute

/** What an alert was ever about, by its steps. */
struct told_alert {
  std::vector<std::string> lines;
  std::vector<wall_t> begins;
  std::optional<alert_subject> subject;  ///< of its first step
  bool own = false;                      ///< of the node itself
};

bool is_outage(const told_alert& a) { return a.subject && *a.subject < alert_subject::own; }

void take(told_alert& a, const alert_record& step) {
  a.own = a.own || step.subject == alert_subject::own;
  if (!a.subject) a.subject = step.subject;
  if (step.targets.empty()) return;
  add_new(a.lines, ids_in(step.targets));
  a.begins.push_back(step.began);
}

std::optional<told_alert> alert_there(const ledger::reader& there, const std::string& id) {
  const auto steps = there.declared<alert_record>({.keys = ledger::only(id)});
  if (steps.empty()) return std::nullopt;
  told_alert a;
  for (const alert_record& step : steps) take(a, step);
  return a;
}

/** Whether who took over `a` has taken over `b`: something of the same sort, that began with it, and nothing beyond. */
bool is_same(const told_alert& a, const told_alert& b) {
  const bool together = std::ranges::any_of(a.begins, [&](wall_t one) {
    return std::ranges::any_of(b.begins, [&](wall_t other) { return begin_together(one, other); });
  });
  if (!together || a.own || b.own || is_outage(a) != is_outage(b) || (!is_outage(a) && a.subject != b.subject))
    return false;
  const std::unordered_set<std::string_view> lines(a.lines.begin(), a.lines.end());
  return !b.lines.empty() && std::ranges::all_of(b.lines, [&](const std::string& id) { return lines.contains(id); });
}

/** Ids of those here, with what they are about, in order of id. */
std::map<std::string, told_alert> alerts_here(const ledger::reader& here, const told_alert& like, wall_t until) {
  std::map<std::string, told_alert> all;
  if (like.begins.empty()) return all;
  const auto key = [&](wall_t at, std::string_view end) {
    std::string day = here.zone().key(at, civil_zone::unit::day);
    std::erase(day, '-');
    return "A" + day + std::string(end);
  };
  const std::pair keys(key(std::ranges::min(like.begins) - alert_before_outage, ""), key(until, "~"));
  here.declared(description<alert_record>::kind, {.keys = keys}, {}, [&](record&& r) {
    const auto& step = std::get<alert_record>(r);
    take(all[step.alert], step);
  });
  std::erase_if(all, [&](const auto& one) { return !is_same(like, one.second); });
  return all;
}

/** The line's outage of here that lies over that instant, or begins soon after it. */
wall_t outage_here(const ledger::reader& here, const std::string& line, wall_t began) {
  wall_t found = began, nearest = wall_max;
  for (const availability::outage& o :
       here.outages({began, began + same_beginning + milliseconds{1}}, line, most_outages))
    if (o.began < nearest && o.ended > began) found = nearest = o.began;
  return found;
}

std::vector<acknowledgement> put_now(const acknowledgement& a, const ledger::reader& there,
                                     const ledger::reader& here) {
  acknowledgement as = a;
  as.alert.clear();
  if (!as.line.empty()) as.began = outage_here(here, as.line, as.began);
  const auto alert = a.alert.empty() ? std::nullopt : alert_there(there, a.alert);
  if (alert && alert->own) return {};
  std::vector<acknowledgement> out;
  if (alert)
    for (const auto& [id, about] : alerts_here(here, *alert, a.at)) {
      if (!a.line.empty() && !is_among(about.lines, a.line)) continue;
      out.push_back(as);
      out.back().alert = id;
      if (a.line.empty()) out.back().began = std::ranges::min(about.begins);
    }
  if (!out.empty()) return out;
  if (!a.line.empty()) return {as};
  if (!alert) return {};
  for (std::size_t i = 0; i < std::min(alert->lines.size(), as_seen_here::most_lines); ++i) {
    as.line = alert->lines[i];
    as.began = outage_here(here, as.line, a.began);
    out.push_back(as);
  }
  return out;
}

}  // namespace

std::vector<acknowledgement> as_seen_here::put(const acknowledgement& a, const ledger::reader& there,
                                               const ledger::reader& here) {
  const key which{a.at, a.alert, a.line, a.author};
  holding lock(mutex_);
  if (const auto known = acknowledged_.find(which); known != acknowledged_.end()) {
    auto all = known->second;
    for (acknowledgement& one : all) one.text = a.text, one.via = a.via;
    return all;
  }
  lock.unlock();
  auto all = put_now(a, there, here);
  if (a.at + settled > here.heartbeat()) return all;
  const holding keeping(mutex_);
  if (acknowledged_.size() >= most_kept || kept_ + all.size() > most_acknowledgements) acknowledged_.clear(), kept_ = 0;
  if (acknowledged_.emplace(which, all).second) kept_ += all.size();
  return all;
}

ticket_record as_seen_here::put(ticket_record t, const ledger::reader& there, const ledger::reader& here) {
  const key which{t.at, t.number, {}, t.author};
  holding lock(mutex_);
  if (const auto known = reported_.find(which); known != reported_.end()) {
    std::tie(t.alert, t.began) = known->second;
    return t;
  }
  lock.unlock();
  const auto alert = t.alert.empty() ? std::nullopt : alert_there(there, t.alert);
  const auto same = alert ? alerts_here(here, *alert, t.at) : std::map<std::string, told_alert>{};
  t.alert = same.empty() ? std::string() : same.begin()->first;
  const auto lines = ids_in(t.targets);
  wall_t began = wall_max;
  for (std::size_t i = 0; i < std::min(lines.size(), most_lines); ++i)
    began = std::min(began, outage_here(here, lines[i], t.began));
  if (began != wall_max) t.began = began;
  if (t.at + settled > here.heartbeat()) return t;
  const holding keeping(mutex_);
  if (reported_.size() >= most_kept) reported_.clear();
  reported_[which] = {t.alert, t.began};
  return t;
}

}  // namespace changtong::observers
