#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/core/exact.h"
#include "daemon/core/html.h"
#include "daemon/report/document.h"
#include "daemon/report/report_charts.h"

namespace changtong::report {
namespace {

__extension__ using wide = __int128;

using evaluate::month_mark;

constexpr std::int64_t whole = 100'000'000;  // 100 % in millionths of a percent

/** part/all in millionths of a percent, truncated. */
std::int64_t share(milliseconds part, milliseconds all) {
  return all.count() <= 0 ? 0 : static_cast<std::int64_t>(wide{part.count()} * whole / all.count());
}

struct bounds {
  std::int64_t value, lower, upper;
};

/** None where nothing was seen up or down. */
std::optional<bounds> bounds_of(const availability::seconds& s) {
  if ((s.up + s.down).count() <= 0) return std::nullopt;
  const milliseconds all = s.up + s.down + s.unknown;
  return bounds{share(s.up, s.up + s.down), share(s.up, all), share(s.up + s.unknown, all)};
}

std::vector<std::string> distinct(const std::vector<month_mark>& months, std::string month_mark::* field) {
  std::vector<std::string> out;
  for (const month_mark& m : months)
    if (std::find(out.begin(), out.end(), m.*field) == out.end()) out.push_back(m.*field);
  return out;
}

const month_mark* find(const std::vector<month_mark>& months, const std::string& month, const std::string& category) {
  const auto m = std::find_if(months.begin(), months.end(),
                              [&](const month_mark& x) { return x.month == month && x.category == category; });
  return m == months.end() ? nullptr : &*m;
}

std::string title_of(const std::vector<month_mark>& months, const std::string& category) {
  for (const month_mark& m : months)
    if (m.category == category) return m.category_title.empty() ? category : m.category_title;
  return category;
}

/** "2026-07" -> "7月". */
std::string month_name(const std::string& month) {
  if (month.size() != 7) return safe_text(month);
  return fmt::format("{}月", month[5] == '0' ? month.substr(6) : month.substr(5));
}

/** The highest of these floors under the lowest bound. */
std::int64_t floor_of(const std::vector<month_mark>& months) {
  std::int64_t least = whole;
  for (const month_mark& m : months)
    if (const auto b = bounds_of(m.sums)) least = std::min(least, b->lower);
  for (const std::int64_t f :
       {99'900'000, 99'500'000, 99'000'000, 98'000'000, 95'000'000, 90'000'000, 80'000'000, 50'000'000})
    if (least >= f) return f;
  return 0;
}

std::string percent(std::int64_t millionths) { return shortest(exact(millionths) / 1'000'000) + "%"; }

/** The plot: 720 x 320, the frame from (70, 20) to (700, 240). */
class plot {
 public:
  explicit plot(const std::vector<month_mark>& marks)
      : marks_(marks),
        months_(distinct(marks, &month_mark::month)),
        categories_(distinct(marks, &month_mark::category)),
        floor_(floor_of(marks)) {}

  std::string drawn() {
    const std::size_t legend_rows = (categories_.size() + 3) / 4;
    out_ =
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {}\" role=\"img\" class=\"months\">\n",
                    300 + 20 * legend_rows);
    axes();
    for (std::size_t c = 0; c < categories_.size(); ++c) series(c);
    legend();
    return out_ + "</svg>\n";
  }

 private:
  [[nodiscard]] double x(std::size_t month, std::size_t category) const {
    const double step = 630.0 / static_cast<double>(months_.size());
    const double beside = std::min(7.0, step / static_cast<double>(categories_.size() + 1));
    return 70 + step * (static_cast<double>(month) + 0.5) +
           beside * (static_cast<double>(category) - static_cast<double>(categories_.size() - 1) / 2);
  }
  [[nodiscard]] double y(std::int64_t value) const {
    return 240 - 220.0 * static_cast<double>(std::max(value, floor_) - floor_) / static_cast<double>(whole - floor_);
  }

  void axes() {
    for (int i = 0; i <= 4; ++i) {
      const std::int64_t value = floor_ + (whole - floor_) / 4 * i;
      out_ += fmt::format(
          "<line x1=\"70\" x2=\"700\" y1=\"{0:.1f}\" y2=\"{0:.1f}\" stroke=\"#c8ccd2\"/>"
          "<text x=\"64\" y=\"{1:.1f}\" text-anchor=\"end\">{2}</text>\n",
          y(value), y(value) + 4, percent(value));
    }
    for (std::size_t m = 0; m < months_.size(); ++m)
      out_ += fmt::format("<text x=\"{:.1f}\" y=\"258\" text-anchor=\"middle\">{}</text>\n",
                          70 + 630.0 / static_cast<double>(months_.size()) * (static_cast<double>(m) + 0.5),
                          month_name(months_[m]));
    out_ += fmt::format("<text x=\"70\" y=\"278\" class=\"axis\">{}浅色竖条为未观测时间可能造成的范围。</text>\n",
                        floor_ == 0 ? "" : fmt::format("纵轴从{}起，不从0起；", percent(floor_)));
  }

