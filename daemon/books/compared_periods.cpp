#include "daemon/books/compared_periods.h"

#include <fmt/format.h>

#include "daemon/core/civil.h"

namespace changtong::books {
namespace {

int number_in(std::string_view digits) { return std::stoi(std::string(digits)); }

/** The token of the period before, 2025-12 of 2026-01. */
std::string token_before(std::string_view token) {
  const int year = number_in(token.substr(0, 4));
  if (token.size() == 4) return fmt::format("{}", year - 1);
  const bool quarter = token[5] == 'Q';
  const int at = number_in(token.substr(quarter ? 6 : 5)), of_year = quarter ? 4 : 12;
  const int before = at == 1 ? of_year : at - 1;
  const int of = at == 1 ? year - 1 : year;
  return quarter ? fmt::format("{}-Q{}", of, before) : fmt::format("{}-{:02}", of, before);
}

std::string name_of(std::string_view token) {
  if (token.size() == 4) return fmt::format("{}年", token);
  return token[5] == 'Q' ? fmt::format("{}年第{}季度", token.substr(0, 4), token.substr(6))
                         : fmt::format("{}年{}月", token.substr(0, 4), number_in(token.substr(5)));
}

std::optional<earlier_period> earlier(const ledger::reader& from, const std::string& token, wall_t now) {
  const auto when = from.zone().parse_period(token);
  if (!when) return std::nullopt;
  earlier_period out{.name = name_of(token), .sums = {}, .whole = from.first_entry() <= when->from};
  from.histories(*when, now, {}, [&](const ledger::known_target&, const availability::target_history& h) {
    const availability::seconds s = availability::measure(h, *when);
    if (!s.scope) return;
    out.sums += s;
    ++out.targets;
  });
  return (out.sums.up + out.sums.down).count() > 0 ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

compared_periods compared_with(const ledger::reader& from, std::string_view token, wall_t now) {
  const bool civil = token.size() == 4 || token.size() == 7;
  if (!civil || token.find("..") != std::string_view::npos) return {};
  compared_periods out{.before = earlier(from, token_before(token), now), .year_ago = {}};
  if (token.size() == 7)
    out.year_ago = earlier(from, fmt::format("{}{}", number_in(token.substr(0, 4)) - 1, token.substr(4)), now);
  return out;
}

}  // namespace changtong::books
