#include "daemon/simulate/web_sites.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/simulate/site_pages.h"

namespace changtong::simulate {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr int most_visitors = 64;

}  // namespace

struct web_sites::one {
  one(asio::io_context& io, const district_site& site) : door(io), what(site) {}
  tcp::acceptor door;
  const district_site& what;
  site_condition now;
  int visitors = 0;

  static asio::awaitable<void> visit(std::shared_ptr<one> site, tcp::socket visitor) {
    beast::tcp_stream stream(std::move(visitor));
    stream.expires_after(std::chrono::seconds(15));
    beast::flat_buffer buffer(16 * 1024);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(8 * 1024);
    error_code e;
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, e));
    if (!e) {
      const site_question question{.cookies = parser.get()[http::field::cookie],
                                   .head_only = parser.get().method() == http::verb::head};
      const site_condition now = has_entered(site->what, question.cookies) ? site_condition{} : site->now;
      if (now.delay.count() > 0) {
        asio::steady_timer wait(stream.get_executor(), now.delay);
        co_await wait.async_wait(asio::redirect_error(asio::use_awaitable, e));
      }
      const std::string answer = site_answer(site->what, now.failing, question);
      co_await asio::async_write(stream, asio::buffer(answer), asio::redirect_error(asio::use_awaitable, e));
      stream.socket().shutdown(tcp::socket::shutdown_send, e);
    }
    --site->visitors;
  }

  static void receive(const std::shared_ptr<one>& site) {
    site->door.async_accept([site](const error_code& e, tcp::socket visitor) {
      if (!site->door.is_open() || e == asio::error::operation_aborted) return;
      if (!e && site->visitors < most_visitors) {
        ++site->visitors;
        asio::co_spawn(site->door.get_executor(), visit(site, std::move(visitor)), asio::detached);
      }
      if (!e) return receive(site);
      auto timer = std::make_shared<asio::steady_timer>(site->door.get_executor(), milliseconds{100});
      timer->async_wait([site, timer](const error_code&) { receive(site); });
    });
  }
};

result<std::unique_ptr<web_sites>> web_sites::open(asio::io_context& io, const district& d) {
  std::unique_ptr<web_sites> all(new web_sites);
  for (const district_site& s : d.sites) {
    auto site = std::make_shared<one>(io, s);
    error_code e;
    site->door.open(tcp::v4(), e);
    if (!e) site->door.set_option(asio::socket_base::reuse_address(true), e);
    if (!e) site->door.bind({asio::ip::address_v4(s.address), s.port}, e);
    if (!e) site->door.listen(64, e);
    if (e) return said(both("HTTP {}:{}：{}", "HTTP {}:{}: {}", dotted(s.address), s.port, system_words(e.value())));
    one::receive(site);
    all->sites_.push_back(std::move(site));
  }
  return all;
}

web_sites::~web_sites() {
  for (const auto& site : sites_) {
    error_code ignored;
    site->door.close(ignored);
  }
}

void web_sites::set(std::uint32_t site, site_condition to) { sites_[site]->now = to; }

}  // namespace changtong::simulate
