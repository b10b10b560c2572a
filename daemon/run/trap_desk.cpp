#include "daemon/run/trap_desk.h"

#include <algorithm>

#include "collectors/snmp_access.h"
#include "daemon/core/log.h"
#include "daemon/host/clocks.h"

namespace changtong {
namespace {

constexpr int niceness = 5;  ///< a flood is nobody's business but its own

}  // namespace

trap_desk::rules trap_desk::rules_of(const settings& s) {
  rules out{.credentials = {}, .most = {.burst = s.traps.burst, .per_hour = s.traps.per_hour}};
  for (const credential& c : s.credentials)
    if (std::ranges::find(s.traps.credentials, c.name) != s.traps.credentials.end()) out.credentials.push_back(c);
  return out;
}

void trap_desk::obey(const rules& r) {
  communities_.clear();
  std::vector<traps::v3_user> users;
  for (const credential& c : r.credentials) {
    const auto access = access_of(c);  // what is wrong with it the settings have said
    if (!access) continue;
    if ((*access)->is_v3())
      users.push_back({.name = (*access)->user, .keys = (*access)->keys});
    else
      communities_.push_back((*access)->community);
  }
  v3_.adopt(std::move(users));
  intake_.adopt(r.most);
}

result<std::unique_ptr<trap_desk>> trap_desk::open(const settings& s, doors d) {
  auto socket = net::trap_socket::open(s.traps.listen->address, s.traps.listen->port);
  if (!socket) return socket.error();
  return std::unique_ptr<trap_desk>(new trap_desk(s, std::move(d), std::move(*socket)));
}

trap_desk::trap_desk(const settings& s, doors d, std::unique_ptr<net::trap_socket> socket)
    : doors_(std::move(d)),
      socket_(std::move(socket)),
      v3_(traps::identity_of(s.node, doors_.now(), host::mono_now())),
      intake_({.burst = s.traps.burst, .per_hour = s.traps.per_hour}),
      adopted_(rules_of(s)) {
  using pause = host::background::pause;
  keeper_ = std::make_unique<host::background>([this](const std::stop_token&) {
    // what came while it was entering has asked for the next round, which begins at once
    return enter_what_waits() ? pause{} : pause{.least = retry_pause, .most = retry_pause};
  });
  receiver_ = std::make_unique<host::background>(
      [this](const std::stop_token&) {
        receive();
        return pause{.least = {}, .most = {}};
      },
      niceness);
}

trap_desk::~trap_desk() { end(); }

void trap_desk::adopt(const settings& s) {
  rules next = rules_of(s);
  const holding lock(mutex_);
  adopted_ = std::move(next);
}

void trap_desk::end() {
  if (!receiver_) return;
  receiver_->end();
  keeper_->end();
  receiver_.reset();
  keeper_.reset();
  keep_sums(true);
  static_cast<void>(enter_what_waits());
}

// -- the thread that receives ----------------------------------------------------------------------------------------

void trap_desk::receive() {
  const bool something = socket_->wait(look_pause);
  look_around();
  if (!something) return;
  std::vector<std::string> ask;
  for (const net::trap_datagram& d : socket_->receive()) take(d, ask);
  if (const auto lost = socket_->lost(); lost > 0) doors_.tallies->drop(trap_drop::kernel, lost);
  if (!ask.empty()) doors_.ask(std::move(ask));
}

/** What has changed since the last look: rules, lines, informs that were entered. */
void trap_desk::look_around() {
  holding lock(mutex_);
  const std::vector<entered_inform> settled = std::exchange(settled_, {});
  const auto adopted = std::exchange(adopted_, std::nullopt);
  lock.unlock();
  const mono_t now = host::mono_now();
  for (const entered_inform& i : settled) intake_.entered(i.line, i.key, i.durable, now);
  if (adopted) obey(*adopted);
  if (now - looked_ < look_pause) return;
  looked_ = now;
  keep_sums(false);
  const auto b = doors_.boards->get();
  if (!b || b->districts == inv_) return;
  inv_ = b->districts;
  lines_.clear();
  for (const target& t : inv_->targets)
    if (t.kind == target_kind::line)
      for (const ip_address& a : t.addresses) lines_[a].push_back(t.id);
}

const std::vector<std::string>& trap_desk::lines_of(const ip_address& a) const {
  static const std::vector<std::string> none;
  const auto at = lines_.find(a);
  return at == lines_.end() ? none : at->second;
}

/** What is no trap costs nothing of what a line may send: anybody can write in its name. */
traps::letter trap_desk::open_letter(const net::trap_datagram& d, const std::string& line, mono_t now) {
  const auto envelope = d.oversized ? std::nullopt : wire::read_trap_envelope(d.bytes);
  if (envelope && envelope->version != 3)
    return traps::read_community_letter(d.bytes, *envelope, d.sender.port, communities_);
  traps::letter out;
  out.refused = envelope ? trap_drop::storm : trap_drop::malformed;
  if (!envelope || !intake_.may_check(line, now)) return out;
  out = v3_.read(d.bytes, {.address = d.sender.address, .port = d.sender.port}, now);
  if (out.refused && *out.refused != trap_drop::malformed) intake_.in_vain(line, now);
  return out;
}

void trap_desk::take(const net::trap_datagram& d, std::vector<std::string>& ask) {
  trap_tallies& c = *doors_.tallies;
  const std::vector<std::string>& lines = lines_of(d.sender.address);
  if (lines.empty()) return c.drop(trap_drop::unknown_source);
  const mono_t now = host::mono_now();
  traps::letter l = open_letter(d, lines.front(), now);
  if (l.refused) {
    if (!l.answer.empty() && intake_.may_report(lines.front(), now)) socket_->send(l.answer, d.sender);
    return c.drop(*l.refused);
  }
  if (!intake_.may_take(lines.front(), now)) {
    intake_.in_vain(lines.front(), now);
    return c.drop(trap_drop::storm);
  }
  c.received.at(l.version).fetch_add(1, std::memory_order_relaxed);
  l.record.about = l.record.at = doors_.now();
  l.record.target = lines.front();
  const traps::decision what = intake_.take(l.record, l.inform, now);
  if (what.ask) ask.insert(ask.end(), lines.begin(), lines.end());
  switch (what.what) {
    case traps::fate::keep:
      return keep(std::move(l), lines, d.sender);
    case traps::fate::sum:
      c.summed.fetch_add(1, std::memory_order_relaxed);
      return;
    case traps::fate::kept:
      c.answered.fetch_add(1, std::memory_order_relaxed);
      socket_->send(l.answer, d.sender);
      [[fallthrough]];
    case traps::fate::waiting:
      c.repeated.fetch_add(1, std::memory_order_relaxed);
  }
}

void trap_desk::keep(traps::letter l, const std::vector<std::string>& lines, const net::trap_sender& sender) {
  to_keep k{.entries = {},
            .line = lines.front(),
            .proven = l.proven,
            .inform = l.inform,
            .answer = std::move(l.answer),
            .sender = sender,
            .summed = {}};
  for (std::size_t n = 0; n < std::min(lines.size(), most_lines); ++n) {
    l.record.target = lines[n];
    k.entries.emplace_back(l.record);
  }
  hand_over(std::move(k));
}

void trap_desk::hand_over(to_keep what) {
  holding lock(mutex_);
  const bool full = waiting_.size() >= most_waiting;
  if (full) settled(what, false, settled_);
  if (!full) waiting_.push_back(std::move(what));
  lock.unlock();
  if (full)
    doors_.tallies->drop(trap_drop::queue);
  else if (keeper_)
    keeper_->ask();
}

void trap_desk::keep_sums(bool all) {
  for (traps::intake::sum& s : intake_.due(host::mono_now(), doors_.now(), all)) {
    to_keep k{.entries = {},
              .line = s.entry.target,
              .proven = false,  // of many nobody knows which were
              .inform = {},
              .answer = {},
              .sender = {},
              .summed = std::move(s.informs)};
    k.entries.emplace_back(std::move(s.entry));
    hand_over(std::move(k));
  }
}

void trap_desk::settled(const to_keep& k, bool durable, std::vector<entered_inform>& to) {
  if (k.inform) to.push_back({k.line, *k.inform, durable});
  for (const std::uint64_t one : k.summed) to.push_back({k.line, one, durable});
}

// -- the thread that enters ------------------------------------------------------------------------------------------

bool trap_desk::enter_what_waits() {
  std::deque<to_keep> batch;
  {
    const holding lock(mutex_);
    batch.swap(waiting_);
  }
  if (batch.empty()) return true;
  std::vector<record> entries;
  for (const to_keep& k : batch) entries.insert(entries.end(), k.entries.begin(), k.entries.end());
  const bool durable = doors_.enter(std::move(entries)).has_value();
  settle(batch, durable);
  return durable;
}

/** Answers what is durable. What is not: traps wait on, informs come again. */
void trap_desk::settle(std::deque<to_keep>& batch, bool durable) {
  trap_tallies& c = *doors_.tallies;
  std::vector<entered_inform> done;
  std::deque<to_keep> again;
  for (to_keep& k : batch) {
    if (durable || k.inform) settled(k, durable, done);
    if (durable) {
      for (const record& r : k.entries) doors_.heard(std::get<trap_record>(r), k.proven);
      c.kept.fetch_add(k.entries.size(), std::memory_order_relaxed);
      if (!k.inform) continue;
      c.answered.fetch_add(1, std::memory_order_relaxed);  // before whoever has the answer looks
      socket_->send(k.answer, k.sender);
    } else if (!k.inform) {
      again.push_back(std::move(k));
    }
  }
  const holding lock(mutex_);
  settled_.insert(settled_.end(), done.begin(), done.end());
  std::ranges::move(waiting_, std::back_inserter(again));
  for (; again.size() > most_waiting; again.pop_back()) {  // the newest, as where one comes and there is no room
    settled(again.back(), false, settled_);
    c.drop(trap_drop::queue);
  }
  waiting_ = std::move(again);
}

}  // namespace changtong
