#include "daemon/cli/probe_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>

#include "collectors/registry.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/probe_device.h"
#include "daemon/cli/probe_words.h"
#include "daemon/core/json.h"
#include "daemon/core/log.h"
#include "daemon/core/utf8.h"
#include "daemon/host/clocks.h"
#include "daemon/settings/profiles.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

constexpr std::string_view ping = "icmp";
constexpr std::size_t most_listed = 20;

/** What came back to one check. */
struct seen {
  const check* what = nullptr;
  bool answered = false;
  outcome how = outcome::not_measured;
  cause why = cause::none;
  nanoseconds rtt{0};
  std::vector<fact> facts{};
  std::string detail{};
};

/** Keeps the first answer to each ticket, which is a place in the list. */
class keeper final : public answer_sink {
 public:
  explicit keeper(std::vector<seen>& into) : into_(into) {}
  void answered(std::uint32_t ticket, const answer& a) override {
    if (ticket >= into_.size() || into_[ticket].answered) return;
    seen& s = into_[ticket];
    s = {s.what, true, a.what, a.why, a.rtt, {a.facts.begin(), a.facts.end()}, std::string(a.detail)};
  }

 private:
  std::vector<seen>& into_;
};

/** Questions and the collectors that put them. */
class round_of_questions {
 public:
  explicit round_of_questions(const std::vector<const check*>& checks)
      : checks_(checks), all_(checks.size()), sink_(all_) {}

  /** All at once; returns when each has its answer or its time is over. What is found out beside the first answer
   * (an interface's name, a profile) is waited for, and told by a second one. */
  std::vector<seen> asked() {
    std::vector<std::uint32_t> every(checks_.size());
    std::iota(every.begin(), every.end(), 0U);
    ask(every);
    std::vector<std::uint32_t> again;
    for (const std::uint32_t i : every)
      if (all_[i].how == outcome::good && found_out_.contains(checks_[i]->kind)) again.push_back(i);
    if (!again.empty()) {
      settle();
      std::vector<seen> first = all_;
      ask(again);
      for (const std::uint32_t i : again)  // a line that has answered is not down for a second packet that was lost
        if (all_[i].how != outcome::good) all_[i] = std::move(first[i]);
    }
    return std::move(all_);
  }

 private:
  void settle() {
    const mono_t end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    const auto busy = [](const auto& one) { return !one.second->settled(); };
    while (std::ranges::any_of(by_kind_, busy) && std::chrono::steady_clock::now() < end) {
      io_.run_one_for(milliseconds{1});
      for (const auto& [k, c] : by_kind_) c->drain();
    }
  }
  void ask(const std::vector<std::uint32_t>& which);

  const std::vector<const check*>& checks_;
  std::vector<seen> all_;
  keeper sink_;
  boost::asio::io_context io_;
  /** So that a wait is one though nothing is under way in it. */
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_{io_.get_executor()};
  std::map<kind_index, std::unique_ptr<collector>> by_kind_;
  /** Those that had something to find out: a first answer that came together with it tells nothing of it. */
  std::set<kind_index> found_out_;
};

void round_of_questions::ask(const std::vector<std::uint32_t>& which) {
  std::map<std::uint32_t, mono_t> deadlines;
  for (const std::uint32_t i : which) {
    const check& c = *checks_[i];
    all_[i] = {.what = &c};
    auto& one = by_kind_[c.kind];
    if (!one) one = kinds()[c.kind].entry.make(io_, sink_);
    const mono_t now = std::chrono::steady_clock::now();
    question q{.ticket = i, .what = &c, .deadline = now + c.when.timeout, .sent = now};
    one->ask(std::span(&q, 1));
    deadlines[i] = q.sent + c.when.timeout;
  }
  while (!std::ranges::all_of(all_, &seen::answered)) {
    io_.run_one_for(
        milliseconds{1});  // a collector that is not in it is asked whether an answer has come, and tells nobody
    io_.poll();
    const mono_t now = std::chrono::steady_clock::now();  // what has come by now is read before anything is given up
    for (const auto& [k, c] : by_kind_) {
      if (!c->settled()) found_out_.insert(k);
      c->drain();
    }
    for (const auto& [i, deadline] : deadlines) {
      if (all_[i].answered || now < deadline) continue;
      const cause why = by_kind_[checks_[i]->kind]->forget(i);
      sink_.answered(i, {.what = class_of(why) == cause_class::own ? outcome::not_measured : outcome::bad, .why = why});
    }
  }
}

std::vector<seen> asked(const std::vector<const check*>& checks) { return round_of_questions(checks).asked(); }

std::string_view kind_of(const check& c) { return kinds()[c.kind].name; }

std::optional<kind_index> kind_named(std::string_view name) {
  const auto at = std::ranges::find(kinds(), name, &kind::name);
  if (at == kinds().end()) return std::nullopt;
  return static_cast<kind_index>(at - kinds().begin());
}

/** The kind whose settings name the host. */
std::string_view page_kind() {
  const auto at = std::ranges::find_if(kinds(), [](const kind& k) { return !k.entry.needs_address; });
  return at == kinds().end() ? std::string_view() : at->name;
}

