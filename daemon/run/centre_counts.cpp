#include "daemon/run/centre_counts.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "daemon/centre/newest_states.h"
#include "daemon/centre/one_state.h"
#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds looked_every{5};
constexpr std::uint64_t counted_anew = 12;  // rounds: a line may also leave its scope without an entry
constexpr int niceness = 10;

/** Whether the counts are the same as then; of a pair also who of the two speaks. */
bool is_same(const centre::asked_node& now, const centre::asked_node& then) {
  const auto rests_on = [](const centre::asked_node& n) {
    std::vector<std::tuple<std::string, std::optional<wall_t>, std::int32_t, std::int64_t, bool>> out;
    for (const centre::folded_head* h : n.heads())
      out.emplace_back(h->node, h->retired, h->branch, h->folded, h->folded_to >= n.known_to());
    return out;
  };
  return now.name() == then.name() && now.apart() == then.apart() && now.known_to() != wall_t{} &&
         then.known_to() != wall_t{} && rests_on(now) == rests_on(then);
}

}  // namespace

centre_counts::centre_counts(const centre_file& s, centre::conversations& books)
    : nodes_(s.nodes), books_(books), thread_([this](const std::stop_token& stop) { return look(stop); }, niceness) {}

std::vector<centre_counts::counted> centre_counts::last() const {
  const holding lock(mutex_);
  return last_;
}

result<std::vector<centre_counts::counted>> centre_counts::count(centre::database& db, const std::stop_token& stop) {
  const auto before = last();
  const bool anew = round_++ % counted_anew == 0;
  std::vector<counted> out;
  try {
    const centre::one_state held(db);
    auto heads = centre::folded_heads(db);
    if (!heads) return heads.error();
    for (centre::asked_node& n : nodes_asked_for(nodes_, {}, std::move(*heads))) {
      if (stop.stop_requested()) break;
      const auto was = std::ranges::find_if(before, [&](const counted& c) { return is_same(n, c.who); });
      const bool same = was != before.end() && !anew;
      const auto lines = same ? was->lines : centre::newest_counts(db, n);
      out.push_back({.who = std::move(n), .lines = lines});
    }
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
  return out;
}

/** Whether the database is there is said by those who ship; here the last look stays. */
host::background::pause centre_counts::look(const std::stop_token& stop) {
  auto now = books_.with([&](centre::database& db) { return count(db, stop); });
  if (now) {
    const holding lock(mutex_);
    last_ = std::move(*now);
  }
  return {looked_every, looked_every};
}

}  // namespace changtong
