#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

bool ends_with_word(std::string_view subject, std::string_view word) {
  const std::size_t at = subject.rfind(word);
  return at != std::string_view::npos && length_of(subject.substr(at + word.size())) <= 4;
}

bool is_percent(measure m) { return m == measure::percent || m == measure::points_apart; }

/** 率 with 次, 人数 with 人次, a share above all. */
std::string wrong_unit(const inspection& r, const claim& c) {
  const std::string_view unit = c.what.unit;
  const bool rate = ends_with_word(c.subject, "率") &&
                    !has_any(c.subject, {"率指标", "频率", "效率", "功率", "税率", "速率", "率得", "率分值"});
  if (rate && !is_percent(c.what.what) && c.what.what != measure::score && c.what.what != measure::money &&
      c.what.what != measure::other)
    return fmt::format("“率”是比值，却以“{}”计数。", unit);
  if (ends_with_word(c.subject, "人数") && c.what.what == measure::person_times) return "“人数”应以人计，却写“人次”。";
  if (ends_with_word(c.subject, "人数") && c.what.what == measure::times) return "“人数”应以人计，却写“次”。";
  if (ends_with_word(c.subject, "人次") && c.what.what == measure::persons) return "“人次”与“人”不是一回事。";
  if (has_any(c.subject, {"次数", "人数", "条数", "个数", "件数"}) && c.what.what == measure::percent && !c.change &&
      !has_any(c.subject, {"占", "率", "比", "的"}))
    return "这是一个数，却以百分比表示。";
  const bool capped = has_any(c.subject, {"覆盖率", "到位率", "畅通率", "可用率", "合格率", "满意率", "满意度",
                                          "可办率", "办结率", "及时率", "整改率", "在线率", "处置率"});
  if (capped && c.what.what == measure::percent && c.what.value > 100 && !c.change)
    return fmt::format("{} 超过 100%，这类比率不可能。", printed(r, c));
  return {};
}

/** A rate's own formula, somewhere in the text. */
bool defined(const inspection& r, std::string_view name) {
  return std::ranges::any_of(r.report.paragraphs, [&](const paragraph& p) {
    const std::size_t at = p.text.find(name);
    if (at == std::string::npos) return false;
    return has_any(std::string_view(p.text).substr(at), {"除以", "÷", "计算", "统计", "公式", "监测系统", "监控日志",
                                                         "探测", "分母", "之比", "按全部", "中断时间"});
  });
}

void rates_nobody_defines(inspection& r) {
  word_list told;
  for (const claim& c : r.claims) {
    const std::string_view name = first_of(c.subject, r.words.availability_words);
    if (name.empty() || c.what.what != measure::percent || c.planned || defined(r, name)) continue;
    if (std::ranges::find(told, name) != told.end()) continue;
    told.emplace_back(name);
    const bool misfiled = std::ranges::any_of(
        r.of(c).titles, [](const std::string& t) { return t.find("社会效益") != std::string::npos; });
    r.tell("unit/word", strength::sure, {r.here(c)},
           fmt::format("“{}”没有公式、统计期、分母和数据来源{}。", name,
                       misfiled ? "；线路质量属产出质量，却列为社会效益" : ""));
  }
}

/** 365 天 of operation: days on duty, or days of service? */
void days_nobody_defines(inspection& r) {
  const bool log = std::ranges::any_of(r.report.paragraphs, [](const paragraph& p) {
    return has_any(
        p.text, {"值班日志", "值班记录", "运维日志", "运维记录", "签到", "有记录的", "保障天数", "天数按", "天数指"});
  });
  for (const claim& c : r.claims) {
    if (c.what.what != measure::days || c.what.value < 300 || c.planned) continue;
    if (!has_any(r.of(c).words(c.clause), {"保障", "运维", "值班", "服务", "运行"})) continue;
    const bool leap = (r.report.year % 4 == 0 && r.report.year % 100 != 0) || r.report.year % 400 == 0;
    if (r.report.year > 0 && c.what.value > (leap ? 366 : 365)) {
      r.tell("unit/word", strength::sure, {r.here(c)},
             fmt::format("{} 年只有 {} 天。", r.report.year, leap ? 366 : 365));
      continue;
    }
    if (log) continue;
    r.tell("unit/word", strength::sure, {r.here(c)},
           fmt::format("“{}”没有定义：是值班的天数还是服务可用的天数？也没有记录为证。", printed(r, c)));
    return;
  }
}

std::string_view whole_word(std::string_view t) { return first_of(t, {"均", "都", "全部", "全都", "一致", "全体"}); }

/** 满意率 96%，群众均表示满意: in another clause of the sentence. */
stretch clause_of_all(const paragraph& p, const claim& c) {
  for (const stretch& s : clauses(p, c.sentence)) {
    const std::string_view t = p.words(s);
    if (s.from > c.what.at.to && !whole_word(t).empty() &&
        t.find("满意", t.find(whole_word(t))) != std::string_view::npos)
      return s;
  }
  return {};
}

/** 大于95%的…均满意: a share and all of it in one sentence. */
bool all_and_share(const claim& c) {
  return c.what.what == measure::percent && c.what.value < 100 && c.object.starts_with("的") &&
         !whole_word(c.object).empty();
}

bool people_asked(const inspection& r) {
  return std::ranges::any_of(r.claims, [&](const claim& c) {
    const paragraph& p = r.of(c);
    return (c.what.unit == "份" || c.what.what == measure::persons || c.what.unit == "户" || c.what.unit == "家") &&
           has_any(p.words(c.clause),
                   {"问卷", "调查", "回访", "受访", "样本", "收回", "发放", "走访", "抽样", "访谈", "随机"});
  });
}

}  // namespace

void units_against_words(inspection& r) {
  for (const claim& c : r.claims)
    if (std::string text = wrong_unit(r, c); !text.empty())
      r.tell("unit/word", strength::sure, {r.here(c)}, std::move(text));
}

void terms_without_definition(inspection& r) {
  rates_nobody_defines(r);
  days_nobody_defines(r);
}

void satisfaction_without_sample(inspection& r) {
  const bool asked = people_asked(r);
  std::set<std::pair<std::size_t, std::size_t>> told;
  for (const claim& c : r.claims) {
    const paragraph& p = r.of(c);
    const std::string_view sentence = p.words(c.sentence);
    if (c.what.what != measure::percent || c.planned || sentence.find("满意") == std::string_view::npos) continue;
    const stretch beside = c.what.value < 100 && has_any(c.subject, {"满意"}) ? clause_of_all(p, c) : stretch{};
    const bool both = all_and_share(c) || !beside.empty();
    if (!both && (asked || !has_any(c.subject, {"满意率", "满意度"}))) continue;
    if (!told.emplace(c.paragraph, c.sentence.from).second) continue;  // 满意率 96% and 96% 的群众: once
    std::vector<passage> at{r.here(c)};
    if (!beside.empty()) at.push_back({c.paragraph, beside, beside.from});
    for (const stretch& s : p.sentences)
      for (const stretch& clause : clauses(p, s))
        if (!asked && has_any(p.words(clause), {"问卷", "访问", "走访", "调查"}) && at.size() < 2)
          at.push_back({c.paragraph, clause, clause.from});
    std::string text;
    if (both)
      text += fmt::format("“{}”与“{}”不能并存", printed(r, c),
                          whole_word(beside.empty() ? std::string_view(c.object) : p.words(beside)));
    if (!asked) text += std::string(both ? "；" : "") + "没有样本量、调查日期和问题";
    r.tell("unit/word", both ? strength::sure : strength::ask, std::move(at), text + "。");
  }
}

}  // namespace changtong::claims
