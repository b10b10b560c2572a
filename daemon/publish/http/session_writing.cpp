// A connection's way out: answers whole, in pieces and as streams, and the end of who does not read them.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <exception>

#include "daemon/core/log.h"
#include "daemon/publish/http/session.h"

namespace changtong::http {
namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece = 64 * 1024;
constexpr std::int64_t stream_weight = 256 * 1024;  // what a stream's producer and its piece hold, about
// Over all of an answer at least so much a second must leave, or a reader that takes a piece each nine seconds would
// hold a large one for hours.
constexpr std::chrono::seconds grace{30};
constexpr std::uint64_t slowest = 32 * 1024;

mono_t now() { return std::chrono::steady_clock::now(); }

template <class Body>
bhttp::response<Body> head_of(const web_response& from, bool newer, bool keep) {
  bhttp::response<Body> out{static_cast<bhttp::status>(from.status), newer ? 11U : 10U};
  out.set(bhttp::field::content_type, from.content_type);
  for (const auto& [name, value] : from.headers) out.set(name, value);
  if (out.find(bhttp::field::cache_control) == out.end()) out.set(bhttp::field::cache_control, "no-store");
  out.keep_alive(keep);
  return out;
}

/** Ours to say what a stream's exception means: the head is out, so all that is left is to break off. */
enum class next : std::uint8_t { more, last, broken };
next next_chunk(const web_response& response, std::string& chunk) {
  chunk.clear();
  try {
    return response.stream(chunk) ? next::more : next::last;
  } catch (const std::exception& e) {
    log::error("http: an answer broke off: {}", e.what());
    return next::broken;
  }
}

}  // namespace

asio::awaitable<bool> session::write(const asked& q, web_response response) {
  answer_began_ = now();
  answer_sent_ = 0;
  if (q.by == web_lane::vital)
    if (const auto instead = house_.guests.begins_to_leave(id_, now())) house_.show_out(*instead);
  if (response.listens && !q.head_only) co_return co_await listen(q, std::move(response));
  if (response.stream) co_return co_await write_stream(q, std::move(response));
  if (q.head_only || response.body.size() <= piece) co_return co_await write_whole(q, std::move(response));
  co_return co_await write_pieces(q, std::move(response));
}

void session::piece_begins() {
  const auto paced = answer_began_ + grace + std::chrono::milliseconds(answer_sent_ * 1000 / slowest);
  stream_.expires_at(std::min<mono_t>(now() + at_most(house_.options.stall_timeout), paced));
}

/** False where the answer ends here. */
bool session::piece_left(boost::system::error_code error, std::size_t bytes) {
  if (error == boost::beast::error::timeout && !out_) house_.turned_away(door_reason::slow_reader, peer_);
  if (error) return false;
  answer_sent_ += bytes;
  house_.guests.moved(id_, now());
  return true;
}

asio::awaitable<bool> session::write_whole(const asked& q, web_response response) {
  piece_begins();
  if (q.head_only) {
    auto head = head_of<bhttp::empty_body>(response, q.newer, q.keep);
    head.content_length(response.body.size());
    bhttp::response_serializer<bhttp::empty_body> serializer(head);
    const auto [error, count] = co_await bhttp::async_write_header(stream_, serializer, as_values);
    co_return piece_left(error, count) && q.keep;
  }
  auto whole = head_of<bhttp::string_body>(response, q.newer, q.keep);
  whole.body() = std::move(response.body);
  whole.prepare_payload();
  const auto [error, count] = co_await bhttp::async_write(stream_, whole, as_values);
  co_return piece_left(error, count) && q.keep;
}

/** A large one: it must fit into what may be on its way, and its reader must keep pace. */
asio::awaitable<bool> session::write_pieces(const asked& q, web_response response) {
  flight::load load;
  const bool fits =
      q.by == web_lane::vital || house_.answers.takes(group_, static_cast<std::int64_t>(response.body.size()), load);
  if (!fits) {
    response = {};
    co_return co_await refuse(door_reason::memory);
  }
  auto head = head_of<bhttp::empty_body>(response, q.newer, q.keep);
  head.content_length(response.body.size());
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  piece_begins();
  const auto [error, count] = co_await bhttp::async_write_header(stream_, serializer, as_values);
  if (!piece_left(error, 0)) co_return false;
  for (std::size_t at = 0; at < response.body.size(); at += piece) {
    const std::size_t length = std::min(piece, response.body.size() - at);
    piece_begins();
    const auto [failed, n] =
        co_await asio::async_write(stream_, asio::buffer(response.body.data() + at, length), as_values);
    if (!piece_left(failed, n)) co_return false;
  }
  co_return q.keep;
}

/** Of an answer whose length nobody knows yet. */
asio::awaitable<bool> session::write_head(const asked& q, const web_response& response) {
  auto head = head_of<bhttp::empty_body>(response, q.newer, false);
  head.chunked(q.newer);
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  piece_begins();
  const auto [error, count] = co_await bhttp::async_write_header(stream_, serializer, as_values);
  co_return piece_left(error, 0);
}

asio::awaitable<bool> session::write_chunk(const std::string& chunk, bool chunked) {
  piece_begins();
  if (chunked) {
    const auto [error, n] = co_await asio::async_write(stream_, bhttp::make_chunk(asio::buffer(chunk)), as_values);
    co_return piece_left(error, n);
  }
  const auto [error, n] = co_await asio::async_write(stream_, asio::buffer(chunk), as_values);
  co_return piece_left(error, n);
}

asio::awaitable<bool> session::write_stream(const asked& q, web_response response) {
  flight::load load;
  if (q.by != web_lane::vital && !house_.answers.takes(group_, stream_weight, load)) {
    response = {};
    co_return co_await refuse(door_reason::memory);
  }
  const bool chunked = q.newer;  // HTTP/1.0 ends an answer of unknown length by closing
  const bool keep = q.keep && chunked;
  auto head = head_of<bhttp::empty_body>(response, q.newer, keep);
  head.chunked(chunked);
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  piece_begins();
  const auto [error, count] = co_await bhttp::async_write_header(stream_, serializer, as_values);
  if (!piece_left(error, 0)) co_return false;
  if (q.head_only) co_return keep;
  std::string chunk;
  const auto produce = [&] { return next_chunk(response, chunk); };
  lane& where = lanes_.of(q.by);
  for (next what = next::more; what == next::more;) {
    what = co_await where.run(produce);
    if (what == next::broken) {
      stream_.close();
      co_return false;
    }
    if (chunk.empty()) continue;
    const bool left = co_await write_chunk(chunk, chunked);
    if (!left) co_return false;
  }
  if (!chunked) co_return false;
  piece_begins();
  const auto [failed, n] = co_await asio::async_write(stream_, bhttp::make_chunk_last(), as_values);
  co_return piece_left(failed, n) && keep;
}

}  // namespace changtong::http