/** A check that stands in no inventory, with a kind's defaults. */
std::optional<check> made_up(std::string_view kind, const ip_address& address, const std::string& url,
                             milliseconds timeout, std::vector<name_server> servers = {}) {
  const auto k = kind_named(kind);
  if (!k) return std::nullopt;
  kind_arguments none;
  none.url = url;
  none.name_servers = std::move(servers);
  auto settings = kinds()[*k].entry.parse(none);
  if (!settings) return std::nullopt;
  check c;
  c.id = kind;
  c.kind = *k;
  c.address = address;
  c.when.timeout = timeout;
  c.settings = std::move(*settings);
  return c;
}

/** An address is pinged, a URL or the name of a host visited, its name asked of the configuration's servers. */
std::optional<check> stranger(const std::string& word, const std::vector<name_server>& servers) {
  constexpr std::chrono::seconds for_a_ping{1}, for_a_page{15};
  if (const auto address = parse_address(word)) return made_up(ping, *address, {}, for_a_ping);
  if (word.starts_with("http://") || word.starts_with("https://"))
    return made_up(page_kind(), {}, word, for_a_page, servers);
  const bool host = word.find('.') != std::string::npos && word.find_first_of(" /@") == std::string::npos;
  return host ? made_up(page_kind(), {}, "http://" + word + "/", for_a_page, servers) : std::nullopt;
}

/** SNMP is silent: does the host answer a ping? Known from another check, or asked. */
bool answers_a_ping(const seen& snmp, const std::vector<seen>& all) {
  const auto pinged = [&](const seen& s) {
    return kind_of(*s.what) == ping && s.what->address == snmp.what->address && s.how == outcome::good;
  };
  if (std::ranges::any_of(all, pinged)) return true;
  const auto c = made_up(ping, snmp.what->address, {}, std::chrono::seconds{1});
  return c && asked({&*c}).front().how == outcome::good;
}

/** What a person has to know to read the answer, Chinese first; often nothing. */
std::string_view explained(const seen& s, const std::vector<seen>& all) {
  if (s.how == outcome::not_measured)
    return "未测到，原因在本机，不算线路故障 / not measured for a reason of this host: nobody's outage";
  if (s.how == outcome::bad && s.why == cause::timeout && kind_of(*s.what) == "snmp" && answers_a_ping(s, all))
    return "团体名不对或没有代理：ping 仍通 / wrong community or no agent: ping answers";
  return {};
}

class teller {
 public:
  teller(civil_zone zone, bool json, std::shared_ptr<const device_profiles> profiles)
      : zone_(std::move(zone)), json_(json), profiles_(std::move(profiles)) {}

  /** Asks and says what came; true if every check is good. */
  bool tell(const std::string& id, const std::string& name, const std::vector<const check*>& checks) {
    if (!json_) fmt::print("{} {}\n", id, name);
    std::fflush(stdout);
    const std::vector<seen> all = asked(checks);
    json_ ? add(id, name, all) : print(all);
    return std::ranges::all_of(all, [](const seen& s) { return s.how == outcome::good; });
  }
  void finish() const {
    if (json_) fmt::print("{}\n", list_.text());
  }

 private:
  void print(const std::vector<seen>& all) const {
    const wall_t now = host::wall_now();
    for (const seen& s : all) {
      fmt::print("{:<28} {:<4}", s.what->id, chinese_of(s.how));
      if (s.how == outcome::good)
        fmt::print(" {}", in_ms(s.rtt));
      else
        fmt::print(" {} ({})", chinese(s.why), english(s.why));
      fmt::print("{}{}\n", s.detail.empty() ? "" : "  ", s.detail);
      for (const fact& f : s.facts) fmt::print("    {}\n", told(f, zone_, now, called(s, f)));
      if (const auto more = explained(s, all); !more.empty()) fmt::print("    {}\n", more);
      if (has_device(s)) fmt::print("{}", device_text(look_at_device(*s.what, *profiles_)));
    }
  }
  void add(const std::string& id, const std::string& name, const std::vector<seen>& all) {
    json_array checks;
    for (const seen& s : all) {
      json_array facts;
      for (const fact& f : s.facts)
        facts.add_raw(json_object()
                          .add("name", name_of(f.name))
                          .add("index", static_cast<std::int64_t>(f.index))
                          .add("called", called(s, f))
                          .add_raw("value", value_text(f))
                          .text());
      json_object o;
      o.add("check", s.what->id).add("kind", kind_of(*s.what)).add("outcome", name_of(s.how));
      o.add("cause", name_of(s.why));
      s.how == outcome::good ? o.add("rtt_ns", static_cast<std::int64_t>(s.rtt.count())) : o.add_null("rtt_ns");
      o.add("detail", s.detail).add_raw("facts", facts.text());
      if (has_device(s)) o.add_raw("device", device_json(look_at_device(*s.what, *profiles_)));
      checks.add_raw(o.text());
    }
    list_.add_raw(json_object().add("id", id).add("name", name).add_raw("checks", checks.text()).text());
  }
  /** The name by which the check knows an interface; empty for those of a number. */
  static std::string called(const seen& s, const fact& f) {
    for (const fact_place& p : s.what->settings->facts())
      if (p.index == f.index && !p.called.empty()) return p.called;
    return {};
  }
  /** It answered by SNMP: who is it? */
  static bool has_device(const seen& s) { return s.how == outcome::good && kind_of(*s.what) == "snmp"; }
  static std::string_view chinese_of(outcome o) {
    return o == outcome::good ? "通" : o == outcome::bad ? "断" : "未测";
  }

