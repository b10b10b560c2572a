#include "collectors/http.h"

#include <signal.h>
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
#include "daemon/core/log.h"
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
      : web(io),
        means{io, around.calls,
              [this, &io, given = around.names](const std::vector<name_server>& servers) {
                return given != nullptr ? std::shared_ptr<net::name_source>(given, [](net::name_source*) {})
                                        : names_of(servers, io);
              },
              web, around.clock ? around.clock : kernels_word} {}
  net::web_client web;
  visit_means means;

 private:
  /** One for all sites, since they share their servers; made anew for the visits that begin after a reload changed
   * them. */
  std::shared_ptr<net::name_source> names_of(const std::vector<name_server>& servers, boost::asio::io_context& io) {
    if (!names_ || servers != servers_) names_ = std::make_shared<net::names>(io, servers);
    servers_ = servers;
    return names_;
  }
  std::shared_ptr<net::names> names_;
  std::vector<name_server> servers_;
};

/** A question of the schedule: one visit, or one over each family. */
struct errand {
  std::uint32_t ticket = 0;
  mono_t sent{};
  nanoseconds stalled{0};  ///< of the visiting thread, before
  std::array<std::shared_ptr<visit>, 2> visits;
  std::atomic<bool> begun{false};
  // visiting thread only:
  std::size_t open = 0;
  std::optional<visited> seen;
};

/** Both families must open the page; what is told of a good site is told of the slower one. */
visited worse_of(visited v4, visited v6) {
  if (v4.what != outcome::good && !v4.detail.empty()) v4.detail = "IPv4：" + v4.detail;
  if (v6.what != outcome::good && !v6.detail.empty()) v6.detail = "IPv6：" + v6.detail;
  if (v4.what == outcome::good && v6.what == outcome::good) return v4.rtt < v6.rtt ? v6 : v4;
  if (v4.what == outcome::bad) return v4;
  return v6.what == outcome::good ? v4 : v6;
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
      if (const nanoseconds took = now - self->last_.load(); took > long_turn) self->stalled_ += took.count();
      self->last_ = now;
      self->turn();
    });
  }
  void stop() { clock_.cancel(); }
  /** All the time, since the beginning, in which the thread did not turn round. Any thread. */
  [[nodiscard]] nanoseconds stalled() const {
    const nanoseconds open = net::mono_now() - last_.load();
    return nanoseconds{stalled_.load()} + (open > long_turn ? open : nanoseconds{0});
  }

 private:
  static constexpr milliseconds pace{50}, long_turn{200};
  boost::asio::steady_timer clock_;
  std::atomic<mono_t> last_;
  std::atomic<std::int64_t> stalled_{0};  ///< nanoseconds
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
      e->stalled = turning_->stalled();
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
    // For more than half of its time nobody could have gone on with it.
    if (!e->begun || 2 * (turning_->stalled() - e->stalled) > net::mono_now() - e->sent) why = cause::late;
    boost::asio::post(io_, [e] {
      for (auto& v : e->visits)
        if (v) std::exchange(v, nullptr)->cancel();
    });
    return why;
  }

  [[nodiscard]] std::string describe() const override {
    return "HTTP/1.1，TLS 1.2 起，校验证书，独立线程 / certificates verified, on a thread of its own";
  }

 private:
  void returned(errand& e, visited seen, bool second) {
    if (e.seen)
      seen = second ? worse_of(std::move(*e.seen), std::move(seen)) : worse_of(std::move(seen), std::move(*e.seen));
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
        thread_([this] { run(); }) {}
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
  void run() {
    sigset_t broken_pipe;
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);  // of a library's write to whoever has hung up
    while (true) try {
        io_.run();
        return;
      } catch (const std::exception& e) {
        log::error("网站访问出错 / visiting sites: {}", e.what());
      }
  }

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

std::unique_ptr<collector> make_http(boost::asio::io_context& io, answer_sink& sink, const http_surroundings& around) {
  return std::make_unique<http_collector>(io, sink, around);
}

std::unique_ptr<collector> make_http(answer_sink& sink) { return std::make_unique<visiting_thread>(sink); }

}  // namespace changtong
