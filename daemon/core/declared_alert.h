#pragma once
/** The life of an alert 告警: what was told to whom about one outage, or one fault of our own, and when it ended. The
 * monitor enters it; what people add is an acknowledgement (declared_acknowledgement.h). */
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** What one alert is about: what its lines have in common. */
enum class alert_subject : std::uint8_t {
  line,         ///< one line, by itself
  site,         ///< one website
  upstream,     ///< a line and what hangs below it; `name` is the id of the uppermost line that is down
  carrier,      ///< lines of one carrier that went down together; `name` is the carrier
  town,         ///< lines of one town that went down together; `name` is the town
  many,         ///< lines that went down together and have nothing else in common
  own,          ///< the monitor itself; `name` is what fails: uplink, anchors, ledger, clock, disk, verification, …
  flapping,     ///< a line that comes and goes: said once instead of each time
  degraded,     ///< up, but not well; `name` is the fact or condition
  certificate,  ///< of a website, that ends soon or has ended
};
[[nodiscard]] constexpr std::string_view name_of(alert_subject s) {
  constexpr std::string_view names[]{"line", "site", "upstream", "carrier",  "town",
                                     "many", "own",  "flapping", "degraded", "certificate"};
  return names[static_cast<std::size_t>(s)];
}
template <>
struct values_of<alert_subject> {
  static constexpr std::array all{alert_subject::line,       alert_subject::site,     alert_subject::upstream,
                                  alert_subject::carrier,    alert_subject::town,     alert_subject::many,
                                  alert_subject::own,        alert_subject::flapping, alert_subject::degraded,
                                  alert_subject::certificate};
};

enum class alert_step : std::uint8_t {
  opened,     ///< `targets` are what it is about
  grown,      ///< so are these, with those of before
  resolved,   ///< `targets` are well again; the alert is over once all of it is
  told,       ///< a channel has taken a message; `answer` is what it said
  untold,     ///< a channel has not, for good; `answer` says why
  escalated,  ///< nobody acknowledged in time: the next ones are told; `person` who they are
};
[[nodiscard]] constexpr std::string_view name_of(alert_step s) {
  constexpr std::string_view names[]{"opened", "grown", "resolved", "told", "untold", "escalated"};
  return names[static_cast<std::size_t>(s)];
}
template <>
struct values_of<alert_step> {
  static constexpr std::array all{alert_step::opened, alert_step::grown,  alert_step::resolved,
                                  alert_step::told,   alert_step::untold, alert_step::escalated};
};

/** Of a resolved step: its targets are closed or in no inventory any more, nobody knows whether they are well. */
inline constexpr std::string_view removed_from_inventory = "removed";

/** One step. `subject`, `name` and `began` are repeated in each, so that one can be read alone. */
struct alert_record {
  wall_t at{};        ///< when the step was taken
  std::string alert;  ///< its id, "A20260314-0007": the civil day on which it was opened, and a number in it
  alert_step step = alert_step::opened;
  alert_subject subject = alert_subject::line;
  std::string name;     ///< see alert_subject; else empty
  wall_t began{};       ///< of the earliest outage in it
  std::string targets;  ///< ids separated by blanks, in order of the inventory; empty for told, untold, escalated
  std::string of;       ///< told, untold: which step was told (name_of(alert_step), or "acknowledged", "digest",
                        ///< "test"); escalated: by which step of the rule, as 15m after it was opened; resolved:
                        ///< removed_from_inventory where nobody asks the targets any more, else empty
  std::string person;   ///< told, untold, escalated: to whom, names separated by "、"; empty: a group's robot
  std::string channel;  ///< told, untold: id of the channel
  std::string answer;   ///< told, untold: of the channel, at most 200 bytes, without secrets
  friend bool operator==(const alert_record&, const alert_record&) = default;
};

template <>
struct description<alert_record> {
  static constexpr std::string_view kind = "alert";
  static constexpr std::string_view table = "alerts", key = "alert";
  static constexpr int since = 5;  ///< format of the ledger
  static constexpr bool whole_rows = true;
  static constexpr std::array<std::string_view, 1> rows_by{"alert"};
  static constexpr std::tuple fields{
      field{&alert_record::at, "at", "时间", "at"},
      field{&alert_record::alert, "alert", "告警", "alert"},
      field{&alert_record::step, "step", "步骤", "step"},
      field{&alert_record::subject, "subject", "类型", "subject"},
      field{&alert_record::name, "name", "名称", "name", presence::if_any},
      field{&alert_record::began, "began", "开始", "began"},
      field{&alert_record::targets, "targets", "线路", "lines and sites", presence::if_any},
      field{&alert_record::of, "of", "所告", "told", presence::if_any},
      field{&alert_record::person, "person", "接收人", "person", presence::if_any},
      field{&alert_record::channel, "channel", "渠道", "channel", presence::if_any},
      field{&alert_record::answer, "answer", "应答", "answer", presence::if_any}};
};

}  // namespace changtong
