#include "collectors/snmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "collectors/snmp_detail.h"
#include "collectors/snmp_engines.h"
#include "collectors/snmp_habits.h"
#include "collectors/snmp_ids.h"
#include "collectors/snmp_meter.h"
#include "collectors/snmp_question.h"
#include "collectors/snmp_scout.h"
#include "collectors/snmp_teller.h"
#include "collectors/wire/snmp_envelope.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::size_t longest_reply = 8192;
constexpr std::chrono::milliseconds last_moment{20};  // two ticks: what is answered at the deadline must be before it

const snmp_settings& settings_of(const net::flight& f) { return static_cast<const snmp_settings&>(*f.what->settings); }

class snmp_collector final : public collector, private dialect, private answer_sink {
 public:
  snmp_collector(answer_sink& sink, const net::syscalls& calls)
      : sink_(sink),
        exchange_(*this, *this, calls,
                  {snmp_questions::longest_request + snmp_engines::longest_envelope, longest_reply}) {}

  void ask(std::span<question> burst) override { exchange_.ask(burst); }
  void drain() override {
    exchange_.drain();
    if (!halves_.empty()) answer_halves(net::mono_now());
    scout();
  }
  cause forget(std::uint32_t ticket) override {
    const std::uint32_t index = exchange_.table().with_ticket(ticket);
    if (index != net::flights::none && access_of(*exchange_.table().at(index)).is_v3())
      engines_.unanswered(agent_of(*exchange_.table().at(index)));
    found_.erase(ticket);
    return exchange_.forget(ticket);
  }
  [[nodiscard]] std::vector<ignored_packets> ignored() const override { return exchange_.ignored(); }
  [[nodiscard]] bool settled() const override { return scout_.settled(); }
  void want(const check& c, std::vector<wire::object_name> columns) {
    scout_.want(c, static_cast<const snmp_settings&>(*c.settings), std::move(columns), net::mono_now());
  }
  [[nodiscard]] std::optional<snmp_columns_read> harvest(const check& c) {
    return scout_.harvest(c, static_cast<const snmp_settings&>(*c.settings));
  }
  [[nodiscard]] std::string describe() const override {
    if (open_error_ != 0) return fmt::format("not possible: {}", std::generic_category().message(open_error_));
    return "v1, v2c, v3; one UDP socket a family";
  }

 private:
  int open(net::datagram_port& port, bool v6) override { return open_error_ = port.open(v6, SOCK_DGRAM, 0, true); }

  // -- what the scout asks (snmp_scout.h), among the lines' questions -----------------------------------------------

  void scout() {
    for (const std::uint32_t ticket : scout_.expired(net::mono_now())) {
      static_cast<void>(forget(ticket));
      scout_.take_silence(ticket, net::mono_now());
    }
    if (const auto burst = scout_.due(net::mono_now()); !burst.empty()) exchange_.ask(burst);
  }
  /** A line's answer goes on; what the scout asked and could not be sent is as good as silence. */
  void answered(std::uint32_t ticket, const answer& a) override {
    if (!snmp_scout::owns(ticket)) {
      found_.erase(ticket);
      return sink_.answered(ticket, a);
    }
    if (a.what != outcome::good) scout_.take_silence(ticket, net::mono_now());
  }
  void take_scouted(std::uint32_t index, wire::bytes pdu, bool whole) {
    const std::uint32_t ticket = exchange_.table().at(index)->ticket;
    exchange_.answer_flight(index, {.what = outcome::good});
    whole ? scout_.take(ticket, pdu, net::mono_now()) : scout_.take_too_long(ticket, net::mono_now());
  }
  /** What came is not to be believed: as good as silence. */
  void refuse_scouted(std::uint32_t index) {
    const std::uint32_t ticket = exchange_.table().at(index)->ticket;
    exchange_.answer_flight(index, {.what = outcome::good});
    scout_.take_silence(ticket, net::mono_now());
  }
  [[nodiscard]] net::snmp_template next_of_walk(const net::flight& f, const snmp_settings& settings) {
    const snmp_walk* walk = scout_.walk_of(f.ticket);
    if (walk == nullptr) return {};
    const auto next = walk->next();
    const secret community = template_community(*settings.request->access);
    return next.bulk ? codec_.make_bulk(community, *next.after, next.repetitions)
                     : codec_.make_next(community, *next.after);
  }

