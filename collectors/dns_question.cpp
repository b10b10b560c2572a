#include "collectors/dns_question.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "collectors/escaped_text.h"
#include "collectors/exchange.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

using wire::record_type;

constexpr std::size_t most_shown = 4, most_bytes_shown = 80;

bool holds_name(record_type type) {
  return type != record_type::a && type != record_type::aaaa && type != record_type::txt;
}

/** `10:mail.example.cn` -> `10`, the rest; SOA has no such number. */
std::pair<std::string_view, std::string_view> preference_and_name(record_type type, std::string_view text) {
  const std::size_t colon = type == record_type::mx ? text.find(':') : std::string_view::npos;
  if (colon == std::string_view::npos) return {{}, text};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_number(std::string_view text, std::uint64_t most) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() && n <= most && std::to_string(n) == text;
}

/** One expected value as records of the type are told; empty: none of that type is like it. */
std::optional<std::string> as_records_have_it(record_type type, const std::string& text) {
  if (type == record_type::txt) return text;
  if (!holds_name(type)) {
    const auto address = parse_address(text);
    if (!address || address->v6 != (type == record_type::aaaa)) return std::nullopt;
    return to_string(*address);
  }
  if (type == record_type::soa && is_number(text, 0xffffffffU)) return text;
  const auto [preference, written] = preference_and_name(type, text);
  auto name = wire::domain_name(written);
  if (!name || (!preference.empty() && !is_number(preference, 65535))) return std::nullopt;
  if (name->empty()) name = ".";
  return preference.empty() ? *name : fmt::format("{}:{}", preference, *name);
}

/** At each `+` that no backslash stands before. */
std::vector<std::string> split_at_plus(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+')
      parts.emplace_back();
    else if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '+')
      parts.back() += text[++i];
    else
      parts.back() += text[i];
  }
  return parts;
}

phrase example_of(record_type type) {
  switch (type) {
    case record_type::a:
      return as_written("192.0.2.80+192.0.2.81");
    case record_type::aaaa:
      return as_written("2001:db8::80");
    case record_type::mx:
      return as_written("mail.example.gov.cn, 10:mail.example.gov.cn");
    case record_type::soa:
      return {"ns1.example.gov.cn 或序列号 2026010101", "ns1.example.gov.cn, or the serial number 2026010101"};
    default:
      return as_written("ns1.example.gov.cn+ns2.example.gov.cn");
  }
}

result<void> take_expected(dns_settings& into, const std::string& value) {
  for (const std::string& part : split_at_plus(value)) {
    auto one = part.empty() ? std::nullopt : as_records_have_it(into.what.type, part);
    if (!one)
      return said(both("dns: expect 中的 `{}` 不像 {} 记录：请写如 {}",
                       "dns: expect: `{}` is like no {} record: write {}", escaped(part, most_bytes_shown),
                       wire::name_of(into.what.type), example_of(into.what.type)));
    if (std::ranges::find(into.expected, *one) == into.expected.end()) into.expected.push_back(std::move(*one));
  }
  if (into.expected.size() > dns_settings::most_expected)
    return said(both("dns: expect 最多写 {} 个", "dns: expect: at most {} values", dns_settings::most_expected));
  return {};
}

/** The name, which may be an address where its name is asked for. */
result<void> take_name(dns_settings& into, const std::string& value) {
  const auto address = parse_address(value);
  if (address && into.what.type == record_type::ptr) {
    into.what.name = wire::reverse_name(*address);
    return {};
  }
  auto name = address ? std::nullopt : wire::domain_name(value);
  if (!name)
    return said(address ? both("dns: name `{}` 是地址：由地址查名称要写 type=PTR",
                               "dns: name `{}` is an address: its name is asked for by type=PTR", value)
                        : both("dns: name `{}` 不是域名", "dns: name `{}` is no domain name",
                               escaped(value, most_bytes_shown)));
  into.what.name = std::move(*name);
  return {};
}

/** One of two words; `yes` is the first. */
result<bool> either(std::string_view key, std::string_view value, std::string_view yes, std::string_view no) {
  if (value == yes || value == no) return value == yes;
  return said(both("dns: {} 应为 {} 或 {}，而不是 `{}`", "dns: {}: {} or {}, not `{}`", key, yes, no,
                   escaped(value, most_bytes_shown)));
}

struct named_later {
  std::optional<std::string> name, expect;
};

result<void> take(dns_settings& into, named_later& later, const std::string& key, const std::string& value) {
  if (key == "name") {
    later.name = value;
  } else if (key == "expect") {
    later.expect = value;
  } else if (key == "type") {
    const auto type = wire::record_type_named(value);
    if (!type)
      return said(both("dns: type `{}` 无法识别（可用 A、AAAA、MX、NS、SOA、TXT、CNAME、PTR）",
                       "dns: type `{}` is not known: A, AAAA, MX, NS, SOA, TXT, CNAME or PTR",
                       escaped(value, most_bytes_shown)));
    into.what.type = *type;
  } else if (key == "port") {
    const auto n = bounded_number("dns: port", value, 1, 65535);
    if (!n) return n.error();
    into.port = static_cast<std::uint16_t>(*n);
  } else if (key == "recursive" || key == "match" || key == "transport") {
    const auto taken = key == "recursive" ? either(key, value, "yes", "no")
                       : key == "match"   ? either(key, value, "any", "all")
                                          : either(key, value, "tcp", "udp");
    if (!taken) return taken.error();
    (key == "recursive" ? into.what.recursive : key == "match" ? into.any_of_them : into.by_tcp) = *taken;
  } else {
    return said(both("dns: 键 `{}` 无法识别（可用 name=、type=、expect=、match=、recursive=、transport=、port=）",
                     "dns: unknown key `{}` (name=, type=, expect=, match=, recursive=, transport=, port= are known)",
                     key));
  }
  return {};
}

