#pragma once
/** One visit of a page, as a coroutine on the probe thread. The only file pair that knows Beast.
 *
 * A visit opens a connection for each hop and closes it. It keeps itself alive until its last step has returned; `done`
 * is called once unless cancel() came first. */
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "collectors/http.h"
#include "collectors/net/trust.h"

namespace changtong {

struct resolution {
  boost::system::error_code error;
  std::vector<ip_address> addresses;
};

/** Names to addresses; tests bring their own. */
struct name_resolver {
  virtual boost::asio::awaitable<resolution> resolve(std::string host) = 0;

 protected:
  ~name_resolver() = default;
};

struct visited {
  outcome what = outcome::not_measured;
  cause why = cause::own_failure;
  nanoseconds rtt{0};
  std::vector<fact> facts;
  std::string detail;
};

/** What visits share. A visit keeps a copy: what is pointed at outlives every callback of `io`. */
struct visit_means {
  boost::asio::io_context& io;
  const net::syscalls& calls;
  name_resolver* names;
  std::shared_ptr<net::trust> trusted;
};

class visit {
 public:
  virtual ~visit() = default;
  /** Once. May call `done` before it returns (no descriptor left, for example). */
  virtual void start() = 0;
  /** Ends it without a word and says what it was waiting for: our resolver, or the site. */
  virtual cause cancel() = 0;
};

/** `began` is the instant that its round trip counts from. */
[[nodiscard]] std::shared_ptr<visit> make_visit(const visit_means& means, std::shared_ptr<const http_settings> what,
                                                mono_t began, std::function<void(const visited&)> done);

}  // namespace changtong
