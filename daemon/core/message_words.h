#pragma once
/** The words of messages: a text of sections, one an alert's subject and step, whose lines have places for facts.
 *
 *     # a comment
 *     [line.opened]
 *     ${name}中断                                     the first line is the title
 *     运营商：${carrier}[，电路 ${circuit}]             [ ] falls away where a fact in it is not known
 *
 * A line all of whose facts are not known falls away. `[any.STEP]` serves subjects that have no section of their own.
 * `\[`, `\]`, `\$` and `\\` are these characters themselves. Pure; immutable; any thread. */
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/declared_alert.h"
#include "daemon/core/result.h"

namespace changtong {

/** What a section may ask for, by its name in the text. */
enum class told_fact : std::uint8_t {
  name,
  kind,
  count,
  other,
  names,
  more,
  unit,
  town,
  carrier,
  circuit,
  phone,
  grade,
  address,
  began,
  ended,
  lasted,
  cause,
  observation,
  month,
  effect,
  left,
  well,
  value,
  towns,
  traps,
  note,
  alert,
  command,
  link
};
struct told_fact_row {
  std::string_view name, means;  ///< Chinese
};
inline constexpr std::array<told_fact_row, 29> told_facts{{
    {"name", "线路或网站的名称；上级线路、运营商、乡镇的名称；本机故障的说法"},
    {"kind", "所涉为何：线路、村线、网站"},
    {"count", "条数"},
    {"other", "除上级线路本身以外的条数"},
    {"names", "名称清单，至多十条"},
    {"more", "清单之外还有几条"},
    {"unit", "接入单位"},
    {"town", "乡镇"},
    {"carrier", "运营商"},
    {"circuit", "电路编号"},
    {"phone", "运营商报障电话"},
    {"grade", "等级"},
    {"address", "地址或网址"},
    {"began", "开始时刻"},
    {"ended", "恢复时刻；本机停顿的结束时刻"},
    {"lasted", "历时"},
    {"cause", "原因"},
    {"observation", "依据；恢复时为查明的原因的依据"},
    {"month", "本月畅通率"},
    {"effect", "本次中断使本月畅通率下降多少"},
    {"left", "尚未恢复的条数"},
    {"well", "发出时其中已恢复的条数；没有则未知"},
    {"value", "数值：证书剩余天数；质量下降时的实测值与限值"},
    {"towns", "所涉乡镇；多于五个的列出五个，写明共几个"},
    {"traps", "设备在中断前后发来的通知（SNMP trap）"},
    {"note", "附言"},
    {"alert", "告警编号"},
    {"command", "接手的命令，在监测主机上运行；可在页面接手的没有，短信和语音也不带它所在的行"},
    {"link", "页面地址"},
}};
using told_values = std::array<std::string, told_facts.size()>;
[[nodiscard]] constexpr std::size_t place_of(told_fact f) { return static_cast<std::size_t>(f); }

/** Steps that have words. */
enum class worded_step : std::uint8_t { opened, grown, resolved, acknowledged, removed, corrected };
inline constexpr std::array<std::string_view, 6> worded_step_names{"opened",       "grown",   "resolved",
                                                                   "acknowledged", "removed", "corrected"};

class message_words {
 public:
  /** `over`: what the text does not say is as there; null: it has to say all. Problems name `file`. At most 64 kB. */
  [[nodiscard]] static boost::system::result<message_words, problems> read(std::string_view text,
                                                                           const std::string& file,
                                                                           const message_words* over = nullptr);

  struct written {
    std::string title, text;
  };
  [[nodiscard]] written write(alert_subject about, worded_step step, const told_values& facts) const;

  friend bool operator==(const message_words&, const message_words&) = default;

 private:
  class reader;
  struct piece {
    std::string literal;
    std::optional<told_fact> fact;  ///< in place of the literal
    std::uint16_t optional = 0;     ///< of which [ ] of its line, from 1; 0: of none
    friend bool operator==(const piece&, const piece&) = default;
  };
  using line = std::vector<piece>;
  [[nodiscard]] static std::optional<std::string> filled(const line& l, const told_values& facts);
  /** By subject (one past the last: any) and step. */
  std::map<std::pair<std::size_t, worded_step>, std::vector<line>> sections_;
};

}  // namespace changtong
