#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

/** A word of one edition among those of the other, with the heading that uses the other one. */
void mixed_editions(inspection& r, std::size_t i, stretch clause, std::string_view list) {
  const bool of_2020 = list.find("决策") != std::string_view::npos,
             of_2013 = list.find("投入") != std::string_view::npos;
  const bool effect = list.find("效果") != std::string_view::npos,
             benefit = list.find("效益") != std::string_view::npos;
  std::string_view wrong, right;
  if (of_2020 && effect && !benefit) wrong = "效果", right = "效益";
  if (of_2013 && benefit && !effect) wrong = "效益", right = "效果";
  if (wrong.empty()) {
    if (effect == benefit) return;
    wrong = effect ? "效果" : "效益";
    right = effect ? "效益" : "效果";
  }
  std::vector<passage> at{inspection::all_of(i, clause)};
  for (std::size_t k = 0; k < r.report.paragraphs.size(); ++k) {
    const paragraph& p = r.report.paragraphs[k];
    if (!p.heading || p.level > 2 || p.text.find(right) == std::string::npos || p.part == chapter::method) continue;
    at.push_back(inspection::all_of(k, {0, p.text.size()}));
    break;
  }
  const bool heading = at.size() > 1;
  const bool mixed = (of_2020 && wrong == "效果") || (of_2013 && wrong == "效益");
  if (!heading && !mixed) return;
  const std::string_view first = of_2013 ? "投入" : "决策";
  r.tell("unit/word", strength::sure, std::move(at),
         mixed ? fmt::format("“{}”与“{}”出自不同版本的指标框架（投入—效果，决策—效益），不能并列。", first, wrong)
               : fmt::format("一级指标称“{}”，分析部分的标题却称“{}”。", wrong, right));
}

/** Words of a whole department's evaluation in one of a project: one finding for all, with the first three places. */
void department_words(inspection& r) {
  if (r.report.title.find("项目") == std::string::npos || has_any(r.report.title, r.words.department_words)) return;
  std::vector<passage> at{title_of(r)};
  for (std::size_t i = 0; i < r.report.paragraphs.size() && at.size() < 4; ++i) {
    const paragraph& p = r.report.paragraphs[i];
    for (const stretch& s : p.sentences)
      for (const stretch& c : clauses(p, s))
        if (has_any(p.words(c), r.words.department_words) && !has_any(p.words(c), r.words.last_year_words) &&
            at.size() < 4)
          at.push_back({i, c, c.from});
  }
  if (at.size() > 1)
    r.tell("claim/claim", strength::sure, std::move(at), "这是项目绩效评价，却套用了部门整体支出绩效评价的框架。");
}

bool names_a_year_before(const inspection& r, std::string_view t) {
  if (has_any(t, r.words.last_year_words)) return true;
  return r.report.year > 0 && (t.find(std::to_string(r.report.year - 1) + "年") != std::string_view::npos ||
                               t.find(std::to_string(r.report.year - 2) + "年") != std::string_view::npos);
}

/** An evaluation of the year before as proof for this year. */
void last_years_proof(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    if (!tells_results(p.part) || p.part == chapter::basics) continue;
    for (const stretch& s : p.sentences)
      for (const stretch& c : clauses(p, s)) {
        const std::string_view t = p.words(c);
        if (!names_a_year_before(r, t) || t.find("绩效评价") == std::string_view::npos) continue;
        if (has_any(t, {"问题", "整改", "反馈", "结果应用"})) continue;
        r.tell("claim/claim", strength::sure, {{i, c, c.from}, title_of(r)},
               "以往年的绩效评价作为本年度项目制度执行或管理规范的依据。");
      }
  }
}

bool titled(const inspection& r, const word_list& words) {
  if (has_any(r.report.title, words)) return true;
  return std::ranges::any_of(r.report.paragraphs, [&](const paragraph& p) {
    return (p.part == chapter::goals || p.part == chapter::basics) && has_any(p.text, words);
  });
}

/** An organ's word is an object, not the speaker, where a unit of it is meant: 12 个司法所, 区生态环境局. */
bool names_a_unit(std::string_view text, std::string_view word) {
  const std::string_view behind = text.substr(text.find(word) + word.size()).substr(0, 12);
  return has_any(behind, {"局", "所", "厅", "部门", "系统", "院", "专网", "机构", "户", "学"});
}

void strangers_in(inspection& r, const foreign_words& f, std::size_t index, std::string_view text) {
  const paragraph& p = r.report.paragraphs[index];
  for (const stretch& s : p.sentences) {
    std::vector<passage> at;
    for (const stretch& c : clauses(p, s)) {
      const std::string_view t = p.words(c);
      const std::string_view word = first_of(t, f.words);
      if (word.empty() || !has_any(t, f.companions) || names_a_unit(t, word)) continue;
      if (has_any(t, r.words.borrowed_words)) continue;
      at.push_back({index, c, c.from + t.find(word)});
    }
    if (!at.empty()) r.tell("boilerplate", strength::sure, std::move(at), fmt::format(fmt::runtime(text), f.organ));
  }
}

void strangers(inspection& r, const std::vector<foreign_words>& rows, std::string_view text) {
  for (const foreign_words& f : rows) {
    if (titled(r, f.words) || titled(r, f.home)) continue;
    for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
      const paragraph& p = r.report.paragraphs[i];
      if (p.part != chapter::method && p.part != chapter::goals && !p.heading) strangers_in(r, f, i, text);
    }
  }
}

}  // namespace

void frames_of_other_editions(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    if (p.part != chapter::method && p.text.find("一级指标") == std::string::npos) continue;
    for (const stretch& s : p.sentences)
      for (const stretch& c : clauses(p, s)) {
        const std::string_view t = p.words(c);
        if (t.find("过程、产出") != std::string_view::npos) mixed_editions(r, i, c, t);
      }
  }
  department_words(r);
  last_years_proof(r);
}

void words_of_other_offices(inspection& r) {
  strangers(r, r.words.organs, "这是{}的用语，与本单位、本项目无关。");
  strangers(r, r.words.topics, "“{}”不是本项目的目标和内容，疑为套话。");
}

}  // namespace changtong::claims
