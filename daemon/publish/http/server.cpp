#include "daemon/publish/http/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <map>
#include <memory>
#include <thread>

#include "daemon/core/log.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
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

phrase remedy(boost::system::error_code why) {
  if (why == asio::error::address_in_use)
    return {"端口已被占用：停止占用它的程序，或修改配置项 listen",
            "the port is in use: stop the other program or change the setting `listen`"};
  if (why == asio::error::access_denied)
    return {"权限不足：1024 以下端口需要 CAP_NET_BIND_SERVICE，或修改配置项 listen",
            "no permission: ports below 1024 need CAP_NET_BIND_SERVICE; or change the setting `listen`"};
  if (why == boost::system::errc::address_not_available)
    return {"本机没有这个地址：修改配置项 listen", "this host has no such address: change the setting `listen`"};
  return both("{}（配置项 listen）", "{} (setting `listen`)", system_words(why.message()));
}

problem cannot_listen(const server_options& o, boost::system::error_code why) {
  return said(both("无法监听 {}：{}", "cannot listen on {}: {}", endpoint_text(o), remedy(why)));
}

}  // namespace

struct server::state {
  state(const server_options& o, std::vector<web_route> r, door_tallies* c)
      : shared(o, std::move(r), own_host(o), c != nullptr ? *c : own_tallies), work(o) {
    shared.news = &news;
    shared.show_out = [this](const door::gone& g) { show_out(g); };
  }

  static std::optional<std::string> own_host(const server_options& o) {
    const auto address = to_asio(o.address);
    return address.is_loopback() ? std::optional(to_string(o.address)) : std::nullopt;
  }

  door_tallies own_tallies;  ///< where nobody gave any
  house shared;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};
  feed news{io, shared.options.happened};
  std::uint16_t port = 0;
  std::map<door::guest, std::shared_ptr<session>> sessions;  ///< the thread's alone
  lanes work;                                                ///< what waits there refers to sessions: it goes first
  mutex ending;
  std::condition_variable_any all_gone;
  std::size_t open GUARDED_BY(ending) = 0;
  std::thread thread;

  result<void> listen();
  asio::awaitable<void> accept();
  void admit(tcp::socket socket);
  void show_out(const door::gone& who);
  void ended(door::guest who);
  void finish();
};

result<void> server::state::listen() {
  const server_options& options = shared.options;
  if (!options.tls.certificate.empty()) {
    auto made = tls_from(options.tls);
    if (!made) return made.error();
    shared.certificate.set(std::move(*made));
  }
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
  while (!shared.stopping) {
    if (shared.guests.crowded()) {
      pause.expires_after(std::chrono::milliseconds(5));
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
      continue;
    }
    auto [error, socket] = co_await acceptor.async_accept(io, asio::as_tuple(asio::use_awaitable));
    if (shared.stopping) co_return;
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
  boost::system::error_code left;
  const auto peer = socket.remote_endpoint(left);
  if (left) return;
  const door::arrival arrival = shared.guests.arrives(group_of(peer.address()), std::chrono::steady_clock::now());
  if (arrival.instead) show_out(*arrival.instead);
  if (!arrival.who) {
    shared.turned_away(arrival.why, peer.address().to_string());
    if (shared.certificate.get() == nullptr) say_full(socket);
    return;
  }
  const door::guest who = *arrival.who;
  const auto one = sessions.try_emplace(who, std::make_shared<session>(std::move(socket), who, shared, work)).first;
  shared.counts.connections.fetch_add(1, std::memory_order_relaxed);
  {
    const holding lock(ending);
    ++open;
  }
  asio::co_spawn(io, one->second->run(), [this, who](const std::exception_ptr& failed) {
    if (failed) log::error("http: a connection ended with an exception");
    ended(who);
  });
}

void server::state::ended(door::guest who) {
  shared.guests.leaves(who);
  news.leave(who);
  sessions.erase(who);
  shared.counts.connections.fetch_sub(1, std::memory_order_relaxed);
  const holding lock(ending);
  if (--open == 0) all_gone.notify_all();
}

void server::state::show_out(const door::gone& who) {
  if (const auto found = sessions.find(who.who); found != sessions.end()) found->second->show_out(who.why);
}

void server::state::finish() {
  if (shared.stopping.exchange(true)) return;
  asio::post(io, [this] {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    for (const auto& [who, one] : sessions) one->close_if_idle();
  });
  holding lock(ending);
  if (!all_gone.wait_for(lock, shared.options.stop_timeout, [this]() REQUIRES(ending) { return open == 0; }))
    log::warn("http: {} connections cut off while stopping", open);
  lock.unlock();
  io.stop();
  if (thread.joinable()) thread.join();
  work.stop();
}

server::server(std::unique_ptr<state> s) : state_(std::move(s)) {}
server::~server() { stop(); }
std::uint16_t server::port() const { return state_->port; }
void server::stop() { state_->finish(); }

result<void> server::renew(const certificate_files& files) {
  auto made = tls_from(files);
  if (!made) return made.error();
  state_->shared.certificate.set(std::move(*made));
  return {};
}

void server::trust(const proxy_settings& proxies) {
  state_->shared.proxies.set(std::make_shared<const proxy_settings>(proxies));
}

result<std::unique_ptr<server>> server::start(const server_options& options, std::vector<web_route> routes,
                                              door_tallies* tallies) {
  auto s = std::make_unique<state>(options, std::move(routes), tallies);
  if (const auto listening = s->listen(); !listening) return listening.error();
  asio::co_spawn(s->io, s->accept(), asio::detached);
  s->thread = std::thread([io = &s->io, niceness = options.niceness] {
    give_way(niceness);
    io->run();
  });
  return std::unique_ptr<server>(new server(std::move(s)));
}

}  // namespace changtong::http
