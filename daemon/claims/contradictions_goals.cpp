#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

struct sentence_place {
  std::size_t paragraph;
  stretch s;
};

template <class Wanted>
std::vector<sentence_place> sentences_where(const inspection& r, const Wanted& wanted) {
  std::vector<sentence_place> out;
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i)
    if (wanted(r.report.paragraphs[i]))
      for (const stretch& s : r.report.paragraphs[i].sentences) out.push_back({i, s});
  return out;
}

std::string_view text_of(const inspection& r, const sentence_place& at) {
  return r.report.paragraphs[at.paragraph].words(at.s);
}

bool numbered(const inspection& r, const sentence_place& at) {
  return std::ranges::any_of(quantities_of(text_of(r, at)), [](const quantity& q) { return !q.unit.empty(); });
}

/** Sentences that tell results. A report without such chapters is judged by all that is no goal. */
std::vector<sentence_place> results(const inspection& r) {
  auto out = sentences_where(r, [](const paragraph& p) {
    return p.part == chapter::outputs || p.part == chapter::effects || p.part == chapter::summary ||
           p.part == chapter::practice;
  });
  return out;
}

/** The clause of a sentence in which a word stands. */
stretch clause_with(const inspection& r, const sentence_place& at, std::string_view word) {
  const paragraph& p = r.report.paragraphs[at.paragraph];
  for (const stretch& c : clauses(p, at.s))
    if (p.words(c).find(word) != std::string_view::npos) return c;
  return at.s;
}

passage shown(const inspection& r, const sentence_place& at, std::string_view word) {
  const stretch c = clause_with(r, at, word);
  return {at.paragraph, c, c.from};
}

/** The figure of the results that is nearest to what a goal speaks of. */
const sentence_place* kin(const inspection& r, const std::vector<sentence_place>& done, std::string_view object) {
  for (const sentence_place& at : done)
    if (text_of(r, at).find(object) != std::string_view::npos && numbered(r, at)) return &at;
  return nullptr;
}

/** Every class of object that a goal names has a figure somewhere in the results. */
void classes_of(inspection& r, const sentence_place& goal, const std::vector<sentence_place>& done) {
  const std::string_view text = text_of(r, goal);
  const std::string_view object = first_of(text, {"专线", "外网", "网络", "平台", "网站", "系统", "终端"});
  std::vector<std::string> missing;
  std::string_view word;
  std::size_t named = 0;
  for (const named_words& c : r.words.object_classes) {
    const std::string_view w = first_of(text, c.words);
    if (w.empty()) continue;
    ++named;
    const bool told = std::ranges::any_of(
        done, [&](const sentence_place& at) { return has_any(text_of(r, at), c.words) && numbered(r, at); });
    if (told) continue;
    missing.push_back(c.name);
    if (word.empty()) word = w;
  }
  if (named < 2 || missing.empty()) return;
  std::vector<passage> at{shown(r, goal, word)};
  if (const sentence_place* near = object.empty() ? nullptr : kin(r, done, object))
    at.push_back(shown(r, *near, object));
  r.tell("goal/output", strength::sure, std::move(at),
         fmt::format("目标涉及{}，产出和效益中没有这些对象的数量。", fmt::join(missing, "、")));
}

/** The noun of a promise: without the words of doing. */
std::string noun_of(const inspection& r, std::string_view piece) {
  std::string noun(piece);
  const auto drop = [&](std::string_view w) {
    for (std::size_t at = noun.find(w); at != std::string::npos; at = noun.find(w)) noun.erase(at, w.size());
  };
  for (const named_words& a : r.words.goal_actions)
    for (const std::string& w : a.words) drop(w);
  for (const std::string_view w : {"完成", "实现", "开展", "进行", "全区", "全县", "全市", "工作", "任务", "一批"})
    drop(w);
  return noun;
}

/** Whether a sentence tells that the object was built, upgraded …, or at least came into use. */
bool tells_done(std::string_view text, std::string_view object, const std::string& noun, const named_words& action) {
  const bool named = object.empty() ? mentions(text, noun) : text.find(object) != std::string_view::npos;
  return named && (has_any(text, action.words) ||
                   has_any(text, {"上线", "验收", "投入使用", "投用", "启用", "交付", "新版", "建成"}));
}

/** The action begins or ends the promise: 新建终端, 网站升级改造; but not 为平安建设提供支撑 or 推动生态建设. */
bool promises(const inspection& r, std::string_view piece, const named_words& action) {
  strip_number(piece);
  strip_front(piece, r.words.leads);
  strip_front(piece, r.words.acts);
  strip_front(piece, r.words.leads);
  if (has_any(piece.substr(0, 6), {"为", "推动", "促进", "加强", "提升", "提高", "保障", "服务", "支撑", "通过"}))
    return false;
  return std::ranges::any_of(action.words,
                             [&](const std::string& w) { return piece.starts_with(w) || piece.ends_with(w); });
}

