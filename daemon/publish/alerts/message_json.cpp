#include "daemon/publish/alerts/message_json.h"

#include <boost/json.hpp>

namespace changtong::alerts {

std::string to_json(const message& m, const civil_zone& zone) {
  boost::json::array lines;
  for (const std::string& id : m.lines) lines.emplace_back(id);
  boost::json::object o{{"id", m.id},
                        {"kind", std::string(name_of(m.kind))},
                        {"cause", m.cause},
                        {"began", zone.format(m.began)},
                        {"lines", std::move(lines)},
                        {"count", m.count},
                        {"title", m.title},
                        {"text", m.text}};
  if (!m.link.empty()) o["link"] = m.link;
  o["severity"] = m.severity;
  return boost::json::serialize(o);
}

}  // namespace changtong::alerts
