#include "daemon/publish/metrics/own.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "daemon/core/cause.h"
#include "daemon/core/sample.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {
namespace {

using labels = std::vector<prometheus::ClientMetric::Label>;

prometheus::MetricFamily family(const metric& what) {
  prometheus::MetricFamily out;
  out.name = what.name;
  out.help = escaped_help(what.help);  // the serializer writes it as it is
  out.type = what.type == metric_type::gauge     ? prometheus::MetricType::Gauge
             : what.type == metric_type::counter ? prometheus::MetricType::Counter
                                                 : prometheus::MetricType::Histogram;
  return out;
}

void add(prometheus::MetricFamily& to, double value, labels with = {}) {
  prometheus::ClientMetric one;
  one.label = std::move(with);
  if (to.type == prometheus::MetricType::Counter)
    one.counter.value = value;
  else
    one.gauge.value = value;
  to.metric.push_back(std::move(one));
}

prometheus::MetricFamily single(const metric& what, double value) {
  auto out = family(what);
  add(out, value);
  return out;
}

/** Zero in our tallies means "has not happened": a timestamp of 1970 would only raise alarms. */
prometheus::MetricFamily timestamp(const metric& what, double seconds) {
  auto out = family(what);
  if (seconds > 0) add(out, seconds);
  return out;
}

template <std::size_t N>
prometheus::MetricFamily distribution(const metric& what, const histogram<N>& from) {
  auto out = family(what);
  prometheus::ClientMetric one;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= N; ++i) {
    total += from.bucket(i);
    const double bound = i < N ? from.bounds()[i] : std::numeric_limits<double>::infinity();
    one.histogram.bucket.push_back({total, bound});
  }
  one.histogram.sample_count = total;
  one.histogram.sample_sum = from.sum();
  out.metric.push_back(std::move(one));
  return out;
}

prometheus::MetricFamily sample_family(const page_sources& from) {
  auto out = family(names::samples_total);
  for (std::size_t kind = 0; kind < from.kinds.size() && kind < daemon_tallies::max_kinds; ++kind) {
    for (const outcome o : {outcome::good, outcome::bad, outcome::not_measured}) {
      const auto count = from.tallies->samples[kind][static_cast<std::size_t>(o)].load(std::memory_order_relaxed);
      add(out, static_cast<double>(count), {{"kind", from.kinds[kind]}, {"outcome", std::string(name_of(o))}});
    }
  }
  return out;
}

/** Only what happened: kinds times causes are many, and most of them never come. */
prometheus::MetricFamily cause_family(const page_sources& from) {
  auto out = family(names::samples_by_cause_total);
  for (std::size_t kind = 0; kind < from.kinds.size() && kind < daemon_tallies::max_kinds; ++kind) {
    for (std::size_t c = 0; c < daemon_tallies::max_causes; ++c) {
      const auto count = from.tallies->blamed[kind][c].load(std::memory_order_relaxed);
      if (count == 0) continue;
      const auto why = static_cast<cause>(c);
      add(out, static_cast<double>(count),
          {{"kind", from.kinds[kind]}, {"cause", std::string(name_of(why))}, {"reason", std::string(chinese(why))}});
    }
  }
  return out;
}

/** prometheus-cpp knows the older form only: the families of counters lose their _total. */
std::string as_openmetrics(const std::string& text) {
  constexpr std::string_view total = "_total";
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("# ")) {
      const std::size_t name_end = line.find(' ', line.find(' ', 2) + 1);
      if (name_end != std::string::npos && line.substr(0, name_end).ends_with(total))
        line.erase(name_end - total.size(), total.size());
    }
    out.append(line).append("\n");
  }
  return out;
}

prometheus::MetricFamily ignored_family(const page_sources& from) {
  auto out = family(names::ignored_packets_total);
  if (!from.ignored) return out;
  for (const ignored_row& row : from.ignored()) {
    add(out, static_cast<double>(row.count), {{"kind", row.kind}, {"reason", row.reason}});
  }
  return out;
}

prometheus::MetricFamily reload_family(const daemon_tallies& c) {
  auto out = family(names::config_reloads_total);
  add(out, static_cast<double>(c.reloads_ok.load()), {{"result", "ok"}});
  add(out, static_cast<double>(c.reloads_failed.load()), {{"result", "failed"}});
  return out;
}

void add_clock(std::vector<prometheus::MetricFamily>& out, const daemon_tallies& c) {
  const int synchronised = c.clock_synchronised.load(std::memory_order_relaxed);
  if (synchronised >= 0) out.push_back(single(names::clock_synchronised, synchronised));
  out.push_back(single(names::clock_synchronisation_known, synchronised >= 0 ? 1 : 0));
  out.push_back(single(names::clock_steps_total, static_cast<double>(c.clock_steps.load())));
  out.push_back(single(names::clock_offset_seconds, static_cast<double>(c.clock_offset_ms.load()) / 1e3));
}

