// alerts.channels: one block a channel, with the keys of its kind. Rates that an operator fixes are the defaults
// (rules.md 7): in no minute more than it takes, the burst included.
#include <algorithm>
#include <array>

#include "daemon/core/url.h"
#include "daemon/reading/words.h"
#include "daemon/settings/alerts.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_channels = 50;
constexpr std::size_t most_receivers = 100;

struct kind_rules {
  int per_minute, burst, a_day, severity;
  int most_a_minute;  ///< what its operator takes; 0: not known
  std::vector<std::string_view> schemes, keys;
};

const kind_rules& rules_of(channel_kind k) {
  static const std::vector<std::string_view> web{"http", "https"};
  static const std::array<kind_rules, channel_kind_names.size()> all{
      {{17, 3, 0, 3, 20, web, {}},
       {17, 3, 0, 3, 20, web, {"key", "key_file"}},
       {90, 3, 0, 3, 100, web, {"key", "key_file"}},
       {60, 10, 0, 3, 0, {"smtp", "smtps"}, {"user", "key", "key_file", "from", "to", "tls"}},
       {30, 5, 50, 1, 0, web, {"to", "headers", "body", "content_type", "expect", "a_day"}},
       {10, 3, 20, 1, 0, web, {"to", "headers", "body", "content_type", "expect", "a_day"}},
       {600, 60, 0, 3, 0, web, {"key", "key_file", "headers", "expect"}},
       {600, 60, 0, 3, 0, web, {"headers"}},
       {6000, 600, 0, 3, 0, {"udp", "tcp", "tls"}, {}}}};
  return all.at(static_cast<std::size_t>(k));
}

bool is_phone(std::string_view text) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  return digits.size() >= 3 && digits.size() <= 20 &&
         std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

bool is_mail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != 0 && at != std::string_view::npos && at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
         text.find_first_of(" \t<>,;\"\\") == text.npos;
}

class channel_reader {
 public:
  channel_reader(const yaml_node& node, std::string_view id, std::string_view file, const surroundings& world,
                 findings& found)
      : node_(node), id_(id), file_(file), world_(world), found_(found) {}

  alert_channel read() {
    alert_channel c;
    c.id = id_;
    const auto kind = kind_named();
    if (!kind) return c;
    c.kind = *kind;
    const kind_rules& rules = rules_of(*kind);
    std::vector<std::string_view> keys{"kind",       "url",   "url_file", "ca_file", "proxy",
                                       "per_minute", "burst", "severity", "instead"};
    keys.insert(keys.end(), rules.keys.begin(), rules.keys.end());
    const block from(node_, both("渠道 {}", "channel {}", id_), file_, found_, keys, block::tone::discreet);
    where(c, from, rules);
    rates(c, from, rules);
    if (c.kind == channel_kind::mail) mail(c, from);
    if (c.kind == channel_kind::sms || c.kind == channel_kind::voice) gateway(c, from);
    if (c.kind == channel_kind::dingtalk || c.kind == channel_kind::feishu || c.kind == channel_kind::webhook)
      if (from.find("key") != nullptr || from.find("key_file") != nullptr)
        c.key = read_secret(from, "key", world_, found_);
    headers(c, from);
    if (auto t = from.text("expect", 256)) c.expect = std::move(t->value);
    for (auto& one : names_in(from, "to")) receiver(c, from, std::move(one));
    if (auto t = from.text("instead", 64)) c.instead = std::move(t->value);
    return c;
  }

