#include "daemon/accounts/key.h"

#include "daemon/host/digest.h"

namespace changtong::accounts {

secret new_key() { return secret(host::hex(host::random_bytes(32))); }
std::string digest_of_key(std::string_view key) { return host::hex(host::bytes_of(host::sha256_of(key))); }

}  // namespace changtong::accounts
