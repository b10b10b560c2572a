#include "daemon/run/node_pair.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/host/clocks.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/reader.h"
#include "daemon/observers/merged_books.h"
#include "daemon/observers/trails.h"
#include "daemon/run/alert_doors.h"

namespace changtong {
namespace {

std::vector<api::differing_side> sides_of(std::vector<observers::trail> trails) {
  std::vector<api::differing_side> all;
  for (observers::trail& t : trails) all.push_back({std::move(t.observer), t.why, t.began, std::move(t.path)});
  return all;
}

api::differences told_differences(const observers::merged_books& books, period p, wall_t now, std::string_view only,
                                  std::size_t limit) {
  auto found = books.disagreements_in(p, now, only);
  std::ranges::sort(found, std::greater{}, [](const auto& d) { return std::pair(d.when.from, d.target); });
  api::differences all{.count = found.size()};
  if (found.size() > limit) found.resize(limit);
  for (observers::told_disagreement& d : observers::with_trails(books, std::move(found)))
    all.latest.push_back(
        {std::move(d.what.target), d.what.when, sides_of(std::move(d.up)), sides_of(std::move(d.down))});
  return all;
}

}  // namespace

node_pair::node_pair(const settings& s, host::look_up names, std::function<void()> entered)
    : ledger_(s.ledger),
      copy_(ledger::peer_file_of(s.ledger)),
      second_(s.peer->second),
      zone_(s.zone),
      door_(s.ledger, s.peer->token, tallies_, free_bytes_beside,
            {.heard = [this] { post_.heard(); }, .entered = std::move(entered)}),
      post_({.way = over_http(wire::parse_web_address(s.peer->url + std::string(peer_path)).value(),
                              {.token = s.peer->token, .ca_file = s.peer->ca_file}, std::move(names)),
             .ledger = s.ledger,
             .forked =
                 {"另一台上的副本与本机账本从某条起不同（一台恢复过备份，或清空过账本）：那台会把旧副本另存，从头收起"
                  "，一天至多一次",
                  "the copy on the other node and this ledger went different ways (a backup was restored, or a "
                  "ledger begun anew): it sets the old copy aside there and begins anew, once a day at most"},
             .clock_file = ledger::peer_clock_file_of(s.ledger)},
            tallies_),
      check_(copy_, [this](const phrase& what) { door_.begin_anew_if_damaged(what); }) {}

constexpr std::size_t most_steps = 20'000;

alerts::first_word node_pair::told_there(wall_t since) const {
  const wall_t now = system_clocks().wall();
  const milliseconds silent = now - wall_from_ms(tallies_.received_ms.load(std::memory_order_relaxed));
  alerts::first_word word{.heard = silent < alerts::second_voice::patience, .there = {}, .acknowledged = {}};
  try {
    const auto books = ledger::reader::open(copy_);
    if (!books) return {};
    (*books)->alert_journal(zone_.key(since, civil_zone::unit::day), [&](record&& r) {
      if (word.there.size() >= most_steps) throw std::length_error("more steps of alerts than any day has");
      if (auto* step = std::get_if<alert_record>(&r)) word.there.push_back(std::move(*step));
      if (const auto* a = std::get_if<acknowledgement>(&r)) word.acknowledged.insert(a->alert);
    });
  } catch (const std::exception& e) {
    log::warn("另一台的副本读不出，不等它告知 / the copy of the other node cannot be read, so it is not waited for: {}",
              e.what());
    check_.look_again();
    return {};
  }
  return word;
}

result<std::unique_ptr<observers::joint_books>> node_pair::books() const {
  auto own = ledger::reader::open(ledger_);
  if (!own) return own.error();
  const auto copy = [this]() -> result<std::unique_ptr<ledger::reader>> {
    std::error_code failed;
    if (!std::filesystem::exists(copy_, failed)) return said({"还没有副本", "there is no copy yet"});
    auto opened = ledger::reader::open(copy_);
    if (!opened) check_.look_again();
    return opened;
  };
  return std::make_unique<observers::joint_books>(
      std::move(*own),
      observers::other_node{.open = copy,
                            .version = [this] { return door_.copies(); },
                            .is_first = second_,
                            .apart =
                                [ledger = ledger_] {
                                  const auto offset = peer_clock_offset(ledger);
                                  return offset && std::chrono::abs(*offset) > observers::greatest_offset;
                                },
                            .left_out = [this](std::string_view kind, std::size_t n) { note_left_out(kind, n); },
                            .unreadable = [this] { check_.look_again(); }},
      words_);
}

void node_pair::note_left_out(std::string_view kind, std::size_t n) const {
  const holding lock(mutex_);
  left_out_[std::string(kind)] = n;
  std::size_t all = 0;
  for (const auto& [one, left] : left_out_) all += left;
  tallies_.left_out.store(all, std::memory_order_relaxed);
}

result<api::merged_view> node_pair::merged(const std::function<void()>& step) const {
  const ledger::view as_if_never_closed{.frozen = false};
  std::vector<observers::signature> signatures;
  std::vector<observers::observed> all;
  const auto add = [&](const std::string& path, std::optional<milliseconds> offset) -> result<void> {
    auto books = ledger::reader::open(path, as_if_never_closed);
    if (!books) {
      if (path == copy_) check_.look_again();
      return books.error();
    }
    auto starts = (*books)->starts();
    if (starts.empty() && path == copy_) return {};  // begun a moment ago: nobody's yet
    signatures.push_back({std::move(starts), std::filesystem::path(path).filename().string(), (*books)->heartbeat()});
    all.push_back({{.name = {}, .offset = offset}, std::move(*books)});
    return {};
  };
  const auto ahead = peer_clock_offset(ledger_);  // of the other one
  std::error_code failed;
  const bool there = std::filesystem::exists(copy_, failed);
  if (there && second_)
    if (const auto good = add(copy_, {}); !good) return good.error();
  const auto behind = ahead ? std::optional(-*ahead) : std::nullopt;
  if (const auto good = add(ledger_, behind); !good) return good.error();
  if (there && !second_)
    if (const auto good = add(copy_, ahead); !good) return good.error();
  const auto names = observers::names_of(signatures);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].who.name = names[i];
  auto books = std::make_unique<observers::merged_books>(std::move(all), step);
  api::merged_view out{.books = {},
                       .observers = books->merged_names(),
                       .shown = {},
                       .differ = [of = books.get()](period p, wall_t now, std::string_view only, std::size_t limit) {
                         return told_differences(*of, p, now, only, limit);
                       }};
  for (const observers::observer& o : books->shown()) out.shown.push_back(o.name);
  out.books = std::move(books);
  return out;
}

