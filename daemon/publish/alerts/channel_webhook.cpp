#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"
#include "daemon/publish/alerts/message_json.h"

namespace changtong::alerts {

/** With a key the body is signed together with its time, so that nobody can say it again another day. */
std::vector<outgoing> by_webhook(const rendering& r) {
  http_message out{.url = r.channel.url,
                   .headers = r.channel.headers,
                   .content_type = "application/json",
                   .body = to_json(r.what, r.zone)};
  if (!r.channel.key.empty()) {
    const std::string stamp = std::to_string(ms_of(r.now) / 1000);
    out.headers.emplace_back("X-Changtong-Timestamp", secret(stamp));
    out.headers.emplace_back(
        "X-Changtong-Signature",
        secret("sha256=" + hex_digits(hmac_sha256(r.channel.key.reveal(), stamp + "." + out.body))));
  }
  return {std::move(out)};
}

}  // namespace changtong::alerts
