#include "daemon/entries/entering.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "daemon/core/phrase.h"
#include "daemon/entries/closing.h"
#include "daemon/entries/entry_words.h"
#include "daemon/entries/evaluation_entries.h"
#include "daemon/entries/fault_entries.h"
#include "daemon/entries/roster_notices.h"
#include "daemon/entries/target_names.h"
#include "daemon/entries/window_steps.h"
#include "daemon/ledger/entry_rules.h"
#include "daemon/ledger/windows.h"

namespace changtong::entries {
namespace {

class drafting {
 public:
  drafting(const ledger::reader& books, const author& who, wall_t now, const same_person& same, node_rank rank)
      : books_(books),
        who_(who),
        now_(now),
        same_(same),
        policies_(books.policies()),
        zone_(zone_in(policies_, books.zone())),
        names_(books, zone_, now),
        faults_(books, zone_, who, now, names_, rank),
        number_(rank == node_rank::second ? first_of_second : 1) {}

  std::optional<refused> take(const command& c) {
    return std::visit([this](const auto& one) { return enter(one); }, c);
  }
  void look_at_the_roster() { note_roster(books_, zone_, now_, out); }
  entered out;

 private:
  std::optional<refused> enter(window_command w) {
    if (auto bad = bad_words(who_.name, w.text)) return bad;
    if (w.id.empty() && w.what == window_command::act::request) w.id = free_id();
    if (!good_id(w.id))
      return invalid("bad_window_id", "窗口编号只能用 A-Z a-z 0-9 . _ -，最多 64 个字符",
                     "the id of a window has other characters than A-Z a-z 0-9 . _ -, is empty, or longer than 64");
    if (auto bad = bad_targets(w)) return bad;
    std::vector<window_record>& steps = window(w.id);
    const std::optional<notice> below = look_below(w, steps);
    // Of two nodes the other's clock may be a little ahead; in the order of instants this step follows that one.
    const bool ahead = !steps.empty() && steps.back().at > now_;
    const wall_t at = ahead ? steps.back().at + milliseconds{1} : now_;
    const wall_t begins = w.from ? *w.from : steps.empty() ? at : steps.back().from;
    auto next =
        next_step(steps, w, who_.name, at, ledger::window_rules_in(ledger::policy_at(policies_, begins)), same_);
    if (!next) return next.error();
    if (!fits(w, next->records.size())) return too_many_entries();
    note_already_down(*next);
    if (below) next->notices.push_back(*below);
    for (record& r : next->records) {
      std::get<window_record>(r).via = who_.via;
      steps.push_back(std::get<window_record>(r));
      out.records.push_back(std::move(r));
    }
    std::ranges::move(next->notices, std::back_inserter(out.notices));
    return std::nullopt;
  }

  std::optional<refused> enter(const annotation_command& a) {
    if (auto bad = bad_words(who_.name, a.text)) return bad;
    if (a.text.empty()) return invalid("empty_annotation", "批注没有内容", "the annotation says nothing");
    auto target = names_.id_of(a.target);
    if (!target) return target.error();
    const wall_t about = a.about.value_or(now_);
    if (about > now_)
      return invalid("annotation_of_the_future", "批注的时间还没有到",
                     "the annotation is about an instant yet to come");
    out.records.emplace_back(annotation{.at = now_,
                                        .target = std::move(*target),
                                        .about = about,
                                        .author = who_.name,
                                        .text = a.text,
                                        .via = who_.via});
    return std::nullopt;
  }

  std::optional<refused> enter(const duty_command& d) {
    const std::string& who = d.person.empty() ? who_.name : d.person;
    for (const std::string& name : {who, who_.name})
      if (auto bad = bad_words(name, d.text)) return bad;
    const std::string today = zone_.key(now_, civil_zone::unit::day);
    const std::string day = d.day.empty() ? today : d.day;
    if (day.size() != today.size() || !zone_.parse(day))
      return invalid("bad_day", "日期要写成 2026-03-14", "the day is no civil day: write 2026-03-14");
    if (day > zone_.key(now_ + longest_roster, civil_zone::unit::day))
      return invalid("day_to_come", day + " 在一年以后：排班最多提前 366 天登记",
                     day + " is more than a year ahead: a roster is entered at most 366 days before");
    if (d.withdraw) return withdraw(d, day, who);
    duty_record r{.at = now_,
                  .day = day,
                  .person = who,
                  .source = who_.source,
                  .author = who_.name,
                  .text = d.text,
                  .via = who_.via};
    if (known(r))
      out.notices.push_back({"duty_known", day + " " + who + " 已有记录，未重复登记",
                             day + " " + who + " is there already and was not entered again"});
    else
      enter_new(std::move(r), *zone_.parse(day));
    return std::nullopt;
  }

