#pragma once
/** Text as a gzip file and back (zlib's), in this one place. Level 1: metrics and entries of a journal shrink to a
 * fifth or a tenth by it, and more would cost more time than it saves. Any thread. Throws std::runtime_error where zlib
 * has no memory. */
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace changtong::host {

/** Piece by piece: `plain` as web_response::stream has it. Pieces are never empty (an empty one would end the answer).
 * Where zlib has no memory the answer breaks off. */
[[nodiscard]] std::function<bool(std::string&)> gzipped(std::function<bool(std::string&)> plain);

[[nodiscard]] std::string gzipped(std::string_view text);
/** Whether these bytes call themselves a gzip file, which begins as no UTF-8 text does. */
[[nodiscard]] bool is_gzip(std::string_view bytes);
/** The text in one whole gzip file and nothing after it; none where it is damaged, cut, or more than `most` bytes: no
 * more than that is ever in memory. */
[[nodiscard]] std::optional<std::string> plain_of_gzip(std::string_view bytes, std::size_t most);

}  // namespace changtong::host
