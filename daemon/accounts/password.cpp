#include "daemon/accounts/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong::accounts {
namespace {

constexpr std::size_t most_bytes = 256;
constexpr unsigned long long passes = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr std::size_t memory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;

void begin() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium does not start");
}

/** Kinds of characters: lower case, upper case, digits, all others. */
std::size_t kinds_in(std::string_view text) {
  std::array<bool, 4> seen{};
  for (const char c : text) {
    const std::size_t kind = c >= 'a' && c <= 'z'   ? 0
                             : c >= 'A' && c <= 'Z' ? 1
                             : c >= '0' && c <= '9' ? std::size_t{2}
                                                    : 3;
    seen.at(kind) = true;
  }
  return static_cast<std::size_t>(std::ranges::count(seen, true));
}

}  // namespace

result<void> may_be_password(const secret& given, std::string_view user) {
  const std::string& text = given.reveal();
  const std::size_t length = characters(text);
  const auto wrong = [](phrase why) { return said(std::move(why), problem_class::no); };
  if (text.size() > most_bytes)
    return wrong(both("密码超过 {} 字节", "the password is longer than {} bytes", most_bytes));
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }))
    return wrong({"密码中有控制字符", "the password has control characters"});
  if (length < 8 || (length < 12 && kinds_in(text) < 3))
    return wrong({"密码太短：至少 12 个字符；或至少 8 个，含大写、小写、数字、其他字符中的三种",
                  "the password is too short: 12 characters, or 8 of three kinds out of upper case, lower case, digits "
                  "and others"});
  if (!user.empty() && text.find(user) != std::string::npos)
    return wrong({"密码中不得有用户名", "the password must not have the user's name in it"});
  return {};
}

std::string hashed(const secret& given) {
  begin();
  std::array<char, crypto_pwhash_argon2id_STRBYTES> out{};
  const std::string& text = given.reveal();
  if (crypto_pwhash_argon2id_str(out.data(), text.data(), text.size(), passes, memory) != 0)
    throw std::runtime_error("no memory to hash a password");
  return out.data();
}

bool is_password(const secret& given, const std::string& hash) {
  begin();
  static const std::string nobodys = hashed(secret("nobody has this password"));
  const std::string& text = given.reveal();
  const std::string& against = hash.empty() ? nobodys : hash;
  if (text.size() > most_bytes || against.size() >= crypto_pwhash_argon2id_STRBYTES) return false;
  const bool same = crypto_pwhash_argon2id_str_verify(against.c_str(), text.data(), text.size()) == 0;
  return same && !hash.empty();
}

}  // namespace changtong::accounts
