#include "daemon/entries/evaluation_entries.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/command.h"
#include "daemon/core/exact.h"
#include "daemon/core/field_words.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/entry_words.h"

namespace changtong::entries {
namespace {

bool fits(std::string_view text, std::size_t most) { return plain(text) && characters(text) <= most; }

/** Why what is said in that field of a command does not fit. */
template <class Command>
refused unfit(std::string_view field, std::string_view text, std::size_t most) {
  const auto [chinese, english] = words_of<Command>(field);
  if (const odd_words odd = odd_in(text); !odd.text.empty())
    return invalid(fmt::format("bad_{}", field), fmt::format("{}：{}", chinese, odd.text),
                   fmt::format("the {}: {}", english, odd.text_en));
  return invalid(fmt::format("bad_{}", field), fmt::format("{}超过 {} 个字符，请缩短", chinese, most),
                 fmt::format("the {} is longer than {} characters: shorten it", english, most));
}

/** A name stands in lists and is looked for by its exact text. */
bool trimmed(std::string_view name) { return name.empty() || (name.front() != ' ' && name.back() != ' '); }

bool counter_name(std::string_view id) { return good_id(id) && id.find('.') == std::string_view::npos; }

bool amount(std::string_view text) {
  const auto value = parse_exact(text);
  return value && *value >= 0;
}

bool hash(std::string_view hex) {
  return hex.size() == 64 &&
         std::ranges::all_of(hex, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<refused> bad_verdict(const verdict_command& v) {
  if (!plain(v.plan)) return unfit<verdict_command>("plan", v.plan, most_plan);
  if (v.plan.empty() || !fits(v.plan, most_plan) || !trimmed(v.plan))
    return invalid("bad_plan", "方案须为年度或名称：不为空，最多 64 个字符，首尾无空格，无控制字符",
                   "the plan is empty, longer than 64 characters, has blanks around it or control characters");
  if (!good_id(v.indicator))
    return invalid("bad_indicator", "指标编号只能用 A-Z a-z 0-9 . _ -，最多 64 个字符",
                   "the id of an indicator has other characters than A-Z a-z 0-9 . _ -, is empty, or longer than 64");
  if (!attainment_named(v.verdict))
    return invalid("bad_verdict", "结论须为 achieved（达成）、partly（部分达成）或 missed（未达成）",
                   "the verdict must be achieved, partly or missed");
  if (!v.points.empty() && !amount(v.points))
    return invalid("bad_points", "得分须为不小于零的十进制数，如 4.5；不写则按方案计分",
                   "the points must be a decimal number that is not negative, such as 4.5, or be left out");
  if (!fits(v.text, most_reason)) return unfit<verdict_command>("text", v.text, most_reason);
  if (!fits(v.document, most_document)) return unfit<verdict_command>("document", v.document, most_document);
  if (!v.sha256.empty() && !hash(v.sha256))
    return invalid("bad_sha256", "sha256 须为 64 位小写十六进制数", "sha256 must be 64 lower-case hexadecimal digits");
  if (v.document.empty() && !v.sha256.empty())
    return invalid("sha256_of_nothing", "写了 sha256 而没有写文件名",
                   "there is a sha256, but no document that it is of");
  return std::nullopt;
}

}  // namespace

boost::system::result<counter_record, refused> counter_from(const counter_command& c, const author& who, wall_t now) {
  if (auto bad = bad_words(who.name, {})) return *bad;
  if (!counter_name(c.counter))
    return invalid("bad_counter", "计数器名只能用 A-Z a-z 0-9 _ -，最多 64 个字符",
                   "the name of a counter has other characters than A-Z a-z 0-9 _ -, is empty, or longer than 64");
  if (!amount(c.value))
    return invalid("bad_value", "数值须为不小于零的十进制数，如 51234 或 1234.5",
                   "the value must be a decimal number that is not negative, such as 51234 or 1234.5");
  if (!fits(c.unit, most_unit)) return unfit<counter_command>("unit", c.unit, most_unit);
  if (!fits(c.source, most_source)) return unfit<counter_command>("source", c.source, most_source);
  const wall_t about = c.about.value_or(now);
  if (about > now)
    return invalid("reading_of_the_future", "读数的时间还没有到", "the reading is of an instant yet to come");
  return counter_record{.at = now,
                        .counter = c.counter,
                        .about = about,
                        .value = c.value,
                        .unit = c.unit,
                        .source = c.source,
                        .author = who.name,
                        .via = who.via};
}

boost::system::result<indicator_verdict, refused> verdict_from(const verdict_command& v, const author& who,
                                                               wall_t now) {
  if (auto bad = bad_words(who.name, {})) return *bad;
  if (auto bad = bad_verdict(v)) return *bad;
  return indicator_verdict{.at = now,
                           .plan = v.plan,
                           .indicator = v.indicator,
                           .verdict = *attainment_named(v.verdict),
                           .points = v.points,
                           .text = v.text,
                           .document = v.document,
                           .sha256 = v.sha256,
                           .author = who.name,
                           .via = who.via};
}

succession after(const counter_record& last, const counter_record& next) {
  const bool same = parse_exact(last.value) == parse_exact(next.value) && last.unit == next.unit &&
                    (last.source == next.source || next.source.empty());
  return same ? succession::known : succession::correction;
}

succession after(const indicator_verdict& last, const indicator_verdict& next) {
  indicator_verdict again = next;
  again.at = last.at;
  again.via = last.via;
  return again == last ? succession::known : succession::correction;
}

notice notice_of(succession s, const counter_record& last, const counter_record& next, const std::string& instant) {
  if (s == succession::known)
    return {"counter_known", fmt::format("{} {} {} 已有记录，未重复登记", next.counter, instant, next.value),
            fmt::format("{} {} {} is there already and was not entered again", next.counter, instant, next.value)};
  return {"counter_corrected",
          fmt::format("{} {} 原为 {}（{} 登记），更正为 {}；两条都保留，以后一条为准", next.counter, instant,
                      last.value + last.unit, last.author, next.value + next.unit),
          fmt::format("{} {} was {} (entered by {}) and is corrected to {}; both stay, the last one counts",
                      next.counter, instant, last.value + last.unit, last.author, next.value + next.unit)};
}

notice notice_of(succession s, const indicator_verdict& last, const indicator_verdict& next) {
  if (s == succession::known)
    return {"verdict_known", fmt::format("{} {} 已有相同结论，未重复登记", next.plan, next.indicator),
            fmt::format("{} {} has this verdict already and it was not entered again", next.plan, next.indicator)};
  return {"verdict_replaced",
          fmt::format("{} {} 原为{}（{}），改为{}；两条都保留，以后一条为准", next.plan, next.indicator,
                      chinese_of(last.verdict), last.author, chinese_of(next.verdict)),
          fmt::format("{} {} was {} (by {}) and is now {}; both stay, the last one counts", next.plan, next.indicator,
                      name_of(last.verdict), last.author, name_of(next.verdict))};
}

}  // namespace changtong::entries
