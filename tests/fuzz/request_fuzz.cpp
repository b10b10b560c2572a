/** What a connection brings, headers, bodies and trailers: one text has one reading, however it is cut, and no trailer
 * is a header. The first byte says into how small pieces it is cut the second time. */
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "daemon/publish/http/dispatch.h"
#include "daemon/publish/http/request_reader.h"
#include "daemon/publish/http/request_target.h"

namespace {

using changtong::http::request_reader;

constexpr std::size_t most_header = 512, most_body = 256;

/** A request as whoever answers sees it, or the status of its refusal. */
struct reading {
  int status = 0;
  std::string method, target, body;
  std::vector<std::string> fields;
  bool keep = false;
  friend bool operator==(const reading&, const reading&) = default;
};

void require(bool good) {
  if (!good) std::abort();
}

reading of(request_reader& reader) {
  reading out;
  if (reader.refused()) {
    out.status = reader.refused()->status;
    require(!reader.refused()->why.cn.empty() && !reader.refused()->why.en.empty());
    return out;
  }
  const auto& head = reader.head();
  out.status = 200;
  out.method = head.method_string();
  out.target = head.target();
  for (const auto& field : head) {
    out.fields.push_back(std::string(field.name_string()) + ":" + std::string(field.value()));
    for (const char c : out.fields.back()) require(static_cast<unsigned char>(c) >= 0x20 || c == '\t');
  }
  require(head.count("content-length") + head.count("transfer-encoding") <= 1);
  require(head.count("host") <= 1 && head.count("authorization") <= 1);
  out.keep = reader.keep_alive();
  out.body = reader.take_body();
  require(out.body.size() <= most_body && out.body.size() <= reader.body_size());
  return out;
}

/** Every request of a connection, until one is refused or the bytes end. */
std::vector<reading> all(std::string_view text, std::size_t step) {
  static const changtong::http::dispatcher routes({}, "127.0.0.1");
  std::vector<reading> out;
  std::string pending;
  while (true) {
    request_reader reader(most_header, most_body);
    while (!reader.whole() && !reader.refused()) {
      const std::size_t taken = reader.take(pending);
      require(taken <= pending.size());
      pending.erase(0, taken);
      if (taken > 0 || reader.whole() || reader.refused()) continue;
      require(pending.size() <= most_header + step);
      if (text.empty()) return out;
      const std::size_t n = std::min(step, text.size());
      pending += text.substr(0, n);
      text.remove_prefix(n);
    }
    out.push_back(of(reader));
    if (out.back().status != 200) return out;
    if (const auto target = changtong::http::parse_target(out.back().target))
      (void)routes.lane_of(out.back().method, target->path);
  }
}

/** The same requests and answers. What is broken in its last bytes may be refused with the next byte only: less than
 * the end of a chunked body is not looked at (request_reader.cpp), and where the bytes ended no next one came. */
bool same(std::vector<reading> at_once, const std::vector<reading>& bytewise) {
  if (at_once.size() == bytewise.size() + 1 && at_once.back().status != 200) at_once.pop_back();
  return at_once == bytewise;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  // NOLINTNEXTLINE: the fuzzer's bytes are characters to us
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t step = 1 + bytes[0] % 64;
  require(same(all(text, step), all(text, 1)));
  // What stands behind the last chunk adds no field.
  const std::string before = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  const auto seen = all(before + std::string(text.substr(0, 200)) + "\r\n\r\n", step);
  require(seen.empty() || seen.front().status != 200 || seen.front().fields.size() == 2);
  return 0;
}
