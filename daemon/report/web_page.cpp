#include "daemon/report/web_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/html.h"
#include "daemon/report/embedded.h"

namespace changtong::report {
namespace {

/** For text that no cell made safe. */
std::string safe(std::string_view text) { return html_text(plain(text)); }

void write(std::string& out, const table& t) {
  if (!t.title.empty()) out += fmt::format("<h3>{}</h3>\n", safe(t.title));
  if (t.rows.empty()) {
    out += fmt::format("<p class=\"note\">{}</p>\n", safe(t.if_empty));
    return;
  }
  constexpr std::size_t many = 14;  // columns that fill a sheet of A4 across
  out += t.columns.size() > many ? "<div class=\"wide\"><table class=\"many\">" : "<div class=\"wide\"><table>";
  out += "\n<thead><tr>";
  for (const heading& h : t.columns) out += fmt::format("<th>{}</th>", safe(h.text));
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : t.rows) {
    out += "<tr>";
    for (const cell& c : row) {
      constexpr std::size_t brief = 30;  // bytes: ten Chinese characters; wrapping less makes digits hard to read
      const bool number = c.what != cell::kind::text && c.what != cell::kind::blank;
      out += number ? "<td class=\"n\">" : c.text.size() <= brief ? "<td class=\"s\">" : "<td>";
      out += html_text(c.text);
      out += "</td>";
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void write_bars(std::string& out, const sheet& s) {
  if (s.bars.empty()) return;
  constexpr int step = 22, left = 110, most = 560;
  const int height = step * static_cast<int>(s.bars.size()) + 6;
  out +=
      fmt::format("<h3>{}</h3>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"{}\" role=\"img\">\n",
                  safe(s.bars_title), height);
  int top = 2;
  for (const bar& b : s.bars) {
    const double width = std::clamp(b.length, 0.0, 1.0) * most;
    out += fmt::format(
        "<text x=\"0\" y=\"{0}\">{1}</text><rect x=\"{2}\" y=\"{3}\" width=\"{4:.1f}\" height=\"14\" fill=\"#c0504d\"/>"
        "<text x=\"{5:.1f}\" y=\"{0}\">{6}</text>\n",
        top + 14, safe(b.label), left, top + 3, width, left + width + 6, safe(b.text));
    top += step;
  }
  out += "</svg>\n";
}

}  // namespace

std::string write_web_page(const document& d) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
      "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>{}</h1>\n<nav>",
      d.language, safe(d.title), document_css(), safe(d.title));
  for (std::size_t i = 0; i < d.sheets.size(); ++i)
    out += fmt::format("<a href=\"#s{}\">{}</a>", i, safe(d.sheets[i].name));
  out += "</nav>\n";
  for (std::size_t i = 0; i < d.sheets.size(); ++i) {
    const sheet& s = d.sheets[i];
    out += fmt::format("<h2 id=\"s{}\">{}</h2>\n", i, safe(s.name));
    for (const std::string& n : s.notes) out += fmt::format("<p class=\"note\">{}</p>\n", safe(n));
    write_bars(out, s);
    for (const table& t : s.tables) write(out, t);
  }
  return out + "</body>\n</html>\n";
}

}  // namespace changtong::report
