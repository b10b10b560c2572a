// A ticket that stands in the ledger, with its lines once more: for the papers that go with it.
#include <map>

#include "daemon/books/due_tickets.h"
#include "daemon/books/ticket_lines.h"

namespace changtong::books {
namespace {

constexpr std::size_t most_outages = 10'000;  // of one line since the beginning of the ticket's first

/** The line's outage that was open when it was reported; none: the books have it no more. */
std::optional<availability::outage> outage_of(const ledger::reader& from, const std::string& line,
                                              const ticket_record& reported) {
  std::optional<availability::outage> found;
  for (availability::outage& o : from.outages({reported.began, reported.at + milliseconds{1}}, line, most_outages))
    if (o.target == line && o.began <= reported.at && o.ended > reported.at) found = std::move(o);
  return found;
}

}  // namespace

due_ticket reported_ticket(const ledger::reader& from, const ticket_record& reported) {
  due_ticket out{.what = reported, .terms = {}, .lines = {}};
  std::map<std::string, ledger::known_target> targets;
  for (ledger::known_target& t : from.targets()) targets.emplace(t.id, std::move(t));
  const auto policies = read_policies(from.policies());
  std::vector<availability::outage> open;
  for (const std::string& id : ids_in(reported.targets)) {
    reported_line& line = out.lines.emplace_back();
    if (const auto t = targets.find(id); t != targets.end()) {
      line = named_line(t->second);
      if (policies && out.terms.id.empty())
        if (const contract* terms = terms_for(*policies, t->second, reported.at)) out.terms = *terms;
    }
    line.id = id;
    line.began = line.confirmed = reported.began;
    if (auto o = outage_of(from, id, reported)) open.push_back(std::move(*o));
  }
  for (const listed_outage& o : noted(from, std::move(open), outage_notes::with::people))
    for (reported_line& line : out.lines)
      if (line.id == o.what.target) add_outage(line, o.what, o.note);
  return out;
}

}  // namespace changtong::books
