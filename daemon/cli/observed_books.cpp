#include "daemon/cli/observed_books.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/observers/parted.h"
#include "daemon/run/peer_post.h"

namespace changtong {
namespace {

using observers::observed;

constexpr std::size_t most_ledgers = 64;
constexpr double most_seconds_off = 86'400;

std::string file_of(const std::string& path) { return std::filesystem::path(path).filename().string(); }

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code failed;
  return std::filesystem::equivalent(one, other, failed);
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : "、") + name;
  return all;
}

problem unknown_observer(const std::string& option, const std::string& name, const std::vector<std::string>& names) {
  return said(both("{}：没有观测者 {}，只有 {}", "{}: no observer {}, only {}", option, shortened(name, 64),
                   as_seen(joined_names(names))),
              problem_class::usage);
}

/** NAME=SECONDS -> its milliseconds. */
result<std::map<std::string, milliseconds>> read_offsets(const observers_asked& asked,
                                                         const std::vector<std::string>& names) {
  std::map<std::string, milliseconds> all;
  for (const std::string& text : asked.offsets) {
    const std::size_t at = text.rfind('=');
    const std::string name = text.substr(0, at);
    const std::string number = at == std::string::npos ? std::string() : text.substr(at + 1);
    const char* begin = number.data() + (number.starts_with('+') ? 1 : 0);
    double seconds = 0;
    const auto [end, failed] = std::from_chars(begin, number.data() + number.size(), seconds);
    const bool whole = failed == std::errc{} && end == number.data() + number.size() && begin != end;
    if (!whole || !(std::abs(seconds) <= most_seconds_off))
      return said(both("--offset：应为 观测者=秒，如 区政府=-0.35，不是 {}",
                       "--offset: OBSERVER=SECONDS is wanted, as in A=-0.35, not {}", shortened(text, 64)),
                  problem_class::usage);
    if (std::ranges::find(names, name) == names.end()) return unknown_observer("--offset", name, names);
    // away from zero: what is over a second by less than a millisecond is over it
    const double ms = std::abs(seconds) * 1000;
    all[name] = milliseconds{std::llround(std::ceil(ms - 1e-6)) * (seconds < 0 ? -1 : 1)};
  }
  return all;
}

/** What a pair found by exchange of the second one's clock, where the books are those of one machine and of its peer.
 */
std::optional<milliseconds> exchanged_offset(const std::string& first, const std::string& other) {
  if (!is_same_file(other, ledger::peer_file_of(first))) return std::nullopt;
  return peer_clock_offset(first);
}

struct all_opened {
  std::vector<opened_books> books;
  std::vector<std::string> names, paths;
};

/** Each ledger once: who is but the beginning of another is named and left out. */
result<all_opened> open_all(const observers_asked& asked, const std::string& as_known_at) {
  if (asked.ledgers.size() > most_ledgers)
    return said(both("--ledger：最多 {} 个", "--ledger: at most {}", most_ledgers), problem_class::usage);
  all_opened all;
  std::vector<observers::signature> signatures;
  std::vector<const ledger::reader*> readers;
  for (const std::string& path : asked.ledgers) {
    auto books = open_books(path, as_known_at, true);
    if (!books) return books.error();
    signatures.push_back({books->reader->starts(), file_of(path), books->reader->heartbeat()});
    readers.push_back(books->reader.get());
    all.books.push_back(std::move(*books));
  }
  auto of = observers::same_books(readers, signatures);
  for (std::size_t i = 0; i < of.size(); ++i)
    for (std::size_t other = 0; other < i && !of[i]; ++other)
      if (!of[other] && is_same_file(asked.ledgers[i], asked.ledgers[other])) of[i] = other;
  std::vector<opened_books> kept;
  std::vector<observers::signature> of_kept;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (const bool is_last = i + 1 == of.size() && kept.empty(); of[i] && !is_last) {
      fmt::print(stderr, "{}: 与 {} 是同一本账，只算一次 / the same book as the other, taken once\n", asked.ledgers[i],
                 asked.ledgers[*of[i]]);
      continue;
    }
    of_kept.push_back(std::move(signatures[i]));
    all.paths.push_back(asked.ledgers[i]);
    kept.push_back(std::move(all.books[i]));
  }
  all.names = observers::names_of(of_kept);
  all.books = std::move(kept);
  return all;
}