 private:
  /** Read before the block, whose keys depend on it. */
  std::optional<channel_kind> kind_named() {
    if (node_.what != yaml_node::shape::mapping) {
      const block complain(node_, both("渠道 {}", "channel {}", id_), file_, found_, {"kind"});
      return std::nullopt;
    }
    for (std::size_t i = 0; i + 1 < node_.children.size(); i += 2) {
      if (node_.children[i].scalar != "kind") continue;
      const yaml_node& value = node_.children[i + 1];
      const auto at = std::ranges::find(channel_kind_names, value.scalar);
      if (at != channel_kind_names.end()) return static_cast<channel_kind>(at - channel_kind_names.begin());
      found_.error({file_, value.line, value.column},
                   unknown_word({"渠道类型", "kind of channel"}, value.scalar, channel_kind_names));
      return std::nullopt;
    }
    found_.error({file_, node_.line, node_.column},
                 both("渠道 {}缺少 'kind'：请写 kind: {}", "channel {} lacks the key 'kind': write kind: {}", id_,
                      channel_kind_names[0]));
    return std::nullopt;
  }

  void where(alert_channel& c, const block& from, const kind_rules& rules) {
    c.url = read_secret(from, "url", world_, found_);
    const place at = from.at(from.find("url") != nullptr ? "url" : "url_file");
    const auto origin = c.url.empty() ? std::nullopt : url_origin_of(c.url.reveal());
    if (!c.url.empty() &&
        (!origin || origin->host.empty() || std::ranges::find(rules.schemes, origin->scheme) == rules.schemes.end()))
      from.error(at, both("url 应以 {}:// 开头并写出主机", "url must begin with {}:// and name a host",
                          phrase{std::string(rules.schemes[0]), std::string(rules.schemes[0])}));
    else if (origin && origin->user)
      from.error(at, {"url 中含有用户名或口令：邮件请写 user 与 key，其余请写 headers",
                      "url has a user or password in it: write user and key for mail, headers for others"});
    else if (origin && origin->port && !port_number(*origin->port))
      from.error(at, {"url 的端口应为 1 至 65535", "the port of url must be 1 to 65535"});
    else if (origin && rules.schemes[0] == "udp" && !origin->port)
      from.error(at, {"url 缺少端口：请写 udp://主机:514", "url has no port: write udp://host:514"});
    const bool robot =
        c.kind == channel_kind::wecom || c.kind == channel_kind::dingtalk || c.kind == channel_kind::feishu;
    if (origin && robot && origin->scheme == "http" && origin->host != "127.0.0.1" && origin->host != "::1" &&
        origin->host != "localhost")
      found_.warn(at, {"url 为 http：机器人的密钥以明文经过网络，请改用 https",
                       "url is http: the robot's key crosses the network in clear text, use https"});
    if (const auto path = from.text("ca_file", 1024)) c.ca_file = beside(file_, path->value);
    proxy(c, from);
  }

  static void proxy(alert_channel& c, const block& from) {
    const auto written = from.text("proxy", 256);
    if (!written) return;
    const auto origin = url_origin_of(written->value);
    const bool known = origin && (origin->scheme == "http" || origin->scheme == "socks5h");
    if (!known || origin->user || origin->host.empty() || !origin->port || !port_number(*origin->port))
      from.error(written->at, {"proxy 应为 http://主机:端口 或 socks5h://主机:端口，不带用户名",
                               "proxy must be http://host:port or socks5h://host:port, without a user"});
    else
      c.proxy = written->value;
  }

