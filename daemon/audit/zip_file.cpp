#include "daemon/audit/zip_file.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

#include "daemon/audit/zip_layout.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"

namespace changtong::audit {
namespace {

std::string meaning_of(int code) {
  zip_error_t e;
  zip_error_init_with_code(&e, code);
  std::string text = zip_error_strerror(&e);
  zip_error_fini(&e);
  return text;
}

problem broken(const std::string& file, phrase why) {
  problem p = said(std::move(why));
  p.file = file;
  return p;
}

phrase not_sound(int code) { return both("不是完好的 ZIP 文件：{}", "it is no sound ZIP file: {}", meaning_of(code)); }

bool leaves_its_folder(std::string_view name) {
  return name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
         name.find("..") != std::string_view::npos || name.find('\0') != std::string_view::npos ||
         (name.size() > 1 && name[1] == ':');
}

}  // namespace

void zip_reader::closer::operator()(zip* z) const { zip_discard(z); }
void zip_writer::discarder::operator()(zip* z) const { zip_discard(z); }

result<zip_reader> zip_reader::open(const std::string& path) {
  if (const auto plain = host::is_plain_file(path); !plain)  // libzip would wait for who writes into a pipe
    return said(both("打不开 {}：{}", "cannot open {}: {}", path, words_of(plain.error())));
  zip_reader r;
  int code = 0;
  r.archive_.reset(
      zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));  // also refuses a name that is there twice
  if (!r.archive_) return broken(path, not_sound(code));
  auto good = r.list();
  if (std::ifstream file(path, std::ios::binary); good) good = every_byte_is_needed(file);
  if (good) return r;
  problem no = good.error();
  no.file = path;
  return no;
}

result<zip_reader> zip_reader::over(std::string bytes) {
  zip_reader r;
  r.bytes_ = std::make_unique<std::string>(std::move(bytes));
  zip_error_t e;
  zip_error_init(&e);
  zip_source_t* source = zip_source_buffer_create(r.bytes_->data(), r.bytes_->size(), 0, &e);
  if (source != nullptr) r.archive_.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &e));
  if (source != nullptr && !r.archive_) zip_source_free(source);
  const int code = zip_error_code_zip(&e);
  zip_error_fini(&e);
  if (!r.archive_) return broken({}, not_sound(code));
  auto good = r.list();
  if (std::istringstream stream(*r.bytes_); good) good = every_byte_is_needed(stream);
  if (!good) return good.error();
  return r;
}

result<void> zip_reader::list() {
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  if (count < 0 || count > static_cast<zip_int64_t>(most_members))
    return broken({}, both("包内有 {} 个文件，过多", "{} files are too many", count));
  std::uint64_t all = 0;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t s;
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(archive_.get(), i, ZIP_FL_ENC_RAW, &s) != 0 || (s.valid & needed) != needed)
      return broken({}, both("第 {} 个文件的目录项不全", "the directory entry of file {} is not whole", i + 1));
    const std::string name = s.name;
    if (leaves_its_folder(name))
      return broken({}, both("文件名越出所在目录：{}", "a name leaves its folder: {}", name));
    if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && s.encryption_method != ZIP_EM_NONE)
      return broken({}, both("文件被加密：{}", "a file is encrypted: {}", name));
    if (s.comp_method != ZIP_CM_DEFLATE && s.comp_method != ZIP_CM_STORE)
      return broken({}, both("压缩方式不支持：{}", "a file is packed in another way than deflate: {}", name));
    all += std::min(s.size, most_unpacked + 1);
    if (all > most_unpacked || (s.size > (1U << 20) && s.size / most_ratio > s.comp_size))
      return broken({}, both("解压后过大：{}", "a file would unpack to too much: {}", name));
    members_.push_back({name, s.size, i});
  }
  return {};
}

const zip_member* zip_reader::find(std::string_view name) const {
  const auto it = std::ranges::find(members_, name, &zip_member::name);
  return it == members_.end() ? nullptr : &*it;
}

