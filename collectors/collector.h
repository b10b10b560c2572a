#pragma once
/** The contract of a collector: it puts questions and says what came back, and nothing else.
 *
 * A kind never schedules, retries, counts or keeps history; the schedule owns the interval, the deadline and what is
 * under way. Everything here runs on the probe thread (the one that runs the io_context given to `make`). */
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/credential.h"
#include "daemon/core/check.h"
#include "daemon/core/device_profile.h"
#include "daemon/core/name_server.h"
#include "daemon/core/result.h"
#include "daemon/core/sample.h"

namespace boost::asio {
class io_context;
}

namespace changtong {

/** A check that is due. `check` stays valid until the ticket is answered or forgotten. */
struct question {
  std::uint32_t ticket = 0;  ///< the schedule's name for this question, unique among those under way; below 2^31: the
                             ///< upper half is for questions that a collector asks of itself
  const check* what = nullptr;
  mono_t deadline{};
  mono_t
      sent{};  ///< OUT: the collector stamps it just before the system call that sends the question (or its first step)
};

struct answer {
  outcome what = outcome::not_measured;
  cause why = cause::none;
  nanoseconds rtt{0};  ///< good answers: from `sent` to the answer's arrival (kernel time where there is one)
  std::span<const fact> facts{};
  std::string_view detail{};
};

/** Where answers go; the schedule implements it. A ticket that is not under way any more is ignored (and counted). */
class answer_sink {
 public:
  virtual void answered(std::uint32_t ticket, const answer& a) = 0;

 protected:
  ~answer_sink() = default;
};

/** Packets that were not an answer to anything under way, by reason; total since start. */
struct ignored_packets {
  std::string_view reason;  ///< malformed, unknown_id, wrong_cookie, wrong_source, duplicate, late, oversized …
  std::uint64_t count;
};

class collector {
 public:
  virtual ~collector() = default;
  collector() = default;
  collector(const collector&) = delete;
  collector& operator=(const collector&) = delete;

  /** Puts every question of the burst and stamps its `sent`. Each will be answered exactly once through the sink,
   * perhaps before ask() returns, unless forgotten first. Must not block. */
  virtual void ask(std::span<question> burst) = 0;

  /** Reads what has arrived without blocking and answers it. Called each tick (10 ms), before deadlines are judged,
   * so an answer that the kernel received in time is never called late because we were slow. */
  virtual void drain() = 0;

  /** The deadline has passed: release the ticket and say what it was still waiting for (usually cause::timeout). */
  virtual cause forget(std::uint32_t ticket) = 0;

  /** False while something is being found out that later answers will tell and nobody waits for. */
  [[nodiscard]] virtual bool settled() const { return true; }

  /** How it works here, for people: "raw socket", "ping socket (no CAP_NET_RAW)", … or why it cannot. */
  [[nodiscard]] virtual std::string describe() const = 0;
  [[nodiscard]] virtual std::vector<ignored_packets> ignored() const { return {}; }
};

/** `kind:key=value,key=value` as written, after splitting. */
struct kind_arguments {
  struct pair {
    std::string key, value;
  };
  std::vector<pair> pairs;
  std::function<const credential*(std::string_view name)> find_credential;
  std::string url;                                    ///< a site's address; empty for lines
  std::shared_ptr<const device_profiles> profiles{};  ///< of devices; null: none are known
  std::vector<name_server> name_servers;  ///< whom a kind asks that looks names up, in turn; empty: the machine's own
};

/** What a kind registers. Plain functions: a table of hooks, filled in by each kind's file. */
struct kind_entry {
  /** Checks arguments and makes the typed settings; a problem's text names the key. Unknown keys are problems. */
  result<std::shared_ptr<const check_settings>> (*parse)(const kind_arguments& arguments);
  /** Opens what it needs (lazily where it can). Never fails: a collector that cannot ask answers not_measured. */
  std::unique_ptr<collector> (*make)(boost::asio::io_context& io, answer_sink& sink);
  bool needs_address;               ///< false: the settings name the host (http)
  std::string_view arguments_help;  ///< the keys in one line: "credential=NAME, port=161, if=1+2"; each one is
                                    ///< explained in arguments.def, of which `check --help` is made
};

}  // namespace changtong
