#include "daemon/cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "daemon/core/utf8.h"
#include "daemon/run/watch.h"

namespace changtong {

CLI::Validator one_of(std::initializer_list<std::string> words) {
  const std::vector<std::string> all(words);
  return {[all](std::string& given) -> std::string {
            if (std::ranges::find(all, given) != all.end()) return {};
            return fmt::format("“{}”：只能是 {} / write one of {}", shortened(given, 32), fmt::join(all, "、"),
                               fmt::join(all, ", "));
          },
          ""};
}

CLI::Validator existing_file() {
  return {[](std::string& path) -> std::string {
            std::error_code e;
            const auto what = std::filesystem::status(path, e).type();
            if (what == std::filesystem::file_type::not_found)
              return fmt::format("没有文件 {}，请核对路径 / there is no file {}", path, path);
            if (what == std::filesystem::file_type::directory)
              return fmt::format("{} 是目录，不是文件 / {} is a directory", path, path);
            return {};
          },
          "文件 FILE"};
}

CLI::Validator within(double least, double most) {
  return {[least, most](std::string& given) -> std::string {
            double value = 0;
            if (CLI::detail::lexical_cast(given, value) && value >= least && value <= most) return {};
            return fmt::format("“{}”：应为 {} 至 {} 的数 / write a number from {} to {}", shortened(given, 32), least,
                               most, least, most);
          },
          fmt::format("{}–{}", least, most)};
}

std::string usage_mistake(const CLI::App* app, const CLI::Error& e) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kinds{{
      {"RequiredError", "缺少必需的选项、参数或子命令"},
      {"ExtrasError", "多余或不认识的参数"},
      {"ValidationError", "值不合要求"},
      {"ConversionError", "值的写法不对"},
      {"ArgumentMismatch", "参数个数不对"},
      {"OptionAlreadyAdded", "选项重复"},
  }};
  const auto kind = std::ranges::find(kinds, e.get_name(), &std::pair<std::string_view, std::string_view>::first);
  const CLI::App* asked = app;  // help of the subcommand that was meant
  while (!asked->get_subcommands().empty()) asked = asked->get_subcommands().front();
  std::string name;
  for (; asked->get_parent() != nullptr; asked = asked->get_parent()) name = " " + asked->get_name() + name;
  return fmt::format("changtong: {} / {}\n用法见 / for help: changtong{} --help\n",
                     kind == kinds.end() ? "用法错误" : kind->second, e.what(), name);
}

CLI::Option* ledger_option(CLI::App* sub, std::string& into) {
  return sub->add_option("--ledger", into, "账本文件 / the ledger")->required()->check(existing_file());
}

void period_options(CLI::App* sub, std::string& from, std::string& to, bool required) {
  sub->add_option("--from", from, "起：2026、2026-03、2026-03-14 或带时区的 ISO 8601 / begin")->required(required);
  sub->add_option("--to", to, "止（含该年、月、日）/ end, inclusive for civil periods")->required(required);
}

void knowledge_options(CLI::App* sub, std::string& as_known_at, bool& reopened) {
  sub->add_option("--as-known-at", as_known_at, "只用到那时为止已入账的内容 / only what the journal knew then");
  sub->add_flag("--reopened", reopened, "按未结账重算 / as if nothing had been closed");
}

problem about_option(std::string_view option, const problem& why) {
  problem p = why;
  p.text = fmt::format("{}：{}", option, why.text);
  p.what = problem_class::usage;
  return p;
}

result<period> period_between(const civil_zone& zone, const std::string& from, const std::string& to) {
  period out{wall_min, wall_max};
  if (!from.empty()) {
    const auto p = zone.parse(from);
    if (!p) return about_option("--from", p.error());
    out.from = p->from;
  }
  if (!to.empty()) {
    const auto p = zone.parse(to);
    if (!p) return about_option("--to", p.error());
    out.to = p->to;
  }
  if (out.empty()) return said("--to 应晚于 --from", "--to must be later than --from", problem_class::usage);
  return out;
}

result<opened_books> open_books(const std::string& ledger, const std::string& as_known_at, bool reopened) {
  auto reader = ledger::reader::open(ledger, {.frozen = !reopened});
  if (!reader) return reader.error();
  opened_books out{.reader = std::move(*reader)};
  out.now = out.reader->now(system_clocks().wall());
  if (as_known_at.empty()) return out;
  const auto known = out.reader->zone().parse(as_known_at);
  if (!known) return about_option("--as-known-at", known.error());
  out.known_at = known->to;
  out.now = std::min(out.now, known->to);
  reader = ledger::reader::open(ledger, {.as_known_at = known->to, .frozen = !reopened});
  if (!reader) return reader.error();
  out.reader = std::move(*reader);
  return out;
}

result<milliseconds> sampling_step(std::string_view text) {
  const problem bad = said(fmt::format("--step 只能是 1s 至 24h，如 30s、5m、1h，不是“{}”", shortened(text, 32)),
                           fmt::format("no step: '{}'", shortened(text, 32)), problem_class::usage);
  if (text.size() < 2 || text.size() > 8) return bad;
  const char unit = text.back();
  const std::int64_t scale = unit == 's' ? 1000 : unit == 'm' ? 60'000 : unit == 'h' ? 3'600'000 : 0;
  std::int64_t n = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size() - 1, n);
  if (failed != std::errc{} || end != text.data() + text.size() - 1 || scale == 0 || n < 1 || n * scale > 86'400'000)
    return bad;
  return milliseconds{n * scale};
}

}  // namespace changtong
