// `changtong check` and `changtong probe`: a configuration looked at, and one target asked, without a daemon.
#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

#include "collectors/registry.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

/** Answers of one target's checks, for people. */
class teller final : public answer_sink {
 public:
  teller(const inventory& inv, const std::map<std::uint32_t, check_index>& tickets) : inv_(inv), tickets_(tickets) {}

  void answered(std::uint32_t ticket, const answer& a) override {
    const auto it = tickets_.find(ticket);
    if (it == tickets_.end() || !done_.insert({ticket, a.what}).second) return;
    fmt::print("{:<28} {:<4}", inv_.checks[it->second].id,
               a.what == outcome::good  ? "通"
               : a.what == outcome::bad ? "断"
                                        : "未测");
    if (a.what == outcome::good)
      fmt::print(" {:.3f} ms", std::chrono::duration<double, std::milli>(a.rtt).count());
    else
      fmt::print(" {} ({})", chinese(a.why), english(a.why));
    if (!a.detail.empty()) fmt::print("  {}", a.detail);
    fmt::print("\n");
    for (const fact& f : a.facts) print(f);
  }
  [[nodiscard]] bool all() const { return done_.size() == tickets_.size(); }
  [[nodiscard]] bool has(std::uint32_t ticket) const { return done_.contains(ticket); }
  [[nodiscard]] bool none_bad() const {
    return std::all_of(done_.begin(), done_.end(), [](const auto& d) { return d.second == outcome::good; });
  }

 private:
  static void print(const fact& f) {
    const std::string place = f.index > 0 ? fmt::format("[{}]", f.index) : std::string();
    const std::string value =
        row_of(f.name).unit == fact_unit::counter ? std::to_string(counter_of(f.value)) : std::to_string(f.value);
    fmt::print("    {}{} = {}\n", name_of(f.name), place, value);
  }
  const inventory& inv_;
  const std::map<std::uint32_t, check_index>& tickets_;
  std::map<std::uint32_t, outcome> done_;
};

int check_configuration(const std::string& config, const std::optional<std::string>& against) {
  const auto loaded = load(config);
  if (!loaded) return fail_all(exit_no, loaded.error());
  if (!against) {
    fmt::print("{}", describe(*loaded));
    return exit_ok;
  }
  const auto other = load(*against);
  if (!other) return fail_all(exit_no, other.error());
  const auto changes = compare(other->value, loaded->value);
  for (const change& c : changes) fmt::print("{}\n", to_string(c.text));
  if (changes.empty()) fmt::print("没有变化 / no change\n");
  return exit_ok;
}

int probe_target(const std::string& config, const std::string& id) {
  const auto loaded = load(config);
  if (!loaded) return fail_all(exit_no, loaded.error());
  const inventory& inv = *loaded->value.targets;
  const target* who = inv.find(id);
  if (who == nullptr) return fail(exit_usage, fmt::format("{} 中没有 '{}' / no such line or site", config, id));
  boost::asio::io_context io;
  std::map<std::uint32_t, check_index> tickets;
  teller tell(inv, tickets);
  std::map<kind_index, std::unique_ptr<collector>> by_kind;
  std::map<std::uint32_t, mono_t> deadlines;
  fmt::print("{} {}\n", who->id, who->name);
  for (std::uint32_t i = 0; i < who->check_count; ++i) {
    const check& c = inv.checks[who->first_check + i];
    auto& one = by_kind[c.kind];
    if (!one) one = kinds()[c.kind].entry.make(io, tell);
    tickets[i] = who->first_check + i;
    question q{.ticket = i, .what = &c, .deadline = std::chrono::steady_clock::now() + c.when.timeout};
    deadlines[i] = q.deadline;
    one->ask(std::span(&q, 1));
  }
  const auto stays = boost::asio::make_work_guard(io);  // so that a wait is one though nothing is under way in it
  while (!tell.all()) {
    io.run_one_for(
        milliseconds{1});  // a collector that is not in it is asked whether an answer has come, and tells nobody
    io.poll();
    for (const auto& [k, c] : by_kind) c->drain();
    for (const auto& [ticket, deadline] : deadlines) {
      if (tell.has(ticket) || std::chrono::steady_clock::now() < deadline) continue;
      const cause why = by_kind[inv.checks[tickets[ticket]].kind]->forget(ticket);
      tell.answered(ticket,
                    {.what = class_of(why) == cause_class::own ? outcome::not_measured : outcome::bad, .why = why});
    }
  }
  return tell.none_bad() ? exit_ok : exit_no;
}

}  // namespace

void check_arguments(grammar app, int& code) {
  struct options {
    std::string config, target;
    std::optional<std::string> against;
  };
  const auto o = std::make_shared<options>();
  auto sub = app.add_subcommand("check", "检查配置 / validate everything");
  sub.add_option("--config", o->config, "配置文件").required();
  sub.add_option("--against", o->against, "与此配置比较，列出变化 / print what would change");
  sub.callback([o, &code] { code = check_configuration(o->config, o->against); });

  sub = app.add_subcommand("probe", "立即探测一条专线或网站 / ask one target now");
  sub.add_option("--config", o->config, "配置文件").required();
  sub.add_option("target", o->target, "编号 / id").required();
  sub.callback([o, &code] { code = probe_target(o->config, o->target); });
}

}  // namespace changtong
