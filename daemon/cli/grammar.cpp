#include "daemon/cli/grammar.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "daemon/cli/completion.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/output.h"
#include "daemon/cli/usage_mistake.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/core/utf8.h"
#include "daemon/host/plain_file.h"
#include "daemon/report/columns.h"

namespace changtong {
namespace {

constexpr std::string_view option_group = "选项 / options";

CLI::Validator word_among(std::initializer_list<std::string> words) {
  const std::vector<std::string> all(words);
  return {[all](std::string& given) -> std::string {
            if (std::ranges::find(all, given) != all.end()) return {};
            return fmt::format("“{}”：只能是 {} / write one of {}", shortened(given, 32), fmt::join(all, "、"),
                               fmt::join(all, ", "));
          },
          ""};
}

/** What CLI11 calls a failure to read a file: not the words are wrong, the file is. */
[[noreturn]] void refuse_file(const std::string& option, const std::string& path, const phrase& why) {
  throw CLI::FileError(fmt::format("{}：{}", option, to_string(both("{}：{}", "{}: {}", path, why))));
}

CLI::Validator file_that_is_there(const std::string& option) {
  return {[option](std::string& path) -> std::string {
            std::error_code e;
            const auto what = std::filesystem::status(path, e).type();
            if (what == std::filesystem::file_type::directory) refuse_file(option, path, system_words(EISDIR));
            if (e || what == std::filesystem::file_type::not_found)
              refuse_file(option, path, system_words(e ? e.value() : ENOENT));
            return {};
          },
          "文件 FILE"};
}

CLI::Validator file_that_is_plain(const std::string& option) {
  return {[option](std::string& path) -> std::string {
            if (const auto plain = host::is_plain_file(path); !plain)
              refuse_file(option, path, words_of(plain.error()));
            return {};
          },
          "文件 FILE"};
}

CLI::Validator place_to_write() {
  return {[](std::string& path) -> std::string {
            const auto good = may_write(path);
            return good ? "" : to_string(good.error());
          },
          ""};
}

CLI::Validator number_within(double least, double most) {
  return {[least, most](std::string& given) -> std::string {
            double value = 0;
            if (CLI::detail::lexical_cast(given, value) && value >= least && value <= most) return {};
            return fmt::format("“{}”：应为 {} 至 {} 的数 / write a number from {} to {}", shortened(given, 32), least,
                               most, least, most);
          },
          fmt::format("{}–{}", least, most)};
}

/** The parser's errors by their codes: the name of one is sometimes that of the command. */
complaint complaint_of(const CLI::Error& e) {
  switch (static_cast<CLI::ExitCodes>(e.get_exit_code())) {
    case CLI::ExitCodes::RequiredError:
      return complaint::missing;
    case CLI::ExitCodes::ExtrasError:
      return complaint::unknown_word;
    case CLI::ExitCodes::ArgumentMismatch:
      return complaint::wrong_count;
    case CLI::ExitCodes::ValidationError:
      return complaint::wrong_value;
    case CLI::ExitCodes::ConversionError:
      return complaint::unreadable;
    default:
      return complaint::other;
  }
}

known_command described(const CLI::App& app) {
  known_command out{
      .name = app.get_parent() == nullptr ? std::string() : app.get_name(), .options = {}, .commands = {}};
  for (const CLI::Option* one : app.get_options()) {
    known_option o{.names = {},
                   .by_place = one->get_positional(),
                   .required = one->get_required(),
                   .given = one->count() > 0,
                   .values = static_cast<std::size_t>(one->get_items_expected_max())};
    for (const std::string& name : one->get_lnames()) o.names.push_back("--" + name);
    for (const std::string& name : one->get_snames()) o.names.push_back("-" + name);
    if (o.by_place) o.names.insert(o.names.begin(), one->get_name(true));
    out.options.push_back(std::move(o));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    out.commands.push_back(described(*sub));
  return out;
}

/** What an argument by its place is called: for people first in Chinese. */
std::string place_word(const std::string& name) {
  static const std::map<std::string, std::string, std::less<>> words{
      {"DIR", "文件夹"},   {"FOLDER", "文件夹"}, {"FILE", "文件"}, {"file", "文件"},
      {"FORM", "表格"},    {"PACK", "证据包"},   {"PLAN", "方案"}, {"REPORT", "报告"},
      {"channel", "渠道"}, {"line", "线路"},     {"name", "名称"}, {"number", "单号"},
      {"outage", "中断"},  {"target", "对象"},   {"text", "文字"}, {"value", "数值"}};
  const auto found = words.find(name);
  return found == words.end() ? name : fmt::format("{} {}", found->second, name);
}

/** The pages of --help: the parser's own words in Chinese, its columns counted as a terminal shows them. */
class help_page : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* one, bool by_place) const override {
    const bool value = !by_place && one->get_type_size() != 0;
    const std::string kind = value ? " " + kind_of_value(one->get_type_name()) : "";
    return two_columns(make_option_name(one, by_place) + kind + make_option_opts(one), make_option_desc(one));
  }
  std::string make_subcommand(const CLI::App* sub) const override {
    return two_columns(sub->get_display_name(true), sub->get_description());
  }
  std::string make_option_name(const CLI::Option* one, bool by_place) const override {
    return by_place ? place_word(one->get_name(true)) : one->get_name(false, true);
  }
  std::string make_option_opts(const CLI::Option* one) const override {
    if (one->get_type_size() == 0) return {};
    std::string out;
    if (one->get_expected_max() >= CLI::detail::expected_max_vector_size) out += " …";
    if (one->get_required()) out += "（必填）";
    if (!one->get_default_str().empty()) out += fmt::format("（缺省 {}）", one->get_default_str());
    return out;
  }
  std::string make_option_usage(const CLI::Option* one) const override {
    const std::string more = one->get_expected_max() > 1 ? "..." : "";
    const std::string word = place_word(one->get_name(true));
    return (one->get_required() ? "<" + word + ">" : "[" + word + "]") + more;
  }

