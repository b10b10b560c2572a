#include "daemon/observers/kept_entries.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>
#include <variant>

#include "daemon/core/declaration.h"

namespace changtong::observers {
namespace {

constexpr milliseconds month = std::chrono::days{31};
constexpr std::size_t tenth = 10;  // of the bounds is made free at once
constexpr std::size_t in_a_set = sizeof(std::string) + 4 * sizeof(void*);

template <class T>
std::size_t text_in(const T& one) {
  std::size_t bytes = 0;
  std::apply(
      [&](const auto&... f) {
        const auto add = [&](const auto& value) {
          if constexpr (requires { value.capacity(); }) bytes += value.capacity();
        };
        (add(f.of(one)), ...);
      },
      description<T>::fields);
  return bytes;
}

std::size_t bytes_of(const record& r) {
  return sizeof(record) + std::visit(
                              []<class T>(const T& one) -> std::size_t {
                                if constexpr (requires { description<T>::fields; })
                                  return text_in(one);
                                else
                                  return 0;
                              },
                              r);
}

}  // namespace

bool kept_entries::is_over(const record& r) const {
  return std::visit(
      [&]<class T>(const T& one) {
        if constexpr (std::is_same_v<T, window_record>)
          return one.to <= now_;
        else if constexpr (std::is_same_v<T, ticket_record>)
          return closed_.contains(one.number);
        else if constexpr (requires { one.at; })
          return one.at < now_ - month;
        else
          return true;
      },
      r);
}

const std::string* kept_entries::closed_by(const record& r) {
  const auto* t = std::get_if<ticket_record>(&r);
  return t != nullptr && t->step == ticket_step::closed ? &t->number : nullptr;
}

void kept_entries::take(record&& r) {
  std::size_t bytes = bytes_of(r);
  if (const std::string* number = closed_by(r); number != nullptr) {
    closed_.insert(*number);
    bytes += in_a_set + number->capacity();
  }
  kept_.push_back({std::move(r), bytes});
  bytes_ += bytes;
  if (kept_.size() > bounds_.entries || bytes_ > bounds_.bytes) make_room();
}

void kept_entries::make_room() {
  const std::size_t entries = bounds_.entries - bounds_.entries / tenth, bytes = bounds_.bytes - bounds_.bytes / tenth;
  const auto too_many = [&] { return !kept_.empty() && (kept_.size() > entries || bytes_ > bytes); };
  std::size_t going = 0;
  std::size_t count = kept_.size();
  std::vector<std::string> forgotten;
  const auto leaving = [&](const kept& k) {
    ++going;
    bytes_ -= k.bytes;
    if (const std::string* number = closed_by(k.what); number != nullptr) forgotten.push_back(*number);
  };
  std::erase_if(kept_, [&](const kept& k) {  // in order: the oldest first
    if ((count <= entries && bytes_ <= bytes) || !is_over(k.what)) return false;
    --count;
    leaving(k);
    return true;
  });
  for (; too_many(); kept_.pop_front()) leaving(kept_.front());
  for (const std::string& number : forgotten) closed_.erase(number);  // last: till then its steps are over
  left_out_ += going;
}

std::vector<record> kept_entries::all() && {
  std::vector<record> all;
  all.reserve(kept_.size());
  for (kept& k : kept_) all.push_back(std::move(k.what));
  return all;
}

}  // namespace changtong::observers
