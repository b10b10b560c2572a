#include "daemon/books/due_tickets.h"

#include <algorithm>
#include <map>

#include "daemon/availability/intervals.h"
#include "daemon/books/ticket_lines.h"
#include "daemon/core/utf8.h"

namespace changtong::books {
namespace {

constexpr milliseconds settled = std::chrono::minutes{5};  // what is over by itself before is no case for the carrier
constexpr milliseconds oldest = std::chrono::hours{24};    // that is still sent
constexpr milliseconds cause_wait = std::chrono::minutes{1};
constexpr milliseconds for_the_first = std::chrono::minutes{1};  // to report what both of a pair see
constexpr milliseconds others_patience = std::chrono::minutes{10};
constexpr std::size_t most_answer = 200;  // bytes
constexpr std::size_t most_outages = 1'000'000;

bool is_carriers(const availability::outage& o, wall_t now) {
  if (o.found == cause::none) return now >= o.confirmed + cause_wait;
  return o.found != cause::upstream && o.found != cause::site_power && o.found != cause::restart;
}

/** A line that may be on a ticket. */
struct candidate {
  reported_line line;
  wall_t counted_from{};  ///< discovery, or the end of the window in which it fell
};

std::string address_for(const std::vector<dated_policy>& policies, const ledger::known_target& line, wall_t now) {
  const contract* terms = terms_for(policies, line, now);
  return terms == nullptr ? std::string() : terms->report_to;
}

class gathering {
 public:
  gathering(const ledger::reader& from, const due_request& asked, std::vector<dated_policy> policies)
      : from_(from), asked_(asked), policies_(std::move(policies)) {
    for (ledger::known_target& t : from_.targets()) targets_.emplace(t.id, std::move(t));
  }

  std::vector<due_ticket> gather() {
    const period now{asked_.now, asked_.now + milliseconds{1}};
    auto open = from_.outages(now, {}, most_outages);
    std::erase_if(open,
                  [&](const availability::outage& o) { return o.ended != wall_max || !is_carriers(o, asked_.now); });
    for (listed_outage& o : noted(from_, std::move(open), outage_notes::with::people))
      if (o.note.tickets.empty()) take(o.what, o.note);
    std::vector<due_ticket> out;
    known_ = from_.declared<ticket_record>();
    for (auto& [id, part] : by_contract_)
      if (is_due(part)) out.push_back(ticket_of(part));
    return out;
  }

 private:
  struct contract_part {
    contract terms;
    std::vector<candidate> lines;
  };

  void take(const availability::outage& o, const outage_note& note) {
    const auto t = targets_.find(o.target);
    if (t == targets_.end() || t->second.kind == "site" || t->second.removed) return;
    if (t->second.closed && *t->second.closed <= asked_.now) return;
    const ledger::known_target& line = t->second;
    const contract* terms = terms_for(policies_, line, asked_.now);
    if (terms == nullptr || terms->report_to.empty()) return;
    const auto from = counted_from(o);
    if (!from) return;
    contract_part& part = by_contract_[terms->id];
    part.terms = *terms;
    candidate& one = part.lines.emplace_back(candidate{.line = named_line(line), .counted_from = *from});
    add_outage(one.line, o, note);
  }

  /** Nothing while a window that leaves the books lies over now. */
  [[nodiscard]] std::optional<wall_t> counted_from(const availability::outage& o) const {
    std::optional<wall_t> from = o.confirmed;
    from_.histories({o.began, asked_.now + milliseconds{1}}, asked_.now + milliseconds{1}, o.target,
                    [&](const ledger::known_target&, const availability::target_history& h) {
                      for (const period& w : availability::united(h.excluded)) {
                        if (w.holds(asked_.now)) from.reset();
                        if (from && w.holds(*from)) from = w.to;
                      }
                    });
    return from;
  }