 private:
  /** `TEXT:文件 FILE`: what a check of the value says of it stands behind the parser's word. */
  static std::string kind_of_value(std::string_view type) {
    const std::size_t colon = type.find(':');
    const std::string_view word = type.substr(0, colon);
    const std::string_view more = colon == std::string_view::npos ? "" : type.substr(colon + 1);
    if (word == "TEXT") return more.empty() ? "文字" : std::string(more);
    return fmt::format("{}{}{}",
                       word == "UINT"    ? "整数"
                       : word == "FLOAT" ? "数"
                                         : word,
                       more.empty() ? "" : " ", more);
  }
  [[nodiscard]] std::string two_columns(const std::string& left, const std::string& right) const {
    const std::size_t width = get_column_width(), taken = report::cells_of(left) + 2;
    std::string out = "  " + left;
    if (right.empty()) return out + "\n";
    bool below = taken + 1 > width;
    out += below ? "\n" : std::string(width - taken, ' ');
    for (const std::string& line : report::wrapped(right, report::usual_width - width)) {
      out += std::string(below ? width : 0, ' ') + line + "\n";
      below = true;
    }
    return out;
  }
};

}  // namespace

grammar::option& grammar::option::required(bool yes) {
  inner_->required(yes);
  return *this;
}

grammar::option& grammar::option::at_most_one() {
  inner_->expected(1);
  return *this;
}

grammar::option& grammar::option::separated_by(char c) {
  inner_->delimiter(c);
  return *this;
}

grammar::option& grammar::option::shows_default() {
  inner_->capture_default_str();
  return *this;
}

grammar::option& grammar::option::one_of(std::initializer_list<std::string> words) {
  inner_->check(word_among(words));
  return *this;
}

grammar::option& grammar::option::existing_file() {
  inner_->check(file_that_is_there(inner_->get_name()));
  return *this;
}

grammar::option& grammar::option::plain_file() {
  inner_->check(file_that_is_plain(inner_->get_name()));
  return *this;
}

grammar::option& grammar::option::output() {
  inner_->check(place_to_write());
  return *this;
}

grammar::option& grammar::option::within(double least, double most) {
  inner_->check(number_within(least, most));
  return *this;
}

grammar grammar::add_subcommand(const std::string& name, const std::string& help) {
  CLI::App* made = inner_->add_subcommand(name, help);
  made->group("命令 / commands");
  made->get_help_ptr()->group(std::string(option_group));  // the parser makes it before it hears of groups
  return grammar(made);
}

void grammar::needs_subcommand() { inner_->require_subcommand(1); }

grammar::option grammar::add_option(const std::string& name, std::string& into, const std::string& help) {
  return option(inner_->add_option(name, into, help));
}

grammar::option grammar::add_option(const std::string& name, std::optional<std::string>& into,
                                    const std::string& help) {
  return option(inner_->add_option(name, into, help));
}

grammar::option grammar::add_option(const std::string& name, std::vector<std::string>& into, const std::string& help) {
  return option(inner_->add_option(name, into, help));
}

grammar::option grammar::add_option(const std::string& name, std::uint32_t& into, const std::string& help) {
  return option(inner_->add_option(name, into, help));
}

grammar::option grammar::add_option(const std::string& name, std::uint64_t& into, const std::string& help) {
  return option(inner_->add_option(name, into, help));
}

grammar::option grammar::add_option(const std::string& name, double& into, const std::string& help) {
  return option(inner_->add_option(name, into, help));
}

void grammar::add_flag(const std::string& name, bool& into, const std::string& help) {
  inner_->add_flag(name, into, help);
}

void grammar::footer(const std::string& text) { inner_->footer(text); }

void grammar::callback(std::function<void()> what) { inner_->callback(std::move(what)); }

command_line::command_line(const words& say) : app_(std::make_unique<CLI::App>(say.about)) {
  app_->formatter(std::make_shared<help_page>());
  app_->option_defaults()->group(std::string(option_group));
  app_->set_help_flag("-h,--help", "显示本帮助 / this help");
  app_->set_version_flag("--version", say.version, "显示版本 / the version");
  for (const auto& [word, shown] : {std::pair{"Usage", "用法 / usage"},
                                    {"OPTIONS", "选项"},
                                    {"SUBCOMMAND", "子命令"},
                                    {"Positionals", "参数 / arguments"}})
    app_->get_formatter()->label(word, shown);
  app_->require_subcommand(1);
  app_->failure_message([this](const CLI::App* app, const CLI::Error& e) {
    return usage_mistake(described(*app), given_, complaint_of(e), e.what());
  });
  app_->footer(say.footer);
}

command_line::~command_line() = default;

std::string command_line::completion() const { return bash_completion(described(*app_)); }

std::optional<int> command_line::read(int argc, const char* const* argv) {
  given_.assign(argv + std::min(argc, 1), argv + argc);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::FileError& e) {
    return fail(e);
  } catch (const CLI::ParseError& e) {
    return app_->exit(e) == 0 ? exit_ok : exit_usage;
  }
  return std::nullopt;
}

}  // namespace changtong
