#include "daemon/report/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/clock_text.h"
#include "daemon/core/utf8.h"

namespace changtong::report {
namespace {

__extension__ using wide = __int128;

constexpr std::size_t most_bytes = 32'000;

/** U+FFFE and U+FFFF are valid UTF-8, but no characters of XML. */
bool is_noncharacter(std::string_view sequence) { return sequence == "\xef\xbf\xbe" || sequence == "\xef\xbf\xbf"; }

/** U+0080 to U+009F: controls too. */
bool is_control(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
  return sequence.size() == 2 && byte(0) == 0xc2 && byte(1) < 0xa0;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(std::min(text.size(), most_bytes));
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    const std::string_view kept = length == 0 || is_noncharacter(sequence) ? "\xef\xbf\xbd"
                                  : is_control(sequence)                   ? " "
                                                                           : sequence;
    if (out.size() + kept.size() > most_bytes) return out + "…";
    out += kept;
    text.remove_prefix(sequence.size());
  }
  return out;
}

cell text_cell(std::string_view text) { return {cell::kind::text, plain(text), 0}; }

cell count_cell(std::int64_t n) { return {cell::kind::count, std::to_string(n), static_cast<double>(n)}; }

cell ratio_cell(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return {};
  constexpr std::int64_t one = 1'000'000'000'000;
  const auto units = static_cast<std::int64_t>(wide{part} * one / whole);
  return {cell::kind::ratio, fmt::format("{}.{:012}", units / one, units % one),
          static_cast<double>(units) / static_cast<double>(one)};
}

cell duration_cell(milliseconds length) {
  return {cell::kind::duration, clock_text(length), static_cast<double>(length.count()) / 86'400'000};
}

cell money_cell(std::optional<fen> amount) {
  if (!amount) return {};
  return {cell::kind::money, yuan_text(*amount), static_cast<double>(*amount) / 100};
}

std::int64_t share_units(std::int64_t part, std::int64_t whole) {
  constexpr std::int64_t all = 10'000'000;
  return static_cast<std::int64_t>(wide{part} * all / whole);
}

cell percent_cell(std::string_view text, std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return text_cell(text);
  return {cell::kind::percent, plain(text), static_cast<double>(share_units(part, whole)) / 10'000'000};
}

cell points_cell(std::int64_t is, std::int64_t was) {
  const std::int64_t units = is - was;
  const std::int64_t size = units < 0 ? -units : units;
  constexpr std::int64_t point = 100'000;
  return {cell::kind::points,
          fmt::format("{}{}.{:05} 个百分点",
                      units > 0   ? "+"
                      : units < 0 ? "-"
                                  : "",
                      size / point, size % point),
          static_cast<double>(units) / static_cast<double>(point)};
}

cell change_cell(std::int64_t is, std::int64_t was) {
  if (was == 0) return is == 0 ? cell{cell::kind::change, "0.0 %", 0} : text_cell("—");
  const double part = static_cast<double>(is - was) / static_cast<double>(was);
  return {cell::kind::change, fmt::format("{:+.1f} %", part * 100), part};
}

document as_evidence(document d) {
  for (sheet& s : d.sheets)
    for (table& t : s.tables) {
      for (heading& h : t.columns) h.aside = false;
      for (auto& row : t.rows)
        for (cell& c : row)
          if (c.what == cell::kind::percent || c.what == cell::kind::instant) c = text_cell(c.text);
    }
  return d;
}

}  // namespace changtong::report
