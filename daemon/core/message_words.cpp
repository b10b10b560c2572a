#include "daemon/core/message_words.h"

#include <algorithm>

#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong {

namespace {

constexpr std::size_t any_subject = values_of<alert_subject>::all.size();
constexpr std::size_t most_bytes = 64 * 1024;

std::optional<told_fact> fact_named(std::string_view name) {
  const auto row = std::ranges::find(told_facts, name, &told_fact_row::name);
  if (row == told_facts.end()) return std::nullopt;
  return static_cast<told_fact>(row - told_facts.begin());
}

phrase all_facts() {
  std::vector<std::string_view> names;
  for (const told_fact_row& r : told_facts) names.push_back(r.name);
  return listed(names);
}

}  // namespace

/** One text, line by line. */
class message_words::reader {
 public:
  reader(message_words& into, const std::string& file) : into_(into), file_(file) {}

  void take(std::string_view text) {
    if (text.size() > most_bytes) return fail(0, 0, both("超过 64 kB", "more than 64 kB"));
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (int n = 1; !text.empty(); ++n) {
      const auto end = text.find('\n');
      std::string_view one = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (one.ends_with('\r')) one.remove_suffix(1);
      if (const auto odd = first_odd(one))
        return fail(
            n, static_cast<int>(odd->nth),
            odd->what == oddity::not_utf8
                ? both("不是 UTF-8 文本：请另存为 UTF-8", "is not UTF-8: save it as such")
                : both("字符 U+{:04X} 看不见或不成字：请删去", "character U+{:04X} is not seen as it is: delete it",
                       static_cast<std::uint32_t>(odd->code)));
      if (one.starts_with('#')) continue;
      if (!heading(one, n)) body(one, n);
    }
    for (const auto& [where, n] : first_line_)
      if (into_.sections_[where].empty())
        fail(n, 1, both("此节没有文字：首行为标题", "this section has no text: its first line is the title"));
  }
  [[nodiscard]] std::vector<problem> problems_found() && { return std::move(found_); }

 private:
  void fail(int line, int column, phrase words) {
    if (found_.size() >= 200) return;
    problem p = said_at(std::move(words), line, column);
    p.file = file_;
    found_.push_back(std::move(p));
  }

  /** `[subject.step]`, and nothing else on the line. */
  bool heading(std::string_view one, int n) {
    if (!one.starts_with('[') || !one.ends_with(']')) return false;
    const std::string_view inner = one.substr(1, one.size() - 2);
    if (inner.find_first_not_of("abcdefghijklmnopqrstuvwxyz.") != std::string_view::npos) return false;
    const auto dot = inner.find('.');
    const auto about = value_named<alert_subject>(inner.substr(0, dot));
    const auto step = dot == std::string_view::npos ? worded_step_names.end()
                                                    : std::ranges::find(worded_step_names, inner.substr(dot + 1));
    section_.reset();
    if ((!about && inner.substr(0, dot) != "any") || step == worded_step_names.end()) {
      std::vector<std::string_view> names;
      for (const alert_subject s : values_of<alert_subject>::all) names.push_back(name_of(s));
      names.emplace_back("any");
      fail(n, 1,
           both("节名应为 [类型.步骤]：类型为 {}，步骤为 {}", "a section is [SUBJECT.STEP]: SUBJECT is {}, STEP is {}",
                listed(names), listed(worded_step_names)));
      return true;
    }
    const std::pair where{about ? static_cast<std::size_t>(*about) : any_subject,
                          static_cast<worded_step>(step - worded_step_names.begin())};
    if (!first_line_.emplace(where, n).second) {
      fail(n, 1, both("此节写了两次", "this section stands twice"));
      return true;
    }
    into_.sections_[where].clear();
    section_ = where;
    return true;
  }

