#pragma once
/** The SNMP v3 engines behind the agents that are asked: found out, kept in time, and found again when a device is
 * started anew or replaced. One state for each agent and user, so that agents with one engine id do not spoil each
 * other's time, and nothing costs more with more of them. It never waits: a question becomes up to six datagrams, each
 * sent when what came before has been read.
 *
 * What is believed: boots and time of signed messages alone. Unsigned ones are hints of whom to ask next, which the
 * next signed answer confirms; whoever forges them must have seen the question's msgID, and delays one question by it.
 * That an answer carries a msgID of ours, which is not used again for hours, is what keeps old ones out; so times that
 * went back are taken too (a device that has lost its memory says so, signed). No socket, no clock. Probe thread. */
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

#include "collectors/net/usm.h"
#include "collectors/snmp_access.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"

namespace changtong {

/** What is to be said of an answer; most say nothing. */
enum class snmp3_note : std::uint8_t {
  none,
  wrong_password,      ///< the agent refuses our signature
  unknown_user,        ///< the agent does not know the user
  wrong_level,         ///< the user may not ask like this
  undecryptable,       ///< the agent cannot read what we hide
  unknown_context,     ///< the agent has no such context
  out_of_time,         ///< the agent refuses the time that it stated itself
  refused,             ///< another Report
  foreign_signature,   ///< the answer is signed with another key
  unreadable_secret,   ///< the answer is signed, but hidden with another key
  unsigned_answer,     ///< anybody may have written it: its facts are not taken
  open_answer,         ///< signed, but not hidden as the question was; its facts are taken
  no_engine,           ///< the agent does not say who it is
  unreadable,          ///< the answer's parts make no sense
  other_version,       ///< of another SNMP version: nothing in it is signed
  silent_to_question,  ///< it answers who it is, but not the question
  too_many_engines     ///< there is no room for what is to be known of it
};

class snmp_engines {
 public:
  struct agent {
    ip_address at;
    std::uint16_t port = 0;
    std::uint32_t access = 0;  ///< snmp_access::number
    friend bool operator==(const agent&, const agent&) = default;
  };
  static constexpr std::size_t longest_envelope = 512;  ///< bytes around a question's own
  /** How far a question has come; fits a byte of its flight. */
  struct step {
    static constexpr std::uint8_t discovering = 0x10, timed = 0x20, count_mask = 0x0f;
    static constexpr unsigned most = 6;  ///< datagrams of a question
    std::uint8_t bits = 0;
    [[nodiscard]] unsigned sent() const { return bits & count_mask; }
  };
  struct heard {
    bool ask_again = false;  ///< write() once more
    bool believed = false;   ///< `scoped` may be read for facts
    snmp3_note note = snmp3_note::none;
    wire::snmp3_scoped scoped{};  ///< valid until the next call
  };

  /** Newcomers beyond `most` agents are told so, until others have signed nothing for three hours. */
  explicit snmp_engines(std::size_t most = 1U << 17U) : most_(most) {}

  /** Writes the question's next datagram: the one that asks who is there, or the question itself. Its length. */
  [[nodiscard]] std::size_t write(const agent& who, const snmp_access& access, step& s, std::uint32_t id,
                                  wire::bytes pdu, mono_t now, std::span<std::uint8_t> out);
  /** What came back with the msgID of the last one; `m` is known and not cut. */
  [[nodiscard]] heard read(const agent& who, const snmp_access& access, step& s, const wire::snmp3_message& m,
                           wire::bytes whole, mono_t at);
  /** Nothing came in time: the next question begins by asking who is there. */
  void unanswered(const agent& who);

  /** What a note says that is not none. */
  [[nodiscard]] static phrase words(const snmp_access& access, snmp3_note note);
  /** For a person; empty where there is nothing to say. */
  [[nodiscard]] std::string detail(const agent& who, const snmp_access& access, snmp3_note note, mono_t now);

 private:
  struct engine {
    net::usm_engine_keys keys;
    std::array<std::uint8_t, wire::snmp3_longest_engine> id{};
    std::uint8_t id_length = 0;
    bool proven = false;  ///< it has signed something, or answered a user who signs nothing
    bool silent = false;  ///< the last question was given up
    bool shared = false;  ///< another agent has the same id: see twins_
    std::uint32_t boots = 0, time = 0;
    mono_t at{};  ///< when it said so
    [[nodiscard]] wire::bytes name() const { return {id.data(), id_length}; }
    [[nodiscard]] std::uint32_t time_at(mono_t now) const;
  };
  static_assert(sizeof(engine) <= 224);
  struct hash {
    std::size_t operator()(const agent& a) const;
  };
  struct replacement {
    std::string before, after;
    mono_t at;
  };
  static constexpr std::size_t most_replaced = 4096;  ///< then nothing is told of those before

  engine* find(const agent& who);
  /** False if there is no room for it. */
  [[nodiscard]] bool hint(const agent& who, const snmp_access& access, const wire::snmp3_message& m, mono_t at);
  void sweep(mono_t now);
  void adopt(const agent& who, engine& e, const wire::snmp3_message& m, mono_t at);
  void compare_owners(const agent& who, engine& e);
  void settle_replacement(const agent& who, const engine& e);
  [[nodiscard]] heard take_report(engine& e, const snmp_access& access, step& s, const wire::snmp3_message& m,
                                  mono_t at, heard h, bool authentic);

  net::usm usm_;
  std::size_t most_;
  mono_t swept_{};
  std::unordered_map<agent, engine, hash> known_;
  std::unordered_map<std::uint64_t, agent> owners_;  ///< the first agent of each engine id, by the id's hash
  std::unordered_map<agent, agent, hash> twins_;     ///< two devices of one engine id
  std::unordered_map<agent, replacement, hash> replaced_;
};

}  // namespace changtong
