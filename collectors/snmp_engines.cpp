#include "collectors/snmp_engines.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/phrase.h"
#include "daemon/core/stable_hash.h"

namespace changtong {
namespace {

using std::chrono::seconds;
using wire::snmp3_report;

constexpr std::uint16_t longest_answer = 8192;
constexpr std::uint32_t last_second = 0x7fffffff;
constexpr seconds same_clock{10};  // agents of one id whose clocks differ by less may be one device
constexpr seconds margin{3};
constexpr std::uint32_t look_every = 16;      // seconds of an engine's time, about: whether others have its id
constexpr seconds said_for{3600};             // a replacement is told for so long
constexpr seconds forgotten_after{3 * 3600};  // longer than any interval
constexpr seconds swept_every{60};            // for the whole table is looked through
constexpr std::array<std::uint8_t, 16> who_is_there{0xa0, 14, 2, 4, 0, 0, 0, 0, 2, 1, 0, 2, 1, 0, 0x30, 0};

std::uint32_t bounded_second(std::int64_t t) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(t, 0, last_second));
}

std::string hex_of(wire::bytes b) { return fmt::format("{:02x}", fmt::join(b, "")); }

/** As people know it: the port only where it is not SNMP's own. */
std::string name_of(const snmp_engines::agent& a) {
  if (a.port == 161) return to_string(a.at);
  return a.at.v6 ? fmt::format("[{}]:{}", to_string(a.at), a.port) : fmt::format("{}:{}", to_string(a.at), a.port);
}

bool is_same(wire::bytes a, wire::bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

snmp3_note note_of(snmp3_report r) {
  switch (r) {
    case snmp3_report::unsupported_level:
      return snmp3_note::wrong_level;
    case snmp3_report::not_in_time_window:
      return snmp3_note::out_of_time;
    case snmp3_report::unknown_user:
      return snmp3_note::unknown_user;
    case snmp3_report::wrong_digest:
      return snmp3_note::wrong_password;
    case snmp3_report::decryption_error:
      return snmp3_note::undecryptable;
    case snmp3_report::unknown_context:
      return snmp3_note::unknown_context;
    default:
      return snmp3_note::refused;
  }
}

/** Agents say nothing where they find no sense in what they have uncovered, or no such context. */
phrase words_of_silence(const snmp_access& access) {
  phrase likely{"应答可能已丢失", "the answer may be lost"};
  if (!access.context.empty())
    likely = both("多半是没有上下文 '{}'", "most likely it has no context '{}'", access.context);
  if (access.keys.privacy != net::privacy_protocol::none)
    likely = {"多半是加密口令或加密算法不对", "most likely the privacy password or cipher is wrong"};
  return both("设备应答了引擎发现，却没有应答提问：{}", "the agent answers discovery but not the question: {}", likely);
}

phrase words_of_note(snmp3_note note, const snmp_access& access) {
  switch (note) {
    case snmp3_note::none:
      return {};
    case snmp3_note::wrong_password:
      return both("认证口令或认证算法不对（用户 {}，设备报 usmStatsWrongDigests）",
                  "wrong authentication password or algorithm (user {}, the agent says usmStatsWrongDigests)",
                  access.user);
    case snmp3_note::unknown_user:
      return both("设备上没有用户 {}（usmStatsUnknownUserNames）",
                  "the agent does not know the user {} (usmStatsUnknownUserNames)", access.user);
    case snmp3_note::wrong_level:
      return both("设备不接受用户 {} 的安全级别 {}（usmStatsUnsupportedSecLevels）",
                  "the agent does not take the user {} at level {} (usmStatsUnsupportedSecLevels)", access.user,
                  access.level);
    case snmp3_note::undecryptable:
      return {"加密口令或加密算法不对（usmStatsDecryptionErrors）",
              "wrong privacy password or cipher (usmStatsDecryptionErrors)"};
    case snmp3_note::unknown_context:
      return both("设备上没有上下文 '{}'", "the agent has no context '{}'", access.context);
    case snmp3_note::out_of_time:
      return {"设备一再拒绝它自己报出的时间（usmStatsNotInTimeWindows）",
              "the agent refuses the time that it stated itself (usmStatsNotInTimeWindows)"};
    case snmp3_note::refused:
      return {"设备以 Report 拒绝了提问", "the agent refuses the question by a Report"};
    case snmp3_note::foreign_signature:
      return {"应答的认证码与口令不符，不采信其内容", "the answer is signed with another key: not believed"};
    case snmp3_note::unreadable_secret:
      return {"应答已认证但无法解密：加密口令或加密算法不对",
              "the answer is signed but cannot be decrypted: wrong privacy password or cipher"};
    case snmp3_note::unsigned_answer:
      return {"应答没有认证，不采信其内容", "the answer is not signed: not believed"};
    case snmp3_note::open_answer:
      return {"应答没有加密", "the answer is not encrypted"};
    case snmp3_note::no_engine:
      return {"设备没有报出引擎号", "the agent does not state its engine id"};
    case snmp3_note::unreadable:
      return {"应答无法解读", "the answer cannot be read"};
    case snmp3_note::other_version:
      return {"应答的 SNMP 版本不同，没有认证，不采信其内容",
              "the answer is of another SNMP version and not signed: not believed"};
    case snmp3_note::silent_to_question:
      return words_of_silence(access);
    case snmp3_note::too_many_engines:
      return {"SNMPv3 设备过多，记不下这台的引擎，不采信其内容",
              "too many SNMPv3 agents: there is no room for this one's engine, so it is not believed"};
  }
  return {};
}

}  // namespace

