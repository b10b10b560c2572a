#include "daemon/run/centre_talk.h"

#include <algorithm>
#include <utility>

#include "daemon/centre/command_text.h"
#include "daemon/centre/subjects.h"
#include "daemon/core/log.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/web.h"
#include "daemon/host/clocks.h"

namespace changtong {
namespace {

constexpr milliseconds between_beats{5'000}, between_sheets{15'000}, between_changes{100};
constexpr milliseconds a_moment{200}, while_away{1'000};
constexpr milliseconds for_a_sample{10'000}, between_looks{50};

centre::live_line line_of(const target& t, const line_view& v) {
  return {.target = t.id,
          .name = t.name,
          .category = t.category,
          .town = t.town,
          .state = v.shown_state(),
          .since = wall_from_ms(v.since_ms.load(std::memory_order_relaxed)),
          .why = v.why.load(std::memory_order_relaxed)};
}

}  // namespace

centre::live_sheet sheet_of(const board& b, const std::set<std::string>& changed, bool whole, wall_t now) {
  centre::live_sheet out{.clock = now, .whole = whole, .lines = {}};
  const auto& targets = b.districts->targets;
  const auto shown = [&](std::size_t i) { return targets[i].kind != target_kind::anchor && b.lines[i].in_scope(); };
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (shown(i)) {
      const line_state s = b.lines[i].shown_state();
      ++(s == line_state::up ? out.up : s == line_state::down ? out.down : out.unknown);
    }
  const auto add = [&](std::size_t i) {
    if (out.lines.size() < centre::most_live_lines)
      out.lines.push_back(line_of(targets[i], b.lines[i]));
    else
      ++out.left_out;
  };
  if (!whole) {
    for (const std::string& id : changed)
      if (const target_index i = b.districts->index_of(id); i != no_index && shown(i)) add(i);
    return out;
  }
  for (const line_state wanted : {line_state::down, line_state::unknown})
    for (std::size_t i = 0; i < targets.size(); ++i)
      if (shown(i) && b.lines[i].shown_state() == wanted) add(i);
  return out;
}

centre_talk::centre_talk(doors d)
    : doors_(std::move(d)),
      requests_(doors_.zone, std::move(doors_.enter)),
      speaking_([this](const std::stop_token& stop) { return speak(stop); }),
      listening_([this](const std::stop_token& stop) { return listen(stop); }) {}

void centre_talk::take(const std::vector<record>& records) {
  bool any = false;
  {
    const holding lock(mutex_);
    for (const record& r : records)
      if (const auto* t = std::get_if<transition>(&r)) {
        any = true;
        if (changed_.size() <= centre::most_live_lines) changed_.insert(t->target);
      }
  }
  if (any) speaking_.ask();
}

host::background::pause centre_talk::speak(const std::stop_token& stop) {
  const mono_t now = system_clocks().mono();
  bool well = true;
  if (now >= next_beat_) {
    next_beat_ = now + between_beats;
    well = beat(stop);
  }
  std::set<std::string> changed;
  {
    const holding lock(mutex_);
    changed.swap(changed_);
  }
  const bool whole = !well_ || now >= next_sheet_ || changed.size() > centre::most_live_lines;
  if (well && whole) next_sheet_ = now + between_sheets;
  if (well && (whole || !changed.empty())) well = show(changed, whole, stop);
  if (well && !well_) doors_.found();
  well_ = well;  // what was not heard is in the next whole
  return {between_changes, between_beats};
}

bool centre_talk::beat(const std::stop_token& stop) {
  if (!journal_) {
    auto opened = ledger::journal::open(doors_.ledger);
    if (!opened) return false;
    journal_ = std::move(*opened);
  }
  const auto head = journal_->head();
  if (!head) return false;
  const centre::beat b{.clock = system_clocks().wall(),
                       .heartbeat = head->seq == 0 ? std::nullopt : std::optional(head->heartbeat),
                       .head = {.seq = head->seq, .hash = head->hash}};
  return bool(doors_.by->tell(centre::subject_of(centre::beat_subject, doors_.node), text_of(b), stop));
}

bool centre_talk::show(const std::set<std::string>& changed, bool whole, const std::stop_token& stop) {
  const auto b = doors_.boards->get();
  if (!b) return false;
  const centre::live_sheet s = sheet_of(*b, changed, whole, system_clocks().wall());
  return bool(doors_.by->tell(centre::subject_of(centre::live_subject, doors_.node), text_of(s), stop));
}

host::background::pause centre_talk::listen(const std::stop_token& stop) {
  if (!doors_.probe && !doors_.may_request && !doors_.may_approve) return {};  // never again
  const auto got = doors_.by->hear(0, a_moment, stop);
  if (stop.stop_requested()) return {};
  if (!got) return {while_away, while_away};
  if (*got && !(*got)->answer_to.empty()) (void)doors_.by->tell((*got)->answer_to, obey((*got)->body, stop), stop);
  return {milliseconds{0}, milliseconds{0}};
}

std::string centre_talk::obey(const std::string& command, const std::stop_token& stop) {
  const auto asked = centre::read_command(command);
  if (asked && asked->what == "probe" && doors_.probe) return probe(asked->target, stop);
  const bool window = asked && asked->what == "window" && doors_.may_request;
  const bool approval = asked && (asked->what == "approve" || asked->what == "refuse") && doors_.may_approve;
  if (window || approval) {
    if (!doors_.boards->get()) return problem_answer(503, "not_yet", "节点正在启动", "the node is only starting").body;
    const wall_t now = system_clocks().wall();
    return window ? requests_.window(*asked, now) : requests_.approval(*asked, now);
  }
  return problem_answer(400, "unknown_command", "节点的 centre.commands 里没有这个命令",
                        "centre.commands of the node does not have this command")
      .body;
}

/** The sample goes the usual way, and counts as any other. */
std::string centre_talk::probe(const std::string& id, const std::stop_token& stop) {
  const auto b = doors_.boards->get();
  const target_index i = b ? b->districts->index_of(id) : no_index;
  if (i == no_index || b->districts->targets[i].kind == target_kind::anchor)
    return problem_answer(404, "no_target", "没有这个对象：请写编号", "no such target: name it by its id").body;
  log::info("中心要求立即探测 {} / the centre wants {} asked now", as_seen(id), as_seen(id));
  const line_view& v = b->lines[i];
  const wall_t asked = system_clocks().wall();
  doors_.probe({id});
  const mono_t until = system_clocks().mono() + for_a_sample;
  const auto sampled = [&v] { return wall_from_ms(v.last_sample_ms.load(std::memory_order_relaxed)); };
  while (sampled() < asked && system_clocks().mono() < until && listening_.rest(stop, between_looks)) {
  }
  const target& t = b->districts->targets[i];
  return text_of(centre::probe_seen{.line = line_of(t, v),
                                    .asked = asked,
                                    .sampled = sampled() < asked ? std::nullopt : std::optional(sampled()),
                                    .rtt_seconds = v.rtt_seconds.load(std::memory_order_relaxed),
                                    .loss_ratio = v.loss_ratio.load(std::memory_order_relaxed)});
}

}  // namespace changtong
