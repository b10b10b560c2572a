#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

constexpr std::size_t longest_word = 12;  // characters of a word that can stand twice

bool plain(std::string_view c) {
  return c.size() == 3 && c != "、" && c != "“" && c != "”" && c != "《" && c != "》" && c != "〔" && c != "〕" &&
         c != "—" && c != "…" && c != "·";
}

/** The characters of a paragraph as offsets, the end included. */
std::vector<std::size_t> characters(std::string_view t) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < t.size(); i += char_bytes(t, i)) out.push_back(i);
  out.push_back(t.size());
  return out;
}

bool on_purpose(const inspection& r, std::string_view twice) {
  return std::ranges::find(r.words.repeated_on_purpose, twice) != r.words.repeated_on_purpose.end();
}

stretch sentence_at(const paragraph& p, std::size_t at) {
  for (const stretch& s : p.sentences)
    if (at < s.to) return s;
  return {0, p.text.size()};
}

/** 项目项目: the longest word that follows itself at once, of two characters or more. */
void word_twice(inspection& r, std::size_t index) {
  const paragraph& p = r.report.paragraphs[index];
  const std::vector<std::size_t> at = characters(p.text);
  const std::string_view t = p.text;
  for (std::size_t i = 0; i + 4 < at.size(); ++i)
    for (std::size_t n = std::min(longest_word, (at.size() - 1 - i) / 2); n >= 2; --n) {
      const std::string_view one = t.substr(at[i], at[i + n] - at[i]);
      if (t.substr(at[i + n], at[i + 2 * n] - at[i + n]) != one) continue;
      bool words = true;
      for (std::size_t k = i; k < i + n; ++k)
        words = words && plain(t.substr(at[k], at[k + 1] - at[k])) && !is_mark(t, at[k]);
      const bool same_letter =
          n == 2 && t.substr(at[i], at[i + 1] - at[i]) == t.substr(at[i + 1], at[i + 2] - at[i + 1]);
      if (!words || same_letter || on_purpose(r, t.substr(at[i], at[i + 2 * n] - at[i]))) continue;
      r.tell("boilerplate", strength::sure, {{index, clause_at(p, sentence_at(p, at[i]), at[i]), at[i]}},
             fmt::format("“{}”重复。", one));
      i += 2 * n - 1;
      break;
    }
}

/** 全年，全年…: an adverb before a mark and again behind it. */
void adverb_twice(inspection& r, std::size_t index) {
  const paragraph& p = r.report.paragraphs[index];
  for (const stretch& s : p.sentences) {
    const std::vector<stretch> all = clauses(p, s);
    for (std::size_t i = 1; i < all.size(); ++i)
      for (const std::string& w : r.words.adverbs_of_time)
        if (p.words(all[i - 1]).ends_with(w) && p.words(all[i]).starts_with(w) &&
            length_of(p.words(all[i - 1])) <= 10) {
          r.tell("boilerplate", strength::sure,
                 {{index, all[i - 1], all[i - 1].from}, {index, all[i], all[i - 1].from}},
                 fmt::format("“{}”重复。", w));
          break;
        }
  }
}

void marks_twice(inspection& r, std::size_t index) {
  const paragraph& p = r.report.paragraphs[index];
  for (const std::string_view twice : {"，，", "。。", "，。", "、、", "。，", "，、"})
    if (const std::size_t at = p.text.find(twice); at != std::string::npos && p.text.find("……") == std::string::npos) {
      std::size_t from = at;
      for (int k = 0; k < 8 && from > 0; ++k) from = char_before(p.text, from);
      r.tell("boilerplate", strength::sure, {{index, {from, at + twice.size()}, at}}, "标点重复。");
    }
}

/** …水平的基础性工作为…: the verb before 水平 is missing. */
bool without_verb(std::string_view clause) {
  for (const std::string_view level :
       {"工作水平的", "管理水平的", "服务水平的", "操作水平的", "业务水平的", "工作能力的", "保障能力的"}) {
    const std::size_t at = clause.find(level);
    if (at == std::string_view::npos) continue;
    const std::string_view before = clause.substr(0, at), behind = clause.substr(at + level.size());
    if (has_any(before, {"提高", "提升", "增强", "改善", "加强", "达到", "较高", "促进", "推动", "影响", "保持"}))
      continue;
    if (has_any(behind.substr(0, 18), {"基础", "关键", "前提", "根本", "重要", "核心"}) &&
        behind.find("为") != std::string_view::npos)
      return true;
  }
  return false;
}

/** 按照…要求。 and nothing else; 通过…，…的重要举措。 without 是. */
std::string_view fragment(const paragraph& p, stretch s) {
  const std::string_view t = p.words(s);
  const std::vector<stretch> all = clauses(p, s);
  if (all.size() == 1 && length_of(t) <= 30)
    for (const std::string_view lead : {"按照", "根据", "依据", "为了", "围绕"}) {
      const std::size_t at = t.find(lead);
      if (at == std::string_view::npos || length_of(t.substr(0, at)) > 5) continue;
      for (const std::string_view end : {"要求", "规定", "精神", "原则", "方案", "文件"})
        if (t.ends_with(end) && t.find("执行") == std::string_view::npos && t.find("制定") == std::string_view::npos)
          return "句子只有状语，没有说做了什么。";
    }
  if (t.starts_with("通过") && t.find("是") == std::string_view::npos && t.find("成为") == std::string_view::npos)
    for (const std::string_view end :
         {"的重要举措", "的重要途径", "的重要手段", "的有力举措", "的有效途径", "的重要保障"})
      if (t.ends_with(end)) return "句子残缺：“通过……的举措”没有主语和谓语。";
  return {};
}

