#include "daemon/claims/naming.h"

#include <algorithm>

namespace changtong::claims {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/** Whether the characters of `part` stand in `whole` in this order. */
bool runs_through(std::string_view part, std::string_view whole) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < part.size(); i += char_bytes(part, i)) {
    const std::string_view c = part.substr(i, char_bytes(part, i));
    const std::size_t found = whole.find(c, at);
    if (found == std::string_view::npos) return false;
    at = found + c.size();
  }
  return true;
}

}  // namespace

void strip_front(std::string_view& text, const word_list& list) {
  for (bool more = true; more && !text.empty();) {
    std::size_t longest = 0;
    for (const std::string& w : list)
      if (text.starts_with(w) && text.size() > w.size()) longest = std::max(longest, w.size());
    more = longest > 0;
    text.remove_prefix(longest);
  }
}

void strip_back(std::string_view& text, const word_list& list) {
  for (bool more = true; more && !text.empty();) {
    std::size_t longest = 0;
    for (const std::string& w : list)
      if (text.ends_with(w) && text.size() > w.size()) longest = std::max(longest, w.size());
    more = longest > 0;
    text.remove_suffix(longest);
  }
}

void strip_dates(std::string_view& text) {
  for (bool more = true; more;) {
    more = false;
    std::string_view t = text;
    for (const std::string_view w : {"截至", "截止", "至", "到", "于"})
      if (t.starts_with(w)) t.remove_prefix(w.size());
    std::size_t n = 0;
    while (n < t.size() && digit(t[n])) ++n;
    for (const std::string_view w : {"年度", "年底", "年末", "年", "月底", "月份", "月", "日"})
      if (n > 0 && t.substr(n).starts_with(w)) {
        text = t.substr(n + w.size());
        for (const std::string_view end : {"底", "末", "前", "止"})
          if (text.starts_with(end)) text.remove_prefix(end.size());
        more = true;
        break;
      }
  }
}

void strip_number(std::string_view& text) {
  const bool bracket = text.starts_with('(');
  std::size_t n = bracket ? 1 : 0;
  while (n < text.size() && digit(text[n]) && n < 3) ++n;
  if (n == (bracket ? 1U : 0U) || n + 1 >= text.size()) return;
  if (text[n] == (bracket ? ')' : '.') && !digit(text[n + 1])) text.remove_prefix(n + 1);
}

std::string_view trimmed_marks(std::string_view t) {
  for (const std::string_view m : {"“", "”", "、", "《", "》", ")", "("}) {
    while (t.starts_with(m)) t.remove_prefix(m.size());
    while (t.ends_with(m)) t.remove_suffix(m.size());
  }
  return t;
}

std::string narrowing(std::string_view name, const written_report& report, const office_words& words) {
  std::string rest(name);
  if (!report.project.empty())
    if (const std::size_t at = rest.find(report.project); at != std::string::npos)
      rest.erase(at, report.project.size());
  std::string_view t = rest;
  for (std::size_t size = std::string_view::npos; size != t.size();) {
    size = t.size();
    strip_dates(t);
    strip_front(t, words.money_prefixes);
    strip_front(t, words.leads);
    for (const std::string& w : words.money_prefixes)
      if (t == w) t = {};
    for (const std::string& w : words.leads)
      if (t == w) t = {};
  }
  if (!t.empty() && 2 * length_of(t) >= length_of(report.project) && runs_through(t, report.project)) return {};
  return std::string(t);
}

}  // namespace changtong::claims
