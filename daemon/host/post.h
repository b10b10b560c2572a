#pragma once
/** The one way out of this process for what it wants to say: a seal, a command to a running daemon, a message of an
 * alert. By libcurl: an HTTP(S) POST (or a GET, of a daemon that is asked), a mail by SMTP(S), a line of syslog.
 *
 * TLS is 1.2 or newer and the peer's certificate is verified. No redirect is followed, no proxy and no password is
 * taken from the environment, connections are not used twice. No problem and no answer of ours quotes an address, a
 * header or a password. */
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong::host {

/** The addresses of a host's name, or why there are none; an empty list: the machine's own resolver is to be asked. On
 * the message's thread; a stop ends it soon. */
using look_up = std::function<result<std::vector<ip_address>>(const std::string& host, const std::stop_token& stop)>;

struct http_post {
  secret url;                                           ///< http(s)://…
  std::vector<std::pair<std::string, secret>> headers;  ///< one that holds CR, LF or NUL is a problem
  std::string content_type = "application/json";
  std::string body;
  bool asks = false;  ///< a GET, which has neither
};

struct mail_post {
  secret url;  ///< smtp://host[:25] · smtps://host[:465]
  std::string user;
  secret password;  ///< used if `user` is not empty
  std::string from;
  std::vector<std::string> to;  ///< the server may refuse some of them; the answer then names them
  std::string body;             ///< RFC 5322, lines end with CR LF
  bool insecure = false;        ///< smtp: a server without STARTTLS is taken, be it with the password in the clear
};

struct syslog_post {
  secret url;        ///< udp://host[:514] · tcp://host[:601] · tls://host[:6514]
  std::string line;  ///< RFC 5424; by octet counting (RFC 6587, 5425) over tcp and tls
};

struct post_request {
  std::variant<http_post, mail_post, syslog_post> what;
  std::string ca_file{};                       ///< PEM, whom to believe; empty: the system's store
  std::string certificate_file{}, key_file{};  ///< PEM, shown to who asks whom it talks to; both empty: none
  phrase untrusted{};             ///< what to do where the certificate does not hold, behind why; may be empty
  std::string proxy{};            ///< http://host:port, socks5h://host:port; empty: none. Not for udp
  look_up names{};                ///< empty: the machine's own resolver. Whom a proxy asks is its own affair
  milliseconds patience{30'000};  ///< for all of it: name, connection, answer
  /** Bytes of an HTTP answer; more is a problem. 0: only its status is wanted, whatever follows. */
  std::size_t most_body = 64 << 10;
};

struct post_answer {
  unsigned status = 0;  ///< HTTP's; SMTP's (250: taken); 200 for a line of syslog that was sent: nobody confirms it
  std::string body;     ///< HTTP's; of SMTP the last reply, and those that refuse a receiver
};

/** Blocks until there is an answer, whatever its status, or a problem. A stop ends it within a second or so. Any
 * thread. */
[[nodiscard]] result<post_answer> post(const post_request& r, const std::stop_token& stop);

/** The same without waiting. Each message has a thread while it is under way, so that a receiver that hangs holds up
 * none but its own: of one receiver (an address without its query) `most_of_one` are under way, of all `most_of_all`;
 * others wait for their turn in order. Whoever gives more than is taken has to bound it. */
class post_office {
 public:
  static constexpr std::size_t most_of_one = 4, most_of_all = 64;
  using told = std::function<void(result<post_answer>)>;

  post_office() = default;
  /** Ends what is under way and what waits, each with a problem; done within 2 s. */
  ~post_office();
  post_office(const post_office&) = delete;
  post_office& operator=(const post_office&) = delete;

  /** `end` is called once, on another thread or in the destructor; it must not throw, nor block for long. Any thread;
   * never blocks. */
  void send(post_request r, told end);
  [[nodiscard]] std::size_t waiting() const;  ///< those under way included

 private:
  struct job {
    std::string receiver;
    post_request request;
    told end;
  };
  void work(const std::stop_token& stop);
  [[nodiscard]] bool may_begin(const job& j) const REQUIRES(mutex_);
  [[nodiscard]] std::size_t could_begin() const REQUIRES(mutex_);  ///< of those that wait
  [[nodiscard]] std::deque<job>::iterator next() REQUIRES(mutex_);

  mutable mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<job> jobs_ GUARDED_BY(mutex_);
  std::map<std::string, std::size_t> under_way_ GUARDED_BY(mutex_);  ///< by receiver
  std::size_t busy_ GUARDED_BY(mutex_) = 0;
  std::vector<std::jthread> threads_ GUARDED_BY(mutex_);  ///< as many as were ever needed at once
};

}  // namespace changtong::host
