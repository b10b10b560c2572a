#pragma once
/** Who is told of alerts, by what and when: the `alerts:` block of the configuration, checked (settings/alerts.cpp). */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/declared_alert.h"
#include "daemon/core/instant.h"
#include "daemon/core/quality.h"
#include "daemon/core/secret.h"

namespace changtong {

enum class channel_kind : std::uint8_t { wecom, dingtalk, feishu, mail, sms, voice, webhook, alertmanager, syslog };
inline constexpr std::array<std::string_view, 9> channel_kind_names{"wecom", "dingtalk", "feishu",       "mail",  "sms",
                                                                    "voice", "webhook",  "alertmanager", "syslog"};

/** One way out. Rates and sizes of a kind that its operator fixes (rules.md 7) are the channel's defaults. */
struct alert_channel {
  std::string id;
  channel_kind kind = channel_kind::webhook;
  secret url;        ///< http(s)://…, smtp(s)://host:port, udp://, tcp:// or tls://host:port; may hold a key
  secret key;        ///< signs (dingtalk, feishu: the robot's secret; webhook: of the HMAC), or the mail password
  std::string user;  ///< mail: whose password `key` is; empty: no login
  std::string from;  ///< mail: the sender's address
  std::vector<std::string> to;  ///< mail addresses, telephone numbers: told besides the people of a step
  std::string ca_file;          ///< PEM, whom to believe; empty: the system's store
  std::string proxy;            ///< http://host:port or socks5h://host:port; empty: none
  bool insecure_mail = false;   ///< mail: a server without TLS is taken
  std::vector<std::pair<std::string, secret>> headers;  ///< of an HTTP request
  std::string body;  ///< sms, voice: the gateway's body with ${phone}, ${text}, ${title}; JSON or a form
  std::string content_type = "application/json";
  std::string expect;   ///< sms, voice, webhook: a good answer has this text; empty: any 2xx
  int per_minute = 20;  ///< messages at most: a token bucket …
  int burst = 3;        ///< … of this size
  int a_day = 0;        ///< sms, voice: messages a person in 24 hours; 0: no bound
  int severity = 3;     ///< carries messages of this severity and more urgent ones (1 is the most)
  std::string instead;  ///< id of the channel that takes what this one cannot; empty: none
  friend bool operator==(const alert_channel&, const alert_channel&) = default;
};

/** Whom a step may tell without naming them; no person has such a name. */
inline constexpr std::array<std::string_view, 4> told_roles{"on_duty", "next", "head", "carrier"};

/** One step of telling: `after` the alert was opened, if nobody has acknowledged it. */
struct telling_step {
  milliseconds after{0};
  /** Names of people, or "on_duty" (the roster's of that moment), "next" (of the roster: who is on duty next),
   * "head", "carrier" (the contract's service phone or address). Empty: only the channels' own group. */
  std::vector<std::string> tell;
  std::vector<std::string> by;  ///< ids of channels, all of them
  friend bool operator==(const telling_step&, const telling_step&) = default;
};

/** Hours of civil days: minutes from midnight, [from, to); to <= from: over midnight. `days` bit 0 is Monday. */
struct civil_hours {
  int from = 0, to = 24 * 60;
  unsigned days = 0x7F;
  friend bool operator==(const civil_hours&, const civil_hours&) = default;
};

/** Which alerts go which way: the first rule that fits decides. Empty lists fit everything. */
struct telling_rule {
  std::vector<alert_subject> subjects;
  std::vector<std::string> categories, grades, carriers;  ///< of a target that fits
  std::size_t at_least = 1;                               ///< so many of its targets fit all three
  std::optional<civil_hours> hours;                       ///< only then; outside of it the next rule is asked
  int severity = 2;
  std::vector<telling_step> steps;  ///< in order of `after`; empty: nobody is told, and the list says so
  std::string source;               ///< of a rule from a contract or handbook, as people cite it
  friend bool operator==(const telling_rule&, const telling_rule&) = default;
};

/** What makes one message of many outages. */
struct together_limits {
  std::size_t lines = 3;        ///< so many of one carrier or one town …
  milliseconds within{15'000};  ///< … that began within this are one alert
  milliseconds quiet{700};      ///< told once nothing was added for so long …
  milliseconds at_most{4'000};  ///< … or after so long; one line waits `quiet` at most, or for its cause (2 s)
  std::size_t flaps = 4;        ///< outages of one target within `flap_window` make a flapping alert
  milliseconds flap_window{3'600'000};
  friend bool operator==(const together_limits&, const together_limits&) = default;
};

/** Where a carrier takes fault reports: who is "carrier" in a step. */
struct carrier_contact {
  std::string carrier;  ///< as lines name it
  std::string phone, mail;
  friend bool operator==(const carrier_contact&, const carrier_contact&) = default;
};

struct alert_settings {
  std::vector<alert_channel> channels;
  std::vector<telling_rule> rules;
  together_limits together;
  std::string head;                ///< name of the person who is "head"; empty: nobody
  std::vector<std::string> staff;  ///< who takes turns where no duty record names somebody, in order; a day each
  int handover = 0;                ///< minute of the civil day at which duty changes hands, 0 .. 1439
  std::vector<carrier_contact> carriers;
  std::string link;           ///< base address of the console as phones reach it; empty: no links
  int certificate_days = 30;  ///< before the end of a certificate
  bool degraded = true;       ///< are alerts too
  /** What is degraded: of each quality the first that fits a target. The built-in ones stand last. */
  std::vector<quality_limit> limits;
  std::optional<int> digest;  ///< minute of the civil day of the daily digest
  std::vector<std::string> digest_by;
  std::string words_dir;  ///< path of a file of words of one's own (message_words.h); empty: the built-in ones
  [[nodiscard]] const alert_channel* channel(std::string_view id) const {
    for (const alert_channel& c : channels)
      if (c.id == id) return &c;
    return nullptr;
  }
  friend bool operator==(const alert_settings&, const alert_settings&) = default;
};

}  // namespace changtong