std::size_t snmp_engines::hash::operator()(const agent& a) const {
  const std::uint64_t before = std::uint64_t{a.port} << 32U | a.access;
  return stable_hash(wire::text_of(a.at.bytes), before);
}

std::uint32_t snmp_engines::engine::time_at(mono_t now) const {
  return bounded_second(std::int64_t{time} + std::chrono::duration_cast<seconds>(now - at).count());
}

snmp_engines::engine* snmp_engines::find(const agent& who) {
  const auto found = known_.find(who);
  return found == known_.end() ? nullptr : &found->second;
}

std::size_t snmp_engines::write(const agent& who, const snmp_access& access, step& s, std::uint32_t id, wire::bytes pdu,
                                mono_t now, std::span<std::uint8_t> out) {
  wire::snmp3_draft draft;
  draft.id = id;
  draft.max_size = longest_answer;
  draft.flags = wire::snmp3_reportable;
  const engine* e = find(who);
  const bool knows_whom = e != nullptr && (s.sent() > 0 || (e->proven && !e->silent));
  s.bits = static_cast<std::uint8_t>((s.bits & ~step::discovering) + 1);
  if (knows_whom) {
    draft.engine = e->name();
    draft.user = access.user;
    draft.context = access.context;
    draft.pdu = pdu;
    if (access.keys.auth != net::auth_protocol::none) {
      draft.boots = e->boots;
      draft.time = e->time_at(now);
    }
    if (const std::size_t length = usm_.seal(e->keys, draft, out)) return length;
    draft = {.id = id, .max_size = longest_answer, .flags = wire::snmp3_reportable};
  }
  s.bits |= step::discovering;
  auto ask = who_is_there;
  wire::put32(ask.data() + 4, id);
  draft.pdu = ask;
  return usm_.seal({}, draft, out);
}

/** Lets go of those that have signed nothing for long: they are asked no more, or are found out again. */
void snmp_engines::sweep(mono_t now) {
  if (now - swept_ < swept_every) return;
  swept_ = now;
  std::erase_if(known_, [&](const auto& k) { return now - k.second.at > forgotten_after; });
  std::erase_if(owners_, [&](const auto& o) {
    const engine* e = find(o.second);
    return e == nullptr || stable_hash(wire::text_of(e->name())) != o.first;
  });
  std::erase_if(twins_, [&](const auto& t) { return find(t.first) == nullptr; });
}

