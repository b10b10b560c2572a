// Minutes and hours of civil days, as people write them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/reading/words.h"
#include "daemon/settings/alerts.h"

namespace changtong::reading {
namespace {

constexpr int minutes_of_a_day = 24 * 60;

std::optional<int> minute_of(std::string_view text, int most) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || text.size() != colon + 3) return std::nullopt;
  const auto hour = parse_whole(text.substr(0, colon), 24), minute = parse_whole(text.substr(colon + 1), 59);
  if (!hour || !minute) return std::nullopt;
  const int all = static_cast<int>(*hour * 60 + *minute);
  return all <= most ? std::optional(all) : std::nullopt;
}

struct day_name {
  std::string_view word;
  unsigned days;
};
constexpr std::array day_names{day_name{"weekdays", 0x1F}, day_name{"weekend", 0x60}, day_name{"工作日", 0x1F},
                               day_name{"周末", 0x60},     day_name{"mon", 0x01},     day_name{"tue", 0x02},
                               day_name{"wed", 0x04},      day_name{"thu", 0x08},     day_name{"fri", 0x10},
                               day_name{"sat", 0x20},      day_name{"sun", 0x40},     day_name{"周一", 0x01},
                               day_name{"周二", 0x02},     day_name{"周三", 0x04},    day_name{"周四", 0x08},
                               day_name{"周五", 0x10},     day_name{"周六", 0x20},    day_name{"周日", 0x40}};

unsigned days_named(std::string_view word) {
  const auto at = std::ranges::find(day_names, word, &day_name::word);
  return at == day_names.end() ? 0 : at->days;
}

/** `mon-fri`, `周一至周五`; 0: it is neither. */
unsigned days_between(std::string_view text) {
  for (const std::string_view sign : {"-", "至"}) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    const unsigned first = days_named(text.substr(0, at)), last = days_named(text.substr(at + sign.size()));
    if (first == 0 || last < first || (first & (first - 1)) != 0 || (last & (last - 1)) != 0) return 0;
    return (last << 1U) - first;
  }
  return 0;
}

std::optional<unsigned> parse_days(std::string_view text) {
  unsigned all = 0;
  for (const std::string_view one : split(text, ",")) {
    const unsigned days = days_named(one) != 0 ? days_named(one) : days_between(one);
    if (days == 0) return std::nullopt;
    all |= days;
  }
  return all == 0 ? std::nullopt : std::optional(all);
}

std::string minute_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

}  // namespace

std::optional<int> minute_in(const block& from, std::string_view key) {
  const auto written = from.text(key, 16);
  if (!written) return std::nullopt;
  const auto minute = minute_of(written->value, minutes_of_a_day - 1);
  if (!minute)
    from.error(written->at,
               both("{} {} 不是一天中的时刻：请写 \"08:41\"，00:00 至 23:59",
                    "{} {} is no time of day: write \"08:41\", from 00:00 to 23:59", key, quote(written->value)));
  return minute;
}

std::optional<civil_hours> parse_hours(std::string_view text) {
  civil_hours h;
  const auto words = split(text, " ");
  if (words.empty() || words.size() > 2) return std::nullopt;
  if (words.size() == 2) {
    const auto days = parse_days(words[0]);
    if (!days) return std::nullopt;
    h.days = *days;
  }
  const std::string_view hours = words.back();
  if (const auto days = words.size() == 1 ? parse_days(hours) : std::nullopt) {
    h.days = *days;
    return h;
  }
  const std::size_t dash = hours.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = minute_of(hours.substr(0, dash), minutes_of_a_day - 1);
  const auto to = minute_of(hours.substr(dash + 1), minutes_of_a_day);
  if (!from || !to || *from == *to) return std::nullopt;
  h.from = *from;
  h.to = *to;
  return h;
}

std::string hours_text(const civil_hours& h) {
  std::string days;
  for (std::size_t i = 0; i < 7; ++i)
    if (h.days != 0x7F && (h.days >> i & 1U) != 0)
      days += (days.empty() ? "" : ",") + std::string(day_names.at(4 + i).word);
  if (h.days == 0x1F) days = "weekdays";
  if (h.days == 0x60) days = "weekend";
  return fmt::format("{}{}{}-{}", days, days.empty() ? "" : " ", minute_text(h.from), minute_text(h.to));
}

}  // namespace changtong::reading
