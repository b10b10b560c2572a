#include <algorithm>

#include "daemon/core/json.h"
#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"

namespace changtong::alerts {
namespace {

constexpr std::size_t most_text = 16'000;  ///< bytes of an annotation
constexpr std::size_t most_ids = 8'000;
constexpr std::chrono::days while_open{
    366};  ///< Alertmanager would take one that says nothing for over in five minutes

std::string place_of(std::string url) {
  constexpr std::string_view path = "/api/v2/alerts";
  if (url.find('?') != std::string::npos || url.ends_with(path)) return url;
  while (url.ends_with('/')) url.pop_back();
  return url + std::string(path);
}

}  // namespace

/** One alert of theirs is one of ours. Its labels are its name: they hold only what no later message of it changes, or
 * its end would end another one. */
std::vector<outgoing> by_alertmanager(const rendering& r) {
  const message& m = r.what;
  json_object labels, annotations, alert;
  labels.add("alertname", "ChangtongAlert").add("alert", m.id).add("cause", m.cause);
  std::string ids;
  for (const std::string& id : m.lines) ids += (ids.empty() ? "" : " ") + id;
  annotations.add("summary", m.title)
      .add("description", fitted(m.text, most_text))
      .add("kind", name_of(m.kind))
      .add("severity", std::to_string(m.severity))
      .add("count", std::to_string(m.count))
      .add("lines", ids.substr(0, ids.size() <= most_ids ? ids.size() : ids.rfind(' ', most_ids)));
  const wall_t began = m.began == wall_t{} ? r.now : std::min(m.began, r.now);
  alert.add_raw("labels", labels.text())
      .add_raw("annotations", annotations.text())
      .add("startsAt", r.zone.format(began))
      .add("endsAt", r.zone.format(m.over ? r.now : r.now + while_open));
  if (!m.link.empty()) alert.add("generatorURL", m.link);
  return {http_message{.url = secret(place_of(r.channel.url.reveal())),
                       .headers = r.channel.headers,
                       .content_type = "application/json",
                       .body = json_array().add_raw(alert.text()).text()}};
}

}  // namespace changtong::alerts
