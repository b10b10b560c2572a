#include "collectors/fetch.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "changtong_version.h"
#include "collectors/net/clock.h"
#include "collectors/net/dial.h"
#include "collectors/visit_ending.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using parser = http::response_parser<http::string_body>;

constexpr std::size_t most_addresses = 4;
constexpr int most_interim = 5;
constexpr std::uint32_t header_limit = 32U << 10U;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

class visit_in_progress final : public visit, public std::enable_shared_from_this<visit_in_progress> {
 public:
  visit_in_progress(const visit_means& means, std::shared_ptr<const http_settings> what, mono_t began,
                    std::function<void(const visited&)> done)
      : means_(means),
        what_(std::move(what)),
        began_(began),
        done_(std::move(done)),
        here_(what_->at),
        resolver_(means.io),
        socket_(means.io) {}

  void start() override {
    asio::co_spawn(means_.io, run(), [self = shared_from_this()](const std::exception_ptr& thrown, ending end) {
      if (thrown) end = ending::own(cause::own_failure, "an exception in the visit");
      self->finish(std::move(end));
    });
  }

  cause cancel() override {
    cancelled_ = true;
    done_ = nullptr;
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    return resolving_ ? cause::own_resolver : cause::timeout;
  }

 private:
  asio::awaitable<ending> run();
  asio::awaitable<ending> hop();
  asio::awaitable<ending> resolve(std::vector<ip_address>& out);
  asio::awaitable<ending> connect(const std::vector<ip_address>& addresses);
  asio::awaitable<ending> connect_to(const ip_address& address);
  asio::awaitable<ending> talk_tls();
  template <class Stream>
  asio::awaitable<ending> talk(Stream& stream);
  template <class Stream>
  asio::awaitable<error_code> read_header(Stream& stream, boost::beast::flat_buffer& buffer,
                                          std::optional<parser>& reply);
  template <class Stream>
  asio::awaitable<error_code> read_page(Stream& stream, boost::beast::flat_buffer& buffer, parser& reply);
  ending judge(const http::response<http::string_body>& page);
  ending follow(std::string_view location);
  void prepare(ssl::stream<tcp::socket&>& stream);
  void note(fact_name name, std::int64_t value);
  void finish(ending end);

  const visit_means means_;
  std::shared_ptr<const http_settings> what_;
  mono_t began_;
  std::function<void(const visited&)> done_;
  wire::web_address here_;
  tcp::resolver resolver_;
  tcp::socket socket_;
  mono_t first_connect_{};
  unsigned followed_ = 0;
  bool cancelled_ = false, resolving_ = false, moved_on_ = false;
  std::vector<fact> facts_;
};

/** The last hop's figure counts: a name noted again replaces the earlier value. */
void visit_in_progress::note(fact_name name, std::int64_t value) {
  for (fact& f : facts_)
    if (f.name == name) {
      f.value = value;
      return;
    }
  facts_.push_back({name, 0, value});
}

void visit_in_progress::finish(ending end) {
  if (cancelled_) return;
  const nanoseconds took = net::mono_now() - began_;
  error_code ignored;
  socket_.close(ignored);
  note(fact_name::redirects, followed_);
  const auto done = std::exchange(done_, nullptr);
  done({end.what, end.why, took, std::move(facts_), std::move(end.detail)});
}

asio::awaitable<ending> visit_in_progress::run() {
  while (!cancelled_) {
    moved_on_ = false;
    ending end = co_await hop();
    error_code ignored;
    socket_.close(ignored);
    if (end.reached || !moved_on_) co_return end;
  }
  co_return ending::own(cause::own_failure);
}

asio::awaitable<ending> visit_in_progress::hop() {
  std::vector<ip_address> addresses;
  ending end = co_await resolve(addresses);
  if (end.reached || cancelled_) co_return end;
  if (first_connect_ == mono_t{}) first_connect_ = net::mono_now();
  end = co_await connect(addresses);
  if (end.reached || cancelled_) co_return end;
  if (here_.tls)
    end = co_await talk_tls();
  else
    end = co_await talk(socket_);
  co_return end;
}

