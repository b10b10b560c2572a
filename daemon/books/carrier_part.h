#pragma once
/** What a report says of one carrier: its lines by their contract periods, its faults against their limits, its
 * tickets. Values, computed by carrier_figures. */
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/availability/contracts.h"
#include "daemon/availability/row.h"
#include "daemon/books/outage_notes.h"

namespace changtong::report {

using availability::availability_row;

/** One contract period of one line. */
struct contract_row {
  std::string line, name;
  contract terms;
  std::string period_name;               ///< 2026-03 or 2026
  availability::contract_result result;  ///< its pointers are not used here
  std::vector<std::pair<credit_band, std::optional<fen>>> credits;
  std::optional<wall_t> recorded_late;
};

/** One outage against its contract. */
struct repair_row {
  std::string line, name;
  availability::outage what;
  milliseconds took{0}, down{0};
  availability::repair_judgement judgement = availability::repair_judgement::no_limit;
  bool too_long = false;
  contract terms;
  books::outage_note note;
};

/** A ticket 报障单 that was made in the period. */
struct ticket_row {
  books::ticket what;
  std::vector<std::string> names;  ///< of its lines
};

struct carrier_part {
  std::string carrier;
  availability_row row;  ///< R1 over its lines
  std::int64_t lines = 0, without_contract = 0;
  std::vector<contract> contracts;  ///< that were in force, each version once
  std::vector<contract_row> periods;
  std::vector<repair_row> faults;                                 ///< over or undecided, or longer than allowed at once
  std::int64_t repairs = 0, within = 0, over = 0, undecided = 0;  ///< of outages with a limit
  milliseconds repair_time{0};                                    ///< of these
  std::vector<ticket_row> tickets;                                ///< in order of their numbers
  std::optional<fen> credit;  ///< sum of what the contracts give; empty: no contract states money
};

}  // namespace changtong::report
