#include "collectors/agent_survey.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <list>
#include <utility>

#include "collectors/net/clock.h"
#include "collectors/net/cookies.h"
#include "collectors/net/failure.h"
#include "collectors/net/single_datagram.h"
#include "collectors/net/snmp_codec.h"
#include "collectors/snmp_engines.h"
#include "collectors/snmp_question.h"
#include "collectors/wire/snmp_envelope.h"

namespace changtong {
namespace {

constexpr std::uint32_t id_mark = 0x40000000, id_bits = 0x3fffffff;
constexpr std::size_t longest_answer = 65535;
constexpr milliseconds longest_rest{200};  ///< between two looks at `stop`
constexpr std::size_t most_endless = 2;
constexpr std::size_t most_at_once = 16;  ///< datagrams of one agent that are read in a row

phrase words_of_cause(cause why) { return {std::string(chinese(why)), std::string(english(why))}; }

/** What all visits share. */
struct survey_tools {
  net::snmp_codec codec;
  net::cookies random;
  snmp_engines engines;
  std::size_t rows = 0, bytes = 0;  ///< of all answers together
};

/** One agent: its walks one after another, one question under way. */
class visit {
 public:
  visit(std::size_t number, const agent_place& where, std::span<const wire::object_name> columns,
        const survey_limits& limits, const net::syscalls& calls, mono_t now)
      : number_(number), where_(where), limits_(limits), calls_(calls), end_(now + limits.longest) {
    for (const wire::object_name& c : columns) into_.columns.emplace_back(c, bulk_, limits.walk);
    auto access = access_of(*where.by);
    if (!access) {
      end(words_of(access.error()));
      return;
    }
    access_ = std::move(*access);
    bulk_ = !access_->is_v1();
    begin_column();
    net::dialled d = net::dial_datagram(calls, where.address, where.port);
    fd_ = std::move(d.fd);
    if (d.error != 0) fail(net::failure_of(d.error, net::stage::call).why);
  }

  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] agent_tables tables() { return std::move(into_); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] mono_t due() const { return std::min(due_, end_); }

  void ask(survey_tools& with, mono_t now) {
    while (!over_ && walk().now() != snmp_walk::state::asking) finish_column();
    if (over_) return;
    const snmp_walk::question q = walk().next();
    const secret community = template_community(*access_);
    question_ =
        q.bulk ? with.codec.make_bulk(community, *q.after, q.repetitions) : with.codec.make_next(community, *q.after);
    if (question_.packet.empty()) return fail(cause::own_failure);
    step_ = {};
    due_ = now + limits_.timeout;
    send(with, now);
  }

  /** True if a question was answered, so that the next may follow. */
  bool read(survey_tools& with, std::span<std::uint8_t> room) {
    for (std::size_t i = 0; i < most_at_once && !over_; ++i) {
      const net::received_datagram r = net::receive_datagram(calls_, fd_.get(), room);
      if (r.error == EAGAIN || r.error == EWOULDBLOCK) return false;
      if (r.error != 0) return fail(net::failure_of(r.error, net::stage::network).why), false;
      const std::size_t length = std::min(r.length, room.size());
      if (access_->is_v3()) {
        if (read_secured(with, {room.data(), length}, r.length)) return true;
        continue;
      }
      const wire::snmp_envelope e = wire::read_snmp_envelope({room.data(), length}, r.length);
      if (!e.known || e.pdu != wire::snmp_response || e.request_id != static_cast<std::int64_t>(id_)) continue;
      if (e.cut) {
        take_cut();
      } else {
        take(with, e.rest);
      }
      return true;
    }
    return false;
  }

  /** True if the question, or the next, is to be put again. */
  bool look_at_clock(survey_tools& with, mono_t now) {
    if (over_ || now < due()) return false;
    if (now >= end_) return end({"时间用完", "out of time"}), false;
    walk().take_silence();
    with.engines.unanswered(agent_of());
    return true;
  }

  void interrupt() {
    if (!over_) end({"被中断", "interrupted"});
  }

 private:
  snmp_walk& walk() { return into_.columns[column_]; }
  [[nodiscard]] snmp_engines::agent agent_of() const { return {where_.address, where_.port, access_->number}; }

  /** The question, or, of v3, whatever comes before it. */
  void send(survey_tools& with, mono_t now) {
    id_ = id_mark | (static_cast<std::uint32_t>(with.random.next()) & id_bits);
    wire::put32(question_.packet.data() + question_.id_offset, id_);
    std::vector<std::uint8_t> packet = question_.packet;
    if (access_->is_v1()) wire::version_of_community_message(packet.data()) = 0;
    if (access_->is_v3()) {
      packet.resize(question_.packet.size() + snmp_engines::longest_envelope);
      packet.resize(with.engines.write(agent_of(), *access_, step_, id_,
                                       wire::pdu_of_community_message(question_.packet), now, packet));
    }
    if (const int error = net::send_datagram(calls_, fd_.get(), packet); error != 0)
      fail(net::failure_of(error, error == ECONNREFUSED ? net::stage::network : net::stage::call).why);
  }

  /** True if the question was answered. What is refused or not to be believed ends the visit with the reason. */
  bool read_secured(survey_tools& with, wire::bytes packet, std::size_t whole) {
    const auto m = wire::read_snmp3_message(packet, whole);
    if (!m.numbered || m.id != static_cast<std::int64_t>(id_)) return false;
    if (m.cut) {
      take_cut();
      return true;
    }
    if (!m.known) return false;
    const mono_t now = net::mono_now();
    const auto heard = with.engines.read(agent_of(), *access_, step_, m, packet, now);
    if (heard.ask_again) return send(with, now), false;
    if (!heard.believed) return end(with.engines.words(*access_, heard.note)), false;
    take(with, heard.scoped.rest);
    return true;
  }

