// The daemon about itself: settings in force and since when, verification and seals, channels and a way to try one.
#include "daemon/accounts/trail.h"
#include "daemon/core/rules_version.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

constexpr std::size_t most_versions = 20;

wall_t at_second(const std::atomic<std::int64_t>& unix_s) {
  return wall_from_ms(unix_s.load(std::memory_order_relaxed) * 1000);
}

std::int64_t count(const std::atomic<std::uint64_t>& of) {
  return static_cast<std::int64_t>(of.load(std::memory_order_relaxed));
}

std::string settings_json(const own_view& own, const context& from) {
  const auto board = from.from.boards->get();
  json_object out;
  out.add("listen", own.listen).add_bool("tls", own.tls).add("node", own.node);
  out.add("zone", from.from.zone().name()).add("traps", own.traps);
  out.add_bool("evaluation", own.evaluation).add_bool("seal_post", own.seal_post);
  out.add("tokens", static_cast<std::int64_t>(own.people));
  out.add("targets", static_cast<std::int64_t>(board ? board->districts->targets.size() : 0));
  const daemon_tallies& c = *from.from.tallies;
  add_instant(out, "loaded", at_second(c.config_time_s), from.from.zone());
  out.add_bool("last_reload_taken", c.config_ok.load()).add("reloads_refused", count(c.reloads_failed));
  return out.text();
}

/** The newest last in the journal, first here. */
std::string policies_json(const std::vector<policy_version>& all, const civil_zone& zone) {
  json_array out;
  for (auto v = all.rbegin(); v != all.rend() && static_cast<std::size_t>(v - all.rbegin()) < most_versions; ++v) {
    json_object one;
    add_instant(one, "at", v->at, zone);
    out.add_raw(one.add("zone", v->zone).text());
  }
  return out.text();
}

std::string rules_json(const ledger::reader& books) {
  json_array recorded;
  for (const std::int32_t v : books.rules()) recorded.add_raw(std::to_string(v));
  return json_object().add("now", std::int64_t{books_rules_version}).add_raw("recorded", recorded.text()).text();
}

std::string kept_json(const ledger::reader& books) {
  constexpr accounts::trail_limits audit{};
  json_object out;
  add_instant(out, "ledger_from", books.first_entry(), books.zone());
  out.add("audit_days", std::int64_t{audit.kept.count() / 24});
  return out.add("audit_bytes", static_cast<std::int64_t>(audit.all_bytes)).text();
}

std::string verification_json(const daemon_tallies& c, const civil_zone& zone) {
  const int ok = c.ledger_verified_ok.load();
  json_object out;
  if (ok < 0)
    out.add_null("whole");
  else
    out.add_bool("whole", ok == 1);
  add_instant(out, "at", at_second(c.ledger_verified_s), zone);
  out.add("entries", c.ledger_verified_entries.load());
  add_instant(out, "sealed_until", wall_from_ms(c.sealed_until_ms.load()), zone);
  out.add("seal_failures", count(c.seal_failures)).add("post_failures", count(c.seal_post_failures));
  return out.text();
}

std::string trial_json(const channel_trial& t, const civil_zone& zone) {
  json_object out;
  add_instant(out, "at", t.at, zone);
  return out.add("by", t.by).add_bool("ended", t.ended).add_bool("taken", t.taken).add("answer", t.answer).text();
}

std::string channels_json(const own_view& own, const civil_zone& zone) {
  json_array all;
  for (const channel_view& c : own.alerts.channels) {
    json_object out;
    out.add("id", c.id).add("kind", c.kind).add_bool("well", c.well);
    add_instant(out, "since", c.since, zone);
    out.add("told", static_cast<std::int64_t>(c.told)).add("failed", static_cast<std::int64_t>(c.failed));
    out.add("waiting", static_cast<std::int64_t>(c.waiting)).add("last", c.last);
    const auto tried = own.trials.find(c.id);
    if (tried == own.trials.end())
      out.add_null("trial");
    else
      out.add_raw("trial", trial_json(tried->second, zone));
    all.add_raw(out.text());
  }
  return all.text();
}

web_response show_system(context& from, const question&) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const ledger::reader& books = **reader;
  const civil_zone& zone = books.zone();
  const own_view own = from.from.own ? from.from.own() : own_view{};
  const std::vector<policy_version> policies = books.policies();
  json_object out;
  out.add("version", from.from.version);
  add_instant(out, "started", from.from.started, zone);
  out.add_raw("settings", settings_json(own, from)).add_raw("rules", rules_json(books));
  out.add("policy_versions", static_cast<std::int64_t>(policies.size()));
  out.add_raw("policies", policies_json(policies, zone));
  out.add_raw("policy", policies.empty() || policies.back().policy.empty() ? "{}" : policies.back().policy);
  out.add_raw("kept", kept_json(books)).add_raw("verification", verification_json(*from.from.tallies, zone));
  return json_answer(out.add_raw("channels", channels_json(own, zone)).text());
}

web_response try_channel(context& from, const question& q) {
  if (auto no = unwanted(q.request.body)) return std::move(*no);
  if (!from.from.try_channel) return cannot_enter();
  const trial_start begun = from.from.try_channel(q.id, q.who.name);
  if (begun.status == 200) return json_answer(json_object().add("channel", q.id).text());
  web_response out = problem_answer(begun.status, "not_tried", begun.why.cn, begun.why.en);
  if (begun.wait.count() > 0)
    out.headers.emplace_back("Retry-After",
                             std::to_string(std::chrono::ceil<std::chrono::seconds>(begun.wait).count()));
  return out;
}

}  // namespace

std::vector<route> system_routes() {
  return {
      {.path = "/api/v1/system",
       .summary = "监测自身：生效的设置、核验与封存、告警渠道",
       .about = "No secrets. `policy` is what the books depend on, as the journal has it, in force since the first of "
                "`policies`.",
       .answer = "System",
       .refusals = {{503, "The ledger cannot be read just now"}},
       .function = show_system},
      {.method = "POST",
       .path = "/api/v1/channels/{id}",
       .summary = "立即发一条测试消息",
       .about = "One in ten seconds a channel. Answers at once; how it ended stands in /api/v1/system as `trial`.",
       .needs = right::channels,
       .answer = "ChannelTried",
       .refusals = {{404, "There is no such channel"},
                    {409, "It reaches nobody: it has no receivers of its own"},
                    {429, "It was tried just now: Retry-After says when"},
                    {503, "This daemon sends nothing"}},
       .function = try_channel},
  };
}

}  // namespace changtong::api
