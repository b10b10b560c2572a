#include "daemon/entries/window_steps.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "daemon/host/digest.h"
#include "daemon/ledger/windows.h"

namespace changtong::entries {
namespace {

using act = window_command::act;

constexpr milliseconds longest = std::chrono::hours{24 * 366};
constexpr milliseconds unusually_long = std::chrono::hours{24 * 30};
constexpr std::size_t most_text = 1000;  // bytes
constexpr milliseconds notice_wanted = std::chrono::hours{1};

refused refuse(refused::reason why, std::string code, std::string text, std::string text_en) {
  return {.why = why, .code = std::move(code), .text = std::move(text), .text_en = std::move(text_en), .nth = 0};
}

/** One step under way: what stands, what is wanted, what comes of it. */
class step {
 public:
  step(std::span<const window_record> existing, const window_command& wanted, std::string_view by, wall_t now,
       const ledger::window_rules& policy, const same_person& same)
      : existing_(existing), wanted_(wanted), by_(by), now_(now), rules_(policy), same_(same) {
    if (!existing.empty()) stands_ = ledger::story_of(existing, now, [&](wall_t) { return policy; });
  }

  [[nodiscard]] entering take() {
    if (wanted_.text.size() > most_text)
      return refuse(refused::reason::invalid, "text_too_long", "说明超过 1000 字节，请缩短",
                    "the text is longer than 1000 bytes: shorten it");
    if (wanted_.what == act::request) return request();
    if (existing_.empty())
      return refuse(refused::reason::unknown, "unknown_window", "没有编号为 " + wanted_.id + " 的停机窗口",
                    "there is no window " + wanted_.id);
    if (stands_.state == window_state::cancelled)
      return refuse(refused::reason::conflict, "window_cancelled", "窗口已取消，请另行申请 (" + wanted_.id + ")",
                    "window " + wanted_.id + " is cancelled: request a new one");
    if (wanted_.what == act::approve) return approve();
    if (is_another()) return changed();
    if (settled() && stands_.when.to <= now_)
      return refuse(refused::reason::conflict, "window_over", "窗口已结束并生效，账目不再改变 (" + wanted_.id + ")",
                    "window " + wanted_.id + " was approved and is over: what it excluded stands");
    return wanted_.what == act::revise ? revise() : cancel();
  }

 private:
  /** Whether who asks wrote any version of it. */
  [[nodiscard]] bool wrote_some() const {
    return std::ranges::any_of(
        existing_, [&](const window_record& r) { return r.state != window_state::approved && same_(r.by, by_); });
  }
  /** Of what now stands. */
  [[nodiscard]] std::string_view last_writer() const {
    std::string_view last;
    for (const window_record& r : existing_)
      if (r.state == window_state::requested || r.state == window_state::revised) last = r.by;
    return last;
  }
  /** Than whoever takes the step has seen. */
  [[nodiscard]] bool is_another() const { return !wanted_.version.empty() && wanted_.version != version_of(stands_); }
  [[nodiscard]] refused changed() const {
    return refuse(refused::reason::conflict, "window_changed",
                  "窗口已不是看到的那一版：等新的一版送到再决定 (" + wanted_.id + ")",
                  "window " + wanted_.id + " is not any more as it was seen: decide once its new version is there");
  }
  [[nodiscard]] bool settled() const { return stands_.state == window_state::approved && !stands_.late; }
  /** Its time is being taken out for some target, and no late approval admitted it. */
  [[nodiscard]] bool under_way() const {
    return std::ranges::any_of(ledger::steps_by_target(existing_), [&](const auto& target) {
      return ledger::excluded_by(target.second, {ledger::late_approval::none, rules_.lead}).holds(now_);
    });
  }

