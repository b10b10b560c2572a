#pragma once
/** A secret that cannot be printed by accident: no conversion, no formatter, no stream. */
#include <string>
#include <utility>

namespace changtong {

class secret {
 public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}
  /** The one way to the text; every call site is a place to review. */
  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend bool operator==(const secret&, const secret&) = default;

 private:
  std::string text_;
};

}  // namespace changtong
