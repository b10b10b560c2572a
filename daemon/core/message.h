#pragma once
/** What people are told of an alert 告警 (declared_alert.h): written by publish/alerts/words, carried by its channels.
 */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong {

enum class message_kind : std::uint8_t {
  opened,        ///< something is down, or not well
  grown,         ///< it is more than was told: said once an alert
  resolved,      ///< `lines` are well again
  acknowledged,  ///< somebody takes care of it
  own,           ///< about the monitor itself; its end is a `resolved`
};
[[nodiscard]] constexpr std::string_view name_of(message_kind k) {
  constexpr std::string_view names[]{"opened", "grown", "resolved", "acknowledged", "own"};
  return names[static_cast<std::size_t>(k)];
}

/** A file that goes with a mail. */
struct attached_file {
  std::string name;          ///< letters, digits, - and . alone
  std::string content_type;  ///< such as text/csv; charset=utf-8
  std::string content;
};

/** One message, whoever gets it by whatever channel. All text is Chinese, plain, of valid UTF-8; lines end with "\n".
 */
struct message {
  std::string id;  ///< of the alert: equal ids are one story
  message_kind kind = message_kind::opened;
  std::string cause;  ///< name_of(alert_subject)
  wall_t began{};
  std::vector<std::string> lines;      ///< ids of lines and sites that it is about, in order of the inventory
  std::size_t count = 0;               ///< of them
  std::string title;                   ///< one line, at most about 60 characters
  std::string text;                    ///< all that is to be said, without the title; may be cut after any line
  std::string link;                    ///< http(s) address of its page; may be empty
  std::string command{};               ///< in `text`, for who sits at a keyboard: its lines are for no telephone
  bool over = false;                   ///< the last of its story: nothing of the alert is left
  std::string page{};                  ///< the text once more as HTML, for mail; empty: mail is text alone
  std::vector<attached_file> files{};  ///< mail alone has them
  int severity = 2;                    ///< 1: wakes people (SMS, voice) · 2: work of the day · 3: to be read
};

}  // namespace changtong