result<void> zip_reader::read(const zip_member& m, const std::function<bool(std::string_view)>& each) const {
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(archive_.get(), m.place, 0), zip_fclose);
  if (!file) return said(both("解压不了：{}", "it cannot be unpacked: {}", zip_strerror(archive_.get())));
  std::array<char, 1 << 16> chunk{};
  std::uint64_t done = 0;
  while (true) {
    const zip_int64_t got = zip_fread(file.get(), chunk.data(), chunk.size());
    if (got < 0)
      return said(
          both("解压出错，内容已损坏：{}", "it cannot be unpacked, it is damaged: {}", zip_file_strerror(file.get())));
    if (got == 0) break;
    done += static_cast<std::uint64_t>(got);
    if (done > m.size) return said({"内容比目录所写的长", "it is longer than the directory says"});
    if (!each({chunk.data(), static_cast<std::size_t>(got)})) return {};
  }
  if (done != m.size) return said({"内容比目录所写的短", "it is shorter than the directory says"});
  return {};
}

result<std::string> zip_reader::text(const zip_member& m, std::uint64_t most) const {
  const problem large = said(both("超过 {} 字节", "larger than {} bytes", most));
  if (m.size > most) return large;
  std::string all;
  const auto done = read(m, [&](std::string_view piece) {
    all += piece;
    return true;
  });
  if (!done) return done.error();
  return result<std::string>(boost::system::in_place_value, std::move(all));
}

result<zip_writer> zip_writer::create(const std::string& path, std::int64_t mtime) {
  zip_writer w;
  int code = 0;
  w.archive_.reset(zip_open(path.c_str(), ZIP_CREATE | ZIP_EXCL, &code));
  if (!w.archive_) return said(both("{} 写不了：{}", "{} cannot be written: {}", path, meaning_of(code)));
  w.path_ = path;
  w.mtime_ = mtime;
  return w;
}

result<void> zip_writer::add(const std::string& name, void* source) {
  auto* s = static_cast<zip_source_t*>(source);
  const problem no = said(both("{} 加不进去：{}", "{} cannot be added: {}", name, zip_strerror(archive_.get())));
  if (s == nullptr) return no;
  const zip_int64_t place = zip_file_add(archive_.get(), name.c_str(), s, ZIP_FL_ENC_UTF_8);
  if (place < 0) {
    zip_source_free(s);
    return no;
  }
  zip_file_set_mtime(archive_.get(), static_cast<zip_uint64_t>(place), static_cast<time_t>(mtime_), 0);
  return {};
}

result<void> zip_writer::add_text(const std::string& name, std::string text) {
  texts_.push_back(std::make_unique<std::string>(std::move(text)));
  return add(name, zip_source_buffer(archive_.get(), texts_.back()->data(), texts_.back()->size(), 0));
}

result<void> zip_writer::add_file(const std::string& name, const std::string& path) {
  return add(name, zip_source_file(archive_.get(), path.c_str(), 0, -1));
}

result<void> zip_writer::close(const std::function<bool(double)>& progress) {
  struct listener {
    const std::function<bool(double)>& tell;
    bool stop = false;
  } l{progress};
  zip_register_progress_callback_with_state(
      archive_.get(), 0.01,
      [](zip_t*, double part, void* who) {
        auto* me = static_cast<listener*>(who);
        me->stop = me->stop || !me->tell(part);
      },
      nullptr, &l);
  zip_register_cancel_callback_with_state(
      archive_.get(), [](zip_t*, void* who) { return static_cast<listener*>(who)->stop ? 1 : 0; }, nullptr, &l);
  zip* z = archive_.release();
  const bool written = zip_close(z) == 0;
  if (written && !l.stop) {
    texts_.clear();
    return {};
  }
  const problem no = said(l.stop ? phrase{"已中止", "stopped"}
                                 : both("ZIP 写不了：{}", "the ZIP cannot be written: {}", zip_strerror(z)));
  written ? static_cast<void>(std::remove(path_.c_str())) : zip_discard(z);
  return no;
}

}  // namespace changtong::audit
