#pragma once
/** Words in both languages, Chinese first, made from one list of values so that neither language can lose one. */
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "daemon/core/result.h"

namespace changtong {

/** A sentence, or a part of one. */
struct phrase {
  std::string cn, en;
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

}  // namespace changtong
