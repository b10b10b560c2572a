#include "daemon/reading/office_package.h"

#include <zip.h>

#include <array>
#include <utility>

#include "daemon/core/phrase.h"

namespace changtong::reading {

void office_package::closer::operator()(zip* z) const { zip_discard(z); }

bool looks_like_package(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }
bool looks_like_old_office(std::string_view bytes) { return bytes.starts_with("\xd0\xcf\x11\xe0"); }

result<office_package> office_package::over(std::string bytes) {
  office_package p;
  p.bytes_ = std::make_unique<std::string>(std::move(bytes));
  zip_error_t e;
  zip_error_init(&e);
  zip_source_t* source = zip_source_buffer_create(p.bytes_->data(), p.bytes_->size(), 0, &e);
  if (source != nullptr) p.archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &e));
  if (source != nullptr && !p.archive_) zip_source_free(source);
  zip_error_fini(&e);
  if (!p.archive_)
    return said({"文件已损坏：请在 Excel 或 WPS 中打开后另存",
                 "the file is damaged: open it in Excel or WPS and save it anew"});
  return p;
}

bool office_package::has(const std::string& name) const {
  return zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_ENC_GUESS) >= 0;
}

result<std::string> office_package::part(const std::string& name) {
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen(archive_.get(), name.c_str(), 0), zip_fclose);
  if (!file) return said(both("缺少部件 {}，或它被加密", "the part {} is missing or encrypted", name));
  std::string all;
  std::array<char, 1 << 16> chunk{};
  while (true) {
    const zip_int64_t got = zip_fread(file.get(), chunk.data(), chunk.size());
    if (got < 0) return said(both("部件 {} 已损坏", "the part {} is damaged", name));
    if (got == 0) break;
    unpacked_ += static_cast<std::size_t>(got);
    if (all.size() + static_cast<std::size_t>(got) > most_part_bytes || unpacked_ > most_package_bytes)
      return said(both("部件 {} 解压后超过 {} MB：请删去无关的工作表和格式后另存",
                       "the part {} unpacks to more than {} MB: remove sheets and formats that do not belong to it",
                       name, most_part_bytes >> 20));
    all.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return result<std::string>(boost::system::in_place_value, std::move(all));
}

result<std::string> with_parts(std::string bytes, const std::vector<std::pair<std::string, std::string>>& parts) {
  const problem damaged = said(
      {"文件已损坏：请在 Excel 或 WPS 中打开后另存", "the file is damaged: open it in Excel or WPS and save it anew"});
  using source = std::unique_ptr<zip_source_t, void (*)(zip_source_t*)>;
  const source whole(zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr), zip_source_free);
  if (!whole) return damaged;
  zip_source_keep(whole.get());  // one for the archive, one to read what it wrote
  zip_t* archive = zip_open_from_source(whole.get(), 0, nullptr);
  if (archive == nullptr) {
    zip_source_free(whole.get());
    return damaged;
  }
  const auto twice = [&](const std::string& name) {  // of which of them would which program read?
    const zip_int64_t first = zip_name_locate(archive, name.c_str(), ZIP_FL_ENC_GUESS);
    bool found = false;
    for (zip_int64_t i = first + 1; first >= 0 && !found && i < zip_get_num_entries(archive, 0); ++i) {
      const char* other = zip_get_name(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
      found = other != nullptr && name == other;
    }
    return found;
  };
  constexpr time_t no_day = 315'532'800;  // 1980: a copy of the same bytes is the same, whenever it is made
  bool good = true;
  for (const auto& [name, text] : parts) {
    good = good && !twice(name);
    zip_source_t* from = zip_source_buffer(archive, text.data(), text.size(), 0);
    const zip_int64_t at =
        from == nullptr ? -1 : zip_file_add(archive, name.c_str(), from, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8);
    if (at < 0 && from != nullptr) zip_source_free(from);
    good = good && at >= 0 && zip_file_set_mtime(archive, static_cast<zip_uint64_t>(at), no_day, 0) == 0;
  }
  if (!good || zip_close(archive) != 0) {
    zip_discard(archive);
    return damaged;
  }
  std::string out;
  if (zip_source_open(whole.get()) != 0) return damaged;
  std::array<char, 1 << 16> chunk{};
  for (zip_int64_t got = 0; (got = zip_source_read(whole.get(), chunk.data(), chunk.size())) > 0;)
    out.append(chunk.data(), static_cast<std::size_t>(got));
  zip_source_close(whole.get());
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong::reading
