#include "daemon/claims/claims.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "daemon/claims/naming.h"

namespace changtong::claims {
namespace {

constexpr std::size_t most_claims = 20'000;  // rules compare some of them in pairs
constexpr std::size_t longest_object = 60;   // bytes; a noun behind a unit is short

bool digit(char c) { return c >= '0' && c <= '9'; }

/** The beginning of the item that holds `at`: behind a mark, behind 、 if a number stands before it, or behind an open
 * bracket. A closed pair of brackets belongs to the item: 村(社区)236 条. */
std::size_t item_begin(std::string_view text, stretch clause, const std::vector<quantity>& all, std::size_t k) {
  const std::size_t at = all[k].at.from;
  std::size_t from = clause.from;
  for (std::size_t i = k; i-- > 0 && all[i].at.from >= clause.from;)
    if (!all[i].worded && !all[i].unit.empty()) {
      from = all[i].at.to;
      break;
    }
  int open = 0;
  for (std::size_t i = at; i > from;) {
    i = char_before(text, i);
    if (text[i] == ')') ++open;
    if (text[i] == '(' && --open < 0) return i + 1;
  }
  return from;
}

class claim_reader {
 public:
  claim_reader(const written_report& report, const office_words& words) : report_(report), words_(words) {}

  std::vector<claim> all() {
    for (std::size_t i = 0; i < report_.paragraphs.size(); ++i) {
      const paragraph& p = report_.paragraphs[i];
      const std::vector<quantity> found = quantities_of(p.text);
      std::size_t next = 0;
      for (const stretch& s : p.sentences) {
        const std::vector<stretch> parts = clauses(p, s);
        const std::size_t first = out_.size();
        for (; next < found.size() && found[next].at.from < s.to; ++next)
          if (!found[next].unit.empty() && !found[next].range && out_.size() < most_claims)
            read(i, s, parts, found, next);
        inherit(first);
      }
    }
    return std::move(out_);
  }

 private:
  void read(std::size_t index, stretch s, const std::vector<stretch>& parts, const std::vector<quantity>& all,
            std::size_t k) {
    const paragraph& p = report_.paragraphs[index];
    claim c;
    c.paragraph = index;
    c.sentence = c.clause = s;
    c.what = all[k];
    for (const stretch& part : parts)
      if (c.what.at.from >= part.from && c.what.at.from < part.to) c.clause = part;
    const std::size_t from = item_begin(p.text, c.clause, all, k);
    c.subject = p.text.substr(from, c.what.at.from - std::min(from, c.what.at.from));
    c.object = object_of(p, c, all, k);
    roles(p, c);
    if (c.what.what == measure::money)
      amount(p, c);
    else
      noun(c);
    c.time = time_of(p, c);
    out_.push_back(std::move(c));
  }

  static std::string object_of(const paragraph& p, const claim& c, const std::vector<quantity>& all, std::size_t k) {
    std::size_t to = std::min(c.clause.to, c.what.at.to + longest_object);
    if (k + 1 < all.size()) to = std::min(to, std::max(all[k + 1].at.from, c.what.at.to));
    std::string_view t = std::string_view(p.text).substr(0, to);
    std::size_t end = c.what.at.to;
    while (end < t.size() && !is_mark(t, end) && !t.substr(end).starts_with("、") && t[end] != '(' && t[end] != ')')
      end += char_bytes(t, end);
    return std::string(t.substr(c.what.at.to, std::min(end, t.size()) - c.what.at.to));
  }

  void roles(const paragraph& p, claim& c) const {
    const std::string_view clause = p.words(c.clause);
    const std::string_view before = std::string_view(p.text).substr(c.sentence.from, c.what.at.from - c.sentence.from);
    c.planned = p.part == chapter::goals || has_any(c.subject, words_.plan_words);
    c.part = before.find("其中") != std::string_view::npos;
    c.each = has_any(c.subject, words_.each_words) || c.object.starts_with("每");
    c.change = has_any(c.subject, words_.change_words) || has_any(c.object.substr(0, 6), {"增长", "减少"});
    if (clause.find("每") != std::string_view::npos && clause.find("每") + c.clause.from < c.what.at.from)
      c.each = true;
  }

