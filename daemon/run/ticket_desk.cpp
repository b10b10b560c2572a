#include "daemon/run/ticket_desk.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/report/ticket_paper.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds between_looks{20};
constexpr milliseconds first_pause{60'000}, longest_pause{1'800'000};
constexpr std::size_t most_tries = 8;
constexpr milliseconds forgotten = std::chrono::minutes{10};  // what was noted stands in the ledger, or was lost

/** Whether it is to be tried now: at once, then after 1, 2, 4 … minutes, at most half an hour. */
bool is_time(const books::unsent_ticket& t, wall_t now) {
  if (t.tries == 0) return true;
  if (t.tries >= most_tries) return false;
  const milliseconds pause = std::min(first_pause * (1 << (t.tries - 1)), longest_pause);
  return now >= t.last_try + pause;
}

/** With its page and its table: what does not fit the text stands there. */
message message_of(const books::due_ticket& all, const std::string& office, const civil_zone& zone) {
  const ticket_record& t = all.what;
  message m;
  m.page = report::ticket_page(all, office, zone);
  m.files = {
      {.name = t.number + ".csv", .content_type = "text/csv; charset=utf-8", .content = report::ticket_csv(all, zone)},
      {.name = t.number + ".html", .content_type = "text/html; charset=utf-8", .content = m.page}};
  m.id = t.number;
  m.cause = name_of(alert_subject::carrier);
  m.began = t.began;
  m.lines = ids_in(t.targets);
  m.count = m.lines.size();
  m.title = books::ticket_title(t);
  m.text = t.text;
  return m;
}

std::string key_of(const ticket_record& t) { return t.targets + "@" + std::to_string(ms_of(t.began)); }

}  // namespace

ticket_desk::wishes ticket_desk::wishes_of(const settings& s) {
  wishes w{.any = std::ranges::any_of(s.contracts, [](const contract& c) { return !c.report_to.empty(); }),
           .mail = {},
           .office = s.report.office,
           .pair = s.peer ? std::optional(s.peer->second ? node_rank::second : node_rank::first) : std::nullopt,
           .zone = s.zone};
  const auto found = std::ranges::find(s.alerts.channels, channel_kind::mail, &alert_channel::kind);
  if (found != s.alerts.channels.end()) w.mail = *found;
  return w;
}

ticket_desk::ticket_desk(const settings& s, doors d) : doors_(std::move(d)), wishes_(wishes_of(s)) {
  const holding lock(mutex_);
  thread_ = std::make_unique<host::background>([this](const std::stop_token&) { return round(); });
}

void ticket_desk::adopt(const settings& s) {
  const holding lock(mutex_);
  wishes_ = wishes_of(s);
}

void ticket_desk::look() {
  const holding lock(mutex_);
  if (thread_) thread_->ask();
}

void ticket_desk::stop() {
  holding lock(mutex_);
  const std::unique_ptr<host::background> ending = std::move(thread_);
  lock.unlock();  // its round may want the lock before it ends
}

host::background::pause ticket_desk::round() {
  enter_ends();
  holding lock(mutex_);
  const wishes s = wishes_;
  lock.unlock();
  if (s.any) {
    const wall_t now = doors_.now();
    try {
      if (const auto books = doors_.books()) {
        make_due(**books, s, now);
        send_waiting(**books, s, now);
      }
    } catch (const std::runtime_error& e) {
      log::warn("报障：账本不可读，稍后再看：{} / tickets: the ledger cannot be read just now", e.what());
    }
  }
  return {.least = std::chrono::milliseconds{200}, .most = between_looks};
}

void ticket_desk::make_due(const ledger::reader& books, const wishes& s, wall_t now) {
  std::erase_if(made_, [&](const auto& one) { return one.second + forgotten < now; });
  const auto due = books::due_tickets(books, {.now = now, .office = s.office, .pair = s.pair});
  if (!due) return log::warn("报障：{} / tickets", to_string(due.error()));
  std::vector<record> some;
  for (const books::due_ticket& t : *due) {
    if (!made_.try_emplace(key_of(t.what), now).second) continue;
    log::warn("自动报障 {}：{} {} / reported to the carrier", t.what.number, t.what.carrier, t.what.targets);
    some.emplace_back(t.what);
  }
  if (!some.empty()) doors_.note(std::move(some)), look();
}

void ticket_desk::send_waiting(const ledger::reader& books, const wishes& s, wall_t now) {
  const auto waiting = books::unsent_tickets(books, now, s.pair);
  if (!waiting) return;
  for (const books::unsent_ticket& t : *waiting) {
    if (!is_time(t, now)) continue;
    holding lock(mutex_);
    const auto there = under_way_.find(t.what.number);
    if (there != under_way_.end() && t.tries <= there->second.tries) continue;
    under_way_[t.what.number] = {.tries = t.tries, .end = {}};
    lock.unlock();
    send(books, t, s, now);
  }
}

void ticket_desk::send(const ledger::reader& books, const books::unsent_ticket& t, const wishes& s, wall_t now) {
  const auto ended = [this, reported = t.what](wall_t at, bool taken, const std::string& answer) {
    const holding lock(mutex_);
    if (const auto there = under_way_.find(reported.number); there != under_way_.end())
      there->second.end = books::sent_step(reported, at, taken, answer);
    if (thread_) thread_->ask();
  };
  if (!s.mail) return ended(now, false, "没有邮件渠道");
  if (t.to.empty()) return ended(now, false, "合同没有写 report_to");
  alert_channel channel = *s.mail;
  channel.to.clear();  // who is told of alerts is no business of the carrier
  const message m = message_of(books::reported_ticket(books, t.what), s.office, s.zone);
  const auto parts = alerts::outgoing_of(channel, m, {.phones = {}, .mails = {t.to}, .ids = {}}, now, s.zone);
  if (parts.size() != 1) return ended(now, false, "报障单无法写成邮件");
  doors_.send(channel, parts.front(), [this, channel, ended](unsigned status, const std::string& body) {
    const alerts::channel_answer answer = alerts::answer_of(channel, status, body);
    ended(doors_.now(), answer.how == alerts::channel_answer::end::taken, answer.text);
  });
}

void ticket_desk::enter_ends() {
  std::vector<record> some;
  holding lock(mutex_);
  for (auto& [number, one] : under_way_)
    if (one.end) some.emplace_back(*std::exchange(one.end, std::nullopt));
  lock.unlock();
  if (!some.empty()) doors_.note(std::move(some));
}

}  // namespace changtong