  void mark(double cx, double cy, std::size_t category) {
    const std::string& colour = colour_of(category);
    switch (category % 4) {  // shapes tell the series apart where colours do not
      case 0:
        out_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>", cx, cy, colour);
        break;
      case 1:
        out_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"7\" height=\"7\" fill=\"{}\"/>", cx - 3.5,
                            cy - 3.5, colour);
        break;
      case 2:
        out_ += fmt::format("<path d=\"M{0:.1f} {1:.1f}l4.5 8h-9z\" fill=\"{2}\"/>", cx, cy - 5, colour);
        break;
      default:
        out_ += fmt::format("<path d=\"M{0:.1f} {1:.1f}l5 5l-5 5l-5 -5z\" fill=\"{2}\"/>", cx, cy - 5, colour);
    }
  }

  void series(std::size_t c) {
    std::string line, bars;
    std::vector<std::pair<double, double>> points;
    bool drawing = false;
    for (std::size_t m = 0; m < months_.size(); ++m) {
      const month_mark* found = find(marks_, months_[m], categories_[c]);
      const auto b = found != nullptr ? bounds_of(found->sums) : std::nullopt;
      if (b) {
        line += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x(m, c), y(b->value));
        bars += fmt::format("<line class=\"unknown\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>",
                            x(m, c), y(b->lower), y(b->upper));
        points.emplace_back(x(m, c), y(b->value));
      }
      drawing = b.has_value();  // a month without figures breaks the line
    }
    out_ += fmt::format(
        "<g stroke=\"{0}\" stroke-width=\"5\" stroke-opacity=\"0.35\">{1}</g>"
        "<path d=\"{2}\" fill=\"none\" stroke=\"{0}\" stroke-width=\"1.2\"/>",
        colour_of(c), bars, line.empty() ? "M0 0" : line);
    for (const auto& [px, py] : points) mark(px, py, c);
    out_ += '\n';
  }

  void legend() {
    for (std::size_t c = 0; c < categories_.size(); ++c) {
      const double left = 76 + 158.0 * static_cast<double>(c % 4),
                   top = 300 + 20.0 * std::floor(static_cast<double>(c) / 4);
      mark(left, top - 4, c);
      out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", left + 10, top,
                          safe_text(title_of(marks_, categories_[c])));
    }
  }

  static const std::string& colour_of(std::size_t category) {
    static const std::array<std::string, 6> colours{"#1f5fa8", "#c0392b", "#2e8b57", "#b8860b", "#6a3d9a", "#444444"};
    return colours.at(category % colours.size());
  }

  const std::vector<month_mark>& marks_;
  std::vector<std::string> months_, categories_;
  std::int64_t floor_;
  std::string out_;
};

std::string figure(const month_mark* m) {
  if (m == nullptr || (m->sums.up + m->sums.down).count() <= 0) return "—";
  const availability::seconds& s = m->sums;
  const milliseconds all = s.up + s.down + s.unknown;
  const bool bound = s.down.count() == 0 && s.unknown.count() > 0;
  const std::string text = bound ? "≥" + availability::truncated_percent(s.up.count(), all.count(), 4)
                                 : availability::truncated_percent(s.up.count(), (s.up + s.down).count(), 4);
  return text + (s.unknown.count() * 100 > all.count() ? "†" : "");
}

}  // namespace

std::string safe_text(std::string_view text) { return html_text(plain(text)); }

std::string months_chart(const std::vector<month_mark>& months) {
  return months.empty() ? std::string() : plot(months).drawn();
}

std::string months_table(const std::vector<month_mark>& months) {
  if (months.empty()) return {};
  const auto categories = distinct(months, &month_mark::category);
  constexpr std::string_view middle = "style=\"text-align:center\"";
  std::string out = "<table class=\"figures\">\n<colgroup>";
  for (std::size_t i = 0; i <= categories.size(); ++i)
    out += fmt::format("<col style=\"width:{}%\"/>", 100 / (categories.size() + 1));
  out += fmt::format("</colgroup>\n<thead><tr><th {}>月份</th>", middle);
  for (const std::string& c : categories) out += fmt::format("<th {}>{}</th>", middle, safe_text(title_of(months, c)));
  out += "</tr></thead>\n<tbody>\n";
  for (const std::string& month : distinct(months, &month_mark::month)) {
    out += fmt::format("<tr><td {}>{}</td>", middle, month_name(month));
    for (const std::string& c : categories)
      out += fmt::format("<td {}>{}</td>", middle, figure(find(months, month, c)));
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

}  // namespace changtong::report
