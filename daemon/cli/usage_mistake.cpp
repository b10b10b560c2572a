#include "daemon/cli/usage_mistake.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string_view>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

constexpr std::size_t most_quoted = 64;

/** Commands below `app`, none of the parser's own groups. */
std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> all;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); }))
    all.push_back(sub->get_name());
  return all;
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  const auto found =
      app.get_subcommands([&](const CLI::App* one) { return !one->get_name().empty() && one->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

/** The options of a command and of those above it. */
std::vector<std::string> options_of(const CLI::App* app) {
  std::vector<std::string> all;
  for (; app != nullptr; app = app->get_parent())
    for (const CLI::Option* one : app->get_options())
      for (const std::string& name : one->get_lnames()) all.push_back("--" + name);
  return all;
}

const CLI::Option* option_named(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent())
    if (const CLI::Option* one = app->get_option_no_throw(name)) return one;
  return nullptr;
}

/** `，是不是 --config？` where something known is near. */
phrase perhaps(std::string_view wrong, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view near = reading::nearest(wrong, views);
  return near.empty() ? phrase{} : both("，是不是 {}？", ", did you mean {}?", near);
}

phrase as_given(std::string_view word) { return as_written(shortened(word, most_quoted)); }

/** Walks through the words as the parser does; the first that nobody here knows, if there is one. `meant` is left at
 * the command that was meant. */
std::optional<phrase> unknown_word(const CLI::App*& meant, const std::vector<std::string>& words) {
  std::size_t places = 0;
  const auto positionals = [&] {
    std::size_t most = 0;
    for (const CLI::Option* one : meant->get_options())
      if (one->get_positional()) most += static_cast<std::size_t>(one->get_items_expected_max());
    return most;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() > 1 && word[0] == '-') {
      const std::string name = word.substr(0, word.find('='));
      const CLI::Option* known = option_named(meant, name);
      if (known == nullptr)
        return both("不认识选项 {}{}", "unknown option {}{}", as_given(name), perhaps(name, options_of(meant)));
      if (name.size() == word.size() && known->get_items_expected_max() > 0) ++i;  // its value
      continue;
    }
    if (const CLI::App* sub = command_named(*meant, word); sub != nullptr) {
      meant = sub;
      places = 0;
      continue;
    }
    if (const auto commands = commands_of(*meant); !commands.empty())
      return both("没有命令 {}{}", "no command {}{}", as_given(word), perhaps(word, commands));
    if (++places > positionals()) return both("多了一个参数 {}", "one argument too many: {}", as_given(word));
  }
  return std::nullopt;
}

/** What the parser says is missing. */
phrase what_is_missing(const CLI::App& meant) {
  if (const auto commands = commands_of(meant); !commands.empty())
    return {fmt::format("请写明要做什么：{}", fmt::join(commands, "、")), "name a command"};
  std::vector<std::string> names;
  for (const CLI::Option* one : meant.get_options())
    if (one->get_required() && one->count() == 0) names.push_back(one->get_name());
  return both("缺少 {}", "missing: {}", listed(names));
}

/** The option that a sentence of the parser begins or ends with. */
std::string option_in(const std::string& said) { return said.substr(0, said.find(':')); }

/** By its code: the name of an error is sometimes that of the command. */
bool is(const CLI::Error& e, CLI::ExitCodes what) { return e.get_exit_code() == static_cast<int>(what); }

phrase told(const CLI::App& meant, const CLI::Error& e) {
  const std::string said = e.what();
  if (is(e, CLI::ExitCodes::RequiredError)) return what_is_missing(meant);
  if (is(e, CLI::ExitCodes::ValidationError)) return {said, {}};  // a sentence of ours, in both languages
  if (is(e, CLI::ExitCodes::ConversionError)) {
    const std::string rest = said.substr(said.find(':') + 1);  // " --lines = abc" or " abc = --lines"
    return both("值的写法不对：{}", "this value cannot be read: {}", shortened(reading::trim(rest), most_quoted));
  }
  const bool mismatch = is(e, CLI::ExitCodes::ArgumentMismatch);
  if (mismatch && said.find("At Most") != std::string::npos)
    return both("{} 只能写一次", "{} may stand once", option_in(said));
  if (mismatch) return both("{} 之后要有一个值", "{} needs a value", option_in(said));
  return both("用法错误：{}", "wrong usage: {}", said);
}

}  // namespace

std::string usage_mistake(const CLI::App& app, const std::vector<std::string>& words, const CLI::Error& e) {
  const CLI::App* meant = &app;
  const auto unknown = unknown_word(meant, words);
  const bool of_words = is(e, CLI::ExitCodes::RequiredError) || is(e, CLI::ExitCodes::ExtrasError) ||
                        is(e, CLI::ExitCodes::ArgumentMismatch);
  const phrase what = of_words && unknown ? *unknown : told(*meant, e);
  std::string name;
  for (const CLI::App* one = meant; one->get_parent() != nullptr; one = one->get_parent())
    name = " " + one->get_name() + name;
  return fmt::format("changtong: {}\n用法见 / for help: changtong{} --help\n",
                     what.en.empty() ? what.cn : to_string(what), name);
}

}  // namespace changtong
