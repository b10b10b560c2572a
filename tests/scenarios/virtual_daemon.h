#pragma once
/** The whole daemon between sockets and HTTP - schedule, verdict, recorder, a real ledger file - under virtual time.
 *
 * A test says what is true of each check at each moment; a year could pass in seconds, and nothing sleeps. */
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/books/books.h"
#include "daemon/core/rules_version.h"
#include "daemon/ledger/reader.h"
#include "daemon/run/announce.h"
#include "daemon/run/watch.h"
#include "tests/fakes/world.h"

namespace changtong::scenarios {

/** Seconds of the scenario; its zero is 2026-03-01T08:00:00+08:00. */
inline constexpr std::int64_t zero_ms = 1'772'323'200'000;
constexpr wall_t wall_at(double s) { return wall_from_ms(zero_ms + static_cast<std::int64_t>(s * 1000)); }
inline double seconds_of(wall_t t) { return static_cast<double>(ms_of(t) - zero_ms) / 1000; }

/** A ledger that can be made to refuse, around a real one. */
struct moody_writer final : ledger::writer {
  moody_writer(std::unique_ptr<ledger::writer> real, std::shared_ptr<std::atomic<bool>> refuse)
      : real_(std::move(real)), refuse_(std::move(refuse)) {}
  [[nodiscard]] ledger::restored restore() const override { return real_->restore(); }
  [[nodiscard]] result<std::int64_t> commit(const ledger_batch& b) override {
    if (*refuse_) return problem{.text = "disk full, says the test"};
    return real_->commit(b);
  }
  [[nodiscard]] result<std::int64_t> stop(wall_t at) override { return real_->stop(at); }
  [[nodiscard]] const ledger::seal_status& seals() const override { return real_->seals(); }

 private:
  std::unique_ptr<ledger::writer> real_;
  std::shared_ptr<std::atomic<bool>> refuse_;
};

class virtual_daemon {
 public:
  /** Is the check's target answering at second `t`? */
  using truth = std::function<bool(const std::string& check, double t)>;