  void body(std::string_view one, int n) {
    if (one.empty()) return;
    if (!section_) {
      if (first_line_.empty()) fail(n, 1, both("文字应在 [类型.步骤] 之后", "text belongs behind a [SUBJECT.STEP]"));
      return;
    }
    line out;
    std::uint16_t opened = 0, optional = 0;
    std::string literal;
    const auto keep = [&] {
      if (!literal.empty()) out.push_back({.literal = std::move(literal), .fact = {}, .optional = optional});
      literal.clear();
    };
    for (std::size_t k = 0; k < one.size();) {
      const int column = static_cast<int>(characters(one.substr(0, k))) + 1;
      if (one[k] == '\\' && k + 1 < one.size()) {
        literal += one[k + 1];
        k += 2;
      } else if (one.substr(k).starts_with("${")) {
        keep();
        k += fact(one.substr(k), n, column, optional, out);
      } else if (one[k] == '[' || one[k] == ']') {
        if ((one[k] == '[') == (optional != 0))
          return fail(
              n, column,
              both("方括号不成对：可略去的文字写在 [ ] 中，方括号本身写作 \\[", "unpaired bracket: write \\[ for one"));
        keep();
        optional = one[k] == '[' ? ++opened : std::uint16_t{0};
        ++k;
      } else {
        literal += one[k++];
      }
    }
    if (optional != 0) return fail(n, 1, both("方括号没有合上", "a bracket is not closed"));
    keep();
    into_.sections_[*section_].push_back(std::move(out));
  }

  /** How many bytes `${name}` takes. */
  std::size_t fact(std::string_view from, int n, int column, std::uint16_t optional, line& out) {
    const auto end = from.find('}');
    const std::string_view name = from.substr(2, end == std::string_view::npos ? end : end - 2);
    if (const auto f = end == std::string_view::npos ? std::nullopt : fact_named(name))
      out.push_back({.literal = {}, .fact = f, .optional = optional});
    else
      fail(
          n, column,
          both("没有 '{}' 这一项：可用 {}", "there is no '{}': use {}", std::string(shortened(name, 40)), all_facts()));
    return end == std::string_view::npos ? from.size() : end + 1;
  }

  message_words& into_;
  const std::string& file_;
  std::optional<std::pair<std::size_t, worded_step>> section_;
  std::map<std::pair<std::size_t, worded_step>, int> first_line_;
  std::vector<problem> found_;
};

boost::system::result<message_words, problems> message_words::read(std::string_view text, const std::string& file,
                                                                   const message_words* over) {
  message_words out;
  if (over != nullptr) out = *over;
  reader r(out, file);
  r.take(text);
  problems found{std::move(r).problems_found()};
  for (std::size_t step = 0; step < worded_step_names.size() && found.list.empty(); ++step)
    if (!out.sections_.contains({any_subject, static_cast<worded_step>(step)})) {
      problem p = said(both("缺少 [any.{}]", "there is no [any.{}]", worded_step_names[step]));
      p.file = file;
      found.list.push_back(std::move(p));
    }
  if (!found.list.empty()) return found;
  return out;
}

/** None: all its facts are not known, or brackets left nothing of it. */
std::optional<std::string> message_words::filled(const line& l, const told_values& facts) {
  std::vector<bool> lacks;  // by [ ]
  bool asks = false, knows = false;
  for (const piece& p : l) {
    if (!p.fact) continue;
    const bool known = !facts[place_of(*p.fact)].empty();
    asks = true;
    knows = knows || known;
    if (lacks.size() <= p.optional) lacks.resize(p.optional + std::size_t{1});
    if (!known) lacks[p.optional] = true;
  }
  if (asks && !knows) return std::nullopt;
  std::string out;
  for (const piece& p : l) {
    if (p.optional != 0 && p.optional < lacks.size() && lacks[p.optional]) continue;
    out += p.fact ? facts[place_of(*p.fact)] : p.literal;
  }
  if (asks && out.empty()) return std::nullopt;
  return out;
}

message_words::written message_words::write(alert_subject about, worded_step step, const told_values& facts) const {
  auto found = sections_.find({static_cast<std::size_t>(about), step});
  if (found == sections_.end()) found = sections_.find({any_subject, step});
  written out;
  bool title = true;
  for (const line& l : found->second) {
    const auto text = filled(l, facts);
    if (title)
      out.title = text.value_or(std::string{});
    else if (text)
      out.text += *text + "\n";
    title = false;
  }
  return out;
}

}  // namespace changtong
