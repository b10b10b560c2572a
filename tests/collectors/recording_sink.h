#pragma once
/** What a collector's test needs around it: a sink that keeps answers, questions, and a bounded way to wait. */
#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/net/clock.h"

namespace changtong::test {

struct kept_answer {
  outcome what = outcome::not_measured;
  cause why = cause::none;
  nanoseconds rtt{0};
  std::vector<fact> facts;
  std::string detail;
};

class recording_sink final : public answer_sink {
 public:
  void answered(std::uint32_t ticket, const answer& a) override {
    kept_answer k{a.what, a.why, a.rtt, {a.facts.begin(), a.facts.end()}, std::string(a.detail)};
    if (answers.contains(ticket)) ADD_FAILURE() << "ticket " << ticket << " was answered twice";
    answers[ticket] = k;
  }
  std::map<std::uint32_t, kept_answer> answers;
};

inline check make_check(std::string_view address, std::shared_ptr<const check_settings> settings) {
  check c;
  c.id = "L1/test";
  if (!address.empty()) c.address = parse_address(address).value();
  c.settings = std::move(settings);
  return c;
}

inline question ask_one(collector& c, const check& what, std::uint32_t ticket) {
  question q;
  q.ticket = ticket;
  q.what = &what;
  q.deadline = net::mono_now() + std::chrono::seconds{1};
  c.ask({&q, 1});
  return q;
}

/** Drains until `done` or five seconds have gone; between looks it rests in poll() on `fd`, or for a tick. */
template <class F>
bool drain_until(collector& c, F done, boost::asio::io_context* io = nullptr, int fd = -1) {
  const mono_t end = net::mono_now() + std::chrono::seconds{5};
  while (net::mono_now() < end) {
    if (io != nullptr) {
      io->restart();
      io->poll();
    }
    c.drain();
    if (done()) return true;
    pollfd p{fd, POLLIN, 0};
    ::poll(&p, 1, 1);
  }
  return done();
}

inline std::uint64_t ignored_for(const collector& c, std::string_view reason) {
  for (const auto& i : c.ignored())
    if (i.reason == reason) return i.count;
  return 0;
}

}  // namespace changtong::test
