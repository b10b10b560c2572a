#include "daemon/run/serve.h"

#include <malloc.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <future>

#include "changtong_version.h"
#include "daemon/core/log.h"
#include "daemon/core/rules_version.h"
#include "daemon/host/background.h"
#include "daemon/host/descriptors.h"
#include "daemon/lines/desk.h"
#include "daemon/publish/api/api.h"
#include "daemon/publish/http/server.h"
#include "daemon/publish/metrics/bookkeeper.h"
#include "daemon/publish/metrics/page.h"
#include "daemon/run/announce.h"
#include "daemon/run/centre_link.h"
#include "daemon/run/certificate.h"
#include "daemon/run/command_desk.h"
#include "daemon/run/console_routes.h"
#include "daemon/run/daily_check.h"
#include "daemon/run/evaluation_watch.h"
#include "daemon/run/heap.h"
#include "daemon/run/ignored_packets_view.h"
#include "daemon/run/inspector.h"
#include "daemon/run/kernel_paths.h"
#include "daemon/run/node_pair.h"
#include "daemon/run/reception.h"
#include "daemon/run/reload_words.h"
#include "daemon/run/seal_post.h"
#include "daemon/run/settings_journal.h"
#include "daemon/run/stated_names.h"
#include "daemon/run/system_desk.h"
#include "daemon/run/telling.h"
#include "daemon/run/trap_desk.h"
#include "daemon/run/watch.h"
#include "daemon/settings/duty_remarks.h"

namespace changtong {
namespace {

problems one(const problem& p) { return {.list = {p}, .what = p.what}; }

}  // namespace

struct daemon_process::parts {
  serve_options options;
  mutex exchanging;
  settings in_force GUARDED_BY(exchanging);
  mutex reloading;  ///< one reload at a time
  boost::asio::io_context io{1};
  boost::asio::signal_set stop_signals{io, SIGINT, SIGTERM};
  boost::asio::signal_set reload_signal{io, SIGHUP};
  daemon_tallies tallies;
  door_tallies door;
  trap_tallies trap_counts;
  board_holder boards;
  ignored_packets_view ignored;
  std::unique_ptr<telling> tell;  ///< these three hear of the recorder: destroyed after it
  std::unique_ptr<inspector> inspection;
  std::unique_ptr<seal_post> post;
  std::unique_ptr<node_pair> other;     ///< null: this node is alone
  std::unique_ptr<centre_link> centre;  ///< null: it reports to none
  std::unique_ptr<recorder> records;
  std::unique_ptr<command_desk> desk;
  std::unique_ptr<daily_check> daily;
  std::unique_ptr<watch> probes;
  std::unique_ptr<trap_desk> traps;              ///< uses both
  std::unique_ptr<accounts::entrance> entrance;  ///< null: everybody reads
  std::unique_ptr<system_desk> system;
  std::unique_ptr<lines::desk> inventory;
  std::unique_ptr<api::service> api;
  std::unique_ptr<metrics::bookkeeper> period_books;
  std::unique_ptr<evaluation_watch> evaluation;
  std::atomic<std::uint64_t> happened{0};  ///< how often something was announced
  std::unique_ptr<http::server> server;
  std::unique_ptr<host::background> reloader;  ///< by SIGHUP; one that comes meanwhile asks for one more round

