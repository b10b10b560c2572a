#pragma once
/** The alert desk under fake time: records in, steps noted, messages out. */
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/run/alert_desk.h"
#include "daemon/settings/alert_words.h"
#include "tests/fakes/world.h"
#include "tests/scenarios/paper_books.h"

namespace changtong {

using namespace std::chrono_literals;

inline settings one_webhook() {
  settings s;
  s.zone = civil_zone::named("Asia/Shanghai").value();
  s.targets =
      fakes::district({{.id = "A"}, {.id = "B"}, {.id = "C"}, {.id = "D"}, {.id = "E", .checks = {"icmp", "device"}}});
  s.words = built_in_words();
  alert_channel c;
  c.id = "hook";
  c.kind = channel_kind::webhook;
  c.url = secret("http://127.0.0.1:1/");
  c.per_minute = c.burst = 1000;
  s.alerts.channels.push_back(c);
  telling_rule all;
  all.steps.push_back({.after = milliseconds{0}, .tell = {}, .by = {"hook"}});
  s.alerts.rules.push_back(all);
  return s;
}

/** One run of the daemon: the desk, and around it what it needs. */
class office {
 public:
  office(books_of_paper& books, wall_t& now, const std::vector<std::string>& open = {}, std::size_t room = 500'000)
      : books_(books), now_(now), settings_(one_webhook()) {
    boards_.set(std::make_shared<board>(settings_.targets));
    ledger::restored recalled;
    recalled.fresh = books.kept.empty();
    for (const std::string& id : open)
      recalled.states.push_back({.target = id,
                                 .believed = line_state::down,
                                 .since = begin,
                                 .outage_began = begin,
                                 .cause_known = true,
                                 .why = cause::timeout});
    desk_ = std::make_unique<alert_desk>(
        settings_, recalled,
        alert_desk::doors{
            .now = [this] { return now_; },
            .note =
                [this](std::vector<record> some) { std::move(some.begin(), some.end(), std::back_inserter(noted_)); },
            .send =
                [this](const alert_channel& c, const alerts::outgoing& what, alert_desk::answered end) {
                  sent.push_back(std::get<alerts::http_message>(what).body);
                  if (c.id != mute)
                    end(200, "ok");
                  else
                    held.push_back(std::move(end));
                },
            .books = [this]() -> result<std::unique_ptr<ledger::reader>> {
              ++books_.opened;
              if (books_.away) return said({"账本打不开", "the ledger cannot be opened"});
              return std::unique_ptr<ledger::reader>(std::make_unique<paper_reader>(books_));
            },
            .boards = &boards_,
            .tallies = &tallies,
            .free_bytes = {},
            .roster_of = [](const settings&) { return [](wall_t) { return alerts::on_duty{}; }; },
            .taken_there = [this](wall_t since) -> std::optional<std::vector<acknowledgement>> {
              auto all = books_.elsewhere;
              std::erase_if(all, [&](const acknowledgement& a) { return a.at < since; });
              return all;
            },
            .in_doubt = {},
            .wake = [] {},
            .most_waiting = room});
  }

  /** The ledger has it, and everybody hears of it. */
  void happens(std::vector<record> some) {
    for (const record& r : some) books_.kept.push_back(r);
    desk_->take(some);
  }
  void down(const std::string& id) {
    transition t;
    t.target = id;
    t.to = line_state::down;
    t.at = now_ - 1500ms;
    t.confirmed = now_;
    t.why = cause::timeout;
    happens({t, cause_found{.target = id, .began = t.at, .why = cause::own_line, .upstream = {}}});
  }
  void up(const std::string& id) {
    transition t;
    t.target = id;
    t.to = line_state::up;
    t.at = t.confirmed = now_;
    happens({t});
  }
  /** Agreed on in time. */
  void window(const std::string& id, const std::string& target, period when) {
    happens({window_record{.at = begin,
                           .id = id,
                           .target = target,
                           .from = when.from,
                           .to = when.to,
                           .state = window_state::approved,
                           .by = "王工",
                           .text = {}}});
  }
  /** 未入账: it is announced, and the ledger has it not. */
  void down_unrecorded(const std::string& id) {
    const std::vector<record> before = books_.kept;
    down(id);
    books_.kept = before;
    unrecorded(id, true);
  }
  void unrecorded(const std::string& id, bool so) {
    const auto b = boards_.get();
    b->lines[b->districts->index_of(id)].unrecorded = so;
  }
  /** True: the daemon was killed before the ledger had the next step. */
  bool pass(milliseconds length) {
    for (const wall_t end = now_ + length; now_ < end; now_ += 100ms) {
      (void)desk_->round();
      if (!noted_.empty()) {
        std::vector<record> some = std::exchange(noted_, {});
        if (steps_left == 0) return true;
        --steps_left;
        happens(std::move(some));
      }
    }
    return false;
  }
  [[nodiscard]] std::size_t told(const std::string& kind, const std::string& id) const {
    return static_cast<std::size_t>(std::ranges::count_if(sent, [&](const std::string& body) {
      return body.find("\"kind\":\"" + kind + "\"") != std::string::npos &&
             body.find("\"" + id + "\"") != std::string::npos;
    }));
  }
  void reload(alert_settings alerts) {
    settings_.alerts = std::move(alerts);
    desk_->adopt(settings_);
  }
  /** The inventory has it no more. */
  void without(const std::string& id) {
    std::vector<fakes::line_spec> rest;
    for (const target& t : settings_.targets->targets)
      if (t.id != id) rest.push_back({.id = t.id});
    settings_.targets = fakes::district(rest);
    boards_.set(std::make_shared<board>(settings_.targets));
    desk_->adopt(settings_);
  }
  /** Its closing day is that instant. */
  void closes(const std::string& id, wall_t when) {
    std::vector<fakes::line_spec> all;
    for (const target& t : settings_.targets->targets)
      all.push_back({.id = t.id, .closed = t.id == id ? std::optional(when) : t.closed});
    settings_.targets = fakes::district(all);
    boards_.set(std::make_shared<board>(settings_.targets));
    desk_->adopt(settings_);
  }
  [[nodiscard]] alert_view view() const { return desk_->view(); }

  /** Somebody enters it on the other node of a pair, and its shipment comes. */
  void happens_elsewhere(std::vector<record> some) {
    for (record& r : some) {
      if (const auto* a = std::get_if<acknowledgement>(&r)) books_.elsewhere.push_back(*a);
      books_.kept.push_back(std::move(r));  // the books that it reads are those of both
    }
    desk_->hear_elsewhere();
  }

  std::vector<std::string> sent;
  std::size_t steps_left = 1'000'000;
  std::string mute;                        ///< a channel that never answers
  std::vector<alert_desk::answered> held;  ///< while there are none
  daemon_tallies tallies;

 private:
  books_of_paper& books_;
  wall_t& now_;
  settings settings_;
  board_holder boards_;
  std::vector<record> noted_;
  std::unique_ptr<alert_desk> desk_;
};

/** A desk that begins with empty books. */
struct RunningAlertDesk : testing::Test {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o{books, now};
  wall_t began{};  ///< of an outage that a test speaks of

  /** E, down for some seconds, its cause known to the books at once. */
  void falls_and_returns(cause why) {
    began = now - 1500ms;
    o.down("E");
    o.happens({cause_found{.target = "E", .began = began, .why = why, .upstream = {}}});
    o.pass(5s);
    o.up("E");
  }
};

}  // namespace changtong
