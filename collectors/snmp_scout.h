#pragma once
/** What has to be found out of an agent before or beside a line's question: where its named interfaces are, which
 * profile fits it and what that tells. It talks to each agent (an address and port with one credential and profile) by
 * itself, one question at a time, with pauses, and
 * never holds a line's question up: until it knows, that one asks for sysUpTime alone. It decides without a socket and
 * a clock; the collector carries its questions among the others, by tickets of the upper half. Probe thread only.
 *
 * Names are looked up at the first use, again when the agent began anew or an interface answers by another name, and
 * every five minutes where one is missing. A profile's columns are read every minute, less often with more than
 * 30,000 agents, or from an agent that needs more than 60 questions for them. Who is silent is asked after one minute,
 * two, four, and then every five: a question that nobody answers holds its place for seconds, and the living wait for
 * it. */
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "collectors/snmp.h"
#include "collectors/snmp_names.h"
#include "collectors/snmp_profile.h"
#include "collectors/snmp_walk.h"

namespace changtong {

class snmp_scout {
 public:
  static constexpr std::uint32_t mark = 0x80000000U;
  static bool owns(std::uint32_t ticket) { return (ticket & mark) != 0; }
  static constexpr std::chrono::seconds patience{3};  ///< routers there are that take 300 ms for a GET

  /** An interface that a check named and that is not asked about. */
  struct unfound {
    const interface_wish* what;
    enum class because : std::uint8_t { looking, missing, twice, silent } why;
    const phrase* trouble = nullptr;  ///< of silent; stays for ever
  };
  /** What a check asks of its agent now. */
  struct errand {
    std::shared_ptr<const snmp_request_class> request;  ///< who asks by it holds it until he is answered
    std::vector<std::uint64_t> names;  ///< of each of its interfaces that has a name column, the hash it must have
    std::vector<unfound> missing;
  };

  /** What a check that wants names or a profile asks for; stays until the next question to the agent. */
  [[nodiscard]] const errand& errand_for(const check& c, const snmp_settings& s, mono_t now);
  /** The agent of a check began anew, or an interface of it has another name now. */
  void look_again(const check& c, const snmp_settings& s, mono_t now);
  /** From its answers: whether it began anew is seen here. */
  void note_up_time(const check& c, const snmp_settings& s, std::uint64_t centiseconds, mono_t sent);
  /** What the profile told, of the device and of interfaces that the check asks about; while it is true. */
  void add_facts(const check& c, const snmp_settings& s, const snmp_request_class& asked, mono_t now,
                 std::vector<fact>& to) const;

  /** Every agent's first tour is over. */
  [[nodiscard]] bool settled() const;
  /** Reads these columns too, once. */
  void want(const check& c, const snmp_settings& s, std::vector<wire::object_name> columns, mono_t now);
  /** What was read of them; empty until then. Names of columns that an agent has not are there without rows. */
  [[nodiscard]] std::optional<snmp_columns_read> harvest(const check& c, const snmp_settings& s);
  /** Questions to put now; each is answered by one of the next three. Holds until the next call. */
  [[nodiscard]] std::span<question> due(mono_t now);
  /** Tickets whose time is over: the caller releases them; silence is noted. */
  [[nodiscard]] std::span<const std::uint32_t> expired(mono_t now);
  /** What is under way with this ticket; null: nothing. */
  [[nodiscard]] const snmp_walk* walk_of(std::uint32_t ticket) const;
  void take(std::uint32_t ticket, wire::bytes pdu, mono_t now);
  void take_too_long(std::uint32_t ticket, mono_t now);
  void take_silence(std::uint32_t ticket, mono_t now);

 private:
  struct known_errand {
    std::uint32_t wished = 0;  ///< the class of the check's settings
    std::uint32_t generation = 0;
    mono_t asked{};
    errand what;
  };
  struct agent {
    check what;  ///< a copy: it outlives a reload
    std::uint32_t slot = 0;
    std::string key;
    bool names_wanted = false, aliases_wanted = false, stale = true, with_interfaces = false;
    bool bulk = true, under_way = false;
    std::uint32_t serial = 0;      ///< of the question under way
    std::uint32_t generation = 1;  ///< of what is known of its names
    mono_t due{}, visited{}, names_at{}, facts_at{};
    std::uint64_t up_time = 0;
    mono_t up_time_at{};
    bool names_known = false, facts_known = false;
    const phrase* trouble = nullptr;  ///< why names could not be read; null: they could
    snmp_names names;
    std::vector<known_errand> errands;
    profile_wish profile;
    std::shared_ptr<const device_profile> device;  ///< with the set it is of, which a reload takes from `profile`
    std::vector<fact> facts;
    std::vector<wire::object_name> wanted;
    std::optional<snmp_columns_read> harvest;
    // A tour of columns:
    std::vector<wire::object_name> columns;
    bool reads_names = false, reads_aliases = false, heard = false;
    std::uint32_t questions = 0, questions_a_tour = 0;  ///< of the tour under way, and of the last one of the profile
    int silent_tours = 0;                               ///< one after another, without a single answer
    std::size_t at = 0;
    std::unique_ptr<snmp_walk> walk;
    snmp_columns_read read;
  };
  struct waiting {
    mono_t until;
    std::uint32_t slot, serial;
  };
  using turn = std::pair<mono_t, std::uint32_t>;

  [[nodiscard]] static std::string key_of(const check& c, const snmp_settings& s);
  agent& agent_of(const check& c, const snmp_settings& s, mono_t now);
  [[nodiscard]] agent* with_ticket(std::uint32_t ticket) const;
  void put(agent& a, mono_t at);
  void resolve(agent& a, const snmp_settings& s, known_errand& e);
  [[nodiscard]] nanoseconds period(const agent& a) const;
  void begin_tour(agent& a, mono_t now);
  void plan_profile(agent& a);
  void go_on(agent& a, mono_t now);
  void end_column(agent& a);
  void end_tour(agent& a, mono_t now);
  void take_names(agent& a, mono_t now);
  [[nodiscard]] static bool misses_names(agent& a, mono_t now);
  [[nodiscard]] mono_t next_tour(const agent& a, mono_t now) const;
  [[nodiscard]] static bool wants_names(const agent& a) { return a.names_wanted || a.aliases_wanted; }
  [[nodiscard]] bool wants_a_tour(const agent& a, mono_t now) const;
  [[nodiscard]] agent* landed(std::uint32_t ticket);
  void then(agent& a, mono_t now);
  void forget(agent& a);

  std::unordered_map<std::string, std::uint32_t> by_key_;
  std::vector<std::unique_ptr<agent>> agents_;  ///< by slot
  std::vector<std::uint32_t> free_;
  std::priority_queue<turn, std::vector<turn>, std::greater<>> turns_;
  std::deque<waiting> waiting_;
  std::vector<question> burst_;
  std::vector<std::uint32_t> expired_;
  std::size_t under_way_ = 0;
};

}  // namespace changtong