  explicit virtual_daemon(std::vector<fakes::line_spec> lines) : inv_(fakes::district(lines)) {
    static std::atomic<int> number{0};
    dir_ = std::filesystem::temp_directory_path() /
           ("changtong-scenario-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(dir_);
  }
  ~virtual_daemon() {
    crash();
    std::filesystem::remove_all(dir_);
  }
  virtual_daemon(const virtual_daemon&) = delete;
  virtual_daemon& operator=(const virtual_daemon&) = delete;

  truth up = [](const std::string&, double) { return true; };
  double rtt_ms = 2;
  clock_trust kernel_says = clock_trust::synchronised;
  std::string zone = "Asia/Shanghai";  ///< of the settings, from the next start or reload on
  /** Announced so far, with whether the ledger had it; read it only after stop() or crash(). */
  std::vector<std::pair<record, bool>> announced;
  std::shared_ptr<std::atomic<bool>> refuse = std::make_shared<std::atomic<bool>>(false);
  std::function<void(const record&)> on_announce;
  recorder_limits limits{.patience = milliseconds{0}};

  void start() {
    auto opened = ledger::writer::open(path());
    ledger::restored recalled = opened.value()->restore();
    ledger_batch first{.heartbeat = recalled.fresh ? wall() : recalled.heartbeat, .records = {}, .memory = {}};
    if (recalled.crashed)
      first.records.emplace_back(
          gap{.from = recalled.heartbeat, .to = wall_max, .why = cause::monitor_stopped, .text = "crash"});
    first.records.emplace_back(started{.at = wall(), .version = "test", .text = {}, .rules = books_rules_version});
    if (recalled.fresh)
      first.records.emplace_back(policy_version{.at = wall(), .zone = zone, .policy = "{}", .author = "test"});
    for (const target& t : inv_->targets)
      if (t.kind != target_kind::anchor)
        first.records.emplace_back(
            inventory_version{.at = wall(), .target = t.id, .json = to_json(t, *inv_), .author = "test"});
    opened.value()->commit(first).value();
    recorder_ = std::make_unique<recorder>(
        std::make_unique<moody_writer>(std::move(opened.value()), refuse), tallies,
        [this](const std::vector<record>& r, bool recorded) {
          {
            const holding writing(boards.writing());
            if (const auto b = boards.get()) show(r, recorded, *b);
          }
          for (const record& one : r) {
            announced.emplace_back(one, recorded);
            if (on_announce) on_announce(one);
          }
        },
        limits);
    watch_ = std::make_unique<watch>(make_settings(),
                                     clocks{.mono = [this] { return mono_; },
                                            .wall = [this] { return wall(); },
                                            .synchronised = [this] { return kernel_says; }},
                                     recalled, *recorder_, boards, tallies, [this](kind_index, answer_sink& sink) {
                                       return std::make_unique<oracle>(*this, sink);
                                     });
  }
  /** Ticks of 10 ms up to second `t` of the scenario. */
  void run_until(double t) {
    const mono_t end = mono_zero_ + nanoseconds{static_cast<std::int64_t>(t * 1e9)};
    while (mono_ < end) {
      mono_ += schedule::tick_length;
      watch_->engine().tick(mono_);
    }
  }
  /** Time passes and we do nothing: a stall, or the daemon is not there. */
  void skip_until(double t) { mono_ = mono_zero_ + nanoseconds{static_cast<std::int64_t>(t * 1e9)}; }
  void step_clock(double by) { wall_offset_ += milliseconds{static_cast<std::int64_t>(by * 1000)}; }
  void stop() {
    const wall_t last = watch_->flush();
    recorder_->stop(last);
    watch_.reset();
    recorder_.reset();
  }
  /** Ends without the clean stop's mark. What was handed to the recorder is durable, the last second may be lost. */
  void crash() {
    if (!recorder_) return;
    recorder_.reset();
    watch_.reset();
  }
  /** Where it does not run: the settings of the next start. */
  void reload(std::vector<fakes::line_spec> lines) {
    inv_ = fakes::district(lines);
    if (watch_) watch_->adopt(make_settings());
  }
  [[nodiscard]] bool confirm_clock(std::string_view by) { return watch_->confirm_clock(by); }
  [[nodiscard]] recent::recent_target recent_of(const std::string& id) const { return *watch_->recent_of(id); }
  void note(std::vector<record> r) { watch_->note(std::move(r)); }

  /** The recorder is at work on its own thread; what it does comes without our help, or the program's time limit ends
   * it. */
  template <class F>
  static void await(F happened) {
    while (!happened()) std::this_thread::yield();
  }
  /** From now on the ledger refuses; what was given before is recorded. */
  void ledger_away() {
    await([&] { return tallies.ledger_queue.load() == 0; });
    *refuse = true;
  }
  /** All that was given so far was refused and announced: a commit that began after now has failed. Commits that failed
   * earlier say nothing, however many - how long we took to get here is the machine's affair. */
  void await_refusal() {
    const auto failed = tallies.ledger_failures.load();
    await([&] { return tallies.ledger_failures.load() >= failed + 2; });
  }
  void ledger_back() {
    *refuse = false;
    await([&] { return tallies.ledger_writable.load(); });
  }

  [[nodiscard]] std::string path() const { return (dir_ / "ledger.db").string(); }
  [[nodiscard]] wall_t wall() const {
    return wall_t{milliseconds{zero_ms}} + std::chrono::floor<milliseconds>(mono_ - mono_zero_) + wall_offset_;
  }
  [[nodiscard]] std::vector<availability::outage> outages() const {
    auto all = ledger::reader::open(path()).value()->outages({wall_at(-1e6), wall_at(1e6)}, {}, 10'000);
    std::reverse(all.begin(), all.end());
    return all;
  }
  [[nodiscard]] std::vector<availability::availability_row> books(double from, double to) const {
    const auto reader = ledger::reader::open(path()).value();
    return books::books(*reader, {wall_at(from), wall_at(to)}, wall_at(to), books::grouping::line);
  }
  [[nodiscard]] bool degraded(const std::string& id) const {
    const auto b = boards.get();
    return b->lines[b->districts->index_of(id)].degraded;
  }
  [[nodiscard]] line_state state(const std::string& id) const {
    const auto b = boards.get();
    return b->lines[b->districts->index_of(id)].state;
  }

  /** As metrics, API and page show it: unknown while a sample waits for rule 10 or was our own uplink's. */
  [[nodiscard]] line_state shown(const std::string& id) const {
    const auto b = boards.get();
    return b->lines[b->districts->index_of(id)].shown_state();
  }

  daemon_tallies tallies;
  board_holder boards;

 private:
  /** Knows the truth, answers at the next drain, and is silent when it is no. */
  struct oracle final : collector {
    oracle(virtual_daemon& d, answer_sink& s) : world(d), sink(s) {}
    void ask(std::span<question> burst) override {
      const double now = std::chrono::duration<double>(world.mono_ - world.mono_zero_).count();
      for (question& q : burst) {
        q.sent = world.mono_;
        if (world.up(q.what->id, now)) waiting.push_back(q.ticket);
      }
    }
    void drain() override {
      const auto rtt = std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double, std::milli>(world.rtt_ms));
      for (const std::uint32_t t : std::exchange(waiting, {})) sink.answered(t, {.what = outcome::good, .rtt = rtt});
    }
    cause forget(std::uint32_t) override { return cause::timeout; }
    std::string describe() const override { return "oracle"; }
    virtual_daemon& world;
    answer_sink& sink;
    std::vector<std::uint32_t> waiting;
  };

  [[nodiscard]] settings make_settings() const {
    settings s;
    s.zone = civil_zone::named(zone).value();
    s.targets = inv_;
    return s;
  }

  std::filesystem::path dir_;
  std::shared_ptr<const inventory> inv_;
  mono_t mono_zero_{std::chrono::seconds{5000}};
  mono_t mono_ = mono_zero_;
  milliseconds wall_offset_{0};
  std::unique_ptr<recorder> recorder_;
  std::unique_ptr<watch> watch_;
};

}  // namespace changtong::scenarios
