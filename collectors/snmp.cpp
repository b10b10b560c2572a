#include "collectors/snmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <system_error>

#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "collectors/net/snmp_codec.h"
#include "collectors/wire/snmp_envelope.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::size_t most_interfaces = 16;
constexpr std::size_t longest_request = 4096, longest_reply = 8192;

struct column {
  fact_name name;
  net::object_id prefix;
};

const std::array<column, 5>& columns() {
  static const std::array<column, 5> table{{
      {fact_name::interface_oper_status, {1, 3, 6, 1, 2, 1, 2, 2, 1, 8}},
      {fact_name::interface_in_octets, {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6}},
      {fact_name::interface_out_octets, {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10}},
      {fact_name::interface_in_errors, {1, 3, 6, 1, 2, 1, 2, 2, 1, 14}},
      {fact_name::interface_out_errors, {1, 3, 6, 1, 2, 1, 2, 2, 1, 20}},
  }};
  return table;
}

std::vector<net::object_id> objects_of(const snmp_request_class& request) {
  std::vector<net::object_id> all{{1, 3, 6, 1, 2, 1, 1, 3, 0}};
  for (const std::uint32_t interface : request.interfaces)
    for (const column& c : columns()) {
      all.push_back(c.prefix);
      all.back().push_back(interface);
    }
  return all;
}

/** 0x40000000, 18 bits of table index, 12 bits of cookie: always four BER bytes, never negative. */
struct request_id {
  static constexpr std::uint32_t mark = 0x40000000, cookie_mask = 0xfff;
  static std::uint32_t of(std::uint32_t index, std::uint64_t cookie) {
    return mark | index << 12U | static_cast<std::uint32_t>(cookie & cookie_mask);
  }
  static bool ours(std::int32_t id) { return (static_cast<std::uint32_t>(id) & 0xc0000000U) == mark; }
  static std::uint32_t index(std::int32_t id) { return (static_cast<std::uint32_t>(id) & ~mark) >> 12U; }
  static std::uint64_t cookie(std::int32_t id) { return static_cast<std::uint32_t>(id) & cookie_mask; }
};

const snmp_settings& settings_of(const net::flight& f) { return static_cast<const snmp_settings&>(*f.what->settings); }

class snmp_collector final : public collector, private dialect {
 public:
  snmp_collector(answer_sink& sink, const net::syscalls& calls)
      : exchange_(sink, *this, calls, {longest_request, longest_reply}) {}

  void ask(std::span<question> burst) override { exchange_.ask(burst); }
  void drain() override { exchange_.drain(); }
  cause forget(std::uint32_t ticket) override { return exchange_.forget(ticket); }
  [[nodiscard]] std::vector<ignored_packets> ignored() const override { return exchange_.ignored(); }
  [[nodiscard]] std::string describe() const override {
    if (open_error_ != 0) return fmt::format("v2c, not possible: {}", std::generic_category().message(open_error_));
    return "v2c, one UDP socket a family";
  }

 private:
  int open(net::datagram_port& port, bool v6) override { return open_error_ = port.open(v6, SOCK_DGRAM, 0, true); }

  std::size_t write(net::flight& f, std::uint32_t index, std::uint8_t* out) override {
    const snmp_settings& settings = settings_of(f);
    const net::snmp_template& t = template_of(*settings.request);
    f.port = settings.port;
    f.cookie &= request_id::cookie_mask;
    std::memcpy(out, t.packet.data(), t.packet.size());
    wire::put32(out + t.id_offset, request_id::of(index, f.cookie));
    return t.packet.size();
  }

  const net::snmp_template& template_of(const snmp_request_class& request) {
    if (request.number >= templates_.size()) templates_.resize(request.number + std::size_t{1});
    auto& t = templates_[request.number];
    if (!t) t = std::make_unique<net::snmp_template>(codec_.make_get(request.community, objects_of(request)));
    if (t->packet.empty() || t->packet.size() > longest_request) throw std::logic_error("snmp: no request template");
    return *t;
  }

