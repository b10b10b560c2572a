#pragma once
/** The daemon about itself, for people: what main knows and the API only writes down. No secrets. */
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/alert_view.h"
#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"

namespace changtong::api {

/** A message that somebody had sent to try a channel. */
struct channel_trial {
  wall_t at{};
  std::string by;
  bool ended = false;  ///< false: its answer is awaited
  bool taken = false;  ///< by every receiver
  std::string answer;  ///< of the last one, without secrets
};

/** Settings in force. */
struct own_view {
  std::string listen, node, traps;  ///< `traps`: where they are heard; empty: they are not
  bool tls = false, evaluation = false, seal_post = false;
  std::size_t people = 0;  ///< who have a token
  alert_view alerts;
  std::map<std::string, channel_trial> trials;  ///< the last one, by channel
};

/** Whether a trial began. */
struct trial_start {
  int status = 200;  ///< 404: no such channel; 409: it reaches nobody; 429: it was tried just now
  phrase why{};
  milliseconds wait{0};  ///< of a 429
};

/** A file that was made of the ledger. */
struct made_file {
  int status = 200;  ///< 400: its name means nothing; 404: there is no such; 503: not just now
  phrase why{};
  std::string type{}, bytes{};
};

}  // namespace changtong::api
