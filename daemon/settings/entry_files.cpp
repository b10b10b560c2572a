#include "daemon/settings/entry_files.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "daemon/core/exact.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/table.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

using namespace reading;

/** A day that spreadsheets wrote, before a time of day. */
std::string plain_instant(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::string(text);
  std::string_view time = text.substr(blank + 1);
  return plain_day(text.substr(0, blank)) + " " + (time.find(':') == 1 ? "0" : "") + std::string(time);
}

/** Separators of names: also the Chinese ones, which are three bytes. */
std::vector<std::string_view> names(std::string_view text) {
  std::vector<std::string_view> out;
  constexpr std::array<std::string_view, 5> separators{"、", "，", "；", ";", ","};
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    if (const auto name = trim(text.substr(begin, end - begin)); !name.empty()) out.push_back(name);
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto s =
        std::ranges::find_if(separators, [&](std::string_view one) { return text.substr(at).starts_with(one); });
    if (s == separators.end()) {
      ++at;
      continue;
    }
    take(at);
    begin = at += s->size();
  }
  take(text.size());
  return out;
}

constexpr std::size_t most_text = 1000, most_id = 64;  // bytes, as the books have it

std::string words(table& from, const csv_field& cell) {
  const std::string_view text = trim(cell.text);
  if (text.size() > most_text || has_control_characters(text))
    from.error(cell, {"超过 1000 字节，或含有换行、控制字符：请缩短或删去",
                      "longer than 1000 bytes, or with a line break or control character: shorten or remove it"});
  return std::string(shortened(text, most_text));
}

filed_commands done(table& from, std::vector<filed_command> all) {
  if (auto found = from.problems_found(all.size())) return std::move(*found);
  return filed_commands(boost::system::in_place_value, std::move(all));
}

void keep(table& from, const csv_field& at, std::vector<filed_command>& all, command c) {
  if (all.size() == most_commands)
    from.error(at, both("记录超过 {} 条：请拆分文件", "more than {} entries: split the file", most_commands));
  if (all.size() <= most_commands) all.push_back({.what = std::move(c), .line = at.line});
}

}  // namespace

filed_commands read_windows_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(std::move(bytes), file,
             {{"id", {"编号", "窗口编号"}, false},
              {"targets", {"线路", "线路编号"}},
              {"from", {"开始", "开始时间", "起"}},
              {"to", {"结束", "结束时间", "止"}},
              {"text", {"事由", "说明", "备注"}, false}});
  std::vector<filed_command> all;
  from.read([&](const table::cells& row) {
    window_command w;
    w.id = trim(row[0].text);
    if (w.id.size() > 64)
      from.error(row[0], {"编号超过 64 个字符：请缩短", "the id is longer than 64 characters: shorten it"});
    for (const std::string_view id : split(row[1].text, " ;\t")) w.targets.emplace_back(id);
    if (w.targets.empty())
      from.error(row[1], {"没有写专线或网站：请写编号，全部则写 *", "no line or site: write their ids, or * for all"});
    for (const auto& [cell, edge] : {std::pair{&row[2], &w.from}, {&row[3], &w.to}}) {
      const auto at = zone.parse_instant(plain_instant(trim(cell->text)));
      if (at)
        *edge = *at;
      else
        from.error(*cell, words_of(at.error()));
    }
    if (w.from && w.to && *w.to <= *w.from)
      from.error(row[3], {"结束时间不晚于开始时间", "the window ends before it begins"});
    w.text = words(from, row[4]);
    keep(from, row[1], all, std::move(w));
  });
  return done(from, std::move(all));
}

filed_commands read_duty_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(
      std::move(bytes), file,
      {{"day", {"日期"}}, {"person", {"值班人", "值班人员", "值班", "姓名"}}, {"text", {"备注", "说明"}, false}});
  std::vector<filed_command> all;
  from.read([&](const table::cells& row) {
    const std::string day = plain_day(trim(row[0].text));
    if (day.size() != 10 || !zone.parse(day))
      from.error(row[0],
                 both("{} 不是日期：请写 2026-03-14", "{} is no day: write 2026-03-14", quote(trim(row[0].text))));
    const auto people = names(row[1].text);
    if (people.empty()) from.error(row[1], {"没有写值班人：是谁值班？", "nobody is named: who was on duty?"});
    const std::string text = words(from, row[2]);
    for (const std::string_view person : people) {
      if (person.size() > 64 || has_control_characters(person))
        from.error(row[1], {"姓名超过 64 字节，或含有控制字符：请缩短",
                            "a name is longer than 64 bytes or has control characters: shorten it"});
      else
        keep(from, row[1], all, duty_command{.day = day, .person = std::string(person), .text = text});
    }
  });
  return done(from, std::move(all));
}

filed_commands read_counters_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(std::move(bytes), file,
             {{"counter", {"计数器", "计数器名"}},
              {"at", {"时间", "时刻"}},
              {"value", {"数值", "读数"}},
              {"unit", {"单位"}, false},
              {"source", {"来源"}, false}});
  std::vector<filed_command> all;
  std::map<std::pair<std::string, wall_t>, int> lines;
  from.read([&](const table::cells& row) {
    counter_command c;
    c.counter = trim(row[0].text);
    if (c.counter.empty() || c.counter.size() > most_id)
      from.error(row[0], {"没有写计数器，或名称超过 64 个字符：可用 A-Z a-z 0-9 - _",
                          "the counter is not named, or its name is longer than 64 characters: A-Z a-z 0-9 - _"});
    if (const auto at = zone.parse_instant(plain_instant(trim(row[1].text))))
      c.about = *at;
    else
      from.error(row[1], words_of(at.error()));
    c.value = trim(row[2].text);
    if (const auto value = parse_exact(c.value); !value || *value < 0)
      from.error(row[2], both("{} 不是计数器的读数：请写 51234 或 1234.5",
                              "{} is no number that a counter shows: write 51234 or 1234.5", quote(c.value)));
    c.unit = words(from, row[3]);
    c.source = words(from, row[4]);
    if (c.about)
      if (const auto [first, fresh] = lines.try_emplace({c.counter, *c.about}, row[0].line); !fresh)
        from.error(row[0], both("第 {} 行已有该计数器同一时间的读数：请删去一条",
                                "the counter stands at line {} with the same time: remove one of them", first->second));
    keep(from, row[0], all, std::move(c));
  });
  return done(from, std::move(all));
}

}  // namespace changtong