  void read(const net::arrival& a, bool) override {
    const auto envelope = wire::read_snmp_envelope(a.bytes);
    if (!envelope || envelope->pdu != wire::snmp_response) return exchange_.ignore(ignored_reason::malformed);
    if (!request_id::ours(envelope->request_id)) return exchange_.ignore(ignored_reason::unknown_id);
    const std::uint32_t index = request_id::index(envelope->request_id);
    const net::flight* f = exchange_.claim(index, request_id::cookie(envelope->request_id), a.from, a.port);
    if (f == nullptr) return;
    const snmp_request_class& request = *settings_of(*f).request;
    if (envelope->community != request.community.reveal()) return exchange_.ignore(ignored_reason::wrong_cookie);
    if (!codec_.read(a.bytes, template_of(request).objects, reply_)) return exchange_.ignore(ignored_reason::malformed);
    judge(index, request, net::round_trip(f->sent, a.at));
  }

  void judge(std::uint32_t index, const snmp_request_class& request, nanoseconds rtt) {
    using sort = net::snmp_value::sort;
    const bool readable = reply_.count > 0 && reply_.values[0].what == sort::number;
    if (!readable) {
      const std::string detail =
          fmt::format("应答中没有 sysUpTime，error-status {} (no sysUpTime in the answer)", reply_.error_status);
      const bool other = reply_.count > 0 && reply_.values[0].what == sort::wrong_object;
      return exchange_.answer_flight(index,
                                     {outcome::bad, other ? cause::protocol : cause::snmp_error, rtt, {}, detail});
    }
    fact_count_ = 0;
    facts_[fact_count_++] = {fact_name::up_time_centiseconds, 0, reply_.values[0].number};
    std::string detail;
    if (reply_.error_status != 0) detail = fmt::format("error-status {}", reply_.error_status);
    for (std::size_t i = 0; i < request.interfaces.size(); ++i)
      take_interface(1 + i * columns().size(), request.interfaces[i], detail);
    exchange_.answer_flight(index, {outcome::good, cause::none, rtt, {facts_.data(), fact_count_}, detail});
  }

  void take_interface(std::size_t first, std::uint32_t interface, std::string& detail) {
    std::size_t missing = 0;
    for (std::size_t c = 0; c < columns().size(); ++c) {
      const std::size_t at = first + c;
      if (at < reply_.count && reply_.values[at].what == net::snmp_value::sort::number)
        facts_[fact_count_++] = {columns()[c].name, interface, reply_.values[at].number};
      else
        ++missing;
    }
    if (missing == 0) return;
    if (!detail.empty()) detail += "；";
    detail += fmt::format("ifIndex {}：{} 项中缺 {} 项", interface, columns().size(), missing);
  }

  void rejected(const net::rejection& r, bool v6) override {
    const auto envelope = wire::read_snmp_envelope({r.bytes.data(), r.length}, true);
    if (!envelope || envelope->pdu != wire::snmp_get_request || !request_id::ours(envelope->request_id))
      return exchange_.ignore(ignored_reason::unknown_id);
    const net::failure why = net::failure_of_rejection(r, v6);
    if (why.why == cause::none) return exchange_.ignore(ignored_reason::unknown_id);
    const std::uint32_t index = request_id::index(envelope->request_id);
    if (exchange_.claim(index, request_id::cookie(envelope->request_id), r.to, r.port) != nullptr)
      exchange_.answer_flight(index, {why.what, why.why});
  }

  exchange exchange_;
  net::snmp_codec codec_;
  net::snmp_reply reply_{};
  std::vector<std::unique_ptr<net::snmp_template>> templates_;  ///< by snmp_request_class::number
  std::array<fact, 1 + most_interfaces * 5> facts_{};
  std::size_t fact_count_ = 0;
  int open_error_ = 0;
};

