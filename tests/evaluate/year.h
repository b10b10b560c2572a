#pragma once
/** A year of books written by hand, and a plan of one indicator over them. */
#include <fmt/format.h>

#include "daemon/evaluate/evaluate.h"
#include "daemon/plans/plan.h"
#include "tests/ledger/desk.h"

namespace changtong::evaluate {

using namespace ledger::desk;

inline constexpr double day_s = 86'400;
/** 2026-01-01 and 2027-01-01 in the desk's seconds. */
inline constexpr double new_year = -72 * day_s, next_year = 293 * day_s;
/** 00:00 of the n-th day of 2026, from 0. */
inline double day(int n) { return new_year + n * day_s; }

struct plan_words {
  std::string score_by = "A", formula = "R1", floor = "95%", more{};
};

inline std::string plan_text(const std::string& target, const std::string& source, const plan_words& w = {}) {
  return fmt::format(
      "year: 2026\nproject: 电子政务外网\nreverse: 1\nscore_by: {}\ngroup_formula: {}\ncoverage_floor: {}\n{}\n"
      "execution: {{ weight: 10, rows: [ {{ name: 总额, full_year: 100, executed: 100 }} ] }}\n"
      "levels:\n  - name: 产出\n    weight: 90\n    groups:\n      - name: 数量\n        indicators:\n"
      "          - {{ id: x, name: 指标, target: \"{}\", weight: 90, source: {} }}\n",
      w.score_by, w.formula, w.floor, w.more, target, source);
}

inline plans::plan plan_of(const std::string& text) {
  auto p = read_plan(text, "plan.yaml");
  if (!p) {
    std::string all;
    for (const problem& e : p.error().list) all += to_string(e) + "\n";
    throw std::runtime_error(all);
  }
  return *p;
}

/** Two villages of 电信 and 移动 in two towns and a website, all up from the year's first second. */
struct year_of_books : testing::Test {
  folder f;
  std::unique_ptr<ledger::writer> w = opened(f);
  papers files;
  std::string policy = R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"},)"
                       R"({"id":"website","name":"网站"}]})";

  static inventory_version target(const std::string& id, const std::string& words, double accepted = new_year) {
    inventory_version v{at(new_year), id, "", "test"};
    v.json = fmt::format(R"({{"id":"{}",{},"accepted":{}}})", id, words, ms_of(at(accepted)));
    return v;
  }
  static inventory_version village(const std::string& id, const std::string& carrier, double accepted = new_year) {
    return target(id, fmt::format(R"("name":"村{}","category":"village","town":"城南镇","carrier":"{}")", id, carrier),
                  accepted);
  }
  static inventory_version site(const std::string& id) {
    return target(id, R"("kind":"site","name":"网站)" + id + R"(","category":"website")");
  }

  void begin(std::vector<record> more = {}) {
    std::vector<record> first{policy_version{at(new_year), "Asia/Shanghai", policy, "x"}, village("V1", "电信"),
                              village("V2", "移动"), site("S1")};
    first.insert(first.end(), more.begin(), more.end());
    for (const char* id : {"V1", "V2", "S1"}) first.emplace_back(up(id, new_year));
    commit(*w, new_year, first);
  }
  /** Entries, then nothing until the year is over. */
  void rest(std::vector<record> entries = {}, double until = next_year) { commit(*w, until, std::move(entries)); }

  [[nodiscard]] static duty_record duty(int n) {
    return {at(day(n) + 3600),
            civil_zone::named("Asia/Shanghai")->key(at(day(n)), civil_zone::unit::day),
            "王工",
            "duty.csv",
            "王工",
            ""};
  }

  [[nodiscard]] evaluation run(const std::string& text, const std::string& as_of = {}) const {
    const plans::plan p = plan_of(text);
    const auto books = reading(f);
    const auto when = occasion_of(p, books.get(), at(next_year), as_of);
    if (!when) throw std::runtime_error(when.error().text);
    evidence e{.books = books.get(), .ledger = {}, .files = {{"x", files}}, .before = {}, .software = "test"};
    auto done = evaluate(p, e, *when);
    if (!done) throw std::runtime_error(done.error().text);
    return *done;
  }
  [[nodiscard]] indicator_result one(const std::string& target, const std::string& source, const plan_words& words = {},
                                     const std::string& as_of = {}) const {
    return run(plan_text(target, source, words), as_of).indicators.at(0);
  }
};

}  // namespace changtong::evaluate
