#include "daemon/run/announce.h"

#include <fmt/format.h>

#include <map>

#include "daemon/core/log.h"

namespace changtong {

namespace {

line_view* view_of(board& b, const std::string& id) {
  const auto it = b.districts->index_of(id);
  return it == no_index ? nullptr : &b.lines[it];
}

/** The outage itself: unknown time neither ends it nor takes its cause. */
void show_outage(const transition& t, line_view& v) {
  if (t.to == line_state::up) v.outage_open.store(false, std::memory_order_relaxed);
  if (t.to != line_state::down || (t.same_outage && v.outage_open.load(std::memory_order_relaxed))) return;
  v.outage_began_ms.store(ms_of(t.at), std::memory_order_relaxed);
  v.outage_why.store(t.why, std::memory_order_relaxed);
  v.outage_open.store(true, std::memory_order_relaxed);
}

void show_transition(const transition& t, bool recorded, line_view& v) {
  show_outage(t, v);
  const line_state before = v.state.exchange(t.to, std::memory_order_relaxed);
  const bool down = t.to == line_state::down;
  if (down && before != line_state::down && !t.same_outage) v.outages.fetch_add(1, std::memory_order_relaxed);
  v.why.store(down ? v.outage_why.load(std::memory_order_relaxed) : t.why, std::memory_order_relaxed);
  v.since_ms.store(down ? v.outage_began_ms.load(std::memory_order_relaxed) : ms_of(t.at), std::memory_order_relaxed);
  v.unrecorded.store(!recorded, std::memory_order_relaxed);
}

void show_cause(const cause_found& c, line_view& v) {
  const bool its_outage = v.outage_open.load(std::memory_order_relaxed) &&
                          v.outage_began_ms.load(std::memory_order_relaxed) == ms_of(c.began);
  if (!its_outage || !explains(c.why)) return;
  v.outage_why.store(c.why, std::memory_order_relaxed);
  if (v.state.load(std::memory_order_relaxed) == line_state::down) v.why.store(c.why, std::memory_order_relaxed);
}

}  // namespace

void show(const std::vector<record>& records, bool recorded, board& b) {
  for (const record& r : records) {
    if (const auto* t = std::get_if<transition>(&r)) {
      if (line_view* v = view_of(b, t->target)) show_transition(*t, recorded, *v);
    } else if (const auto* c = std::get_if<cause_found>(&r)) {
      if (line_view* v = view_of(b, c->target)) show_cause(*c, *v);
    }
  }
}

namespace {

bool worth_a_line(const transition& t) {
  return !t.same_outage && !(t.to == line_state::up && t.edge.after == t.edge.until);
}

/** What nobody observed hits many lines at once and is no alarm of theirs: one line a cause. */
void log_unknown(const std::vector<const transition*>& all, std::string_view mark, const inventory& inv) {
  std::map<cause, std::vector<const transition*>> by_cause;
  for (const transition* t : all) by_cause[t->why].push_back(t);
  for (const auto& [why, some] : by_cause) {
    const target* who = inv.find(some[0]->target);
    if (some.size() == 1)
      log::info("未知 {} {}（{}）{}", some[0]->target, who != nullptr ? who->name : "", chinese(why), mark);
    else
      log::info("未知 {} 等 {} 个（{}）{} / and {} more are unknown: {}", some[0]->target, some.size(), chinese(why),
                mark, some.size() - 1, english(why));
  }
}

}  // namespace

void log_records(const std::vector<record>& records, bool recorded, const inventory& inv) {
  constexpr std::size_t most_lines = 50;  // a storm is told in one line more, not in thousands
  const std::string_view mark = recorded ? "" : " 未入账";
  std::size_t told = 0, left = 0;
  std::vector<const transition*> unknown;
  for (const record& r : records) {
    const auto* t = std::get_if<transition>(&r);
    if (t == nullptr || !worth_a_line(*t)) continue;
    if (t->to == line_state::unknown) {
      unknown.push_back(t);
      continue;
    }
    if (told++ >= most_lines) {
      ++left;
      continue;
    }
    const target* who = inv.find(t->target);
    const bool up = t->to == line_state::up;
    log::write(up ? log::level::info : log::level::warn,
               fmt::format("{} {} {}{}{}", up ? "通" : "断", t->target, who != nullptr ? who->name : "",
                           up ? std::string{} : fmt::format("（{}）", chinese(t->why)), mark));
  }
  log_unknown(unknown, mark, inv);
  if (left > 0) log::info("另有 {} 条状态变化 / and {} more changes", left, left);
}

}  // namespace changtong