  void rates(alert_channel& c, const block& from, const kind_rules& rules) {
    const auto take = [&](int& into, std::string_view key, std::uint64_t low, std::uint64_t high, int otherwise) {
      into = otherwise;
      if (const auto n = from.whole(key, low, high)) into = static_cast<int>(n->value);
    };
    take(c.per_minute, "per_minute", 1, 60'000, rules.per_minute);
    take(c.burst, "burst", 1, 6'000, rules.burst);
    take(c.severity, "severity", 1, 3, rules.severity);
    c.a_day = rules.a_day;
    if (rules.a_day > 0) take(c.a_day, "a_day", 1, 10'000, rules.a_day);
    if (rules.severity == 1 && c.severity != 1)
      from.error(from.at("severity"), {"短信和语音只用于严重级别 1：请删去 severity",
                                       "SMS and voice carry severity 1 only: remove severity"});
    if (rules.most_a_minute > 0 && c.per_minute + c.burst > rules.most_a_minute)
      found_.warn(
          from.at(from.find("per_minute") != nullptr ? "per_minute" : "burst"),
          both("一分钟内最多可能发出 {} 条，而平台限 {} 条，超出会被限流：per_minute 与 burst 之和应不超过 {}",
               "up to {} messages may go within a minute, the operator takes {} and throttles above it: keep the "
               "sum of per_minute and burst at {} or less",
               c.per_minute + c.burst, rules.most_a_minute, rules.most_a_minute));
  }

  void mail(alert_channel& c, const block& from) {
    from.require("from", "from: changtong@example.gov.cn");
    if (auto t = from.text("user", 128)) c.user = std::move(t->value);
    if (from.find("key") != nullptr || from.find("key_file") != nullptr)
      c.key = read_secret(from, "key", world_, found_);
    const bool key = from.find("key") != nullptr || from.find("key_file") != nullptr;
    if (c.user.empty() == key && !from.strange())
      from.error(from.at(key ? "key" : "user"),
                 {"user 与 key 要一起写：用户名和口令", "user and key go together: a login and its password"});
    if (auto t = from.text("from", 256)) {
      if (!is_mail(t->value))
        from.error(t->at, both("from {} 不是邮件地址", "from {} is no mail address", quote(t->value)));
      c.from = std::move(t->value);
    }
    const auto tls = from.text("tls", 16);
    if (!tls) return;
    c.insecure_mail = tls->value == "optional";
    if (!c.insecure_mail && tls->value != "required")
      from.error(tls->at, both("tls 应为 required 或 optional，而不是 {}", "tls is required or optional, not {}",
                               quote(tls->value)));
    if (c.insecure_mail && !c.user.empty())
      found_.warn(tls->at, {"tls: optional：服务器不支持 TLS 时口令以明文发送",
                            "tls: optional: the password goes in clear text to a server without TLS"});
  }

  void gateway(alert_channel& c, const block& from) {
    from.require("body", "body: '{\"mobile\":\"${phone}\",\"content\":\"${text}\"}'");
    if (const auto t = from.text("body", 4096)) {
      constexpr std::array<std::string_view, 4> ours{"phone", "text", "title", "id"};
      const auto body = with_environment(t->value, world_, ours);
      if (!body)
        from.error(t->at, both("body {}", "body {}", words_of(body.error())));
      else
        c.body = *body;
      if (c.body.find("${phone}") == std::string::npos ||
          (c.body.find("${text}") == std::string::npos && c.body.find("${title}") == std::string::npos))
        if (body)
          from.error(t->at, {"body 中应有 ${phone}，以及 ${text} 或 ${title}",
                             "body must have ${phone} in it, and ${text} or ${title}"});
    }
    const bool json = c.body.starts_with('{') || c.body.starts_with('[');
    c.content_type = json ? "application/json" : "application/x-www-form-urlencoded";
    if (auto t = from.text("content_type", 128)) c.content_type = std::move(t->value);
  }

  void headers(alert_channel& c, const block& from) {
    const yaml_node* node = from.find("headers");
    if (node == nullptr) return;
    const block all = block::of_names(*node, "headers", file_, found_);
    for (const block::member& m : all.members()) {
      constexpr std::string_view of_file = "_file";
      const bool file = m.key.ends_with(of_file);
      const std::string_view name = m.key.substr(0, m.key.size() - (file ? of_file.size() : 0));
      const auto token = [](char k) { return name_character(k) || k == '-'; };
      if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, token))
        all.error(all.at(*m.key_node), {"headers 中的报头名称只能有字母、数字、- 和 _",
                                        "the name of a header has letters, digits, - and _ only"});
      else if (!file || all.find(name) == nullptr)
        c.headers.emplace_back(name, read_secret(all, name, world_, found_));
    }
  }

  static void receiver(alert_channel& c, const block& from, stated<std::string> one) {
    const bool mail = c.kind == channel_kind::mail;
    if (mail ? !is_mail(one.value) : !is_phone(one.value))
      return from.error(one.at, both("to 中的 {} {}", "{} in to {}", quote(one.value),
                                     mail ? phrase{"不是邮件地址", "is no mail address"}
                                          : phrase{"不是电话号码", "is no telephone number"}));
    if (c.to.size() == most_receivers)
      return from.error(one.at, both("to 超过 {} 项", "more than {} in to", most_receivers));
    if (std::ranges::find(c.to, one.value) == c.to.end()) c.to.push_back(std::move(one.value));
  }

  const yaml_node& node_;
  std::string_view id_, file_;
  const surroundings& world_;
  findings& found_;
};

}  // namespace

