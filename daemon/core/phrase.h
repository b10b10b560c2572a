#pragma once
/** Words in both languages, Chinese first, made from one list of values so that neither language can lose one. */
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "daemon/core/result.h"

namespace changtong {

/** A sentence, or a part of one. */
struct phrase {
  std::string cn, en;

  [[nodiscard]] bool empty() const { return cn.empty() && en.empty(); }
  friend bool operator==(const phrase&, const phrase&) = default;
};

/** A word of the file itself, such as a key: it is the same in both. */
[[nodiscard]] inline phrase as_written(std::string_view word) { return {std::string(word), std::string(word)}; }

/** `甲、乙` and `甲, 乙`. */
template <class Words>
[[nodiscard]] phrase listed(const Words& words) {
  return {fmt::format("{}", fmt::join(words, "、")), fmt::format("{}", fmt::join(words, ", "))};
}

/** What a format string is given for a value: of a phrase the one language, of anything else itself. */
template <class T>
using one_language = const std::conditional_t<std::is_same_v<T, phrase>, std::string, T>&;

template <class T>
[[nodiscard]] one_language<T> in_chinese(const T& value) {
  if constexpr (std::is_same_v<T, phrase>)
    return value.cn;
  else
    return value;
}
template <class T>
[[nodiscard]] one_language<T> in_english(const T& value) {
  if constexpr (std::is_same_v<T, phrase>)
    return value.en;
  else
    return value;
}

/** `both("{} 超出范围", "{} is out of bounds", key)`; a value may be a phrase itself. */
template <class... T>
[[nodiscard]] phrase both(fmt::format_string<one_language<T>...> cn, fmt::format_string<one_language<T>...> en,
                          const T&... values) {
  return {fmt::format(cn, in_chinese(values)...), fmt::format(en, in_english(values)...)};
}

/** `中文 / English` */
[[nodiscard]] inline std::string to_string(const phrase& p) { return p.cn + " / " + p.en; }

[[nodiscard]] inline problem said(phrase words, problem_class what = problem_class::cannot) {
  return said(std::move(words.cn), std::move(words.en), what);
}
/** In the text that was given; whoever knows the file names it. */
[[nodiscard]] inline problem said_at(phrase words, int line, int column) {
  problem p = said(std::move(words));
  p.line = line;
  p.column = column;
  return p;
}
/** A problem's sentences without its place; the system's own words serve for both. */
[[nodiscard]] inline phrase words_of(const problem& p) { return {p.text, p.text_en.empty() ? p.text : p.text_en}; }
/** The same with the place before each: `file:3:7: 中文` and `file:3:7: English`. */
[[nodiscard]] inline phrase placed_words_of(problem p) {
  const phrase words = words_of(p);
  const auto placed = [&p](const std::string& one) {
    p.text = one;
    p.text_en.clear();
    return to_string(p);
  };
  return {placed(words.cn), placed(words.en)};
}
/** A problem whose sentences begin with what it is about, such as a key: it is the same in both. */
[[nodiscard]] inline problem about(std::string_view what, problem p) {
  p.text = fmt::format("{}: {}", what, p.text);
  if (!p.text_en.empty()) p.text_en = fmt::format("{}: {}", what, p.text_en);
  return p;
}

/** An exception that speaks both languages; what() is `中文 / English`. */
class spoken_error : public std::runtime_error {
 public:
  explicit spoken_error(phrase words) : std::runtime_error(to_string(words)), words_(std::move(words)) {}
  [[nodiscard]] const phrase& words() const { return words_; }

 private:
  phrase words_;
};
/** Of any exception: one that is not ours has one sentence for both. */
[[nodiscard]] inline phrase words_of(const std::exception& e) {
  const auto* spoken = dynamic_cast<const spoken_error*>(&e);
  return spoken != nullptr ? spoken->words() : as_written(e.what());
}

}  // namespace changtong
