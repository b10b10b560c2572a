#include "daemon/run/centre_page.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/centre/one_state.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/embedded.h"
#include "daemon/run/centre_door.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds kept_for{10};
constexpr milliseconds patience_of_page{15'000}, patience_of_district{3'000}, patience_of_windows{1'000};
constexpr std::size_t most_kept = 16, most_kept_bytes = 16 << 20;

web_response no_such_address() { return problem_answer(404, "not_found", "没有这个地址", "no such address"); }

/** Of its categories: what is up, down and unknown of a line is so in one of them. */
void add_to_district(std::vector<centre::figure_row>& districts, const centre::figure_row& row) {
  centre::figure_row whole{.of = row.of, .what = {}};
  std::erase_if(whole.of, [](const auto& member) { return member.first == "category"; });
  if (districts.empty() || districts.back().of != whole.of) districts.push_back(std::move(whole));
  districts.back().what.sums += row.what.sums;
}

/** All windows that a node ever had are read for it; false: that took too long. */
bool add_waiting(centre::database& db, const std::vector<centre::asked_node>& nodes, wall_t now, mono_t end,
                 std::vector<waiting_window>& into) {
  const auto left = std::chrono::duration_cast<milliseconds>(end - system_clocks().mono());
  if (left <= milliseconds{0}) return false;
  try {
    auto waiting = waiting_windows(db, nodes, now, until_patience_ends(std::min(left, patience_of_windows)));
    std::ranges::move(waiting, std::back_inserter(into));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

/** What was closed stands in place of what the books say by now; how far they differ is known where all is counted. */
void show_closing(centre_sight& s) {
  if (s.unfinished.empty()) s.closed->differs = differing(*s.closed, s.categories);
  s.districts = centre::grouped(s.closed->rows, std::array{centre::grouping::district});
  s.categories = centre::grouped(s.closed->rows, centre::closed_by);
}

}  // namespace

/** What it says of all nodes before anything is counted. */
struct centre_page::known {
  std::vector<centre::asked_node> nodes;
  std::optional<centre::last_seal> seal;
  std::optional<closed_answer> closed;
};

struct centre_page::asked {
  const web_request& request;
  std::string month;  ///< 2026-03, or any period that is called so
  period when;
  wall_t now{};

  /** What the page rests on: which entries are in it, of which moment. */
  [[nodiscard]] std::string resting_on(const known& k) const {
    answer_key out(month);
    out.add(now.time_since_epoch() / kept_for).add(request);
    out.add(k.seal ? k.seal->number : 0).add(k.closed ? k.closed->closing.seq : 0);
    for (const centre::asked_node& n : k.nodes)
      for (const centre::folded_head* h : n.heads())
        out.add(h->number)
            .add(h->branch)
            .add(h->entries)
            .add(h->folded)
            .add(h->forked)
            .add(h->retired ? ms_of(*h->retired) : 0);
    return std::move(out).text();
  }
};

centre_page::centre_page(const centre_file& s, centre::conversations& books)
    : nodes_(s.nodes),
      readers_(s.readers),
      zone_(s.zone),
      name_(s.name),
      books_(books),
      kept_(most_kept, most_kept_bytes) {}

std::vector<web_route> centre_page::routes() {
  const auto css = [](const web_request&) {
    web_response out;
    out.content_type = "text/css; charset=utf-8";
    out.body = std::string(api::status_css());
    return out;
  };
  return {{.method = "GET",
           .path = "/",
           .answer = [this](const web_request& request) { return answer(request); },
           .lane = web_lane::reading,
           .keeper = [this](const web_request& head) { return stranger(head); }},
          {.method = "GET", .path = "/status.css", .answer = css, .lane = web_lane::vital}};
}

/** A browser then asks whom it is for. */
std::optional<web_response> centre_page::stranger(const web_request& request) const {
  if (request.path != "/") return no_such_address();
  auto no = no_reader(request, readers_);
  if (no) no->headers.emplace_back("WWW-Authenticate", "Basic realm=\"changtong\", charset=\"UTF-8\"");
  return no;
}

result<std::vector<centre::asked_node>> centre_page::nodes_of(centre::database& db, const asked& a) const {
  auto heads = centre::folded_heads(db);
  if (!heads) return heads.error();
  return nodes_asked_for(nodes_, a.request, std::move(*heads));
}

result<centre_page::known> centre_page::known_of(centre::database& db, const asked& a) const {
  auto nodes = nodes_of(db, a);
  if (!nodes) return nodes.error();
  auto seal = centre::newest_seal(db);
  if (!seal) return seal.error();
  auto closed = closed_for(db, a.request, a.when, zone_);
  if (!closed) return closed.error();
  return known{.nodes = std::move(*nodes), .seal = std::move(*seal), .closed = std::move(*closed)};
}

/** Of one state of the books of that district. What is known stands before windows are looked for. */
result<void> centre_page::look(centre::database& db, const asked& a, const std::string& district, mono_t end,
                               centre_sight& into) const {
  try {
    const centre::one_state held(db);
    auto nodes = nodes_of(db, a);
    if (!nodes) return nodes.error();
    std::erase_if(*nodes, [&](const centre::asked_node& n) { return place_text(n) != district; });
    const auto left = std::chrono::duration_cast<milliseconds>(end - system_clocks().mono());
    const auto still_wanted = until_patience_ends(std::min(left, patience_of_district));
    const auto categories = centre::figures(db, *nodes,
                                            {.when = a.when,
                                             .now = a.now,
                                             .zone = zone_,
                                             .by = {centre::grouping::district, centre::grouping::category},
                                             .still_wanted = still_wanted});
    const period instant{a.now - milliseconds{1}, a.now + milliseconds{1}};
    auto open = outages_of_nodes(db, *nodes, {.when = instant, .now = a.now, .open_only = true}, still_wanted);
    for (const centre::figure_row& row : categories) add_to_district(into.districts, row);
    std::ranges::copy(categories, std::back_inserter(into.categories));
    std::ranges::move(open.list, std::back_inserter(into.open.list));
    into.open.cut = into.open.cut || open.cut;
    if (!add_waiting(db, *nodes, a.now, end, into.waiting)) into.windows_unknown.insert(district);
    return {};
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
}

centre_sight centre_page::seen(const asked& a, known k) {
  centre_sight s;
  s.now = a.now;
  s.month_name = a.month;
  s.nodes = std::move(k.nodes);
  s.centre = name_;
  s.seal = std::move(k.seal);
  s.closed = std::move(k.closed);
  std::set<std::string> districts;
  for (const centre::asked_node& n : s.nodes) districts.insert(place_text(n));
  const mono_t end = system_clocks().mono() + patience_of_page;
  for (const std::string& one : districts) {
    const bool done = system_clocks().mono() < end &&
                      bool(books_.with([&](centre::database& db) { return look(db, a, one, end, s); }));
    if (!done) s.unfinished.insert(one);
  }
  sort_and_cut(s.open, most_outages);
  if (s.shows_closing()) show_closing(s);
  return s;
}

/** The route "/" is a prefix and catches what no other does. */
web_response centre_page::answer(const web_request& request) {
  if (request.path != "/") return no_such_address();
  if (auto no = stranger(request)) return std::move(*no);
  const wall_t now = system_clocks().wall();
  std::string month(request.parameter("month"));
  if (month.empty()) month = zone_.key(now, civil_zone::unit::month);
  const auto when = zone_.parse_period(month);
  if (!when) return api::bad_parameter(about("month", when.error()));
  const asked a{.request = request, .month = std::move(month), .when = *when, .now = now};
  auto found = books_.with([&](centre::database& db) { return known_of(db, a); });
  if (!found) {
    const phrase why = words_of(found.error());
    return problem_answer(503, "database", why.cn, why.en);
  }
  std::string key = a.resting_on(*found);
  auto text = kept_.find(key);
  if (!text) {
    text = std::make_shared<const std::string>(centre_html(seen(a, std::move(*found)), zone_));
    kept_.keep(std::move(key), text);
  }
  web_response out;
  out.content_type = "text/html; charset=utf-8";
  out.body = *text;
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace changtong
