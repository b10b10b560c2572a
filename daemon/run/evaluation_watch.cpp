#include "daemon/run/evaluation_watch.h"

#include <stdexcept>

#include "changtong_version.h"
#include "daemon/core/log.h"
#include "daemon/evaluate/evaluate.h"
#include "daemon/ledger/reader.h"
#include "daemon/plans/papers.h"

namespace changtong {
namespace {

constexpr int niceness = 10;
constexpr milliseconds between_looks_without_plan{60'000};

/** Up to now. A problem before the plan's year begins. */
result<evaluate::evaluation> evaluated(const plans::plan& plan, const book_door& open, wall_t now) {
  auto books = open();
  if (!books) return books.error();
  auto when = evaluate::occasion_of(plan, books->get(), now, {});
  if (!when) return when.error();
  when->whole = false;
  when->so_far.to = when->now;  // inside a day: what it brings yet is not counted against it
  evaluate::evidence found;
  found.books = books->get();
  found.software = std::string("changtong ") + CHANGTONG_VERSION;
  found.charts = false;
  found.files = plans::read_papers(plan, when->zone, when->so_far);
  return evaluate::evaluate(plan, found, *when);
}

}  // namespace

evaluation_watch::evaluation_watch(sources from)
    : from_(std::move(from)),
      thread_(
          [this](const std::stop_token&) {
            const auto wanted = from_.wanted();
            look(wanted);
            return host::background::pause{.most = wanted ? wanted->every : between_looks_without_plan};
          },
          niceness) {}

std::shared_ptr<const evaluate::evaluation> evaluation_watch::get() const {
  const holding lock(mutex_);
  return last_;
}

void evaluation_watch::look(const std::optional<evaluation_settings>& wanted) {
  std::shared_ptr<const evaluate::evaluation> fresh;
  try {
    if (wanted) {
      auto e = evaluated(*wanted->plan, from_.books, from_.now());
      if (e)
        fresh = std::make_shared<const evaluate::evaluation>(std::move(*e));
      else
        log::warn("绩效自评：{}：{} / the evaluation", wanted->plan_file, to_string(e.error()));
    }
  } catch (const std::runtime_error& e) {  // a damaged ledger has its own alarm
    log::warn("绩效自评：{} / the evaluation", e.what());
  }
  const holding lock(mutex_);
  last_ = std::move(fresh);
}

}  // namespace changtong
