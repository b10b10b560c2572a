#pragma once
/** Who asks an SNMP agent, as the settings say it: plain words, and secrets that nothing prints. */
#include <array>
#include <string>
#include <string_view>

#include "daemon/core/secret.h"

namespace changtong {

struct credential {
  std::string name{};
  std::string version{};  ///< "1", "2c" or "3"
  secret community{};     ///< of 1 and 2c
  std::string user{};     ///< this and what follows is of 3
  std::string level{};    ///< one of level_words
  std::string auth{};     ///< one of auth_words, where the level has it
  secret auth_password{};
  std::string priv{};  ///< one of privacy_words, where the level has it
  secret priv_password{};
  std::string context{};  ///< usually empty

  static constexpr std::array<std::string_view, 3> level_words{"noAuthNoPriv", "authNoPriv", "authPriv"};
  static constexpr std::array<std::string_view, 6> auth_words{"MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};
  /** Those with -C lengthen a key as Cisco does (Reeder's draft), the others as Blumenthal's draft says. */
  static constexpr std::array<std::string_view, 6> privacy_words{"DES",     "AES",       "AES-192",
                                                                 "AES-256", "AES-192-C", "AES-256-C"};
  static constexpr std::size_t shortest_password = 8;  ///< bytes (RFC 3414, 11.2)
};

}  // namespace changtong
