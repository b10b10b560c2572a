#include "daemon/claims/document.h"

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/core/utf8.h"

namespace changtong::claims {
namespace {

constexpr std::array<std::string_view, 6> marks{"，", "；", "：", "。", "！", "？"};
constexpr std::array<std::string_view, 3> full_stops{"。", "！", "？"};
constexpr std::string_view numerals = "一二三四五六七八九十";
constexpr std::size_t longest_heading = 40, longest_title = 24;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool latin(char c) { return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::uint32_t code_point(std::string_view s, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  if (length == 2) return (byte(0) & 0x1fU) << 6 | (byte(1) & 0x3fU);
  if (length == 3) return (byte(0) & 0x0fU) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
  if (length == 4) return 0x10000;
  return byte(0);
}

bool blank(std::uint32_t c) {
  return c == ' ' || c == '\r' || c == '\f' || c == '\v' || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200f) ||
         c == 0xfeff;
}

/** The Chinese mark for a half-width one; empty for other characters. */
std::string_view chinese_mark(std::uint32_t c) {
  switch (c) {
    case ',':
      return "，";
    case ':':
      return "：";
    case ';':
    case '\t':
    case '|':
      return "；";
    case '!':
      return "！";
    case '?':
      return "？";
    default:
      return {};
  }
}

/** One line in one form; `origin` counts from the beginning of the report. */
struct plain_line {
  std::string text;
  std::vector<std::uint32_t> origin;
  void add(std::string_view bytes, std::size_t at) {
    text += bytes;
    origin.insert(origin.end(), bytes.size(), static_cast<std::uint32_t>(at));
  }
};

plain_line in_one_form(std::string_view report, std::size_t from, std::size_t to) {
  plain_line out;
  bool gap = false;
  for (std::size_t i = from; i < to;) {
    const std::size_t n = std::max<std::size_t>(1, utf8_length(report.substr(i, to - i)));
    std::uint32_t c = code_point(report.substr(i, n), n);
    const std::size_t at = i;
    i += n;
    if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
    if (c == 0xff5c) c = '|';
    if (blank(c)) {
      gap = true;
      continue;
    }
    const char last = out.text.empty() ? '\0' : out.text.back();
    const bool before_digit = i < to && digit(report[i]);
    // "1. 2023 年" is number and text, "1.2023" would be a decimal
    if (c < 0x80 && latin(static_cast<char>(c)) && gap && (latin(last) || last == '.')) out.add(" ", at);
    gap = false;
    const std::string_view mark = chinese_mark(c);
    const bool inside_number = (c == ',' || c == ':') && digit(last) && before_digit;
    if (!mark.empty() && !inside_number)
      out.add(mark, at);
    else if (c < 0x80)
      out.add(std::string_view(std::array{static_cast<char>(c)}.data(), 1), at);
    else
      out.add(report.substr(at, n), at);
  }
  return out;
}

struct number_mark {
  int level = 0;
  std::size_t bytes = 0;
  std::string text;
};

std::size_t run_of_numerals(std::string_view t, std::size_t from) {
  std::size_t at = from;
  const auto numeral = [&](std::size_t i) {
    const std::size_t found = i + 3 <= t.size() ? numerals.find(t.substr(i, 3)) : std::string_view::npos;
    return found != std::string_view::npos && found % 3 == 0;
  };
  while (at - from < 9 && numeral(at)) at += 3;
  return at;
}

std::size_t run_of_digits(std::string_view t, std::size_t from) {
  std::size_t at = from;
  while (at < t.size() && digit(t[at]) && at - from < 2) ++at;
  return at;
}

/** 12月…, 2024年…: behind 6. no digits of a decimal. */
bool is_date(std::string_view t) {
  const std::size_t n = std::min(t.find_first_not_of("0123456789"), t.size());
  return (n > 0 && n <= 2 && t.substr(n).starts_with("月")) || (n == 4 && t.substr(n).starts_with("年"));
}

/** 一、 (一) 1. 1、 (1) ① at the beginning of a line. */
number_mark number_of(std::string_view t) {
  const std::string_view dot = "、";
  if (const std::size_t end = run_of_numerals(t, 0); end > 0 && t.substr(end).starts_with(dot))
    return {1, end + dot.size(), std::string(t.substr(0, end))};
  if (t.starts_with('(')) {
    const std::size_t chinese = run_of_numerals(t, 1), arabic = run_of_digits(t, 1);
    const std::size_t end = std::max(chinese, arabic);
    if (end > 1 && end < t.size() && t[end] == ')')
      return {chinese > 1 ? 2 : 4, end + 1, std::string(t.substr(0, end + 1))};
  }
  if (const std::size_t end = run_of_digits(t, 0); end > 0 && end < t.size()) {
    if (t.substr(end).starts_with(dot)) return {3, end + dot.size(), std::string(t.substr(0, end))};
    if (t[end] == '.' && (!(end + 1 < t.size() && digit(t[end + 1])) || is_date(t.substr(end + 1))))
      return {3, end + 1, std::string(t.substr(0, end))};
  }
  if (t.size() >= 3 && t.substr(0, 3) >= "①" && t.substr(0, 3) <= "⑳") return {5, 3, std::string(t.substr(0, 3))};
  return {};
}

bool ends_in_mark(std::string_view t) {
  return std::ranges::any_of(marks, [&](std::string_view m) { return t.ends_with(m); }) || t.ends_with("…") ||
         t.ends_with("”") || t.ends_with("》");
}

/** Whether the sentence of this line goes on in the next one: long or already parted by marks, and not ended. */
bool goes_on(std::string_view t, bool numbered) {
  if (t.empty() || t.ends_with(')')) return false;
  const bool parted =
      std::ranges::any_of(marks, [&](std::string_view m) { return t.find(m) != std::string_view::npos; });
  if (t.ends_with("，") || t.ends_with("、")) return true;
  return !ends_in_mark(t) && (numbered ? parted && length_of(t) > longest_heading : parted && length_of(t) > 20);
}

/** At 。！？; what is longer than any sentence that people write is cut, so that no text costs more than its length. */
std::vector<stretch> sentences_of(std::string_view t) {
  constexpr std::size_t long_sentence = 2000, longest_sentence = 8000;
  std::vector<stretch> out;
  std::size_t from = 0;
  for (std::size_t i = 0; i < t.size(); i += char_bytes(t, i)) {
    const auto stop = std::ranges::find_if(full_stops, [&](std::string_view m) { return t.substr(i).starts_with(m); });
    const bool full = stop != full_stops.end();
    const bool cut = i - from > longest_sentence || (i - from > long_sentence && is_mark(t, i));
    if (!full && !cut) continue;
    if (i > from) out.push_back({from, i});
    from = full ? i + stop->size() : is_mark(t, i) ? i + char_bytes(t, i) : i;
  }
  if (from < t.size()) out.push_back({from, t.size()});
  return out;
}

/** The name that a numbered paragraph gives itself: all of a heading, or what stands before the first mark. */
std::string own_title(const paragraph& p) {
  const std::size_t colon = std::min(p.text.find("："), p.text.find("。"));
  const std::string_view name = std::string_view(p.text).substr(0, colon);
  if (colon == std::string::npos && !p.heading) return {};
  return name.find("，") == std::string_view::npos && length_of(name) <= (p.heading ? longest_heading : longest_title)
             ? std::string(name)
             : std::string();
}

class outline {
 public:
  void place(paragraph& p, const number_mark& n) {
    if (n.level > 0) {
      for (std::size_t i = level(n); i < numbers_.size(); ++i) numbers_[i].clear(), titles_[i].clear();
      numbers_[level(n)] = n.text;
      titles_[level(n)] = own_title(p);
    }
    for (std::size_t i = 1; i < numbers_.size(); ++i) {
      p.place += numbers_[i];
      if (!titles_[i].empty()) p.titles.push_back(titles_[i]);
    }
    p.goals = tells_goals(p);
  }

