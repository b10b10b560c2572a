// A connection's way in: heads, bodies, whom to ask, and what is said to who broke the rules. Answers leave in
// session_writing.cpp.
#include "daemon/publish/http/session.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "daemon/core/ascii.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/publish/http/request_target.h"

namespace changtong::http {
namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece = 16 * 1024;
/** Half of what the kernel then takes for one connection: without a bound, slow readers would fill its memory. */
constexpr int send_buffer = 128 * 1024;
constexpr int making_niceness = 15;  // nobody waits for minutes and minds a few more
constexpr std::size_t most_reading = 64, most_entering = 32, most_knocking = 8, most_making = 4;  // run or wait

mono_t now() { return std::chrono::steady_clock::now(); }

web_request to_web_request(const request_reader::head_of_request& head, request_target target) {
  web_request out;
  out.method = head.method_string();
  out.path = std::move(target.path);
  out.query = std::move(target.query);
  for (const auto& field : head) out.headers.emplace(ascii::lower(field.name_string()), std::string(field.value()));
  return out;
}

/** Whom a proxy names: of everybody behind it nobody takes all places. */
peer_group group_named(const std::string& peer) {
  boost::system::error_code ignored;
  return group_of(asio::ip::make_address(peer, ignored));
}

web_response problem_of(const bad_request& why) {
  web_response out = problem_answer(why.status, why.code, why.why.cn, why.why.en);
  add_security_headers(out);
  return out;
}

web_response come_again(door_reason why) {
  const door_reason_words& words = words_of(why);
  web_response out = problem_answer(503, words.name, "暂不能答复，请稍后再试：" + std::string(words.cn),
                                    "not just now, try again later: " + std::string(words.en));
  out.headers.emplace_back("Retry-After", "5");
  add_security_headers(out);
  return out;
}

}  // namespace

house::house(const server_options& o, std::vector<web_route> r, std::optional<std::string> own_host, door_tallies& c)
    : options(o),
      routes(std::move(r), std::move(own_host)),
      counts(c),
      guests({.seats = o.connections}),
      answers(o.answers_in_flight, c.bytes_in_flight),
      bodies(o.bodies_in_flight, c.bytes_in_flight) {
  proxies.set(std::make_shared<const proxy_settings>(o.proxies));
}

void house::turned_away(door_reason why, const std::string& peer) {
  counts.count(why);
  const door_reason_words& words = words_of(why);
  const std::uint64_t times = refusals.at(static_cast<std::size_t>(why)).note(peer, now());
  if (times == 0) return;
  log::warn("http: 拒绝 {}：{}（一分钟内第 {} 次）/ turned away {}: {} ({} in this minute)", peer, words.cn, times,
            peer, words.en, times);
}

lanes::lanes(const server_options& o)
    : vital(1, o.niceness, 0),
      reading(o.threads, o.niceness, most_reading),
      entering(o.entering_threads, o.niceness, most_entering),
      knocking(1, o.niceness, most_knocking),
      making(1, making_niceness, most_making) {}

lane& lanes::of(web_lane which) {
  switch (which) {
    case web_lane::vital:
      return vital;
    case web_lane::reading:
      return reading;
    case web_lane::entering:
      return entering;
    case web_lane::making:
      return making;
    case web_lane::knocking:
      break;
  }
  return knocking;
}

void lanes::stop() {
  vital.stop();
  reading.stop();
  entering.stop();
  knocking.stop();
  making.stop();
}

peer_group group_of(const asio::ip::address& peer) {
  if (peer.is_v4()) return {.name = peer.to_string(), .loopback = peer.is_loopback()};
  asio::ip::address_v6 v6 = peer.to_v6();
  if (v6.is_v4_mapped()) return group_of(asio::ip::make_address_v4(asio::ip::v4_mapped, v6));
  if (v6.is_loopback()) return {.name = v6.to_string(), .loopback = true};
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return {.name = asio::ip::address_v6(bytes, v6.scope_id()).to_string() + "/64", .loopback = false};
}

void say_full(asio::ip::tcp::socket& socket) {
  static constexpr std::string_view text =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n";
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
}

