#include "daemon/run/peer_door.h"

#include <algorithm>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/host/file_stamp.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/observers/shared_entries.h"
#include "daemon/publish/api/people.h"

namespace changtong {
namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr milliseconds most_ahead{5'000};
const phrase damaged_words{"另一台的副本已损坏", "the copy of the other node's ledger is damaged"};

web_response no(int status, std::string_view code, const phrase& why) {
  return problem_answer(status, code, why.cn, why.en);
}

bool has_words_of_people(const ledger::shipment& s) {
  return std::ranges::any_of(s.entries,
                             [](const ledger::shipped_entry& e) { return observers::counts_everywhere(e.kind); });
}

}  // namespace

peer_door::peer_door(std::string ledger, secret token, peer_tallies& tallies, free_space free, peer_listeners tell)
    : ledger_(std::move(ledger)),
      token_(std::move(token)),
      tallies_(tallies),
      free_(std::move(free)),
      tell_(std::move(tell)) {}

web_route peer_door::route() {
  return {.method = "POST",
          .path = std::string(peer_path),
          .answer = [this](const web_request& request) { return answer(request); },
          .lane = web_lane::entering,
          .most_body = ledger::most_shipped_bytes,
          .keeper = [this](const web_request& head) { return stranger(head); }};
}

/** The largest body that anybody may send here is the peer's alone to send. */
std::optional<web_response> peer_door::stranger(const web_request& head) const {
  const std::string_view given = head.header("authorization");
  if (given.starts_with(scheme) && api::same_secret(given.substr(scheme.size()), token_)) return std::nullopt;
  return no(401, "wrong_token",
            {"令牌不对：两台的 peer.token 应相同", "wrong token: both nodes need the same peer.token"});
}

web_response peer_door::answer(const web_request& request) {
  if (auto turned_away = stranger(request)) return std::move(*turned_away);
  // One body at a time is read: what is made of eight megabytes may be many times that.
  if (busy_.test_and_set()) return no(503, "busy", {"正在收上一批", "another shipment is being taken"});
  const std::unique_ptr<std::atomic_flag, void (*)(std::atomic_flag*)> taking(&busy_,
                                                                              [](auto* flag) { flag->clear(); });
  const auto s = ledger::read_shipment(request.body);
  if (!s) return no(400, "bad_body", words_of(s.error()));
  if (tell_.heard) tell_.heard();
  const auto done = take(*s);
  if (!done) return no(503, "not_taken", words_of(done.error()));
  tallies_.theirs_forked.store(done->fork, std::memory_order_relaxed);
  if (done->fork) return no(409, "fork", {"与这里的副本从某条起不同", "it went another way than the copy here"});
  if (done->head.seq == s->after + static_cast<std::int64_t>(s->entries.size())) {
    tallies_.received_ms.store(ms_of(system_clocks().wall()), std::memory_order_relaxed);
    if (tell_.entered && has_words_of_people(*s)) tell_.entered();
  }
  web_response out;
  out.content_type = "application/json";
  out.body = ledger::text_of(ledger::shipment_answer{.head = done->head, .clock = system_clocks().wall()});
  return out;
}

result<ledger::taken> peer_door::take(const ledger::shipment& s) {
  const holding lock(mutex_);
  const auto attempt = [&]() REQUIRES(mutex_) -> result<ledger::taken> {
    const auto own = is_our_own(s);
    if (!own) return own.error();
    if (*own)
      return said(
          {"送来的就是本机的账本：peer.url 指向了自己，或第二台是连同账本复制的；第二台应从空账本开始",
           "this is our own ledger: peer.url leads to ourselves, or the second node was copied with its ledger; it "
           "has to begin with an empty one"});
    if (s.latest() > system_clocks().wall() + most_ahead)
      return said(
          {"对方的时钟比本机快 5 秒以上，或本机的慢：校时之后续收，否则会把没人观测的时间算作畅通",
           "the peer's clock is more than five seconds ahead of this one: it goes on once they agree, for time that "
           "nobody saw would be up"});
    if (const auto free = free_(ledger_); free && *free < least_free)
      return said(both("磁盘只剩 {} MB：先保本机的账，清理后自动续收",
                       "the disk has {} MB left, kept for our own ledger: it goes on once there is room", *free >> 20));
    if (const auto good = open(); !good) return good.error();
    auto done = book_->take(s);
    return done && done->fork ? after_a_fork(*done) : done;
  };
  auto done = attempt();
  if (!done) {
    book_.reset();  // opened anew, whatever went wrong
    if (seems_damaged())
      if (const auto kept = begin_anew(damaged_words); kept && !*kept) return ledger::taken{};
    say_once(done.error());
  } else if (s.heartbeat) {  // pieces of the past are taken also while the rest is not
    said_.clear();
  }
  return done;
}

/** It comes again every few seconds. */
void peer_door::say_once(const problem& p) {
  std::string text = to_string(p);
  if (text != said_) log::warn("另一台的账本没有收下 / the other node's entries were not taken: {}", text);
  said_ = std::move(text);
}

/** Nothing is lost by it: the other node has what it wrote. Two nodes that ship here by mistake would take turns: once
 * a day is enough, and a few copies. */
result<std::optional<phrase>> peer_door::begin_anew(const phrase& why) {
  constexpr std::size_t most_aside = 8;
  using kept = std::optional<phrase>;
  const std::string copy = ledger::peer_file_of(ledger_), stamp = host::file_stamp();
  const auto before = ledger::copies_set_aside(copy);
  const std::string today = copy + "." + stamp.substr(0, stamp.find('-'));
  if (before.size() >= most_aside)
    return kept(both("已另存 {} 份副本（{}.日期），不再另存：请移走不用的",
                     "{} copies were set aside ({}.DATE), and no more are: move away those that nobody needs",
                     before.size(), copy));
  if (!before.empty() && before.back().starts_with(today))
    return kept({"今天已另存过一次副本，不再另存，请查这台的磁盘",
                 "a copy was set aside today already, look at this machine's disk"});
  book_.reset();
  const auto aside = ledger::set_copy_aside(copy, stamp);
  if (!aside) return aside.error();
  log::warn("{}：旧副本另存为 {}，从头收起 / {}: the old copy is {}, and a new one begins", why.cn, *aside, why.en,
            *aside);
  if (const auto good = open(); !good) return good.error();
  copies_.fetch_add(1, std::memory_order_relaxed);
  tallies_.begun_anew_ms.store(ms_of(system_clocks().wall()), std::memory_order_relaxed);
  tallies_.set_aside.fetch_add(1, std::memory_order_relaxed);
  return kept{};
}

result<ledger::taken> peer_door::after_a_fork(const ledger::taken& fork) {
  const phrase why{"另一台换了账本或恢复过备份", "the other node has another ledger"};
  const auto kept = begin_anew(why);
  if (!kept) return kept.error();
  if (!*kept) return ledger::taken{};
  say_once(said(both("{}；{}", "{}: {}", why, **kept)));
  return fork;
}

/** After a failure, whatever it says: it may have been met behind a refusal of ours. Reads the whole file, so not at
 * every attempt. */
bool peer_door::seems_damaged() {
  constexpr std::chrono::minutes again{1};
  const auto now = std::chrono::steady_clock::now();
  if (looked_ && now - *looked_ < again) return false;
  looked_ = now;
  const auto damaged = ledger::copy_is_damaged(ledger::peer_file_of(ledger_));
  return damaged && *damaged;
}

void peer_door::begin_anew_if_damaged(const phrase& why) {
  const holding lock(mutex_);
  const auto kept = begin_anew(why);
  if (!kept)
    say_once(kept.error());
  else if (*kept)
    log::error("{}", to_string(both("{}；{}", "{}: {}", why, **kept)));
}

result<void> peer_door::open() {
  if (book_) return {};
  auto opened = ledger::second_book::open(ledger::peer_file_of(ledger_));
  if (!opened) return opened.error();
  book_ = std::move(*opened);
  return {};
}

/** Two nodes never write one first entry. */
result<bool> peer_door::is_our_own(const ledger::shipment& s) const {
  if (s.after != 0 || s.entries.empty()) return false;
  const auto ours = ledger::journal::open(ledger_);
  if (!ours) return ours.error();
  bool same = false;
  const auto shown = (*ours)->read(
      0, 1, [&](const ledger::stored_entry& e) { same = e.hash == ledger::bytes_of(s.entries.front().hash); });
  if (!shown) return shown.error();
  return same;
}

}  // namespace changtong
