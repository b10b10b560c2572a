#include "daemon/accounts/trail_page.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace changtong::accounts {
namespace {

bool fits(const trail_entry& e, const trail_query& q) {
  if (!q.who.empty() && e.who != q.who) return false;
  const auto holds = [&](std::string_view text) { return text.find(q.word) != std::string_view::npos; };
  return holds(e.of) || holds(e.outcome) || holds(e.peer) || holds(deed_names.at(static_cast<std::size_t>(e.what)));
}

}  // namespace

result<trail_page> read_page(const trail& of, const trail_query& q) {
  trail_page page;
  std::deque<trail_entry> last;  // of those that fit: what may stand on the page, and what is skipped behind it
  const auto read = of.each_line([&](std::string_view line) {
    page.chain.take(line);
    auto found = entry_in(line);
    if (!found || !fits(found->entry, q)) return;
    ++page.found;
    last.push_back(std::move(found->entry));
    if (last.size() > q.skip + q.most) last.pop_front();
  });
  if (!read) return read.error();
  const std::size_t skipped = std::min(q.skip, last.size());
  page.entries.assign(std::make_move_iterator(last.rbegin() + static_cast<std::ptrdiff_t>(skipped)),
                      std::make_move_iterator(last.rend()));
  return page;
}

}  // namespace changtong::accounts