  /** Of days to come alone: a record of a day that began is proof, and proof stays. */
  std::optional<refused> withdraw(const duty_command& d, const std::string& day, const std::string& who) {
    if (zone_.parse(day)->from <= now_)
      return invalid("duty_begun", day + " 已经开始，记录不能撤回：请另登记实际值班的人",
                     day + " has begun and its records stay: enter whoever is on duty besides");
    duty_record r{.at = now_,
                  .day = day,
                  .person = who,
                  .source = std::string(withdrawn_duty),
                  .author = who_.name,
                  .text = d.text,
                  .via = who_.via};
    if (standing(r).empty())
      return invalid("no_duty", day + " 没有 " + who + " 的排班，无可撤回",
                     "the roster of " + day + " does not have " + who + ": there is nothing to withdraw");
    out.records.emplace_back(std::move(r));
    return std::nullopt;
  }

  void enter_new(duty_record r, const period& day) {
    if (is_roster(r, day.from))
      out.notices.push_back({"duty_roster", r.day + " 还没有到，记为排班：当天或之后再登记一次才是值班记录",
                             r.day + " has not begun: this is the roster, a duty record once it is entered on the day "
                                     "or after it"});
    if (entered_late(r, day.to))
      out.notices.push_back({"duty_late", r.day + " 已过去一天以上，记为迟登",
                             r.day + " ended more than a day ago: the record is marked as entered late"});
    out.records.emplace_back(std::move(r));
  }

  /** A pending run reaches at most an hour into a day that is over: by then the day is sealed (seal.h). */
  std::optional<refused> enter(const close_command& c) {
    if (auto bad = bad_words(who_.name, c.reason)) return bad;
    const auto when = zone_.parse_period(c.period);
    if (!when)
      return invalid("bad_period", "期间须为 2026、2026-Q1、2026-03 或 2026-03-14",
                     "the period is no year, quarter, month or day: write 2026, 2026-Q1, 2026-03 or 2026-03-14");
    const auto conflict = [](std::string code, phrase why) {
      return refused{refused::reason::conflict, std::move(code), std::move(why.cn), std::move(why.en), 0};
    };
    if (when->to <= books_.first_entry())
      return conflict("before_the_books", both("账本自 {} 起记账，此前没有可结的账",
                                               "the books begin at {}: there is nothing before it to close",
                                               zone_.format_short(books_.first_entry())));
    if (books_.sealed_until() < when->to)
      return conflict("not_sealed",
                      {"该期间的最后一天尚未封存，请过后再结账", "its last day is not sealed yet: close it later"});
    const auto reopened = books_.reopened();
    if (!reopened) return conflict("no_books", words_of(reopened.error()));
    auto closed = closing_of(books_, **reopened, {.when = *when, .author = who_.name, .reason = c.reason}, now_);
    if (!closed) return conflict("cannot_close", words_of(closed.error()));
    closed->via = who_.via;
    out.records.emplace_back(std::move(*closed));
    return std::nullopt;
  }

  std::optional<refused> enter(const counter_command& c) {
    auto next = counter_from(c, who_, now_);
    if (!next) return next.error();
    const auto [known, fresh] = counters_.try_emplace({next->counter, next->about});
    std::optional<counter_record>& last = known->second;
    if (fresh)
      if (auto there = books_.counters(next->counter, {next->about, next->about + milliseconds{1}}); !there.empty())
        last = std::move(there.back());
    if (last) {
      const succession s = after(*last, *next);
      out.notices.push_back(notice_of(s, *last, *next, zone_.format_short(next->about)));
      if (s == succession::known) return std::nullopt;
    }
    last = *next;
    out.records.emplace_back(std::move(*next));
    return std::nullopt;
  }

