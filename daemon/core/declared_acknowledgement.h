#pragma once
/** Somebody takes care of an outage or an alert 确认接手. */
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** Of an alert by its id, or of an outage by its line or site. */
struct acknowledgement_command {
  std::string alert;            ///< id of the alert; empty: `line` says which outage
  std::string line;             ///< id of a line or site; empty where `alert` says it
  std::optional<wall_t> began;  ///< of the line's outage, to the millisecond; none: its open one
  std::string text;
};

template <>
struct description<acknowledgement_command> {
  static constexpr std::string_view path = "/api/v1/acknowledgements", schema = "AcknowledgementRequest";
  static constexpr bool nothing_else = true;
  static constexpr std::tuple fields{
      field{&acknowledgement_command::alert, "alert", "告警", "alert", presence::if_any}.meaning(
          "id of an alert: all that it is about"),
      field{&acknowledgement_command::line, "line", "线路", "line or site", presence::if_any}.meaning(
          "id of a line or site: its outage, and the alert that told it. One of alert and line has to be said"),
      field{&acknowledgement_command::began, "began", "开始", "began", presence::if_any}.meaning(
          "of the outage, as /api/v1/outages says it; default: the one that is open"),
      field{&acknowledgement_command::text, "text", "备注", "note", presence::if_any}};
};

struct acknowledgement {
  wall_t at{};        ///< when it was entered
  std::string alert;  ///< id; empty: an outage of which no alert was opened
  std::string line;   ///< id of the line or site; empty: all that the alert is about
  wall_t began{};     ///< of that outage; of the alert where `line` is empty
  std::string author;
  std::string text;  ///< may be empty
  std::string via;   ///< as in annotation
  friend bool operator==(const acknowledgement&, const acknowledgement&) = default;
};

template <>
struct description<acknowledgement> {
  static constexpr std::string_view kind = "acknowledgement", schema = "Acknowledgement", list = "Acknowledgements";
  static constexpr std::string_view table = "acknowledgements";
  static constexpr int since = 5;  ///< format of the ledger
  using command = acknowledgement_command;
  static constexpr std::tuple fields{field{&acknowledgement::at, "at", "登记时间", "entered"},
                                     field{&acknowledgement::alert, "alert", "告警", "alert"},
                                     field{&acknowledgement::line, "line", "线路", "line or site"},
                                     field{&acknowledgement::began, "began", "开始", "began"},
                                     field{&acknowledgement::author, "author", "接手人", "author"},
                                     field{&acknowledgement::text, "text", "备注", "note"},
                                     field{&acknowledgement::via, "via", "途径", "via"}.meaning(via_means)};
};

}  // namespace changtong