  [[nodiscard]] bool is_due(const contract_part& part) const {
    milliseconds wait = part.terms.report_deadline ? std::min(settled, *part.terms.report_deadline / 2) : settled;
    if (asked_.pair == node_rank::second) wait += for_the_first;
    return std::ranges::any_of(part.lines, [&](const candidate& c) { return asked_.now >= c.counted_from + wait; });
  }

  due_ticket ticket_of(contract_part& part) {
    std::ranges::sort(part.lines, {}, [](const candidate& c) { return c.line.id; });
    due_ticket out{.what = {}, .terms = std::move(part.terms), .lines = {}};
    ticket_record& t = out.what;
    t.at = asked_.now;
    t.number = next_number(from_.zone(), asked_.now, known_, true, asked_.pair.value_or(node_rank::first));
    t.carrier = out.terms.carrier;
    t.began = part.lines.front().line.began;
    t.author = automatic_author;
    wall_t first = part.lines.front().counted_from;
    std::vector<std::string> ids;
    for (candidate& c : part.lines) {
      ids.push_back(c.line.id);
      t.began = std::min(t.began, c.line.began);
      first = std::min(first, c.counted_from);
      out.lines.push_back(std::move(c.line));
    }
    t.targets = list_of_ids(ids);
    if (out.terms.report_deadline) t.deadline = first + *out.terms.report_deadline;
    t.text = ticket_text(out, asked_.office, from_.zone());
    known_.push_back(t);
    return out;
  }

  const ledger::reader& from_;
  const due_request& asked_;
  std::vector<dated_policy> policies_;
  std::map<std::string, ledger::known_target> targets_;
  std::map<std::string, contract_part> by_contract_;
  std::vector<ticket_record> known_;
};

}  // namespace

result<std::vector<due_ticket>> due_tickets(const ledger::reader& from, const due_request& asked) {
  auto policies = read_policies(from.policies());
  if (!policies) return policies.error();
  return result<std::vector<due_ticket>>(boost::system::in_place_value,
                                         gathering(from, asked, std::move(*policies)).gather());
}

result<std::vector<unsent_ticket>> unsent_tickets(const ledger::reader& from, wall_t now,
                                                  std::optional<node_rank> pair) {
  const auto policies = read_policies(from.policies());
  if (!policies) return policies.error();
  std::string day = from.zone().key(now - oldest, civil_zone::unit::day);
  std::erase(day, '-');
  std::map<std::string, ledger::known_target> targets;
  std::vector<unsent_ticket> out;
  for (const ticket& t :
       fold_tickets(from.declared<ticket_record>({.keys = std::pair("T" + day, std::string("T~"))}))) {
    if (t.reported_by != automatic_author || t.sent || t.closed || t.reported + oldest < now) continue;
    if (pair && rank_of_automatic(t.number) != *pair && t.reported + others_patience > now) continue;
    if (targets.empty())
      for (ledger::known_target& one : from.targets()) targets.emplace(one.id, std::move(one));
    unsent_ticket one{.what = t.steps.front(), .to = {}, .tries = 0, .last_try = {}};
    for (const ticket_record& step : t.steps)
      if (step.step == ticket_step::sent) ++one.tries, one.last_try = step.at;
    for (const std::string& id : t.targets)
      if (const auto line = targets.find(id); line != targets.end() && one.to.empty())
        one.to = address_for(*policies, line->second, now);
    out.push_back(std::move(one));
  }
  return result<std::vector<unsent_ticket>>(boost::system::in_place_value, std::move(out));
}

ticket_record sent_step(const ticket_record& reported, wall_t at, bool taken, std::string_view answer) {
  ticket_record t = reported;
  t.at = at;
  t.step = ticket_step::sent;
  t.author = automatic_author;
  t.deadline = {}, t.text = {}, t.theirs = {}, t.cause = fault_cause::unstated, t.via = {};
  const std::string front(taken ? "" : not_delivered);
  t.answer = front + std::string(shortened(answer, most_answer - front.size()));
  return t;
}

}  // namespace changtong::books