  std::optional<refused> enter(const verdict_command& v) {
    auto next = verdict_from(v, who_, now_);
    if (!next) return next.error();
    const auto [known, fresh] = verdicts_.try_emplace(next->plan);
    if (fresh)
      for (indicator_verdict& there : books_.verdicts(next->plan)) known->second[there.indicator] = std::move(there);
    const auto last = known->second.find(next->indicator);
    if (last != known->second.end()) {
      const succession s = after(last->second, *next);
      out.notices.push_back(notice_of(s, last->second, *next));
      if (s == succession::known) return std::nullopt;
    }
    known->second[next->indicator] = *next;
    out.records.emplace_back(std::move(*next));
    return std::nullopt;
  }

  std::optional<refused> enter(const acknowledgement_command& a) { return take_over(faults_.acknowledge(a)); }
  std::optional<refused> enter(const ticket_command& t) { return take_over(faults_.take(t)); }

  std::optional<refused> take_over(entering next) {
    if (!next) return next.error();
    std::ranges::move(next->records, std::back_inserter(out.records));
    std::ranges::move(next->notices, std::back_inserter(out.notices));
    return std::nullopt;
  }

  std::optional<refused> bad_targets(window_command& w) {
    if (std::ranges::find(w.targets, every_target) != w.targets.end()) {
      if (std::ranges::any_of(w.targets, [](const std::string& t) { return t != every_target; }))
        return invalid("star_stands_alone", "\"*\" 已是全部线路和网站，不能再列其他编号",
                       "\"*\" is every line and site already: list nothing beside it");
      w.targets = {std::string(every_target)};
      return std::nullopt;
    }
    auto ids = names_.ids_of(w.targets);
    if (!ids) return ids.error();
    w.targets = std::move(*ids);
    return std::nullopt;
  }

  /** What approves or ends one window as it stands is always possible, however many targets an older program let it
   * have. */
  [[nodiscard]] bool fits(const window_command& w, std::size_t more) const {
    const bool as_it_stands = w.what == window_command::act::approve || w.what == window_command::act::cancel;
    return (as_it_stands && out.records.empty()) || out.records.size() + more <= most_entries;
  }

  [[nodiscard]] static refused too_many_entries() {
    return {.why = refused::reason::too_much,
            .code = "too_many_entries",
            .text = "一次请求最多写入 2000 条账目（线路数 × 条数）：请分次登记，全部线路可写 \"*\"",
            .text_en = "one request writes at most 2000 entries (targets times entries): split it; \"*\" is all lines",
            .nth = 0};
  }

  /** A reader that stays open keeps the zone it was opened with. */
  static civil_zone zone_in(const std::vector<policy_version>& policies, const civil_zone& otherwise) {
    const auto named = policies.empty() || policies.back().zone.empty() ? result<civil_zone>(otherwise)
                                                                        : civil_zone::named(policies.back().zone);
    return named ? *named : otherwise;
  }

  /** All that hang below any of `of`, by parent, at every depth; without `of` themselves. */
  std::set<std::string> below(const std::vector<std::string>& of) {
    std::multimap<std::string_view, std::string_view> children;
    for (const auto& [id, t] : names_.all())
      if (!t->parent.empty()) children.emplace(t->parent, id);
    std::set<std::string> found(of.begin(), of.end());
    std::vector<std::string> todo = of;
    while (!todo.empty()) {
      const std::string parent = std::move(todo.back());
      todo.pop_back();
      for (auto [at, end] = children.equal_range(parent); at != end; ++at)
        if (found.emplace(at->second).second) todo.emplace_back(at->second);
    }
    for (const std::string& id : of) found.erase(id);
    return found;
  }

  /** Takes in what hangs below if that is wanted, else says that it is not listed. */
  std::optional<notice> look_below(window_command& w, const std::vector<window_record>& steps) {
    using act = window_command::act;
    if (w.what != act::request && w.what != act::revise) return std::nullopt;
    if (w.below && w.targets.empty() && !steps.empty()) w.targets = ledger::story_of(steps, now_).targets;
    const std::set<std::string> more = below(w.targets);
    const std::set<std::string> listed(w.targets.begin(), w.targets.end());
    if (w.below) w.targets.insert(w.targets.end(), more.begin(), more.end());
    if (w.below || more.empty()) return std::nullopt;
    const std::string count = std::to_string(more.size());
    return notice{"lines_below",
                  w.id + "：所列线路下还有 " + count +
                      " 条下级线路，不在窗口内，随之中断会记为中断；一并列入请用 below（--below）",
                  w.id + ": " + count +
                      " lines hang below those it lists and are not in it: what goes down with them counts as down; "
                      "below: true (--below) lists them too"};
  }

