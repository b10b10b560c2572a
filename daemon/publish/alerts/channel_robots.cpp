#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <span>

#include "daemon/core/json.h"
#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"

// Sizes, signatures and penalties are those of rules.md 7.1 and 7.2. Text rather than markdown: it is the one type of
// all three that calls people by name, and no name of a line can become markup in it.

namespace changtong::alerts {
namespace {

constexpr std::size_t most_wecom = 2048;   ///< bytes of the content
constexpr std::size_t most_body = 20'000;  ///< bytes of a request to the other two
constexpr std::size_t most_called = 100;   ///< people by name

std::vector<outgoing> to_robot(const rendering& r, secret url, std::string body) {
  return {http_message{.url = std::move(url),
                       .headers = r.channel.headers,
                       .content_type = "application/json; charset=utf-8",
                       .body = std::move(body)}};
}

/** `make` of as much of the message as fits into `most` bytes of a body: what JSON escapes is longer than the text. */
template <class Make>
std::string body_within(std::size_t most, const message& m, Make make) {
  std::string best = make(whole_text(m, most));
  if (best.size() <= most) return best;
  best = make(std::string());
  for (std::size_t fits = 0, too_much = most; too_much - fits > 16;) {
    const std::size_t room = (fits + too_much) / 2;
    std::string body = make(whole_text(m, room));
    if (body.size() <= most) {
      best = std::move(body);
      fits = room;
    } else {
      too_much = room;
    }
  }
  return best;
}

struct limit_code {
  std::int64_t code;
  milliseconds pause;
};

/** How a platform answers. */
struct platform {
  std::string_view code, old_code, text, old_text;
  milliseconds limited;  ///< how long it is left alone after 429
  std::span<const limit_code> limits;
  std::span<const std::int64_t> busy;  ///< its own trouble: the same later is good
};

constexpr milliseconds minute{65'000}, ten_minutes{600'000};
constexpr limit_code wecom_limits[]{{45009, minute}, {45033, minute}};
constexpr limit_code dingtalk_limits[]{{130101, ten_minutes}, {410100, ten_minutes}, {90030, ten_minutes}};
constexpr limit_code feishu_limits[]{{11232, minute}, {11233, minute}, {99991400, minute}};
constexpr std::int64_t busy_codes[]{-1}, feishu_busy[]{-1, 1500, 2200};

platform platform_of(channel_kind k) {
  if (k == channel_kind::wecom) return {"errcode", "", "errmsg", "", minute, wecom_limits, busy_codes};
  if (k == channel_kind::dingtalk) return {"errcode", "", "errmsg", "", ten_minutes, dingtalk_limits, busy_codes};
  return {"code", "StatusCode", "msg", "StatusMessage", minute, feishu_limits, feishu_busy};
}

std::optional<std::int64_t> number(const boost::json::object& o, std::string_view key) {
  const boost::json::value* v = key.empty() ? nullptr : o.if_contains(key);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  boost::system::error_code inexact;
  const auto n = v->to_number<std::int64_t>(inexact);
  return inexact ? std::nullopt : std::optional(n);
}

std::string words(const boost::json::object& o, std::string_view key) {
  const boost::json::value* v = key.empty() ? nullptr : o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}

}  // namespace

std::vector<outgoing> by_wecom(const rendering& r) {
  json_object text;
  text.add("content", whole_text(r.what, most_wecom));
  if (const auto ids = each_once(r.to.ids, {}, most_called); !ids.empty())
    text.add_raw("mentioned_list", json_list(ids));
  if (const auto phones = each_once(r.to.phones, r.channel.to, most_called); !phones.empty())
    text.add_raw("mentioned_mobile_list", json_list(phones));
  json_object body;
  body.add("msgtype", "text").add_raw("text", text.text());
  return to_robot(r, r.channel.url, body.text());
}

std::vector<outgoing> by_dingtalk(const rendering& r) {
  const auto phones = each_once(r.to.phones, r.channel.to, most_called);
  const auto ids = each_once(r.to.ids, {}, most_called);
  json_object at;
  at.add_raw("atMobiles", json_list(phones)).add_raw("atUserIds", json_list(ids)).add_bool("isAtAll", false);
  std::string body = body_within(most_body, r.what, [&at](const std::string& text) {
    json_object content, all;
    content.add("content", text);
    all.add("msgtype", "text").add_raw("text", content.text()).add_raw("at", at.text());
    return all.text();
  });
  std::string url = r.channel.url.reveal();
  if (!r.channel.key.empty()) {  // key: the secret; message: timestamp, line feed, secret
    const std::string& key = r.channel.key.reveal();
    const std::string stamp = std::to_string(ms_of(r.now));
    url += fmt::format("{}timestamp={}&sign={}", url.find('?') == std::string::npos ? '?' : '&', stamp,
                       percent_encoded(base64(hmac_sha256(key, stamp + "\n" + key))));
  }
  return to_robot(r, secret(std::move(url)), std::move(body));
}

std::vector<outgoing> by_feishu(const rendering& r) {
  std::string called;
  for (const std::string& id : each_once(r.to.ids, {}, most_called))
    called += fmt::format(R"(<at user_id="{}"></at>)", id);
  message plain = r.what;  // only we call people: a name with a tag in it does not
  for (std::string* text : {&plain.title, &plain.text})
    for (std::size_t at = 0; (at = text->find("<at", at)) != std::string::npos;) text->replace(at, 1, "＜");
  const std::string stamp = std::to_string(ms_of(r.now) / 1000);
  const std::string& key = r.channel.key.reveal();
  std::string body = body_within(most_body, plain, [&](const std::string& text) {
    json_object content, all;
    content.add("text", called.empty() ? text : text + "\n" + called);
    if (!key.empty())  // key: timestamp, line feed, secret; message: nothing
      all.add("timestamp", stamp).add("sign", base64(hmac_sha256(stamp + "\n" + key, "")));
    all.add("msg_type", "text").add_raw("content", content.text());
    return all.text();
  });
  return to_robot(r, r.channel.url, std::move(body));
}

channel_answer answer_of_robot(const alert_channel& c, unsigned status, const std::string& body) {
  using enum channel_answer::end;
  const platform p = platform_of(c.kind);
  // 钉钉 sends whom it throttles to a page of errors.
  if (c.kind == channel_kind::dingtalk && status == 302)
    return {.how = later, .pause = ten_minutes, .text = "HTTP 302（限流）"};
  boost::system::error_code no_json;
  const boost::json::value parsed = boost::json::parse(body, no_json);
  const boost::json::object* o = no_json ? nullptr : parsed.if_object();
  std::optional<std::int64_t> code;
  if (o != nullptr) code = number(*o, p.code);
  if (o != nullptr && !code) code = number(*o, p.old_code);
  if (!code || (*code == 0 && (status < 200 || status > 299))) {
    channel_answer out = answer_of_status(c, status, body, p.limited);
    if (out.how == taken) out = {.how = later, .text = without_secrets(c, "应答读不懂：" + body)};
    return out;
  }
  const std::string said = words(*o, p.text).empty() ? words(*o, p.old_text) : words(*o, p.text);
  channel_answer out{.how = refused, .text = without_secrets(c, fmt::format("{} {}", *code, said))};
  if (*code == 0) out.how = taken;
  if (status >= 500 || std::ranges::find(p.busy, *code) != p.busy.end()) out.how = later;
  if (const auto limit = std::ranges::find(p.limits, *code, &limit_code::code); limit != p.limits.end()) {
    out.how = later;
    out.pause = limit->pause;
  } else if (status == 429 || said.find("too fast") != std::string::npos) {
    out.how = later;
    out.pause = p.limited;
  }
  return out;
}

}  // namespace changtong::alerts