asio::awaitable<ending> visit_in_progress::resolve(std::vector<ip_address>& out) {
  if (const auto literal = parse_address(here_.host)) {
    out.push_back(*literal);
    co_return ending::go_on();
  }
  const mono_t from = net::mono_now();
  error_code error;
  resolving_ = true;
  if (means_.names != nullptr) {
    resolution r = co_await means_.names->resolve(here_.host);
    error = r.error;
    out = std::move(r.addresses);
  } else {
    const auto found = co_await resolver_.async_resolve(here_.host, "", into(error));
    for (const auto& entry : found)
      out.push_back(parse_address(entry.endpoint().address().to_string()).value_or(ip_address{}));
  }
  resolving_ = false;
  if (followed_ == 0) note(fact_name::resolve_nanoseconds, (net::mono_now() - from).count());
  if (error) co_return ending_of_resolving(error);
  if (out.empty()) co_return ending::bad(cause::name_not_found);
  if (out.size() > most_addresses) out.resize(most_addresses);
  co_return ending::go_on();
}

/** In the resolver's order until one answers. A failure that speaks of the site outweighs one of our own: an IPv6
 * address that we have no route to must not hide that the IPv4 one refused. */
asio::awaitable<ending> visit_in_progress::connect(const std::vector<ip_address>& addresses) {
  ending worst;
  for (const ip_address& address : addresses) {
    ending end = co_await connect_to(address);
    if (!end.reached || cancelled_) co_return end;
    if (!worst.reached || end.what == outcome::bad) worst = std::move(end);
  }
  co_return worst;
}

asio::awaitable<ending> visit_in_progress::connect_to(const ip_address& address) {
  const mono_t from = net::mono_now();
  net::dialled d = net::dial(means_.calls, address, here_.port);
  if (d.error != 0 && d.error != EINPROGRESS) co_return ending::of(d.error, net::stage::call);
  error_code error;
  socket_.close(error);
  socket_.assign(address.v6 ? tcp::v6() : tcp::v4(), d.fd.get(), error);
  if (error) co_return ending::of(error.value(), net::stage::call);
  static_cast<void>(d.fd.release());
  if (d.error == EINPROGRESS) {
    co_await socket_.async_wait(tcp::socket::wait_write, into(error));
    if (error) co_return ending::of(error.value(), net::stage::network);
    const int result = net::connect_result(socket_.native_handle());
    if (result != 0) co_return ending::of(result, net::stage::network);
  }
  const nanoseconds measured = net::handshake_time(socket_.native_handle());
  note(fact_name::connect_nanoseconds, measured.count() > 0 ? measured.count() : (net::mono_now() - from).count());
  co_return ending::go_on();
}

void visit_in_progress::prepare(ssl::stream<tcp::socket&>& stream) {
  SSL* s = stream.native_handle();
  SSL_set_hostflags(s, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (parse_address(here_.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(s), here_.host.c_str());
  } else {
    SSL_set1_host(s, here_.host.c_str());
    SSL_ctrl(s, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, here_.host.data());
  }
  stream.set_verify_callback([this](bool good, ssl::verify_context& c) {
    tm expiry{};
    const X509* leaf = X509_STORE_CTX_get0_cert(c.native_handle());
    if (leaf != nullptr && ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &expiry) == 1)
      note(fact_name::certificate_expiry_seconds, ::timegm(&expiry));
    return good;
  });
}

asio::awaitable<ending> visit_in_progress::talk_tls() {
  const auto context = means_.trusted->context_for(what_->ca_file);
  if (!context) {
    log::warn("site {}: {}", here_.host, context.error().text);
    co_return ending::own(cause::own_failure, context.error().text);
  }
  ssl::stream<tcp::socket&> stream(socket_, **context);
  prepare(stream);
  const mono_t from = net::mono_now();
  error_code error;
  co_await stream.async_handshake(ssl::stream_base::client, into(error));
  note(fact_name::tls_nanoseconds, (net::mono_now() - from).count());
  if (error) {
    const long verified = SSL_get_verify_result(stream.native_handle());
    if (verified != X509_V_OK) co_return ending::bad(cause::tls_certificate, net::describe_verification(verified));
    if (error.category() == boost::system::system_category()) co_return ending_of_talking(error);
    co_return ending::bad(cause::tls_handshake, error.message());
  }
  ending end = co_await talk(stream);
  co_return end;
}

