#include "daemon/books/alert_stories.h"

#include <algorithm>
#include <variant>

#include "daemon/books/tickets.h"
#include "daemon/core/cause_words.h"

namespace changtong::books {
namespace {

void add(alert_story& to, const alert_record& step) {
  add_new(to.targets, ids_in(step.targets));
  add_new(to.open, ids_in(step.targets));
  to.resolved.reset();
}

void end(alert_story& of, const alert_record& step) {
  const std::vector<std::string> well = ids_in(step.targets);
  take_out(of.open, well);
  if (well.empty()) of.open.clear();
  if (of.open.empty()) of.resolved = step.at;
}

}  // namespace

alert_story* alert_fold::find(const std::string& id) {
  const auto there = places_.find(id);
  return there == places_.end() ? nullptr : &all_[there->second];
}

void alert_fold::take(const alert_record& r) {
  alert_story* of = find(r.alert);
  if (of == nullptr) {
    if (r.step != alert_step::opened) return;
    places_.emplace(r.alert, all_.size());
    of = &all_.emplace_back();
    of->id = r.alert, of->subject = r.subject, of->name = r.name, of->began = r.began, of->opened = r.at;
  }
  if (r.of == another_cause) return;  // it is about no more than before
  if (r.step == alert_step::opened || r.step == alert_step::grown)
    add(*of, r);
  else if (r.step == alert_step::resolved)
    end(*of, r);
  else
    of->told.push_back(r);
}

void alert_fold::take(const record& r) {
  if (const auto* step = std::get_if<alert_record>(&r)) return take(*step);
  if (const auto* a = std::get_if<acknowledgement>(&r)) {
    if (alert_story* of = find(a->alert); of != nullptr) (of->resolved ? of->remarks : of->taken).push_back(*a);
  } else if (const auto* t = std::get_if<ticket_record>(&r)) {
    alert_story* of = t->step == ticket_step::reported ? find(t->alert) : nullptr;
    if (of != nullptr) of->tickets.push_back(t->number);
  }
}

bool alert_fold::is_over(const std::string& id) const {
  const auto there = places_.find(id);
  return there != places_.end() && all_[there->second].resolved.has_value();
}

std::vector<alert_story> alert_fold::stories() && { return std::move(all_); }

std::vector<alert_story> alert_stories(const ledger::reader& from, std::string_view since) {
  alert_fold fold;
  from.alert_journal(since, [&](record&& r) { fold.take(r); });
  return std::move(fold).stories();
}

}  // namespace changtong::books
