#include "daemon/cli/usage_mistake.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

constexpr std::size_t most_quoted = 64;

/** The commands that were named, from the program itself down to the one that was meant. */
using way = std::vector<const known_command*>;

std::vector<std::string_view> names_of(const std::vector<known_command>& commands) {
  std::vector<std::string_view> all;
  for (const known_command& c : commands) all.push_back(c.name);
  return all;
}

const known_option* option_named(const way& to, std::string_view name) {
  for (const known_command* c : to)
    for (const known_option& o : c->options)
      if (std::ranges::find(o.names, name) != o.names.end()) return &o;
  return nullptr;
}

std::vector<std::string_view> options_of(const way& to) {
  std::vector<std::string_view> all;
  for (const known_command* c : to)
    for (const known_option& o : c->options)
      for (const std::string& name : o.names)
        if (name.starts_with("--")) all.push_back(name);
  return all;
}

std::size_t places_of(const known_command& c) {
  std::size_t all = 0;
  for (const known_option& o : c.options) all += o.by_place ? o.values : 0;
  return all;
}

/** `，是不是 --config？` where something known is near. */
phrase perhaps(std::string_view wrong, const std::vector<std::string_view>& known) {
  const std::string_view near = reading::nearest(wrong, known);
  return near.empty() ? phrase{} : both("，是不是 {}？", ", did you mean {}?", near);
}

phrase as_given(std::string_view word) { return as_written(shortened(word, most_quoted)); }

/** Walks through the words as the parser does; the first that nobody here knows, if there is one. `to` is left at the
 * command that was meant. */
std::optional<phrase> unknown_word(way& to, const std::vector<std::string>& words) {
  std::size_t places = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.size() > 1 && word[0] == '-') {
      const std::string_view name = word.substr(0, word.find('='));
      const known_option* known = option_named(to, name);
      if (known == nullptr)
        return both("不认识选项 {}{}", "unknown option {}{}", as_given(name), perhaps(name, options_of(to)));
      if (name.size() == word.size() && known->values > 0) ++i;  // its value
      continue;
    }
    const auto& commands = to.back()->commands;
    const auto sub = std::ranges::find(commands, word, &known_command::name);
    if (sub != commands.end()) {
      to.push_back(&*sub);
      places = 0;
    } else if (!commands.empty()) {
      return both("没有命令 {}{}", "no command {}{}", as_given(word), perhaps(word, names_of(commands)));
    } else if (++places > places_of(*to.back())) {
      return both("多了一个参数 {}", "one argument too many: {}", as_given(word));
    }
  }
  return std::nullopt;
}

phrase what_is_missing(const known_command& meant) {
  if (!meant.commands.empty())
    return {fmt::format("请写明要做什么：{}", fmt::join(names_of(meant.commands), "、")), "name a command"};
  std::vector<std::string> names;
  for (const known_option& o : meant.options)
    if (o.required && !o.given) names.push_back(o.names.front());
  return both("缺少 {}", "missing: {}", listed(names));
}

phrase told(const known_command& meant, complaint what, const std::string& said) {
  const std::string about = said.substr(0, said.find(':'));  // the option
  switch (what) {
    case complaint::missing:
      return what_is_missing(meant);
    case complaint::wrong_value:
      return {said, {}};
    case complaint::unreadable: {  // "Could not convert: --lines = abc"
      const std::string_view rest = std::string_view(said).substr(said.find(':') + 1);
      return both("值的写法不对：{}", "this value cannot be read: {}", as_given(reading::trim(rest)));
    }
    case complaint::wrong_count:
      if (said.find("At Most") != std::string::npos) return both("{} 只能写一次", "{} may stand once", about);
      return both("{} 之后要有一个值", "{} needs a value", about);
    default:
      return both("用法错误：{}", "wrong usage: {}", said);
  }
}

}  // namespace

std::string usage_mistake(const known_command& program, const std::vector<std::string>& words, complaint what,
                          const std::string& said) {
  way to{&program};
  const auto unknown = unknown_word(to, words);
  const bool of_words = what == complaint::missing || what == complaint::unknown_word || what == complaint::wrong_count;
  const phrase text = of_words && unknown ? *unknown : told(*to.back(), what, said);
  std::string name;
  for (const known_command* one : to) name += one->name.empty() ? "" : " " + one->name;
  return fmt::format("changtong: {}\n用法见 / for help: changtong{} --help\n",
                     text.en.empty() ? text.cn : to_string(text), name);
}

}  // namespace changtong
