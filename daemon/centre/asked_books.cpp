#include "daemon/centre/asked_books.h"

#include <algorithm>
#include <utility>

#include "daemon/centre/node_books.h"
#include "daemon/core/so_far.h"
#include "daemon/observers/merged_books.h"
#include "daemon/observers/parted.h"

namespace changtong::centre {
namespace {

/** A day is enough where the lines were up then; a month, where that day's beginning was a bad one. */
const std::vector<milliseconds> read_before{std::chrono::days{1}, std::chrono::days{31}};

/** Whoever ships on after it was said that it ships no more is not heard. */
wall_t until_of(const folded_head& h) { return h.retired.value_or(wall_max); }

std::unique_ptr<ledger::reader> opened(database& db, const folded_head& of, bool frozen) {
  auto books = open_books(db, of, frozen);
  if (!books) throw spoken_error(words_of(books.error()));
  return std::move(books->books);
}

}  // namespace

std::vector<const folded_head*> asked_node::heads() const {
  std::vector<const folded_head*> all{&head};
  if (other) all.push_back(&*other);
  return all;
}

std::optional<milliseconds> asked_node::offset() const {
  if (!other || !head.clock || !other->clock) return std::nullopt;
  const milliseconds found = head.clock->ahead - other->clock->ahead;
  const milliseconds within = head.clock->within + other->clock->within;
  const milliseconds most = found < milliseconds{0} ? found - within : found + within;
  const bool is_far = std::chrono::abs(found) - within > observers::greatest_offset;
  return is_far || std::chrono::abs(most) <= observers::greatest_offset ? std::optional(most) : std::nullopt;
}

bool asked_node::apart() const {
  const auto by = offset();
  return by && std::chrono::abs(*by) > observers::greatest_offset;
}

wall_t asked_node::known_to() const {
  std::vector<wall_t> ends, retired;  // who ships no more holds the other one not back
  for (const folded_head* h : heads()) {
    if (h != &head && apart()) continue;
    (h->retired ? retired : ends).push_back(std::min(h->folded_to, until_of(*h)));
  }
  return std::max(ends.empty() ? wall_min : observers::end_of(ends),
                  retired.empty() ? wall_min : observers::end_of(retired));
}

std::optional<wall_t> asked_node::retired() const {
  std::optional<wall_t> last = head.retired;
  if (other && last) last = other->retired ? std::max(last, other->retired) : std::nullopt;
  return last;
}

void put_by_rank(asked_node& pair) {
  if (!pair.other) return;
  const auto place = [](const folded_head& h) { return std::pair(h.retired.has_value(), h.folded_to == wall_t{}); };
  if (place(*pair.other) < place(pair.head)) std::swap(pair.head, *pair.other);
}

std::unique_ptr<observers::merged_books> books_of_pair(database& db, const asked_node& of,
                                                       const std::function<void()>& step) {
  std::vector<observers::observed> all;
  std::vector<observers::signature> signatures;
  std::vector<const ledger::reader*> books;
  for (const folded_head* h : of.heads()) {
    if (h != &of.head && of.apart()) continue;
    all.push_back({.who = {.name = h->node, .offset = h == &of.head ? milliseconds{0} : of.offset()},
                   .books = opened(db, *h, false),
                   .until = until_of(*h)});
    signatures.push_back({.starts = all.back().books->starts(), .file = h->node, .heartbeat = h->folded_to});
    books.push_back(all.back().books.get());
  }
  const auto same = observers::same_books(books, signatures);
  for (std::size_t i = all.size(); i-- > 0;)
    if (same[i] && all[*same[i]].until == wall_max) all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
  return std::make_unique<observers::merged_books>(std::move(all), step, read_before);
}

std::unique_ptr<ledger::reader> books_of(database& db, const asked_node& of, const std::function<void()>& step) {
  if (of.pair.empty()) return opened(db, of.head, true);
  return books_of_pair(db, of, step);
}

wall_t cut_of_node(const asked_node& of, wall_t now) {
  const wall_t cut = cut_of(now, of.known_to());
  const auto retired = of.retired();
  return retired ? std::min(cut, *retired) : cut;
}

}  // namespace changtong::centre
