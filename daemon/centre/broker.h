#pragma once
/** A conversation with brokers of NATS: the one door to libnats. It is opened when somebody needs it, and kept; where a
 * broker goes away it is opened anew with the next one, by whoever needs it then. A broker keeps nothing: what was told
 * while nobody listened, or while there was no broker, is gone, and whoever told it has to know. Every wait has an end.
 * Any thread. */
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong::centre {

/** What is listened to. */
struct broker_subject {
  std::string name;   ///< `ct.ship.*`
  std::string group;  ///< each message goes to one of those who listen as this; empty: to everybody
};

/** Where the brokers are, and who comes. */
struct broker_place {
  std::vector<std::string> servers;  ///< host:port; any of them will do
  bool tls = true;                   ///< to all of them
  std::string ca_file{};             ///< whom TLS believes; empty: the system's store
  std::string user{};                ///< empty: `token` is shown, if there is one
  secret password{}, token{};
  std::string name{};     ///< as the broker lists us
  std::string answers{};  ///< the subject below which answers are awaited
  std::vector<broker_subject> hears{};
};

struct broker_message {
  std::string subject, answer_to, body;  ///< `answer_to` may be empty
};

class broker {
 public:
  explicit broker(broker_place where);
  ~broker();
  broker(const broker&) = delete;
  broker& operator=(const broker&) = delete;

  /** The first answer. A problem where there is no broker, or `stop` says so; one of class `no` where there is one, and
   * nobody listens, or answers within `patience`. */
  [[nodiscard]] result<std::string> ask(const std::string& subject, const std::string& body, milliseconds patience,
                                        const std::stop_token& stop);
  /** On its way, no more; a problem where there is no broker at the moment. */
  result<void> tell(const std::string& subject, const std::string& body, const std::stop_token& stop);
  /** The next message of `hears[which]`; none if there is none within `patience`. Of those that nobody fetches 64 MB
   * are kept, and then none. */
  [[nodiscard]] result<std::optional<broker_message>> hear(std::size_t which, milliseconds patience,
                                                           const std::stop_token& stop);
  /** Of a body, as the broker said; while there is none what it said last, at first that of a broker whom nobody told
   * otherwise. */
  [[nodiscard]] std::size_t most_bytes() const;

 private:
  struct conversation;
  struct attempt;
  using held = std::shared_ptr<conversation>;
  [[nodiscard]] static result<held> begin(const broker_place& where);  ///< with any of them
  [[nodiscard]] static result<held> begin_with(const std::string& server, const broker_place& where);
  /** The one that is open, or a new one. */
  [[nodiscard]] result<held> open(const std::stop_token& stop);
  [[nodiscard]] result<held> opened_anew(const std::stop_token& stop) REQUIRES(mutex_);
  [[nodiscard]] result<held> adopted() REQUIRES(mutex_);  ///< open_, which is new

  const broker_place where_;
  mutable mutex mutex_;
  held open_ GUARDED_BY(mutex_);
  std::size_t most_ GUARDED_BY(mutex_);
  std::optional<problem> away_ GUARDED_BY(mutex_);  ///< why none could be opened
  mono_t until_ GUARDED_BY(mutex_){};               ///< nobody tries before
  const std::shared_ptr<attempt> attempt_;
};

}  // namespace changtong::centre
