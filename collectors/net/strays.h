#pragma once
/** Datagrams that came from where we ask but answered no question: kept for a while by address, so that a question
 * which nobody answered is not called silence when something did come. Only that word is changed by them, never whether
 * the line carries: anybody can send them in another's name.
 *
 * Of bounded size: among very many senders one may push out another. Nothing until the first. One thread. */
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/cause.h"
#include "daemon/core/instant.h"

namespace changtong::net {

class strays {
 public:
  void note(const ip_address& from, std::uint16_t port, mono_t at, cause why);
  /** What the latest one from there says, if it came after `since`. */
  [[nodiscard]] std::optional<cause> from(const ip_address& where, std::uint16_t port, mono_t since) const;

 private:
  static constexpr std::size_t places = 1U << 15U;
  struct stray {
    ip_address from;
    std::uint16_t port = 0;
    cause why = cause::none;
    mono_t at{};
  };
  [[nodiscard]] static std::size_t place_of(const ip_address& a, std::uint16_t port);
  std::vector<stray> seen_;
};

}  // namespace changtong::net
