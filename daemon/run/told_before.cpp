#include "daemon/run/told_before.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "daemon/core/log.h"

namespace changtong {

std::optional<std::vector<acknowledgement>> elsewhere_news::of(wall_t now) {
  constexpr milliseconds month = std::chrono::days{31};
  std::vector<acknowledgement> news;
  if (!from_) return news;
  auto all = from_(now - month);
  if (!all) return std::nullopt;
  std::erase_if(heard_, [&](const auto& one) { return std::get<wall_t>(one) < now - 2 * month; });
  for (acknowledgement& a : *all)
    if (heard_.emplace(a.alert, a.author, a.at).second) news.push_back(std::move(a));
  return news;
}

alerts::known_acknowledgement known_of(const acknowledgement& a, node_rank own, bool elsewhere) {
  const node_rank other = own == node_rank::first ? node_rank::second : node_rank::first;
  return {.alert = a.alert,
          .by = a.author,
          .note = a.text,
          .at = a.at,
          .elsewhere = elsewhere,
          .on = elsewhere ? other : own};
}

told_before read_told(const book_door& open, elsewhere_news& news, wall_t now, node_rank own) {
  told_before all;
  try {
    if (const auto books = open()) {
      if (const wall_t first = (*books)->first_entry(); first < wall_max) all.since = first;
      all.steps = (*books)->declared<alert_record>();
      (void)news.of(now);
      for (const acknowledgement& a : (*books)->declared<acknowledgement>())
        all.by_people.push_back(known_of(a, own, news.heard(a)));
    } else {
      log::error("告警：账本打不开，未取回此前的告警 / alerts: what was told before is not known: {}",
                 to_string(books.error()));
    }
  } catch (const std::runtime_error& e) {
    log::error("告警：账本不可读，未取回此前的告警 / alerts: what was told before could not be read: {}", e.what());
  }
  return all;
}

}  // namespace changtong