std::string shown(const std::vector<std::string>& values, bool more) {
  std::string out;
  for (std::size_t i = 0; i < std::min(values.size(), most_shown); ++i)
    out += (i == 0 ? "" : " ") + escaped(values[i], most_bytes_shown);
  return values.size() > most_shown || more ? out + " …" : out;
}

dns_finding wrong(const phrase& why, std::int64_t records = 0) {
  return {.why = cause::wrong_answer, .records = records, .detail = to_string(why)};
}

bool is_expected(const dns_settings& s, const wire::record_texts& record) {
  return std::ranges::any_of(
      record, [&](const std::string& t) { return std::ranges::find(s.expected, t) != s.expected.end(); });
}

bool has_come(const std::string& expected, const std::vector<wire::record_texts>& records) {
  return std::ranges::any_of(records,
                             [&](const wire::record_texts& r) { return std::ranges::find(r, expected) != r.end(); });
}

dns_finding judge_records(const dns_settings& s, const wire::domain_reply& reply) {
  const auto count = static_cast<std::int64_t>(reply.records.size());
  std::vector<std::string> came;
  for (const wire::record_texts& r : reply.records) came.push_back(r.front());
  const bool foreign = !std::ranges::all_of(reply.records, [&](const auto& r) { return is_expected(s, r); });
  const bool missing =
      !s.any_of_them && !std::ranges::all_of(s.expected, [&](const auto& e) { return has_come(e, reply.records); });
  if (!s.expected.empty() && (foreign || missing || reply.more))
    return wrong(both("应答是“{}”，应为“{}”", "the answer is `{}`, expected is `{}`", shown(came, reply.more),
                      shown(s.expected, false)),
                 count);
  return {.what = outcome::good, .records = count, .detail = shown(came, reply.more)};
}

}  // namespace

std::vector<fact_place> dns_settings::facts() const { return {{fact_name::records}}; }

dns_match match(const dns_settings& settings, std::uint16_t id, wire::bytes message) {
  const auto head = wire::read_domain_head(message);
  if (!head) return dns_match::illegible;
  if (head->id != id || !head->response) return dns_match::another;
  // Some servers leave the question out where they could make nothing of it.
  if (!head->repeats) return head->code != 0 ? dns_match::answers : dns_match::another;
  const bool same = head->name == settings.what.name && head->of_class == 1 &&
                    head->type == static_cast<std::uint16_t>(settings.what.type);
  return same ? dns_match::answers : dns_match::another;
}

dns_finding judge(const dns_settings& settings, wire::bytes message) {
  const auto read = wire::read_domain_reply(message);
  if (const auto* fault = std::get_if<wire::domain_fault>(&read))
    return {.why = *fault == wire::domain_fault::cut_short ? cause::cut_short : cause::protocol, .detail = {}};
  const auto& reply = std::get<wire::domain_reply>(read);
  if (reply.head.truncated && reply.head.code == 0) return {.detail = {}, .truncated = true};
  const std::string_view type = wire::name_of(settings.what.type);
  if (reply.head.code == 3) return {.why = cause::name_not_found, .detail = "NXDOMAIN"};
  if (reply.head.code != 0) {
    const std::string code = wire::domain_code_name(reply.head.code);
    return wrong(both("服务器答复 {}", "the server says {}", code));
  }
  if (!settings.what.recursive && !reply.head.authoritative)
    return wrong({"应答不是权威的（没有 AA）", "the answer is not authoritative (no AA)"},
                 static_cast<std::int64_t>(reply.records.size()));
  if (reply.records.empty()) return wrong(both("没有 {} 记录", "no {} record", type));
  return judge_records(settings, reply);
}

result<std::shared_ptr<const check_settings>> parse_dns(const kind_arguments& arguments) {
  auto s = std::make_shared<dns_settings>();
  named_later later;
  for (const auto& [key, value] : arguments.pairs)
    if (const auto taken = take(*s, later, key, value); !taken) return taken.error();
  if (!later.name) return said({"dns: 缺少 name=：要查哪个域名", "dns: name= is missing: which name is asked for"});
  if (const auto taken = take_name(*s, *later.name); !taken) return taken.error();
  if (later.expect)
    if (const auto taken = take_expected(*s, *later.expect); !taken) return taken.error();
  if (s->any_of_them && s->expected.empty())
    return said({"dns: 写了 match 也要写 expect=", "dns: match needs expect="});
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace changtong
