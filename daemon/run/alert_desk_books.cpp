// What the desk reads from the ledger: what was told before, windows, and what it had no room for.
#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "daemon/core/id_list.h"
#include "daemon/core/log.h"
#include "daemon/ledger/windows.h"
#include "daemon/run/alert_desk.h"

namespace changtong {

/** What the books say of outages that are open; those that they cannot tell just now are left out. */
std::vector<availability::outage> alert_desk::read_open(wall_t now) const {
  constexpr std::size_t most = 1'000'000;
  std::vector<availability::outage> all;
  try {
    if (const auto books = doors_.books()) all = (*books)->outages({now, now + milliseconds{1}}, {}, most);
  } catch (const std::runtime_error& e) {
    log::error("告警：账本不可读，未取回已查明的原因 / alerts: causes that were found could not be read: {}", e.what());
  }
  std::erase_if(all, [](const availability::outage& o) { return o.ended != wall_max; });
  return all;
}

void alert_desk::read_windows(wall_t now) {
  windows_tried_ = now;
  try {
    const auto books = doors_.books();
    if (!books) return;  // the ledger's own alarm says so; windows that were read stay, and it is tried again soon
    std::vector<window_record> all;
    for (ledger::window_entry& e : (*books)->windows()) all.push_back(std::move(e.what));
    planned_.know(ledger::all_excluded(all, (*books)->policies()));
    windows_read_ = true;
  } catch (const std::runtime_error& e) {
    log::warn("告警：停机窗口不可读：{} / alerts: windows could not be read", e.what());
  }
}

/** An alert of here may also be newer than what was said of it there. */
void alert_desk::take_over_elsewhere(wall_t now) {
  if (!stirred_) return;
  const auto news = elsewhere_.of(now);
  if (!news) return;  // with the next round
  stirred_ = false;
  for (const acknowledgement& a : *news) delivery_.acknowledged(known_of(a, own_rank(), true), now);
}

/** What is down and in no alert, less what was agreed on, which is held back. */
std::vector<transition> alert_desk::unplanned(const std::vector<alert_record>& steps, wall_t now) {
  std::vector<transition> open = facts_.open_outages();
  std::set<std::string> told;
  for (const alert_record& s : steps)
    for (std::string& id : ids_in(s.targets))
      s.step == alert_step::resolved ? void(told.erase(id)) : void(told.insert(id));
  const auto order = [&](const transition& t) {  // what hangs below a line after it
    const auto at = settings_.targets->index_of(t.target);
    std::size_t depth = 0;
    if (at != no_index)
      for (target_index up = settings_.targets->targets[at].parent_index; up != no_index;
           up = settings_.targets->targets[up].parent_index)
        ++depth;
    return std::pair{depth, t.target};
  };
  std::ranges::sort(open, {}, order);
  std::erase_if(open, [&](const transition& t) { return !told.contains(t.target) && planned_.take(t, now); });
  return open;
}

/** Somebody's latest change is announced, and the ledger has it not. */
bool alert_desk::unrecorded() const {
  const auto b = doors_.boards->get();
  return b && std::ranges::any_of(b->lines, [](const line_view& v) { return v.unrecorded.load(); });
}

/** Records that found no room: what is down, and which steps were entered, is read from the ledger, once it has them
 * all. */
void alert_desk::catch_up(wall_t now) {
  if (unrecorded()) return;  // with a later round
  constexpr std::size_t most = 1'000'000;
  constexpr milliseconds earlier{600'000};
  try {
    const auto books = doors_.books();
    if (!books) return;  // with the next round
    log::error(
        "告警：待处理记录太多，自 {} 起的改从账本取回 / alerts: too many records waited, they are read from the ledger",
        settings_.zone.format_short(*lost_since_));
    const wall_t since = *lost_since_ - earlier;
    windows_read_ = false;
    read_windows(now);  // before what may have happened inside them
    std::set<std::string> down;
    for (const availability::outage& o : (*books)->outages({now, now + milliseconds{1}}, {}, most)) {
      if (o.ended != wall_max) continue;
      down.insert(o.target);
      transition t;
      t.target = o.target;
      t.to = line_state::down;
      t.at = o.began;
      t.edge = o.began_edge;
      t.confirmed = o.confirmed;
      t.why = o.why;
      take_one(t, now);  // what is known already is not taken again
    }
    for (transition& t : facts_.open_outages()) {
      if (down.contains(t.target)) continue;
      t.to = line_state::up;
      t.at = t.confirmed = now;
      take_one(t, now);
    }
    const told_before told = read_told(doors_.books, elsewhere_, now, own_rank());
    for (const alert_record& s : told.steps)
      if (s.at >= since) take_one(s, now);
    for (const alerts::known_acknowledgement& a : told.by_people)
      if (a.at >= since) delivery_.acknowledged(a, now);
    lost_since_.reset();
  } catch (const std::runtime_error& e) {
    log::error("告警：账本不可读，稍后再取 / alerts: the ledger could not be read, it is asked again: {}", e.what());
  }
}

}  // namespace changtong