  /** What a number counts or rates: the noun behind the unit, or the one before the number. */
  void noun(claim& c) const {
    const bool counts = c.what.what == measure::count || c.what.what == measure::persons;
    const std::string_view behind = counts ? noun_behind(c) : std::string_view();
    std::string_view before = trimmed_marks(c.subject);
    // 对纳入国办平台的 7 个新媒体: the verb before 的 tells which ones, not what is done with them
    if (behind.empty() || !before.ends_with("的")) take_verb(before, c);
    clean(before);
    if (!behind.empty()) {
      // 6 所学校的升级: some of them, as in a list of parts
      if (std::string_view(c.object).substr(c.object.find(behind) + behind.size()).starts_with("的")) c.part = true;
      c.head = behind;
      c.about = narrowing(before, report_, words_);
      return;
    }
    if (counts) before = which_of(before, c);
    if (c.what.what == measure::percent) same_rate(before, c);
    if (counts) strip_back(before, words_.light_tails);
    if (c.head.empty()) c.head = before;
  }

  [[nodiscard]] std::string_view noun_behind(const claim& c) const {
    std::string_view behind = trimmed_marks(c.object);
    for (const std::string_view end : {"的", "开展", "进行", "予以", "实行", "按照", "按月", "按季"})
      behind = behind.substr(0, behind.find(end));
    strip_back(behind, words_.light_tails);
    return behind;
  }

  /** 纳入国办平台的新媒体: the words before 的 narrow the noun behind it, or are its verb (更新的终端). */
  std::string_view which_of(std::string_view before, claim& c) const {
    constexpr std::string_view of = "的";
    const std::size_t at = before.rfind(of);
    if (at == std::string_view::npos || at == 0) return before;
    const std::string_view which = before.substr(0, at);
    const auto verb = std::ranges::find_if(
        words_.verbs, [&](const named_words& v) { return std::ranges::find(v.words, which) != v.words.end(); });
    if (verb == words_.verbs.end())
      c.about = narrowing(which, report_, words_);
    else if (c.verb.empty())
      c.verb = verb->name;
    before.remove_prefix(at + of.size());
    clean(before);
    return before;
  }

  /** 满意度 and 满意率, 执行率 and 完成预算的: one name a rate, so that two of them can be compared. */
  void same_rate(std::string_view before, claim& c) const {
    for (const rate_family& f : words_.rates)
      if (const std::string_view word = first_of(before, f.rate); !word.empty() && before.ends_with(word)) {
        std::string_view which = before.substr(0, before.size() - word.size());
        strip_front(which, words_.neutral_words);
        const bool everyone = std::ranges::find(words_.neutral_words, which) != words_.neutral_words.end();
        c.about = everyone ? std::string() : narrowing(which, report_, words_);
        c.head = f.name;
        return;
      }
    strip_front(before, words_.neutral_words);
    c.head = before;
  }

  void clean(std::string_view& t) const {
    for (std::size_t size = 0; size != t.size();) {
      size = t.size();
      strip_number(t);
      strip_dates(t);
      strip_front(t, words_.leads);
      strip_front(t, {"项目"});
      strip_back(t, words_.tails);
      t = trimmed_marks(t);
    }
  }

  /** A verb at either end of the noun names what is done with it and is no part of it. */
  void take_verb(std::string_view& t, claim& c) const {
    for (bool again = true; again;) {
      again = false;
      clean(t);
      if (c.what.what != measure::percent) strip_front(t, words_.acts);
      for (const named_words& v : words_.verbs)
        for (const std::string& w : v.words) {
          if (t.size() <= w.size() || (!t.starts_with(w) && !t.ends_with(w))) continue;
          if (t.ends_with(w) && c.what.what == measure::percent) continue;
          t.starts_with(w) ? t.remove_prefix(w.size()) : t.remove_suffix(w.size());
          if (c.verb.empty()) c.verb = v.name;
          again = true;
        }
    }
  }

  /** The concept word that ends last before the number names an amount; the rest of the subject narrows it. */
  void amount(const paragraph& p, claim& c) const {
    std::string_view before = trimmed_marks(c.subject);
    std::size_t end = 0, length = 0;
    for (const named_words& m : words_.money)
      for (const std::string& w : m.words) {
        const std::size_t at = before.rfind(w);
        if (at == std::string_view::npos) continue;
        if (at + w.size() > end || (at + w.size() == end && w.size() > length)) {
          end = at + w.size();
          length = w.size();
          c.money = m.name;
        }
      }
    if (c.money.empty()) {
      clean(before);
      c.head = before;
      return;
    }
    std::string rest(before.substr(0, end - length));
    rest += before.substr(end);
    std::string_view narrowed = rest;
    clean(narrowed);
    c.head = c.money;
    c.about = narrowing(narrowed, report_, words_);
    if (c.about.empty()) c.about = label_of(p, c);
  }

