// What single cells say.
#include <algorithm>

#include "daemon/forms/form.h"
#include "daemon/reading/days.h"
#include "daemon/reading/words.h"

namespace changtong::forms {
namespace {

constexpr std::string_view digits = "0123456789.";

bool take_end(std::string_view& text, std::string_view word) {
  if (!text.ends_with(word)) return false;
  text.remove_suffix(word.size());
  return true;
}

}  // namespace

std::string bare(std::string_view text) {
  std::string out = reading::half_width(text);
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  return out;
}

exact without_noise(const exact& x) {
  constexpr int most_places = 9;
  return rounded(x, most_places);
}

std::optional<exact> number_in(const spot& s) {
  const std::string narrow = bare(s.text);
  std::string_view text = narrow;
  for (const std::string_view end : {"万元", "元", "分", "%"})
    if (take_end(text, end)) break;
  const auto number = parse_exact(text);
  return number ? std::optional(without_noise(*number)) : number;
}

std::optional<exact> points_in(std::string_view name) {
  const std::string narrow = bare(name);
  std::string_view text = narrow;
  const auto open = text.rfind('(');
  if (open == text.npos) return std::nullopt;
  text = text.substr(open + 1);
  const std::size_t end = std::min(text.find_first_not_of(digits), text.size());
  const auto points = parse_exact(text.substr(0, end));
  text.remove_prefix(end);
  return text.starts_with("分") || text == ")" ? points : std::nullopt;
}

std::string name_in(std::string_view text) {
  std::string_view name = reading::trim(text);
  if (points_in(text)) {
    std::size_t open = 0;  // the last bracket of either width: 产出（A）(50分) keeps its first
    for (const std::string_view mark : {"（", "("})
      if (const auto at = name.rfind(mark); at != name.npos) open = std::max(open, at);
    name = name.substr(0, open);
  }
  return std::string(reading::trim(name));
}

int places_in(std::string_view number) {
  const std::string narrow = bare(number);
  const std::size_t point = narrow.find('.');
  if (point == std::string::npos) return 0;
  const std::size_t end = std::min(narrow.find_first_not_of("0123456789", point + 1), narrow.size());
  return static_cast<int>(end - point - 1);
}

bool has_points(const form& f) {
  if (f.has_weights || f.has_scores || f.stated_weight || f.total_weight.there() || f.total_score.there()) return true;
  const auto in_name = [](const indicator_line& i) { return points_in(i.level1.text) || points_in(i.level2.text); };
  return std::ranges::any_of(f.indicators, in_name) ||
         std::ranges::any_of(f.funds, [](const funds_line& l) { return number_in(l.weight) || number_in(l.score); });
}

}  // namespace changtong::forms
