#include "daemon/run/centre_serve.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <utility>

#include "changtong_version.h"
#include "daemon/centre/newest_states.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/background.h"
#include "daemon/host/clocks.h"
#include "daemon/host/descriptors.h"
#include "daemon/publish/http/server.h"
#include "daemon/run/centre_approvals.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_counts.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_figures.h"
#include "daemon/run/centre_folding.h"
#include "daemon/run/centre_page.h"
#include "daemon/run/centre_papers.h"
#include "daemon/run/centre_sealing.h"
#include "daemon/run/centre_workers.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds looked_every{2}, still_fresh{15};

web_response plain(std::string text) {
  web_response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = std::move(text);
  return out;
}

void add_folded(metrics::centre_row& row, const centre::folded_head& of, bool apart) {
  if (of.folded_to != wall_t{}) row.folded_to = of.folded_to;
  row.folded = of.folded;
  row.stuck = of.stuck.has_value();
  row.retired = of.retired.has_value();
  row.apart = apart;
}

/** What is not heard of any more is not known. */
metrics::centre_lines lines_of(const centre_counts::counted& of) {
  const auto& [up, down, unknown] = of.lines;
  const bool heard = centre::is_heard(of.who, system_clocks().wall());
  return {.node = of.who.name(), .count = heard ? of.lines : decltype(of.lines){0, 0, up + down + unknown}};
}

centre::database_place place_of(const centre_file& s) {
  return {.connect = s.database, .password = s.database_password};
}

http::certificate_files files_of(const tls_settings& s) {
  return {.certificate = s.certificate, .key = s.key, .client_ca = s.client_ca};
}

}  // namespace

struct centre_process::parts {
  explicit parts(centre_file s)
      : settings(std::move(s)),
        books(place_of(settings), settings.names()),
        door(settings, books),
        asking(place_of(settings)),
        figures(settings, asking),
        page_of_people(settings, asking),
        closed(settings, asking),
        papers(settings, asking),
        approvals(settings, asking),
        sealing(settings, asking),
        folding(place_of(settings)),
        counting(settings, asking),
        watching([this](const std::stop_token&) { return look(); }) {
    if (settings.nats) workers = std::make_unique<centre_workers>(settings, door);
  }

  /** What the database says, for those who wait for nothing. */
  struct sight {
    std::vector<centre::node_head> heads;
    mono_t at{};
    std::optional<problem> wrong;
  };
  [[nodiscard]] host::background::pause look();
  [[nodiscard]] sight seen() {
    const holding lock(looking);
    return last;
  }
  [[nodiscard]] web_response ready_or_not();
  [[nodiscard]] web_response page();
  [[nodiscard]] std::vector<web_route> routes();

  centre_file settings;
  wall_t began = system_clocks().wall();
  centre::archives books;
  centre_door door;
  centre::conversations asking;
  centre_figures figures;
  centre_page page_of_people;
  centre_closings closed;
  centre_papers papers;
  centre_approvals approvals;
  centre_sealing sealing;
  centre_folding folding;
  centre_counts counting;
  mutex looking;
  sight last GUARDED_BY(looking);
  boost::asio::io_context io{1};
  boost::asio::signal_set stop_signals{io, SIGINT, SIGTERM};
  boost::asio::signal_set renew_signal{io, SIGHUP};
  std::unique_ptr<http::server> server;
  std::unique_ptr<centre_workers> workers;  ///< null: nodes ship over HTTP alone
  host::background watching;                ///< uses all of these
};

host::background::pause centre_process::parts::look() {
  auto heads = books.with([](centre::archive& a) { return a.heads(); });
  const holding lock(looking);
  if (heads) {
    if (last.wrong) log::info("数据库又能读写了 / the database is there again");
    last = {.heads = std::move(*heads), .at = system_clocks().mono(), .wrong = {}};
  } else {
    if (!last.wrong)
      log::error(
          "数据库不能读写，节点稍后再送，账都在节点上 / the database is away; nodes ship again, nothing is lost: {}",
          to_string(heads.error()));
    last.wrong = heads.error();
  }
  return {looked_every, looked_every};
}

web_response centre_process::parts::ready_or_not() {
  const sight s = seen();
  const bool fresh = s.at != mono_t{} && system_clocks().mono() - s.at < still_fresh;
  if (fresh && !s.wrong) return plain("ready\n");
  const phrase why = s.wrong ? words_of(*s.wrong) : phrase{"还没有读到数据库", "the database has not been read yet"};
  return problem_answer(503, "database", why.cn, why.en);
}