session::session(asio::ip::tcp::socket socket, door::guest id, house& h, lanes& l)
    : stream_(std::move(socket), h.certificate.get()),
      patience_(stream_.get_executor()),
      id_(id),
      house_(h),
      lanes_(l) {
  boost::system::error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  stream_.socket().set_option(asio::socket_base::send_buffer_size(send_buffer), ignored);
  const auto peer = stream_.socket().remote_endpoint(ignored);
  if (ignored) return;
  group_ = group_of(peer.address());
  peer_ = peer.address().to_string();
}

void session::close_if_idle() {
  if (!busy_) stream_.close();
  if (listens_) patience_.cancel();
}

void session::show_out(door_reason why) {
  out_ = true;
  house_.turned_away(why, peer_);
  // Between two requests it only closes: who is about to send the next one would take the 503 for its answer.
  if (!busy_ && (!asked_before_ || !pending_.empty())) sorry();
  stream_.close();
}

milliseconds session::at_most(milliseconds timeout) const { return std::min(timeout, house_.options.idle_timeout); }

/** Says that there is no room, where that can be said in clear. */
void session::sorry() {
  if (!stream_.tls()) say_full(stream_.socket());
}

/** TLS begins, within the time that a header may take. */
asio::awaitable<bool> session::greet() {
  watch(now() + at_most(house_.options.header_timeout));
  const auto [error] = co_await stream_.async_handshake(as_values);
  patience_.expires_at(mono_t::max());
  // Who leaves without a word has only looked whether the port is open.
  const bool left = error == asio::error::eof || error == asio::error::connection_reset ||
                    error == asio::ssl::error::stream_truncated;
  if (error && !left && !out_) house_.turned_away(late_ ? door_reason::slow_header : door_reason::handshake, peer_);
  if (!error) certified_ = stream_.names_of_client();
  co_return !error;
}

asio::awaitable<void> session::run() {
  if (stream_.tls()) {
    const bool greeted = co_await greet();
    if (!greeted) co_return;
  }
  for (bool first = true; !house_.stopping; first = false) {
    const bool go_on = co_await one_request(first);
    busy_ = false;
    if (out_) co_return;
    asked_before_ = true;
    const bool may_rest = house_.guests.rests(id_, now());
    if (!go_on || !may_rest) break;
  }
  co_await linger();
}

/** True where the next one may follow. */
asio::awaitable<bool> session::one_request(bool first) {
  request_reader reader(house_.options.header_limit, std::max(house_.options.body_limit, house_.routes.largest_body()));
  if (!co_await read_head(reader, first)) co_return false;
  busy_ = true;
  co_return co_await answer(reader);
}

/** At its end a read ends, and no more than that: a stream's own deadline would close it, and who has to hear why it is
 * turned away would hear nothing. */
void session::watch(mono_t until) {
  late_ = false;
  patience_.expires_at(until);
  patience_.async_wait([weak = weak_from_this(), until](boost::system::error_code ended) {
    const auto self = weak.lock();
    if (ended || !self || self->patience_.expiry() != until) return;
    self->late_ = true;
    boost::system::error_code ignored;
    self->stream_.socket().cancel(ignored);
  });
}

/** Reads what has come; false where it ended, or did not come in time (then `late_`). */
asio::awaitable<bool> session::more(mono_t until) {
  arriving_.resize(piece);
  stream_.expires_never();
  watch(until);
  const auto [error, count] = co_await stream_.async_read_some(asio::buffer(arriving_), as_values);
  patience_.expires_at(mono_t::max());
  pending_.append(arriving_, 0, count);
  co_return !error;
}

/** One deadline for the whole of it: a client that drips a byte a second does not hold its place longer. */
asio::awaitable<bool> session::read_head(request_reader& reader, bool first) {
  const milliseconds patience = at_most(house_.options.header_timeout);
  bool begun = first || !pending_.empty();
  mono_t until = now() + (begun ? patience : house_.options.idle_timeout);
  while (true) {
    pending_.erase(0, reader.take(pending_));
    if (reader.head_whole()) co_return true;
    if (reader.refused()) co_return co_await refuse(*reader.refused());
    const bool come = co_await more(until);
    if (!come) {
      if (!late_ || !begun || out_) co_return false;
      house_.turned_away(door_reason::slow_header, peer_);
      if (!house_.guests.seated(id_)) sorry();
      co_return false;
    }
    if (!begun) until = now() + patience;
    begun = true;
  }
}

