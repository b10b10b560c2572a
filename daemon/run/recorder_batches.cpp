#include "daemon/run/recorder_batches.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace changtong {
namespace {

template <class T>
void make_room(std::vector<T>& in, std::size_t more) {
  if (const std::size_t need = in.size() + more; need > in.capacity()) in.reserve(std::max(need, 2 * in.capacity()));
}

}  // namespace

void merge(ledger_batch& into, ledger_batch&& from) {
  make_room(into.records, from.records.size());
  make_room(into.memory, from.memory.size());
  into.heartbeat = std::max(into.heartbeat, from.heartbeat);
  into.decided = std::max(into.decided, from.decided);
  std::move(from.records.begin(), from.records.end(), std::back_inserter(into.records));
  std::move(from.memory.begin(), from.memory.end(), std::back_inserter(into.memory));
}

void keep_last_memories(std::vector<check_memory>& all) {
  std::unordered_map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < all.size(); ++i) last[all[i].check] = i;
  std::vector<bool> stays(all.size(), false);
  for (const auto& [check, place] : last) stays[place] = true;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (stays[i] && kept++ != i) all[kept - 1] = std::move(all[i]);
  all.resize(kept);
}

std::optional<wall_t> spoken_from(const record& r) {
  if (const auto* t = std::get_if<transition>(&r)) return t->at;
  if (const auto* u = std::get_if<unconfirmed_run>(&r)) return u->at;
  if (std::holds_alternative<cause_found>(r)) return wall_max;
  return std::nullopt;
}

}  // namespace changtong