 private:
  static std::size_t level(const number_mark& n) { return static_cast<std::size_t>(n.level); }

  [[nodiscard]] static bool tells_goals(const paragraph& p) {
    const auto goal =
        std::ranges::find_if(p.titles, [](const std::string& t) { return has_any(t, words().of("goal titles")); });
    return goal != p.titles.end() && std::none_of(p.titles.begin(), p.titles.end(), [](const std::string& t) {
             return has_any(t, words().of("result titles"));
           });
  }

  std::array<std::string, 6> numbers_, titles_;
};

std::optional<int> year_in(std::string_view t) {
  for (std::size_t at = t.find("年"); at != std::string_view::npos; at = t.find("年", at + 1))
    if (at >= 4 &&
        std::all_of(t.begin() + static_cast<std::ptrdiff_t>(at) - 4, t.begin() + static_cast<std::ptrdiff_t>(at),
                    digit) &&
        (t.substr(at - 4, 2) == "20" || t.substr(at - 4, 2) == "19"))
      return (t[at - 4] - '0') * 1000 + (t[at - 3] - '0') * 100 + (t[at - 2] - '0') * 10 + (t[at - 1] - '0');
  return std::nullopt;
}

/** Of a report whose title names no year: the latest of those in its text; one alone where nothing is compared with it.
 */
int latest_year(const written_report& r) {
  static const word_list compared{"比", "较", "与", "自", "从", "由"};
  int latest = 0, first = 0;
  bool several = false, alone = true;
  for (const paragraph& p : r.paragraphs)
    for (std::size_t at = 0, end = 0; (end = p.text.find("年", at)) != std::string::npos; at = end + 3) {
      const auto y = year_in(std::string_view(p.text).substr(at, end + 3 - at));
      if (!y) continue;
      first = first == 0 ? *y : first;
      several |= *y != first;
      const std::string_view before = std::string_view(p.text).substr(0, end - 4);
      constexpr std::ptrdiff_t beginning = 3;  // paragraphs
      alone &= (*y != first || latest > 0 || &p - r.paragraphs.data() < beginning) &&
               std::ranges::none_of(compared, [&](const std::string& w) { return before.ends_with(w); });
      latest = std::max(latest, *y);
    }
  return several || alone ? latest : 0;
}

void read_title(written_report& r) {
  for (std::size_t i = 0; i < std::min<std::size_t>(r.paragraphs.size(), 8) && r.title.empty(); ++i) {
    const paragraph& p = r.paragraphs[i];
    if (p.level == 0 && length_of(p.text) <= 60 && (has(p.text, "报告") || has(p.text, "自评") || has(p.text, "评价")))
      r.title = p.text;
  }
  r.year = year_in(r.title).value_or(0);
  if (r.year == 0) r.year = latest_year(r);
  std::string name = r.title;
  for (const std::string_view cut : {"关于", "年度", "年"})
    if (const auto at = name.find(cut); at != std::string::npos && at < 8) name.erase(0, at + cut.size());
  for (const std::string_view cut : {"20", "支出绩效", "绩效", "自评", "评价报告", "情况", "报告"})
    if (const auto at = name.find(cut); at != std::string::npos) name.erase(at);
  r.project = length_of(name) >= 4 ? name : std::string();
}

bool has_bars(std::string_view line) { return has(line, "\t") || has(line, "|"); }

/** Whether a line is a row of cells: parted by tabs or bars, or twice by several blanks, as rows of a PDF are. The
 * latter are no sentences; which column each cell stands in would be a guess. */
bool is_row(std::string_view line) {
  std::size_t gaps = 0, from = std::min(line.find_first_not_of(' '), line.size());
  for (std::size_t at = from; (at = line.find("  ", at)) != line.npos; ++gaps) {
    at = line.find_first_not_of(" \r", at);
    if (at == line.npos) break;
  }
  return has_bars(line) || gaps > 1;
}

}  // namespace

bool is_mark(std::string_view text, std::size_t at) {
  return std::ranges::any_of(marks, [&](std::string_view m) { return text.substr(at).starts_with(m); });
}

int written_report::line(const paragraph& p, std::size_t at) const {
  const auto next = std::ranges::upper_bound(line_starts, p.origin[std::min(at, p.origin.size() - 1)]);
  return static_cast<int>(next - line_starts.begin());
}

std::string written_report::quote(const paragraph& p, stretch s, std::size_t keep) const {
  std::size_t from = p.origin[s.from], to = p.origin[s.to];
  const auto wanted = static_cast<std::size_t>(line(p, keep));
  from = std::max<std::size_t>(from, line_starts[wanted - 1]);
  if (wanted < line_starts.size()) to = std::min<std::size_t>(to, line_starts[wanted] - 1);
  std::string_view text = std::string_view(source).substr(from, to > from ? to - from : 0);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) text.remove_suffix(1);
  while (text.ends_with("\xe3\x80\x80")) text.remove_suffix(3);
  return std::string(text);
}

