// Figures of the last day, in buckets side by side: what the console's charts of a line and of a website are drawn
// from.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"
#include "daemon/recent/figures.h"

namespace changtong::api {
namespace {

using recent::delay_bucket;
using recent::optics_bucket;
using recent::recent_interface;
using recent::recent_target;
using recent::traffic_bucket;

std::int64_t seconds_of(milliseconds length) { return length.count() / 1'000; }
constexpr milliseconds full_span = recent::bucket_length * static_cast<std::int64_t>(recent::whole_span);

/** As many digits as are kept; a hole is null. */
std::string figure(std::optional<double> value) {
  if (!value) return "null";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), *value, std::chars_format::general, 5).ptr;
  return {text.data(), end};
}

/** One column of buckets. */
template <class Bucket, class Field>
std::string column(const std::vector<Bucket>& of, Field Bucket::* field) {
  json_array out;
  for (const Bucket& b : of) {
    if constexpr (std::is_integral_v<Field>)
      out.add_raw(std::to_string(b.*field));
    else
      out.add_raw(figure(b.*field));
  }
  return out.text();
}

/** Since when there is anything, and how long what is kept may be: a reader must not take a short span for a quiet
 * day. */
json_object head_of(const recent_target& r, const civil_zone& zone) {
  json_object out;
  out.add("bucket_s", seconds_of(recent::bucket_length));
  add_instant(out, "from", r.from, zone);
  add_instant(out, "to", r.to, zone);
  out.add("span_s", seconds_of(recent::bucket_length * static_cast<std::int64_t>(r.delays.size())));
  out.add("full_span_s", seconds_of(full_span));
  const auto first = std::ranges::find_if(r.delays, [](const delay_bucket& b) { return b.measured > 0; });
  add_instant(out, "since",
              first == r.delays.end() ? wall_min : r.from + recent::bucket_length * (first - r.delays.begin()), zone);
  out.add_raw("measured", column(r.delays, &delay_bucket::measured));
  return out.add_raw("bad", column(r.delays, &delay_bucket::bad));
}

std::string delays_json(const recent_target& r) {
  json_object out;
  out.add_raw("least_s", column(r.delays, &delay_bucket::least));
  out.add_raw("mean_s", column(r.delays, &delay_bucket::mean));
  return out.add_raw("most_s", column(r.delays, &delay_bucket::most)).text();
}

std::string traffic_json(const std::vector<traffic_bucket>& of) {
  if (of.empty()) return "null";
  json_object out;
  out.add_raw("in_bps", column(of, &traffic_bucket::in)).add_raw("in_most_bps", column(of, &traffic_bucket::in_most));
  out.add_raw("out_bps", column(of, &traffic_bucket::out));
  return out.add_raw("out_most_bps", column(of, &traffic_bucket::out_most)).text();
}

std::string optics_json(const std::vector<optics_bucket>& of) {
  if (of.empty()) return "null";
  json_object out;
  out.add_raw("receive_dbm", column(of, &optics_bucket::receive));
  return out.add_raw("transmit_dbm", column(of, &optics_bucket::transmit)).text();
}

/** Of the line, or where none is stated what the device says of the interface. */
std::optional<double> bandwidth_of(const board& now, target_index t, std::uint32_t index) {
  if (const double mbps = now.districts->targets[t].bandwidth_mbps; mbps > 0) return mbps * 1e6;
  for (const fact_view& v : now.facts_of(t))
    if (const auto speed = v.value(fact_name::interface_speed_bits); v.index == index && speed)
      return static_cast<double>(*speed);
  return std::nullopt;
}

std::string interfaces_json(const recent_target& r, const board& now, target_index t) {
  json_array out;
  for (const recent_interface& i : r.interfaces) {
    json_object one;
    one.add("interface", now.interface_name(t, i.index));
    if (const auto bandwidth = bandwidth_of(now, t, i.index))
      one.add("bandwidth_bps", *bandwidth);
    else
      one.add_null("bandwidth_bps");
    out.add_raw(one.add_raw("traffic", traffic_json(i.traffic)).add_raw("optics", optics_json(i.optics)).text());
  }
  return out.text();
}

/** Answers of a target of this kind, or the refusal. */
template <class Write>
web_response show(context& from, const question& q, target_kind kind, Write write) {
  const auto now = from.from.boards->get();
  const target_index t = now ? now->districts->index_of(q.id) : no_index;
  if (!now || !from.from.recent)
    return problem_answer(503, "not_loaded", "配置尚未加载", "the configuration is not loaded yet");
  const auto kept = t == no_index || now->districts->targets[t].kind != kind ? std::nullopt : from.from.recent(q.id);
  if (!kept && kind == target_kind::site) return problem_answer(404, "no_such_site", "没有这个网站", "no such site");
  if (!kept) return problem_answer(404, "no_such_line", "没有这条专线", "no such line");
  json_object out = head_of(*kept, from.from.zone());
  write(out, *kept, *now, t);
  return json_answer(out.text());
}

web_response show_line(context& from, const question& q) {
  return show(from, q, target_kind::line,
              [](json_object& to, const recent_target& r, const board& now, target_index t) {
                to.add_raw("delay", delays_json(r)).add_raw("interfaces", interfaces_json(r, now, t));
              });
}

web_response show_site(context& from, const question& q) {
  return show(from, q, target_kind::site, [](json_object& to, const recent_target& r, const board&, target_index) {
    to.add_raw("open", delays_json(r));
  });
}

constexpr std::string_view about =
    "Columns of buckets, the first of which begins at `from`; the last one holds `to` and is not over yet. A bucket "
    "that "
    "nobody measured is null, with 0 under `measured`. Kept in memory alone: `span_s` is what the memory has room for, "
    "of `full_span_s`; a restart begins anew.";

}  // namespace

std::vector<route> recent_routes() {
  return {
      {.path = "/api/v1/lines/{id}/recent",
       .summary = "近 24 小时的时延与丢包、流量、光功率，五分钟一格",
       .about = about,
       .answer = "RecentLine",
       .refusals = {{404, "No such line"}, {503, "The configuration is not loaded yet"}},
       .function = show_line},
      {.path = "/api/v1/sites/{id}/recent",
       .summary = "近 24 小时打开网站用的时间，五分钟一格",
       .about = about,
       .answer = "RecentSite",
       .refusals = {{404, "No such site"}, {503, "The configuration is not loaded yet"}},
       .function = show_site},
  };
}

}  // namespace changtong::api
