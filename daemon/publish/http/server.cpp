#include "daemon/publish/http/server.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <list>
#include <thread>

#include "daemon/core/log.h"
#include "daemon/core/mutex.h"
#include "daemon/publish/http/session.h"

namespace changtong::http {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

asio::ip::address to_asio(const ip_address& from) {
  if (from.v6) return asio::ip::address_v6(from.bytes);
  asio::ip::address_v4::bytes_type four{};
  std::copy_n(from.bytes.begin(), four.size(), four.begin());
  return asio::ip::address_v4(four);
}

std::string endpoint_text(const server_options& o) {
  return fmt::format(fmt::runtime(o.address.v6 ? "[{}]:{}" : "{}:{}"), to_string(o.address), o.port);
}

std::string remedy(boost::system::error_code why) {
  if (why == asio::error::address_in_use)
    return "端口已被占用：停止占用它的程序，或修改配置项 listen (the port is in use: stop the other program or change "
           "the setting `listen`)";
  if (why == asio::error::access_denied)
    return "权限不足：1024 以下端口需要 CAP_NET_BIND_SERVICE，或修改配置项 listen (no permission: ports below 1024 "
           "need "
           "CAP_NET_BIND_SERVICE; or change the setting `listen`)";
  if (why == boost::system::errc::address_not_available)
    return "本机没有这个地址：修改配置项 listen (this host has no such address: change the setting `listen`)";
  return why.message() + " (setting `listen`)";
}

problem cannot_listen(const server_options& o, boost::system::error_code why) {
  return problem{fmt::format("无法监听 (cannot listen on) {}: {}", endpoint_text(o), remedy(why))};
}

/** One write into an empty socket buffer never blocks, so a peer over the limit costs nothing. */
void turn_away(tcp::socket socket) {
  static constexpr std::string_view text =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n";
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.close(ignored);
}

}  // namespace

struct server::state {
  state(const server_options& o, std::vector<web_route> r)
      : options(o),
        routes(std::move(r), own_host(o)),
        acceptor(asio::make_strand(io)),
        pause(acceptor.get_executor()) {}

  static std::optional<std::string> own_host(const server_options& o) {
    const auto address = to_asio(o.address);
    return address.is_loopback() ? std::optional(to_string(o.address)) : std::nullopt;
  }

  const server_options options;
  const dispatcher routes;
  std::atomic<bool> stopping{false};
  asio::io_context io;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::uint16_t port = 0;
  mutex admitting;
  std::condition_variable_any all_gone;
  std::list<std::shared_ptr<session>> sessions GUARDED_BY(admitting);
  std::vector<std::thread> threads;

  result<void> listen();
  asio::awaitable<void> accept();
  void admit(tcp::socket socket);
  void finish();
};

result<void> server::state::listen() {
  const tcp::endpoint endpoint(to_asio(options.address), options.port);
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && options.address.v6) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(options, error);
  port = acceptor.local_endpoint(error).port();
  return {};
}

asio::awaitable<void> server::state::accept() {
  while (!stopping) {
    auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(io), asio::as_tuple(asio::use_awaitable));
    if (stopping) co_return;
    if (!error) {
      admit(std::move(socket));
      continue;
    }
    // Out of descriptors or the like: the connection stays in the backlog; trying at once would only burn the CPU.
    pause.expires_after(std::chrono::milliseconds(100));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void server::state::admit(tcp::socket socket) {
  const holding lock(admitting);
  if (sessions.size() >= options.connections) return turn_away(std::move(socket));
  const auto executor = socket.get_executor();
  const auto place =
      sessions.insert(sessions.end(), std::make_shared<session>(std::move(socket), options, routes, stopping));
  asio::co_spawn(executor, (*place)->run(), [this, place](const std::exception_ptr& failed) {
    if (failed) log::error("http: a connection ended with an exception");
    const holding guard(admitting);
    sessions.erase(place);
    if (sessions.empty()) all_gone.notify_all();
  });
}

void server::state::finish() {
  if (stopping.exchange(true)) return;
  asio::post(acceptor.get_executor(), [this] {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
  });
  holding lock(admitting);
  for (const auto& one : sessions) session::close_if_idle(one);
  if (!all_gone.wait_for(lock, options.stop_timeout, [this]() REQUIRES(admitting) { return sessions.empty(); }))
    log::warn("http: {} connections cut off while stopping", sessions.size());
  lock.unlock();
  io.stop();
  for (auto& thread : threads) thread.join();
}

server::server(std::unique_ptr<state> s) : state_(std::move(s)) {}
server::~server() { stop(); }
std::uint16_t server::port() const { return state_->port; }
void server::stop() { state_->finish(); }

result<std::unique_ptr<server>> server::start(const server_options& options, std::vector<web_route> routes) {
  auto s = std::make_unique<state>(options, std::move(routes));
  if (const auto listening = s->listen(); !listening) return listening.error();
  asio::co_spawn(s->acceptor.get_executor(), s->accept(), asio::detached);
  for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i) {
    s->threads.emplace_back([io = &s->io, niceness = options.niceness] {
      (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);  // refused: it runs as it is
      io->run();
    });
  }
  return std::unique_ptr<server>(new server(std::move(s)));
}

}  // namespace changtong::http
