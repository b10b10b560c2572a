#include "daemon/claims/quantities.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace changtong::claims {
namespace {

struct unit_row {
  std::string_view word;
  measure what;
  std::int64_t scale = 1;
};

// Longer words first where one begins another.
constexpr std::array units{
    unit_row{"个百分点", measure::points_apart},
    unit_row{"百分点", measure::points_apart},
    unit_row{"个工作日", measure::other},
    unit_row{"工作日", measure::other},
    unit_row{"个月", measure::other},
    unit_row{"小时", measure::other},
    unit_row{"分钟", measure::other},
    unit_row{"平方米", measure::other},
    unit_row{"公里", measure::other},
    unit_row{"兆", measure::other},
    unit_row{"秒", measure::other},
    unit_row{"周", measure::other},
    unit_row{"亿元", measure::money, 100'000'000},
    unit_row{"万元", measure::money, 10'000},
    unit_row{"千元", measure::money, 1'000},
    unit_row{"元", measure::money},
    unit_row{"%", measure::percent},
    unit_row{"人次", measure::person_times},
    unit_row{"人", measure::persons},
    unit_row{"名", measure::persons},
    unit_row{"条次", measure::times},
    unit_row{"台次", measure::times},
    unit_row{"次", measure::times},
    unit_row{"天", measure::days},
    unit_row{"分", measure::score},
    unit_row{"个", measure::count},
    unit_row{"项", measure::count},
    unit_row{"条", measure::count},
    unit_row{"家", measure::count},
    unit_row{"处", measure::count},
    unit_row{"台", measure::count},
    unit_row{"套", measure::count},
    unit_row{"座", measure::count},
    unit_row{"所", measure::count},
    unit_row{"户", measure::count},
    unit_row{"份", measure::count},
    unit_row{"件", measure::count},
    unit_row{"起", measure::count},
    unit_row{"根", measure::count},
    unit_row{"路", measure::count},
    unit_row{"期", measure::count},
    unit_row{"场", measure::count},
    unit_row{"批", measure::count},
    unit_row{"类", measure::count},
    unit_row{"种", measure::count},
    unit_row{"篇", measure::count},
    unit_row{"部", measure::count},
    unit_row{"间", measure::count},
    unit_row{"笔", measure::count},
};

struct bound_row {
  std::string_view word;
  bound how;
};
constexpr std::array before{
    bound_row{"不少于", bound::at_least}, bound_row{"不低于", bound::at_least}, bound_row{"不小于", bound::at_least},
    bound_row{"至少", bound::at_least},   bound_row{"≥", bound::at_least},      bound_row{"不超过", bound::at_most},
    bound_row{"不高于", bound::at_most},  bound_row{"不大于", bound::at_most},  bound_row{"≤", bound::at_most},
    bound_row{"大于", bound::above},      bound_row{"超过", bound::above},      bound_row{"高于", bound::above},
    bound_row{"多于", bound::above},      bound_row{"突破", bound::above},      bound_row{"超", bound::above},
    bound_row{"逾", bound::above},        bound_row{">", bound::above},         bound_row{"小于", bound::below},
    bound_row{"少于", bound::below},      bound_row{"低于", bound::below},      bound_row{"不足", bound::below},
    bound_row{"<", bound::below},         bound_row{"大约", bound::about},      bound_row{"约", bound::about},
    bound_row{"近", bound::about},
};
constexpr std::array behind{
    bound_row{"以上", bound::at_least}, bound_row{"以下", bound::at_most}, bound_row{"以内", bound::at_most},
    bound_row{"之内", bound::at_most},  bound_row{"左右", bound::about},   bound_row{"上下", bound::about},
};
/** What after 分 or 个 … makes it another word: 三分之一, 12分公司, 20家庭. */
constexpr std::array<std::string_view, 9> not_after_score{"之", "为", "别", "公司", "局", "批", "类", "布", "支"};
constexpr std::array<std::string_view, 8> not_behind{"年", "月", "日", "号", "时", "点", "〕", "]"};

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

  /** End of digits, commas of thousands and a point. */
  [[nodiscard]] std::size_t number_end(std::size_t at) const {
    bool point = false;
    while (at < t_.size()) {
      const bool more = at + 1 < t_.size() && digit(t_[at + 1]);
      if (digit(t_[at]) || (t_[at] == ',' && more && !point))
        ++at;
      else if (t_[at] == '.' && more && !point)
        point = true, ++at;
      else
        break;
    }
    return at;
  }

  std::size_t arabic(std::size_t from) {
    const std::size_t end = number_end(from);
    const bool part_of_word = from > 0 && (letter(t_[from - 1]) || t_[from - 1] == '.' || t_[from - 1] == '-' ||
                                           t_[from - 1] == '/' || t_[from - 1] == '[' || behind_word(from, "第") ||
                                           behind_word(from, "〔") || behind_word(from, "×"));
    const bool range_end = from > 0 && (t_[from - 1] == '-' || t_[from - 1] == '~');
    if ((part_of_word && !range_end) || (end < t_.size() && (letter(t_[end]) || t_[end] == '.'))) return end;
    const auto value = parse_exact(t_.substr(from, end - from));
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
    for (const unit_row& u : units) {
      if (!at_word(end, u.word)) continue;
      const std::size_t to = end + u.word.size();
      if (u.what == measure::score && std::ranges::any_of(not_after_score, [&](auto w) { return at_word(to, w); }))
        return false;
      if (u.word == "部" && (at_word(to, "门") || at_word(to, "分"))) return false;
      if (u.word == "家" && at_word(to, "庭")) return false;
      if (u.word == "路" && at_word(to, "由")) return false;
      if (u.word == "次" && q.worded && at_word(to, "元")) return false;
      q.value *= u.scale;
      q.grain *= u.scale;
      q.what = u.what;
      q.unit = u.word;
      q.at.to = to;
      return true;
    }
    q.at.to = end;
    const bool bare = !q.worded && std::ranges::none_of(not_behind, [&](auto w) { return at_word(end, w); });
    return bare;
  }

  void bounds(quantity& q) const {
    for (const bound_row& b : before)
      if (behind_word(q.at.from, b.word)) {
        q.how = b.how;
        q.at.from -= b.word.size();
        break;
      }
    for (const bound_row& b : behind)
      if (at_word(q.at.to, b.word)) q.how = b.how, q.at.to += b.word.size();
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

/** Whether `a` can be inside what `b` claims. */
bool inside(const quantity& a, const quantity& b) {
  switch (b.how) {
    case bound::at_least:
      return a.value >= b.value;
    case bound::above:
      return a.value > b.value || (a.how == bound::above && a.value == b.value);
    case bound::at_most:
      return a.value <= b.value;
    case bound::below:
      return a.value < b.value || (a.how == bound::below && a.value == b.value);
    case bound::about:
      return a.value * 20 >= b.value * 19 && a.value * 20 <= b.value * 21;
    case bound::exactly:
      break;
  }
  return a.value == b.value;
}

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

bool agree(const quantity& a, const quantity& b) {
  if (a.how == bound::exactly && b.how == bound::exactly) {
    const quantity& coarse = a.grain >= b.grain ? a : b;
    const quantity& fine = a.grain >= b.grain ? b : a;
    const exact grains = fine.value / coarse.grain;
    return rounded(grains, 0) * coarse.grain == coarse.value ||
           rounded(grains, 0, rounding::down) * coarse.grain == coarse.value;
  }
  if (a.how == bound::about || b.how == bound::about) return a.how == bound::about ? inside(b, a) : inside(a, b);
  const bool low_a = a.how == bound::at_least || a.how == bound::above;
  const bool low_b = b.how == bound::at_least || b.how == bound::above;
  if (a.how != bound::exactly && b.how != bound::exactly) return low_a != low_b || a.value == b.value;
  return a.how == bound::exactly ? inside(a, b) : inside(b, a);
}

std::vector<quantity> quantities_of(std::string_view text) { return scanner(text).all(); }

}  // namespace changtong::claims
