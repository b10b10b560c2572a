#include "daemon/reading/place.h"

#include <algorithm>
#include <tuple>

namespace changtong::reading {
namespace {

constexpr std::size_t most_kept = 20'000;
constexpr std::size_t most_shown = 200;

problem at_place(const place& at, phrase text) {
  problem p = said_at(std::move(text), at.line, at.column);
  p.file = at.file;
  return p;
}

void sort(std::vector<problem>& list, std::string_view first_file) {
  std::ranges::sort(list, [&](const problem& a, const problem& b) {
    return std::tuple(a.file != first_file, std::string_view(a.file), a.line, a.column, std::string_view(a.text_en)) <
           std::tuple(b.file != first_file, std::string_view(b.file), b.line, b.column, std::string_view(b.text_en));
  });
}

}  // namespace

void findings::error(const place& at, phrase text) {
  ++count_;
  if (errors_.size() < most_kept) errors_.push_back(at_place(at, std::move(text)));
}

void findings::warn(const place& at, phrase text) {
  if (warnings_.size() < most_shown) warnings_.push_back(at_place(at, std::move(text)));
}

void findings::error(std::string_view file, const problem& found) {
  error({file, found.line, found.column}, words_of(found));
}

std::vector<problem> findings::sorted_errors(std::string_view first_file) {
  sort(errors_, first_file);
  if (count_ > most_shown) {
    errors_.resize(most_shown - 1);
    errors_.push_back(said(both("……另有 {} 处问题：请先改正以上各处", "… and {} more problems: correct these first",
                                count_ - errors_.size())));
  }
  return std::move(errors_);
}

std::vector<problem> findings::sorted_warnings(std::string_view first_file) {
  sort(warnings_, first_file);
  return std::move(warnings_);
}

}  // namespace changtong::reading
