#include "collectors/snmp_access.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "collectors/shared_table.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

/** The place of a word, which the protocols' enumerations count from 1. */
template <class Protocol, class Words>
std::optional<Protocol> protocol_of(const Words& words, std::string_view word) {
  const auto at = std::find(words.begin(), words.end(), word);
  if (at == words.end()) return std::nullopt;
  return static_cast<Protocol>(at - words.begin() + 1);
}

problem unusable(const credential& who, const phrase& why) {
  return said(both("snmp: 凭据 `{}` {}", "snmp: credential `{}` {}", who.name, why));
}

bool is_short(const secret& s) { return s.reveal().size() < credential::shortest_password; }

result<snmp_access> with_user(const credential& who) {
  snmp_access made;
  made.version = wire::snmp3_version;
  made.user = who.user;
  made.context = who.context;
  made.level = who.level;
  if (who.user.empty() || who.user.size() > wire::snmp3_longest_user || who.context.size() > 255)
    return unusable(who, {"的用户名应为 1 至 32 字节，上下文至多 255 字节",
                          "must have a user of 1 to 32 bytes, and a context of at most 255"});
  const auto level = std::find(who.level_words.begin(), who.level_words.end(), who.level);
  if (level == who.level_words.end())
    return unusable(who, both("的安全级别 {} 无法识别", "has an unknown level {}", who.level));
  if (level == who.level_words.begin()) return made;
  const auto auth = protocol_of<net::auth_protocol>(who.auth_words, who.auth);
  if (!auth) return unusable(who, both("的认证算法 {} 无法识别", "has an unknown algorithm {}", who.auth));
  const bool hides = who.level == who.level_words.back();
  const auto privacy = hides ? protocol_of<net::privacy_protocol>(who.privacy_words, who.priv)
                             : std::optional(net::privacy_protocol::none);
  if (!privacy) return unusable(who, both("的加密算法 {} 无法识别", "has an unknown cipher {}", who.priv));
  if (is_short(who.auth_password) || (hides && is_short(who.priv_password)))
    return unusable(who, {"的口令不足 8 字节", "has a password of fewer than 8 bytes"});
  if (!net::usm().can(*privacy))
    return unusable(who, {"使用 DES，而本机的 OpenSSL 没有 legacy 模块：请改用 AES，或安装该模块",
                          "uses DES, and OpenSSL's legacy provider is not on this host: use AES, or install it"});
  made.keys = net::usm_keys_of(*auth, who.auth_password, *privacy, who.priv_password);
  return made;
}

result<snmp_access> made_of(const credential& who) {
  if (who.version == "3") return with_user(who);
  if (who.version != "1" && who.version != "2c")
    return unusable(who, both("的版本为 {}，应为 1、2c 或 3", "is of version {}, not 1, 2c or 3", who.version));
  if (who.community.empty() || who.community.reveal().size() > 255)
    return unusable(who, {"的团体字应为 1 至 255 字节", "must have a community of 1 to 255 bytes"});
  snmp_access made;
  made.version = who.version == "1" ? 0 : 1;
  made.community = who.community;
  return made;
}

const shared_table<std::vector<std::string>, snmp_access>& accesses() {
  static const shared_table<std::vector<std::string>, snmp_access> all;
  return all;
}

}  // namespace

result<std::shared_ptr<const snmp_access>> access_of(const credential& who) {
  std::vector<std::string> key{who.version, who.community.reveal(),     who.user, who.level,
                               who.auth,    who.auth_password.reveal(), who.priv, who.priv_password.reveal(),
                               who.context};
  if (auto held = accesses().find(key)) return held;
  auto made = made_of(who);
  if (!made) return made.error();
  return accesses().keep(std::move(key), std::move(*made));
}

}  // namespace changtong