web_response centre_process::parts::page() {
  const sight s = seen();
  metrics::centre_figures f{.database_up = !s.wrong && s.at != mono_t{}, .nodes = {}, .version = CHANGTONG_VERSION};
  // Those of the settings: who left is nobody's alarm, and who has never shipped is one.
  for (const centre_node& n : settings.nodes) {
    const auto at = std::ranges::find(s.heads, n.name, &centre::node_head::node);
    centre::node_head h;
    if (at != s.heads.end()) h = *at;
    h.node = n.name;
    f.nodes.push_back({.node = h.node,
                       .branch = h.branch,
                       .entries = h.head.seq,
                       .heartbeat = h.heartbeat,
                       .received = h.received,
                       .awaited = began,
                       .forked = h.fork.has_value(),
                       .shipments = door.counted(h.node)});
  }
  for (const centre_counts::counted& c : counting.last()) {
    f.lines.push_back(lines_of(c));
    for (const centre::folded_head* h : c.who.heads())
      if (const auto row = std::ranges::find(f.nodes, h->node, &metrics::centre_row::node); row != f.nodes.end())
        add_folded(*row, *h, h != &c.who.head && c.who.apart());
  }
  f.folding = folding.holds_lease();
  f.sealed = sealing.is_sealed();
  web_response out = plain(metrics::centre_page(f, system_clocks().wall()));
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return out;
}

std::vector<web_route> centre_process::parts::routes() {
  std::vector<web_route> out = door.routes();
  for (web_route& r : figures.routes()) out.push_back(std::move(r));
  for (web_route& r : closed.routes()) out.push_back(std::move(r));
  for (web_route& r : papers.routes()) out.push_back(std::move(r));
  for (web_route& r : approvals.routes()) out.push_back(std::move(r));
  for (web_route& r : page_of_people.routes()) out.push_back(std::move(r));
  out.push_back(workers ? workers->route() : no_live_route(settings.readers));
  const auto vital = [&out](std::string path, web_handler answer) {
    out.push_back({.method = "GET", .path = std::move(path), .answer = std::move(answer), .lane = web_lane::vital});
  };
  vital("/healthz", [](const web_request&) { return plain("ok\n"); });
  vital("/readyz", [this](const web_request&) { return ready_or_not(); });
  vital("/metrics", [this](const web_request&) { return page(); });
  return out;
}

centre_process::centre_process(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
centre_process::~centre_process() {
  parts_->papers.end();
  parts_->server.reset();
  parts_->workers.reset();
  parts_->watching.end();
  parts_->counting.end();
  parts_->sealing.end();
  parts_->folding.end();
}

boost::system::result<std::unique_ptr<centre_process>, problems> centre_process::start(
    const std::string& config, const std::function<void(const std::string& url)>& ready) {
  auto loaded = load_centre(config, plain_surroundings({}));
  if (!loaded) return loaded.error();
  log::begin(log::level::info, loaded->value.zone);
  for (const problem& w : loaded->warnings) log::warn("{}", to_string(w));
  host::raise_descriptor_limit();
  auto p = std::make_unique<parts>(std::move(loaded->value));
  const centre_file& s = p->settings;
  // Each node ships one body at a time; as many threads enter as there are conversations with the database.
  auto started = http::server::start({.address = s.listen.address,
                                      .port = s.listen.port,
                                      .tls = files_of(s.tls),
                                      .entering_threads = 4,
                                      .connections = 1'024,
                                      .bodies_in_flight = 64 << 20},
                                     p->routes());
  if (!started) return problems{.list = {started.error()}, .what = started.error().what};
  p->server = std::move(*started);
  if (ready)
    ready(fmt::format("{}://{}:{}", s.tls.certificate.empty() ? "http" : "https", to_string(s.listen.address),
                      p->server->port()));
  return std::unique_ptr<centre_process>(new centre_process(std::move(p)));
}

void centre_process::run() {
  parts& p = *parts_;
  p.stop_signals.async_wait([&p](const boost::system::error_code& ec, int) {
    if (!ec) p.io.stop();
  });
  std::function<void()> await_renewal = [&] {
    p.renew_signal.async_wait([&](const boost::system::error_code& ec, int) {
      if (ec) return;
      const tls_settings& files = p.settings.tls;
      if (!files.certificate.empty())
        if (const auto done = p.server->renew(files_of(files)); !done) log::error("{}", to_string(done.error()));
      await_renewal();
    });
  };
  await_renewal();
  p.io.run();
  p.server->stop();
}

}  // namespace changtong
