#include "daemon/audit/zip_layout.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong::audit {
namespace {

constexpr std::uint32_t is_large = 0xffffffff;  // then the value stands in a field of ZIP64
constexpr std::uint64_t most_listed = 64;

struct refused : spoken_error {
  using spoken_error::spoken_error;
};

void need(bool good, phrase otherwise) {
  if (!good) throw refused(std::move(otherwise));
}

/** What is said of a file twice: in the directory, and before the file itself or behind it. */
struct told {
  std::uint64_t version = 0;                      ///< that reads it
  std::uint64_t flags = 0, method = 0, time = 0;  ///< of day and date as they stand
  std::uint64_t crc = 0, packed = 0, unpacked = 0;
  friend bool operator==(const told&, const told&) = default;
};

struct listed {
  std::uint64_t offset = 0;
  told what;
  std::string name;
};

struct directory {
  std::uint64_t start = 0, end = 0, count = 0;
};

class layout {
 public:
  explicit layout(std::istream& zip) : zip_(zip) {
    zip_.seekg(0, std::ios::end);
    size_ = zip_ ? static_cast<std::uint64_t>(zip_.tellg()) : 0;
  }

  void check() {
    const directory d = find_directory();
    std::vector<listed> all = members(d);
    std::ranges::sort(all, {}, &listed::offset);
    std::uint64_t at = 0;
    for (const listed& m : all) at = behind(m, at);
    need(at == d.start, {"最后一个文件与目录之间另有内容", "there are bytes between the last file and the directory"});
  }

 private:
  std::string bytes(std::uint64_t at, std::uint64_t count) {
    need(at <= size_ && count <= size_ - at, {"目录被截断", "the directory is cut"});
    std::string text(count, '\0');
    zip_.clear();
    zip_.seekg(static_cast<std::streamoff>(at));
    zip_.read(text.data(), static_cast<std::streamsize>(count));
    need(static_cast<bool>(zip_), {"读不出来", "it cannot be read"});
    return text;
  }
  static std::uint64_t number(std::string_view text, std::size_t at, std::size_t length) {
    std::uint64_t v = 0;
    for (std::size_t i = length; i-- > 0;) v = v << 8 | static_cast<unsigned char>(text.at(at + i));
    return v;
  }

  directory find_directory();
  std::vector<listed> members(const directory& d);
  static told told_at(std::string_view row, std::size_t at);
  static void widen(listed& m, std::string_view extra);
  static void widen_locally(told& own, std::string_view extra, const std::string& name);
  std::uint64_t behind(const listed& m, std::uint64_t at);
  std::uint64_t behind_sums(const listed& m, std::uint64_t at, bool large);
  bool nothing_behind_deflated(std::uint64_t at, std::uint64_t packed);

