#include "collectors/http.h"

#include <sys/timex.h>

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <unordered_map>

#include "collectors/net/clock.h"
#include "collectors/net/names.h"
#include "collectors/visit.h"
#include "daemon/core/mutex.h"

namespace changtong {
namespace {

clock_trust kernels_word() {
  timex t{};
  return kernel_trust(::adjtimex(&t));
}

/** Everything of the visiting thread: made, used and taken apart there. */
struct visitor {
  visitor(boost::asio::io_context& io, const http_surroundings& around)
      : own_names(around.names == nullptr ? std::make_unique<net::names>(io) : nullptr),
        web(io),
        means{io, around.calls, around.names != nullptr ? *around.names : *own_names, web,
              around.clock ? around.clock : kernels_word} {}
  std::unique_ptr<net::names> own_names;
  net::web_client web;
  visit_means means;
};

/** A question of the schedule: one visit, or one over each family. */
struct errand {
  std::uint32_t ticket = 0;
  mono_t sent{};
  std::array<std::shared_ptr<visit>, 2> visits;
  std::atomic<bool> begun{false};
  // visiting thread only:
  std::size_t open = 0;
  std::optional<visited> seen;
};

/** Both families must open the page; what is told of a good site is told of the slower one. */
visited worse_of(visited a, visited b, std::string_view family_of_b) {
  if (b.what != outcome::good && !b.detail.empty()) b.detail = std::string(family_of_b) + "：" + b.detail;
  if (a.what == outcome::good && b.what == outcome::good) return a.rtt < b.rtt ? b : a;
  if (a.what == outcome::bad) return a;
  return b.what == outcome::good ? a : b;
}

/** How long the visiting thread has not turned round: what a site was given up for then may be our own doing. */
class turning : public std::enable_shared_from_this<turning> {
 public:
  explicit turning(boost::asio::io_context& io) : clock_(io), last_(net::mono_now()) {}
  void turn() {
    clock_.expires_after(pace);
    clock_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (!self || error) return;
      const mono_t now = net::mono_now();
      if (now - self->last_.load() > long_turn) {
        self->stall_from_ = self->last_.load();
        self->stall_to_ = now;
      }
      self->last_ = now;
      self->turn();
    });
  }
  void stop() { clock_.cancel(); }
  /** Of the time since `from` the thread stood still for more than half. Any thread. */
  [[nodiscard]] bool stood_still(mono_t from) const {
    const mono_t now = net::mono_now();
    const nanoseconds still = now - std::max(from, last_.load() + long_turn);
    const nanoseconds before = std::min(now, stall_to_.load()) - std::max(from, stall_from_.load());
    return 2 * std::max(still, before) > now - from;
  }

 private:
  static constexpr milliseconds pace{50}, long_turn{200};
  boost::asio::steady_timer clock_;
  std::atomic<mono_t> last_, stall_from_{}, stall_to_{};
};

class http_collector final : public collector {
 public:
  http_collector(boost::asio::io_context& io, answer_sink& sink, const http_surroundings& around)
      : io_(io), sink_(sink), visitor_(std::make_unique<visitor>(io, around)), turning_(std::make_shared<turning>(io)) {
    turning_->turn();
  }
  ~http_collector() override { close(); }

  /** Ends what is under way. On the visiting thread, or once it has ended. */
  void close() {
    turning_->stop();
    for (auto& [ticket, e] : errands_)
      for (const auto& v : e->visits)
        if (v) v->cancel();
  }

  void ask(std::span<question> burst) override {
    for (question& q : burst) {
      q.sent = net::mono_now();
      const auto e = std::make_shared<errand>();
      e->ticket = q.ticket;
      e->sent = q.sent;
      auto settings = std::static_pointer_cast<const http_settings>(q.what->settings);
      const bool both = settings->over == families::both;
      for (std::size_t i = 0; i < (both ? 2U : 1U); ++i)
        e->visits[i] = std::make_shared<visit>(visitor_->means, settings,
                                               !both    ? settings->over
                                               : i == 0 ? families::v4
                                                        : families::v6,
                                               q.sent, q.what->when.timeout,
                                               [this, e, i](visited seen) { returned(*e, std::move(seen), i == 1); });
      e->open = both ? 2 : 1;
      errands_[q.ticket] = e;
      boost::asio::post(io_, [e] {
        e->begun = true;
        for (const auto& v : e->visits)
          if (v) v->start();
      });
    }
  }