/** Finds or makes the class: equal settings share it as long as anybody holds it. Any thread. */
std::shared_ptr<const snmp_request_class> shared_class(const secret& community,
                                                       const std::vector<std::uint32_t>& interfaces) {
  static mutex lock;
  static std::uint32_t next_number GUARDED_BY(lock) = 0;
  static std::map<std::pair<std::string, std::vector<std::uint32_t>>, std::weak_ptr<const snmp_request_class>> known
      GUARDED_BY(lock);
  const holding guard(lock);
  auto& place = known[{community.reveal(), interfaces}];
  if (auto held = place.lock()) return held;
  auto made = std::make_shared<const snmp_request_class>(snmp_request_class{next_number++, community, interfaces});
  place = made;
  return made;
}

result<std::vector<std::uint32_t>> parse_interfaces(std::string_view text) {
  std::vector<std::uint32_t> all;
  while (true) {
    const std::size_t plus = text.find('+');
    const auto n = bounded_number("snmp: if", text.substr(0, plus), 1, 0x7fffffff);
    if (!n) return n.error();
    const auto interface = static_cast<std::uint32_t>(*n);
    if (std::find(all.begin(), all.end(), interface) != all.end())
      return said(both("snmp: if 中 {} 写了两次", "snmp: if: {} is named twice", interface));
    all.push_back(interface);
    if (all.size() > most_interfaces)
      return said(both("snmp: if 最多 {} 个接口", "snmp: if: at most {} interfaces", most_interfaces));
    if (plus == std::string_view::npos) return all;
    text.remove_prefix(plus + 1);
  }
}

result<const credential*> find_credential(const kind_arguments& arguments, const std::string& name) {
  const credential* c = arguments.find_credential ? arguments.find_credential(name) : nullptr;
  if (c == nullptr)
    return said(both("snmp: 凭据 `{}` 没有定义", "snmp: credential: `{}` is not among the credentials", name));
  if (c->version != "2c")
    return said(both("snmp: 凭据 `{}` 的版本为 {}，目前只支持 2c",
                     "snmp: credential: `{}` is of version {}, only 2c is supported", name, c->version));
  if (c->community.empty() || c->community.reveal().size() > 255)
    return said(both("snmp: 凭据 `{}` 的团体字应为 1 至 255 字节",
                     "snmp: credential: the community of `{}` must have 1 to 255 bytes", name));
  return c;
}

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<snmp_settings>();
  const credential* who = nullptr;
  std::vector<std::uint32_t> interfaces;
  for (const auto& [key, value] : arguments.pairs) {
    if (key == "credential") {
      const auto c = find_credential(arguments, value);
      if (!c) return c.error();
      who = *c;
    } else if (key == "port") {
      const auto n = bounded_number("snmp: port", value, 1, 65535);
      if (!n) return n.error();
      s->port = static_cast<std::uint16_t>(*n);
    } else if (key == "if") {
      auto list = parse_interfaces(value);
      if (!list) return list.error();
      interfaces = std::move(*list);
    } else {
      return said(both("snmp: 键 `{}` 无法识别（可用 credential=、port=、if=）",
                       "snmp: unknown key `{}` (credential=, port=, if= are known)", key));
    }
  }
  if (who == nullptr) return said({"snmp: 缺少 credential=", "snmp: credential= is missing"});
  s->request = shared_class(who->community, interfaces);
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::vector<fact_place> snmp_settings::facts() const {
  std::vector<fact_place> all{{fact_name::up_time_centiseconds}};
  for (const std::uint32_t interface : request->interfaces)
    for (const column& c : columns()) all.push_back({c.name, interface});
  return all;
}

std::unique_ptr<collector> make_snmp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<snmp_collector>(sink, calls);
}

kind_entry snmp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_snmp(sink, net::syscalls::kernel()); },
          true, "credential=NAME, port=161, if=1+3"};
}

}  // namespace changtong
