#include "daemon/announce.h"

#include <fmt/format.h>

#include "daemon/core/log.h"

namespace changtong {

void show(const std::vector<record>& records, bool recorded, const board& b) {
  const auto view = [&](const std::string& id) -> line_view* {
    const auto it = b.districts->by_id.find(id);
    return it == b.districts->by_id.end() ? nullptr : const_cast<line_view*>(&b.lines[it->second]);
  };
  for (const record& r : records) {
    if (const auto* t = std::get_if<transition>(&r)) {
      line_view* v = view(t->target);
      if (v == nullptr) continue;
      v->state.store(t->to, std::memory_order_relaxed);
      if (!(t->to == line_state::down && t->same_outage)) {
        v->why.store(t->why, std::memory_order_relaxed);
        v->since_ms.store(ms_of(t->at), std::memory_order_relaxed);
      }
      v->unrecorded.store(!recorded, std::memory_order_relaxed);
    } else if (const auto* c = std::get_if<cause_found>(&r)) {
      line_view* v = view(c->target);
      if (v != nullptr && c->why != cause::own_line) v->why.store(c->why, std::memory_order_relaxed);
    }
  }
}

void log_records(const std::vector<record>& records, bool recorded, const inventory& inv) {
  constexpr std::size_t most_lines = 50;  // a storm is told in one line more, not in thousands
  std::size_t told = 0, left = 0;
  for (const record& r : records) {
    const auto* t = std::get_if<transition>(&r);
    if (t == nullptr || t->same_outage || (t->to == line_state::up && t->edge.after == t->edge.until)) continue;
    if (told++ >= most_lines) {
      ++left;
      continue;
    }
    const target* who = inv.find(t->target);
    log::info("{} {} {}{}{}",
              t->to == line_state::down ? "断"
              : t->to == line_state::up ? "通"
                                        : "未知",
              t->target, who != nullptr ? who->name : "",
              t->to == line_state::up ? std::string{} : fmt::format("（{}）", chinese(t->why)),
              recorded ? "" : " 未入账");
  }
  if (left > 0) log::info("另有 {} 条状态变化 / and {} more changes", left, left);
}

}  // namespace changtong