  ~parts() {
    if (tell) tell->end();  // these two use what is destroyed before them
    if (centre) centre->obey_no_more();
  }
  std::function<void(std::vector<std::string>)> asking_door() {
    return [this](std::vector<std::string> lines) {
      boost::asio::post(io, [this, lines = std::move(lines)] { probes->ask_now(lines); });
    };
  }
  enter_commands entering_door() {
    return [this](std::span<const command> what, const author& who) { return desk->enter(what, who); };
  }
  void announce(const std::vector<record>& r, bool recorded) {
    holding writing(boards.writing());
    const auto b = boards.get();
    if (b) show(r, recorded, *b);
    writing.unlock();
    if (b) log_records(r, recorded, *b->districts);
    happened.fetch_add(1, std::memory_order_relaxed);
    if (other && recorded) other->look_again();
    if (centre && recorded) centre->take(r);
    if (tell) tell->take(r);
    if (options.announced) options.announced(r, recorded);
  }
  [[nodiscard]] settings copy() {
    const holding lock(exchanging);
    return in_force;
  }
  void replace(const settings& by) {
    const holding lock(exchanging);
    in_force = by;
  }
  /** With what people entered on the other node; figures, reports and the evaluation are proven by our own ledger. */
  [[nodiscard]] book_door books() { return books_of(other.get(), copy().ledger); }
  [[nodiscard]] book_door own_books() { return books_of(nullptr, copy().ledger); }
  result<void> open_books(ledger::restored& recalled);
  void watch_seals();
  void open_desk(const ledger::restored& recalled);
  [[nodiscard]] api::sources answers(std::vector<std::string> names);
  result<void> listen();
  result<void> hear_traps();
  void apply(const settings& next, std::string_view author);
  /** Runs `f` on the probe thread and waits for it; false if the daemon stops before. Not from the probe thread. */
  bool on_probe_thread(const std::function<void()>& f);
  /** Never before what the ledger has, so that a clock set back dates nobody's entry before its cause. */
  std::optional<wall_t> label_now();
};

bool daemon_process::parts::on_probe_thread(const std::function<void()>& f) {
  std::promise<void> done;
  boost::asio::post(io, [&] {
    f();
    done.set_value();
  });
  auto ran = done.get_future();
  while (ran.wait_for(milliseconds{100}) != std::future_status::ready)
    if (io.stopped()) return false;  // nothing runs on it any more: what we posted is never called
  return true;
}

std::optional<wall_t> daemon_process::parts::label_now() {
  wall_t now{};
  if (!on_probe_thread([&] { now = probes->label_now(); })) return std::nullopt;
  return std::max(now, wall_from_ms(tallies.heartbeat_ms.load(std::memory_order_relaxed)));
}

/** Opens the ledger and writes what every later entry needs: the start, the policy, the inventory. */
result<void> daemon_process::parts::open_books(ledger::restored& recalled) {
  const settings current = copy();
  const auto kind = ledger::algorithm_named(current.seal.algorithm);
  if (!kind) return kind.error();
  auto opened = ledger::writer::open(current.ledger, 0, {.key_file = current.seal.key_file, .kind = *kind});
  if (!opened) return opened.error();
  recalled = (*opened)->restore();
  const wall_t now = system_clocks().wall();
  ledger_batch first{.heartbeat = recalled.fresh ? now : recalled.heartbeat, .records = {}, .memory = {}};
  if (recalled.crashed) {
    first.records.emplace_back(
        gap{.from = recalled.heartbeat, .to = wall_max, .why = cause::monitor_stopped, .text = "crash"});
    log::warn("上次运行未正常停止：{} 之后记为未知 / the last run did not stop cleanly: unknown from there",
              current.zone.format_short(recalled.heartbeat));
  }
  first.records.emplace_back(
      started{.at = now, .version = CHANGTONG_VERSION, .text = {}, .rules = books_rules_version, .node = current.node});
  target_versions known;
  for (const inventory_version& v : recalled.inventory) known[v.target] = v.json;
  for (record& r : journal_settings(current, now, "config", recalled.zone, recalled.policy, known))
    first.records.push_back(std::move(r));
  if (const auto done = (*opened)->commit(first); !done) return done.error();
  watch_seals();
  records = std::make_unique<recorder>(
      std::move(*opened), tallies, [this](const std::vector<record>& r, bool recorded) { announce(r, recorded); },
      recorder_limits{},
      [this] {
        inspection->look_again();
        if (post) post->look_again();
      });
  desk = std::make_unique<command_desk>(
      current.ledger, *records, [this] { return label_now(); }, [this](entered& e) { remark_on_duty(copy(), e); },
      books(), current.peer && current.peer->second ? node_rank::second : node_rank::first);
  return {};
}

/** Who looks after what is written: our own verification, the other node, and the outside if there is somebody. */
void daemon_process::parts::watch_seals() {
  const settings current = copy();
  inspection = std::make_unique<inspector>(current.ledger, tallies, system_clocks().wall);
  const host::look_up names = names_by([this] { return copy().name_servers; });
  if (current.peer)
    other = std::make_unique<node_pair>(current, names, [this] {
      happened.fetch_add(1, std::memory_order_relaxed);
      tell->hear_elsewhere();  // there before anything is shipped here
    });
  if (current.centre)
    centre = std::make_unique<centre_link>(
        current, names, centre_link::doors{.boards = &boards, .probe = asking_door(), .enter = entering_door()});
  post = seal_post_of(current, names, tallies);
}

void daemon_process::parts::open_desk(const ledger::restored& recalled) {
  const settings current = copy();
  tell = std::make_unique<telling>(
      current, recalled,
      telling::doors{.ledger = current.ledger,
                     .boards = &boards,
                     .tallies = &tallies,
                     .now = [this] { return probes->label_anywhere(); },
                     .other = other.get(),
                     .in_doubt = [this] { return probes->in_doubt(); },
                     .names = [this] { return names_by([this] { return copy().name_servers; }); },
                     .on_probe_thread = [this](std::function<void()> f) { boost::asio::post(io, std::move(f)); },
                     .note = [this](std::vector<record> some) { probes->note(std::move(some)); }});
}

/** What the API may ask of the daemon. */
api::sources daemon_process::parts::answers(std::vector<std::string> names) {
  api::sources out{.boards = &boards,
                   .tallies = &tallies,
                   .door = &door,
                   .open_ledger = books(),
                   .open_merged = merged_by(other.get()),
                   .peer = other ? &other->tallies() : nullptr,
                   .now = system_clocks().wall,
                   .zone = [this] { return copy().zone; },
                   .token = [this] { return copy().api_token; },
                   .people = [this] { return bound_by(entrance.get(), copy().people); },
                   .reload = [this](std::string_view author) { return daemon_process::reload(*this, author); },
                   .confirm_clock = {},
                   .enter = entering_door(),
                   .evaluation = [this] { return evaluation->get(); },
                   .recent = [this](std::string_view id) { return probes->recent_of(id); },
                   .entrance = entrance.get(),
                   .proxy_names_users = [this] { return !copy().proxies.user_header.empty(); },
                   .inventory = inventory.get(),
                   .tls = !copy().tls.certificate.empty(),
                   .kinds = std::move(names),
                   .version = CHANGTONG_VERSION,
                   .started = system_clocks().wall()};
  system = std::make_unique<system_desk>(system_desk::doors{.in_force = [this] { return copy(); },
                                                            .books = own_books(),
                                                            .records = records.get(),
                                                            .inspection = inspection.get(),
                                                            .tell = tell.get(),
                                                            .evaluation = evaluation.get()});
  system->answer(out);
  out.confirm_clock = [this](std::string_view by) { return probes->confirm_clock(by); };
  return out;
}

result<void> daemon_process::parts::listen() {
  const settings current = copy();
  std::vector<std::string> names;
  for (const kind& k : kinds()) names.emplace_back(k.name);
  evaluation = std::make_unique<evaluation_watch>(evaluation_watch::sources{
      .books = own_books(), .wanted = [this] { return copy().evaluation; }, .now = system_clocks().wall});
  if (options.first_link) entrance = open_entrance(current, tallies, [this] { return copy().directory; });
  inventory = std::make_unique<lines::desk>(lines::desk::doors{
      .config = options.config, .disk = plain_surroundings(kinds()), .reload = [this](std::string_view author) {
        return daemon_process::reload(*this, author);
      }});
  api = std::make_unique<api::service>(answers(names));
  period_books =
      std::make_unique<metrics::bookkeeper>(metrics::book_sources{.boards = &boards,
                                                                  .open_ledger = own_books(),
                                                                  .contracts = [this] { return copy().contracts; },
                                                                  .now = system_clocks().wall});
  std::vector<web_route> routes = api->routes();
  console_pages pages = find_console(current);
  std::ranges::move(pages.routes, std::back_inserter(routes));
  std::ranges::move(api->page_routes(pages.there), std::back_inserter(routes));
  for (web_route& r : metrics::routes({.boards = &boards,
                                       .tallies = &tallies,
                                       .kinds = names,
                                       .version = CHANGTONG_VERSION,
                                       .ignored = [this] { return ignored.rows(); },
                                       .books = [this] { return period_books->get(); },
                                       .evaluation = [this] { return evaluation->get(); },
                                       .without = [this] { return copy().without_series; },
                                       .door = &door,
                                       .peer = other ? &other->tallies() : nullptr,
                                       .centre = centre ? &centre->tallies() : nullptr,
                                       .traps = current.traps.listen ? &trap_counts : nullptr,
                                       .alerts = [this] { return tell->view(); },
                                       .zone = [this] { return copy().zone; }}))
    routes.push_back(std::move(r));
  if (other) routes.push_back(other->route());
  const listen_address& at = current.listen;
  auto started = http::server::start({.address = at.address,
                                      .port = at.port,
                                      .proxies = current.proxies,
                                      .tls = certificate_of(current),
                                      .happened = &happened},
                                     std::move(routes), &door);
  if (!started) return started.error();
  server = std::move(*started);
  return {};
}

result<void> daemon_process::parts::hear_traps() {
  const settings current = copy();
  if (!current.traps.listen) return {};
  auto opened = trap_desk::open(
      current,
      {.now = [this] { return probes->label_anywhere(); },
       .boards = &boards,
       .enter = [this](std::vector<record> some) { return records->enter(std::move(some)); },
       .heard = [this](const trap_record& t,
                       bool proven) { boost::asio::post(io, [this, t, proven] { probes->heard(t, proven); }); },
       .ask = asking_door(),
       .tallies = &trap_counts});
  if (!opened) return opened.error();
  traps = std::move(*opened);
  log::info("接收陷阱：{} 端口 {} / traps are heard", to_string(current.traps.listen->address), traps->port());
  return {};
}

daemon_process::daemon_process(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
daemon_process::~daemon_process() {
  parts_->reloader.reset();
  parts_->server.reset();
}

boost::system::result<std::unique_ptr<daemon_process>, problems> daemon_process::start(serve_options options) {
  give_memory_back();
  auto loaded = load(options.config);
  if (!loaded) return loaded.error();
  auto p = std::make_unique<parts>();
  settings first = std::move(loaded->value);
  log::begin(first.log_level, first.zone);
  for (const problem& w : loaded->warnings) log::warn("{}", to_string(w));
  if (options.listen) first.listen = *options.listen;
  p->options = std::move(options);
  if (const auto fine = may_begin(first, p->options.in_clear, bool(p->options.first_link)); !fine)
    return one(fine.error());
  p->replace(first);
  host::raise_descriptor_limit();
  ledger::restored recalled;
  if (const auto opened = p->open_books(recalled); !opened) return one(opened.error());
  p->probes = std::make_unique<watch>(
      first, system_clocks(), recalled, *p->records, p->boards, p->tallies,
      [&io = p->io](kind_index k, answer_sink& sink) { return kinds()[k].entry.make(io, sink); },
      p->options.paths.start ? p->options.paths : kernel_paths(first));
  p->probes->recall_paths(known_paths(first.ledger, system_clocks().wall()));
  p->open_desk(recalled);
  for (const auto& [k, c] : p->probes->engine().collectors()) log::info("{}: {}", kinds()[k].name, c->describe());
  if (const auto heard = p->listen(); !heard) return one(heard.error());
  if (const auto heard = p->hear_traps(); !heard) return one(heard.error());
  p->tallies.config_time_s.store(
      std::chrono::floor<std::chrono::seconds>(system_clocks().wall()).time_since_epoch().count());
  malloc_trim(0);  // loading a large district leaves much behind that is never needed again
  return std::unique_ptr<daemon_process>(new daemon_process(std::move(p)));
}

void daemon_process::run() {
  parts& p = *parts_;
  p.stop_signals.async_wait([this](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    log::info("收到 {0}，正在停止 / told to stop by {0}", signal == SIGINT ? "SIGINT" : "SIGTERM");
    stop();
  });
  p.reloader = std::make_unique<host::background>(
      [this](const std::stop_token&) {
        (void)reload("SIGHUP");
        return host::background::pause{};
      },
      0, host::background::first::when_asked);
  std::function<void()> await_reload = [&] {
    p.reload_signal.async_wait([&](const boost::system::error_code& ec, int) {
      if (ec) return;
      p.reloader->ask();
      await_reload();
    });
  };
  await_reload();
  boost::asio::steady_timer slow(p.io);
  std::function<void()> each_second = [&] {
    slow.expires_after(std::chrono::seconds{1});
    slow.async_wait([&](const boost::system::error_code& ec) {
      if (ec) return;
      p.ignored.look(p.probes->engine());
      each_second();
    });
  };
  each_second();
  schedule::run(p.probes->engine(), p.io, system_clocks().mono, [&p] { return p.probes->paused(); });
  p.daily = std::make_unique<daily_check>(p.copy().ledger, *p.records, [&p] { return p.label_now(); });
  const std::string url = url_of(p.copy(), p.server->port());
  if (p.options.ready) p.options.ready(url);
  if (p.entrance) welcome_first_user(p.copy(), *p.entrance, url, p.options.first_link);
  p.io.run();
  p.system->end();
  p.server->stop();
  p.daily.reset();
  if (p.traps) p.traps->end();
  p.tell->end();
  p.tell->note_all();
  const wall_t last = p.probes->flush();
  p.records->stop(last);
}

void daemon_process::stop() {
  boost::asio::post(parts_->io, [this] { parts_->io.stop(); });
}

void daemon_process::pause(milliseconds length) {
  boost::asio::post(parts_->io, [this, length] { parts_->probes->pause_until(system_clocks().mono() + length); });
}

result<phrase> daemon_process::reload(std::string_view author) { return reload(*parts_, author); }

/** Loads on the calling thread, so that probing goes on; only the exchange happens on the probe thread. */
result<phrase> daemon_process::reload(parts& p, std::string_view author) {
  const holding one_at_a_time(p.reloading);
  const auto refused = [&p](const problem& why) {
    p.tallies.reloads_failed.fetch_add(1);
    p.tallies.config_ok.store(false);
    return why;
  };
  auto loaded = load(p.options.config, plain_surroundings(kinds()));
  if (!loaded) return refused(said(told_of_refusal(loaded.error())));
  settings next = std::move(loaded->value);
  const settings before = p.copy();
  const std::vector<change> changes = compare(before, next);
  if (const auto fine = may_take_effect(before, next); !fine) return refused(fine.error());
  if (const auto renewed = renew_certificate(*p.server, before, next); !renewed) return refused(renewed.error());
  keep_until_restart(next, before);
  if (!p.on_probe_thread([&] { p.apply(next, author); })) return said({"监测正在停止", "the daemon is stopping"});
  p.evaluation->look_again();
  p.tallies.reloads_ok.fetch_add(1);
  p.tallies.config_ok.store(true);
  p.tallies.config_time_s.store(
      std::chrono::floor<std::chrono::seconds>(system_clocks().wall()).time_since_epoch().count());
  malloc_trim(0);
  return result<phrase>(boost::system::in_place_value, told_of_changes(changes, loaded->warnings, author));
}

void daemon_process::parts::apply(const settings& next, std::string_view author) {
  const settings current = copy();
  const wall_t at = probes->label_now();
  probes->note(journal_settings(next, at, author, current.zone.name(), policy_json(current), versions_of(current)));
  replace(next);
  probes->adopt(next);
  tell->adopt(next);
  server->trust(next.proxies);
  if (traps) traps->adopt(next);
}

}  // namespace changtong