  /** A label before a colon, a topic of the sentence or a title that names a part of the project. */
  [[nodiscard]] std::string label_of(const paragraph& p, const claim& c) const {
    const std::string_view before = std::string_view(p.text).substr(c.sentence.from, c.clause.from - c.sentence.from);
    const std::size_t colon = before.rfind("：");
    if (colon != std::string_view::npos) {
      const std::string_view label = before.substr(0, colon);
      if (length_of(label) <= 20 && !has_any(label, words_.plain_labels)) return narrowing(label, report_, words_);
    }
    for (const std::string_view topic : {"方面，", "中，"})
      if (const std::size_t at = before.find(topic); at != std::string_view::npos && at < 60) {
        const std::string_view named = before.substr(0, at);
        if (!has_any(named, words_.plain_labels)) return narrowing(named, report_, words_);
      }
    return {};
  }

  /** In one sentence an amount speaks of the part that was named before, until one names the whole. */
  void inherit(std::size_t first) {
    std::string about, whole;
    for (std::size_t i = first; i < out_.size(); ++i) {
      claim& c = out_[i];
      if (c.what.what != measure::money) continue;
      if (!c.part) whole = c.money;
      if (c.part && c.money.empty() && !whole.empty()) {  // 支出 100 万元，其中设备费 60 万元: spent on 设备
        c.money = whole;
        c.about = std::exchange(c.head, whole);
      }
      if (c.money.empty()) {
        about = c.head;
        continue;
      }
      if (c.about.empty() && !about.empty() && !has_any(c.subject, words_.whole_words) &&
          c.subject.find("项目") == std::string::npos) {
        c.about = about;
        c.inherited = true;
      }
      about = c.about;
    }
  }

  [[nodiscard]] std::string time_of(const paragraph& p, const claim& c) const {
    const std::string_view before = std::string_view(p.text).substr(c.sentence.from, c.what.at.from - c.sentence.from);
    const std::string_view clause = std::string_view(p.text).substr(c.clause.from, c.what.at.from - c.clause.from);
    if (has_any(clause, words_.earlier_words)) return std::string(first_of(clause, words_.earlier_words));
    const bool to_the_end = has_any(before, {"截至", "截止"}) && dated(before) == "年";
    if (to_the_end) return "";
    if (clause.find("累计") != std::string_view::npos || clause.find("以来") != std::string_view::npos) return "累计";
    if (std::string own = dated(clause); !own.empty()) return own == "年" ? "" : own;
    std::string carried = dated(before);
    if (carried.empty()) carried = dated(std::string_view(p.text).substr(0, std::min<std::size_t>(p.text.size(), 24)));
    return carried == "年" ? "" : carried;
  }

  /** The last date of a text: 年 for the report's own year or its end, 2022年 for another, 3月, 季度, 上半年 … */
  [[nodiscard]] std::string dated(std::string_view t) const {
    std::string found;
    for (const std::string_view w : {"季度", "上半年", "下半年", "前三季度"})
      if (const std::size_t at = t.rfind(w);
          at != std::string_view::npos && t.find("全年", at) == std::string_view::npos)
        return std::string(t.substr(w == "季度" && at >= 3 ? at - 3 : at, w == "季度" ? w.size() + 3 : w.size()));
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (!digit(t[i])) continue;
      std::size_t end = i;
      while (end < t.size() && digit(t[end])) ++end;
      const std::string_view number = t.substr(i, end - i);
      if (t.substr(end).starts_with("年") && number.size() == 4)
        found = number == std::to_string(report_.year) ? "年" : std::string(number) + "年";
      if (t.substr(end).starts_with("月"))
        found = number == "12" && year_end(t.substr(end)) ? "年" : std::string(number) + "月";
      i = end;
    }
    return t.rfind("全年") != std::string_view::npos && found.ends_with("月") ? "年" : found;
  }

  static bool year_end(std::string_view behind_month) {
    return behind_month.starts_with("月底") || behind_month.starts_with("月末") || behind_month.starts_with("月31日");
  }

  const written_report& report_;
  const office_words& words_;
  std::vector<claim> out_;
};

}  // namespace

std::vector<claim> claims_of(const written_report& report, const office_words& words) {
  return claim_reader(report, words).all();
}

}  // namespace changtong::claims
