#include "daemon/observers/joint_books.h"

#include <stdexcept>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/observers/shared_entries.h"

namespace changtong::observers {
namespace {

std::vector<record> own_of(const ledger::reader& from, std::string_view kind, const ledger::declared_query& q,
                           std::string_view target) {
  std::vector<record> all;
  from.declared(kind, q, target, [&](record&& r) { all.push_back(std::move(r)); });
  return all;
}

}  // namespace

joint_books::joint_books(std::unique_ptr<ledger::reader> own, other_node other, std::shared_ptr<as_seen_here> words)
    : own_(std::move(own)), other_(std::move(other)), words_(std::move(words)) {}

template <class F>
auto joint_books::there(F read) const -> decltype(read(std::declval<const ledger::reader&>())) {
  try {
    if (other_.apart && other_.apart()) {
      copy_.reset();
      if (!std::exchange(said_, true))
        log::warn(
            "两台的时钟相差超过 1 秒，暂不计那台登记的内容 / the clocks are more than a second apart: what was entered "
            "on "
            "the other node does not count until they agree");
      return {};
    }
    const std::uint64_t version = other_.version ? other_.version() : 0;
    if (!copy_ || version != version_) {
      copy_.reset();
      version_ = version;
      auto opened = other_.open();
      if (!opened) return {};
      copy_ = std::move(*opened);
    }
    auto found = read(std::as_const(*copy_));
    said_ = false;
    return found;
  } catch (const std::runtime_error& e) {
    copy_.reset();
    if (other_.unreadable) other_.unreadable();
    if (!std::exchange(said_, true))
      log::warn("另一台的副本读不出，暂不计那台登记的内容 / the copy of the other node cannot be read: {}", e.what());
    return {};
  }
}

std::vector<record> joint_books::together(std::vector<record> ours, std::vector<record> theirs) const {
  std::vector<std::vector<record>> by_rank;
  by_rank.push_back(std::move(other_.is_first ? theirs : ours));
  by_rank.push_back(std::move(other_.is_first ? ours : theirs));
  return in_one_order(std::move(by_rank));
}

std::vector<ledger::window_entry> joint_books::windows() const {
  auto theirs = there([&](const ledger::reader& copy) {
    constexpr std::string_view kind = description<window_record>::kind;
    kept_entries kept(own_->heartbeat(), other_.bounds);
    copy.declared(kind, {}, {}, [&](record&& r) { kept.take(std::move(r)); });
    std::vector<ledger::window_entry> all;
    for (record& r : within_bounds(kind, std::move(kept)))  // their order is all that their numbers are asked for
      all.push_back({static_cast<std::int64_t>(all.size()) + 1, std::get<window_record>(std::move(r))});
    return all;
  });
  auto ours = own_->windows();
  if (theirs.empty()) return ours;
  std::vector<std::vector<ledger::window_entry>> by_rank;
  by_rank.push_back(std::move(other_.is_first ? theirs : ours));
  by_rank.push_back(std::move(other_.is_first ? ours : theirs));
  return windows_of(std::move(by_rank));
}

std::vector<record> joint_books::within_bounds(std::string_view kind, kept_entries kept) const {
  const std::size_t left = kept.left_out();
  if (other_.left_out) other_.left_out(kind, left);
  if (left > 0 && !std::exchange(said_too_many_, true))
    log::warn(
        "另一台登记的内容太多，最早的 {} 条不计 / too much was entered on the other node: the oldest {} do not count",
        left, left);
  return std::move(kept).all();
}

std::vector<record> joint_books::declared_there(const ledger::reader& from, std::string_view kind,
                                                const ledger::declared_query& q, std::string_view target) const {
  kept_entries all(own_->heartbeat(), other_.bounds);
  from.declared(kind, q, target, [&](record&& r) {
    if (const auto* a = std::get_if<acknowledgement>(&r))
      for (acknowledgement& one : words_->put(*a, from, *own_)) all.take(std::move(one));
    else if (auto* t = std::get_if<ticket_record>(&r))
      all.take(words_->put(std::move(*t), from, *own_));
    else
      all.take(std::move(r));
  });
  return within_bounds(kind, std::move(all));
}

void joint_books::declared(std::string_view kind, const ledger::declared_query& q, std::string_view target,
                           const std::function<void(record&&)>& each) const {
  if (!counts_everywhere(kind)) return own_->declared(kind, q, target, each);
  auto theirs = there([&](const ledger::reader& copy) { return declared_there(copy, kind, q, target); });
  if (theirs.empty()) return own_->declared(kind, q, target, each);
  for (record& r : together(own_of(*own_, kind, q, target), std::move(theirs))) each(std::move(r));
}

void joint_books::alert_journal(std::string_view since, const std::function<void(record&&)>& each) const {
  auto theirs = there([&](const ledger::reader& copy) {
    kept_entries of_people(own_->heartbeat(), other_.bounds);
    copy.alert_journal(since, [&](record&& r) {
      if (const auto* a = std::get_if<acknowledgement>(&r))
        for (acknowledgement& one : words_->put(*a, copy, *own_)) of_people.take(std::move(one));
      if (auto* t = std::get_if<ticket_record>(&r)) of_people.take(words_->put(std::move(*t), copy, *own_));
    });
    return within_bounds(description<ticket_record>::kind, std::move(of_people));
  });
  if (theirs.empty()) return own_->alert_journal(since, each);
  std::vector<record> ours;
  own_->alert_journal(since, [&](record&& r) { ours.push_back(std::move(r)); });
  for (record& r : together(std::move(ours), std::move(theirs))) each(std::move(r));
}

std::vector<acknowledgement> joint_books::taken_there(wall_t since) const {
  std::vector<acknowledgement> all;
  for (record& r : there([&](const ledger::reader& copy) {
         kept_entries recent(own_->heartbeat(), other_.bounds);
         copy.declared(description<acknowledgement>::kind, {}, {}, [&](record&& r) {
           const auto& a = std::get<acknowledgement>(r);
           if (a.at < since) return;
           for (acknowledgement& one : words_->put(a, copy, *own_)) recent.take(std::move(one));
         });
         return within_bounds(description<acknowledgement>::kind, std::move(recent));
       }))
    all.push_back(std::get<acknowledgement>(std::move(r)));
  return all;
}

}  // namespace changtong::observers
