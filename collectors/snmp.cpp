#include "collectors/snmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <system_error>

#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "collectors/net/scramble.h"
#include "collectors/snmp_detail.h"
#include "collectors/snmp_habits.h"
#include "collectors/snmp_question.h"
#include "collectors/wire/snmp_envelope.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::size_t most_interfaces = 16;
constexpr std::size_t longest_reply = 8192;

/** 0x40000000, and 18 bits of table index with 12 bits of cookie, scrambled: always four BER bytes, never negative. An
 * agent that is asked learns nothing of what others are asked, and has to guess all 30 bits to answer for them. */
class request_ids {
 public:
  static constexpr std::uint32_t mark = 0x40000000, cookie_mask = 0xfff;
  struct parts {
    std::uint32_t index;
    std::uint64_t cookie;
  };
  request_ids() : order_({random_.next(), random_.next(), random_.next(), random_.next()}) {}
  [[nodiscard]] std::uint32_t of(std::uint32_t index, std::uint64_t cookie) const {
    return mark | order_.there(index << 12U | static_cast<std::uint32_t>(cookie & cookie_mask));
  }
  static bool ours(std::int64_t id) { return id >= mark && id < 2 * std::int64_t{mark}; }
  [[nodiscard]] parts parts_of(std::int64_t id) const {
    const std::uint32_t plain = order_.back(static_cast<std::uint32_t>(id) & ~mark);
    return {plain >> 12U, plain & cookie_mask};
  }

 private:
  net::cookies random_;
  net::scramble order_;
};

const snmp_settings& settings_of(const net::flight& f) { return static_cast<const snmp_settings&>(*f.what->settings); }