asio::awaitable<bool> session::read_body(request_reader& reader, flight::load& load) {
  if (!house_.bodies.takes(group_, static_cast<std::int64_t>(reader.body_size()), load))
    co_return co_await refuse(door_reason::memory);
  const mono_t until = now() + house_.options.idle_timeout;
  while (true) {
    pending_.erase(0, reader.take(pending_));
    if (reader.whole()) co_return true;
    if (reader.refused()) co_return co_await refuse(*reader.refused());
    const bool come = co_await more(until);
    if (come) continue;
    if (late_ && !out_) house_.turned_away(door_reason::slow_body, peer_);
    co_return false;
  }
}

asio::awaitable<bool> session::answer(request_reader& reader) {
  const head_of_request& head = reader.head();
  auto target = parse_target({head.target().data(), head.target().size()});
  if (!target) {
    const phrase why = words_of(target.error());
    const bad_request bad{.why = {"请求格式错误：" + why.cn, why.en}};
    co_return co_await refuse(bad);
  }
  const auto method = head.method_string();
  asked q{.head_only = head.method() == bhttp::verb::head, .newer = head.version() >= 11};
  q.by = house_.routes.lane_of({method.data(), method.size()}, target->path);
  const std::uint64_t own = house_.routes.body_of({method.data(), method.size()}, target->path);
  reader.allow(own > 0 ? own : house_.options.body_limit);
  if (reader.refused()) co_return co_await refuse(*reader.refused());
  const door::permit permit = house_.guests.asks(id_, q.by, now());
  if (permit.instead) house_.show_out(*permit.instead);
  if (permit.refused) co_return co_await refuse(*permit.refused);
  web_request request = to_web_request(head, std::move(*target));
  request.peer = peer_;
  request.certified = certified_;
  hand_on(*house_.proxies.get(), request);
  if (auto no = house_.routes.turned_away(request)) co_return co_await turn_away(std::move(*no));
  flight::load body;
  if (!reader.whole()) {
    house_.guests.awaits_body(id_, true, now());
    const bool come = co_await read_body(reader, body);
    if (!come || out_) co_return false;
    house_.guests.awaits_body(id_, false, now());
  }
  request.body = reader.take_body();
  const peer_group asker = request.peer == peer_ ? group_ : group_named(request.peer);
  lane& where = lanes_.of(q.by);
  // The door has counted what is vital; whoever had to go since costs its lane nothing.
  const bool counted = q.by != web_lane::vital;
  if (counted && !where.enter(asker)) co_return co_await refuse(door_reason::busy);
  const auto ask = [&] { return out_ ? web_response{} : house_.routes.answer(request); };
  web_response response = co_await where.run(ask);
  if (counted) where.leave(asker);
  if (out_) co_return false;
  if (stream_.tls()) response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  if (response.status == 421) house_.turned_away(door_reason::host, peer_);
  q.keep = reader.keep_alive() && !house_.stopping && house_.guests.seated(id_);
  co_return co_await write(q, std::move(response));
}

/** Tells a peer that broke the rules which one; it was the last that is read of it. */
asio::awaitable<bool> session::refuse(const bad_request& why) {
  busy_ = true;
  house_.turned_away(door_reason::malformed, peer_);
  web_response response = problem_of(why);
  const asked q = closing();
  co_await write(q, std::move(response));
  co_return false;
}

asio::awaitable<bool> session::refuse(door_reason why) {
  house_.turned_away(why, peer_);
  web_response response = come_again(why);
  const asked q = closing();
  co_await write(q, std::move(response));
  co_return false;
}

/** By a route's own keeper: what body there is has not been read, so nothing follows it. */
asio::awaitable<bool> session::turn_away(web_response response) {
  const asked q = closing();
  co_await write(q, std::move(response));
  co_return false;
}

/** A close with unread bytes in the buffer is a reset, and a reset may destroy our last answer on its way. */
asio::awaitable<void> session::linger() {
  boost::system::error_code ignored;
  stream_.expires_at(now() + at_most(milliseconds{1'000}));
  if (stream_.tls()) co_await stream_.async_farewell(as_values);
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (ignored) co_return;
  std::string sink(piece, '\0');
  for (std::size_t total = 0; total < 4 * house_.options.body_limit;) {
    const auto [error, count] = co_await stream_.async_read_raw(asio::buffer(sink), as_values);
    if (error) break;
    total += count;
  }
}

}  // namespace changtong::http
