// Small readings of a plan's values.
#include <filesystem>

#include "daemon/core/contract.h"
#include "daemon/plans/draft.h"
#include "daemon/reading/words.h"

namespace changtong::reading {

std::optional<stated<exact>> plan_number(const block& from, std::string_view key, bool negative) {
  const auto written = from.text(key, 64);
  if (!written) return std::nullopt;
  const auto value = parse_exact(written->value);
  if (!value) {
    from.error(written->at, both("{} {} 不是数：写作 10、919.94", "{} {} is no number: write 10, 919.94", key,
                                 quote(written->value)));
    return std::nullopt;
  }
  if (*value < 0 && !negative) {
    from.error(written->at, both("{} {} 不能为负", "{} {} must not be negative", key, written->value));
    return std::nullopt;
  }
  return stated<exact>{*value, written->at};
}

std::optional<stated<exact>> plan_percent(const block& from, std::string_view key) {
  const auto written = from.text(key, 32);
  if (!written) return std::nullopt;
  const auto s = parse_percent(written->value);
  if (!s) {
    from.error(written->at, both("{} {} 不是百分比：写作 99%，0 至 100", "{} {} is no percentage: write 99%, 0 to 100",
                                 key, quote(written->value)));
    return std::nullopt;
  }
  return stated<exact>{exact{s->part, s->whole}, written->at};
}

std::optional<stated<std::string>> plan_day(const block& from, std::string_view key) {
  auto written = from.text(key, 32);
  if (!written) return std::nullopt;
  const auto zone = civil_zone::named("UTC");
  if (written->value.size() == 10 && zone && zone->parse(written->value)) return written;
  from.error(written->at,
             both("{} {} 不是日期：写作 2026-03-14", "{} {} is no day: write 2026-03-14", key, quote(written->value)));
  return std::nullopt;
}

std::vector<stated<std::string>> plan_texts(const block& from, std::string_view key, std::size_t most_bytes) {
  return from.texts(key,
                    {.least = 1,
                     .most = 20'000,
                     .most_bytes = most_bytes,
                     .no_list = both("{} 应为列表，每项以“- ”开头或写作 [甲, 乙]",
                                     "{} must be a list of at least one: begin each with '- '", key),
                     .no_text = both("{} 的一项应为一行文字，至多 {} 字节",
                                     "each of {} must be one line of text, of {} bytes at most", key, most_bytes)});
}

void plan_take(const block& from, std::string_view key, std::string& into, std::size_t most_bytes) {
  if (auto t = from.text(key, most_bytes)) into = std::move(t->value);
}

std::optional<std::size_t> plan_word(const block& from, std::string_view key,
                                     const std::vector<std::string_view>& words) {
  const auto written = from.text(key, 64);
  if (!written) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == written->value) return i;
  from.error(written->at, unknown_word(as_written(key), written->value, words));
  return std::nullopt;
}

plans::file_name plan_path(const std::string& written, std::string_view plan_file) {
  const std::filesystem::path folder = std::filesystem::path(std::string(plan_file)).parent_path();
  return {written, (folder / written).lexically_normal().string()};
}

}  // namespace changtong::reading
