#pragma once
/** The families of channels, a file each; channels.cpp asks the one that fits. Pure. */
#include <string>
#include <vector>

#include "daemon/publish/alerts/channels.h"

namespace changtong::alerts {

/** A message for a channel. */
struct rendering {
  const alert_channel& channel;
  const message& what;
  const receivers& to;
  wall_t now;
  const civil_zone& zone;
};

// channel_robots.cpp: 企业微信, 钉钉, 飞书
[[nodiscard]] std::vector<outgoing> by_wecom(const rendering& r);
[[nodiscard]] std::vector<outgoing> by_dingtalk(const rendering& r);
[[nodiscard]] std::vector<outgoing> by_feishu(const rendering& r);
[[nodiscard]] channel_answer answer_of_robot(const alert_channel& c, unsigned status, const std::string& body);

[[nodiscard]] std::vector<outgoing> by_mail(const rendering& r);  // channel_mail.cpp
[[nodiscard]] channel_answer answer_of_mail(const alert_channel& c, unsigned status, const std::string& body);
[[nodiscard]] std::vector<outgoing> by_gateway(const rendering& r, std::size_t most_bytes);  // channel_gateway.cpp
[[nodiscard]] std::vector<outgoing> by_webhook(const rendering& r);                          // channel_webhook.cpp
[[nodiscard]] std::vector<outgoing> by_alertmanager(const rendering& r);                     // channel_alertmanager.cpp
[[nodiscard]] std::vector<outgoing> by_syslog(const rendering& r);                           // channel_syslog.cpp

/** What an HTTP status says that comes with no word of the platform's own; 2xx is `taken`. `limited`: how long to leave
 * it alone after 429. */
[[nodiscard]] channel_answer answer_of_status(const alert_channel& c, unsigned status, const std::string& body,
                                              milliseconds limited);

}  // namespace changtong::alerts
