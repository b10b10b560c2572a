#include "daemon/claims/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <utility>

#include "daemon/claims/embedded.h"
#include "daemon/core/utf8.h"

namespace changtong::claims {
namespace {

constexpr std::array<std::pair<std::string_view, measure>, 9> measures{{{"money", measure::money},
                                                                        {"percent", measure::percent},
                                                                        {"points", measure::points_apart},
                                                                        {"count", measure::count},
                                                                        {"persons", measure::persons},
                                                                        {"person_times", measure::person_times},
                                                                        {"days", measure::days},
                                                                        {"score", measure::score},
                                                                        {"other", measure::other}}};

word_list split(std::string_view text) {
  std::istringstream in{std::string(text)};
  word_list out;
  for (std::string w; in >> w;) out.push_back(std::move(w));
  return out;
}

void read_units(report_words& into, const word_list& head, const word_list& row) {
  const auto* kind = std::ranges::find(measures, head.at(1), &std::pair<std::string_view, measure>::first);
  std::int64_t scale = 1;
  std::from_chars(head.at(2).data(), head.at(2).data() + head.at(2).size(), scale);
  for (const std::string& w : row) into.units.push_back({w, kind->second, scale});
}

void read_rate(report_words& into, const word_list& row) {
  rate_row r;
  std::size_t part = 0;
  for (const std::string& w : row)
    if (w == "/")
      ++part;
    else
      (part == 0 ? r.names : part == 1 ? r.above : r.below).push_back(w);
  into.rates.push_back(std::move(r));
}

/** The file is ours and its test reads it: a wrong row throws at the first use. */
report_words read(std::string_view file) {
  report_words out;
  std::istringstream in{std::string(file)};
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with('#') || colon == std::string::npos) continue;
    const word_list row = split(std::string_view(line).substr(colon + 2)), head = split(line.substr(0, colon));
    if (head.front() == "unit")
      read_units(out, head, row);
    else if (head.front() == "rate")
      read_rate(out, row);
    else
      out.lists[line.substr(0, colon)].insert(out.lists[line.substr(0, colon)].end(), row.begin(), row.end());
  }
  // a unit that begins another one must not hide it
  std::ranges::sort(out.units, [](const unit_row& a, const unit_row& b) {
    return a.word.size() != b.word.size() ? a.word.size() > b.word.size() : a.word < b.word;
  });
  for (auto& [key, list] : out.lists)
    std::ranges::sort(list,
                      [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
  return out;
}

}  // namespace

const word_list& report_words::of(std::string_view key) const {
  static const word_list none;
  const auto it = lists.find(key);
  return it == lists.end() ? none : it->second;
}

const report_words& words() {
  static const report_words all = read(built_in_claim_words());
  return all;
}

std::string_view first_of(std::string_view text, const word_list& list) {
  for (const std::string& w : list)
    if (has(text, w)) return w;
  return {};
}

std::size_t char_bytes(std::string_view text, std::size_t at) {
  return std::max<std::size_t>(1, utf8_length(text.substr(at)));
}

std::size_t length_of(std::string_view text) { return characters(text); }

std::string_view stripped(std::string_view text, const word_list& list) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string& w : list) {
      if (text.size() > w.size() && text.starts_with(w)) text.remove_prefix(w.size()), again = true;
      if (text.size() > w.size() && text.ends_with(w)) text.remove_suffix(w.size()), again = true;
    }
  }
  return text;
}

int digits_in(std::string_view digits) {
  int value = 0;
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return bad == std::errc() && end == digits.data() + digits.size() ? value : 0;
}

}  // namespace changtong::claims
