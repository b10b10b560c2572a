#include "daemon/books/policy.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "daemon/availability/intervals.h"
#include "daemon/core/phrase.h"

namespace changtong::books {
namespace {

namespace json = boost::json;

/** Thrown inside this file only. */
struct unreadable : spoken_error {
  using spoken_error::spoken_error;
};

/** One object of the policy. A key that is there must have the right type; one that is not there is empty. */
class object {
 public:
  object(const json::value& v, const char* what) : what_(what), fields_(v.if_object()) {
    if (fields_ == nullptr) refuse("an object");
  }
  [[nodiscard]] const json::value* find(std::string_view key) const { return fields_->if_contains(key); }
  [[nodiscard]] std::string text(std::string_view key) const {
    const json::value* v = find(key);
    if (v == nullptr) return {};
    if (!v->is_string()) refuse(key);
    return std::string(v->get_string());
  }
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key, std::int64_t low, std::int64_t high) const {
    const json::value* v = find(key);
    if (v == nullptr) return std::nullopt;
    const std::int64_t* n = v->if_int64();
    if (n == nullptr || *n < low || *n > high) refuse(key);
    return *n;
  }
  [[nodiscard]] std::optional<milliseconds> time(std::string_view key) const {
    const auto n = number(key, 0, 1LL << 52);
    return n ? std::optional(milliseconds{*n}) : std::nullopt;
  }
  [[nodiscard]] std::optional<wall_t> instant(std::string_view key) const {
    const auto n = number(key, ms_of(wall_min), ms_of(wall_max));
    return n ? std::optional(wall_from_ms(*n)) : std::nullopt;
  }
  [[nodiscard]] std::optional<share> part(std::string_view key) const {
    const json::value* v = find(key);
    if (v == nullptr) return std::nullopt;
    const json::array* a = v->if_array();
    if (a == nullptr || a->size() != 2 || !a->front().is_int64() || !a->back().is_int64()) refuse(key);
    const share s{a->front().get_int64(), a->back().get_int64()};
    if (s.whole < 1 || s.part < 0 || s.part > s.whole || s.whole > 100'000'000'000) refuse(key);
    return s;
  }
  [[nodiscard]] const json::array& list(std::string_view key) const {
    static const json::array none;
    const json::value* v = find(key);
    if (v == nullptr) return none;
    if (!v->is_array()) refuse(key);
    return v->get_array();
  }
  [[nodiscard]] std::vector<std::string> words(std::string_view key) const {
    std::vector<std::string> out;
    for (const json::value& v : list(key)) {
      if (!v.is_string()) refuse(key);
      out.emplace_back(v.get_string());
    }
    return out;
  }
  /** The value whose name stands there; empty where nothing does. */
  template <class E>
  [[nodiscard]] std::optional<E> named(std::string_view key, std::initializer_list<E> all) const {
    if (find(key) == nullptr) return std::nullopt;
    const std::string name = text(key);
    for (const E e : all)
      if (name_of(e) == name) return e;
    refuse(key);
  }
  [[noreturn]] void refuse(std::string_view key) const {
    throw unreadable(
        both("账本里的规则：{1} 的 {0} 无法读取", "the journal's policy: {0} of {1} cannot be read", key, what_));
  }

 private:
  const char* what_;
  const json::object* fields_;
};

timing timing_of(const object& o) {
  timing t;
  t.interval = o.time("interval_ms").value_or(t.interval);
  t.timeout = o.time("timeout_ms").value_or(t.timeout);
  t.fast_interval = o.time("fast_interval_ms").value_or(t.fast_interval);
  t.down_after = static_cast<std::uint16_t>(o.number("down_after", 1, 1000).value_or(t.down_after));
  t.up_after = static_cast<std::uint16_t>(o.number("up_after", 1, 1000).value_or(t.up_after));
  return t;
}

credit_band band_of(const json::value& v) {
  const object o(v, "a credit band");
  credit_band b;
  b.below = o.part("below");
  b.outage_longer_than = o.time("outage_longer_than_ms");
  b.of_fee = o.part("of_fee");
  b.days = o.number("days", 1, 366).value_or(0);
  if (b.below.has_value() == b.outage_longer_than.has_value() || b.of_fee.has_value() == (b.days > 0))
    o.refuse("credit");
  return b;
}

contract contract_of(const json::value& v) {
  const object o(v, "a contract");
  contract c;
  c.id = o.text("id");
  c.carrier = o.text("carrier");
  c.lines = o.words("lines");
  c.categories = o.words("categories");
  c.grades = o.words("grades");
  c.grade = o.text("grade");
  c.availability_target = o.part("availability_target");
  c.period = o.named("period", {contract_period::month, contract_period::year}).value_or(c.period);
  c.max_single_outage = o.time("max_single_outage_ms");
  c.response_limit = o.time("response_limit_ms");
  c.repair_limit = o.time("repair_limit_ms");
  c.report_deadline = o.time("report_deadline_ms");
  c.report_to = o.text("report_to");
  c.clock = o.named("repair_clock", {repair_clock::discovery, repair_clock::report});
  c.windows = o.named("windows", {window_treatment::removed, window_treatment::counted, window_treatment::shown})
                  .value_or(c.windows);
  c.user_power = o.named("user_power", {power_treatment::excluded, power_treatment::counted});
  c.monthly_fee = o.number("monthly_fee_fen", 0, 100'000'000'000'000);
  for (const json::value& b : o.list("credit_bands")) c.credit_bands.push_back(band_of(b));
  c.credit_cap = o.part("credit_cap");
  c.source = o.text("source");
  c.clause = o.text("clause");
  c.valid_from = o.instant("valid_from");
  c.valid_to = o.instant("valid_to");
  if (c.id.empty() || c.carrier.empty() || c.source.empty()) o.refuse("id, carrier or source");
  return c;
}

known_policy policy_of(const json::value& v) {
  const object o(v, "the policy");
  known_policy p;
  const bool classes = o.find("classes") != nullptr;
  for (const json::value& c : o.list(classes ? "classes" : "categories")) {
    const object one(c, "a class of checks");
    if (!classes && one.find("interval_ms") == nullptr) continue;
    p.classes.push_back({one.text(classes ? "category" : "id"), one.text("kind"), timing_of(one)});
  }
  for (const json::value& c : o.list("contracts")) p.contracts.push_back(contract_of(c));
  if (const json::value* r = o.find("report"); r != nullptr) {
    const object wishes(*r, "report");
    p.report.office = wishes.text("office");
    p.report.repeat_outages =
        static_cast<std::uint16_t>(wishes.number("repeat_outages", 1, 1000).value_or(p.report.repeat_outages));
  }
  return p;
}

/** Finds the contracts of one line in one stretch of time; see contracts_for(). */
class finding {
 public:
  finding(const std::vector<dated_policy>& versions, const contract_subject& line, period p, wall_t end)
      : versions_(versions), line_(line), rest_{p} {
    later_ = std::ranges::find_if(versions, [&](const dated_policy& v) { return v.at >= end; });
    if (later_ != versions.begin()) decides_ = &*std::prev(later_);
  }