void say_closings(const opened_books& books, const std::string& name) {
  const std::size_t closed = books.reader->closings().size();
  if (closed > 0)
    fmt::print(stderr,
               "{}: 有 {} 次结账；合并账目不受其约束，按未结账计算 / has closed {} periods; a merged book counts as if "
               "nothing had been\n",
               as_seen(name), closed, closed);
}

result<observed_opened> one_alone(const std::string& path, const std::string& observer, const std::string& as_known_at,
                                  bool reopened) {
  auto books = open_books(path, as_known_at, reopened);
  if (!books) return books.error();
  if (!observer.empty()) {
    const auto names = observers::names_of({{books->reader->starts(), file_of(path), {}}});
    if (names.front() != observer) return unknown_observer("--observer", observer, names);
  }
  return observed_opened{.books = std::move(*books)};
}

observed_opened laid_together(all_opened all, const std::map<std::string, milliseconds>& offsets) {
  observed_opened out;
  out.books.now = wall_min;
  std::vector<observed> observing;
  for (std::size_t i = 0; i < all.names.size(); ++i) {
    const auto given = offsets.find(all.names[i]);
    const auto known =
        given != offsets.end() ? std::optional(given->second) : exchanged_offset(all.paths[0], all.paths[i]);
    say_closings(all.books[i], all.names[i]);
    out.books.now = std::max(out.books.now, all.books[i].now);
    out.books.known_at = all.books[i].known_at;
    observing.push_back({{all.names[i], known}, std::move(all.books[i].reader)});
  }
  auto merged = std::make_unique<observers::merged_books>(std::move(observing));
  out.merged = merged.get();
  out.books.reader = std::move(merged);
  return out;
}

}  // namespace

report::book_observers observed_opened::names() const {
  if (merged == nullptr) return {};
  report::book_observers by{merged->merged_names(), {}};
  for (const observers::observer& o : merged->shown()) by.shown.push_back(o.name);
  return by;
}

void observer_options(grammar sub, observers_asked& into) {
  sub.add_option(
         "--ledger", into.ledgers,
         "账本文件；可重复：几个观测者的账合并为一本，先写的为准 / the ledger; several are merged, the first has "
         "the word")
      .plain_file();
  sub.add_option("--observer", into.observer, "只要其中一个观测者的账 / the books of one of them alone");
  sub.add_option("--offset", into.offsets,
                 "观测者=秒：其时钟比第一个快多少，可重复；未给出的按两台交换所得，没有交换的按可能差一秒计 / "
                 "OBSERVER=SECONDS: how "
                 "far its clock is ahead of the first one's; not given: as a pair found it, else perhaps a second");
}

result<observed_opened> open_observed(const observers_asked& asked, const std::string& as_known_at, bool reopened) {
  if (asked.ledgers.size() == 1 && asked.offsets.empty())
    return one_alone(asked.ledgers.front(), asked.observer, as_known_at, reopened);
  auto all = open_all(asked, as_known_at);
  if (!all) return all.error();
  const auto offsets = read_offsets(asked, all->names);
  if (!offsets) return offsets.error();
  if (!asked.observer.empty()) {
    const auto it = std::ranges::find(all->names, asked.observer);
    if (it == all->names.end()) return unknown_observer("--observer", asked.observer, all->names);
    return one_alone(all->paths[static_cast<std::size_t>(it - all->names.begin())], {}, as_known_at, reopened);
  }
  if (all->books.size() == 1) return one_alone(all->paths.front(), {}, as_known_at, reopened);
  return laid_together(std::move(*all), *offsets);
}

}  // namespace changtong
