// Sends messages by channels as the daemon does, for tests that play the receivers: channels render, host/post carries,
// answers are judged. On standard input {"sends": [{"channel": {…}, "message": {…}, "to": {…}, "patience_ms": …}, …],
// "stop_after_ms": …}; on standard output a line of JSON for each that has ended, in that order.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <iterator>
#include <mutex>
#include <string>

#include "daemon/core/phrase.h"
#include "daemon/host/post.h"
#include "daemon/publish/alerts/channels.h"

namespace changtong {
namespace {

namespace json = boost::json;
using clock = std::chrono::steady_clock;

std::string text(const json::object& o, std::string_view key, std::string otherwise = "") {
  const json::value* v = o.if_contains(key);
  return v != nullptr ? std::string(v->as_string()) : otherwise;
}
std::int64_t number(const json::object& o, std::string_view key, std::int64_t otherwise) {
  const json::value* v = o.if_contains(key);
  return v != nullptr ? v->to_number<std::int64_t>() : otherwise;
}
bool flag(const json::object& o, std::string_view key) {
  const json::value* v = o.if_contains(key);
  return v != nullptr && v->as_bool();
}
std::vector<std::string> texts(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const json::value* v = o.if_contains(key))
    for (const json::value& one : v->as_array()) out.emplace_back(one.as_string());
  return out;
}

alert_channel channel_of(const json::object& o) {
  alert_channel c;
  c.id = text(o, "id", "one");
  const auto kind = std::ranges::find(channel_kind_names, text(o, "kind"));
  c.kind = static_cast<channel_kind>(std::distance(channel_kind_names.begin(), kind));
  c.url = secret(text(o, "url"));
  c.key = secret(text(o, "key"));
  c.user = text(o, "user");
  c.from = text(o, "from");
  c.to = texts(o, "to");
  c.ca_file = text(o, "ca_file");
  c.proxy = text(o, "proxy");
  c.insecure_mail = flag(o, "insecure_mail");
  c.body = text(o, "body");
  c.content_type = text(o, "content_type", c.content_type);
  c.expect = text(o, "expect");
  return c;
}

message message_of(const json::object& o) {
  message m;
  m.id = text(o, "id", "A20260314-0001");
  const std::string kind = text(o, "kind", "opened");
  for (const auto k : {message_kind::grown, message_kind::resolved, message_kind::acknowledged, message_kind::own})
    if (name_of(k) == kind) m.kind = k;
  m.cause = text(o, "cause", "line");
  m.began = wall_from_ms(number(o, "began_ms", 0));
  m.lines = texts(o, "lines");
  m.count = m.lines.size();
  m.title = text(o, "title");
  m.text = text(o, "text");
  m.link = text(o, "link");
  m.severity = static_cast<int>(number(o, "severity", 2));
  m.over = flag(o, "over");
  return m;
}

host::post_request request_of(const alert_channel& c, alerts::outgoing what, milliseconds patience) {
  host::post_request r{.what = host::syslog_post{}, .ca_file = c.ca_file, .proxy = c.proxy, .patience = patience};
  if (auto* http = std::get_if<alerts::http_message>(&what))
    r.what = host::http_post{std::move(http->url), std::move(http->headers), std::move(http->content_type),
                             std::move(http->body)};
  else if (auto* mail = std::get_if<alerts::mail_message>(&what))
    r.what = host::mail_post{
        c.url, c.user, c.key, std::move(mail->from), std::move(mail->to), std::move(mail->body), c.insecure_mail};
  else
    r.what = host::syslog_post{c.url, std::move(std::get<alerts::syslog_message>(what).line)};
  return r;
}

struct outcome {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t left = 0;
  clock::time_point began = clock::now();

  void tell(std::size_t n, const alert_channel& c, const result<host::post_answer>& a) {
    const auto answer = a ? alerts::answer_of(c, a->status, a->body) : alerts::answer_of(c, 0, to_string(a.error()));
    constexpr std::string_view names[]{"taken", "later", "refused"};
    const auto after = std::chrono::duration_cast<milliseconds>(clock::now() - began).count();
    const json::object line{{"n", n},
                            {"how", std::string(names[static_cast<std::size_t>(answer.how)])},
                            {"pause_ms", answer.pause.count()},
                            {"text", answer.text},
                            {"after_ms", after}};
    const std::lock_guard lock(mutex);
    std::cout << json::serialize(line) << std::endl;
    --left;
    changed.notify_all();
  }
};

int send_all(const json::object& asked) {
  const auto zone = civil_zone::named("Asia/Shanghai").value();
  outcome out;
  auto office = std::make_unique<host::post_office>();
  std::size_t n = 0;
  for (const json::value& one : asked.at("sends").as_array()) {
    const json::object& o = one.as_object();
    const alert_channel c = channel_of(o.at("channel").as_object());
    const json::object* to = o.contains("to") ? &o.at("to").as_object() : nullptr;
    const alerts::receivers who = to == nullptr
                                      ? alerts::receivers{}
                                      : alerts::receivers{texts(*to, "phones"), texts(*to, "mails"), texts(*to, "ids")};
    const wall_t now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    for (auto& what : alerts::outgoing_of(c, message_of(o.at("message").as_object()), who, now, zone)) {
      {
        const std::lock_guard lock(out.mutex);
        ++out.left;
      }
      office->send(request_of(c, std::move(what), milliseconds{number(o, "patience_ms", 10'000)}),
                   [&out, c, n](const result<host::post_answer>& a) { out.tell(n, c, a); });
    }
    ++n;
  }
  const milliseconds patience{number(asked, "stop_after_ms", 600'000)};
  {
    std::unique_lock lock(out.mutex);
    out.changed.wait_for(lock, patience, [&out] { return out.left == 0; });
  }
  const auto stop = clock::now();
  office.reset();
  const auto took = std::chrono::duration_cast<milliseconds>(clock::now() - stop).count();
  std::cout << json::serialize(json::object{{"stopped_in_ms", took}}) << std::endl;
  return 0;
}

}  // namespace
}  // namespace changtong

int main() try {
  const std::string all(std::istreambuf_iterator<char>(std::cin), {});
  return changtong::send_all(boost::json::parse(all).as_object());
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
