// The register with the announced state, and one line with all that is known of it.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "daemon/books/outage_notes.h"
#include "daemon/core/ascii.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/degraded.h"
#include "daemon/publish/api/health.h"
#include "daemon/publish/api/merged_outages.h"
#include "daemon/publish/api/routes.h"
#include "daemon/publish/api/views.h"
#include "daemon/report/book_text.h"

namespace changtong::api {
namespace {

/** What people see; `up` and `degraded` exclude each other. */
std::string_view shown_state(const line_view& v) {
  if (!v.in_scope()) return v.where.load(std::memory_order_relaxed) == life::closed ? "closed" : "planned";
  const line_state state = v.shown_state();
  return state == line_state::up && v.degraded.load(std::memory_order_relaxed) ? "degraded" : name_of(state);
}

std::string_view name_of(target_kind k) { return k == target_kind::site ? "site" : "line"; }

bool contains(std::string_view text, std::string_view wanted) {
  return !std::ranges::search(text, wanted, {}, ascii::small, ascii::small).empty() || wanted.empty();
}

struct filter {
  std::string_view category, carrier, town, state, kind, q;
  explicit filter(const question& ask)
      : category(ask.text("category")),
        carrier(ask.text("carrier")),
        town(ask.text("town")),
        state(ask.text("state")),
        kind(ask.text("kind")),
        q(ask.text("q")) {}

