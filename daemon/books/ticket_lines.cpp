#include "daemon/books/ticket_lines.h"

namespace changtong::books {

const contract* terms_for(const std::vector<dated_policy>& policies, const ledger::known_target& line, wall_t at) {
  const contract_subject subject{line.id, line.carrier, line.category, line.grade};
  const wall_t after = at + milliseconds{1};
  const auto covering = contracts_for(policies, subject, {at, after}, after);
  return covering.empty() ? nullptr : covering.front().what;
}

reported_line named_line(const ledger::known_target& t) {
  reported_line line;
  line.id = t.id, line.name = t.name, line.town = t.town, line.unit = t.unit, line.circuit = t.circuit;
  return line;
}

void add_outage(reported_line& line, const availability::outage& o, const outage_note& note) {
  line.began = o.began, line.confirmed = o.confirmed, line.why = o.why;
  line.trace = trace_text(note);
}

}  // namespace changtong::books
