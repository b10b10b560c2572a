#pragma once
/** The header of an HTTP answer, line by line as libcurl hands it over, for what libcurl does not judge as browsers do.
 * Pure; what is kept is bounded. */
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace changtong::wire {

class reply_head {
 public:
  /** Why an answer is refused though libcurl would take it. */
  enum class fault : std::uint8_t {
    none,
    too_long,          ///< more than 96 KiB of lines
    endless_interim,   ///< more than 64 answers of class 1xx
    lengths_differ,    ///< two Content-Length that do not agree, and no chunks that would overrule them
    many_codings,      ///< packed more than twice: a little can then become gigabytes
    locations_differ,  ///< two places to go
  };

  /** A line with its end; the empty one ends a header, a status line begins another. Lines after the last header
   * (trailers) are not read, but counted. */
  void line(std::string_view text);

  [[nodiscard]] bool whole() const { return whole_; }        ///< of the last answer, not of class 1xx
  [[nodiscard]] bool trailing() const { return trailing_; }  ///< the last line came after the header
  [[nodiscard]] fault wrong() const;
  [[nodiscard]] unsigned status() const { return status_; }
  [[nodiscard]] std::uint8_t http() const { return http_; }  ///< 10, 11, 20
  [[nodiscard]] const std::string& location() const { return location_; }
  [[nodiscard]] const std::string& content_type() const { return content_type_; }
  [[nodiscard]] const std::string& content_encoding() const { return content_encoding_; }
  [[nodiscard]] const std::string& refresh() const { return refresh_; }  ///< the first one's value

 private:
  void begin(std::string_view status_line);
  void end_of_field();
  [[nodiscard]] bool same_length(std::string_view value);
  void field(std::string_view name, std::string_view value);

  std::string open_field_;  ///< may be folded: the next line can belong to it
  std::string location_, content_type_, content_encoding_, refresh_, length_;
  std::size_t bytes_ = 0;
  unsigned status_ = 0, interim_ = 0;
  std::uint8_t http_ = 0;
  bool whole_ = false, trailing_ = false, in_block_ = false, chunked_ = false, lengths_differ_ = false,
       locations_differ_ = false;
};

/** Every coding that stands in a Content-Encoding is one that we undo. */
[[nodiscard]] bool known_codings(std::string_view content_encoding);

}  // namespace changtong::wire