  // -- what lines ask ------------------------------------------------------------------------------------------------

  /** What a flight asked about: the class of its settings, or one that the scout found for it. */
  [[nodiscard]] const std::shared_ptr<const snmp_request_class>& asked_by(const net::flight& f) const {
    const auto found = settings_of(f).needs_scouting ? found_.find(f.ticket) : found_.end();
    return found == found_.end() ? settings_of(f).request : found->second;
  }

  std::size_t write(net::flight& f, std::uint32_t index, std::uint8_t* out) override {
    const snmp_settings& settings = settings_of(f);
    f.port = settings.port;
    if (snmp_scout::owns(f.ticket)) return write(f, index, next_of_walk(f, settings), out);
    if (f.step != 0) return write(f, index, questions_.of(asked_by(f), snmp_form::of(f.form)).request, out);
    if (settings.needs_scouting) found_[f.ticket] = scout_.errand_for(*f.what, settings, net::mono_now()).request;
    const auto& request = asked_by(f);
    const snmp_form form = next_form(f, settings, *request);
    f.form = form.number();
    return write(f, index, questions_.of(request, form).request, out);
  }

  std::size_t write(net::flight& f, std::uint32_t index, const net::snmp_template& t, std::uint8_t* out) {
    const snmp_settings& settings = settings_of(f);
    f.any_source = settings.any_source;
    f.cookie &= request_ids::cookie_mask;
    if (t.packet.empty()) return 0;
    const snmp_access& access = *settings.request->access;
    const std::uint32_t id = ids_.of(index, f.cookie);
    std::memcpy(out, t.packet.data(), t.packet.size());
    wire::put32(out + t.id_offset, id);
    if (access.is_v1()) wire::version_of_community_message(out) = 0;
    return access.is_v3() ? secure(f, access, id, t.packet.size(), out) : t.packet.size();
  }

  /** Puts what was written into an envelope of v3. */
  std::size_t secure(net::flight& f, const snmp_access& access, std::uint32_t id, std::size_t length,
                     std::uint8_t* out) {
    plain_.assign(out, out + length);
    snmp_engines::step step{f.step};
    const std::size_t sealed = engines_.write(agent_of(f), access, step, id, wire::pdu_of_community_message(plain_),
                                              net::mono_now(), {out, length + snmp_engines::longest_envelope});
    f.step = step.bits;
    return sealed;
  }

  [[nodiscard]] snmp_form next_form(const net::flight& f, const snmp_settings& settings,
                                    const snmp_request_class& request) const {
    const std::size_t interfaces = request.interfaces.size();
    snmp_form form = habits_.form_for(f.to, settings.port, request.number);
    form.narrow = form.narrow || request.access->is_v1();  // it has no counters of 64 bits
    form.both =
        !settings.asked_once && form.whole() && interfaces > 0 && interfaces <= snmp_columns::most_interfaces_for_both;
    settings.asked_once = true;
    return form;
  }

  void read(const net::arrival& a, bool) override {
    if (const auto secured = wire::read_snmp3_message(a.bytes, a.whole); secured.numbered) {
      if (const auto index = flight_asked(secured.id, a)) read_secured(*index, a, secured);
      return;
    }
    const wire::snmp_envelope envelope = wire::read_snmp_envelope(a.bytes, a.whole);
    if (!envelope.known)
      return exchange_.ignore(a.oversized ? ignored_reason::oversized : ignored_reason::malformed, a,
                              envelope.cut ? cause::cut_short : cause::protocol);
    const auto index = flight_asked(envelope.request_id, a);
    if (!index) return;
    const net::flight& f = *exchange_.table().at(*index);
    const nanoseconds rtt = net::round_trip(f.sent, a.at);
    if (snmp_scout::owns(f.ticket) && !access_of(f).is_v3())
      return take_scouted(*index, envelope.rest, !envelope.cut && !a.oversized);
    if (envelope.cut) return answer_cut(*index, rtt, a);
    access_of(f).is_v3() ? answer_bare(*index, rtt, snmp3_note::other_version) : judge(*index, rtt, a, envelope);
  }

