#include "daemon/simulate/demo.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <optional>
#include <thread>

#include "daemon/core/civil.h"
#include "daemon/core/log.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/simulate/agents.h"
#include "daemon/simulate/demo_files.h"
#include "daemon/simulate/domain_server.h"
#include "daemon/simulate/narrator.h"
#include "daemon/simulate/routers.h"
#include "daemon/simulate/trap_sender.h"
#include "daemon/simulate/web_sites.h"

namespace changtong::simulate {
namespace {

namespace asio = boost::asio;

wall_t wall_now() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

/** How long a fair monitor may take from a cut to its announcement. */
milliseconds patience_for(const district& d) { return d.interval + milliseconds{15'000}; }

void print_to_stdout(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

/** `io` and what hangs on it belong to the demo's thread while it runs; `teller` and `print` to whoever holds `mutex`.
 */
struct demo::running {
  running(demo_options o, district d, demo_files f, civil_zone zone)
      : options(std::move(o)),
        where(std::move(d)),
        files(std::move(f)),
        zone_(zone),
        teller(where, std::move(zone), patience_for(where)) {}

  demo_options options;
  district where;
  demo_files files;
  civil_zone zone_;

  asio::io_context io{1};
  std::unique_ptr<agents> lines;
  std::unique_ptr<web_sites> sites;
  std::unique_ptr<domain_server> domains;
  std::optional<story> tale;
  asio::steady_timer next_trouble{io}, next_summary{io};
  std::chrono::steady_clock::time_point began{};
  std::thread thread;

  mutex telling;
  narrator teller GUARDED_BY(telling);
  std::optional<reckoning> closed GUARDED_BY(telling);
  cut_lines cut GUARDED_BY(telling);

  void say(std::string_view text) {
    if (text.empty()) return;
    if (options.print)
      options.print(text);
    else
      print_to_stdout(text);
  }

  /** What is cut before anybody looks and will stay so. */
  void begin_standing() {
    const holding lock(telling);
    const wall_t now = wall_now();
    say(teller.began(standing_trouble(where), std::array{now}, now));
  }

  /** Nothing is wrong with these: citizens and managers can use them. */
  [[nodiscard]] std::string oddities() const {
    std::string text = "不合常规、但能用的：";
    for (const district_site& s : where.sites)
      if (s.manner == site_manner::gbk || s.manner == site_manner::old)
        text +=
            fmt::format("{}({}) {}；", s.name, s.id, s.manner == site_manner::gbk ? "为 GBK 编码" : "为老式 HTTP/1.0");
    if (where.lines.back().odd_agent)
      text += fmt::format("{}({}) 的 SNMP 代理以别的团体字应答，报文后有多余字节；", where.lines.back().name,
                          where.lines.back().id);
    text.replace(text.size() - std::string_view("；").size(), std::string::npos, "\n");
    return text;
  }

  [[nodiscard]] std::string head() const {
    return fmt::format(
        "演示区县「{}」（虚构）：{} 个乡镇街、{} 个村/社区、{} 个卫生单位、{} 个教育单位，共 {} 条专线，{} "
        "个网站；种子 {}，"
        "故障节奏 {:g} 倍\n{}地址 {} – {}，SNMP 端口 {}，TCP 端口 {}；{}\n文件在 {}，其中 li.token、wang.token "
        "是李工、王工的令牌（接手故障、申请与批准窗口）\n",
        where.name, where.count("township"), where.count("village"), where.count("health"), where.count("education"),
        where.lines.size(), where.sites.size(), options.seed, options.speed, oddities(),
        dotted(where.lines.front().address), dotted(where.lines.back().address), where.ports.snmp, where.ports.tcp,
        lines->describe(), files.dir());
  }

  void wait_for_trouble() {
    const trouble t = tale->next();
    next_trouble.expires_at(began + t.begins);
    next_trouble.async_wait([this, t](const boost::system::error_code& e) {
      if (e) return;
      begin(t);
      wait_for_trouble();
    });
  }

  void begin(const trouble& t) {
    if (t.kind == trouble_kind::probing_pause) options.pause_probing(t.lasts);
    const std::vector<wall_t> edges = apply(t, true);
    auto over = std::make_shared<asio::steady_timer>(io, began + t.ends());
    over->async_wait([this, over, t](const boost::system::error_code& e) {
      if (e) return;
      const std::vector<wall_t> ends = apply(t, false);
      const holding lock(telling);
      say(teller.ended(t, ends, wall_now()));
    });
    const holding lock(telling);
    say(teller.began(t, edges, wall_now()));
  }

  static bool may_speak(const trouble& t) {
    return t.kind == trouble_kind::village_cut || t.kind == trouble_kind::township_cut;
  }
  static bool is_of_power(const trouble& t) { return may_speak(t) && t.number % 2 == 0; }

  /** What devices say of it: of every other trouble the power is to blame, of the others the line, which its parent
   * sees. A device without power can say so for a moment, one that is cut off cannot. */
  void speak(const trouble& t, bool begins) {
    if (!may_speak(t)) return;
    const std::uint32_t line = t.lines.front(), parent = where.lines[line].parent;
    const auto say_it = [&](std::uint32_t who, device_word what, milliseconds uptime) {
      send_trap(where, who, trap_datagram(what, files.community(), uptime, line));
    };
    const auto running = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    if (is_of_power(t))
      say_it(line, begins ? device_word::dying_gasp : device_word::cold_start, begins ? running : milliseconds{300});
    else if (parent != no_line)
      say_it(parent, begins ? device_word::link_down : device_word::link_up, running);
  }

  /** Begins or ends `t` on the wire; the true instants of its targets. A line is cut when its last socket is closed,
   * and back from when its first is being opened. */
  std::vector<wall_t> apply(const trouble& t, bool begins) {
    std::vector<wall_t> edges;
    if (t.site != no_line) {
      site_condition to;
      if (begins) to = {.failing = t.kind == trouble_kind::site_error, .delay = t.delay};
      sites->set(t.site, to);
      edges.push_back(wall_now());
    }
    if (begins) speak(t, true);
    line_condition to;
    if (begins)
      to = {.snmp = t.kind != trouble_kind::agent_silent && !is_outage(t.kind),
            .tcp = !is_outage(t.kind),
            .loss = t.loss,
            .delay = t.delay};
    if (!begins && is_of_power(t)) lines->restart(t.lines.front());
    for (const std::uint32_t line : t.lines) {
      const wall_t before = wall_now();
      if (auto done = lines->set(line, to); !done) log::error("演示线路无法恢复: {}", to_string(done.error()));
      edges.push_back(begins ? wall_now() : before);
    }
    if (!begins) speak(t, false);
    if (is_outage(t.kind)) note_cut(t, begins);
    return edges;
  }

  /** For the routers, whose thread asks which lines are cut. */
  void note_cut(const trouble& t, bool begins) {
    const holding lock(telling);
    for (const std::uint32_t line : t.lines) {
      cut.erase(line);
      if (begins) cut.emplace(line, t.kind);
    }
  }

  void wait_for_minute() {
    next_summary.expires_after(std::chrono::minutes(1));
    next_summary.async_wait([this](const boost::system::error_code& e) {
      if (e) return;
      {
        const holding lock(telling);
        say(teller.summary(wall_now()));
      }
      wait_for_minute();
    });
  }

  result<void> open() {
    const std::size_t descriptors = options.descriptors > 0 ? options.descriptors : raise_descriptor_limit();
    auto world = make_world(where, files.community(), std::chrono::steady_clock::now());
    auto opened = open_agents(io, std::move(world), descriptors);
    if (!opened) return opened.error();
    auto served = web_sites::open(io, where);
    if (!served) return served.error();
    auto named = domain_server::open(io, where);
    if (!named) return named.error();
    lines = std::move(*opened);
    sites = std::move(*served);
    domains = std::move(*named);
    return {};
  }

  void halt() {
    io.stop();
    if (thread.joinable()) thread.join();
    lines.reset();
    sites.reset();
    domains.reset();
  }
};

demo::demo(std::unique_ptr<running> r) : running_(std::move(r)) {}

demo::~demo() { running_->halt(); }

result<std::unique_ptr<demo>> demo::make(demo_options options) {
  auto zone = civil_zone::named("Asia/Shanghai");
  if (!zone) return zone.error();
  district d = make_district(options.lines, options.seed, options.ports);
  const wall_t now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  auto files =
      demo_files::write(d, options.listen, zone->key(now, civil_zone::unit::year), options.dir, options.webhook);
  if (!files) return files.error();
  return std::unique_ptr<demo>(
      new demo(std::make_unique<running>(std::move(options), std::move(d), std::move(*files), std::move(*zone))));
}

const std::string& demo::config_path() const { return running_->files.config(); }
const std::string& demo::dir() const { return running_->files.dir(); }
const district& demo::where() const { return running_->where; }

result<void> demo::start() {
  running& r = *running_;
  if (auto opened = r.open(); !opened)
    return said(both("{}（是否已有另一个演示在运行？）", "{} (is another demo running?)", words_of(opened.error())));
  story_pace pace = pace_for(r.where, r.options.speed);
  pace.pauses = static_cast<bool>(r.options.pause_probing);
  r.tale.emplace(r.where, r.options.seed, pace);
  r.say(r.head());
  r.began = std::chrono::steady_clock::now();
  r.begin_standing();
  r.wait_for_trouble();
  if (r.options.watched) r.wait_for_minute();
  r.thread = std::thread([&r] { r.io.run(); });
  return {};
}

std::optional<seen_path> demo::follow_path(const ip_address& to) const {
  const std::uint32_t line = line_at(running_->where, to);
  if (line == no_line) return std::nullopt;
  const holding lock(running_->telling);
  return traced(running_->where, running_->cut, line);
}

void demo::announced(const transition& said, wall_t now) {
  running& r = *running_;
  const holding lock(r.telling);
  if (!r.closed) r.say(r.teller.announced(said, now));
}

reckoning demo::stop() {
  running& r = *running_;
  r.halt();
  const holding lock(r.telling);
  if (!r.closed) {
    r.closed = r.teller.so_far(wall_now());
    if (r.options.watched) r.say(write_reckoning(*r.closed, r.zone_));
  }
  return *r.closed;
}

}  // namespace changtong::simulate
