#pragma once
/** Random records in the order of a life: for properties that must hold for any journal. */
#include <map>
#include <string>

#include "tests/ledger/desk.h"

namespace changtong::ledger::desk {

/** What a daemon might write: each target's transitions in order, gaps, windows, versions, text of any kind. */
struct any_daemon {
  std::map<std::string, std::int64_t> clock;
  std::map<std::string, wall_t> outage;
  std::int64_t now = midnight_ms;

  [[nodiscard]] std::int64_t outage_of(const std::string& id) const {
    const auto began = outage.find(id);
    return began == outage.end() ? now : ms_of(began->second);
  }

  /** A step of an alert or of a ticket. */
  record said(const std::string& id) const {
    if (*rc::gen::arbitrary<bool>()) {
      alert_record a;
      a.at = wall_from_ms(now), a.alert = "A" + std::to_string(now % 3), a.began = wall_from_ms(outage_of(id));
      a.step = *rc::gen::element(alert_step::opened, alert_step::told, alert_step::resolved);
      a.targets = id, a.answer = *rc::gen::arbitrary<std::string>();
      return a;
    }
    ticket_record t;
    t.at = wall_from_ms(now), t.number = "T" + std::to_string(now % 3), t.carrier = "移动", t.targets = id;
    t.began = wall_from_ms(outage_of(id)), t.text = *rc::gen::arbitrary<std::string>();
    t.cause = *rc::gen::element(fault_cause::unstated, fault_cause::fibre);
    if (*rc::gen::arbitrary<bool>()) t.deadline = wall_from_ms(now + 5000);
    return t;
  }

  record next() {
    const std::string id = "L" + std::to_string(*rc::gen::inRange(0, 4));
    now += *rc::gen::inRange<std::int64_t>(0, 2000);
    std::int64_t& last = clock[id];
    switch (*rc::gen::inRange(0, 33)) {
      case 0:
        return gap{wall_from_ms(now - *rc::gen::inRange(0, 500)), wall_max, cause::monitor_stopped, "crash"};
      case 1:
        return gap{wall_from_ms(now - 300), wall_from_ms(now), cause::clock_step, "step"};
      case 2:
        return unconfirmed_run{id, id + "/icmp", wall_from_ms(now), wall_from_ms(now + 1), 1, cause::timeout};
      case 3:
        return cause_found{id, outage[id], cause::own_line, ""};
      case 4:
        return window("W" + id, id, static_cast<double>(now - midnight_ms) / 1000, 10, 20,
                      *rc::gen::element<std::string>("approved", "cancelled"));
      case 5:
        return line(id, *rc::gen::inRange(0, 3));
      case 6:
        return annotation{wall_from_ms(now), id, wall_from_ms(now), *rc::gen::arbitrary<std::string>(), "雷击"};
      case 7:
        return counter_record{wall_from_ms(now),
                              "c" + id,
                              wall_from_ms(now - now % 5000),
                              std::to_string(now % 3),
                              "人",
                              "",
                              *rc::gen::arbitrary<std::string>(),
                              "api"};
      case 8:
        return indicator_verdict{wall_from_ms(now),
                                 "2026",
                                 id,
                                 attainment::partly,
                                 "0.5",
                                 *rc::gen::arbitrary<std::string>(),
                                 "",
                                 "",
                                 "王工",
                                 "cli"};
      case 9:
        return acknowledgement{wall_from_ms(now),
                               "A1",
                               id,
                               wall_from_ms(outage_of(id)),
                               "王工",
                               *rc::gen::arbitrary<std::string>(),
                               "cli"};
      case 10:
      case 11:
        return said(id);
      default:
        break;
    }
    transition t;
    t.target = id;
    t.to = *rc::gen::element(line_state::up, line_state::down, line_state::unknown);
    last = std::max(last, now - *rc::gen::inRange<std::int64_t>(0, 1000));
    t.at = t.confirmed = wall_from_ms(last);
    t.edge = {*rc::gen::arbitrary<bool>() ? wall_min : t.at - milliseconds{*rc::gen::inRange(0, 100)}, t.at};
    t.same_outage = *rc::gen::arbitrary<bool>();
    t.decided_by = id + "/icmp";
    if (t.to == line_state::down) outage[id] = t.at;
    return t;
  }
};

}  // namespace changtong::ledger::desk
