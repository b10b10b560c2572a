#include "daemon/run/peer_post.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/host/clocks.h"
#include "daemon/host/gzip.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"

namespace changtong {
namespace {

constexpr milliseconds longest_retry = std::chrono::minutes{1}, last_patience{2'000};
constexpr milliseconds longest_exchange{1'000};                // a slower one says too little
constexpr milliseconds clock_every = std::chrono::minutes{1};  // written down
constexpr milliseconds too_far_apart{1'000};                   // observers: such books are not merged
constexpr std::size_t least_share = 64 << 10, most_head = 1024, too_small_to_pack = 1024;  // bytes of one shipment

}  // namespace

peer_post::peer_post(peer_post_options o, peer_tallies& tallies)
    : options_(std::move(o)), tallies_(tallies), thread_([this](const std::stop_token& stop) { return round(stop); }) {}

peer_post::~peer_post() {
  thread_.end();
  if (retry_ > milliseconds{0}) return;  // nobody listens there
  const mono_t until = system_clocks().mono() + last_patience;
  result<bool> all = false;
  while (all && !*all) {
    options_.timeout = std::chrono::duration_cast<milliseconds>(until - system_clocks().mono());
    if (options_.timeout <= milliseconds{0}) return;
    all = ship({});
  }
}

host::background::pause peer_post::round(const std::stop_token& stop) {
  result<bool> all = true;
  do all = ship(stop);
  while (all && !*all && !stop.stop_requested());
  if (stop.stop_requested()) return {};
  if (all) {
    if (retry_ > milliseconds{0})
      log::info("账本又送到{}了 / the ledger is shipped to {} again", options_.whom.cn, options_.whom.en);
    retry_ = milliseconds{0};
    waits_.store(false, std::memory_order_relaxed);
    tallies_.shipped_ms.store(ms_of(system_clocks().wall()), std::memory_order_relaxed);
    return {options_.shortest_pause, options_.longest_pause};
  }
  after_a_failure();
  if (retry_ == milliseconds{0})
    log::error("账本送不到{}，稍后再送 / the ledger cannot be shipped to {} and will be tried again: {}",
               options_.whom.cn, options_.whom.en, to_string(all.error()));
  retry_ = retry_ == milliseconds{0} ? options_.first_retry : std::min(2 * retry_, longest_retry);
  waits_.store(true, std::memory_order_relaxed);
  return {options_.first_retry, retry_};
}

/** It may have been taken all the same, and it may have been too much for the link. */
void peer_post::after_a_failure() {
  tallies_.failures.fetch_add(1, std::memory_order_relaxed);
  asks_first_ = true;
  packs_ = false;
  share_ = std::max(share_ / 4, least_share);
}

/** One shipment; true: there is nothing left of what is committed. */
result<bool> peer_post::ship(const std::stop_token& stop) {
  if (!journal_) {
    auto opened = ledger::journal::open(options_.ledger);
    if (!opened) return opened.error();
    journal_ = std::move(*opened);
  }
  const auto head = journal_->head();
  if (!head) return head.error();
  tallies_.unshipped.store(head->seq - there_.seq, std::memory_order_relaxed);
  const auto piece = next(*head);
  if (!piece) return piece.error();
  const auto answer = ask(*piece, stop);
  if (!answer) return answer.error();
  const auto ours = is_ours(*answer, *head);
  if (!ours) return ours.error();
  tallies_.ours_forked.store(!*ours, std::memory_order_relaxed);
  if (!*ours) {  // it hears so by an entry that both have numbered alike: the next shipment begins there
    const auto same_number = entry_at(std::min(answer->seq, head->seq));
    if (!same_number) return same_number.error();
    there_ = *same_number;
    return said(options_.forked);
  }
  if (!piece->entries.empty() && answer->seq <= piece->after) return said({"对方没有收下", "nothing of it was taken"});
  there_ = *answer;
  asks_first_ = false;
  share_ = std::min(2 * share_, ledger::most_shipped_bytes);
  tallies_.unshipped.store(head->seq - there_.seq, std::memory_order_relaxed);
  return piece->heartbeat && there_.seq == head->seq;
}

/** What follows where the peer stands. The heartbeat goes with the journal's end only: of a part it would say too much.
 */
result<ledger::shipment> peer_post::next(const ledger::journal_head& head) const {
  ledger::shipment s{.after = there_.seq, .hash = there_.hash, .heartbeat = {}, .entries = {}, .clock = clock_};
  if (asks_first_) return s;
  const std::size_t most = options_.way.most_bytes ? std::min(share_, options_.way.most_bytes()) : share_;
  std::size_t bytes = 0;
  bool full = false;
  for (std::int64_t last = s.after; last < head.seq && !full;) {
    const std::int64_t before = last;
    const auto shown = journal_->read(last, head.seq, [&](const ledger::stored_entry& e) {
      if (full) return;
      ledger::shipped_entry one{
          .seq = e.seq, .at = e.at, .kind = std::string(e.kind), .body = std::string(e.body), .hash = {}};
      std::copy_n(e.hash.begin(), std::min(e.hash.size(), one.hash.size()), one.hash.begin());
      bytes += text_of(one).size() + 1;
      full = !s.entries.empty() && (s.entries.size() == ledger::most_shipped_entries || bytes + most_head > most);
      if (!full) s.entries.push_back(std::move(one));
    });
    if (!shown) return shown.error();
    last = *shown;
    if (last == before) break;
  }
  if (s.after + static_cast<std::int64_t>(s.entries.size()) == head.seq) s.heartbeat = head.heartbeat;
  return s;
}

/** Where the peer stands now. */
result<ledger::shipped_head> peer_post::ask(const ledger::shipment& s, const std::stop_token& stop) {
  std::string body = text_of(s);
  if (packs_ && body.size() > too_small_to_pack) body = host::gzipped(body);
  const wall_t asked = system_clocks().wall();
  const auto answer = options_.way.carry(std::move(body), options_.timeout, stop);
  if (!answer) return answer.error();
  if (!*answer) {
    tallies_.ours_forked.store(true, std::memory_order_relaxed);
    return said(options_.forked);
  }
  packs_ = (*answer)->reads_gzip;
  compare_clocks(asked, system_clocks().wall(), (*answer)->clock);
  return (*answer)->head;
}

/** The peer's clock was read somewhere between the two instants, which is as exact as it gets. */
void peer_post::compare_clocks(wall_t asked, wall_t answered, wall_t theirs) {
  const milliseconds half = (answered - asked) / 2;
  if (half < milliseconds{0} || half > longest_exchange / 2) return;
  const milliseconds offset = theirs - (asked + half);
  clock_ = {.ahead = offset, .within = half + milliseconds{1}};
  tallies_.clock_offset_ms.store(offset.count(), std::memory_order_relaxed);
  if (answered - clock_noted_ < clock_every && answered >= clock_noted_) return;
  clock_noted_ = answered;
  if (options_.clock_file.empty()) return;
  const milliseconds most = offset < milliseconds{0} ? offset - half : offset + half;
  const std::string& file = options_.clock_file;
  const auto noted = host::replace_plain_file(file, std::to_string(most.count()) + "\n", 0640);
  const bool far = std::chrono::abs(most) > too_far_apart;
  if (!noted && clock_told_ != clock_word::unwritten)
    log::warn("{}: 无法写入 / cannot be written: {}", file, to_string(noted.error()));
  else if (noted && far && clock_told_ != clock_word::apart)
    log::warn(
        "另一台的时钟与本机相差 {} 毫秒，超过一秒：两本账不能合并，请校时 / the clocks are {} ms apart, more than a "
        "second: the books cannot be merged",
        most.count(), most.count());
  clock_told_ = !noted ? clock_word::unwritten : far ? clock_word::apart : clock_word::well;
}

/** Zeros before the first entry. */
result<ledger::shipped_head> peer_post::entry_at(std::int64_t seq) const {
  ledger::shipped_head h{.seq = seq, .hash = {}};
  if (seq == 0) return h;
  const auto shown = journal_->read(seq - 1, seq, [&](const ledger::stored_entry& e) {
    std::copy_n(e.hash.begin(), std::min(e.hash.size(), h.hash.size()), h.hash.begin());
  });
  if (!shown) return shown.error();
  return h;
}

/** Whether the peer's copy is a beginning of our journal. */
result<bool> peer_post::is_ours(const ledger::shipped_head& h, const ledger::journal_head& head) const {
  if (h.seq > head.seq) return false;
  const auto own = entry_at(h.seq);
  if (!own) return own.error();
  return *own == h;
}

std::optional<milliseconds> peer_clock_offset(const std::string& ledger) {
  constexpr std::int64_t most = 86'400'000;
  const auto text = host::read_plain_file(ledger::peer_clock_file_of(ledger), 64);
  if (!text) return std::nullopt;
  std::int64_t ms = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), ms);
  const bool whole = failed == std::errc{} && std::string_view(end, text->data() + text->size()) == "\n";
  return whole ? std::optional(milliseconds{std::clamp(ms, -most, most)}) : std::nullopt;
}

}  // namespace changtong
