#include "daemon/publish/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/publish/http/request_target.h"

namespace changtong::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/** One Host, at most one Authorization: two of them are two readings of one request. */
bool is_ambiguous(const bhttp::fields& fields, unsigned version) {
  const auto hosts = fields.count(bhttp::field::host);
  return hosts > 1 || (version >= 11 && hosts == 0) || fields.count(bhttp::field::authorization) > 1;
}

web_request to_web_request(const bhttp::request<bhttp::string_body>& in, request_target target) {
  web_request out;
  out.method = in.method_string();
  out.path = std::move(target.path);
  out.query = std::move(target.query);
  for (const auto& field : in) out.headers.emplace(lower_case(field.name_string()), std::string(field.value()));
  out.body = in.body();
  return out;
}

template <class Body>
bhttp::response<Body> head_of(const web_response& from, unsigned version, bool keep) {
  bhttp::response<Body> out{static_cast<bhttp::status>(from.status), version};
  out.set(bhttp::field::content_type, from.content_type);
  for (const auto& [name, value] : from.headers) out.set(name, value);
  if (out.find(bhttp::field::cache_control) == out.end()) out.set(bhttp::field::cache_control, "no-store");
  out.keep_alive(keep);
  return out;
}

web_response bad_request(const phrase& why) {
  web_response out = problem_answer(400, "bad_request", "请求格式错误：" + why.cn, why.en);
  add_security_headers(out);
  return out;
}

/** Ours to say what a stream's exception means: the head is out, so all that is left is to break off. */
bool next_chunk(const web_response& response, std::string& chunk, bool& broken) {
  chunk.clear();
  try {
    return response.stream(chunk);
  } catch (const std::exception& e) {
    log::error("http: an answer broke off: {}", e.what());
    broken = true;
    return false;
  }
}

}  // namespace

session::session(asio::ip::tcp::socket socket, const server_options& options, const dispatcher& routes,
                 const std::atomic<bool>& stopping)
    : stream_(std::move(socket)), options_(options), routes_(routes), stopping_(stopping) {
  boost::system::error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto peer = stream_.socket().remote_endpoint(ignored);
  if (!ignored) peer_ = peer.address().to_string();
}

void session::close_if_idle(const std::shared_ptr<session>& self) {
  asio::dispatch(self->stream_.get_executor(), [self] {
    if (!self->busy_) self->stream_.close();
  });
}

asio::awaitable<void> session::run() {
  while (!stopping_) {
    incoming request;
    if (!co_await read(request)) co_return;
    busy_ = true;
    auto target = parse_target({request.target().data(), request.target().size()});
    web_response response;
    if (!target) {
      response = bad_request(words_of(target.error()));
    } else if (is_ambiguous(request, request.version())) {
      response = bad_request({"须有且只有一个 Host，Authorization 至多一个",
                              "exactly one Host and at most one Authorization header are required"});
    } else {
      web_request asked = to_web_request(request, std::move(*target));
      asked.peer = peer_;
      response = routes_.answer(asked);
    }
    const bool go_on = co_await write(request, std::move(response));
    busy_ = false;
    if (!go_on) break;
  }
  co_await linger();
}

asio::awaitable<bool> session::read(incoming& request) {
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(options_.header_limit);
  parser.body_limit(options_.body_limit);
  // One deadline for the whole request: a client that drips a byte a second does not hold the connection longer.
  stream_.expires_after(options_.idle_timeout);
  const auto [error, count] = co_await bhttp::async_read(stream_, buffer_, parser, as_values);
  if (error) {
    co_await refuse(error);
    co_return false;
  }
  request = parser.release();
  co_return true;
}

/** Tells a peer that broke the rules which one; a peer that left or was too slow gets nothing. */
asio::awaitable<void> session::refuse(boost::system::error_code why) {
  web_response response;
  if (why == bhttp::error::header_limit || why == bhttp::error::buffer_overflow) {
    response = problem_answer(431, "headers_too_large", "请求头过大", "request header too large");
  } else if (why == bhttp::error::body_limit) {
    response = problem_answer(413, "body_too_large", "请求体过大", "request body too large");
  } else if (why.category() == make_error_code(bhttp::error::bad_method).category() &&
             why != bhttp::error::end_of_stream && why != bhttp::error::partial_message) {
    response = bad_request({"不是 HTTP 请求", "not an HTTP request"});
  } else {
    co_return;
  }
  add_security_headers(response);
  incoming nothing;
  nothing.version(11);
  co_await write_whole(nothing, std::move(response), false);
  co_await linger();
}

asio::awaitable<bool> session::write(const incoming& request, web_response response) {
  const bool keep = request.keep_alive() && !stopping_;
  if (response.stream) co_return co_await write_stream(request, std::move(response), keep);
  co_return co_await write_whole(request, std::move(response), keep);
}

asio::awaitable<bool> session::write_whole(const incoming& request, web_response response, bool keep) {
  stream_.expires_after(options_.idle_timeout);
  if (request.method() == bhttp::verb::head) {
    auto head = head_of<bhttp::empty_body>(response, request.version(), keep);
    head.content_length(response.body.size());
    bhttp::response_serializer<bhttp::empty_body> serializer(head);
    const auto [error, count] = co_await bhttp::async_write_header(stream_, serializer, as_values);
    co_return !error && keep;
  }
  auto whole = head_of<bhttp::string_body>(response, request.version(), keep);
  whole.body() = std::move(response.body);
  whole.prepare_payload();
  const auto [error, count] = co_await bhttp::async_write(stream_, whole, as_values);
  co_return !error && keep;
}

asio::awaitable<bool> session::write_stream(const incoming& request, web_response response, bool keep) {
  const bool chunked = request.version() >= 11;  // HTTP/1.0 ends an answer of unknown length by closing
  keep = keep && chunked;
  auto head = head_of<bhttp::empty_body>(response, request.version(), keep);
  head.chunked(chunked);
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  stream_.expires_after(options_.idle_timeout);
  const auto [error, count] = co_await bhttp::async_write_header(stream_, serializer, as_values);
  if (error) co_return false;
  if (request.method() == bhttp::verb::head) co_return keep;
  std::string chunk;
  bool broken = false;
  for (bool more = true; more;) {
    more = next_chunk(response, chunk, broken);
    if (broken) {
      stream_.close();
      co_return false;
    }
    if (chunk.empty()) continue;
    stream_.expires_after(options_.idle_timeout);
    boost::system::error_code failed;
    if (chunked) {
      const auto [e, n] = co_await asio::async_write(stream_, bhttp::make_chunk(asio::buffer(chunk)), as_values);
      failed = e;
    } else {
      const auto [e, n] = co_await asio::async_write(stream_, asio::buffer(chunk), as_values);
      failed = e;
    }
    if (failed) co_return false;
  }
  if (!chunked) co_return false;
  const auto [e, n] = co_await asio::async_write(stream_, bhttp::make_chunk_last(), as_values);
  co_return !e && keep;
}

/** A close with unread bytes in the buffer is a reset, and a reset may destroy our last answer on its way. */
asio::awaitable<void> session::linger() {
  boost::system::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (ignored) co_return;
  stream_.expires_after(std::min(options_.idle_timeout, milliseconds{1'000}));
  std::string sink(16 * 1024, '\0');
  for (std::size_t total = 0; total < 4 * options_.body_limit;) {
    const auto [error, count] = co_await stream_.async_read_some(asio::buffer(sink), as_values);
    if (error) break;
    total += count;
  }
}

}  // namespace changtong::http
