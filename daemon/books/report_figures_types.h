#pragma once
/** The values of a monthly, quarterly or yearly availability report (issue list of rules.md 10), as somebody else has
 * computed them. Lists are cut by the maker; `…_left_out` says by how many. */
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/availability/certainty.h"
#include "daemon/availability/contracts.h"
#include "daemon/availability/groups.h"
#include "daemon/availability/row.h"
#include "daemon/books/carrier_part.h"
#include "daemon/books/compared_periods.h"
#include "daemon/books/outage_notes.h"
#include "daemon/core/check.h"
#include "daemon/core/civil.h"

namespace changtong::report {

using availability::availability_row;
using availability::group_value;
using availability::seconds;

/** A timing in use and the shortest outage that is certain to be confirmed with it. */
struct certain_row {
  std::string category, kind;  ///< as people read them
  timing when;
  availability::certain_length length;
};

struct report_head {
  std::string office;       ///< may be empty
  std::string title;        ///< 2026年3月 专线与网站畅通率报告
  std::string period_name;  ///< 2026年3月
  period when;
  bool complete = true;  ///< the period has ended and was watched to its end
  wall_t made_at{};
  wall_t known_to{};                    ///< the ledger's heartbeat
  std::optional<wall_t> as_known_at{};  ///< the books of that instant
  civil_zone zone;
  std::string version;
  std::string rules;        ///< the versions of the books' rules that were in force: 2, or 1、2
  std::string fingerprint;  ///< of the key that seals the ledger; empty = not sealed
  std::vector<certain_row> certain;
  std::uint16_t repeat_outages = 3;
  std::vector<std::string> remarks{};  ///< what whoever reads the first page has to know of it beside; sentences
};

struct overall_figures {
  seconds sums;
  group_value r1, r2, r3, r4;
  std::int64_t lines = 0, sites = 0;
  std::int64_t in_part = 0;  ///< lines that their contracts judge by a part of the period only
};

struct target_row {
  std::string id, name, category, town, carrier;  ///< category by its Chinese name
  bool site = false;
  seconds sums;
  std::vector<availability::agreed_part> agreed;  ///< contract periods with a target, as the contracts count
  bool in_part = false;                           ///< contracts with a target cover a part of its time only
  std::int64_t judged = 0, met = 0,
               proven =
                   0;  ///< contract periods that were judged, those that reached their target, those by the lower bound
};

struct outage_row {
  std::string id, name, category, town, carrier;
  availability::outage what;
  milliseconds down{0};                ///< inside the period, after exclusion
  milliseconds least{0}, greatest{0};  ///< of the whole outage by its edges, holes left out
  milliseconds hole{0};                ///< unknown time inside it, in the period
  std::vector<std::string> windows;    ///< ids of the windows that it touches
  books::outage_note note;             ///< what people and the carrier said
};

struct window_row {
  std::string id, target, name, state, by, text;
  std::string requested, revised;  ///< who asked for the window, and all who revised it
  std::string via;                 ///< of the record that decided
  period when;
  wall_t made{};             ///< the record that decided
  milliseconds excluded{0};  ///< inside the period
  std::string remark;        ///< why nothing was excluded, what was late, flags
};

struct gap_row {
  period when;
  cause why = cause::none;
  std::int64_t targets = 0;
  milliseconds total{0};
};

/** Outages of the period by what was found; none: nobody found it. */
struct cause_row {
  cause why = cause::none;
  std::int64_t outages = 0;
  milliseconds down{0};
};

/** Where lines are, in the report of a centre. */
struct place_row {
  std::string name;
  seconds sums;  ///< R1; without scope: nothing of it is known
  std::int64_t targets = 0;
  std::string known;  ///< how far each of its nodes is, a sentence
};

struct availability_report {
  report_head head;
  overall_figures all;
  std::vector<availability_row> categories, towns, carriers, months;  ///< months: or days, for a single month
  bool by_day = false;
  std::vector<target_row> targets;  ///< in order of id
  std::vector<outage_row> longest;  ///< longest first
  std::vector<window_row> windows;
  std::vector<std::pair<cause, milliseconds>> unknown;  ///< longest first
  std::vector<cause_row> causes;                        ///< of outages, longest first
  books::compared_periods against;
  std::vector<gap_row> gaps;  ///< longest first
  std::vector<carrier_part> carrier_parts;
  std::int64_t outages_left_out = 0, gaps_left_out = 0, windows_left_out = 0;
  std::vector<place_row> places{};  ///< of a centre alone, in the order of its settings
};

}  // namespace changtong::report
