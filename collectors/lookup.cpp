#include "collectors/lookup.h"

#include <fmt/format.h>

#include <algorithm>

#include "collectors/net/clock.h"

namespace changtong {
namespace {

constexpr milliseconds grace{50};                                ///< for the other family, RFC 8305, 3
constexpr milliseconds longest_doubt{1000}, shortest_doubt{50};  ///< of silence, then our resolver is asked for another

}  // namespace

lookup::lookup(boost::asio::io_context& io, net::name_source& names, std::string host, families which,
               milliseconds patience, std::shared_ptr<suspect> whose)
    : names_(names),
      host_(std::move(host)),
      wanted_{which != families::v6, which != families::v4},
      doubt_after_(std::clamp(patience / 4, shortest_doubt, longest_doubt)),
      suspect_(std::move(whose)),
      grace_(io),
      doubt_(io) {}

void lookup::start(cause suspect, done tell) {
  began_ = net::mono_now();
  tell_ = std::move(tell);
  for (const family f : {v6, v4})
    if (wanted_[f]) ask(f);
  suspect_->store(suspect);
  doubt();
}

void lookup::doubt() {
  doubt_.expires_after(doubt_after_);
  doubt_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self || error || !self->tell_) return;
    self->ask_another();
    if (self->resolver_is_well()) self->suspect_->store(cause::name_not_found);
    self->doubt();
  });
}

bool lookup::resolver_is_well() const { return another_.value_or(false) || names_.answered_another(host_, began_); }

void lookup::ask(family f) {
  names_.ask(host_, f == v6, weak_from_this(), [weak = weak_from_this(), f](const net::name_answer& a) {
    if (const auto self = weak.lock()) self->answered(f, a);
  });
}

void lookup::cancel() {
  tell_ = nullptr;
  grace_.cancel();
  doubt_.cancel();
}

void lookup::answered(family f, const net::name_answer& a) {
  answers_[f] = a;
  const bool all = (!wanted_[v4] || answers_[v4]) && (!wanted_[v6] || answers_[v6]);
  if (all) doubt_.cancel();
  if (!tell_) return;
  if (all) {
    grace_.cancel();
    return tell_found();
  }
  if (a.what != net::name_state::found) return;
  grace_.expires_after(grace);
  grace_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    if (const auto self = weak.lock(); self && !error && self->tell_) self->tell_found();
  });
}

void lookup::tell_found() {
  std::array<std::vector<ip_address>, 2> by_family;
  for (const family f : {v4, v6})
    if (answers_[f] && !std::exchange(told_[f], true)) by_family[f] = answers_[f]->addresses;
  found_addresses out;
  for (std::size_t i = 0; i < std::max(by_family[v4].size(), by_family[v6].size()); ++i)
    for (const family f : {v6, v4})
      if (i < by_family[f].size()) out.addresses.push_back(by_family[f][i]);
  if (out.addresses.empty()) return conclude();
  tell(std::move(out));
}

void lookup::rest(done tell) {
  tell_ = std::move(tell);
  const bool open = (wanted_[v4] && !answers_[v4]) || (wanted_[v6] && !answers_[v6]);
  if (!open) tell_found();
}

/** No address: denied by a name server, or doubtful. */
void lookup::conclude() {
  const auto denied = [](const auto& a) { return a && a->what == net::name_state::not_found; };
  if (denied(answers_[v4]) || denied(answers_[v6])) return blame(false);
  if (resolver_is_well()) return blame(false);
  if (another_) return blame(true);
  concluding_ = true;
  ask_another();
}

void lookup::ask_another() {
  if (std::exchange(asked_another_, true)) return;
  names_.ask_another(host_, weak_from_this(), [weak = weak_from_this()](bool answered) {
    const auto self = weak.lock();
    if (!self || !self->tell_) return;
    self->another_ = answered;
    if (self->resolver_is_well()) self->suspect_->store(cause::name_not_found);
    if (self->concluding_ && self->tell_) self->blame(!self->resolver_is_well());
  });
}

void lookup::blame(bool ours) {
  std::string words;
  for (const auto& a : answers_)
    if (a && !a->said.empty() && words.empty()) words = a->said;
  if (ours)
    tell({{}, ending::own(cause::own_resolver, fmt::format("本机解析器对其他域名也无应答 ({})", words))});
  else
    tell({{}, ending::bad(cause::name_not_found, fmt::format("域名 {} 解析不到地址 ({})", host_, words))});
}

void lookup::tell(found_addresses what) {
  doubt_.cancel();
  if (const auto tell = std::exchange(tell_, nullptr)) tell(std::move(what));
}

}  // namespace changtong