void add_alerts(std::vector<prometheus::MetricFamily>& out, const alert_view& a) {
  out.push_back(single(names::alerts_open, static_cast<double>(a.open)));
  out.push_back(single(names::alert_nobody_reachable, a.nobody_reachable ? 1 : 0));
  auto up = family(names::alert_channel_up), told = family(names::alert_messages_total),
       waiting = family(names::alert_messages_waiting);
  for (const channel_view& c : a.channels) {
    add(up, c.well ? 1 : 0, {{"channel", c.id}, {"kind", c.kind}});
    add(told, static_cast<double>(c.told), {{"channel", c.id}, {"kind", c.kind}, {"outcome", "told"}});
    add(told, static_cast<double>(c.failed), {{"channel", c.id}, {"kind", c.kind}, {"outcome", "failed"}});
    add(waiting, static_cast<double>(c.waiting), {{"channel", c.id}, {"kind", c.kind}});
  }
  out.push_back(std::move(up));
  out.push_back(std::move(told));
  out.push_back(std::move(waiting));
}

void add_door(std::vector<prometheus::MetricFamily>& out, const door_tallies& d) {
  out.push_back(single(names::http_connections, static_cast<double>(d.connections.load())));
  out.push_back(single(names::http_bytes_in_flight, static_cast<double>(d.bytes_in_flight.load())));
  auto turned = family(names::http_turned_away_total), refused = family(names::http_tokens_refused_total),
       logins = family(names::http_logins_refused_total);
  for (std::size_t i = 0; i < door_reasons.size(); ++i)
    add(turned, static_cast<double>(d.turned_away[i].load()), {{"reason", std::string(door_reasons[i].name)}});
  for (std::size_t i = 0; i < token_refusals.size(); ++i)
    add(refused, static_cast<double>(d.tokens_refused[i].load()), {{"reason", std::string(token_refusals[i])}});
  for (std::size_t i = 0; i < login_refusals.size(); ++i)
    add(logins, static_cast<double>(d.logins_refused[i].load()), {{"reason", std::string(login_refusals[i])}});
  out.push_back(std::move(turned));
  out.push_back(std::move(refused));
  out.push_back(std::move(logins));
}

double seconds_of(const std::atomic<std::int64_t>& ms) { return static_cast<double>(ms.load()) / 1e3; }

void add_peer(std::vector<prometheus::MetricFamily>& out, const peer_tallies& t) {
  out.push_back(timestamp(names::peer_shipped_timestamp_seconds, seconds_of(t.shipped_ms)));
  out.push_back(single(names::peer_unshipped_entries, static_cast<double>(t.unshipped.load())));
  out.push_back(single(names::peer_failures_total, static_cast<double>(t.failures.load())));
  out.push_back(timestamp(names::peer_received_timestamp_seconds, seconds_of(t.received_ms)));
  if (t.shipped_ms.load() != 0) out.push_back(single(names::peer_clock_offset_seconds, seconds_of(t.clock_offset_ms)));
  out.push_back(single(names::peer_forked, t.ours_forked.load() || t.theirs_forked.load() ? 1 : 0));
  out.push_back(single(names::peer_copies_set_aside_total, static_cast<double>(t.set_aside.load())));
}

void add_centre(std::vector<prometheus::MetricFamily>& out, const peer_tallies& t) {
  out.push_back(timestamp(names::centre_shipped_timestamp_seconds, seconds_of(t.shipped_ms)));
  out.push_back(single(names::centre_unshipped_entries, static_cast<double>(t.unshipped.load())));
  out.push_back(single(names::centre_failures_total, static_cast<double>(t.failures.load())));
  if (t.shipped_ms.load() != 0)
    out.push_back(single(names::centre_clock_offset_seconds, seconds_of(t.clock_offset_ms)));
  out.push_back(single(names::centre_forked, t.ours_forked.load() ? 1 : 0));
}

void add_traps(std::vector<prometheus::MetricFamily>& out, const trap_tallies& t) {
  auto received = family(names::traps_received_total), dropped = family(names::traps_dropped_total);
  for (std::size_t i = 0; i < trap_tallies::versions.size(); ++i)
    add(received, static_cast<double>(t.received.at(i).load()),
        {{"version", std::string(trap_tallies::versions.at(i))}});
  for (std::size_t i = 0; i < trap_drops.size(); ++i)
    add(dropped, static_cast<double>(t.dropped.at(i).load()), {{"reason", std::string(trap_drops.at(i))}});
  out.push_back(std::move(received));
  out.push_back(std::move(dropped));
  out.push_back(single(names::traps_kept_total, static_cast<double>(t.kept.load())));
  out.push_back(single(names::traps_summed_total, static_cast<double>(t.summed.load())));
  out.push_back(single(names::informs_repeated_total, static_cast<double>(t.repeated.load())));
  out.push_back(single(names::informs_answered_total, static_cast<double>(t.answered.load())));
}

