#include "daemon/settings/table_columns.h"

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"
#include "daemon/reading/words.h"
#include "daemon/settings/line_columns.h"

namespace changtong::reading {

std::optional<std::size_t> table_columns::named(std::string_view word) const {
  const std::string small = ascii::lower(word);
  const auto h =
      std::ranges::find_if(headings, [&](const heading& one) { return small == one.english || small == one.chinese; });
  if (h == headings.end()) return std::nullopt;
  return static_cast<std::size_t>(h - headings.begin());
}

std::string table_columns::heading::both_names() const {
  return std::string(chinese) + "（" + std::string(english) + "）";
}

phrase table_columns::in_their_words(phrase about) const {
  constexpr std::string_view kind = "http: ", write = "请写 ";
  std::string& cn = about.cn;
  const std::size_t begin = cn.starts_with(kind) ? kind.size() : 0;
  std::size_t end = begin;
  while (end < cn.size() && (name_character(cn[end]) || cn[end] == '.')) ++end;
  const std::string word = cn.substr(begin, end - begin);  // of tls.min the column is tls, of header headers
  const std::string column = word == "header" ? "headers" : word.substr(0, word.find('.'));
  for (const heading& h : headings) {
    if (column == h.english) cn.replace(0, end, std::string(h.chinese) + "（" + word + "）");
    const std::string quoted = "'" + std::string(h.english) + "'";
    if (const std::size_t at = cn.find(quoted); at != std::string::npos) cn.replace(at, quoted.size(), h.both_names());
    const std::string asked = std::string(write) + std::string(h.english) + ": ";
    if (const std::size_t at = cn.find(asked); at != std::string::npos) cn.replace(at, asked.size(), write);
  }
  return about;
}

phrase table_columns::without_keys(phrase about) const {
  for (const heading& h : headings) {
    const std::string named = h.both_names();
    for (std::size_t at = about.cn.find(named); at != std::string::npos; at = about.cn.find(named, at))
      about.cn.replace(at, named.size(), h.chinese);
  }
  return about;
}

const table_columns& columns_of_lines() {
  static constexpr std::array<std::size_t, 4> first{line_columns::id, line_columns::name, line_columns::category,
                                                    line_columns::address};
  static const table_columns all{.of = target_kind::line,
                                 .file = "lines.csv",
                                 .key = "inventory",
                                 .one = {"专线", "line"},
                                 .like = "V001",
                                 .headings = line_columns::headings(),
                                 .id = line_columns::id,
                                 .closed = line_columns::closed,
                                 .first = first};
  return all;
}

const table_columns& columns_of_sites() {
  static constexpr std::array<table_columns::heading, 28> headings{{{"id", "编号"},
                                                                    {"name", "名称"},
                                                                    {"url", "网址"},
                                                                    {"category", "类别"},
                                                                    {"unit", "接入单位"},
                                                                    {"town", "乡镇"},
                                                                    {"carrier", "运营商"},
                                                                    {"accepted", "开通日期"},
                                                                    {"closed", "停用日期"},
                                                                    {"grade", "等级"},
                                                                    {"interval", "周期"},
                                                                    {"timeout", "时限"},
                                                                    {"fast_interval", "加密周期"},
                                                                    {"down_after", "几次算断"},
                                                                    {"up_after", "几次算通"},
                                                                    {"contains", "须有文字"},
                                                                    {"forbids", "不得有文字"},
                                                                    {"status", "状态码"},
                                                                    {"ca", "根证书"},
                                                                    {"redirects", "最多重定向"},
                                                                    {"max_bytes", "页面上限"},
                                                                    {"downgrade", "允许降为http"},
                                                                    {"empty", "允许空页"},
                                                                    {"resolve", "地址族"},
                                                                    {"user_agent", "浏览器标识"},
                                                                    {"local_redirects", "允许本地重定向"},
                                                                    {"tls", "加密放宽"},
                                                                    {"headers", "附加报头", true}}};
  static constexpr std::array<std::size_t, 3> first{0, 1, 2};
  static const table_columns all{.of = target_kind::site,
                                 .file = "sites.csv",
                                 .key = "sites",
                                 .one = {"网站", "site"},
                                 .like = "portal",
                                 .headings = headings,
                                 .id = 0,
                                 .closed = 8,
                                 .first = first};
  return all;
}

}  // namespace changtong::reading
