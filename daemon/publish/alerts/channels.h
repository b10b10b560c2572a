#pragma once
/** What a message looks like to a channel, and what its answer means: pure, a file a family, channel_*.cpp. Rates,
 * sizes and signatures are those of rules.md 7. Any thread. */
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/message.h"
#include "daemon/publish/alerts/delivery.h"

namespace changtong::alerts {

/** To whom, for channels that address people. */
struct receivers {
  std::vector<std::string> phones, mails, ids;
};

/** By HTTP: host/post carries it. */
struct http_message {
  secret url;
  std::vector<std::pair<std::string, secret>> headers;
  std::string content_type, body;
};
/** By SMTP. `body` is a whole RFC 5322 message with its heading. */
struct mail_message {
  std::string from;
  std::vector<std::string> to;
  std::string body;
};
/** One RFC 5424 line, without its end. */
struct syslog_message {
  std::string line;
};
using outgoing = std::variant<http_message, mail_message, syslog_message>;

/** What is to be sent: several where the channel takes one receiver each (SMS, voice). Never more than the channel's
 * bytes: what does not fit is cut at a line's or character's end, and the text says that it was. */
[[nodiscard]] std::vector<outgoing> outgoing_of(const alert_channel& c, const message& m, const receivers& to,
                                                wall_t now, const civil_zone& zone);

/** What a channel of that kind meant by it. `status` 0: there was no answer, and `body` is why. */
[[nodiscard]] channel_answer answer_of(const alert_channel& c, unsigned status, const std::string& body);

}  // namespace changtong::alerts