bool snmp_engines::hint(const agent& who, const snmp_access& access, const wire::snmp3_message& m, mono_t at) {
  if (known_.size() >= most_ && !known_.contains(who)) {
    sweep(at);
    if (known_.size() >= most_) return false;
  }
  engine& e = known_[who];
  if (e.id_length > 0 && e.proven) {
    if (replaced_.size() >= most_replaced) replaced_.clear();
    auto& r = replaced_[who];
    r = {r.before.empty() || r.after.empty() || at - r.at > said_for ? hex_of(e.name()) : r.before, {}, at};
  }
  twins_.erase(who);
  e = {};
  e.keys = net::localized(access.keys, m.engine);
  std::copy(m.engine.begin(), m.engine.end(), e.id.begin());
  e.id_length = static_cast<std::uint8_t>(m.engine.size());
  e.boots = bounded_second(m.boots);
  e.time = bounded_second(m.time);
  e.at = at;
  return true;
}

void snmp_engines::unanswered(const agent& who) {
  if (engine* e = find(who)) e->silent = true;
}

void snmp_engines::adopt(const agent& who, engine& e, const wire::snmp3_message& m, mono_t at) {
  const bool look_around = !e.proven || e.shared || e.boots != m.boots || e.time / look_every != m.time / look_every;
  e.proven = true;
  e.silent = false;
  e.boots = bounded_second(m.boots);
  e.time = bounded_second(m.time);
  e.at = at;
  if (look_around) compare_owners(who, e);
  settle_replacement(who, e);
}

void snmp_engines::settle_replacement(const agent& who, const engine& e) {
  if (replaced_.empty()) return;
  const auto r = replaced_.find(who);
  if (r == replaced_.end() || !r->second.after.empty()) return;
  r->second.after = hex_of(e.name());
  if (r->second.after == r->second.before) replaced_.erase(r);
}

/** One engine id at two agents that lived at the same time, with other boots or clocks, is two devices: their keys are
 * the same, and managers that keep one time for an id lose one of them. A device with two addresses has one clock, and
 * an agent that was heard last before the other began may be the same device before it was started again. */
void snmp_engines::compare_owners(const agent& who, engine& e) {
  if (owners_.size() >= most_) sweep(e.at);
  if (owners_.size() >= 2 * most_) return;  // agents that change their ids: who shares one is no longer found out
  agent& first = owners_.try_emplace(stable_hash(wire::text_of(e.name())), who).first->second;
  agent rival = first;
  if (const auto t = twins_.find(who); first == who && t != twins_.end()) rival = t->second;
  const bool is_itself = rival.at == who.at && rival.port == who.port;
  engine* other = is_itself ? nullptr : find(rival);
  bool are_two = false;
  if (other != nullptr && other->proven && is_same(other->name(), e.name())) {
    const mono_t mine = e.at - seconds{e.time}, theirs = other->at - seconds{other->time};
    const bool lived_at_once = (mine < theirs ? e.at > theirs + margin : other->at > mine + margin);
    are_two = lived_at_once && (other->boots != e.boots || std::chrono::abs(mine - theirs) > same_clock);
  } else if (!is_itself && first == rival) {
    first = who;
  }
  e.shared = are_two;
  if (!are_two) {
    twins_.erase(who);
    return;
  }
  other->shared = true;
  twins_[who] = rival;
  twins_[rival] = who;
}

