#include "daemon/core/id_list.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

namespace changtong {

std::vector<std::string> ids_in(std::string_view list) {
  std::vector<std::string> ids;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) ids.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return ids;
}

std::string list_of_ids(std::span<const std::string> ids) { return fmt::format("{}", fmt::join(ids, " ")); }

bool is_among(const std::vector<std::string>& ids, std::string_view id) {
  return std::ranges::find(ids, id) != ids.end();
}

void add_new(std::vector<std::string>& to, std::vector<std::string> more) {
  std::unordered_set<std::string> known(to.begin(), to.end());
  for (std::string& id : more)
    if (known.insert(id).second) to.push_back(std::move(id));
}

void take_out(std::vector<std::string>& from, const std::vector<std::string>& these) {
  const std::unordered_set<std::string_view> out(these.begin(), these.end());
  std::erase_if(from, [&](const std::string& id) { return out.contains(id); });
}

}  // namespace changtong
