#pragma once
/** 报障单: a fault reported to the carrier, and what became of it. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

enum class ticket_step : std::uint8_t {
  reported,  ///< the ticket is made
  sent,      ///< a channel has delivered it, or has not; `answer` says which. Only the monitor enters it
  reply,     ///< the carrier's number of its own, word or cause, as people hear it
  closed,    ///< it is over, with its cause
};
[[nodiscard]] constexpr std::string_view name_of(ticket_step s) {
  constexpr std::string_view names[]{"reported", "sent", "reply", "closed"};
  return names[static_cast<std::size_t>(s)];
}
template <>
struct values_of<ticket_step> {
  static constexpr std::array all{ticket_step::reported, ticket_step::sent, ticket_step::reply, ticket_step::closed};
};

/** What the carrier found. */
enum class fault_cause : std::uint8_t { unstated, fibre, power, equipment, relocation, configuration, user, other };
[[nodiscard]] std::string_view name_of(fault_cause c);  ///< fibre, power, …; empty: unstated
[[nodiscard]] std::string_view chinese_of(
    fault_cause c);  ///< 光缆, 停电, 设备, 迁改, 数据配置, 用户侧, 其他; empty: unstated
/** By either name. */
[[nodiscard]] std::optional<fault_cause> fault_cause_named(std::string_view name);
template <>
struct values_of<fault_cause> {
  static constexpr std::array all{fault_cause::unstated,  fault_cause::fibre,      fault_cause::power,
                                  fault_cause::equipment, fault_cause::relocation, fault_cause::configuration,
                                  fault_cause::user,      fault_cause::other};
};

/** A ticket is made where `number` is empty; else a step of that one. */
struct ticket_command {
  std::string number;                ///< ours; empty: a new one is made from the day
  std::string step;                  ///< reported, reply, closed; empty: reported where there is no number, else reply
  std::vector<std::string> targets;  ///< of a new one: lines of one carrier
  std::string alert;                 ///< of a new one: whose lines they are; may be empty
  std::optional<wall_t> began;       ///< of a new one: none: the earliest of their open outages
  std::string theirs;                ///< the carrier's own number
  std::string cause;                 ///< by either name
  std::string text;
};

template <>
struct description<ticket_command> {
  static constexpr std::string_view path = "/api/v1/tickets", schema = "TicketRequest";
  static constexpr bool nothing_else = true;
  static constexpr std::tuple fields{
      field{&ticket_command::number, "number", "单号", "number", presence::if_any}.meaning(
          "of the ticket that this is a step of; left out: a new one is made"),
      field{&ticket_command::step, "step", "步骤", "step", presence::if_any}.meaning(
          "reported, reply or closed; default: reported without a number, else reply"),
      field{&ticket_command::targets, "targets", "线路", "lines", presence::if_any}.meaning(
          "of a new one: ids of lines of one carrier; default: those of the alert"),
      field{&ticket_command::alert, "alert", "告警", "alert", presence::if_any}.meaning("of a new one: id of an alert"),
      field{&ticket_command::began, "began", "开始", "began", presence::if_any}.meaning(
          "of a new one; default: the beginning of the earliest of their open outages"),
      field{&ticket_command::theirs, "theirs", "运营商单号", "carrier's number", presence::if_any},
      field{&ticket_command::cause, "cause", "故障原因", "cause", presence::if_any}.meaning(
          "fibre 光缆, power 停电, equipment 设备, relocation 迁改, configuration 数据配置, user 用户侧, other 其他"),
      field{&ticket_command::text, "text", "说明", "text", presence::if_any}};
};

/** One step. `carrier`, `targets` and `began` are repeated in each, so that one can be read alone. */
struct ticket_record {
  wall_t at{};         ///< when the step was taken
  std::string number;  ///< ours, "T20260314-0003": the civil day on which it was made, and a number in it
  ticket_step step = ticket_step::reported;
  std::string carrier;
  std::string targets;  ///< ids separated by blanks, in order
  wall_t began{};       ///< of the earliest of their outages
  std::string author;   ///< who entered it; "automatic": the monitor
  std::string alert;    ///< its id, if there is one
  wall_t deadline{};    ///< reported: until when the contract wants it reported; wall_t{}: it does not say
  std::string theirs;   ///< the carrier's own number
  fault_cause cause = fault_cause::unstated;
  std::string text;    ///< reported: what the carrier is told; else what was heard
  std::string answer;  ///< sent: of the delivery, at most 200 bytes, without secrets
  std::string via;     ///< as in annotation; empty: the monitor
  friend bool operator==(const ticket_record&, const ticket_record&) = default;
};
/** `author` of what no person entered. */
inline constexpr std::string_view automatic_author = "automatic";

template <>
struct description<ticket_record> {
  static constexpr std::string_view kind = "ticket";
  static constexpr std::string_view table = "tickets", key = "number";
  static constexpr std::array<std::string_view, 1> rows_by{"number"};
  static constexpr int since = 5;  ///< format of the ledger
  static constexpr bool whole_rows = true;
  using command = ticket_command;
  static constexpr std::tuple fields{
      field{&ticket_record::at, "at", "时间", "at"},
      field{&ticket_record::number, "number", "单号", "number"},
      field{&ticket_record::step, "step", "步骤", "step"},
      field{&ticket_record::carrier, "carrier", "运营商", "carrier"},
      field{&ticket_record::targets, "targets", "线路", "lines"},
      field{&ticket_record::began, "began", "开始", "began"},
      field{&ticket_record::author, "author", "登记人", "author"},
      field{&ticket_record::alert, "alert", "告警", "alert", presence::if_any},
      field{&ticket_record::deadline, "deadline", "报障时限", "deadline", presence::if_any},
      field{&ticket_record::theirs, "theirs", "运营商单号", "carrier's number", presence::if_any},
      field{&ticket_record::cause, "cause", "故障原因", "cause", presence::if_any},
      field{&ticket_record::text, "text", "说明", "text", presence::if_any},
      field{&ticket_record::answer, "answer", "应答", "answer", presence::if_any},
      field{&ticket_record::via, "via", "途径", "via", presence::if_any}.meaning(via_means)};
};

}  // namespace changtong
