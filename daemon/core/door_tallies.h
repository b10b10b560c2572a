#pragma once
/** Who was turned away at the HTTP server's door, which tokens and logins were refused: written by server and API, read
 * by the metrics page, by the names that stand here. Thread-safe. */
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace changtong {

/** X(name, Chinese, English): the rest of the sentence "turned away: …". Names are labels of a metric. */
#define CHANGTONG_DOOR_REASONS(X)                                                      \
  X(full, "连接已满", "all places are taken")                                          \
  X(peer, "同一来源的连接过多", "too many connections from this address")              \
  X(slow_header, "请求头没有按时到齐", "its request header did not arrive in time")    \
  X(slow_body, "请求体没有按时到齐", "its request body did not arrive in time")        \
  X(slow_reader, "读取答复太慢", "it reads its answer too slowly")                     \
  X(busy, "等待答复的请求已满", "too many requests wait for an answer")                \
  X(memory, "在途的内容已达上限", "what is on its way holds as much memory as it may") \
  X(handshake, "TLS 握手失败", "its TLS handshake failed")                             \
  X(malformed, "请求不合 HTTP 规则", "its request breaks the rules of HTTP")           \
  X(host, "Host 头不是本机地址", "its Host header is not an address of this listener")

enum class door_reason : std::uint8_t {
#define CHANGTONG_DOOR_REASON(name, cn, en) name,
  CHANGTONG_DOOR_REASONS(CHANGTONG_DOOR_REASON)
#undef CHANGTONG_DOOR_REASON
};

struct door_reason_words {
  std::string_view name, cn, en;
};
inline constexpr std::array door_reasons{
#define CHANGTONG_DOOR_REASON(name, cn, en) door_reason_words{#name, cn, en},
    CHANGTONG_DOOR_REASONS(CHANGTONG_DOOR_REASON)
#undef CHANGTONG_DOOR_REASON
};
[[nodiscard]] constexpr const door_reason_words& words_of(door_reason why) {
  return door_reasons.at(static_cast<std::size_t>(why));
}

/** Why a token was refused. Names are labels of a metric. */
enum class token_refusal : std::uint8_t { missing, wrong, not_allowed };
inline constexpr std::array<std::string_view, 3> token_refusals{"missing", "wrong", "not_allowed"};

/** Why a login was refused, by the code of its answer. Names are labels of a metric. */
inline constexpr std::array<std::string_view, 3> login_refusals{"wrong_password", "wrong_invitation",
                                                                "too_many_attempts"};

struct door_tallies {
  std::array<std::atomic<std::uint64_t>, door_reasons.size()> turned_away{};
  std::array<std::atomic<std::uint64_t>, token_refusals.size()> tokens_refused{};
  std::array<std::atomic<std::uint64_t>, login_refusals.size()> logins_refused{};
  std::atomic<std::int64_t> connections{0};      ///< open
  std::atomic<std::int64_t> bytes_in_flight{0};  ///< of large answers and bodies, in memory

  void count(door_reason why) { turned_away.at(static_cast<std::size_t>(why)).fetch_add(1, std::memory_order_relaxed); }
  void count(token_refusal why) {
    tokens_refused.at(static_cast<std::size_t>(why)).fetch_add(1, std::memory_order_relaxed);
  }
  /** Any other code is no refusal, and not counted. */
  void count_login(std::string_view code) {
    for (std::size_t i = 0; i < login_refusals.size(); ++i)
      if (login_refusals.at(i) == code) logins_refused.at(i).fetch_add(1, std::memory_order_relaxed);
  }
};

}  // namespace changtong
