#pragma once
/** HTTP and TLS by libcurl, one transfer a hop, over connections that were made already. The only file pair that
 * includes it. libcurl never resolves a name, connects, follows a redirect, keeps a connection or takes a proxy or a
 * file from its surroundings here.
 *
 * One thread: the io_context's. */
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "collectors/net/owned_fd.h"
#include "collectors/net/trust.h"
#include "collectors/wire/web_address.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::net {

/** How one named server may be spoken to. Without any of it: TLS 1.2 and up, no finite-field Diffie-Hellman (browsers
 * have given it up, and a large group costs half a second), RSA keys of 2,048 bits and up. */
struct tls_terms {
  std::uint8_t least = 12;            ///< 10, 11, 12 or 13: TLS 1.0 … 1.3; below 1.2 old ciphers are offered too
  bool legacy_renegotiation = false;  ///< servers without RFC 5746
  bool verify = true;
  std::string ca_file{};  ///< empty: the system's
};

struct web_request {
  wire::web_address at;
  ip_address address;  ///< where `connection` leads
  tls_terms tls;
  std::string user_agent;
  std::vector<std::string> headers;  ///< "Name: value", besides those that a browser sends
  std::size_t limit = 0;             ///< bytes of the page, decoded
  std::size_t keep = 0;              ///< how many of them are kept
  bool stop_at_redirect = true;      ///< the body of a redirect is not waited for
  bool decode = true;                ///< Content-Encoding is undone
  bool believe_length = true;        ///< Content-Length says where the page ends; else the end of the connection does
};

struct web_reply {
  failure why{outcome::good, cause::none};  ///< good: the answer is whole, whatever its status
  std::string detail{};                     ///< for people, of a failure
  unsigned status = 0;                      ///< 0: no whole header came
  bool redirects = false;                   ///< a redirect with a Location
  bool unknown_coding = false;              ///< it failed because of a Content-Encoding that nobody knows
  bool no_length = false;                   ///< it failed because a Content-Length is no number
  bool not_yet_valid = false;               ///< it failed because a certificate begins in the future
  std::string location{}, content_type{}, refresh{};
  std::string body{};                ///< its first `keep` bytes
  std::size_t bytes = 0;             ///< of the whole body, decoded
  std::uint8_t http = 0;             ///< 10, 11
  std::uint8_t tls = 0;              ///< 10 … 13; 0: none
  nanoseconds handshake{0};          ///< TLS
  mono_t header_at{};                ///< when the header was whole
  std::int64_t earliest_expiry = 0;  ///< of all certificates of the chain, Unix time; 0: none was seen
};

/** One visitor's conversation: hops in turn, with the cookies that they set. */
class web_session {
 public:
  virtual ~web_session() = default;
  /** Takes the connection over. `tell` is called once, later; not at all once the session is gone. */
  virtual void get(web_request what, owned_fd connection, std::function<void(web_reply)> tell) = 0;
};

/** Outlives its sessions. */
class web_client {
 public:
  /** `spent`: the processor's time that this thread has used so far; tests bring their own. */
  explicit web_client(boost::asio::io_context& io, std::function<nanoseconds()> spent = time_of_thread);
  ~web_client();
  web_client(const web_client&) = delete;
  web_client& operator=(const web_client&) = delete;

  [[nodiscard]] std::unique_ptr<web_session> open();

 private:
  struct inside;
  class session;
  std::unique_ptr<inside> in_;
};

}  // namespace changtong::net
