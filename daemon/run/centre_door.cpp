#include "daemon/run/centre_door.h"

#include <algorithm>
#include <memory>

#include "daemon/centre/head_text.h"
#include "daemon/centre/newest_states.h"
#include "daemon/core/json.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/shipment.h"
#include "daemon/publish/alerts/channel_text.h"
#include "daemon/publish/api/people.h"
#include "daemon/run/centre_link.h"

namespace changtong {
namespace {

constexpr std::string_view scheme = "Bearer ", browsers = "Basic ";
/** Places of metrics::shipment_outcomes. */
enum came_of_it : std::size_t { was_taken, was_standing, was_fork, was_refused };

web_response no(int status, std::string_view code, const phrase& why) {
  web_response out = problem_answer(status, code, why.cn, why.en);
  if (status == 503) out.headers.emplace_back("Retry-After", "1");
  return out;
}

std::string_view token_of(const web_request& request) {
  const std::string_view given = request.header("authorization");
  return given.starts_with(scheme) ? given.substr(scheme.size()) : std::string_view{};
}

}  // namespace

/** Held against every one there is, so that time tells nothing. */
std::optional<web_response> no_reader(const web_request& request, const std::vector<centre_reader>& readers) {
  bool known = false;
  const std::string_view given = request.header("authorization");
  for (const centre_reader& r : readers) {
    const std::string by_browser = alerts::base64(fmt::format("{}:{}", r.name, r.token.reveal()));
    known = api::same_secret(token_of(request), r.token) || known;
    known =
        (given.starts_with(browsers) && api::same_secret(given.substr(browsers.size()), secret(by_browser))) || known;
  }
  if (known) return std::nullopt;
  return no(401, "wrong_token",
            {"令牌不对：应为中心配置 reader 或 readers 里的一个；浏览器里用户名写 readers 的 name（reader 的写 "
             "reader），口令写令牌",
             "wrong token: one of `reader` or `readers` in the centre's configuration; in a browser the user is its "
             "name (`reader` for the one of `reader`), the password is the token"});
}

centre_door::centre_door(const centre_file& s, centre::archives& books)
    : asks_certificates_(!s.tls.client_ca.empty()), readers_(s.readers), zone_(s.zone), books_(books) {
  for (const centre_node& n : s.nodes) {
    guest& g = guests_.emplace_back();
    g.name = n.name;
    g.token = n.token;
  }
}

std::vector<web_route> centre_door::routes() {
  return {{.method = "POST",
           .path = std::string(centre_path),
           .answer = [this](const web_request& request) { return answer(request); },
           .lane = web_lane::entering,
           .most_body = ledger::most_shipped_bytes,
           .keeper = [this](const web_request& head) { return stranger(head); }},
          {.method = "GET",
           .path = "/centre/v1/nodes",
           .answer = [this](const web_request& request) { return nodes(request); },
           .lane = web_lane::reading}};
}

/** Held against every one there is, so that time tells nothing. */
centre_door::guest* centre_door::who(const web_request& request) {
  guest* found = nullptr;
  for (guest& g : guests_)
    if (api::same_secret(token_of(request), g.token)) found = &g;
  return found;
}

std::optional<web_response> centre_door::stranger(const web_request& head) {
  const guest* const from = who(head);
  const bool is_certified =
      from != nullptr && (!asks_certificates_ || std::ranges::find(head.certified, from->name) != head.certified.end());
  if (is_certified) return std::nullopt;
  if (from != nullptr)
    return no(
        403, "wrong_certificate",
        both("没有出示以 {0} 的名称签发的证书：节点的配置要有 centre.certificate 和 centre.key，证书由中心 tls.ca 的 "
             "CA 签发，通用名（CN）或 "
             "DNS 名称是 {0}",
             "no certificate for {0} was shown: the node's settings need centre.certificate and centre.key, signed "
             "by a CA of the centre's tls.ca, with {0} as its common name or a DNS name",
             from->name));
  return no(401, "wrong_token",
            {"令牌不对：节点的 centre.token 应与中心 nodes 里的相同",
             "wrong token: the node's centre.token has to be one of the centre's nodes"});
}

web_response centre_door::answer(const web_request& request) {
  if (auto no = stranger(request)) return std::move(*no);
  return shipped(*who(request), request.body);
}

web_response centre_door::shipped(std::string_view node, std::string_view body) {
  const auto from = std::ranges::find(guests_, node, &guest::name);
  if (from != guests_.end()) return shipped(*from, body);
  return no(401, "unknown_node",
            {"中心的 nodes 里没有这个节点：名称应与节点配置的 node 相同",
             "no such node: the centre's nodes have to name it as `node` of its settings does"});
}

void centre_door::turned_away(std::string_view node) {
  const auto from = std::ranges::find(guests_, node, &guest::name);
  if (from != guests_.end()) from->counts[was_refused].fetch_add(1, std::memory_order_relaxed);
}

web_response centre_door::shipped(guest& from, std::string_view body) {
  // One body of a node at a time is read: what is made of eight megabytes may be many times that.
  if (from.busy.test_and_set()) return no(503, "busy", {"正在收上一批", "another shipment is being taken"});
  const std::unique_ptr<std::atomic_flag, void (*)(std::atomic_flag*)> taking(&from.busy,
                                                                              [](auto* flag) { flag->clear(); });
  const auto s = ledger::read_shipment(body);
  if (!s) {
    from.counts[was_refused].fetch_add(1, std::memory_order_relaxed);
    return no(400, "bad_body", words_of(s.error()));
  }
  return taken(from, *s);
}

web_response centre_door::taken(guest& from, const ledger::shipment& s) {
  const wall_t now = system_clocks().wall();
  const auto counted = [&](came_of_it what) { from.counts.at(what).fetch_add(1, std::memory_order_relaxed); };
  if (s.latest() > now + centre::most_ahead) {
    counted(was_refused);
    const phrase why{
        "节点的时钟比中心快 5 秒以上，或中心的慢：校时之后续收，否则会把没人观测的时间算作畅通",
        "the node's clock is more than five seconds ahead of the centre's: it goes on once they agree, for time that "
        "nobody saw would be up"};
    say_once(from, why.en, why);
    return no(503, "not_taken", why);
  }
  const auto done = books_.take(from.name, s, now);
  if (!done) {
    counted(was_refused);
    const phrase why = words_of(done.error());
    say_once(from, why.en, why);
    return no(503, "not_taken", why);
  }
  if (done->fork) {
    counted(was_fork);
    const phrase why = both("{} 与这里的副本从第 {} 条或更早起不同：什么也没有收，等人用 changtong centre branch 处理",
                            "{} went another way than the copy here, at entry {} or before: nothing of it was taken, "
                            "until somebody decides with `changtong centre branch`",
                            from.name, s.after);
    say_once(from, "fork", why);
    return no(409, "fork", why);
  }
  counted(done->head.seq == s.after + static_cast<std::int64_t>(s.entries.size()) ? was_taken : was_standing);
  if (s.heartbeat) say_once(from, {}, {});  // pieces of the past are taken also while the rest is not
  web_response out;
  out.content_type = "application/json";
  out.body = ledger::text_of(ledger::shipment_answer{.head = done->head, .clock = system_clocks().wall()});
  return out;
}

/** A node comes again every few seconds. No kind: all is well. */
void centre_door::say_once(guest& of, std::string_view kind, const phrase& why) {
  const holding lock(of.mutex_);
  if (of.said != kind && !kind.empty())
    log::warn("{} 的账没有收下 / entries were not taken: {}", of.name, to_string(why));
  of.said = kind;
}

web_response centre_door::nodes(const web_request& request) {
  if (auto stranger = no_reader(request, readers_)) return std::move(*stranger);
  std::optional<centre::last_seal> seal;
  const auto heads = books_.with([&seal](centre::archive& a) -> result<std::vector<centre::node_head>> {
    const auto sealed = centre::newest_seal(a.conversation());
    if (!sealed) return sealed.error();
    seal = *sealed;
    return a.heads();
  });
  if (!heads) return no(503, "database", words_of(heads.error()));
  const wall_t now = system_clocks().wall();
  json_array list;
  for (const centre::node_head& h : *heads) list.add_raw(centre::to_json(h, zone_, now));
  web_response out;
  json_object whole;
  whole.add("at", zone_.format(now)).add_raw("seal", centre::to_json(seal, zone_)).add_raw("nodes", list.text());
  out.body = whole.text();
  return out;
}

std::array<std::uint64_t, metrics::shipment_outcomes.size()> centre_door::counted(std::string_view node) const {
  std::array<std::uint64_t, metrics::shipment_outcomes.size()> out{};
  const auto g = std::ranges::find(guests_, node, &guest::name);
  if (g != guests_.end())
    std::ranges::transform(g->counts, out.begin(), [](const auto& n) { return n.load(std::memory_order_relaxed); });
  return out;
}

}  // namespace changtong
