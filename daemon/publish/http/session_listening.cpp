// A connection that is told what happens (text/event-stream): it rests between two tellings, as the door sees it, so
// its seat is the first to go when somebody needs one.
#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <chrono>

#include "daemon/publish/http/session.h"

namespace changtong::http {
namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

mono_t now() { return std::chrono::steady_clock::now(); }

}  // namespace

/** Who listens has nothing more to say: whatever comes, and the end, is its end. */
void session::watch_for_its_end() {
  stream_.socket().async_wait(asio::ip::tcp::socket::wait_read, [weak = weak_from_this()](boost::system::error_code) {
    const auto self = weak.lock();
    if (!self) return;
    self->left_ = true;
    self->patience_.cancel();
  });
}

asio::awaitable<bool> session::tell_news(web_response response, bool chunked) {
  listens_ = true;
  const mono_t end = now() + feed::longest;
  mono_t beat = now() + feed::beat;
  std::uint64_t told = house_.news->told();
  std::string said = std::move(response.body);
  watch_for_its_end();
  while (!left_ && !out_ && !house_.stopping && now() < end) {
    if (said.empty() && told != house_.news->told()) {
      told = house_.news->told();
      said = fmt::format("event: change\ndata: {}\n\n", told);
    }
    if (said.empty() && now() >= beat) said = ":\n\n";
    if (said.empty()) {
      patience_.expires_at(std::min(beat, end));
      co_await patience_.async_wait(as_values);
      continue;
    }
    answer_began_ = now();  // each is an answer of its own: none has to keep the pace of one that is long
    answer_sent_ = 0;
    const bool left = co_await write_chunk(said, chunked);
    if (!left) co_return false;
    said.clear();
    beat = now() + feed::beat;
  }
  if (left_ || out_ || !chunked) co_return false;
  piece_begins();
  const auto [failed, n] = co_await asio::async_write(stream_, bhttp::make_chunk_last(), as_values);
  (void)piece_left(failed, n);
  co_return false;
}

asio::awaitable<bool> session::listen(const asked& q, web_response response) {
  const bool may_stay = house_.guests.rests(id_, now()) && house_.news->join(id_, [this] { patience_.cancel(); });
  if (!may_stay) {
    response = {};
    co_return co_await refuse(door_reason::busy);
  }
  const bool begun = co_await write_head(q, response);
  if (!begun) co_return false;
  co_return co_await tell_news(std::move(response), q.newer);
}

}  // namespace changtong::http
