#pragma once
/** What is said to a TCP service once it has opened, and whether it answers as it should. Bytes in, match out; no
 * socket, no clock. */
#include <cstddef>
#include <string>
#include <string_view>

#include "collectors/escaped_text.h"

namespace changtong {

/** Decoded. Nothing to expect: the connect alone is the question, and nothing is sent either. */
struct tcp_script {
  static constexpr std::size_t most_sent = 1024, most_expected = 256;
  std::string send;    ///< at once, whoever speaks first
  std::string expect;  ///< somewhere in the first bytes that come
};

class tcp_talk {
 public:
  /** So much of an answer is looked at. */
  static constexpr std::size_t most_heard = 4096;
  enum class match { waits, expected, other };

  /** `script` outlives it. */
  explicit tcp_talk(const tcp_script& script) : script_(&script) {}

  [[nodiscard]] std::string_view unsent() const { return std::string_view(script_->send).substr(sent_); }
  void sent(std::size_t bytes) { sent_ += bytes; }
  /** More of the answer; what goes beyond the bound is not looked at. */
  match hear(std::string_view bytes);
  [[nodiscard]] bool heard_nothing() const { return heard_.empty(); }
  /** That something else came, and how it began: for people, bounded, in one line. */
  [[nodiscard]] std::string complaint() const;

 private:
  const tcp_script* script_;
  std::string heard_;
  std::size_t sent_ = 0;
};

}  // namespace changtong
