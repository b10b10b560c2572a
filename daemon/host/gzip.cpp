#include "daemon/host/gzip.h"

#define ZLIB_CONST  // what is read stays as it is
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace changtong::host {
namespace {

constexpr int gzip_format = 16;  // beside the bits of the window, as zlib's manual has it

class packer {
 public:
  packer() {
    if (deflateInit2(&z_, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("gzip: no memory");
  }
  ~packer() { deflateEnd(&z_); }
  packer(const packer&) = delete;
  packer& operator=(const packer&) = delete;

  /** Appends what comes of `plain`; with `last`, the end of the file too. */
  void add(std::string_view plain, bool last, std::string& out) {
    z_.next_in = reinterpret_cast<const Bytef*>(plain.data());
    z_.avail_in = static_cast<uInt>(plain.size());
    do {
      const std::size_t had = out.size();
      out.resize(had + room);
      z_.next_out = reinterpret_cast<Bytef*>(out.data() + had);
      z_.avail_out = static_cast<uInt>(room);
      const int code = deflate(&z_, last ? Z_FINISH : Z_NO_FLUSH);
      out.resize(had + room - z_.avail_out);
      if (code == Z_STREAM_ERROR) throw std::runtime_error("gzip: broken state");
    } while (z_.avail_out == 0);
  }

 private:
  static constexpr std::size_t room = 32 * 1024;
  z_stream z_{};
};

struct unpacker {
  unpacker() {
    if (inflateInit2(&z, MAX_WBITS + gzip_format) != Z_OK) throw std::runtime_error("gzip: no memory");
  }
  ~unpacker() { inflateEnd(&z); }
  unpacker(const unpacker&) = delete;
  unpacker& operator=(const unpacker&) = delete;
  z_stream z{};
};

}  // namespace

std::function<bool(std::string&)> gzipped(std::function<bool(std::string&)> plain) {
  return [plain = std::move(plain), with = std::make_shared<packer>(), piece = std::string(),
          ended = false](std::string& chunk) mutable {
    const std::size_t had = chunk.size();
    while (!ended && chunk.size() == had) {
      piece.clear();
      ended = !plain(piece);
      with->add(piece, ended, chunk);
    }
    return chunk.size() > had;
  };
}

std::string gzipped(std::string_view text) {
  std::string out;
  packer().add(text, true, out);
  return out;
}

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::optional<std::string> plain_of_gzip(std::string_view bytes, std::size_t most) {
  constexpr std::size_t step = std::size_t{64} * 1024;
  unpacker u;
  u.z.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  u.z.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int code = Z_OK;
  while (code == Z_OK) {
    const std::size_t had = out.size(), room = std::min(step, most + 1 - had);
    out.resize(had + room);
    u.z.next_out = reinterpret_cast<Bytef*>(out.data() + had);
    u.z.avail_out = static_cast<uInt>(room);
    code = inflate(&u.z, Z_NO_FLUSH);
    out.resize(had + room - u.z.avail_out);
    if (out.size() > most) return std::nullopt;
  }
  if (code != Z_STREAM_END || u.z.avail_in != 0) return std::nullopt;
  return out;
}

}  // namespace changtong::host
