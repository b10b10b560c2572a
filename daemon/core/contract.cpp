#include "daemon/core/contract.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/json.h"

namespace changtong {
namespace {

__extension__ using wide = __int128;  // milliseconds of a province's year times 10^11 do not fit into 64 bits

struct decimal {
  std::int64_t units = 0;  ///< value · 10^places
  int places = 0;
};

/** Digits with at most `most_places` decimals, at most 15 digits before the point. */
std::optional<decimal> parse_decimal(std::string_view text, std::size_t most_places) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view rest = point < text.size() ? text.substr(point + 1) : std::string_view{};
  const auto digits = [](std::string_view t) {
    return std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || whole.size() > 12 || rest.size() > most_places || !digits(whole) || !digits(rest)) return {};
  if (point < text.size() && rest.empty()) return {};
  while (!rest.empty() && rest.back() == '0') rest.remove_suffix(1);
  decimal d{.places = static_cast<int>(rest.size())};
  for (const char c : whole) d.units = d.units * 10 + (c - '0');
  if (d.units > 1'000'000'000 && most_places > 2) return {};
  for (const char c : rest) d.units = d.units * 10 + (c - '0');
  return d;
}

std::int64_t power_of_ten(int n) {
  std::int64_t p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

std::string pair_of(share s) { return fmt::format("[{},{}]", s.part, s.whole); }

std::string to_json(const credit_band& b) {
  json_object o;
  if (b.below) o.add_raw("below", pair_of(*b.below));
  if (b.outage_longer_than) o.add("outage_longer_than_ms", std::int64_t{b.outage_longer_than->count()});
  if (b.of_fee)
    o.add_raw("of_fee", pair_of(*b.of_fee));
  else
    o.add("days", b.days);
  return o.text();
}

}  // namespace

std::optional<share> parse_percent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto d = parse_decimal(text, 9);
  if (!d) return std::nullopt;
  const share s{d->units, 100 * power_of_ten(d->places)};
  return s.part > s.whole ? std::nullopt : std::optional(s);
}

std::string percent_text(share s) {
  const std::int64_t scale = s.whole / 100;
  if (scale <= 1) return fmt::format("{}", s.part);
  std::string decimals = fmt::format("{}", scale + s.part % scale).substr(1);
  while (decimals.ends_with('0')) decimals.pop_back();
  return fmt::format("{}{}{}", s.part / scale, decimals.empty() ? "" : ".", decimals);
}

bool reaches(std::int64_t part, std::int64_t whole, share target) {
  return wide{part} * target.whole >= wide{whole} * target.part;
}

std::optional<fen> parse_yuan(std::string_view text) {
  const auto d = parse_decimal(text, 2);
  if (!d) return std::nullopt;
  return d->units * power_of_ten(2 - d->places);
}

std::string yuan_text(fen amount) { return fmt::format("{}.{:02}", amount / 100, amount % 100); }

fen portion(fen amount, std::int64_t part, std::int64_t whole) {
  return static_cast<fen>((wide{amount} * part * 2 + whole) / (wide{whole} * 2));
}

std::int64_t portion_below(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  return static_cast<std::int64_t>(wide{amount} * part / whole);
}

bool covers(const contract& c, const contract_subject& line) {
  const auto asks = [](const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
  };
  return c.carrier == line.carrier && asks(c.lines, line.id) && asks(c.categories, line.category) &&
         asks(c.grades, line.grade);
}

period validity(const contract& c) { return {c.valid_from.value_or(wall_min), c.valid_to.value_or(wall_max)}; }

std::string to_json(const contract& c) {
  json_object o;
  const auto text = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) o.add(key, value);
  };
  const auto list = [&](std::string_view key, const std::vector<std::string>& words) {
    if (!words.empty()) o.add_raw(key, json_list(words));
  };
  const auto time = [&](std::string_view key, const std::optional<milliseconds>& d) {
    if (d) o.add(key, std::int64_t{d->count()});
  };
  o.add("id", c.id).add("carrier", c.carrier);
  list("lines", c.lines);
  list("categories", c.categories);
  list("grades", c.grades);
  text("grade", c.grade);
  if (c.availability_target) o.add_raw("availability_target", pair_of(*c.availability_target));
  o.add("period", name_of(c.period));
  time("max_single_outage_ms", c.max_single_outage);
  time("response_limit_ms", c.response_limit);
  time("repair_limit_ms", c.repair_limit);
  time("report_deadline_ms", c.report_deadline);
  text("report_to", c.report_to);
  if (c.clock) o.add("repair_clock", name_of(*c.clock));
  o.add("windows", name_of(c.windows));
  if (c.user_power) o.add("user_power", name_of(*c.user_power));
  if (c.monthly_fee) o.add("monthly_fee_fen", *c.monthly_fee);
  std::string bands;
  for (const credit_band& b : c.credit_bands) bands += (bands.empty() ? "" : ",") + to_json(b);
  if (!bands.empty()) o.add_raw("credit_bands", "[" + bands + "]");
  if (c.credit_cap) o.add_raw("credit_cap", pair_of(*c.credit_cap));
  o.add("source", c.source);
  text("clause", c.clause);
  if (c.valid_from) o.add("valid_from", ms_of(*c.valid_from));
  if (c.valid_to) o.add("valid_to", ms_of(*c.valid_to));
  return o.text();
}

std::string_view name_of(contract_period p) { return p == contract_period::month ? "month" : "year"; }
std::string_view name_of(window_treatment w) {
  return w == window_treatment::removed ? "removed" : w == window_treatment::counted ? "counted" : "shown";
}
std::string_view name_of(repair_clock r) { return r == repair_clock::discovery ? "discovery" : "report"; }
std::string_view name_of(power_treatment p) { return p == power_treatment::excluded ? "excluded" : "counted"; }

}  // namespace changtong
