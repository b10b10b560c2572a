#include "daemon/run/centre_workers.h"

#include <utility>

#include "daemon/centre/subjects.h"
#include "daemon/core/log.h"
#include "daemon/run/brokers.h"

namespace changtong {
namespace {

constexpr milliseconds a_moment{200}, while_away{1'000};
constexpr std::size_t takers = 4;  // as many as enter over HTTP
enum heard : std::size_t { shipments };

centre::broker_place listening(const broker_settings& s) {
  centre::broker_place where = place_of_centre(s);
  where.hears = {{.name = centre::subject_of(centre::shipping_subject, {}) + '*', .group = "ct-workers"}};
  return where;
}

}  // namespace

centre_workers::centre_workers(const centre_file& s, centre_door& door) : door_(door), broker_(listening(*s.nats)) {
  for (std::size_t i = 0; i < takers; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { return take(stop); });
}

host::background::pause centre_workers::take(const std::stop_token& stop) {
  const auto got = broker_.hear(shipments, a_moment, stop);
  if (stop.stop_requested()) return {};
  say_once(got ? result<void>{} : got.error());
  if (!got) return {while_away, while_away};
  if (*got && !(*got)->answer_to.empty())
    if (const auto node = centre::node_in(centre::shipping_subject, (*got)->subject))
      // Where it does not arrive the node asks again where it stands.
      (void)broker_.tell((*got)->answer_to, door_.shipped(*node, (*got)->body).body, stop);
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
