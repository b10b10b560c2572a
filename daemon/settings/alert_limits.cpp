// alerts.limits: what of a target that is up is told as degraded, from which value on.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "daemon/reading/words.h"
#include "daemon/settings/alerts.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_limits = 500;
constexpr milliseconds longest{7LL * 86'400'000};

/** With a sign: powers of light are negative. */
std::optional<double> signed_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto size = parse_decimal(negative ? text.substr(1) : text);
  if (!size) return std::nullopt;
  return negative ? -*size : *size;
}

phrase example_of(const quality_row& row) {
  switch (row.unit) {
    case quality_unit::ratio:
      return {"如 5% 或 0.05", "as 5% or 0.05"};
    case quality_unit::milliseconds:
      return {"如 100ms 或 15s", "as 100ms or 15s"};
    case quality_unit::decibels:
      return {"以 dBm 计，如 -27", "in dBm, as -27"};
    case quality_unit::celsius:
      return {"以 ℃ 计，如 70", "in °C, as 70"};
    case quality_unit::state:
      break;
  }
  return {"只能写 off", "can only be off"};
}

class limit_reader {
 public:
  limit_reader(const yaml_node& node, alerts_draft& into, const config_draft& known, findings& found)
      : into_(into),
        known_(known),
        found_(found),
        from_(node, {"alerts.limits 的一项", "a limit of alerts"}, known.root.file, found,
              {"of", "at", "clear", "holds", "away", "categories", "grades", "source"}) {}

  std::optional<quality_limit> read() {
    from_.require("of", "of: delay");
    const auto of = from_.text("of", 32);
    if (!of) return std::nullopt;
    const auto row = std::ranges::find(quality_table, of->value, &quality_row::key);
    if (row == quality_table.end()) {
      std::vector<std::string_view> keys;
      for (const quality_row& r : quality_table) keys.push_back(r.key);
      from_.error(of->at, unknown_word({"质量指标", "quality"}, of->value, keys));
      return std::nullopt;
    }
    quality_limit l;
    l.of = row->of;
    values(l, *row);
    if (const auto d = from_.duration("holds", milliseconds{1000}, longest)) l.holds = d->value;
    if (const auto d = from_.duration("away", milliseconds{1000}, longest)) l.away = d->value;
    for (const auto& one : names_in(from_, "categories")) category(l, one);
    for (auto& one : names_in(from_, "grades")) {
      l.grades.push_back(one.value);
      into_.grades.push_back(std::move(one));
    }
    if (auto t = from_.text("source", 256))
      l.source = std::move(t->value);
    else if (!l.off && row->unit != quality_unit::state && !from_.strange())
      found_.warn(from_.begin(), both("{} 的限值没有写 source：看到告警的人不知道依据何在，请写明文件与条款",
                                      "the limit of {} has no source: whoever is told cannot see whence it is, name "
                                      "document and clause",
                                      row->key));
    return l;
  }

 private:
  void values(quality_limit& l, const quality_row& row) {
    if (row.unit != quality_unit::state) from_.require("at", row.least ? "at: -27" : "at: 100ms");
    const auto at = from_.text("at", 32);
    if (at && at->value == "off") {
      l.off = true;
      return;
    }
    if (row.unit == quality_unit::state) {
      if (at) from_.error(at->at, both("{} 没有数值：at 只能写 off", "{} has no number: at can only be off", row.key));
      if (from_.find("clear") != nullptr)
        from_.error(from_.at("clear"), both("{} 没有数值：请删去 clear", "{} has no number: remove clear", row.key));
      return;
    }
    const auto limit = number("at", row);
    if (!limit) return;
    l.at = *limit;
    l.clear = row.least ? l.at + 1 : l.at * 0.8;
    const auto clear = number("clear", row);
    if (!clear) return;
    l.clear = *clear;
    if (row.least ? l.clear < l.at : l.clear > l.at)
      from_.error(from_.at("clear"), row.least
                                         ? both("{} 的 clear 低于 at：恢复的界限应不低于它",
                                                "clear of {} is below at: what is well again is above it", row.key)
                                         : both("{} 的 clear 高于 at：恢复的界限应不高于它",
                                                "clear of {} is above at: what is well again is below it", row.key));
  }

