#include "daemon/books/tickets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace changtong::books {
namespace {

constexpr int first_automatic = 5001;
constexpr int series = 2500;            // numbers that each node of a pair has of a kind
constexpr int most_number = 1'000'000;  // of a day; no ledger that was not tampered with has as many

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const bool good = std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
  return good ? std::optional(number) : std::nullopt;
}

/** What the step says that the ticket did not say before. */
void apply(ticket& t, ticket_record step) {
  if (step.step == ticket_step::sent) {
    t.answer = step.answer;
    if (!step.answer.starts_with(not_delivered)) t.sent = step.at;
  }
  if (!step.theirs.empty()) t.theirs = step.theirs;
  if (step.cause != fault_cause::unstated) t.cause = step.cause;
  const bool heard = step.step == ticket_step::reply || step.step == ticket_step::closed;
  if (heard && !step.text.empty()) t.reply = step.text;
  if (step.step == ticket_step::closed) t.closed = step.at;
  t.steps.push_back(std::move(step));
}

ticket begun(const ticket_record& first) {
  ticket t;
  t.number = first.number;
  t.carrier = first.carrier;
  t.alert = first.alert;
  t.targets = ids_in(first.targets);
  t.began = first.began;
  t.reported = first.at;
  if (first.deadline != wall_t{}) t.deadline = first.deadline;
  t.reported_by = first.author;
  return t;
}

}  // namespace

std::vector<ticket> fold_tickets(std::vector<ticket_record> steps) {
  std::map<std::string, ticket> all;
  for (ticket_record& step : steps) {
    auto there = all.find(step.number);
    if (there == all.end()) {
      if (step.step != ticket_step::reported) continue;
      there = all.emplace(step.number, begun(step)).first;
    }
    apply(there->second, std::move(step));
  }
  std::vector<ticket> out;
  for (auto& [number, one] : all) out.push_back(std::move(one));
  return out;
}

std::string next_number(const civil_zone& zone, wall_t now, std::span<const ticket_record> known, bool automatic,
                        node_rank rank) {
  std::string day = zone.key(now, civil_zone::unit::day);
  std::erase(day, '-');
  const std::string front = fmt::format("T{}-", day);
  const int before = (automatic ? first_automatic : 1) + (rank == node_rank::second ? series : 0) - 1;
  int last = before, last_of_all = before;
  for (const ticket_record& t : known) {
    if (!t.number.starts_with(front)) continue;
    const int number = number_in(std::string_view(t.number).substr(front.size())).value_or(most_number);
    if ((number >= first_automatic) != automatic || number >= most_number) continue;
    last_of_all = std::max(last_of_all, number);
    if (before < number && number <= before + series) last = std::max(last, number);
  }
  const bool full = last == before + series;  // what comes then may meet the other node's
  return fmt::format("{}{:04}", front, full ? last_of_all + 1 : last + 1);
}

node_rank rank_of_automatic(std::string_view number) {
  const auto n = number_in(number.substr(std::min(number.rfind('-'), number.size() - 1) + 1));
  return n && *n >= first_automatic + series ? node_rank::second : node_rank::first;
}

std::optional<wall_t> report_deadline(const std::vector<dated_policy>& policies, const ledger::known_target& line,
                                      wall_t discovered) {
  const contract_subject subject{line.id, line.carrier, line.category, line.grade};
  const wall_t after = discovered + milliseconds{1};
  for (const contract_in_force& c : contracts_for(policies, subject, {discovered, after}, after))
    if (c.what->report_deadline) return discovered + *c.what->report_deadline;
  return std::nullopt;
}

}  // namespace changtong::books