class snmp_collector final : public collector, private dialect {
 public:
  snmp_collector(answer_sink& sink, const net::syscalls& calls)
      : exchange_(sink, *this, calls, {snmp_questions::longest_request, longest_reply}) {}

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
    const snmp_form form = next_form(f, settings);
    const net::snmp_template& t = questions_.of(*settings.request, form).request;
    f.port = settings.port;
    f.form = form.number();
    f.any_source = settings.any_source;
    f.cookie &= request_ids::cookie_mask;
    std::memcpy(out, t.packet.data(), t.packet.size());
    wire::put32(out + t.id_offset, ids_.of(index, f.cookie));
    return t.packet.size();
  }

  [[nodiscard]] snmp_form next_form(const net::flight& f, const snmp_settings& settings) const {
    const std::size_t interfaces = settings.request->interfaces.size();
    snmp_form form = habits_.form_for(f.to, settings.port, settings.request->number);
    form.both =
        !settings.asked_once && form.whole() && interfaces > 0 && interfaces <= snmp_columns::most_interfaces_for_both;
    settings.asked_once = true;
    return form;
  }

  void read(const net::arrival& a, bool) override {
    const wire::snmp_envelope envelope = wire::read_snmp_envelope(a.bytes, a.whole);
    if (!envelope.known)
      return exchange_.ignore(a.oversized ? ignored_reason::oversized : ignored_reason::malformed, a,
                              envelope.cut ? cause::cut_short : cause::protocol);
    if (!request_ids::ours(envelope.request_id))
      return exchange_.ignore(ignored_reason::unknown_id, a, cause::other_question);
    const auto [index, cookie] = ids_.parts_of(envelope.request_id);
    if (const auto why = exchange_.mismatch(index, cookie, a.from, a.port)) {
      if (*why == ignored_reason::unknown_id || *why == ignored_reason::wrong_cookie)
        return exchange_.ignore(*why, a, cause::other_question);
      return exchange_.ignore(*why);
    }
    const nanoseconds rtt = net::round_trip(exchange_.table().at(index)->sent, a.at);
    envelope.cut ? answer_cut(index, rtt, a) : judge(index, rtt, a, envelope);
  }

  void answer_cut(std::uint32_t index, nanoseconds rtt, const net::arrival& a) {
    const std::string detail =
        to_string(both("报文只到了 {} 字节，比它自称的短", "{} bytes came, fewer than it says", a.whole));
    exchange_.answer_flight(index, {outcome::bad, cause::cut_short, rtt, {}, detail});
  }

  /** The agent answered our question: whatever it says, the line carries. */
  void judge(std::uint32_t index, nanoseconds rtt, const net::arrival& a, const wire::snmp_envelope& envelope) {
    const net::flight& f = *exchange_.table().at(index);
    const snmp_settings& settings = settings_of(f);
    const snmp_request_class& request = *settings.request;
    const snmp_form form = snmp_form::of(f.form);
    const snmp_question& asked = questions_.of(request, form);
    const std::size_t interfaces = request.interfaces.size();
    answer_.odd = envelope.odd;
    if (envelope.community != request.community.reveal()) answer_.odd |= wire::snmp_oddity::community;
    if (f.to != a.from || f.port != a.port) answer_.odd |= wire::snmp_oddity::elsewhere;
    if (a.oversized) answer_.odd |= wire::snmp_oddity::too_long;
    if (form.first != 0) answer_.odd |= wire::snmp_oddity::asked_less;
    if (form.narrow) answer_.odd |= wire::snmp_oddity::narrow;
    wire::read_snmp_answer(envelope.rest, asked.objects, answer_);
    take_facts(request.interfaces, asked.objects.size());
    if (fact_count_ < snmp_columns::objects(interfaces)) {
      habits_.learn(f, request.number, interfaces, answer_, asked.objects.size());
      if (form.both && take_narrow(interfaces)) take_facts(request.interfaces, asked.objects.size());
    } else if (!form.whole()) {
      habits_.learn(f, request.number, interfaces, answer_, asked.objects.size());
    }
    const std::string_view detail = details_.of(request, asked, answer_);
    exchange_.answer_flight(index, {outcome::good, cause::none, rtt, {facts_.data(), fact_count_}, detail});
  }

  /** Octets of 32 bits for those of 64 that the agent says it has not. */
  bool take_narrow(std::size_t interfaces) {
    using sort = wire::snmp_value::sort;
    bool any = false;
    for (const std::size_t c : {snmp_columns::in_octets, snmp_columns::out_octets})
      for (std::size_t k = 0; k < interfaces; ++k) {
        auto& wide = answer_.values[snmp_columns::place(c, k, interfaces)];
        const auto& narrow = answer_.values[snmp_columns::narrow_place(c, k, interfaces)];
        if (wide.what != sort::missing || narrow.what != sort::number) continue;
        wide = narrow;
        any = true;
      }
    if (any) answer_.odd |= wire::snmp_oddity::narrow;
    return any;
  }

  void take_facts(const std::vector<std::uint32_t>& interfaces, std::size_t asked) {
    fact_count_ = 0;
    const auto take = [&](fact_name name, std::uint32_t index, std::size_t at) {
      if (at < asked && answer_.values[at].what == wire::snmp_value::sort::number)
        facts_[fact_count_++] = {name, index, static_cast<std::int64_t>(answer_.values[at].number)};
    };
    take(fact_name::up_time_centiseconds, 0, 0);
    for (std::size_t k = 0; k < interfaces.size(); ++k)
      for (std::size_t c = 0; c < snmp_columns::names.size(); ++c)
        take(snmp_columns::names[c], interfaces[k], snmp_columns::place(c, k, interfaces.size()));
  }

  void rejected(const net::rejection& r, bool v6) override {
    const auto envelope = wire::read_snmp_envelope({r.bytes.data(), r.length}, wire::of_unknown_length);
    if (!envelope.known || envelope.pdu != wire::snmp_get_request || !request_ids::ours(envelope.request_id))
      return exchange_.ignore(ignored_reason::unknown_id);
    const net::failure why = net::failure_of_rejection(r, v6);
    if (why.why == cause::none) return exchange_.ignore(ignored_reason::unknown_id);
    const auto [index, cookie] = ids_.parts_of(envelope.request_id);
    if (exchange_.claim(index, cookie, r.to, r.port) != nullptr) exchange_.answer_flight(index, {why.what, why.why});
  }

  exchange exchange_;
  request_ids ids_;
  snmp_questions questions_;
  snmp_habits habits_;
  snmp_details details_;
  wire::snmp_answer answer_;
  std::array<fact, 1 + most_interfaces * snmp_columns::names.size()> facts_{};
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
    } else if (key == "any_source") {
      if (value != "yes" && value != "no")
        return said(both("snmp: any_source 应为 yes 或 no，而不是 `{}`",
                         "snmp: any_source: yes or no is needed, not `{}`", value));
      s->any_source = value == "yes";
    } else {
      return said(both("snmp: 键 `{}` 无法识别（可用 credential=、port=、if=、any_source=）",
                       "snmp: unknown key `{}` (credential=, port=, if=, any_source= are known)", key));
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
    for (const fact_name name : snmp_columns::names) all.push_back({name, interface});
  return all;
}

std::unique_ptr<collector> make_snmp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<snmp_collector>(sink, calls);
}

kind_entry snmp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_snmp(sink, net::syscalls::kernel()); },
          true, "credential=NAME, port=161, if=1+3, any_source=yes"};
}

}  // namespace changtong