std::string in_one_form(std::string_view line) { return in_one_form(line, 0, line.size()).text; }

std::string_view written_report::source_line(int line) const {
  const auto n = static_cast<std::size_t>(line);
  if (n == 0 || n > line_starts.size()) return {};
  const std::size_t from = line_starts[n - 1], to = n < line_starts.size() ? line_starts[n] - 1 : source.size();
  std::string_view text = std::string_view(source).substr(from, to - from);
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

written_report read_report(std::string_view text) {
  written_report r{
      .source = std::string(text), .paragraphs = {}, .title = {}, .project = {}, .year = 0, .line_starts = {}};
  outline place;
  bool open = false;
  int sheet = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    r.line_starts.push_back(static_cast<std::uint32_t>(from));
    constexpr std::string_view end_of_sheet = "\x1d";
    if (text.substr(from, to - from) == end_of_sheet) {
      ++sheet, open = false, from = to + 1;
      continue;
    }
    plain_line line = in_one_form(text, from, to);
    const bool table = is_row(text.substr(from, to - from));
    from = to + 1;
    if (line.text.empty()) continue;
    number_mark n = table ? number_mark{} : number_of(line.text);
    if (open && n.level == 0 && !table) {
      paragraph& p = r.paragraphs.back();
      p.origin.pop_back();
      p.text += line.text;
      p.origin.insert(p.origin.end(), line.origin.begin(), line.origin.end());
    } else {
      paragraph& p = r.paragraphs.emplace_back();
      if (line.text.substr(n.bytes).starts_with(' ')) ++n.bytes;
      p.level = n.level;
      p.sheet = sheet;
      p.table = table;
      p.text = line.text.substr(n.bytes);
      p.origin.assign(line.origin.begin() + static_cast<std::ptrdiff_t>(n.bytes), line.origin.end());
      p.heading = n.level > 0 && p.text.find("。") == std::string::npos && length_of(p.text) <= longest_heading &&
                  !ends_in_mark(p.text);
      place.place(p, n);
    }
    r.paragraphs.back().origin.push_back(static_cast<std::uint32_t>(to));
    open = !table && goes_on(r.paragraphs.back().text, r.paragraphs.back().level > 0);
  }
  for (paragraph& p : r.paragraphs) p.sentences = sentences_of(p.text);
  for (std::size_t i = 0; i < r.paragraphs.size(); ++i)
    if (const paragraph& p = r.paragraphs[i]; p.table && (i == 0 || !r.paragraphs[i - 1].table))
      r.tables += has_bars(r.source_line(r.line(p, 0))) ? 1 : 0;
  read_title(r);
  return r;
}

}  // namespace changtong::claims
