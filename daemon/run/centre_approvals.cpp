#include "daemon/run/centre_approvals.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>

#include "daemon/centre/one_state.h"
#include "daemon/centre/own_journal.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/entries/window_steps.h"
#include "daemon/host/clocks.h"
#include "daemon/ledger/windows.h"
#include "daemon/publish/api/answers.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

constexpr std::size_t usual_windows = 200, most_windows = 2'000;
constexpr std::int64_t said_at_most = 50;
constexpr std::size_t most_kept = 16, most_kept_bytes = 8 << 20;
constexpr std::chrono::seconds kept_for{10};

bool waits(const window_story& s) { return s.state == window_state::requested || s.state == window_state::revised; }

/** Most windows are over, and their stories need not be told. */
bool may_wait(const std::vector<window_record>& records, wall_t now, ledger::window_policies& policies) {
  return std::ranges::any_of(records, [&](const window_record& r) {
    return r.to > now || policies(r.from).late == ledger::late_approval::allow;
  });
}

void add_those_of(const centre::asked_node& n, const ledger::reader& books, wall_t now,
                  std::vector<waiting_window>& into) {
  std::map<std::string, std::vector<window_record>> by_id;
  for (ledger::window_entry& e : books.windows()) by_id[e.what.id].push_back(std::move(e.what));
  ledger::window_policies policies(books.policies());
  for (const auto& [id, records] : by_id) {
    if (!may_wait(records, now, policies)) continue;
    window_story story = ledger::story_of(records, now, std::ref(policies));
    const bool over = story.when.to <= now && policies(story.when.from).late != ledger::late_approval::allow;
    if (!waits(story) || over) continue;
    std::string version = entries::version_of(story);
    into.push_back({.node = n.head.node,
                    .pair = n.pair,
                    .district = n.district,
                    .as_of = n.known_to(),
                    .story = std::move(story),
                    .version = std::move(version)});
  }
}

}  // namespace

std::vector<waiting_window> waiting_windows(centre::database& db, const std::vector<centre::asked_node>& nodes,
                                            wall_t now, const std::function<void()>& still_wanted) {
  std::vector<waiting_window> out;
  for (const centre::asked_node& n : nodes) {
    still_wanted();
    if (!n.retired()) add_those_of(n, *centre::books_of(db, n, still_wanted), now, out);
  }
  std::ranges::sort(out, {}, [](const waiting_window& w) {
    return std::tuple(w.story.when.from, std::string_view(w.node), std::string_view(w.story.id));
  });
  return out;
}

result<std::vector<centre::approval_said>> last_approvals(centre::database& db, std::int64_t most) {
  const auto found = centre::newest_own(db, centre::approval_kind, {}, most);
  if (!found) return found.error();
  std::vector<centre::approval_said> out;
  for (const ledger::shipped_entry& e : *found)
    if (auto read = centre::decode(e)) out.push_back(std::get<centre::approval_said>(std::move(*read)));
  return out;
}

std::string to_json(const waiting_window& w, const civil_zone& zone) {
  const window_story& s = w.story;
  json_object o;
  o.add("node", w.node);
  w.pair.empty() ? o.add_null("pair") : o.add("pair", w.pair);
  o.add("district", w.district);
  api::add_instant(o, "as_of", w.as_of, zone);
  o.add("id", s.id).add("version", w.version).add("state", name_of(s.state));
  o.add("from", zone.format(s.when.from)).add("to", zone.format(s.when.to)).add_bool("late", s.late);
  o.add_raw("targets", json_list(s.targets)).add("requested_by", s.requested_by).add("requested_via", s.requested_via);
  o.add_raw("revised_by", json_list(s.revisers)).add("requested_at", zone.format(s.requested_at));
  return o.add("changed_at", zone.format(s.changed_at)).add("text", s.text).text();
}

std::string to_json(const centre::approval_said& a, const civil_zone& zone) {
  json_object o;
  o.add("at", zone.format(a.at)).add("node", a.node).add("id", a.window).add("version", a.version);
  o.add_bool("approved", a.approved).add("author", a.author).add("reason", a.reason).add("order", a.order);
  o.add("answer", centre::approval_answers.at(static_cast<std::size_t>(a.answer)));
  return o.add("words", a.words.cn).add("words_en", a.words.en).text();
}

centre_approvals::centre_approvals(const centre_file& s, centre::conversations& books)
    : nodes_(s.nodes), readers_(s.readers), zone_(s.zone), books_(books), kept_(most_kept, most_kept_bytes) {}

std::vector<web_route> centre_approvals::routes() {
  return {{.method = "GET",
           .path = "/centre/v1/approvals",
           .answer = [this](const web_request& request) { return answer(request); },
           .lane = web_lane::reading,
           .keeper = [this](const web_request& head) { return no_reader(head, readers_); }}};
}

result<web_response> centre_approvals::found(centre::database& db, const web_request& request, std::size_t limit) {
  const centre::one_state held(db);
  auto heads = centre::folded_heads(db);
  if (!heads) return heads.error();
  const auto nodes = nodes_asked_for(nodes_, request, std::move(*heads));
  const auto said_before = last_approvals(db, said_at_most);
  if (!said_before) return said_before.error();
  const wall_t now = std::chrono::floor<std::chrono::seconds>(system_clocks().wall());
  answer_key key("approvals");
  key.add(now.time_since_epoch() / kept_for).add(request);
  for (const centre::asked_node& n : nodes)
    for (const centre::folded_head* h : n.heads())
      key.add(h->number).add(h->branch).add(h->folded).add(h->retired ? ms_of(*h->retired) : 0);
  const std::string resting_on = std::move(key).text();
  auto waiting = kept_.find(resting_on);
  if (!waiting) {
    json_array list;
    const auto all = waiting_windows(db, nodes, now, until_patience_ends());
    for (const waiting_window& w : all | std::views::take(limit)) list.add_raw(to_json(w, zone_));
    json_object part;
    part.add("at", zone_.format(now)).add("total", static_cast<std::int64_t>(all.size()));
    waiting = std::make_shared<const std::string>(part.add_raw("waiting", list.text()).text());
    kept_.keep(resting_on, waiting);
  }
  json_array said_list;
  for (const centre::approval_said& a : *said_before) said_list.add_raw(to_json(a, zone_));
  return api::json_answer(api::joined_objects(*waiting, json_object().add_raw("said", said_list.text()).text()));
}

web_response centre_approvals::answer(const web_request& request) {
  if (auto stranger = no_reader(request, readers_)) return std::move(*stranger);
  const auto limit = number_parameter(request, "limit", usual_windows, most_windows);
  if (!limit) return api::bad_parameter(limit.error());
  const auto done = books_.with([&](centre::database& db) -> result<web_response> {
    try {
      return found(db, request, *limit);
    } catch (const std::exception& e) {
      return said(words_of(e));
    }
  });
  if (done) return *done;
  const phrase why = words_of(done.error());
  web_response out = problem_answer(503, "database", why.cn, why.en);
  out.headers.emplace_back("Retry-After", "1");
  return out;
}

}  // namespace changtong
