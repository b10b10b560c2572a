#include "collectors/wire/reply_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "daemon/core/ascii.h"

namespace changtong::wire {
namespace {

constexpr std::size_t longest = 96U << 10U, longest_value = 8192;
constexpr unsigned most_interim = 64;

std::string_view trimmed(std::string_view text) { return ascii::trimmed(text, ascii::http_blanks); }

}  // namespace

void reply_head::line(std::string_view text) {
  bytes_ += text.size();
  if ((trailing_ = whole_)) return;
  const std::string_view read = trimmed(text);
  if (read.empty()) {
    end_of_field();
    if (status_ >= 200) whole_ = true;
    in_block_ = false;
    return;
  }
  if (text.front() == ' ' || text.front() == '\t') {
    if (open_field_.size() < longest_value) (open_field_ += ' ') += read;
    return;
  }
  end_of_field();
  if (!std::exchange(in_block_, true)) return begin(read);
  open_field_ = read;
}

void reply_head::end_of_field() {
  const std::string whole = std::exchange(open_field_, {});
  const std::size_t colon = whole.find(':');
  const std::string_view all = whole;
  if (colon != std::string::npos) field(trimmed(all.substr(0, colon)), trimmed(all.substr(colon + 1)));
}

/** Content-Length: one number, or the same number several times (RFC 9110, 8.6). */
bool reply_head::same_length(std::string_view value) {
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    const std::string_view one = trimmed(value.substr(0, end));
    if (!length_.empty() && one != length_) return false;
    length_ = one;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return true;
}

void reply_head::begin(std::string_view status_line) {
  const std::size_t blank = std::min(status_line.find(' '), status_line.size());
  const std::string_view version = status_line.substr(0, blank);
  http_ = version.ends_with("/2") ? 20 : version.ends_with("1.1") ? 11 : 10;
  const std::string_view code = trimmed(status_line.substr(blank));
  status_ = 0;
  std::from_chars(code.data(), code.data() + code.size(), status_);
  if (status_ < 200) ++interim_;
  location_.clear();
  content_type_.clear();
  content_encoding_.clear();
  refresh_.clear();
  length_.clear();
  chunked_ = lengths_differ_ = locations_differ_ = false;
}

void reply_head::field(std::string_view name, std::string_view value) {
  const std::string_view kept = value.substr(0, longest_value);
  if (ascii::same_word(name, "location")) {
    if (!location_.empty() && location_ != kept) locations_differ_ = true;
    location_ = kept;
  } else if (ascii::same_word(name, "content-type")) {
    content_type_ = kept;
  } else if (ascii::same_word(name, "content-encoding")) {
    if (!content_encoding_.empty()) content_encoding_ += ',';
    content_encoding_ += kept;
    content_encoding_.resize(std::min(content_encoding_.size(), longest_value));
  } else if (ascii::same_word(name, "refresh")) {
    if (refresh_.empty()) refresh_ = kept;
  } else if (ascii::same_word(name, "content-length")) {
    if (!same_length(kept)) lengths_differ_ = true;
  } else if (ascii::same_word(name, "transfer-encoding")) {
    constexpr std::string_view chunked = "chunked";
    chunked_ = kept.size() >= chunked.size() && ascii::same_word(kept.substr(kept.size() - chunked.size()), chunked);
  }
}

reply_head::fault reply_head::wrong() const {
  if (bytes_ > longest) return fault::too_long;
  if (interim_ > most_interim) return fault::endless_interim;
  if (std::ranges::count(content_encoding_, ',') > 1) return fault::many_codings;
  if (whole_ && lengths_differ_ && !chunked_) return fault::lengths_differ;
  if (whole_ && locations_differ_) return fault::locations_differ;
  return fault::none;
}

bool known_codings(std::string_view content_encoding) {
  static constexpr std::array<std::string_view, 7> known{"gzip", "x-gzip", "deflate", "br", "zstd", "identity", "none"};
  while (!content_encoding.empty()) {
    const std::size_t end = std::min(content_encoding.find(','), content_encoding.size());
    const std::string_view one = trimmed(content_encoding.substr(0, end));
    if (!one.empty() && std::ranges::none_of(known, [&](std::string_view k) { return ascii::same_word(one, k); }))
      return false;
    content_encoding.remove_prefix(std::min(end + 1, content_encoding.size()));
  }
  return true;
}

}  // namespace changtong::wire
