#pragma once
/** Findings under way, and what cells should have said, which sums may have been made of. Internal to check_form. */
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/forms/check.h"

namespace changtong::forms {

class slips {
 public:
  void wrong(std::string kind, const spot& at, std::string right, phrase text) {
    list_.push_back({weight_of_finding::wrong, std::move(kind), at, std::move(right), std::move(text)});
  }
  void ask(std::string kind, const spot& at, std::string right, phrase text) {
    list_.push_back({weight_of_finding::ask, std::move(kind), at, std::move(right), std::move(text)});
  }
  /** The points that row `k` should have. */
  void correct(std::size_t k, const exact& points) { rows_[k] = points; }
  void correct_execution(const exact& points) { execution_ = points; }
  [[nodiscard]] std::optional<exact> corrected(std::size_t k) const {
    const auto r = rows_.find(k);
    return r == rows_.end() ? std::nullopt : std::optional(r->second);
  }
  [[nodiscard]] const std::optional<exact>& corrected_execution() const { return execution_; }
  [[nodiscard]] const std::vector<slip>& list() const { return list_; }

 private:
  std::vector<slip> list_;
  std::map<std::size_t, exact> rows_;
  std::optional<exact> execution_;
};

/** The money block: sums, 执行率, its points, 万元 against 元. */
void check_money(const form& f, slips& out);

}  // namespace changtong::forms
