#pragma once
/** Bytes of a connection -> one request, or what is wrong with it. Pure: no socket, no clock; fuzzed.
 *
 * Stricter than the parser underneath wherever two programs could read one text in two ways, since one of them may be
 * a proxy before us: lines end in CRLF and nothing else, none is folded, no control characters; one Host, at most one
 * Content-Length, Transfer-Encoding and Authorization; a length and an encoding never together; no encoding but
 * chunked, and that not in HTTP/1.0; chunks without extensions. Fields behind the last chunk are bounded, checked and
 * dropped: what a trailer says was said after who asked had been judged. */
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/phrase.h"

namespace changtong::http {

/** Why a request is not one. */
struct bad_request {
  int status = 400;
  std::string code = "bad_request";
  phrase why;  ///< never repeats the input
};

class request_reader {
 public:
  using fields = boost::beast::http::fields;
  using head_of_request = boost::beast::http::request_header<fields>;

  /** `most_header`: bytes of request line and headers, and of trailers; `most_body`: bytes of the body. */
  request_reader(std::size_t most_header, std::uint64_t most_body);

  /** What has arrived and was not taken before -> how many of them are done with. With the head whole, no more is taken
   * until the next call. What remains is to be given again, with more behind it. */
  std::size_t take(std::string_view bytes);

  [[nodiscard]] bool head_whole() const { return head_whole_; }
  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] const std::optional<bad_request>& refused() const { return refused_; }

  /** Once the head is whole: request line and headers, without any trailer. */
  [[nodiscard]] const head_of_request& head() const { return head_; }
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  /** Once the head is whole: bytes of the body, or the most that there may be where it does not say. */
  [[nodiscard]] std::uint64_t body_size() const { return body_size_; }
  /** Once the head is whole and says for whom it is: a smaller bound of the body than that of all. */
  void allow(std::uint64_t most_body);
  /** Once it is whole. */
  [[nodiscard]] std::string take_body() { return std::move(parser_.get().body()); }

 private:
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  std::size_t take_head(std::string_view bytes);
  std::size_t take_body_bytes(std::string_view bytes);
  std::size_t refuse(bad_request why);
  [[nodiscard]] std::size_t end_of_head(std::string_view bytes);
  [[nodiscard]] std::optional<bad_request> judged_head() const;

  std::size_t most_header_;
  std::uint64_t most_body_;
  parser parser_;
  head_of_request head_;
  std::size_t looked_at_ = 0;  ///< bytes of the head that have been
  std::uint64_t body_size_ = 0;
  bool keep_alive_ = false, head_whole_ = false, whole_ = false;
  std::optional<bad_request> refused_;
};

}  // namespace changtong::http