  /** The flight under way that a datagram with this id answers; empty for others, which are counted. */
  std::optional<std::uint32_t> flight_asked(std::int64_t id, const net::arrival& a) {
    if (!request_ids::ours(id)) {
      exchange_.ignore(ignored_reason::unknown_id, a, cause::other_question);
      return std::nullopt;
    }
    const auto [index, cookie] = ids_.parts_of(id);
    const auto why = exchange_.mismatch(index, cookie, a.from, a.port);
    if (!why) return index;
    if (*why == ignored_reason::wrong_cookie && was_before(index, cookie))
      exchange_.ignore(ignored_reason::duplicate);
    else if (*why == ignored_reason::unknown_id || *why == ignored_reason::wrong_cookie)
      exchange_.ignore(*why, a, cause::other_question);
    else
      exchange_.ignore(*why);
    return std::nullopt;
  }

  /** Whether a cookie is that of an earlier datagram of the same question: each has the next one. */
  bool was_before(std::uint32_t index, std::uint64_t cookie) {
    const net::flight& f = *exchange_.table().at(index);
    const std::uint64_t back = (f.cookie - cookie) & request_ids::cookie_mask;
    return back < snmp_engines::step{f.step}.sent();
  }

  void read_secured(std::uint32_t index, const net::arrival& a, const wire::snmp3_message& m) {
    net::flight& f = *exchange_.table().at(index);
    const nanoseconds rtt = net::round_trip(f.sent, a.at);
    if (m.cut || a.oversized) {
      if (snmp_scout::owns(f.ticket)) return take_scouted(index, {}, false);
      if (m.cut) return answer_cut(index, rtt, a);
    }
    const snmp_access& access = access_of(f);
    if (!access.is_v3()) return answer_bare(index, rtt, snmp3_note::other_version);
    if (!m.known || a.oversized) return answer_bare(index, rtt, snmp3_note::unreadable);
    snmp_engines::step step{f.step};
    const auto heard = engines_.read(agent_of(f), access, step, m, a.bytes, a.at);
    f.step = step.bits;
    if (heard.ask_again) {
      f.cookie = (f.cookie + 1) & request_ids::cookie_mask;
      if (!exchange_.again(index)) return answer_bare(index, rtt, snmp3_note::silent_to_question);
      if (step.sent() == 1 && !snmp_scout::owns(f.ticket)) halves_.push_back({index, f.ticket, rtt});
      return;
    }
    if (!heard.believed) return answer_bare(index, rtt, heard.note);
    if (snmp_scout::owns(f.ticket)) return take_scouted(index, heard.scoped.rest, true);
    wire::snmp_envelope envelope;
    envelope.known = true;
    envelope.version = wire::snmp3_version;
    envelope.pdu = heard.scoped.pdu;
    envelope.request_id = heard.scoped.request_id;
    envelope.rest = heard.scoped.rest;
    envelope.odd = m.odd;
    envelope.odd |= heard.scoped.odd;
    judge(index, rtt, a, envelope, heard.note);
  }

  /** It answered: the line carries. What it said is told, and nothing in it is taken for a fact. */
  void answer_bare(std::uint32_t index, nanoseconds rtt, snmp3_note note) {
    const net::flight& f = *exchange_.table().at(index);
    if (snmp_scout::owns(f.ticket)) return refuse_scouted(index);
    const std::string detail = engines_.detail(agent_of(f), access_of(f), note, net::mono_now());
    exchange_.answer_flight(index, {outcome::good, cause::none, rtt, {}, detail});
  }

  /** An agent that said who it is and then nothing more has answered our question's first datagram: at the deadline,
   * and not before, that is all that will be known. */
  void answer_halves(mono_t now) {
    std::erase_if(halves_, [&](const half& h) {
      const net::flight& f = *exchange_.table().at(h.index);
      if (f.now != net::flight::phase::under_way || f.ticket != h.ticket) return true;
      if (f.deadline - now > last_moment) return false;
      engines_.unanswered(agent_of(f));
      answer_bare(h.index, h.rtt, snmp3_note::silent_to_question);
      return true;
    });
  }