void read_contacts(person& who, const block& from) {
  const auto take = [&](std::string& into, std::string_view key) {
    const auto written = from.text(key, 128);
    if (!written) return;
    const bool good = key == "phone" ? is_phone(written->value) : key != "mail" || is_mail(written->value);
    if (!good)
      from.error(written->at,
                 key == "phone"
                     ? both("phone {} 不是电话号码：请写 \"13800000000\" 或 \"+86…\"",
                            "phone {} is no telephone number: write \"13800000000\" or \"+86…\"", quote(written->value))
                     : both("mail {} 不是邮件地址", "mail {} is no mail address", quote(written->value)));
    else
      into = written->value;
  };
  take(who.phone, "phone");
  take(who.mail, "mail");
  take(who.wecom, "wecom");
  take(who.dingtalk, "dingtalk");
  take(who.feishu, "feishu");
}

namespace {

/** Whoever takes what `c` cannot, and so on, comes back to `c`. */
bool in_a_ring(const alert_settings& s, const alert_channel& c) {
  const alert_channel* next = s.channel(c.instead);
  for (std::size_t k = 0; k <= s.channels.size() && next != nullptr; ++k) {
    if (next->id == c.id) return true;
    next = s.channel(next->instead);
  }
  return false;
}

}  // namespace

void read_channels(alerts_draft& into, const yaml_node& node, std::string_view file, const surroundings& world,
                   findings& found) {
  const block names = block::of_names(node, "channels", file, found);
  if (names.members().size() > most_channels)
    return found.error(names.begin(), both("渠道超过 {} 个", "more than {} channels", most_channels));
  for (const block::member& m : names.members()) {
    const place at = names.at(*m.key_node);
    if (const auto bad = bad_id(m.key)) {
      found.error(at, both("渠道的名称 {} {}", "the name {} of a channel {}", quote(m.key), *bad));
      continue;
    }
    into.value.channels.push_back(channel_reader(*m.value, m.key, file, world, found).read());
    into.channels_at.push_back(at);
  }
  std::vector<std::string_view> ids;
  for (const alert_channel& c : into.value.channels) ids.push_back(c.id);
  for (std::size_t i = 0; i < into.value.channels.size(); ++i) {
    const alert_channel& c = into.value.channels[i];
    if (c.instead.empty()) continue;
    if (c.instead == c.id)
      found.error(into.channels_at[i], both("渠道 {} 的 instead 是它自己", "channel {}: instead names itself", c.id));
    else if (into.value.channel(c.instead) == nullptr)
      found.error(into.channels_at[i], both("渠道 {} 的 instead：{}", "channel {}: instead: {}", c.id,
                                            unknown_word({"渠道", "channel"}, c.instead, ids)));
    else if (in_a_ring(into.value, c))
      return found.error(
          into.channels_at[i],
          both("渠道 {} 的 instead 绕了一圈又回到它自己：都不通时告警哪里也去不了，请断开其中一处",
               "channel {}: instead leads around to itself: when all of them fail nothing goes anywhere, "
               "open the ring at one place",
               c.id));
  }
}

}  // namespace changtong::reading
