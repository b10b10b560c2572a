#pragma once
/** manifest.json: every file of the pack but itself and its signature, with size and SHA-256; manifest.sig: the seal
 * key's signature over its exact bytes. Pure; any input is safe. */

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/key.h"

namespace changtong::audit {

/** Another number when a file of the pack, or a row of one, means something else than before. */
inline constexpr std::string_view pack_format = "changtong-evidence-2";
/** That of 0.2.0 and 0.3.0: without verify_pack.py, and rows may lack columns that came later. Read, never written. */
inline constexpr std::string_view older_format = "changtong-evidence-1";
inline constexpr std::size_t most_manifest_bytes = 1 << 20;

struct listed_file {
  std::string name;
  std::uint64_t size = 0;
  ledger::digest sha256{};
};

struct pack_list {
  std::string_view format = pack_format;  ///< or older_format
  std::vector<listed_file> files{};
};

/** In order of name, one line a file. */
[[nodiscard]] std::string manifest_text(pack_list list);
/** The inverse; refuses whatever manifest_text() does not write, and other formats by name. */
[[nodiscard]] result<pack_list> read_manifest(std::string_view text);

struct manifest_signature {
  ledger::algorithm by = ledger::algorithm::ed25519;
  ledger::digest key{};   ///< fingerprint
  std::string signature;  ///< raw bytes
};
[[nodiscard]] std::string signature_text(const manifest_signature& s);
[[nodiscard]] result<manifest_signature> read_signature(std::string_view text);

/** SHA-256 of bytes that come in pieces, and how many they were. */
class running_digest {
 public:
  void add(std::string_view bytes);
  [[nodiscard]] listed_file finish(std::string name);

 private:
  host::sha256 state_;
  std::uint64_t size_ = 0;
};

}  // namespace changtong::audit
