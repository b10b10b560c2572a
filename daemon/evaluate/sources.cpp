// Values that people enter: amounts, dates, documents, stated figures.
#include "daemon/evaluate/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace changtong::evaluate {
namespace {

std::chrono::sys_days day_of(const std::string& day) {
  using namespace std::chrono;
  return sys_days{year{std::stoi(day.substr(0, 4))} / month{static_cast<unsigned>(std::stoi(day.substr(5, 2)))} /
                  std::chrono::day{static_cast<unsigned>(std::stoi(day.substr(8, 2)))}};
}

std::string names_of(const std::vector<named_file>& files) {
  std::string out;
  for (const named_file& f : files) out += (out.empty() ? "" : "、") + f.name;
  return out;
}

/** Files prove the value: one that is not there leaves it without evidence. */
void take_papers(finding& f, const papers& p) {
  f.evidence.files.insert(f.evidence.files.begin(), p.files.begin(), p.files.end());
  for (const std::string& m : p.missing) insufficient(f, m);
}

std::string or_else(const std::string& name, const char* otherwise) { return name.empty() ? otherwise : name; }

}  // namespace

std::int64_t occasion::days_in(period p) const {
  return static_cast<std::int64_t>(zone.split(p, civil_zone::unit::day).size());
}

std::string occasion::text() const { return fmt::format("{} 至 {}（{}）", day(so_far.from), last_day(), zone.name()); }

void insufficient(finding& f, std::string why) {
  f.how = standing::insufficient;
  f.actual.reset();
  f.decided.reset();
  f.forecast.reset();
  f.actual_text = "证据不足";
  f.evidence.missing.push_back(std::move(why));
}

std::string number_text(const exact& value, const exact& target) {
  const std::string full = shortest(value);
  const auto point = full.find('.');
  if (point == std::string::npos || full.size() - point <= 7) return full;
  for (int places = 5; places < 12; ++places) {
    std::string text = shortest(rounded(value, places, rounding::down));
    if (value == target || text != shortest(target)) return text;
  }
  return full;
}

std::int64_t days_between(const std::string& from, const std::string& to) {
  return (day_of(to) - day_of(from)).count();
}

std::string percentage_text(const exact& value, const exact& target, int places) {
  constexpr int most = 12;
  const auto same_side = [&](const exact& shown, const exact& of) {
    return (shown < of) == (value < of) && (shown > of) == (value > of);
  };
  for (; places < most; ++places)
    if (const exact shown = rounded(value, places); same_side(shown, target) && same_side(shown, exact{100})) break;
  return fixed(value, places);
}

finding find_amount(const plans::amount_source& s, const papers& p) {
  finding f;
  const std::string part = or_else(s.part_name, "金额");
  f.evidence.numerator = fmt::format("{} {}", part, shortest(s.part));
  f.evidence.formula = part;
  f.actual = s.part;
  if (s.whole) {
    const std::string whole = or_else(s.whole_name, "基数");
    f.evidence.denominator = fmt::format("{} {}", whole, shortest(*s.whole));
    f.evidence.formula = fmt::format("{}÷{}×100%", part, whole);
    f.actual = s.part / *s.whole * 100;
  }
  f.source_text = p.files.empty() ? "填报金额，未附文件" : "金额，依据：" + names_of(p.files);
  take_papers(f, p);
  return f;
}

finding find_date(const plans::date_source& s, const plans::indicator& i, const papers& p, const occasion& o) {
  finding f;
  const std::string today = o.last_day();
  const std::string last_of_year = o.day(o.year.to - milliseconds{1});
  std::int64_t in_time = 0, open = 0, later = 0, latest = 0;
  for (const plans::dated_task& t : s.tasks) {
    const std::string due = !t.due.empty() ? t.due : i.target.is_date ? i.target.number_text : last_of_year;
    const std::string until = t.done.empty() || t.done > today ? std::string{} : t.done;
    const std::int64_t late = days_between(due, until.empty() ? today : until);
    if (until.empty() && due <= last_of_year && late <= 0 && !o.whole) ++open;
    if (until.empty() && due > last_of_year) {
      ++later;
      f.evidence.facts.push_back(fmt::format("{}：应于 {} 前完成，不在本年度内，不计入", t.name, due));
      continue;
    }
    const bool on_time = !until.empty() && late <= 0;
    if (on_time) ++in_time;
    latest = std::max(latest, until.empty() ? std::max<std::int64_t>(late, o.whole ? 1 : 0) : late);
    f.evidence.facts.push_back(fmt::format(
        "{}：应于 {} 前完成，{}", t.name, due,
        until.empty() ? "尚未完成"
                      : fmt::format("{} 完成", until) + (late > 0 ? fmt::format("，逾期 {} 天", late) : "")));
  }
  const auto all = static_cast<std::int64_t>(s.tasks.size()) - later;
  f.evidence.formula = "按期完成的任务数÷全部任务数×100%";
  f.evidence.numerator = fmt::format("{} 项", in_time);
  f.evidence.denominator = fmt::format("{} 项", all);
  f.source_text = p.files.empty() ? "填报日期，未附文件" : "完成日期，依据：" + names_of(p.files);
  if (i.target.is_date) {
    f.actual = exact{latest};
    f.actual_text = latest > 0                         ? fmt::format("逾期 {} 天", latest)
                    : s.tasks.size() == 1 && open == 0 ? s.tasks[0].done
                                                       : "按期完成";
  } else if (all > 0) {
    f.actual = exact{in_time, all} * 100;
  }
  if (all == 0) {
    f.how = standing::undecided;
    f.actual.reset();
    f.actual_text = "本年度没有应完成的任务";
    f.evidence.missing.emplace_back("各项任务的期限都在本年度之后：改期限，或由人评定（kind: document）");
  }
  if (open > 0) {
    f.how = standing::undecided;
    f.actual.reset();
    f.actual_text = fmt::format("{} 项尚未到期", open);
    f.evidence.missing.push_back(fmt::format("{} 项任务尚未完成，也未到期", open));
  }
  take_papers(f, p);
  return f;
}

