#include "daemon/observers/shared_entries.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "daemon/core/declaration.h"

namespace changtong::observers {
namespace {

using place = std::tuple<std::string_view, wall_t, wall_t>;  // by what a kind is listed, then when it was entered

place place_of(const record& r) {
  return std::visit(
      []<class T>(const T& one) -> place {
        if constexpr (std::is_same_v<T, duty_record>)
          return {one.day, {}, one.at};
        else if constexpr (std::is_same_v<T, annotation>)
          return {{}, one.about, one.at};
        else if constexpr (requires { one.at; })
          return {{}, {}, one.at};
        else
          return {};
      },
      r);
}

/** One node's order is its journal's, whatever its labels say: only heads of the lists are compared. */
std::vector<record> laid_together(std::vector<record> first, std::vector<record> second) {
  std::vector<record> all;
  all.reserve(first.size() + second.size());
  auto one = first.begin(), other = second.begin();
  while (one != first.end() && other != second.end())
    all.push_back(std::move(place_of(*other) < place_of(*one) ? *other++ : *one++));
  std::move(one, first.end(), std::back_inserter(all));
  std::move(other, second.end(), std::back_inserter(all));
  return all;
}

}  // namespace

bool counts_everywhere(std::string_view kind) { return is_of_people(kind) && kind != description<period_closed>::kind; }

std::vector<record> in_one_order(std::vector<std::vector<record>> by_rank) {
  std::vector<record> all;
  for (std::vector<record>& some : by_rank) all = laid_together(std::move(all), std::move(some));
  return all;
}

std::vector<ledger::window_entry> windows_of(std::vector<std::vector<ledger::window_entry>> by_rank) {
  struct entered {
    ledger::window_entry what;
    std::size_t rank;
  };
  using words = std::tuple<wall_t, std::string, std::string, wall_t, wall_t, window_state, std::string, std::string>;
  std::set<words> known;
  std::vector<entered> all;
  for (std::size_t rank = 0; rank < by_rank.size(); ++rank)
    for (ledger::window_entry& w : by_rank[rank]) {
      const window_record& r = w.what;
      if (known.emplace(r.at, r.id, r.target, r.from, r.to, r.state, r.by, r.text).second)
        all.push_back({std::move(w), rank});
    }
  std::ranges::sort(all, {}, [](const entered& e) { return std::tuple(e.what.what.at, e.rank, e.what.seq); });
  std::vector<ledger::window_entry> in_order;
  for (entered& e : all) in_order.push_back(std::move(e.what));
  return in_order;
}

}  // namespace changtong::observers