  void drain() override {
    std::vector<std::pair<std::uint32_t, visited>> back;
    {
      const holding lock(mutex_);
      back.swap(back_);
    }
    for (const auto& [ticket, seen] : back) {
      if (errands_.erase(ticket) == 0) continue;  // given up meanwhile
      sink_.answered(ticket, {seen.what, seen.why, seen.rtt, seen.facts, seen.detail});
    }
  }

  cause forget(std::uint32_t ticket) override {
    const auto found = errands_.find(ticket);
    if (found == errands_.end()) return cause::timeout;
    const std::shared_ptr<errand> e = found->second;
    errands_.erase(found);
    cause why = cause::timeout;
    for (const auto& v : e->visits)
      if (v && v->waiting_for() != cause::timeout) why = v->waiting_for();
    if (!e->begun || turning_->stood_still(e->sent)) why = cause::late;
    boost::asio::post(io_, [e] {
      for (auto& v : e->visits)
        if (v) std::exchange(v, nullptr)->cancel();
    });
    return why;
  }

  [[nodiscard]] std::string describe() const override {
    return "HTTP/1.1 与 HTTP/2，TLS 1.2 起，校验证书，独立线程 / certificates verified, on a thread of its own";
  }

 private:
  void returned(errand& e, visited seen, bool second) {
    seen = e.seen ? (second ? worse_of(std::move(*e.seen), std::move(seen), "IPv6")
                            : worse_of(std::move(seen), std::move(*e.seen), "IPv6"))
                  : std::move(seen);
    if (--e.open > 0) {
      e.seen = std::move(seen);
      return;
    }
    const holding lock(mutex_);
    back_.emplace_back(e.ticket, std::move(seen));
  }

  boost::asio::io_context& io_;
  answer_sink& sink_;
  std::unique_ptr<visitor> visitor_;
  std::shared_ptr<turning> turning_;
  std::unordered_map<std::uint32_t, std::shared_ptr<errand>> errands_;  ///< probe thread
  mutex mutex_;
  std::vector<std::pair<std::uint32_t, visited>> back_ GUARDED_BY(mutex_);
};

/** The collector with the thread that its visits run on. */
class visiting_thread final : public collector {
 public:
  explicit visiting_thread(answer_sink& sink)
      : inner_(std::make_unique<http_collector>(io_, sink, http_surroundings{net::syscalls::kernel()})),
        stays_(boost::asio::make_work_guard(io_)),
        thread_([this] { io_.run(); }) {}
  ~visiting_thread() override {
    boost::asio::post(io_, [this] {
      inner_->close();
      io_.stop();
    });
    thread_.join();
  }

  void ask(std::span<question> burst) override { inner_->ask(burst); }
  void drain() override { inner_->drain(); }
  cause forget(std::uint32_t ticket) override { return inner_->forget(ticket); }
  [[nodiscard]] std::string describe() const override { return inner_->describe(); }

 private:
  boost::asio::io_context io_{1};
  std::unique_ptr<http_collector> inner_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_;
  std::thread thread_;
};

}  // namespace

std::vector<fact_place> http_settings::facts() const {
  return {{fact_name::resolve_nanoseconds}, {fact_name::connect_nanoseconds},
          {fact_name::tls_nanoseconds},     {fact_name::first_byte_nanoseconds},
          {fact_name::http_status},         {fact_name::page_bytes},
          {fact_name::redirects},           {fact_name::certificate_expiry_seconds},
          {fact_name::http_version},        {fact_name::tls_version},
          {fact_name::address_family}};
}

std::unique_ptr<collector> make_http(boost::asio::io_context& io, answer_sink& sink, http_surroundings around) {
  return std::make_unique<http_collector>(io, sink, around);
}

std::unique_ptr<collector> make_http(answer_sink& sink) { return std::make_unique<visiting_thread>(sink); }

}  // namespace changtong