  entering request() {
    if (!existing_.empty())
      return refuse(refused::reason::conflict, "window_exists", "编号 " + wanted_.id + " 已经存在，请换一个或用 revise",
                    "there is a window " + wanted_.id + " already: take another id, or revise it");
    if (!wanted_.from || !wanted_.to)
      return refuse(refused::reason::invalid, "window_without_period", "申请要写明起止时间",
                    "a request needs from and to");
    const period when{*wanted_.from, *wanted_.to};
    if (auto bad = bad_period(when)) return *bad;
    const std::set<std::string> targets(wanted_.targets.begin(), wanted_.targets.end());
    if (auto bad = bad_targets(targets)) return *bad;
    for (const std::string& t : targets) add(t, when, window_state::requested);
    if (when.from <= now_)
      note_late("申请", "requested");
    else
      note("needs_approval", "须由另一人在开始前批准，否则不剔除",
           "it excludes nothing until a second person approves it before it begins");
    return std::move(out_);
  }

  entering approve() {
    if (stands_.state == window_state::approved)
      return refuse(refused::reason::conflict, "already_approved",
                    "窗口已由 " + stands_.approved_by + " 批准 (" + wanted_.id + ")",
                    "window " + wanted_.id + " is approved already, by " + stands_.approved_by);
    if (is_another()) return changed();
    if (wanted_.from || wanted_.to || !wanted_.targets.empty())
      return refuse(refused::reason::invalid, "approval_changes_nothing", "批准不能改动时间或线路，请先 revise",
                    "an approval changes neither period nor targets: revise the window first");
    if (wrote_some())
      return refuse(refused::reason::conflict, "second_person_needed",
                    "申请或修改过本窗口任何一版的人不能批准它，须由另一人批准",
                    "who requested or revised any part of a window cannot approve it: a second person must");
    if (last_writer() == nobody)
      return refuse(
          refused::reason::conflict, "nobodys_request",
          "本窗口由公用令牌（api.token）提出，不知是谁，可能就是批准人：请先由另一人用自己的令牌 revise 确认",
          "it was written with the token that is nobody's (api.token), perhaps by who approves: first another "
          "person has to take it over by a revise with their own token");
    for (const std::string& t : stands_.targets) add(t, stands_.when, window_state::approved);
    if (stands_.when.from <= now_)
      note_late("批准", "approved");
    else if (stands_.when.from - now_ < notice_wanted)
      note_short();
    return std::move(out_);
  }

  entering revise() {
    const period when{wanted_.from.value_or(stands_.when.from), wanted_.to.value_or(stands_.when.to)};
    if (auto bad = bad_period(when)) return *bad;
    const std::vector<std::string>& kept = wanted_.targets.empty() ? stands_.targets : wanted_.targets;
    const std::set<std::string> targets(kept.begin(), kept.end());
    if (auto bad = bad_targets(targets)) return *bad;
    const std::set<std::string> before(stands_.targets.begin(), stands_.targets.end());
    const std::string every(every_target);
    if (under_way() && targets.contains(every) != before.contains(every))
      return refuse(refused::reason::conflict, "all_or_listed",
                    "窗口已开始：\"*\" 与逐条列出的线路不能互换；请取消后另行申请 (" + wanted_.id + ")",
                    "window " + wanted_.id +
                        " has begun: \"*\" and a list of targets cannot replace each other; cancel "
                        "it and request another");
    const bool takes_over = last_writer() == nobody && by_ != nobody && stands_.state != window_state::approved;
    if (when == stands_.when && targets == before && !takes_over)
      return refuse(refused::reason::invalid, "nothing_revised", "修改没有改变时间或线路",
                    "the revision changes neither period nor targets");
    for (const std::string& t : before)
      if (!targets.contains(t)) add(t, stands_.when, window_state::cancelled);
    for (const std::string& t : targets) add(t, when, window_state::revised);
    if (under_way())
      note("only_ends_earlier", "窗口已开始：修改只能使其提前结束，且不早于现在",
           "the window has begun: a revision can only end it earlier, and not before now");
    else if (when.from <= now_)
      note_late("修改", "revised");
    else
      note("needs_approval", "修改后须由另一人在开始前再次批准，否则不剔除",
           "the revision excludes nothing until a second person approves it before it begins");
    return std::move(out_);
  }

