#pragma once
/** Entries of people in files, as offices keep them: windows.csv, duty.csv and counters.csv -> commands. UTF-8 with or
 * without BOM, or GB18030; headings in Chinese or English; all of it or every problem found, each with
 * file:line:column. What an entry means to the books is not asked here. Pure: the bytes are an argument. */
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** An entry and where it stands, so that what the books say against it can be shown there. */
struct filed_command {
  command what;
  int line = 0;  ///< from 1
};
using filed_commands = boost::system::result<std::vector<filed_command>, problems>;

/** Requests. Headings: id 编号 (may be left out), targets 线路 (ids separated by blanks or ';', or *), from 开始, to
 * 结束, text 事由. At most most_commands rows. */
[[nodiscard]] filed_commands read_windows_csv(std::string bytes, const std::string& file, const civil_zone& zone);
/** Headings: day 日期 (2026-03-14 or 2026/3/14), person 值班人 (several separated by '、', ';' or ',' are as many
 * records), text 备注. At most most_commands records. */
[[nodiscard]] filed_commands read_duty_csv(std::string bytes, const std::string& file, const civil_zone& zone);
/** Headings: counter 计数器, at 时间 (2026-03-14 22:00 or 2026/3/14 22:00 in the zone), value 数值, unit 单位 and
 * source 来源 (both may be left out). One counter and instant stands at most once, so that importing a file again
 * changes nothing. At most most_commands rows. */
[[nodiscard]] filed_commands read_counters_csv(std::string bytes, const std::string& file, const civil_zone& zone);

}  // namespace changtong