  [[nodiscard]] std::vector<contract_in_force> all() {
    if (decides_ != nullptr) take(decides_->what, std::nullopt);
    if (!rest_.empty() && decides_ != nullptr) take_from_earlier();
    for (auto v = later_; v != versions_.end() && !rest_.empty(); ++v) take(v->what, v->at);
    std::ranges::sort(found_, {}, [](const contract_in_force& f) { return f.when.from; });
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool decided(const contract& c) const {
    return decides_ != nullptr &&
           std::ranges::find(decides_->what.contracts, c.id, &contract::id) != decides_->what.contracts.end();
  }

  void take(const known_policy& from, std::optional<wall_t> late) {
    for (const contract& c : from.contracts)
      if (covers(c, line_) && (decides_ == nullptr || &from == &decides_->what || !decided(c)))
        take(c, validity(c), late);
  }

  void take(const contract& c, period when, std::optional<wall_t> late) {
    const auto own = availability::clipped(rest_, when);
    for (const period& p : own) found_.push_back({&c, p, late});
    rest_ = availability::without(rest_, own);
  }

  /** Cut where contracts of any earlier version begin and end, each piece by what was known when it ended. */
  void take_from_earlier() {
    std::vector<wall_t> edges;
    for (const dated_policy& v : versions_)
      for (const contract& c : v.what.contracts)
        if (covers(c, line_) && !decided(c))
          for (const wall_t edge : {validity(c).from, validity(c).to}) edges.push_back(edge);
    if (edges.empty()) return;
    std::ranges::sort(edges);
    for (const period& p : std::vector<period>(rest_)) {
      wall_t from = p.from;
      const auto piece = [&](wall_t to) {
        if (from < to) take_known({from, to});
        from = std::max(from, to);
      };
      for (const wall_t edge : edges) piece(std::min(edge, p.to));
      piece(p.to);
    }
  }

  void take_known(period piece) {
    const auto after = std::ranges::find_if(versions_, [&](const dated_policy& v) { return v.at >= piece.to; });
    if (after == versions_.begin() || &*std::prev(after) == decides_ || after > later_) return;
    for (const contract& c : std::prev(after)->what.contracts)
      if (covers(c, line_) && !decided(c)) take(c, intersect(piece, validity(c)), std::nullopt);
  }

  const std::vector<dated_policy>& versions_;
  const contract_subject& line_;
  std::vector<period> rest_;
  std::vector<contract_in_force> found_;
  const dated_policy* decides_ = nullptr;
  std::vector<dated_policy>::const_iterator later_;
};

}  // namespace

result<known_policy> read_policy(std::string_view text) {
  boost::system::error_code failed;
  const json::value v = json::parse(text, failed);
  if (failed) return said({"账本里的规则不是 JSON", "the journal's policy is not JSON"});
  try {
    return policy_of(v);
  } catch (const unreadable& e) {
    return said(e.words());
  }
}

result<std::vector<dated_policy>> read_policies(const std::vector<policy_version>& versions) {
  std::vector<dated_policy> all;
  for (const policy_version& v : versions) {
    auto p = v.policy.empty() ? result<known_policy>(known_policy{}) : read_policy(v.policy);
    if (!p) return p.error();
    all.push_back({v.at, std::move(*p)});
  }
  return all;
}

std::vector<contract_in_force> contracts_for(const std::vector<dated_policy>& versions, const contract_subject& line,
                                             period p, wall_t end) {
  return finding(versions, line, p, end).all();
}

}  // namespace changtong::books
