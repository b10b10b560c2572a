#include "daemon/publish/metrics/gzip.h"

#include <zlib.h>

#include <memory>
#include <stdexcept>

namespace changtong::metrics {
namespace {

class packer {
 public:
  packer() {
    constexpr int gzip_format = 16;
    if (deflateInit2(&z_, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("gzip: no memory");
  }
  ~packer() { deflateEnd(&z_); }
  packer(const packer&) = delete;
  packer& operator=(const packer&) = delete;

  /** Appends what comes of `plain`; with `last`, the end of the file too. */
  void add(std::string& plain, bool last, std::string& out) {
    z_.next_in = reinterpret_cast<Bytef*>(plain.data());
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

}  // namespace changtong::metrics