namespace {

/** A verdict from the ledger: points must lie in their tier (E-18); a document's hash goes to the evidence. */
void take_assessment(finding& f, const indicator_verdict& v, const plans::indicator& i, bool with_points) {
  const plans::tier how = v.verdict == attainment::achieved ? plans::tier::reached
                          : v.verdict == attainment::partly ? plans::tier::partly
                                                            : plans::tier::missed;
  const auto points = parse_exact(v.points);
  const plans::tier_band band = plans::band_of(how, i.weight);
  f.actual_text = plans::actual_text(how);
  f.evidence.facts.push_back(fmt::format("{} 登记：{}{}{}", v.author, chinese_of(v.verdict),
                                         v.points.empty() || !with_points ? "" : "，" + v.points + " 分",
                                         v.text.empty() ? "" : "，" + v.text));
  if (!v.document.empty()) f.evidence.files.push_back({v.document, v.sha256});
  if (!with_points || (points && band.holds(*points))) {
    f.decided = plans::assessment{.by = v.author, .on = {}, .how = how, .points = with_points ? *points : exact{0}};
    return;
  }
  f.how = standing::undecided;
  f.evidence.missing.push_back(fmt::format("{} 的评定{}，“{}”应为 {} 分", v.author,
                                           points ? "分数不在档内" : "没有写分数", chinese_of(v.verdict), band.text()));
}

/** A bound counts where it settles the matter; how much was reached it does not say. */
void take_stated(finding& f, const plans::stated_value& v, const plans::indicator& i) {
  if (v.how == plans::sign::equal) {
    f.actual = v.number;
    return;
  }
  f.bound = true;
  if (plans::surely_reaches(v, i.target)) {
    f.actual = v.number;
    f.actual_text = v.text;
    f.evidence.facts.push_back(fmt::format("完成值写作“{}”：是界限，足以说明达到 {}", v.text, i.target.text));
    return;
  }
  insufficient(f, plans::surely_misses(v, i.target)
                      ? fmt::format("完成值写作“{}”：未达到 {}，差多少没有写明，请写实际数", v.text, i.target.text)
                      : fmt::format("完成值写作“{}”：不足以说明达到 {}，请写实际数", v.text, i.target.text));
  f.actual_text = v.text;
}

std::string actual_text(const plans::assessment& v) {
  return v.text.empty() && v.how ? std::string(plans::actual_text(*v.how)) : v.text;
}

/** 张三 于 2026-12-30 评定：达成预期指标，5 分; of words alone, whose they are where that is known. */
std::string fact_of(const plans::assessment& v, bool with_points) {
  if (!v.how) return fmt::format("{}完成情况：{}，没有评定是否达到", v.by.empty() ? "" : v.by + " 填写", v.text);
  return fmt::format("{} 于 {} 评定：{}{}", v.by, v.on, plans::actual_text(*v.how),
                     with_points ? fmt::format("，{} 分", shortest(v.points)) : "");
}

}  // namespace

finding find_document(const plans::document_source& s, const plans::indicator& i, const papers& p, bool with_points) {
  finding f;
  f.source_text = "文件：" + names_of(p.files);
  f.evidence.formula = "由人核定";
  if (s.decided) {
    f.decided = s.decided;
    f.actual_text = actual_text(*s.decided);
    f.evidence.facts.push_back(fact_of(*s.decided, with_points));
  } else if (s.value) {
    f.actual = s.value;
    f.evidence.facts.push_back(fmt::format("{} 于 {} 核定：{}{}", s.by, s.on, shortest(*s.value), i.target.unit));
  } else if (p.entered) {
    take_assessment(f, *p.entered, i, with_points);
  } else {
    f.how = standing::undecided;
    f.actual_text = "尚未评定";
    f.evidence.missing.emplace_back(
        with_points ? "尚无人评定：用 changtong verdict add 登记，或在方案中写明评定人、日期、档次与得分（verdict）"
                    : "尚无人评定：用 changtong verdict add 登记，或在方案中写明完成情况（verdict 的 text）");
  }
  take_papers(f, p);
  return f;
}

finding find_stated(const plans::stated_source& s, const plans::indicator& i, const papers& p) {
  finding f;
  f.source_text = s.files.empty() ? "申报数，未附证据：" + s.origin
                                  : fmt::format("申报数：{}，依据：{}", s.origin, names_of(p.files));
  f.unproven = s.files.empty() && s.accepted_by.empty();
  if (!s.accepted_by.empty()) {
    f.remarks.push_back(fmt::format("申报数{}，由{}于 {} 认可：{}", s.files.empty() ? "未附证据" : "", s.accepted_by,
                                    s.accepted_on, s.accepted_why));
    f.evidence.facts.push_back(f.remarks.back());
  }
  f.evidence.formula = "申报，未经计算";
  f.evidence.facts.push_back("出处：" + s.origin);
  if (s.decided) {
    f.decided = s.decided;
    f.actual_text = actual_text(*s.decided);
  } else if (s.value) {
    take_stated(f, *s.value, i);
  } else {
    f.actual = exact{std::max<std::int64_t>(0, days_between(i.target.number_text, s.date))};
    f.actual_text = s.date;
  }
  take_papers(f, p);
  return f;
}

}  // namespace changtong::evaluate