  void take_cut() {
    into_.answered = true;
    walk().take_too_long();
  }
  void take(survey_tools& with, wire::bytes answer) {
    into_.answered = true;
    const std::size_t rows = walk().rows().size();
    walk().take(answer);
    const std::size_t more = walk().rows().size() - rows;
    with.rows += more;
    with.bytes += answer.size();
    rows_ += more;
    bytes_ += answer.size();
    if ((with.rows > limits_.rows || with.bytes > limits_.bytes) &&
        (rows_ > limits_.own_rows || bytes_ > limits_.own_bytes))
      end({"所有设备的应答合计过多，这台只读了一部分",
           "too much of all devices together: of this one a part was read"});
  }

  /** What the columns before have shown of GetBulk need not be found out again. */
  void begin_column() {
    if (column_ < into_.columns.size()) walk() = snmp_walk(walk().column(), bulk_, limits_.walk);
  }
  void finish_column() {
    const bool failed = walk().now() == snmp_walk::state::failed;
    if (failed && !into_.answered) return fail(cause::timeout);
    if (failed && into_.trouble.empty()) into_.trouble = words_of(walk().why());
    // Who has stopped answering, or never comes to an end, is not waited for again, column after column.
    using trouble = snmp_walk::trouble;
    const trouble why = failed ? walk().why() : trouble::none;
    endless_ += why == trouble::too_many_rows || why == trouble::too_many_questions || why == trouble::too_many_bytes;
    bulk_ = bulk_ && walk().bulk();
    if (why == trouble::silent || endless_ == most_endless || ++column_ == into_.columns.size()) over_ = true;
    if (!over_) begin_column();
  }
  void fail(cause why) { end(words_of_cause(why)); }
  void end(phrase why) {
    into_.trouble = std::move(why);
    over_ = true;
  }

  std::size_t number_;  ///< among the agents
  agent_place where_;
  agent_tables into_;
  const survey_limits& limits_;
  const net::syscalls& calls_;
  mono_t end_, due_{};
  net::owned_fd fd_;
  std::shared_ptr<const snmp_access> access_;
  net::snmp_template question_;
  snmp_engines::step step_;
  std::uint32_t id_ = 0;
  std::size_t column_ = 0;
  std::size_t endless_ = 0;  ///< columns that had no end
  std::size_t rows_ = 0, bytes_ = 0;
  bool bulk_ = true;  ///< the agent has it, as far as is known
  bool over_ = false;
};

class round {
 public:
  round(std::span<const agent_place> agents, std::span<const wire::object_name> columns, const survey_limits& limits,
        const net::syscalls& calls, const std::function<bool()>& stop, const tables_taker& take)
      : agents_(agents),
        columns_(columns),
        limits_(limits),
        calls_(calls),
        stop_(stop),
        take_(take),
        room_(longest_answer) {}

  void run() {
    while (next_ < agents_.size() || !under_way_.empty()) {
      if (stop_()) return interrupt();
      begin();
      wait();
      go_on();
    }
  }

 private:
  void begin() {
    for (; next_ < agents_.size() && under_way_.size() < limits_.at_once; ++next_) {
      const mono_t now = net::mono_now();
      under_way_.emplace_back(next_, agents_[next_], columns_, limits_, calls_, now);
      under_way_.back().ask(tools_, now);
    }
  }
  void wait() {
    polls_.clear();
    mono_t until = net::mono_now() + longest_rest;
    for (const visit& v : under_way_) {
      polls_.push_back({v.over() ? -1 : v.fd(), POLLIN, 0});
      until = v.over() ? net::mono_now() : std::min(until, v.due());
    }
    const auto rest = std::chrono::ceil<milliseconds>(until - net::mono_now());
    ::poll(polls_.data(), polls_.size(), std::max(0, static_cast<int>(rest.count())));
  }
  void go_on() {
    for (auto v = under_way_.begin(); v != under_way_.end() && !stop_();) {
      if (!v->over()) {
        const bool answered = v->read(tools_, room_);
        const mono_t now = net::mono_now();
        if (answered || v->look_at_clock(tools_, now)) v->ask(tools_, now);
      }
      v = v->over() ? hand_over(v) : std::next(v);
    }
  }
  std::list<visit>::iterator hand_over(std::list<visit>::iterator v) {
    take_(v->number(), v->tables());
    return under_way_.erase(v);
  }
  void interrupt() {
    for (auto v = under_way_.begin(); v != under_way_.end(); v = hand_over(v)) v->interrupt();
    for (; next_ < agents_.size(); ++next_) take_(next_, {.trouble = {"被中断", "interrupted"}});
  }

  std::span<const agent_place> agents_;
  std::span<const wire::object_name> columns_;
  const survey_limits& limits_;
  const net::syscalls& calls_;
  const std::function<bool()>& stop_;
  const tables_taker& take_;
  survey_tools tools_;
  std::vector<std::uint8_t> room_;
  std::list<visit> under_way_;
  std::vector<pollfd> polls_;
  std::size_t next_ = 0;
};

}  // namespace

void survey(std::span<const agent_place> agents, std::span<const wire::object_name> columns,
            const survey_limits& limits, const std::function<bool()>& stop, const net::syscalls& calls,
            const tables_taker& take) {
  round(agents, columns, limits, calls, stop, take).run();
}

std::vector<agent_tables> survey(std::span<const agent_place> agents, std::span<const wire::object_name> columns,
                                 const survey_limits& limits, const std::function<bool()>& stop,
                                 const net::syscalls& calls) {
  std::vector<agent_tables> all(agents.size());
  survey(agents, columns, limits, stop, calls, [&](std::size_t i, agent_tables one) { all[i] = std::move(one); });
  return all;
}

}  // namespace changtong
