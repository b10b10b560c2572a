#pragma once
/** A text that most of many things do not have: eight bytes where it is empty, and read like any other string. */
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace changtong {

class rare_text {
 public:
  rare_text() = default;
  // NOLINTBEGIN(google-explicit-constructor): whoever has a std::string for it, or reads it as one, need not know
  rare_text(std::string text) : text_(text.empty() ? nullptr : std::make_unique<const std::string>(std::move(text))) {}
  rare_text(const char* text) : rare_text(std::string(text)) {}
  rare_text(const rare_text& other) : rare_text(other.str()) {}
  rare_text(rare_text&&) noexcept = default;
  rare_text& operator=(const rare_text& other) { return *this = rare_text(other); }
  rare_text& operator=(rare_text&&) noexcept = default;
  ~rare_text() = default;

  [[nodiscard]] const std::string& str() const {
    static const std::string none;
    return text_ ? *text_ : none;
  }
  operator const std::string&() const { return str(); }
  operator std::string_view() const { return str(); }
  // NOLINTEND(google-explicit-constructor)
  [[nodiscard]] bool empty() const { return !text_; }
  friend bool operator==(const rare_text& a, std::string_view b) { return a.str() == b; }

 private:
  std::unique_ptr<const std::string> text_;
};

}  // namespace changtong