  civil_zone zone_;
  bool json_;
  std::shared_ptr<const device_profiles> profiles_;
  json_array list_;
};

problem several(const std::string& word, const std::vector<const target*>& found) {
  phrase all = both("“{}”对应 {} 个对象，请写编号：",
                    "'{}' names {} targets, say which by its id:", shortened(word, 64), found.size());
  for (std::size_t i = 0; i < std::min(found.size(), most_listed); ++i)
    all.en += fmt::format("\n  {}  {}", found[i]->id, found[i]->name);
  if (found.size() > most_listed) all.en += fmt::format("\n  …… 共 {} 个 / of {}", found.size(), found.size());
  return said(std::move(all), problem_class::usage);
}

/** A word that is asked: a target of the inventory, or a check that was made up for it. */
struct chosen {
  std::string id, name;
  std::vector<const check*> checks;
};

/** Finds out what every word means before anything is asked. */
class choice {
 public:
  /** `known` may be null; outlives it. */
  explicit choice(const settings* known)
      : inv_(known == nullptr ? nullptr : known->targets.get()),
        servers_(known == nullptr ? std::vector<name_server>{} : known->name_servers) {}
  /** One more in `all`. */
  result<void> take(const std::string& word) {
    const auto found = inv_ == nullptr ? std::vector<const target*>{} : targets_named(*inv_, word);
    if (found.size() > 1) return several(word, found);
    if (found.size() == 1) {
      chosen c{found[0]->id, found[0]->name, {}};
      for (std::uint32_t i = 0; i < found[0]->check_count; ++i)
        c.checks.push_back(&inv_->checks[found[0]->first_check + i]);
      all.push_back(std::move(c));
      return {};
    }
    auto made = stranger(word, servers_);
    if (!made && inv_ == nullptr)
      return said(both("“{}”不是地址或网址；按编号或名称探测要写 --config",
                       "'{}' is no address or URL: to ask by id or name, add --config", shortened(word, 64)),
                  problem_class::usage);
    if (!made)
      return said(
          both("清单中没有“{}”：请写编号、名称、电路编号、地址或网址",
               "no line or site '{}': write an id, a name, a circuit, an address or a URL", shortened(word, 64)),
          problem_class::usage);
    made_up_.push_back(std::move(*made));
    all.push_back({word, "（不在清单中 / not in the inventory）", {&made_up_.back()}});
    return {};
  }
  std::vector<chosen> all;

 private:
  const inventory* inv_;
  std::vector<name_server> servers_;
  std::deque<check> made_up_;
};

}  // namespace

int probe_command(const probe_options& o) {
  log::set_level(log::level::warn);  // how a socket was opened is not what was asked
  std::optional<loaded> known;
  if (!o.config.empty()) {
    auto read = load(o.config);
    if (!read) return fail(read.error());
    known = std::move(*read);
  }
  choice of(known ? &known->value : nullptr);
  for (const std::string& word : o.targets)
    if (const auto taken = of.take(word); !taken) return fail(taken.error());
  teller tell(known ? known->value.zone : civil_zone::named("Asia/Shanghai").value(), o.format == "json",
              known ? known->value.profiles : built_in_profiles());
  bool good = true;
  for (const chosen& c : of.all) good = tell.tell(c.id, c.name, c.checks) && good;
  tell.finish();
  return good ? exit_ok : exit_no;
}

void probe_arguments(grammar app, int& code) {
  const auto o = std::make_shared<probe_options>();
  auto sub = app.add_subcommand("probe", "立即探测专线、网站或任一地址 / ask lines, sites or any address now");
  sub.add_option("--config", o->config, "配置文件；只探测地址或网址时可不写 / the configuration");
  sub.add_option("target", o->targets, "编号、名称、电路编号、地址或网址，可写多个 / id, name, circuit, address or URL")
      .required();
  format_option(sub, o->format, {"text", "json"}, "（数值精确）/ with exact numbers");
  sub.footer(
      "tcp：端口关闭也算可达，除非另有设置（reset=bad、expect=）/ a closed port counts as reachable unless told "
      "otherwise\n"
      "snmp：不应答而 ping 仍通，多半是团体名不对或没有代理 / silent while ping answers: wrong community or no agent\n"
      "例 / example:\n  changtong probe V014 --config /etc/changtong/changtong.yaml\n"
      "退出码 / exit codes: 0 全部是通, 1 有一项不通, 2 没有这个对象或不止一个");
  sub.callback([o, &code] { code = probe_command(*o); });
}

}  // namespace changtong
