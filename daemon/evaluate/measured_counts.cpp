// How many lines and units there were, and how many lines were opened in the period: what the inventory says in the
// ledger, nothing observed.
//
//   line_count  lines in service at the period's end, of a year that goes on today: accepted by then (or without that
//   day), neither closed nor
//               taken out before it; by the words of that instant
//   unit_count  their different units (the column unit); a line that names none counts for none, and is said
//   openings    lines whose day of acceptance lies in the period, closed since or not; by the words of that day
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/books/books.h"
#include "daemon/evaluate/measured.h"

namespace changtong::evaluate {
namespace {

using plans::figure;

constexpr std::size_t most_facts = 500;

const ledger::target_words& words_at(const ledger::known_target& t, wall_t at) {
  const ledger::target_words* words = t.versions.empty() ? &t : &t.versions.front().second;
  for (const auto& [since, said] : t.versions)
    if (since <= at) words = &said;
  return *words;
}

class counts_measurement final : public measurement {
 public:
  counts_measurement(const plans::measured_source& s, const plans::indicator& i, const books_view& v)
      : source_(s), unit_(i.target.unit), view_(v) {}

  void add(const ledger::known_target& t, const availability::target_history& h) override {
    if (t.kind == "site") return;
    if (source_.what == figure::openings)
      opened(t);
    else if (h.scope.from < view_.when.now && h.scope.to >= view_.when.now)
      in_service(t);
  }

  finding finish() override {
    describe();
    std::int64_t n = std::ssize(lines_);
    if (source_.what == figure::unit_count) {
      n = std::ssize(units_);
      if (nameless_ > 0) f_.remarks.push_back(fmt::format("{} 条线路没有写单位，未计入", nameless_));
    }
    f_.evidence.numerator = fmt::format("{} {}", n, source_.what == figure::unit_count ? "个" : "条");
    f_.actual = exact{n} / plans::scale_of(unit_);
    if (source_.what == figure::openings) extrapolate(f_, view_.when);
    return std::move(f_);
  }

 private:
  void in_service(const ledger::known_target& t) {
    const ledger::target_words& w = words_at(t, view_.when.now - milliseconds{1});
    if (!selected(source_.select, t, w)) return;
    lines_.emplace(t.id, w.name);
    if (w.unit.empty())
      ++nameless_;
    else
      ++units_[w.unit];
  }

  void opened(const ledger::known_target& t) {
    if (!t.accepted || !view_.when.so_far.holds(*t.accepted)) return;
    const ledger::target_words& w = words_at(t, *t.accepted);
    if (selected(source_.select, t, w))
      lines_.emplace(t.id, fmt::format("{}：{} 开通", w.name, view_.when.day(*t.accepted)));
  }

  void describe() {
    const std::string who = text_of(source_.select), day = view_.when.day(view_.when.now - milliseconds{1});
    f_.source_text = "账本中的线路清单";
    switch (source_.what) {
      case figure::unit_count:
        f_.evidence.definition = fmt::format("{} 在用的专线（{}）所属的不同单位的个数", day, who);
        break;
      case figure::openings:
        f_.evidence.definition = fmt::format("期内开通的专线（{}），以账本记载的开通日期为准", who);
        break;
      default:
        f_.evidence.definition = fmt::format("{} 在用的专线（{}）：已开通，未关闭", day, who);
    }
    f_.evidence.formula = "计数";
    const auto fact = [&](std::string text) {
      if (f_.evidence.facts.size() < most_facts) f_.evidence.facts.push_back(std::move(text));
    };
    if (source_.what == figure::unit_count)
      for (const auto& [unit, lines] : units_) fact(fmt::format("{}：{} 条", unit, lines));
    else
      for (const auto& [id, name] : lines_) fact(fmt::format("{} {}", id, name));
    const std::size_t all = source_.what == figure::unit_count ? units_.size() : lines_.size();
    if (all > most_facts) f_.evidence.facts.push_back(fmt::format("另有 {} 项，见账本", all - most_facts));
  }

  const plans::measured_source& source_;
  std::string unit_;
  const books_view& view_;
  finding f_;
  std::map<std::string, std::string> lines_;  ///< what is printed of each
  std::map<std::string, std::size_t> units_;
  std::size_t nameless_ = 0;
};

}  // namespace

std::unique_ptr<measurement> measure_counts(const plans::measured_source& s, const plans::indicator& i,
                                            const books_view& v) {
  return std::make_unique<counts_measurement>(s, i, v);
}

}  // namespace changtong::evaluate
