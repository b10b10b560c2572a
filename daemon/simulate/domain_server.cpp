#include "daemon/simulate/domain_server.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/simulate/domain_reply.h"

namespace changtong::simulate {

namespace asio = boost::asio;
using asio::ip::udp;
using error_code = boost::system::error_code;

struct domain_server::door {
  door(asio::io_context& io, const district& d) : socket(io), where(d) {}
  udp::socket socket;
  const district& where;
  udp::endpoint from;
  std::array<char, 512> question{};

  static void receive(const std::shared_ptr<door>& self) {
    self->socket.async_receive_from(asio::buffer(self->question), self->from,
                                    [self](const error_code& e, std::size_t size) {
                                      if (!self->socket.is_open() || e == asio::error::operation_aborted) return;
                                      if (!e) self->answer({self->question.data(), size});
                                      receive(self);
                                    });
  }
  /** Whoever asks again will be told again: an answer that has no room is dropped. */
  void answer(std::string_view asked) {
    const std::string reply = domain_reply(where, asked);
    error_code ignored;
    if (!reply.empty()) socket.send_to(asio::buffer(reply), from, 0, ignored);
  }
};

domain_server::domain_server(std::shared_ptr<door> d) : door_(std::move(d)) { door::receive(door_); }

domain_server::~domain_server() {
  error_code ignored;
  door_->socket.close(ignored);
}

result<std::unique_ptr<domain_server>> domain_server::open(asio::io_context& io, const district& d) {
  auto made = std::make_shared<door>(io, d);
  error_code e;
  made->socket.open(udp::v4(), e);
  if (!e) made->socket.bind({asio::ip::address_v4(d.name_server), d.ports.dns}, e);
  if (!e) made->socket.non_blocking(true, e);
  if (e)
    return said(both("DNS {}:{}：{}", "DNS {}:{}: {}", dotted(d.name_server), d.ports.dns, system_words(e.value())));
  return std::unique_ptr<domain_server>(new domain_server(std::move(made)));
}

}  // namespace changtong::simulate
