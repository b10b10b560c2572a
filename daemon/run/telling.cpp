#include "daemon/run/telling.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/run/alert_doors.h"
#include "daemon/run/duty_roster.h"

namespace changtong {

telling::telling(const settings& s, const ledger::restored& recalled, doors d)
    : doors_(std::move(d)), office_(std::make_unique<host::post_office>()) {
  gauge_ = std::make_unique<host::background>([this](const std::stop_token&) {
    constexpr std::chrono::seconds pause{5};
    const auto free = free_bytes_beside(doors_.ledger);
    free_bytes_.store(free ? static_cast<std::int64_t>(*free) : -1, std::memory_order_relaxed);
    return host::background::pause{pause, pause};
  });
  const alert_desk::doors to = alert_doors(s);
  alerts_ = std::make_unique<alert_desk>(s, recalled, to);
  alert_thread_ = std::make_unique<host::background>([this](const std::stop_token&) { return alerts_->round(); }, 0,
                                                     host::background::first::when_asked);
  alert_thread_->ask();
  tickets_ = std::make_unique<ticket_desk>(
      s, ticket_desk::doors{.now = to.now, .note = to.note, .send = to.send, .books = to.books});
}

alert_desk::doors telling::alert_doors(const settings& s) {
  const auto there = [this] {  // its disk may hang
    return doors_.tallies->ledger_writable.load(std::memory_order_relaxed);
  };
  const auto books = [there,
                      open = books_of(doors_.other, doors_.ledger)]() -> result<std::unique_ptr<ledger::reader>> {
    if (!there()) return said({"账本暂不可用", "the ledger is away"});
    return open();
  };
  const auto first = first_voice(doors_.other, s);  // while the ledger is away nobody is waited for
  const auto taken = taken_on(doors_.other);
  return {.now = doors_.now,
          .steady = [] { return std::chrono::time_point_cast<mono_t::duration>(std::chrono::steady_clock::now()); },
          .note =
              [this](std::vector<record> some) {
                const holding lock(noting_);
                std::ranges::move(some, std::back_inserter(noted_));
                doors_.on_probe_thread([this] { note_all(); });
              },
          .send = [this](const alert_channel& c, const alerts::outgoing& what,
                         alert_desk::answered end) { post_to(*office_, c, what, doors_.names(), std::move(end)); },
          .books = books,
          .boards = doors_.boards,
          .tallies = doors_.tallies,
          .free_bytes = [this]() -> std::optional<std::uint64_t> {
            const std::int64_t free = free_bytes_.load(std::memory_order_relaxed);
            if (free < 0) return std::nullopt;
            return static_cast<std::uint64_t>(free);
          },
          .roster_of = [books](const settings& s) { return duty_roster_of(books, s); },
          .first = first ? [there, first](wall_t since) { return there() ? first(since) : alerts::first_word{}; }
                         : std::function<alerts::first_word(wall_t)>(),
          .taken_there =
              taken ? [there, taken](wall_t since) { return there() ? taken(since) : std::vector<acknowledgement>{}; }
                    : taken_elsewhere(),
          .in_doubt = doors_.in_doubt,
          .wake = [this] { alert_thread_->ask(); }};
}

void telling::adopt(const settings& s) {
  alerts_->adopt(s);
  tickets_->adopt(s);
}

void telling::end() {
  alert_thread_->end();
  tickets_->stop();
  office_.reset();
  gauge_->end();
}

void telling::note_all() {
  holding lock(noting_);
  std::vector<record> some = std::exchange(noted_, {});
  lock.unlock();
  if (!some.empty()) doors_.note(std::move(some));
}

}  // namespace changtong