  std::istream& zip_;
  std::uint64_t size_ = 0;
};

/** By the record that ends a file without a comment. */
directory layout::find_directory() {
  constexpr std::uint64_t end_size = 22, locator_size = 20, end64_size = 56;
  need(size_ >= end_size, {"不是 ZIP", "it is no ZIP"});
  const std::string end = bytes(size_ - end_size, end_size);
  need(end.starts_with("PK\5\6") && number(end, 20, 2) == 0,
       {"不是 ZIP，或文件末尾另有内容", "it is no ZIP, or there are bytes behind its end"});
  directory d{number(end, 16, 4), size_ - end_size, number(end, 10, 2)};
  const auto one_volume = [](std::uint64_t volumes, std::uint64_t here, std::uint64_t count) {
    need(volumes == 0 && here == count, {"ZIP 分为几卷", "the ZIP is of several volumes"});
  };
  std::uint64_t length = number(end, 12, 4);
  one_volume(number(end, 4, 4), number(end, 8, 2), d.count);
  if (d.count == 0xffff || length == is_large || d.start == is_large) {
    need(size_ >= end_size + locator_size + end64_size, {"ZIP64 的目录读不懂", "the directory of the ZIP64 is cut"});
    d.end = size_ - end_size - locator_size - end64_size;
    const std::string large = bytes(d.end, end64_size), locator = bytes(d.end + end64_size, locator_size);
    need(large.starts_with("PK\6\6") && locator.starts_with("PK\6\7") && number(large, 4, 8) == end64_size - 12 &&
             number(locator, 8, 8) == d.end && number(locator, 4, 4) == 0 && number(locator, 16, 4) == 1,
         {"ZIP64 的目录读不懂", "the directory of the ZIP64 cannot be read"});
    const directory plain = d;
    const auto same = [](std::uint64_t said, std::uint64_t value, std::uint64_t most) {
      return said == value || said == most;
    };
    d.count = number(large, 32, 8), d.start = number(large, 48, 8);
    need(same(plain.count, d.count, 0xffff) && same(plain.start, d.start, is_large) &&
             same(length, number(large, 40, 8), is_large),
         {"ZIP64 的目录读不懂", "the directory of the ZIP64 cannot be read"});
    length = number(large, 40, 8);
    one_volume(number(large, 16, 8), number(large, 24, 8), d.count);
  }
  need(d.start <= d.end && length == d.end - d.start && d.count <= most_listed,
       {"目录与末尾之间另有内容，或文件过多", "there are bytes between the directory and the end, or too many files"});
  return d;
}

std::vector<listed> layout::members(const directory& d) {
  std::vector<listed> all;
  std::uint64_t at = d.start;
  for (std::uint64_t i = 0; i < d.count; ++i) {
    const std::string row = bytes(at, 46);
    need(row.starts_with("PK\1\2"), {"目录读不懂", "the directory cannot be read"});
    const std::uint64_t names = number(row, 28, 2), more = number(row, 30, 2), said = number(row, 32, 2);
    listed m{number(row, 42, 4), told_at(row, 6), bytes(at + 46, names)};
    need(said == 0 && number(row, 34, 2) == 0, both("{} 带有注释", "{} has a comment", m.name));
    widen(m, bytes(at + 46 + names, more));
    all.push_back(std::move(m));
    at += 46 + names + more;
  }
  need(at == d.end, {"目录之后另有内容", "there are bytes behind the directory"});
  return all;
}

/** From the flags on both headers have the same fields. */
told layout::told_at(std::string_view row, std::size_t at) {
  return {number(row, at, 2),      number(row, at + 2, 2),  number(row, at + 4, 2), number(row, at + 6, 4),
          number(row, at + 10, 4), number(row, at + 14, 4), number(row, at + 18, 4)};
}

/** `count` numbers of eight bytes, which are all that the field holds. No other kind of field is needed by anybody. */
std::string_view values_in(std::string_view extra, std::size_t count, const std::string& name) {
  constexpr std::string_view zip64("\1\0", 2);
  need(count > 0 && extra.size() == 4 + 8 * count && extra.starts_with(zip64) &&
           extra.substr(2, 2) == std::string{static_cast<char>(8 * count), '\0'},
       both("{} 有不该有的附加字段，或其中另有内容", "{} has an extra field that nobody needs, or there is more in it",
            name));
  return extra.substr(4);
}

/** Sizes and place of a large file stand in an extra field. */
void layout::widen(listed& m, std::string_view extra) {
  if (extra.empty()) return;
  std::vector<std::uint64_t*> large;
  for (std::uint64_t* one : {&m.what.unpacked, &m.what.packed, &m.offset})
    if (*one == is_large) large.push_back(one);
  const std::string_view values = values_in(extra, large.size(), m.name);
  for (std::size_t i = 0; i < large.size(); ++i) *large[i] = number(values, 8 * i, 8);
}

/** Before the file itself both sizes stand in the field, also one that is not large. */
void layout::widen_locally(told& own, std::string_view extra, const std::string& name) {
  if (extra.empty()) return;
  const std::string_view values = values_in(extra, 2, name);
  const std::uint64_t unpacked = number(values, 0, 8), packed = number(values, 8, 8);
  need((own.unpacked == is_large || own.unpacked == unpacked) && (own.packed == is_large || own.packed == packed),
       both("{} 的附加字段与文件头不符", "an extra field of {} says another size than its header", name));
  own.unpacked = unpacked, own.packed = packed;
}

/** Where the next file must begin, if this one begins at `at`. */
std::uint64_t layout::behind(const listed& m, std::uint64_t at) {
  need(m.offset == at,
       both("{} 之前另有内容，不属于任何文件", "there are bytes before {} that belong to no file", m.name));
  const std::string row = bytes(at, 30);
  const std::uint64_t names = number(row, 26, 2), more = number(row, 28, 2);
  const std::string extra = bytes(at + 30 + names, more);
  const bool later = (m.what.flags & 8U) != 0;  // then checksum and sizes stand behind the file
  told own = told_at(row, 4);
  widen_locally(own, extra, m.name);
  if (later && own.crc == 0 && own.packed == 0 && own.unpacked == 0)
    own.crc = m.what.crc, own.packed = m.what.packed, own.unpacked = m.what.unpacked;
  need(row.starts_with("PK\3\4") && bytes(at + 30, names) == m.name && own == m.what,
       both("{} 的两处记载不符", "{} is told in two ways", m.name));
  at += 30 + names + more;
  need(at <= size_ && own.packed <= size_ - at, both("{} 被截断", "{} is cut", m.name));
  need(own.method == Z_DEFLATED ? nothing_behind_deflated(at, own.packed) : own.packed == own.unpacked,
       both("{} 的压缩数据之后另有内容", "there are bytes behind the packed {}", m.name));
  at += own.packed;
  return later ? behind_sums(m, at, !extra.empty()) : at;
}

/** Mostly they have a mark. */
std::uint64_t layout::behind_sums(const listed& m, std::uint64_t at, bool large) {
  const std::size_t width = large ? 8 : 4;
  if (bytes(at, 4) == "PK\7\10") at += 4;
  const std::string sums = bytes(at, 4 + 2 * width);
  need(number(sums, 0, 4) == m.what.crc && number(sums, 4, width) == m.what.packed &&
           number(sums, 4 + width, width) == m.what.unpacked,
       both("{} 的两处记载不符", "{} is told in two ways", m.name));
  return at + sums.size();
}

/** Whether the deflated stream is longer or shorter than it should be, or damaged, is said by whoever unpacks it. */
bool layout::nothing_behind_deflated(std::uint64_t at, std::uint64_t packed) {
  z_stream z{};
  if (inflateInit2(&z, -MAX_WBITS) != Z_OK) return false;
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&z, inflateEnd);
  std::array<unsigned char, 1 << 16> out{};
  int state = Z_OK;
  while (packed > 0 && state == Z_OK) {
    std::string piece = bytes(at, std::min<std::uint64_t>(packed, 1 << 16));
    at += piece.size();
    packed -= piece.size();
    z.next_in = reinterpret_cast<unsigned char*>(piece.data());
    z.avail_in = static_cast<unsigned>(piece.size());
    do {
      z.next_out = out.data();
      z.avail_out = static_cast<unsigned>(out.size());
      state = inflate(&z, Z_NO_FLUSH);
    } while (state == Z_OK && (z.avail_in > 0 || z.avail_out == 0));
    if (state == Z_BUF_ERROR) state = Z_OK;  // it wants more
  }
  return state != Z_STREAM_END || (packed == 0 && z.avail_in == 0);
}

}  // namespace

result<void> every_byte_is_needed(std::istream& zip) {
  try {
    layout(zip).check();
    return {};
  } catch (const refused& no) {
    return said(no.words());
  }
}

}  // namespace changtong::audit