void promise(inspection& r, std::size_t index, stretch at, const std::vector<sentence_place>& done) {
  const std::string_view piece = r.report.paragraphs[index].words(at);
  const auto action =
      std::ranges::find_if(r.words.goal_actions, [&](const named_words& a) { return has_any(piece, a.words); });
  if (action == r.words.goal_actions.end() || !promises(r, piece, *action) || length_of(piece) > 24) return;
  if (!quantities_of(piece).empty()) return;  // a figure is compared with its result (results_against_goals)
  const std::string_view object = first_of(piece, r.words.goal_objects);
  const std::string noun = noun_of(r, piece);
  if (object.empty() && length_of(noun) < 3) return;
  for (const sentence_place& s : done)
    if (tells_done(text_of(r, s), object, noun, *action)) return;
  std::vector<passage> quotes{{index, at, at.from}};
  for (const sentence_place& s : done)
    if (has_any(text_of(r, s), action->words)) {
      quotes.push_back(shown(r, s, first_of(text_of(r, s), action->words)));
      break;
    }
  r.tell("goal/output", strength::sure, std::move(quotes),
         fmt::format("目标写明“{}”，产出和效益中没有说它已完成。", piece));
}

/** What a goal promises to build or to upgrade is told as done: the object and the action in one sentence. */
void actions_of(inspection& r, const sentence_place& goal, const std::vector<sentence_place>& done) {
  const paragraph& p = r.report.paragraphs[goal.paragraph];
  for (const stretch& clause : clauses(p, goal.s))
    for (std::size_t from = clause.from; from < clause.to;) {
      const std::size_t stop = std::min(p.text.find("、", from), clause.to);
      promise(r, goal.paragraph, {from, stop}, done);
      from = stop + 3;
    }
}

/** A coverage that stops above the lowest level that the goals reach. */
void levels_of(inspection& r, const std::vector<sentence_place>& goals) {
  const named_words& lowest = r.words.object_levels.front();
  const auto reach =
      std::ranges::find_if(goals, [&](const sentence_place& g) { return has_any(text_of(r, g), lowest.words); });
  if (reach == goals.end()) return;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::percent || c.planned || c.subject.find("覆盖") == std::string::npos) continue;
    const auto level =
        std::ranges::find_if(r.words.object_levels, [&](const named_words& l) { return has_any(c.subject, l.words); });
    if (level == r.words.object_levels.end() || level == r.words.object_levels.begin()) continue;
    r.tell("goal/output", strength::ask, {shown(r, *reach, first_of(text_of(r, *reach), lowest.words)), r.here(c)},
           fmt::format("目标到“{}”，覆盖率只到“{}”一级。", first_of(text_of(r, *reach), lowest.words), level->name));
    return;
  }
}

/** The list of 主要评价 …情况, parted by 、 and 和. */
std::vector<stretch> declared(const paragraph& p, stretch clause) {
  std::vector<stretch> out;
  constexpr std::string_view lead = "主要评价";
  const std::size_t at = p.text.find(lead, clause.from);
  if (at == std::string::npos || at >= clause.to) return out;
  std::size_t from = at + lead.size();
  std::size_t end = clause.to;
  if (p.words(clause).ends_with("情况")) end -= 6;
  for (std::size_t i = from; i <= end;) {
    const std::string_view rest = std::string_view(p.text).substr(i, end - i);
    const std::size_t width = rest.starts_with("、") || rest.starts_with("和") ? 3 : 0;
    if (i == end || width > 0) {
      if (i > from) out.push_back({from, i});
      from = i + std::max<std::size_t>(width, 1);
    }
    i += i == end ? 1 : char_bytes(p.text, i);
  }
  return out;
}

/** Told in full outside the method, or its first word in a title of the analysis. */
bool evaluated(const inspection& r, std::string_view name) {
  const std::string_view first = name.substr(0, std::min<std::size_t>(name.size(), 6));
  return std::ranges::any_of(r.report.paragraphs, [&](const paragraph& p) {
    if (p.part == chapter::method || p.part == chapter::problems || p.part == chapter::measures) return false;
    if (p.text.find(name) != std::string::npos) return true;
    return std::ranges::any_of(p.titles, [&](const std::string& t) { return t.find(first) != std::string::npos; });
  });
}

}  // namespace

void goals_without_output(inspection& r) {
  constexpr std::size_t most_goals = 300, most_results = 5000;
  auto goals = sentences_where(r, [](const paragraph& p) { return p.part == chapter::goals && !p.heading; });
  auto done = results(r);
  goals.resize(std::min(goals.size(), most_goals), {});
  done.resize(std::min(done.size(), most_results), {});
  if (goals.empty() || done.empty()) return;
  for (const sentence_place& g : goals) {
    classes_of(r, g, done);
    actions_of(r, g, done);
  }
  levels_of(r, goals);
}

void indicators_without_evaluation(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    if (p.text.find("主要评价") == std::string::npos) continue;
    for (const stretch& s : p.sentences)
      for (const stretch& c : clauses(p, s)) {
        std::vector<std::string> missing;
        for (const stretch& name : declared(p, c))
          if (length_of(p.words(name)) <= 10 && length_of(p.words(name)) >= 4 && !evaluated(r, p.words(name)))
            missing.emplace_back(p.words(name));
        if (!missing.empty())
          r.tell("indicator/evaluation", strength::ask, {inspection::all_of(i, c)},
                 fmt::format("指标体系声明评价{}，分析部分没有评价。", fmt::join(missing, "、")));
      }
  }
}

}  // namespace changtong::claims
