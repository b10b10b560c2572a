#include "daemon/settings/twins.h"

#include <algorithm>
#include <utility>

namespace changtong::reading {
namespace {

/** What is stated, and by which row. */
template <class What>
using statements = std::vector<std::pair<What, std::size_t>>;

/** `tell(first, row, what)` for each row that states what an earlier one does. */
template <class What, class Tell>
void each_twin(statements<What> all, const Tell& tell) {
  std::ranges::sort(all);
  std::size_t first = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].first != all[first].first)
      first = i;
    else if (all[i].second != all[first].second)
      tell(all[first].second, all[i].second, all[i].first);
  }
}

}  // namespace

void warn_of_twins(const inventory& made, const std::vector<line_table::row>& rows, const line_table& table,
                   findings& found) {
  statements<std::string_view> circuits;
  statements<ip_address> addresses;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const target& t = made.targets[i];
    if (t.closed || t.kind != target_kind::line) continue;
    if (!t.circuit.empty()) circuits.emplace_back(t.circuit, i);
    for (const ip_address& a : t.addresses) addresses.emplace_back(a, i);
  }
  const auto warn = [&](std::size_t first, const line_table::spot& at, const phrase& what) {
    found.warn(table.at(at),
               both("{0}与第 {1} 行的 {2} 相同：是同一条专线就只留一条，否则请核对",
                    "{0} is that of {2} in line {1} too: keep one of them if they are one line, else look", what,
                    rows[first].id_at.line, made.targets[first].id));
  };
  each_twin(std::move(circuits), [&](std::size_t first, std::size_t i, std::string_view circuit) {
    warn(first, rows[i].circuit_at, both("电路编号 {} ", "circuit {}", circuit));
  });
  each_twin(std::move(addresses), [&](std::size_t first, std::size_t i, const ip_address& address) {
    warn(first, rows[i].address_at, both("地址 {} ", "address {}", to_string(address)));
  });
}

}  // namespace changtong::reading
