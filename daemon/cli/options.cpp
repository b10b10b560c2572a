#include "daemon/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/target_names.h"
#include "daemon/host/clocks.h"
#include "daemon/reading/words.h"

namespace changtong {

void ledger_option(grammar sub, std::string& into) {
  sub.add_option("--ledger", into, "账本文件 / the ledger").required().plain_file();
}

void api_options(grammar sub, api_place& into, const std::string& token, bool required) {
  sub.add_option("--api", into.url, "运行中的监测 / the running daemon, http://127.0.0.1:8080").required(required);
  sub.add_option("--token-file", into.token_file, token).required(required);
  sub.add_option(
         "--ca", into.ca,
         "签发监测证书的 CA（PEM 文件），与 --api https://… 同用，缺省为系统信任的 / the CA of its certificate, "
         "with https; default: the system's")
      .plain_file();
}

void format_option(grammar sub, std::string& into, std::initializer_list<std::string> words, std::string_view note) {
  std::string help;
  for (const std::string& word : words) help += (help.empty() ? "" : &word + 1 == words.end() ? " 或 " : "、") + word;
  sub.add_option("--format", into, help.append(note)).shows_default().one_of(words);
}

grammar::option words_option(grammar sub, std::string& into, const std::string& help) {
  return sub.add_option("--text,--note,--reason", into, help);
}

void period_options(grammar sub, std::string& from, std::string& to, bool required) {
  sub.add_option("--from", from, "起：2026、2026-03、2026-03-14 或带时区的 ISO 8601 / begin").required(required);
  sub.add_option("--to", to, "止（含该年、月、日）/ end, inclusive for civil periods").required(required);
}

void knowledge_options(grammar sub, std::string& as_known_at, bool& reopened) {
  sub.add_option("--as-known-at", as_known_at, "只用到那时为止已入账的内容 / only what the journal knew then");
  sub.add_flag("--reopened", reopened, "按未结账重算 / as if nothing had been closed");
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
  out.now = out.reader->now(host::wall_now());
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

result<std::string> line_named(const ledger::reader& books, const std::string& word) {
  const auto found = [](std::string id) { return result<std::string>(boost::system::in_place_value, std::move(id)); };
  if (word.empty()) return found({});
  const auto all = books.targets();
  const entries::meant_targets meant = entries::meant_by(word, all, books.now(host::wall_now()));
  const auto& fit = meant.here.empty() ? meant.gone : meant.here;
  if (fit.size() == 1 && meant.here.empty())
    fmt::print(stderr, "{}\n",
               to_string(both("“{}”是 {}，已停用", "\"{}\" is {}, which is closed", word, fit.front()->id)));
  if (fit.size() == 1) return found(fit.front()->id);
  if (fit.size() > 1)
    return said(both("--line：“{}”不止一条：{}；请写编号", "--line: \"{}\" is several: {}; write an id",
                     shortened(word, 64), entries::listed(fit)),
                problem_class::usage);
  std::vector<std::string_view> names;
  for (const ledger::known_target& t : all)
    for (const std::string_view name : {std::string_view(t.id), std::string_view(t.name)})
      if (!name.empty()) names.push_back(name);
  const std::string_view near = reading::nearest(word, names);
  const phrase perhaps = near.empty() ? phrase{} : both("，是不是 {}？", ", did you mean {}?", near);
  return said(both("--line：账本里没有线路或网站 {}{}", "--line: the ledger has no line or site {}{}",
                   shortened(word, 64), perhaps),
              problem_class::usage);
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
