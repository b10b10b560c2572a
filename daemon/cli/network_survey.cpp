#include "daemon/cli/network_survey.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "collectors/net/clock.h"
#include "collectors/registry.h"
#include "collectors/snmp.h"
#include "daemon/cli/ending.h"
#include "daemon/core/utf8.h"

namespace changtong {
namespace {

discover::device_view view_of(const agent_tables& tables) {
  std::vector<std::vector<discover::agent_row>> rows;
  for (const snmp_walk& w : tables.columns) {
    auto& column = rows.emplace_back();
    for (const snmp_walk::row& r : w.rows()) column.push_back({r.index, r.value, r.number()});
  }
  return discover::view_of(rows);
}

}  // namespace

network_survey::network_survey(const settings* known, const wishes& w) : known_(known), wishes_(w) {
  if (known_ == nullptr) return;
  for (const target& t : known_->targets->targets)
    if (t.kind == target_kind::line)
      if (const auto place = of_line(t))
        for (const ip_address& a : t.addresses) by_address_.emplace(a, *place);
}

result<network_survey> network_survey::prepare(const settings* known, const wishes& w) {
  network_survey s(known, w);
  if (known == nullptr) {
    if (!w.credential.empty())
      return said(
          {"--credential 是配置中的名称，要同时写 --config", "--credential names one of a configuration: add --config"},
          problem_class::usage);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here calls setenv
    const char* community = std::getenv("CHANGTONG_COMMUNITY");
    s.own_.push_back({"-", "2c", secret(community == nullptr ? "public" : community)});
    s.named_ = &s.own_.back();
    return s;
  }
  const auto& all = known->credentials;
  if (w.credential.empty()) {
    s.named_ = all.size() == 1 ? &all.front() : nullptr;
    return s;
  }
  const auto at = std::ranges::find(all, w.credential, &credential::name);
  if (at == all.end())
    return said(
        both("配置的 credentials 中没有“{}”", "no credential '{}' in the configuration", shortened(w.credential, 64)),
        problem_class::usage);
  s.named_ = &*at;
  return s;
}

const credential* network_survey::named_in(const check& c) const {
  constexpr std::string_view key = "credential=";
  const std::size_t at = c.spec.find(key);
  if (at == std::string::npos) return nullptr;
  const std::size_t begin = at + key.size();
  const std::string name = c.spec.substr(begin, c.spec.find(',', begin) - begin);
  const auto found = std::ranges::find(known_->credentials, name, &credential::name);
  return found == known_->credentials.end() ? nullptr : &*found;
}

std::optional<agent_place> network_survey::of_line(const target& t) const {
  for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
    const check& one = known_->targets->checks[c];
    if (kinds()[one.kind].name != "snmp") continue;
    if (const credential* who = named_in(one))
      return agent_place{one.address, static_cast<const snmp_settings&>(*one.settings).port, who};
  }
  return std::nullopt;
}

std::optional<agent_place> network_survey::by_wish(const ip_address& a) const {
  if (named_ == nullptr) return std::nullopt;
  return agent_place{a, static_cast<std::uint16_t>(wishes_.port), named_};
}

std::optional<agent_place> network_survey::of_address(const ip_address& a) const {
  const auto at = by_address_.find(a);
  return at == by_address_.end() ? by_wish(a) : at->second;
}

void network_survey::ask(const std::vector<agent_place>& places,
                         const std::function<void(std::size_t, discover::asked_device)>& take) const {
  survey_limits limits;
  limits.timeout = milliseconds{wishes_.timeout_ms};
  std::map<std::size_t, discover::asked_device> early;
  std::size_t next = 0;
  // Whoever has interrupted it waits for no more than this for what was begun with.
  std::optional<mono_t> end;
  const auto in_order = [&](std::size_t place, agent_tables t) {
    if (interrupted() && !end) end = net::mono_now() + milliseconds{400};
    if (end && net::mono_now() >= *end) t = {.trouble = {"被中断", "interrupted"}};
    early[place] = {t.answered ? view_of(t) : discover::device_view{}, t.trouble, t.answered};
    for (; !early.empty() && early.begin()->first == next; ++next)
      take(next, std::move(early.extract(early.begin()).mapped()));
  };
  survey(places, discover::columns(), limits, interrupted, net::syscalls::kernel(), in_order);
}

std::vector<discover::asked_device> network_survey::ask(const std::vector<agent_place>& places) const {
  std::vector<discover::asked_device> out;
  ask(places, [&](std::size_t, discover::asked_device d) { out.push_back(std::move(d)); });
  return out;
}

}  // namespace changtong