template <class Stream>
asio::awaitable<ending> visit_in_progress::talk(Stream& stream) {
  http::request<http::empty_body> request(http::verb::get, here_.target, 11);
  request.set(http::field::host, wire::host_header(here_));
  request.set(http::field::user_agent, "Changtong/" CHANGTONG_VERSION);
  request.set(http::field::accept, "*/*");
  request.set(http::field::accept_encoding, "identity");
  request.set(http::field::connection, "close");
  error_code error;
  co_await http::async_write(stream, request, into(error));
  if (error) co_return ending_of_talking(error);
  boost::beast::flat_buffer buffer(header_limit + 65536);
  std::optional<parser> reply;
  error = co_await read_header(stream, buffer, reply);
  if (reply->is_header_done()) note(fact_name::http_status, reply->get().result_int());
  if (error) co_return ending_of_talking(error);
  note(fact_name::first_byte_nanoseconds, (net::mono_now() - first_connect_).count());
  const auto location = reply->get().find(http::field::location);
  if (what_->redirects > 0 && wire::is_redirect(reply->get().result_int()) && location != reply->get().end())
    co_return follow({location->value().data(), location->value().size()});
  error = co_await read_page(stream, buffer, *reply);
  if (error) co_return ending_of_talking(error);
  co_return judge(reply->get());
}

/** The first answer that is not interim (early hints and the like come before it, at most a few). */
template <class Stream>
asio::awaitable<error_code> visit_in_progress::read_header(Stream& stream, boost::beast::flat_buffer& buffer,
                                                           std::optional<parser>& reply) {
  error_code error;
  for (int interim = 0; interim < most_interim; ++interim) {
    reply.emplace();
    reply->header_limit(header_limit);
    reply->body_limit(what_->limit);
    co_await http::async_read_header(stream, buffer, *reply, into(error));
    if (error || reply->get().result_int() >= 200) break;
  }
  co_return error;
}

/** To the last byte. A page without a length ends with the connection; over TLS many servers then forget to say so. */
template <class Stream>
asio::awaitable<error_code> visit_in_progress::read_page(Stream& stream, boost::beast::flat_buffer& buffer,
                                                         parser& reply) {
  error_code error;
  co_await http::async_read(stream, buffer, reply, into(error));
  if (error == ssl::error::stream_truncated && reply.need_eof()) {
    error = {};
    reply.put_eof(error);
  }
  co_return error;
}

ending visit_in_progress::follow(std::string_view location) {
  if (followed_ >= what_->redirects)
    return ending::bad(cause::http_redirects,
                       fmt::format("重定向超过 {} 次 (more than {} redirects)", followed_, followed_));
  auto next = wire::next_hop(here_, location, what_->downgrade_allowed);
  if (!next) return ending::bad(cause::http_redirects, words_of(next.error()).en);
  here_ = std::move(*next);
  ++followed_;
  moved_on_ = true;
  return ending::go_on();
}

ending visit_in_progress::judge(const http::response<http::string_body>& page) {
  note(fact_name::page_bytes, static_cast<std::int64_t>(page.body().size()));
  if (!what_->status.holds(page.result_int()))
    return ending::bad(cause::http_status,
                       fmt::format("HTTP 状态码 {} (status {})", page.result_int(), page.result_int()));
  if (page.body().empty() && !what_->empty_allowed) return ending::bad(cause::http_empty);
  for (const std::string& text : what_->contains)
    if (page.body().find(text) == std::string::npos)
      return ending::bad(cause::http_text, fmt::format("缺少文字“{}” (text missing)", text));
  for (const std::string& text : what_->forbids)
    if (page.body().find(text) != std::string::npos)
      return ending::bad(cause::http_text, fmt::format("出现禁止文字“{}” (forbidden text)", text));
  return ending::go_on();
}

}  // namespace

std::shared_ptr<visit> make_visit(const visit_means& means, std::shared_ptr<const http_settings> what, mono_t began,
                                  std::function<void(const visited&)> done) {
  return std::make_shared<visit_in_progress>(means, std::move(what), began, std::move(done));
}

}  // namespace changtong