  /** Whether it had an open outage when this is entered; every_target: whether one has. */
  bool already_down(const std::string& target) {
    if (!down_) {
      down_.emplace();
      for (const availability::outage& o : books_.outages({now_, now_ + milliseconds{1}}, {}, 1'000'000))
        if (o.ended == wall_max) down_->insert(o.target);
    }
    return target == every_target ? !down_->empty() : down_->contains(target);
  }

  void note_already_down(entered& next) {
    std::size_t count = 0;
    std::string id;
    for (record& r : next.records) {
      auto& w = std::get<window_record>(r);
      id = w.id;
      if (w.state == window_state::cancelled || !already_down(w.target)) continue;
      w.flags = w.flags.empty() ? "already_down" : "already_down " + w.flags;
      count += w.target == every_target ? down_->size() : 1;
    }
    if (count == 0) return;
    const std::string n = std::to_string(count);
    next.notices.push_back({"already_down", id + "：其中 " + n + " 条线路此刻已经中断，已标记",
                            id + ": " + n + " of its targets are down already, flagged"});
  }

  std::vector<window_record>& window(const std::string& id) {
    if (!windows_read_)
      for (ledger::window_entry& e : books_.windows()) windows_[e.what.id].push_back(std::move(e.what));
    windows_read_ = true;
    return windows_[id];
  }

  std::string free_id() {
    std::string day = zone_.key(now_, civil_zone::unit::day);
    std::erase(day, '-');
    for (;; ++number_) {
      std::string id = "W" + day + "-" + std::to_string(number_);
      if (window(id).empty()) return id;
    }
  }

  /** The same person on the same day, with nothing new to say: a roster that is imported twice. */
  [[nodiscard]] bool known(const duty_record& r) const {
    const wall_t begins = zone_.parse(r.day)->from;
    const auto same = [&](const duty_record& o) {  // a roster does not stand for the record of the day
      return (o.text == r.text || r.text.empty()) && (!is_roster(o, begins) || is_roster(r, begins));
    };
    return std::ranges::any_of(standing(r), same);
  }

  /** What was entered of that person and day and not taken back, with what is about to be. */
  [[nodiscard]] std::vector<duty_record> standing(const duty_record& r) const {
    std::vector<duty_record> all = books_.duties(r.day, r.day), out_of;
    for (const record& o : out.records)
      if (const auto* duty = std::get_if<duty_record>(&o)) all.push_back(*duty);
    for (duty_record& o : all) {
      if (o.day != r.day || o.person != r.person) continue;
      if (o.source == withdrawn_duty)
        out_of.clear();
      else
        out_of.push_back(std::move(o));
    }
    return out_of;
  }

  const ledger::reader& books_;
  const author& who_;
  wall_t now_;
  const same_person& same_;
  std::vector<policy_version> policies_;
  civil_zone zone_;
  target_names names_;
  fault_desk faults_;
  std::optional<std::set<std::string>> down_;                  ///< with an open outage
  std::map<std::string, std::vector<window_record>> windows_;  ///< as they will be
  bool windows_read_ = false;
  std::map<std::pair<std::string, wall_t>, std::optional<counter_record>> counters_;  ///< the last one of each
  std::map<std::string, std::map<std::string, indicator_verdict>> verdicts_;          ///< plan, indicator: the last one
  static constexpr int first_of_second = 501;
  int number_;  ///< of the next window without an id
};

}  // namespace

entering draft(const ledger::reader& books, std::span<const command> what, const author& who, wall_t now,
               const same_person& same, node_rank rank) {
  if (what.empty() || what.size() > most_commands)
    return invalid("too_many_commands", "一次登记 1 至 2000 条", "1 to 2000 entries at once");
  drafting d(books, who, now, same, rank);
  for (std::size_t i = 0; i < what.size(); ++i)
    if (auto bad = d.take(what[i])) {
      bad->nth = i;
      return *bad;
    }
  d.look_at_the_roster();
  return std::move(d.out);
}

bool of_one_ledger(std::span<const command> what) {
  return std::ranges::any_of(what, [](const command& c) { return std::holds_alternative<close_command>(c); });
}

}  // namespace changtong::entries