  [[nodiscard]] bool accepts(const target& t, const line_view& v) const {
    const auto same = [](std::string_view wanted, std::string_view is) { return wanted.empty() || wanted == is; };
    return t.kind != target_kind::anchor && same(category, t.category) && same(carrier, t.carrier) &&
           same(town, t.town) && same(kind, name_of(t.kind)) && same(state, shown_state(v)) &&
           (contains(t.id, q) || contains(t.name, q) || contains(t.unit, q) || contains(t.circuit, q) ||
            std::ranges::any_of(t.addresses, [&](const ip_address& a) { return contains(to_string(a), q); }));
  }
};

/** A float's own shortest text: as a double it would show digits that nobody measured. */
void add_seen(json_object& to, std::string_view key, float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  if (value >= 0)
    to.add_raw(key, {text.data(), end});
  else
    to.add_null(key);
}

/** Of a closed one, when it was closed; of a planned one nothing is since. */
wall_t since_of(const target& t, const line_view& v) {
  if (v.in_scope()) return wall_from_ms(v.since_ms.load(std::memory_order_relaxed));
  return v.where.load(std::memory_order_relaxed) == life::closed ? t.closed.value_or(wall_min) : wall_min;
}

void add_view(json_object& to, const target& t, const line_view& v, const civil_zone& zone) {
  const bool filtered = v.filtered.load(std::memory_order_relaxed) && v.shown_state() == line_state::up;
  const cause why = !v.in_scope() ? cause::none : filtered ? cause::filter : v.why.load(std::memory_order_relaxed);
  to.add("state", shown_state(v));
  add_instant(to, "since", since_of(t, v), zone);
  to.add("cause", name_of(why)).add("cause_text", why == cause::none ? std::string_view{} : chinese(why));
  to.add_bool("outage_open", v.shows_outage());
  to.add_bool("degraded", v.degraded.load(std::memory_order_relaxed));
  to.add_bool("data_missing", v.dataless.load(std::memory_order_relaxed));
  to.add_bool("flapping", v.flapping.load(std::memory_order_relaxed));
  to.add_bool("unrecorded", v.unrecorded.load(std::memory_order_relaxed));
  add_seen(to, "rtt_s", v.rtt_seconds.load(std::memory_order_relaxed));
  add_seen(to, "loss_ratio", v.loss_ratio.load(std::memory_order_relaxed));
  add_instant(to, "last_sample", wall_from_ms(v.last_sample_ms.load(std::memory_order_relaxed)), zone);
}

json_object line_json(const board& now, target_index i, const day_ratios* today, const civil_zone& zone) {
  const target& t = now.districts->targets[i];
  json_object out;
  out.add("id", t.id).add("kind", name_of(t.kind)).add("name", t.name).add("category", t.category);
  out.add("category_name", now.districts->category_name(t.category));
  out.add("town", t.town).add("carrier", t.carrier).add("unit", t.unit);
  json_array addresses;
  for (const ip_address& a : t.addresses) addresses.add(to_string(a));
  out.add("circuit", t.circuit).add_raw("addresses", addresses.text()).add("parent", t.parent);
  add_view(out, t, now.lines[i], zone);
  if (today == nullptr || today->of != now.districts) {
    out.add_null("today");
    return out;
  }
  const auto& r = today->by_target[i];
  json_object ratios;
  ratios.add("availability", r.availability).add("lower", r.lower).add("coverage", r.coverage);  // NaN becomes null
  out.add_raw("today", ratios.text());
  return out;
}

void add_decimal(json_object& to, std::string_view field, std::optional<std::int64_t> value, double parts) {
  if (value)
    to.add(field, static_cast<double>(*value) / parts);
  else
    to.add_null(field);
}

void add_fact(json_object& to, const fact_row& row, std::optional<std::int64_t> value, const civil_zone& zone) {
  switch (row.unit) {
    case fact_unit::nanoseconds:
      return add_seen(to, row.field, value ? static_cast<float>(*value) * 1e-9F : -1.0F);
    case fact_unit::unix_seconds:
      return add_instant(to, row.field, value ? wall_t{milliseconds{*value * 1'000}} : wall_min, zone);
    case fact_unit::counter:
      if (value)
        to.add_raw(row.field, std::to_string(counter_of(*value)));
      else
        to.add_null(row.field);
      return;
    case fact_unit::thousandths:
      return add_decimal(to, row.field, value, 1e3);
    case fact_unit::millionths:
      return add_decimal(to, row.field, value, 1e6);
    case fact_unit::number:
      break;
  }
  if (value || row.zero_is_unknown)
    to.add(row.field, value.value_or(0));
  else
    to.add_null(row.field);
}

/** What core/fact_table.h says the API tells of whom; the view may be missing: nothing is known then. */
void add_facts(json_object& to, fact_of whom, const fact_view* v, const civil_zone& zone) {
  for (const fact_row& row : fact_table)
    if (row.of == whom && !row.field.empty()) add_fact(to, row, v == nullptr ? std::nullopt : v->value(row.name), zone);
}

const fact_view* own_facts(const board& now, target_index i) {
  for (const fact_view& v : now.facts_of(i))
    if (v.index == 0) return &v;
  return nullptr;
}

/** Of one that goes by a name the ifIndex is what it was found at, and null until it is. */
void add_index(json_object& to, const board& now, const fact_view& v) {
  const bool named = now.interface_names.contains({v.target, v.index});
  const auto index = named ? v.value(fact_name::interface_index) : std::optional<std::int64_t>(v.index);
  index ? to.add("if_index", *index) : to.add_null("if_index");
  to.add("interface", now.interface_name(v.target, v.index));
}

std::string interfaces_json(const board& now, target_index i, const civil_zone& zone) {
  json_array out;
  for (const fact_view& v : now.facts_of(i)) {
    if (v.index == 0) continue;
    json_object one;
    add_index(one, now, v);
    add_facts(one, fact_of::interface, &v, zone);
    out.add_raw(one.text());
  }
  return out.text();
}

std::string checks_json(const context& from, const board& now, const target& t) {
  const inventory& inv = *now.districts;
  json_array out;
  for (std::uint32_t n = t.first_check; n < t.first_check + t.check_count; ++n) {
    const check& c = inv.checks[n];
    json_object one;
    one.add("id", c.id).add("kind", c.kind < from.from.kinds.size() ? from.from.kinds[c.kind] : "");
    one.add("role", c.role == check_role::reach ? "reach" : "health").add("spec", c.spec);
    one.add("interval_s", static_cast<double>(c.when.interval.count()) / 1e3);
    one.add("timeout_s", static_cast<double>(c.when.timeout.count()) / 1e3);
    one.add("down_after", static_cast<std::int64_t>(c.when.down_after));
    one.add("up_after", static_cast<std::int64_t>(c.when.up_after));
    one.add("detail", now.said.of(n));
    out.add_raw(one.text());
  }
  return out.text();
}

std::string site_json(const board& now, target_index i, const civil_zone& zone) {
  for (const site_view& v : now.sites) {
    if (v.target != i) continue;
    json_object out;
    add_seen(out, "open_s", v.open_seconds.load(std::memory_order_relaxed));
    add_facts(out, fact_of::site, own_facts(now, i), zone);
    return out.text();
  }
  return "null";
}

void add_register(json_object& to, const target& t, const civil_zone& zone) {
  to.add("bandwidth_mbps", t.bandwidth_mbps).add("url", t.url).add("grade", t.grade);
  add_instant(to, "accepted", t.accepted.value_or(wall_min), zone);
  add_instant(to, "closed", t.closed.value_or(wall_min), zone);
}

/** Today's row and the last outages. */
web_response write_books(context& from, const question& q, const asked_books& of) {
  constexpr std::size_t shown = 20;
  const ledger::reader& books = of.books;
  const wall_t cut = cut_of(from.from.now(), books.heartbeat());
  period day = books.zone().around(cut, civil_zone::unit::day);
  day.to = std::min(day.to, cut);
  std::string row = "null";
  books.histories(day, cut, q.id, [&](const ledger::known_target& known, const availability::target_history& history) {
    const auto sums = availability::measure(history, day);
    const std::string rows = report::write_availability(
        {{known.id, known.name, sums, availability::compute(sums, false)}}, report::format::json, books.zone());
    row = json_element(rows);
  });
  const outage_list outages = listed(of, books.outages({books.first_entry(), wall_max}, q.id, shown));
  json_object out;
  out.add_raw("today_books", row).add_raw("open_outage", outages.open);
  out.add_raw("outages", outages.all).add_null("books_problem");
  of.view.name(out);
  return json_answer(out.text());
}

/** A ledger that cannot be read just now is said, not hidden behind empty lists. */
web_response show_books(context& from, const question& q) {
  if (const auto reader = from.readers.borrow(); !reader) {
    json_object out;
    out.add_null("today_books").add_null("open_outage").add_null("outages");
    return json_answer(out.add("books_problem", to_string(reader.error())).text());
  }
  return in_view(from, q, write_books);
}

web_response not_loaded() {
  return problem_answer(503, "not_loaded", "配置尚未加载", "the configuration is not loaded yet");
}

web_response list_lines(context& from, const question& q) {
  const auto now = from.from.boards->get();
  if (!now) return not_loaded();
  const civil_zone zone = from.from.zone();
  const auto today = from.figures.get();
  const filter wanted(q);
  const std::size_t limit = q.number("limit"), offset = q.number("offset");
  json_array rows;
  std::size_t total = 0;
  for (target_index i = 0; i < now->lines.size(); ++i) {
    if (!wanted.accepts(now->districts->targets[i], now->lines[i])) continue;
    if (total >= offset && total - offset < limit)
      rows.add_raw(line_json(*now, i, today ? today->ratios.get() : nullptr, zone).text());
    ++total;
  }
  json_object out;
  out.add("total", static_cast<std::int64_t>(total)).add("offset", static_cast<std::int64_t>(offset));
  out.add("limit", static_cast<std::int64_t>(limit)).add_raw("lines", rows.text());
  return json_answer(out.text());
}

web_response show_line(context& from, const question& q) {
  const auto now = from.from.boards->get();
  if (!now) return not_loaded();
  const auto found = now->districts->index_of(q.id);
  if (found == no_index || now->districts->targets[found].kind == target_kind::anchor)
    return problem_answer(404, "no_such_line", "没有这条专线或网站", "no such line or site");
  const civil_zone zone = from.from.zone();
  const auto today = from.figures.get();
  const target& t = now->districts->targets[found];
  json_object out = line_json(*now, found, today ? today->ratios.get() : nullptr, zone);
  out.add_raw("degraded_by", to_json(degraded_by(*now, found)));
  add_register(out, t, zone);
  if (t.kind == target_kind::line) add_facts(out, fact_of::line, own_facts(*now, found), zone);
  out.add_raw("interfaces", interfaces_json(*now, found, zone));
  out.add_raw("site", site_json(*now, found, zone));
  out.add_raw("checks", checks_json(from, *now, t));
  web_response books = show_books(from, q);
  if (books.status == 200) books.body = joined_objects(out.text(), books.body);
  return books;
}

}  // namespace

std::vector<route> line_routes() {
  return {
      {.path = "/api/v1/lines",
       .summary = "专线与网站列表",
       .parameters = {{"category", "类别"},
                      {"carrier", "运营商"},
                      {"town", "乡镇"},
                      word("state", "状态", {"up", "down", "degraded", "unknown", "closed", "planned"}),
                      word("kind", "专线或网站", {"line", "site"}),
                      {"q", "part of id, name, unit, circuit or an address"},
                      number("limit", 100, 5'000),
                      number("offset", 0, 100'000'000)},
       .answer = "Lines",
       .refusals = {{503, "The configuration is not loaded yet"}},
       .function = list_lines},
      {.path = "/api/v1/lines/{id}",
       .summary = "一条专线或一个网站",
       .evidence = true,
       .parameters = {view_parameter()},
       .answer = "LineDetail",
       .refusals = {{404, "No such line or site"},
                    {503, "The configuration is not loaded yet, or the ledger fails while it is read"}},
       .function = show_line},
  };
}

}  // namespace changtong::api
