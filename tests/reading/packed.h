#pragma once
/** Parts -> the bytes of a ZIP, as an office program or an enemy packs them. */
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

namespace changtong::test {

/** Pairs of name and text, in order. Stored, so that a byte of a text is a byte of the file. */
template <class Parts = std::vector<std::pair<std::string, std::string>>>
std::string packed(const Parts& parts) {
  zip_source_t* out = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(out);
  zip_t* z = zip_open_from_source(out, ZIP_TRUNCATE, nullptr);
  for (const auto& [name, text] : parts) {
    const zip_int64_t at =
        zip_file_add(z, std::string(name).c_str(), zip_source_buffer(z, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
    zip_set_file_compression(z, static_cast<zip_uint64_t>(at), ZIP_CM_STORE, 0);
  }
  zip_close(z);
  zip_source_open(out);
  zip_source_seek(out, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(out)), '\0');
  zip_source_seek(out, 0, SEEK_SET);
  zip_source_read(out, bytes.data(), bytes.size());
  zip_source_close(out);
  zip_source_free(out);
  return bytes;
}

}  // namespace changtong::test
