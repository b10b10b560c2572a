// The grade that a report gives itself beside its points: by the scale that it tells, or that of the ministry.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

constexpr std::array<std::string_view, 7> names{"优", "良", "中", "一般", "合格", "较差", "差"};

/** The grade that a text begins with, behind 为 and quotation marks: 优 of “优秀”; empty for none. */
std::string_view grade_at(std::string_view t) {
  static const word_list marks{"为", "是", "：", "“", "\"", "‘", "「", "的", "等级"};
  for (std::size_t before = t.size() + 1; before != t.size();) {
    before = t.size();
    for (const std::string& m : marks)
      if (t.starts_with(m)) t.remove_prefix(m.size());
  }
  const auto* n = std::ranges::find_if(names, [&](std::string_view w) { return t.starts_with(w); });
  return n == names.end() ? std::string_view() : *n;
}

/** From how many points on a grade is given. */
using scale = std::vector<std::pair<exact, std::string_view>>;

/** 90(含)—100分为优，80(含)—90分为良，60分以下为差: a paragraph with three grades behind figures of points. */
scale scale_in(std::string_view t) {
  scale out;
  for (std::size_t at = t.find("为"); at != t.npos; at = t.find("为", at + 3)) {
    const std::string_view grade = grade_at(t.substr(at));
    std::size_t from = at;
    constexpr std::size_t longest = 90;  // bytes
    while (from > 0 && at - from < longest &&
           !(from >= 3 && (is_mark(t, from - 3) || t.substr(from - 3).starts_with("、"))))
      --from;
    const auto figures = quantities_of(t.substr(from, at - from));
    if (grade.empty() || figures.empty() || figures.back().what != measure::score) continue;
    constexpr std::size_t most = 2;  // figures of one grade: its ends
    exact low = figures.back().value;
    for (std::size_t i = figures.size() - std::min(figures.size(), most); i < figures.size(); ++i)
      low = std::min(low, figures[i].value);
    const bool lowest = figures.back().how == bound::at_most || figures.back().how == bound::below;
    out.emplace_back(lowest && figures.size() == 1 ? exact(0) : low, grade);
  }
  std::ranges::sort(out, std::greater<>());
  return out.size() >= 3 ? out : scale();
}

std::string_view grade_of(const scale& s, const exact& points) {
  const auto row = std::ranges::find_if(s, [&](const auto& one) { return points >= one.first; });
  return row == s.end() ? std::string_view() : row->second;
}

/** Not a scale of satisfaction, or one with open ends (90分(不含)以上, 大于90分), of which it is not known what is at
 * them. */
bool of_the_report(std::string_view t) {
  return !has_any(t, words().of("other scales")) || has_any(t, words().of("grade words"));
}
bool open_ended(std::string_view t) {
  return has(t, "不含") || std::ranges::any_of(quantities_of(t), [](const quantity& q) {
           return q.how == bound::above && q.what == measure::score;
         });
}

/** The grade that stands behind points, in what is quoted: 86分。…评价结果为优秀; empty for none. */
std::string_view grade_behind(const inspection& r, const claim& points, claim& quoted) {
  constexpr std::size_t near_by = 80 * 3;  // characters; bytes
  const std::string_view t =
      std::string_view(r.report.paragraphs[points.paragraph].text).substr(points.what.at.to, near_by + near_by / 4);
  std::size_t nearest = near_by;
  std::string_view grade;
  for (const std::string& w : words().of("grade words"))
    if (const std::size_t at = t.find(w); at < nearest) nearest = at, grade = grade_at(t.substr(at + w.size()));
  std::size_t end = grade.empty() ? 0 : t.find(grade, nearest) + grade.size();
  for (const std::string_view rest : {"秀", "好", "等", "”"})  // 优秀”
    if (end > 0 && t.substr(end).starts_with(rest)) end += rest.size();
  quoted.words.to = std::max(quoted.words.to, points.what.at.to + end);
  return grade;
}

}  // namespace

void grades(inspection& r) {
  static const scale of_ministry{{90, "优"}, {80, "良"}, {60, "中"}, {0, "差"}};  // 财预〔2020〕10号
  std::vector<scale> told;
  for (const paragraph& p : r.report.paragraphs)
    if (scale s = scale_in(p.text); !s.empty() && of_the_report(p.text)) told.push_back(std::move(s));
  if (told.size() > 1 || std::ranges::any_of(r.report.paragraphs, [](const paragraph& p) {
        return !scale_in(p.text).empty() && open_ended(p.text);
      }))
    return;  // of the report, and of something else; or whose ends are open
  const scale& by = told.empty() ? of_ministry : told.front();
  for (const claim& c : r.claims) {
    if (!is_score(c) || is_lost(c) || c.inside || c.what.value > 100 || c.earlier || !c.time.empty() ||
        !has_any(c.before, words().of("total scores")))
      continue;
    claim quoted = c;
    const std::string_view grade = grade_behind(r, c, quoted), wanted = grade_of(by, c.what.value);
    const bool known = std::ranges::any_of(by, [&](const auto& one) { return one.second == grade; });
    if (!known || wanted.empty() || grade == wanted) continue;  // of another scale, or right
    r.tell("score/grade", told.empty() ? strength::ask : strength::sure, {&quoted},
           fmt::format("{} 的等级{}是“{}”，写“{}”。", printed(r, c),
                       told.empty() ? "按财预〔2020〕10号" : "按本报告的分档", wanted, grade));
  }
}

}  // namespace changtong::claims