/** Numbered paragraphs below this one: of an unnumbered paragraph those below the number that it stands under. */
std::size_t children_of(const inspection& r, std::size_t index) {
  const auto& all = r.report.paragraphs;
  int level = 0;
  for (std::size_t k = index + 1; k-- > 0 && level == 0;) level = all[k].level;
  std::size_t n = 0;
  int below = 0;  // the level of the first one: what is deeper belongs to its members
  for (std::size_t k = index + 1; k < all.size(); ++k) {
    if (all[k].level > 0 && all[k].level <= level) break;
    if (all[k].level > 0 && below == 0) below = all[k].level;
    if (all[k].level > 0 && all[k].level == below) ++n;
    if (all[k].level == 0 && n == 0 && k > index + 1) break;
  }
  return n;
}

std::size_t named_members(std::string_view t) {
  std::size_t n = 0;
  for (const std::string_view w : {"一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是"})
    if (t.find(w) != std::string_view::npos) ++n;
  return n;
}

/** 明年年, 的的: a character too much. 年年 and 目的的 are words. */
void character_twice(inspection& r, std::size_t index) {
  const paragraph& p = r.report.paragraphs[index];
  for (const std::string_view twice :
       {"今年年", "明年年", "去年年", "本年年", "度度", "万元元", "的的", "%%", "个个", "共共", "已已"})
    for (std::size_t at = p.text.find(twice); at != std::string::npos; at = p.text.find(twice, at + 1)) {
      const std::string_view before = std::string_view(p.text).substr(0, at),
                             behind = std::string_view(p.text).substr(at + twice.size());
      if (behind.starts_with("底") || behind.starts_with("末") || behind.starts_with("初") || behind.starts_with("中"))
        continue;
      if (twice == "的的" && (before.ends_with("目") || behind.starts_with("士") || behind.starts_with("确"))) continue;
      if ((twice == "个个" || twice == "度度") && !(at > 0 && p.text[at - 1] >= '0' && p.text[at - 1] <= '9')) continue;
      r.tell("boilerplate", strength::sure, {{index, clause_at(p, sentence_at(p, at), at), at}},
             fmt::format("“{}”多了一个字。", twice));
    }
}

/** 下列小项共计 9 项 and no list; 三种方法：一是 … 二是 …, and no third. */
void announced(inspection& r, const claim& c) {
  const paragraph& p = r.of(c);
  const std::string_view before = std::string_view(p.text).substr(c.clause.from, c.what.at.from - c.clause.from);
  if (!has_any(before, {"下列", "以下", "如下"}) || c.what.what != measure::count || c.what.at.from < c.clause.from)
    return;
  if (has_any(before, {"以下简称", "由以下"}) && before.find("简称") != std::string_view::npos) return;
  const std::string_view behind = std::string_view(p.text).substr(c.what.at.to);
  const std::size_t members = named_members(behind);
  if (members > 1 && exact(members) != c.what.value) {
    r.tell("list/announced", strength::sure, {{c.paragraph, c.sentence, c.what.digits.from}},
           fmt::format("预告 {}，实际列出 {} 项。", printed(r, c), members));
    return;
  }
  const bool parted = behind.find("：") != std::string_view::npos || behind.find("、") != std::string_view::npos;
  const std::size_t children = children_of(r, c.paragraph);
  if (members == 0 && children >= 2 && c.sentence.to + 3 >= p.text.size() && exact(children) != c.what.value)
    r.tell("list/announced", strength::sure, {r.here(c)},
           fmt::format("预告 {}，后面列出 {} 项。", printed(r, c), children));
  if (members == 0 && !parted && children < 2)
    r.tell("list/announced", strength::sure, {r.here(c)},
           fmt::format("预告“{}{}”，后面没有列出。", printed(r, c), c.object));
}

}  // namespace

void doubled_words(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    word_twice(r, i);
    adverb_twice(r, i);
    marks_twice(r, i);
    character_twice(r, i);
  }
}

void broken_sentences(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    for (const stretch& s : p.sentences) {
      for (const stretch& c : clauses(p, s))
        if (without_verb(p.words(c)))
          r.tell("boilerplate", strength::sure, {{i, c, c.from}}, "句子不通：缺少谓语（提高、提升……）。");
      if (const std::string_view text = p.heading ? std::string_view() : fragment(p, s); !text.empty())
        r.tell("boilerplate", strength::ask, {inspection::all_of(i, s)}, std::string(text));
    }
  }
}

void lists_announced(inspection& r) {
  for (const claim& c : r.claims) announced(r, c);
}

}  // namespace changtong::claims
