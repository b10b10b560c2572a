#include "daemon/publish/alerts/grouping_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace changtong::alerts::fold {

void numbers::recall(std::string_view id) {
  const std::size_t dash = id.find('-');
  if (id.empty() || id[0] != 'A' || dash == std::string_view::npos) return;
  unsigned n = 0;
  std::from_chars(id.data() + dash + 1, id.data() + id.size(), n);
  unsigned& last = last_[std::string(id.substr(1, dash - 1))];
  last = std::max(last, n);
}

std::string numbers::next(wall_t now) {
  std::string day = zone_.key(now, civil_zone::unit::day);
  std::erase(day, '-');
  return fmt::format("A{}-{:04}", day, ++last_[day]);
}

}  // namespace changtong::alerts::fold
