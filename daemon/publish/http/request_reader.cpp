#include "daemon/publish/http/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "daemon/core/ascii.h"

namespace changtong::http {
namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
namespace {

using view = std::string_view;

bad_request broken(std::string_view cn, std::string_view en) {
  return {.why = {"请求格式错误：" + std::string(cn), std::string(en)}};
}

bad_request large_head() {
  return {.status = 431, .code = "headers_too_large", .why = {"请求头过大", "request header too large"}};
}

bad_request large_body() {
  return {.status = 413, .code = "body_too_large", .why = {"请求体过大", "request body too large"}};
}

/** The parser's own findings. */
bad_request parsers(boost::system::error_code why) {
  using bhttp::error;
  if (why == error::header_limit || why == error::buffer_overflow) return large_head();
  if (why == error::body_limit) return large_body();
  if (why == error::bad_method || why == error::bad_version)
    return broken("请求行应为“方法 地址 HTTP/1.1”", "the request line must read METHOD TARGET HTTP/1.1");
  if (why == error::bad_target) return broken("请求地址中有不允许的字符", "characters that a target may not have");
  if (why == error::bad_field) return broken("请求头的名称不合规则", "the name of a header breaks the rules");
  if (why == error::bad_value) return broken("请求头的值不合规则", "the value of a header breaks the rules");
  if (why == error::bad_line_ending) return broken("行尾应为 CRLF", "lines must end in CRLF");
  if (why == error::bad_content_length || why == error::multiple_content_length)
    return broken("Content-Length 不是唯一的十进制数", "Content-Length is not one decimal number");
  if (why == error::bad_transfer_encoding)
    return broken("Transfer-Encoding 与 Content-Length 不能同时出现",
                  "Transfer-Encoding and Content-Length exclude each other");
  if (why == error::bad_chunk || why == error::bad_chunk_extension)
    return broken("分块的长度行不合规则", "the line of a chunk's size breaks the rules");
  return broken("不是 HTTP 请求", "not an HTTP request");
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f'; }

bool is_chunked(view text) { return ascii::same_word(text, "chunked"); }

}  // namespace

request_reader::request_reader(std::size_t most_header, std::uint64_t most_body)
    : most_header_(most_header), most_body_(most_body) {
  parser_.header_limit(static_cast<std::uint32_t>(most_header));
  parser_.body_limit(most_body);
  // An extension says nothing to us, and may say something else to a proxy.
  static auto no_extension = [](std::uint64_t, boost::beast::string_view extension, boost::system::error_code& ec) {
    if (!extension.empty()) ec = bhttp::error::bad_chunk_extension;
  };
  parser_.on_chunk_header(no_extension);
}

std::size_t request_reader::refuse(bad_request why) {
  refused_ = std::move(why);
  return 0;
}

std::size_t request_reader::take(std::string_view bytes) {
  if (refused_ || whole_) return 0;
  return head_whole_ ? take_body_bytes(bytes) : take_head(bytes);
}

/** Behind the empty line; 0 where it is not there yet. A byte that no head may have refuses at once: who sends bare
 * line feeds would never send the end that is waited for. */
std::size_t request_reader::end_of_head(std::string_view bytes) {
  for (std::size_t i = looked_at_; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const bool after_return = i > 0 && bytes[i - 1] == '\r';
    if (c == '\n') {
      if (!after_return) return refuse(broken("行尾应为 CRLF", "lines must end in CRLF"));
      if (i >= 3 && bytes[i - 2] == '\n') return i + 1;
    } else if (after_return) {
      return refuse(broken("行尾应为 CRLF", "lines must end in CRLF"));
    } else if (c != '\r' && is_control(c)) {
      return refuse(broken("请求头中有控制字符", "the header has control characters"));
    } else if ((c == ' ' || c == '\t') && i > 0 && bytes[i - 1] == '\n') {
      return refuse(broken("请求头不得折行", "a header must not be folded"));
    }
  }
  looked_at_ = bytes.size();
  return 0;
}

std::size_t request_reader::take_head(std::string_view bytes) {
  const std::size_t end = end_of_head(bytes.substr(0, most_header_));
  if (refused_) return 0;
  if (end == 0) return bytes.size() < most_header_ ? 0 : refuse(large_head());
  boost::system::error_code ec;
  const std::size_t taken = parser_.put(asio::buffer(bytes.data(), end), ec);
  if (ec) return refuse(ec == bhttp::error::need_more ? broken("不是 HTTP 请求", "not an HTTP request") : parsers(ec));
  if (taken != end || !parser_.is_header_done()) return refuse(broken("不是 HTTP 请求", "not an HTTP request"));
  head_ = parser_.get().base();
  if (auto bad = judged_head()) return refuse(std::move(*bad));
  keep_alive_ = parser_.keep_alive();
  body_size_ = parser_.chunked() ? most_body_ : parser_.content_length().value_or(0);
  head_whole_ = true;
  whole_ = parser_.is_done();
  parser_.eager(true);
  return end;
}

void request_reader::allow(std::uint64_t most_body) {
  if (!head_whole_ || whole_ || most_body >= most_body_) return;
  most_body_ = most_body;
  parser_.body_limit(most_body_);
  if (!parser_.chunked() && body_size_ > most_body) refused_ = large_body();
  body_size_ = std::min(body_size_, most_body);
}

std::optional<bad_request> request_reader::judged_head() const {
  using bhttp::field;
  const bool newer = head_.version() >= 11;
  const auto hosts = head_.count(field::host);
  if (hosts > 1 || (newer && hosts == 0) || head_.count(field::authorization) > 1)
    return broken("须有且只有一个 Host，Authorization 至多一个",
                  "exactly one Host and at most one Authorization header are required");
  const auto lengths = head_.count(field::content_length), encodings = head_.count(field::transfer_encoding);
  if (lengths + encodings > 1)
    return broken("Content-Length 与 Transfer-Encoding 合计至多一个",
                  "at most one of Content-Length and Transfer-Encoding, once");
  if (lengths == 1) {
    const view digits(head_[field::content_length].data(), head_[field::content_length].size());
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.empty() || !std::ranges::all_of(digits, is_digit))
      return broken("Content-Length 不是唯一的十进制数", "Content-Length is not one decimal number");
  }
  if (encodings == 1) {
    const auto value = head_[field::transfer_encoding];
    if (!is_chunked({value.data(), value.size()}))
      return bad_request{.status = 501,
                         .code = "not_implemented",
                         .why = {"Transfer-Encoding 只支持 chunked", "no Transfer-Encoding but chunked"}};
    if (!newer) return broken("HTTP/1.0 没有 Transfer-Encoding", "HTTP/1.0 has no Transfer-Encoding");
  }
  return std::nullopt;
}

std::size_t request_reader::take_body_bytes(std::string_view bytes) {
  // Whatever of a chunked body is still to come ends with these five. Given fewer, with the last chunk among them, the
  // parser of Boost 1.81 takes itself for broken: "0\r\n" and then "\r" ended the daemon.
  constexpr std::size_t shortest_end = std::string_view("0\r\n\r\n").size();
  const std::size_t least = parser_.chunked() ? shortest_end : 1;
  std::size_t taken = 0;
  while (bytes.size() - taken >= least && !whole_) {
    boost::system::error_code ec;
    const std::size_t n = parser_.put(asio::buffer(bytes.data() + taken, bytes.size() - taken), ec);
    taken += n;
    if (ec && ec != bhttp::error::need_more) {
      refuse(parsers(ec));
      return taken;
    }
    whole_ = parser_.is_done();
    if (ec == bhttp::error::need_more || n == 0) break;
  }
  // What cannot be taken yet is a chunk's line or the trailers.
  if (!whole_ && bytes.size() - taken >= most_header_) refuse(large_head());
  return taken;
}

}  // namespace changtong::http