void add_process(std::vector<prometheus::MetricFamily>& out, const process_figures& p) {
  if (p.cpu_seconds >= 0) out.push_back(single(names::process_cpu_seconds_total, p.cpu_seconds));
  if (p.resident_bytes >= 0) out.push_back(single(names::process_resident_memory_bytes, p.resident_bytes));
  if (p.open_descriptors >= 0) out.push_back(single(names::process_open_fds, p.open_descriptors));
}

double count_descriptors() {
  double count = -1;  // the folder's own descriptor
  std::error_code failed;
  for (std::filesystem::directory_iterator each("/proc/self/fd", failed), end; !failed && each != end;
       each.increment(failed))
    ++count;
  return failed ? -1 : count;
}

}  // namespace

process_figures read_process() {
  process_figures out;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    out.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  std::ifstream memory("/proc/self/statm");
  double size = 0;
  double resident = 0;
  if (memory >> size >> resident) out.resident_bytes = resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
  out.open_descriptors = count_descriptors();
  return out;
}

std::string own_metrics(const page_sources& from, const process_figures& process, series_groups without, format f) {
  const daemon_tallies& c = *from.tallies;
  std::vector<prometheus::MetricFamily> out;
  out.push_back(sample_family(from));
  if (!without.has(series_group::causes)) out.push_back(cause_family(from));
  out.push_back(ignored_family(from));
  out.push_back(single(names::ignored_answers_total, static_cast<double>(c.ignored_answers.load())));
  out.push_back(single(names::questions_under_way, static_cast<double>(c.questions_under_way.load())));
  out.push_back(single(names::late_slots_total, static_cast<double>(c.late_slots.load())));
  out.push_back(distribution(names::schedule_lateness_seconds, c.lateness_seconds));
  out.push_back(distribution(names::ledger_commit_seconds, c.commit_seconds));
  out.push_back(single(names::ledger_entries_total, static_cast<double>(c.ledger_entries.load())));
  out.push_back(single(names::ledger_commit_failures_total, static_cast<double>(c.ledger_failures.load())));
  out.push_back(single(names::ledger_writable, c.ledger_writable.load() ? 1 : 0));
  out.push_back(single(names::audit_log_writable, c.audit_writable.load() ? 1 : 0));
  out.push_back(single(names::ledger_lost_records_total, static_cast<double>(c.ledger_lost.load())));
  out.push_back(single(names::ledger_queue_records, static_cast<double>(c.ledger_queue.load())));
  out.push_back(timestamp(names::ledger_heartbeat_timestamp_seconds, static_cast<double>(c.heartbeat_ms.load()) / 1e3));
  out.push_back(timestamp(names::ledger_verified_timestamp_seconds, static_cast<double>(c.ledger_verified_s.load())));
  const int verified = c.ledger_verified_ok.load();
  if (verified >= 0) {
    out.push_back(single(names::ledger_verified_ok, verified));
    out.push_back(single(names::ledger_verified_entries, static_cast<double>(c.ledger_verified_entries.load())));
  }
  out.push_back(
      timestamp(names::ledger_sealed_day_timestamp_seconds, static_cast<double>(c.sealed_until_ms.load()) / 1e3));
  out.push_back(single(names::ledger_seal_failures_total,
                       static_cast<double>(c.seal_failures.load() + c.seal_post_failures.load())));
  out.push_back(single(names::config_reload_success, c.config_ok.load() ? 1 : 0));
  out.push_back(
      timestamp(names::config_last_reload_success_timestamp_seconds, static_cast<double>(c.config_time_s.load())));
  out.push_back(reload_family(c));
  add_clock(out, c);
  out.push_back(single(names::own_uplink_silent, c.own_uplink_silent.load() ? 1 : 0));
  out.push_back(single(names::own_uplink_samples_total, static_cast<double>(c.own_uplink_samples.load())));
  out.push_back(single(names::anchors_contradicted, c.anchors_contradicted.load() ? 1 : 0));
  if (from.door != nullptr) add_door(out, *from.door);
  if (from.peer != nullptr) add_peer(out, *from.peer);
  if (from.centre != nullptr) add_centre(out, *from.centre);
  if (from.traps != nullptr) add_traps(out, *from.traps);
  if (from.alerts) add_alerts(out, from.alerts());
  out.push_back(family(names::build_info));
  add(out.back(), 1, {{"version", from.version}});
  add_process(out, process);
  std::erase_if(out, [](const auto& f) { return f.metric.empty(); });
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, out);
  return f == format::openmetrics ? as_openmetrics(text.str()) : text.str();
}

}  // namespace changtong::metrics