  void answer_cut(std::uint32_t index, nanoseconds rtt, const net::arrival& a) {
    const std::string detail =
        to_string(both("报文只到了 {} 字节，比它自称的短", "{} bytes came, fewer than it says", a.whole));
    exchange_.answer_flight(index, {outcome::bad, cause::cut_short, rtt, {}, detail});
  }

  /** The agent answered our question: whatever it says, the line carries. */
  void judge(std::uint32_t index, nanoseconds rtt, const net::arrival& a, const wire::snmp_envelope& envelope,
             snmp3_note note = snmp3_note::none) {
    const net::flight& f = *exchange_.table().at(index);
    const snmp_settings& settings = settings_of(f);
    const std::shared_ptr<const snmp_request_class> held = asked_by(f);
    const snmp_request_class& request = *held;
    const snmp_form form = snmp_form::of(f.form);
    const snmp_question& asked = questions_.of(held, form);
    const std::size_t interfaces = request.interfaces.size();
    const snmp_access& access = *request.access;
    answer_.odd = envelope.version == access.version ? envelope.odd.without(wire::snmp_oddity::version) : envelope.odd;
    if (envelope.version != access.version) answer_.odd |= wire::snmp_oddity::version;
    if (envelope.community != access.community.reveal()) answer_.odd |= wire::snmp_oddity::community;
    if (f.to != a.from || f.port != a.port) answer_.odd |= wire::snmp_oddity::elsewhere;
    if (a.oversized) answer_.odd |= wire::snmp_oddity::too_long;
    if (form.first != 0 && form.first < snmp_columns::objects(interfaces)) answer_.odd |= wire::snmp_oddity::asked_less;
    if (form.narrow) answer_.odd |= wire::snmp_oddity::narrow;
    wire::read_snmp_answer(envelope.rest, asked.objects, answer_);
    if (misses(interfaces)) {
      habits_.learn(f, request.number, interfaces, answer_, asked.objects.size());
      if (form.both) take_narrow(interfaces);
    } else if (!form.whole()) {
      habits_.learn(f, request.number, interfaces, answer_, asked.objects.size());
    }
    std::string_view detail = details_.of(request, asked, answer_);
    if (access.is_v3()) detail = joined(engines_.detail(agent_of(f), access, note, a.at), detail);
    snmp_facts told{f, settings, request, form, answer_, asked.objects.size()};
    exchange_.answer_flight(index, {outcome::good, cause::none, rtt, teller_.facts_of(told, meter_, scout_),
                                    teller_.detail_of(told, detail, scout_)});
  }

  /** Something that one misses is not in the answer. */
  [[nodiscard]] bool misses(std::size_t interfaces) const {
    const auto end = answer_.values.begin() + static_cast<std::ptrdiff_t>(snmp_columns::objects(interfaces));
    return std::any_of(answer_.values.begin(), end,
                       [](const wire::snmp_value& v) { return v.what != wire::snmp_value::sort::number; });
  }

  std::string_view joined(std::string first, std::string_view then) {
    if (first.empty()) return then;
    joined_ = std::move(first);
    if (!then.empty()) joined_.append(" · ").append(then);
    return joined_;
  }

  /** Octets of 32 bits for those of 64 that the agent says it has not. */
  void take_narrow(std::size_t interfaces) {
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
  }

  void rejected(const net::rejection& r, bool v6) override {
    const wire::bytes quoted(r.bytes.data(), r.length);
    const auto envelope = wire::read_snmp_envelope(quoted, wire::of_unknown_length);
    const auto secured = wire::read_snmp3_message(quoted, wire::of_unknown_length);
    const bool is_question = secured.numbered || (envelope.known && envelope.pdu == wire::snmp_get_request);
    const std::int64_t id = secured.numbered ? secured.id : envelope.request_id;
    if (!is_question || !request_ids::ours(id)) return exchange_.ignore(ignored_reason::unknown_id);
    const net::failure why = net::failure_of_rejection(r, v6);
    if (why.why == cause::none) return exchange_.ignore(ignored_reason::unknown_id);
    const auto [index, cookie] = ids_.parts_of(id);
    if (exchange_.claim(index, cookie, r.to, r.port) != nullptr) exchange_.answer_flight(index, {why.what, why.why});
  }