std::function<result<api::merged_view>(const std::function<void()>& step)> merged_by(const node_pair* other) {
  if (other == nullptr) return nullptr;
  return [other](const std::function<void()>& step) { return other->merged(step); };
}

book_door books_of(const node_pair* other, const std::string& ledger) {
  if (other == nullptr) return [ledger] { return ledger::reader::open(ledger); };
  return [other]() -> result<std::unique_ptr<ledger::reader>> {
    auto books = other->books();
    if (!books) return books.error();
    return std::unique_ptr<ledger::reader>(std::move(*books));
  };
}

taken_elsewhere taken_on(const node_pair* other) {
  if (other == nullptr) return nullptr;
  return [other](wall_t since) -> std::optional<std::vector<acknowledgement>> {
    try {
      if (const auto books = other->books()) return (*books)->taken_there(since);
    } catch (const std::runtime_error& e) {
      log::warn("告警：账本不可读，不知另一台上谁已接手 / alerts: who took over on the other node: {}", e.what());
    }
    return std::nullopt;
  };
}

std::function<alerts::first_word(wall_t)> first_voice(const node_pair* other, const settings& s) {
  if (other == nullptr || !s.peer || !s.peer->second) return nullptr;
  return [other](wall_t since) { return other->told_there(since); };
}

}  // namespace changtong
