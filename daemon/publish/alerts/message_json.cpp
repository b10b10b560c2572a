#include "daemon/publish/alerts/message_json.h"

#include <algorithm>
#include <boost/json.hpp>

namespace changtong::alerts {

std::string to_json(const message& m, const civil_zone& zone) {
  std::vector<std::string> ids = m.lines;
  std::ranges::sort(ids);  // the order of messages for people means nothing to a program
  boost::json::array lines;
  for (const std::string& id : ids) lines.emplace_back(id);
  boost::json::object o{{"id", m.id},
                        {"kind", std::string(name_of(m.kind))},
                        {"cause", m.cause},
                        {"began", zone.format(m.began)},
                        {"lines", std::move(lines)},
                        {"count", m.count},
                        {"title", m.title},
                        {"text", m.text}};
  if (!m.link.empty()) o["link"] = m.link;
  o["over"] = m.over;
  o["severity"] = m.severity;
  return boost::json::serialize(o);
}

}  // namespace changtong::alerts