  entering cancel() {
    if (wanted_.from || wanted_.to || !wanted_.targets.empty())
      return refuse(refused::reason::invalid, "cancel_takes_all", "取消针对整个窗口；只去掉部分线路请用 revise",
                    "cancelling takes the whole window: to drop some targets, revise it");
    for (const std::string& t : stands_.targets) add(t, stands_.when, window_state::cancelled);
    if (under_way())
      note("ended_now", "窗口已开始：到现在为止的时间仍剔除", "the window had begun: time until now stays excluded");
    return std::move(out_);
  }

  std::optional<refused> bad_period(period when) {
    if (when.empty())
      return refuse(refused::reason::invalid, "ends_before_it_begins", "窗口的结束时间不晚于开始时间",
                    "the window ends before it begins");
    if (when.length() > longest)
      return refuse(refused::reason::invalid, "window_too_long", "窗口长于 366 天，请检查起止时间",
                    "the window is longer than 366 days: check from and to");
    if (when.length() > unusually_long)
      note("long_window", "窗口长于 30 天，请确认", "the window is longer than 30 days: is that meant?");
    return std::nullopt;
  }

  std::optional<refused> bad_targets(const std::set<std::string>& targets) const {
    if (targets.empty())
      return refuse(refused::reason::invalid, "window_without_targets", "窗口没有列出线路或网站",
                    "the window lists no line or site");
    if (targets.size() > most_window_targets)
      return refuse(refused::reason::invalid, "too_many_targets", "一个窗口最多 20000 条线路，请拆分",
                    "at most 20000 targets in one window: split it");
    return std::nullopt;
  }

  void add(const std::string& target, period when, window_state state) {
    out_.records.emplace_back(window_record{.at = now_,
                                            .id = wanted_.id,
                                            .target = target,
                                            .from = when.from,
                                            .to = when.to,
                                            .state = state,
                                            .by = std::string(by_),
                                            .text = wanted_.text,
                                            .flags = late_notice(when, state) ? "late_notice" : ""});
  }

  [[nodiscard]] bool late_notice(period when, window_state state) const {
    return state == window_state::approved && when.from - now_ < notice_wanted;
  }

  void note(std::string code, std::string text, std::string text_en) {
    out_.notices.push_back(
        {std::move(code), wanted_.id + "：" + std::move(text), wanted_.id + ": " + std::move(text_en)});
  }

  void note_short() {
    if (stands_.when.from - now_ < rules_.lead)
      note("short_notice", "批准距开始不足政策 window_lead 要求的时间，不剔除",
           "it was approved less than the policy's window_lead before it begins: it excludes nothing");
    else
      note("late_notice", "批准距开始不足一小时，已标记；仍剔除",
           "it was approved less than an hour before it begins, flagged; it is excluded all the same");
  }

  void note_late(const std::string& what, const std::string& what_en) {
    if (rules_.late == ledger::late_approval::allow)
      note("late", what + "晚于开始时间，已标记；按政策（late_approval: allow）批准后仍剔除",
           what_en +
               " after it began, flagged as late; by policy (late_approval: allow) it is excluded once "
               "approved");
    else
      note("late", what + "晚于开始时间，已标记；按政策（late_approval: none）不剔除",
           what_en + " after it began, flagged as late; by policy (late_approval: none) it is not excluded");
  }

  std::span<const window_record> existing_;
  const window_command& wanted_;
  std::string_view by_;
  wall_t now_;
  ledger::window_rules rules_;
  const same_person& same_;
  window_story stands_;
  entered out_;
};

}  // namespace

entering next_step(std::span<const window_record> existing, const window_command& wanted, std::string_view by,
                   wall_t now, const ledger::window_rules& policy, const same_person& same) {
  return step(existing, wanted, by, now, policy, same).take();
}

std::string version_of(const window_story& s) {
  std::string text =
      std::string(name_of(s.state)) + ' ' + std::to_string(ms_of(s.when.from)) + ' ' + std::to_string(ms_of(s.when.to));
  for (const std::string& t : s.targets) text += '\n' + t;
  return host::hex(host::bytes_of(host::sha256_of(text))).substr(0, 16);
}

}  // namespace changtong::entries
