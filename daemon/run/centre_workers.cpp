#include "daemon/run/centre_workers.h"

#include <utility>

#include "daemon/centre/subjects.h"
#include "daemon/core/log.h"
#include "daemon/host/clocks.h"
#include "daemon/run/brokers.h"

namespace changtong {
namespace {

constexpr milliseconds a_moment{200}, while_away{1'000};
constexpr std::string_view live_path = "/centre/v1/live";
constexpr std::size_t takers = 4;  // as many as enter over HTTP
enum heard : std::size_t { shipments, beats, sheets };

centre::broker_place listening(const broker_settings& s) {
  const auto of_all = [](std::string_view what) { return centre::subject_of(what, {}) + '*'; };
  centre::broker_place where = place_of_centre(s);
  where.hears = {{.name = of_all(centre::shipping_subject), .group = "ct-workers"},
                 {.name = of_all(centre::beat_subject), .group = {}},
                 {.name = of_all(centre::live_subject), .group = {}}};
  return where;
}

}  // namespace

web_route no_live_route(std::vector<centre_reader> readers) {
  return {.method = "GET",
          .path = std::string(live_path),
          .answer =
              [readers = std::move(readers)](const web_request& request) {
                if (auto no = no_reader(request, readers)) return std::move(*no);
                return problem_answer(404, "no_nats", "没有配置 nats", "no nats configured");
              },
          .lane = web_lane::vital};
}

centre_workers::centre_workers(const centre_file& s, centre_door& door)
    : door_(door), zone_(s.zone), readers_(s.readers), live_(s.names()), broker_(listening(*s.nats)) {
  threads_.emplace_back([this](const std::stop_token& stop) { return queue(stop); });
  for (std::size_t i = 0; i < takers; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { return take(stop); });
  for (const std::size_t which : {beats, sheets})
    threads_.emplace_back([this, which](const std::stop_token& stop) { return look_on(which, stop); });
}

web_route centre_workers::route() {
  return {.method = "GET",
          .path = std::string(live_path),
          .answer =
              [this](const web_request& request) {
                if (auto no = no_reader(request, readers_)) return std::move(*no);
                web_response out;
                out.body = live_.to_json(zone_, system_clocks().wall());
                return out;
              },
          .lane = web_lane::reading};
}

/** Soon behind the broker, whoever asks how much: what waits at libnats is one line for all nodes. */
host::background::pause centre_workers::queue(const std::stop_token& stop) {
  auto got = broker_.hear(shipments, a_moment, stop);
  if (stop.stop_requested()) return {};
  say_once(got ? result<void>{} : got.error());
  if (!got) return {while_away, while_away};
  if (*got)
    if (const auto node = centre::node_in(centre::shipping_subject, (*got)->subject);
        node && centre::answers_to(*node, (*got)->answer_to) && !turns_.take(*node, std::move(**got)))
      door_.turned_away(*node);
  return {milliseconds{0}, milliseconds{0}};
}

host::background::pause centre_workers::take(const std::stop_token& stop) {
  const auto ship = [&](const std::string& node, const centre::broker_message& request) {
    // Where it does not arrive the node asks again where it stands.
    (void)broker_.tell(request.answer_to, door_.shipped(node, request.body).body, stop);
  };
  turns_.serve(ship, a_moment, stop);
  return {milliseconds{0}, milliseconds{0}};
}

host::background::pause centre_workers::look_on(std::size_t which, const std::stop_token& stop) {
  const auto got = broker_.hear(which, a_moment, stop);
  if (!got) return {while_away, while_away};
  const wall_t now = system_clocks().wall();
  if (!*got) return {milliseconds{0}, milliseconds{0}};
  if (which == beats) {
    const auto node = centre::node_in(centre::beat_subject, (*got)->subject);
    if (const auto b = centre::read_beat((*got)->body); node && b) live_.take(*node, *b, now);
  } else {
    const auto node = centre::node_in(centre::live_subject, (*got)->subject);
    if (auto s = centre::read_live_sheet((*got)->body); node && s) live_.take(*node, std::move(*s), now);
  }
  return {milliseconds{0}, milliseconds{0}};
}

void centre_workers::say_once(const result<void>& how) {
  const holding lock(mutex_);
  if (how && away_told_) log::info("消息中间件又通了 / the broker is there again");
  if (!how && !away_told_)
    log::error(
        "消息中间件连不上，节点稍后再送，账都在节点上 / the broker is away; nodes ship again, nothing is lost: {}",
        to_string(how.error()));
  away_told_ = !how;
}

}  // namespace changtong