snmp_engines::heard snmp_engines::read(const agent& who, const snmp_access& access, step& s,
                                       const wire::snmp3_message& m, wire::bytes whole, mono_t at) {
  engine* e = find(who);
  const bool may_ask = s.sent() < step::most;
  if (e == nullptr || !is_same(e->name(), m.engine)) {  // a first answer, or one of another device than before
    if (m.engine.empty()) return {.note = snmp3_note::no_engine};
    if (!may_ask) return {.note = snmp3_note::refused};
    if (!hint(who, access, m, at)) return {.note = snmp3_note::too_many_engines};
    return {.ask_again = true};
  }
  if ((s.bits & step::discovering) != 0) {
    if (!e->proven) e->boots = bounded_second(m.boots), e->time = bounded_second(m.time), e->at = at;
    return {.ask_again = may_ask, .note = may_ask ? snmp3_note::none : snmp3_note::refused};
  }
  const bool signs = access.keys.auth != net::auth_protocol::none;
  const net::usm_opened opened = usm_.open(e->keys, m, whole);
  const bool authentic =
      signs && opened.what != net::usm_opened::state::plain && opened.what != net::usm_opened::state::wrong_digest;
  if (opened.what == net::usm_opened::state::wrong_digest) return {.note = snmp3_note::foreign_signature};
  if (authentic) adopt(who, *e, m, at);
  if (opened.what == net::usm_opened::state::undecryptable) return {.note = snmp3_note::unreadable_secret};
  heard h{.scoped = wire::read_snmp3_scoped(opened.scoped)};
  if (!h.scoped.known) return {.note = snmp3_note::unreadable};
  if (h.scoped.pdu == wire::snmp_report) return take_report(*e, access, s, m, at, h, authentic);
  if (signs && !authentic) {
    h.note = snmp3_note::unsigned_answer;
    return h;
  }
  if (!signs) {
    e->proven = true;
    e->silent = false;
    settle_replacement(who, *e);
  }
  if (access.keys.privacy != net::privacy_protocol::none && !m.is_private()) h.note = snmp3_note::open_answer;
  h.believed = true;
  return h;
}

/** A Report that was not signed changes nothing that is known; of an engine that has not signed yet it is a better hint
 * than none. */
snmp_engines::heard snmp_engines::take_report(engine& e, const snmp_access& access, step& s,
                                              const wire::snmp3_message& m, mono_t at, heard h, bool authentic) {
  const bool may_be_new_time = h.scoped.report == snmp3_report::not_in_time_window && (s.bits & step::timed) == 0 &&
                               access.keys.auth != net::auth_protocol::none && (authentic || !e.proven);
  if (may_be_new_time && s.sent() < step::most) {
    s.bits |= step::timed;
    if (!authentic) e.boots = bounded_second(m.boots), e.time = bounded_second(m.time), e.at = at;
    h.ask_again = true;
    return h;
  }
  // It does not know whom the question was for, and is who we know now: another question has found that out meanwhile.
  if (h.scoped.report == snmp3_report::unknown_engine && s.sent() < step::most) {
    h.ask_again = true;
    return h;
  }
  h.note = note_of(h.scoped.report);
  return h;
}

phrase snmp_engines::words(const snmp_access& access, snmp3_note note) {
  return both("SNMPv3：{}", "SNMPv3: {}", words_of_note(note, access));
}

std::string snmp_engines::detail(const agent& who, const snmp_access& access, snmp3_note note, mono_t now) {
  phrase all = words_of_note(note, access);
  const auto add = [&all](const phrase& p) {
    if (!all.empty()) all.cn += "；", all.en += "; ";
    all.cn += p.cn;
    all.en += p.en;
  };
  if (const auto r = replaced_.find(who); !replaced_.empty() && r != replaced_.end()) {
    if (now - r->second.at > said_for)
      replaced_.erase(r);
    else if (!r->second.after.empty())
      add(both("引擎号由 {} 变为 {}（设备已更换或重置？）",
               "the engine id changed from {} to {} (was the device replaced or reset?)", r->second.before,
               r->second.after));
  }
  if (!twins_.empty())
    if (const auto t = twins_.find(who); t != twins_.end())
      add(both("与 {} 的引擎号相同，却是另一台设备：请为每台设备设置各自的引擎号",
               "has the engine id of {} but is another device: give each an engine id of its own", name_of(t->second)));
  if (all.empty()) return {};
  return to_string(both("SNMPv3：{}", "SNMPv3: {}", all));
}

}  // namespace changtong
