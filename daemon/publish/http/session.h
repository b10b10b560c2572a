#pragma once
/** One connection: reads requests, has them answered, writes answers, one after the other. Included by the server only.
 */
#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "daemon/core/refusal_log.h"
#include "daemon/publish/http/dispatch.h"
#include "daemon/publish/http/door.h"
#include "daemon/publish/http/feed.h"
#include "daemon/publish/http/flight.h"
#include "daemon/publish/http/in_force.h"
#include "daemon/publish/http/lane.h"
#include "daemon/publish/http/request_reader.h"
#include "daemon/publish/http/server.h"
#include "daemon/publish/http/tls.h"
#include "daemon/publish/http/wire.h"

namespace changtong::http {

/** What all sessions share; outlives them. On the server's own thread only, but for what says otherwise. */
struct house {
  house(const server_options& o, std::vector<web_route> r, std::optional<std::string> own_host, door_tallies& c);

  const server_options options;
  const dispatcher routes;  ///< any thread
  door_tallies& counts;     ///< any thread
  door guests;
  flight answers, bodies;
  std::array<refusal_log, door_reasons.size()> refusals;    ///< by reason: who floods one hides nothing of another
  in_force<tls_context> certificate;                        ///< null: no TLS
  in_force<std::shared_ptr<const proxy_settings>> proxies;  ///< never null
  feed* news = nullptr;                                     ///< outlives it
  std::atomic<bool> stopping{false};                        ///< any thread
  std::function<void(const door::gone&)> show_out;          ///< closes the connection of one who has to go

  /** Counts it, and says it in the log where that is worth a line. */
  void turned_away(door_reason why, const std::string& peer);
};

/** Threads that run routes. Apart from `house`: what waits in them refers to sessions, so they go first. */
struct lanes {
  explicit lanes(const server_options& o);
  lane& of(web_lane which);
  void stop();

  lane vital, reading, entering, knocking, making;
};

/** An IPv4 address mapped into IPv6 is that address. */
[[nodiscard]] peer_group group_of(const boost::asio::ip::address& peer);

/** 503 without a body: to who is turned away before it asked anything. One write into an empty socket buffer, so it
 * never waits. */
void say_full(boost::asio::ip::tcp::socket& socket);

class session : public std::enable_shared_from_this<session> {
 public:
  /** `h` and `l` outlive every session (the server joins its threads first). */
  session(boost::asio::ip::tcp::socket socket, door::guest id, house& h, lanes& l);

  /** Runs until the peer leaves, breaks the rules, is too slow, has to go, or the server stops. */
  boost::asio::awaitable<void> run();
  /** Closes the connection unless an answer is under way, which then is its last. */
  void close_if_idle();
  /** Closes it whatever is under way. */
  void show_out(door_reason why);

 private:
  using head_of_request = request_reader::head_of_request;
  /** What an answer must know of its question. */
  struct asked {
    bool head_only = false, newer = true, keep = false;
    web_lane by = web_lane::reading;  ///< a refusal is of none, and small
  };

  boost::asio::awaitable<bool> one_request(bool first);
  boost::asio::awaitable<bool> read_head(request_reader& reader, bool first);
  boost::asio::awaitable<bool> read_body(request_reader& reader, flight::load& load);
  boost::asio::awaitable<bool> more(mono_t until);
  void watch(mono_t until);
  boost::asio::awaitable<bool> answer(request_reader& reader);
  boost::asio::awaitable<bool> refuse(const bad_request& why);
  boost::asio::awaitable<bool> refuse(door_reason why);
  boost::asio::awaitable<bool> turn_away(web_response response);
  boost::asio::awaitable<bool> write(const asked& q, web_response response);
  boost::asio::awaitable<bool> write_whole(const asked& q, web_response response);
  boost::asio::awaitable<bool> write_pieces(const asked& q, web_response response);
  boost::asio::awaitable<bool> write_stream(const asked& q, web_response response);
  boost::asio::awaitable<bool> write_head(const asked& q, const web_response& response);
  boost::asio::awaitable<bool> listen(const asked& q, web_response response);
  boost::asio::awaitable<bool> tell_news(web_response response, bool chunked);
  void watch_for_its_end();
  boost::asio::awaitable<bool> write_chunk(const std::string& chunk, bool chunked);
  boost::asio::awaitable<bool> greet();
  void sorry();
  boost::asio::awaitable<void> linger();
  void piece_begins();
  bool piece_left(boost::system::error_code error, std::size_t bytes);
  [[nodiscard]] milliseconds at_most(milliseconds timeout) const;
  [[nodiscard]] asked closing() const { return {.newer = true}; }

  wire stream_;
  boost::asio::steady_timer patience_;  ///< of a read
  const door::guest id_;
  house& house_;
  lanes& lanes_;
  std::string peer_;                    ///< its address; empty where it has left already
  std::vector<std::string> certified_;  ///< as web_request has it
  peer_group group_;
  std::string arriving_;          ///< where a read puts what it brings
  std::string pending_;           ///< arrived and not taken
  bool busy_ = false;             ///< an answer is under way
  std::atomic<bool> out_{false};  ///< it has to go; read in a lane too
  bool asked_before_ = false;
  bool late_ = false;                    ///< the last read ran into its deadline
  bool listens_ = false, left_ = false;  ///< it is told what happens; and has gone
  mono_t answer_began_{};
  std::uint64_t answer_sent_ = 0;
};

}  // namespace changtong::http
