#include "collectors/net/race.h"

#include <algorithm>
#include <cerrno>

#include "collectors/net/clock.h"
#include "collectors/net/dial.h"

namespace changtong::net {
namespace {

using boost::asio::ip::tcp;

constexpr milliseconds usual_pace{250}, quickest_pace{20};

}  // namespace

struct race::attempt {
  attempt(boost::asio::io_context& io, const ip_address& to) : socket(io), address(to), from(mono_now()) {}
  tcp::socket socket;
  ip_address address;
  mono_t from;
};

race::race(boost::asio::io_context& io, const syscalls& calls, std::vector<ip_address> addresses, std::uint16_t port,
           milliseconds patience)
    : io_(io),
      calls_(calls),
      addresses_(std::move(addresses)),
      port_(port),
      pace_(std::clamp(patience / (2 * static_cast<std::int64_t>(std::max<std::size_t>(addresses_.size(), 1))),
                       quickest_pace, usual_pace)),
      clock_(io) {}

void race::start(std::function<void(race_result)> tell) {
  tell_ = std::move(tell);
  next();
}

void race::cancel() {
  tell_ = nullptr;
  clock_.cancel();
  close_all();
}

/** At once and by reset: what waits for an attempt holds it, and a SYN that nobody answers is kept for two minutes. */
void race::close_all() {
  for (const auto& one : attempts_)
    if (one->socket.is_open()) {
      boost::system::error_code ignored;
      const int fd = one->socket.release(ignored);
      if (fd >= 0) hang_up(owned_fd(fd));
    }
  attempts_.clear();
}

/** Begins attempts until one is under way; the next follows after the pace. */
void race::next() {
  const auto self = shared_from_this();
  while (tell_ && begun_ < addresses_.size()) {
    const ip_address to = addresses_[begun_++];
    const auto one = std::make_shared<attempt>(io_, to);
    dialled d = dial(calls_, to, port_);
    if (d.error != 0 && d.error != EINPROGRESS) {
      failed(to, failure_of(d.error, stage::call));
      continue;
    }
    boost::system::error_code error;
    one->socket.assign(to.v6 ? tcp::v6() : tcp::v4(), d.fd.get(), error);
    if (error) {
      failed(to, failure_of(error.value(), stage::call));
      continue;
    }
    static_cast<void>(d.fd.release());
    ++open_;
    attempts_.push_back(one);
    if (d.error == 0) return settled(one, 0, stage::network);
    watch(one);
    if (begun_ == addresses_.size()) return;
    clock_.expires_after(pace_);
    clock_.async_wait([self](const boost::system::error_code& stopped) {
      if (!stopped) self->next();
    });
    return;
  }
  if (tell_ && open_ == 0) finish({.winner = {}, .address = worst_address_, .why = worst_.value_or(failure{})});
}

void race::watch(const std::shared_ptr<attempt>& one) {
  one->socket.async_wait(tcp::socket::wait_write,
                         [self = shared_from_this(), one](const boost::system::error_code& error) {
                           if (!self->tell_ || !one->socket.is_open()) return;
                           if (error) return self->settled(one, error.value(), stage::network);
                           const int result = connect_result(one->socket.native_handle());
                           if (result == EINPROGRESS) return self->watch(one);
                           self->settled(one, result, stage::network);
                         });
}

void race::settled(const std::shared_ptr<attempt>& one, int error, stage where) {
  --open_;
  boost::system::error_code ignored;
  if (error != 0) {
    one->socket.close(ignored);
    failed(one->address, failure_of(error, where));
    clock_.cancel();
    return next();
  }
  const nanoseconds kernels = handshake_time(one->socket.native_handle());
  race_result r{
      .winner = {}, .address = one->address, .took = kernels.count() > 0 ? kernels : mono_now() - one->from, .why = {}};
  r.winner = owned_fd(one->socket.release(ignored));
  finish(std::move(r));
}

/** What speaks of the site outweighs what is our own: an IPv6 address that we have no route to must not hide that the
 * IPv4 one refused. */
void race::failed(const ip_address& address, failure why) {
  if (worst_ && why.what != outcome::bad) return;
  worst_ = why;
  worst_address_ = address;
}

void race::finish(race_result r) {
  const auto tell = std::exchange(tell_, nullptr);
  clock_.cancel();
  close_all();
  tell(std::move(r));
}

}  // namespace changtong::net
