#include "daemon/run/centre_counts.h"

#include <utility>

#include "daemon/centre/newest_states.h"
#include "daemon/centre/one_state.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds looked_every{5};
constexpr std::uint64_t counted_anew = 12;  // rounds: a line may also leave its scope without an entry
constexpr int niceness = 10;

}  // namespace

centre_counts::centre_counts(centre::conversations& books)
    : books_(books), thread_([this](const std::stop_token& stop) { return look(stop); }, niceness) {}

std::map<std::string, centre_counts::of_node> centre_counts::last() const {
  const holding lock(mutex_);
  return last_;
}

result<std::map<std::string, centre_counts::of_node>> centre_counts::counted(centre::database& db,
                                                                             const std::stop_token& stop) {
  const auto before = last();
  const bool anew = round_++ % counted_anew == 0;
  std::map<std::string, of_node> out;
  try {
    const centre::one_state held(db);
    auto heads = centre::folded_heads(db);
    if (!heads) return heads.error();
    for (centre::folded_head& h : *heads) {
      if (stop.stop_requested()) break;
      of_node one{.head = h};
      const auto was = before.find(h.node);
      const bool same = was != before.end() && was->second.head.retired == h.retired &&
                        was->second.head.branch == h.branch && was->second.head.folded == h.folded &&
                        was->second.head.folded_to != wall_t{};
      if (same && !anew)
        one.lines = was->second.lines;
      else
        centre::newest_states(db, h, [&one](const centre::newest_state& s) {
          ++one.lines.at(s.state == line_state::up ? 0 : s.state == line_state::down ? 1 : 2);
        });
      out.emplace(h.node, std::move(one));
    }
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
  return out;
}

/** Whether the database is there is said by those who ship; here the last look stays. */
host::background::pause centre_counts::look(const std::stop_token& stop) {
  auto now = books_.with([&](centre::database& db) { return counted(db, stop); });
  if (now) {
    const holding lock(mutex_);
    last_ = std::move(*now);
  }
  return {looked_every, looked_every};
}

}  // namespace changtong