  /** A question whose agent has answered something, but not the question yet. */
  struct half {
    std::uint32_t index, ticket;
    nanoseconds rtt;
  };
  static const snmp_access& access_of(const net::flight& f) { return *settings_of(f).request->access; }
  static snmp_engines::agent agent_of(const net::flight& f) { return {f.to, f.port, access_of(f).number}; }

  answer_sink& sink_;
  exchange exchange_;
  request_ids ids_;
  net::snmp_codec codec_;
  snmp_scout scout_;
  std::unordered_map<std::uint32_t, std::shared_ptr<const snmp_request_class>> found_;  ///< of questions under way
  snmp_meter meter_;
  snmp_teller teller_;
  snmp_questions questions_;
  snmp_habits habits_;
  snmp_details details_;
  snmp_engines engines_;
  std::vector<half> halves_;
  std::vector<std::uint8_t> plain_;
  std::string joined_;
  wire::snmp_answer answer_;
  int open_error_ = 0;
};

result<std::shared_ptr<const snmp_access>> find_access(const kind_arguments& arguments, const std::string& name) {
  const credential* c = arguments.find_credential ? arguments.find_credential(name) : nullptr;
  if (c == nullptr)
    return said(both("snmp: 凭据 `{}` 没有定义", "snmp: credential: `{}` is not among the credentials", name));
  return access_of(*c);
}

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<snmp_settings>();
  std::shared_ptr<const snmp_access> who;
  std::vector<interface_wish> interfaces;
  for (const auto& [key, value] : arguments.pairs) {
    if (key == "credential") {
      const auto c = find_access(arguments, value);
      if (!c) return c.error();
      who = *c;
    } else if (key == "port") {
      const auto n = bounded_number("snmp: port", value, 1, 65535);
      if (!n) return n.error();
      s->port = static_cast<std::uint16_t>(*n);
    } else if (key == "if") {
      auto list = parse_interface_wishes(value);
      if (!list) return list.error();
      interfaces = std::move(*list);
    } else if (key == "profile") {
      auto wish = parse_profile_wish(value, arguments.profiles);
      if (!wish) return wish.error();
      s->profile = std::move(*wish);
    } else if (key == "any_source") {
      if (value != "yes" && value != "no")
        return said(both("snmp: any_source 应为 yes 或 no，而不是 `{}`",
                         "snmp: any_source: yes or no is needed, not `{}`", value));
      s->any_source = value == "yes";
    } else {
      return said(both("snmp: 键 `{}` 无法识别（可用 credential=、port=、if=、profile=、any_source=）",
                       "snmp: unknown key `{}` (credential=, port=, if=, profile=, any_source= are known)", key));
    }
  }
  if (who == nullptr) return said({"snmp: 缺少 credential=", "snmp: credential= is missing"});
  const auto named = [](const interface_wish& w) { return w.how != interface_wish::by::index; };
  s->needs_scouting = s->profile || std::ranges::any_of(interfaces, named);
  s->request = wished_class(who, std::move(interfaces));
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::unique_ptr<collector> make_snmp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<snmp_collector>(sink, calls);
}

snmp_columns_read read_columns(const check& agent, std::span<const wire::object_name> columns, nanoseconds most,
                               const net::syscalls& calls) {
  struct nobody final : answer_sink {
    void answered(std::uint32_t, const answer&) override {}
  } sink;
  snmp_collector asking(sink, calls);
  asking.want(agent, {columns.begin(), columns.end()});
  for (const mono_t end = net::mono_now() + most; net::mono_now() < end;) {
    asking.drain();
    if (auto read = asking.harvest(agent)) return std::move(*read);
    std::this_thread::sleep_for(milliseconds{2});  // a command waits here for its one agent; no daemon calls this
  }
  return {};
}

kind_entry snmp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_snmp(sink, net::syscalls::kernel()); },
          true, "credential=NAME, port=161, if=1+3, profile=auto, any_source=yes"};
}

}  // namespace changtong
