#pragma once
/** A message of an alert, and how a channel renders it. */
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "daemon/publish/alerts/channels.h"

namespace changtong::alerts::test {

/** 2023-11-14 22:13:20 UTC, the moment of the handbook's test vectors. */
inline constexpr wall_t vector_moment = wall_from_ms(1'700'000'000'000);

inline message one_message() {
  message m;
  m.id = "A20231115-0007";
  m.cause = "upstream";
  m.began = vector_moment - milliseconds{65'250};
  m.lines = {"L001", "L002"};
  m.count = 2;
  m.title = "龙河镇汇聚中断，影响 14 条村线";
  m.text = "自 06:12:15 起\n原因：上级「龙河镇」中断\n服务电话 10086\n";
  m.link = "https://monitor.county.example/alerts/A20231115-0007";
  m.severity = 1;
  return m;
}

inline alert_channel channel_of(channel_kind kind, const std::string& url, const std::string& key = "") {
  alert_channel c;
  c.id = "one";
  c.kind = kind;
  c.url = secret(url);
  c.key = secret(key);
  return c;
}

inline civil_zone shanghai() { return civil_zone::named("Asia/Shanghai").value(); }

inline std::vector<outgoing> rendered(const alert_channel& c, const message& m = one_message(),
                                      const receivers& to = {}) {
  return outgoing_of(c, m, to, vector_moment, shanghai());
}
template <class T = http_message>
T only(const std::vector<outgoing>& all) {
  return all.size() == 1 && std::holds_alternative<T>(all[0]) ? std::get<T>(all[0]) : T{};
}
inline boost::json::value body_of(const std::vector<outgoing>& all) { return boost::json::parse(only(all).body); }
inline std::string text_at(const boost::json::value& v, const std::string& pointer) {
  boost::system::error_code none;
  const boost::json::value* found = v.find_pointer(pointer, none);
  return found == nullptr     ? "(none)"
         : found->is_string() ? std::string(found->get_string())
                              : boost::json::serialize(*found);
}

}  // namespace changtong::alerts::test