  std::optional<double> number(std::string_view key, const quality_row& row) {
    const auto t = from_.text(key, 32);
    if (!t) return std::nullopt;
    std::optional<double> n;
    if (row.unit == quality_unit::milliseconds) {
      if (const auto d = parse_duration(t->value)) n = static_cast<double>(d->count());
    } else {
      n = signed_decimal(t->value);
    }
    if (n && *n >= row.low && *n <= row.high) return n;
    from_.error(t->at,
                both("{} 的 {} {} 有误或超出范围：应{}，从 {} 到 {}", "{}: {} {} is out of bounds: {}, from {} to {}",
                     row.key, key, quote(t->value), example_of(row), bound(row, row.low), bound(row, row.high)));
    return std::nullopt;
  }

  static std::string bound(const quality_row& row, double value) {
    if (row.unit == quality_unit::milliseconds)
      return duration_text(milliseconds(std::max<std::int64_t>(std::llround(value), 1)));
    return fmt::format("{}", value);
  }

  void category(quality_limit& l, const stated<std::string>& one) {
    std::vector<std::string_view> ids;
    for (const category_draft& c : known_.categories) ids.push_back(c.what.id);
    if (std::ranges::find(ids, one.value) == ids.end())
      from_.error(one.at, unknown_word({"类别", "category"}, one.value, ids));
    else
      l.categories.push_back(one.value);
  }

  alerts_draft& into_;
  const config_draft& known_;
  findings& found_;
  block from_;
};

quality_limit usual(quality q, double at, double clear, std::string source) {
  return {.of = q, .off = false, .at = at, .clear = clear, .categories = {}, .grades = {}, .source = std::move(source)};
}

}  // namespace

/** Of what has a number that somebody answers for (rules.md), or needs none; the rest is off until it is set. Round
 * trips are twice what the recommendation says of one way: beyond that one of the two ways is beyond it. */
std::vector<quality_limit> built_in_limits(const degrade_limits& d) {
  const bool usual_loss = d.loss_ratio == degrade_limits{}.loss_ratio;
  std::vector<quality_limit> all{
      usual(quality::loss, d.loss_ratio, d.loss_ratio / 2, usual_loss ? "运营商集团专线测试标准 5 %" : "")};
  if (d.rtt) {
    const auto rtt = static_cast<double>(d.rtt->count());
    all.push_back(usual(quality::delay, rtt, rtt * 0.8, ""));
  } else {
    all.push_back(usual(quality::delay, 800, 640, "ITU-T Y.1541 第 1 级，单程 400 毫秒"));
  }
  all.push_back(usual(quality::jitter, 100, 80, "ITU-T Y.1541 第 1 级，单程 50 毫秒"));
  for (const quality state : {quality::interface, quality::hardware, quality::check, quality::filter})
    all.push_back(usual(state, 0, 0, ""));
  all.push_back(usual(quality::data, 0, 0, ""));
  all.back().holds = std::chrono::minutes{10};  // a device that starts anew needs a while
  all.push_back(usual(quality::open_time, 15'000, 12'000, "国办秘函〔2019〕19号，15 秒打不开即为无法访问"));
  all.push_back(usual(quality::visits_failed, 0.03, 0.025, "普查平台预警值；达 5 % 即单项否决，国办秘函〔2019〕19号"));
  return all;
}

void read_limits(alerts_draft& into, const yaml_node& node, const config_draft& known, findings& found) {
  const place at{known.root.file, node.line, node.column};
  if (node.what != yaml_node::shape::list || node.children.size() > most_limits)
    return found.error(at, both("limits 应为列表，最多 {} 项：每项以 '- ' 开头",
                                "limits must be a list of at most {}: begin each with '- '", most_limits));
  for (const yaml_node& one : node.children)
    if (auto limit = limit_reader(one, into, known, found).read()) into.value.limits.push_back(std::move(*limit));
  if (!into.value.degraded && !node.children.empty())
    found.warn(at, {"degraded: false：limits 不起作用", "degraded: false: limits have no effect"});
}

}  // namespace changtong::reading
