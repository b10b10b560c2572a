#include "daemon/claims/quantities.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace changtong::claims {
namespace {

struct bound_words {
  bound how;
  std::string_view before, behind;
};
constexpr std::array bound_rows{
    bound_words{bound::at_least, "at_least before", "at_least behind"},
    bound_words{bound::at_most, "at_most before", "at_most behind"}, bound_words{bound::above, "above before", ""},
    bound_words{bound::below, "below before", ""}, bound_words{bound::about, "about before", "about behind"}};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr std::string_view numerals = "零一二三四五六七八九";

std::optional<int> numeral_digit(std::string_view c) {
  if (c == "两") return 2;
  if (c == "〇") return 0;
  const std::size_t at = numerals.find(c);
  return c.size() == 3 && at != std::string_view::npos && at % 3 == 0 ? std::optional(static_cast<int>(at / 3))
                                                                      : std::nullopt;
}

std::int64_t numeral_scale(std::string_view c) {
  return c == "十" ? 10 : c == "百" ? 100 : c == "千" ? 1000 : c == "万" ? 10'000 : 0;
}

class scanner {
 public:
  explicit scanner(std::string_view text) : t_(text) {}

  std::vector<quantity> all() {
    for (std::size_t at = 0; at < t_.size();) {
      const std::size_t next = digit(t_[at]) ? arabic(at) : worded(at);
      at = next > at ? next : at + char_bytes(t_, at);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool at_word(std::size_t at, std::string_view w) const { return t_.substr(at).starts_with(w); }
  [[nodiscard]] bool behind_word(std::size_t at, std::string_view w) const { return t_.substr(0, at).ends_with(w); }

  /** 1 268, 3 840 000: a blank between groups of three digits. */
  [[nodiscard]] bool thousands_at(std::size_t from, std::size_t at) const {
    if (t_[at] != ' ' || at + 3 >= t_.size() || !digit(t_[at + 1]) || !digit(t_[at + 2]) || !digit(t_[at + 3]))
      return false;
    if (at + 4 < t_.size() && digit(t_[at + 4])) return false;
    const std::size_t before = t_.substr(from, at - from).rfind(' ');
    const std::size_t group = before == std::string_view::npos ? at - from : at - from - before - 1;
    return before == std::string_view::npos ? group <= 3 : group == 3;
  }

  /** End of digits, commas or blanks of thousands and a point. */
  [[nodiscard]] std::size_t number_end(std::size_t at) const {
    const std::size_t from = at;
    bool point = false;
    while (at < t_.size()) {
      const bool more = at + 1 < t_.size() && digit(t_[at + 1]);
      if (digit(t_[at]) || (t_[at] == ',' && more && !point) || (!point && thousands_at(from, at)))
        ++at;
      else if (t_[at] == '.' && more && !point)
        point = true, ++at;
      else
        break;
    }
    return at;
  }

  [[nodiscard]] bool begins(std::size_t at, std::string_view key) const {
    return std::ranges::any_of(words().of(key), [&](const std::string& w) { return at_word(at, w); });
  }
  [[nodiscard]] bool unit_at(std::size_t at) const {
    return std::ranges::any_of(words().units, [&](const unit_row& u) { return at_word(at, u.word); });
  }

  std::size_t arabic(std::size_t from) {
    const std::size_t end = number_end(from);
    if (end + 1 < t_.size() && t_[end] == ':' && digit(t_[end + 1])) {  // 88:23:45, how long; 08:30, when
      std::size_t to = end;
      while (to < t_.size() && (digit(t_[to]) || t_[to] == ':')) ++to;
      return to;
    }
    const bool part_of_word = from > 0 && (letter(t_[from - 1]) || t_[from - 1] == '.' || t_[from - 1] == '-' ||
                                           t_[from - 1] == '/' || t_[from - 1] == '[' || behind_word(from, "第") ||
                                           behind_word(from, "〔") || behind_word(from, "×"));
    const bool range_end = from > 0 && (t_[from - 1] == '-' || t_[from - 1] == '~');
    if ((part_of_word && !range_end) || (end < t_.size() && ((letter(t_[end]) && !unit_at(end)) || t_[end] == '.')))
      return end;
    std::string digits(t_.substr(from, end - from));
    std::erase(digits, ' ');
    const auto value = parse_exact(digits);
    if (!value) return end;
    const std::size_t point = t_.substr(from, end - from).find('.');
    exact grain = 1;
    for (std::size_t i = point == std::string_view::npos ? end : from + point + 1; i < end; ++i) grain /= 10;
    return finish(from, end, *value, grain, false);
  }

  /** 九项, 二十个, 百分之九十五. One alone is mostly no count (一个, 一批), so it is left out. */
  std::size_t worded(std::size_t from) {
    constexpr std::string_view percent = "百分之";
    const bool share = at_word(from, percent);
    std::size_t end = share ? from + percent.size() : from;
    const std::size_t first = end;
    while (end < t_.size() && (numeral_digit(t_.substr(end, char_bytes(t_, end))) ||
                               numeral_scale(t_.substr(end, char_bytes(t_, end))) > 0))
      end += char_bytes(t_, end);
    if (end == first) return from;
    const std::int64_t value = chinese_numeral(t_.substr(first, end - first));
    if (value == 0) return end;
    if (share) {
      quantity q;
      q.at = {from, end};
      q.digits = {first, end};
      q.value = value;
      q.grain = 1;
      q.what = measure::percent;
      q.unit = "%";
      add(std::move(q));
      return end;
    }
    if (value < 2 || behind_word(from, "第")) return end;
    return finish(from, end, value, 1, true);
  }

  std::size_t finish(std::size_t from, std::size_t end, exact value, exact grain, bool in_words) {
    quantity q;
    q.at = q.digits = {from, end};
    q.value = std::move(value);
    q.grain = std::move(grain);
    q.worded = in_words;
    // -8.6℃, 结余-12.6万元: no dash of 80-90 or A-12
    const bool sign = from > 0 && t_[from - 1] == '-' && (out_.empty() || out_.back().at.to != from - 1) &&
                      (from < 2 || !(digit(t_[from - 2]) || letter(t_[from - 2]) || t_[from - 2] == '%'));
    if (sign) q.value = -q.value;
    for (const std::string_view more : {"多", "余"})
      if (at_word(end, more) && !in_words) q.how = bound::at_least, end += more.size();
    if (at_word(end, "万") && !at_word(end, "万元")) scale(q, 10'000, end);
    if (at_word(end, "亿") && !at_word(end, "亿元")) scale(q, 100'000'000, end);
    for (const std::string_view more : {"多", "余"})
      if (at_word(end, more) && !in_words) q.how = bound::at_least, end += more.size();
    if (!unit(q, end)) return end;
    bounds(q);
    add(std::move(q));
    return out_.back().at.to;
  }

  static void scale(quantity& q, std::int64_t by, std::size_t& end) {
    q.value *= by;
    q.grain *= by;
    end += 3;
    q.digits.to = end;
  }

  /** False where the number is none of ours: a date, an ordinal, a bare number in words. */
  bool unit(quantity& q, std::size_t end) {
    for (const unit_row& u : words().units) {
      if (!at_word(end, u.word)) continue;
      if (begins(end, "no units") || (q.worded && begins(end, "no units in words"))) return false;
      q.value *= u.scale;
      q.grain *= u.scale;
      q.scale = u.scale;
      q.what = u.what;
      q.unit = u.word;
      q.at.to = end + u.word.size();
      // 万册(件): in the one or the other
      if (const std::size_t close = t_.find(')', q.at.to); at_word(q.at.to, "(") && close != t_.npos)
        if (const std::string_view other = t_.substr(q.at.to + 1, close - q.at.to - 1);
            std::ranges::any_of(words().units, [&](const unit_row& one) { return one.word == other; }))
          q.at.to = close + 1;
      return true;
    }
    q.at.to = end;
    const bool name = behind_word(q.digits.from, "“") && at_word(end, "”");                       // “12345”
    const bool ordinal = behind_word(q.digits.from, "指标") && q.digits.to - q.digits.from <= 2;  // 质量指标2
    return !q.worded && !name && !ordinal && !part_of_date(end) && !begins(end, "no figures");
  }

  /** 1 of 1—9月: the dash leads to a month or a day. */
  [[nodiscard]] bool part_of_date(std::size_t at) const {
    for (const std::string_view dash : {"-", "~", "—", "至", "～"}) {
      if (!at_word(at, dash)) continue;
      std::size_t to = at + dash.size();
      while (to < t_.size() && digit(t_[to])) ++to;
      return at_word(to, "月") || at_word(to, "日") || at_word(to, "年");
    }
    return false;
  }

  void bounds(quantity& q) const {
    const bool none =
        std::ranges::any_of(words().of("no bounds"), [&](const auto& w) { return behind_word(q.at.from, w); });
    for (const bound_words& b : bound_rows) {
      const auto word =
          std::ranges::find_if(words().of(b.before), [&](const auto& w) { return behind_word(q.at.from, w); });
      if (none || word == words().of(b.before).end()) continue;
      q.how = b.how;
      q.at.from -= word->size();
      break;
    }
    for (const bound_words& b : bound_rows)
      for (const std::string& w : words().of(b.behind))
        if (at_word(q.at.to, w)) {
          q.how = b.how, q.at.to += w.size();
          return;
        }
  }

  void add(quantity q) {
    for (const std::string_view dash : {"-", "~", "—", "至", "到", "～"})
      if (!out_.empty() && out_.back().at.to + dash.size() == q.at.from && behind_word(q.at.from, dash) &&
          out_.back().how == bound::exactly && dash != "到" && dash != "至")
        q.range = out_.back().range = true;
    out_.push_back(std::move(q));
  }

  std::string_view t_;
  std::vector<quantity> out_;
};

}  // namespace

std::int64_t chinese_numeral(std::string_view text) {
  std::int64_t whole = 0, section = 0, last = 0;
  bool any = false;
  for (std::size_t i = 0; i < text.size(); i += char_bytes(text, i)) {
    const std::string_view c = text.substr(i, char_bytes(text, i));
    if (const auto one = numeral_digit(c)) {
      if (last != 0) return 0;  // 二三: no number, rather two of them
      last = *one;
    } else if (const std::int64_t tens = numeral_scale(c); tens == 10'000) {
      whole += (section + last) * tens;
      section = last = 0;
    } else if (tens > 0) {
      section += (last == 0 && tens == 10 ? 1 : last) * tens;
      last = 0;
    } else {
      return 0;
    }
    any = true;
    if (whole > 99'999'999 || section > 99'999) return 0;
  }
  const std::int64_t value = whole + section + last;
  return any && value <= 99'999'999 ? value : 0;
}

std::string in_unit(const exact& value, const quantity& like) { return shortest(value / like.scale) + like.unit; }

std::vector<quantity> quantities_of(std::string_view text) { return scanner(text).all(); }

}  // namespace changtong::claims
