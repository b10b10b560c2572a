#include "daemon/core/packed_samples.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint64_t more = 32;  // of a digit's six bits: another one follows
constexpr std::size_t most_text = 256 * 1024;

/** Five bits a digit, the lowest first. */
void put(std::string& out, std::uint64_t number) {
  for (; number >= more; number >>= 5) out += digits[(number % more) | more];
  out += digits[number];
}

/** The number at the beginning, which is taken away; none: it is cut off, has a needless digit, or is beyond all. */
std::optional<std::uint64_t> take(std::string_view& from) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !from.empty() && shift <= 45; shift += 5) {
    const std::size_t digit = digits.find(from.front());
    from.remove_prefix(1);
    if (digit == std::string_view::npos) return std::nullopt;
    number |= (digit % more) << shift;
    if (digit < more) return digit == 0 && shift > 0 ? std::nullopt : std::optional(number);
  }
  return std::nullopt;
}

std::string word_of(const kept_sample& s) { return std::string(name_of(s.what)).append(":").append(name_of(s.why)); }

std::optional<kept_sample> meaning_of(std::string_view word) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  for (const outcome what : {outcome::bad, outcome::not_measured})
    if (word.substr(0, colon) == name_of(what))
      if (const auto why = cause_named(word.substr(colon + 1))) return kept_sample{.at = {}, .what = what, .why = *why};
  return std::nullopt;
}

/** What stands before the next `end`, which goes with it; all of it where there is none. */
std::string_view cut(std::string_view& from, char end) {
  const std::string_view part = from.substr(0, from.find(end));
  from.remove_prefix(std::min(from.size(), part.size() + 1));
  return part;
}

void put_stretch(std::string& out, std::string_view check, std::span<const kept_sample> samples) {
  std::vector<std::string> words;
  std::string numbers, list;
  wall_t before = samples.front().at;
  for (const kept_sample& s : samples) {
    put(numbers, static_cast<std::uint64_t>((s.at - before).count()));
    before = s.at;
    if (s.what == outcome::good) {
      put(numbers, std::uint64_t{2} * s.rtt);
      continue;
    }
    auto word = std::ranges::find(words, word_of(s));
    if (word == words.end()) {
      list.append(words.empty() ? "" : ",").append(word_of(s));
      word = words.insert(words.end(), word_of(s));
    }
    put(numbers, 2 * static_cast<std::uint64_t>(word - words.begin()) + 1);
  }
  if (!out.empty()) out += ';';
  out.append(check).append(" ").append(std::to_string(ms_of(samples.front().at)));
  out.append(" ").append(list).append(" ").append(numbers);
}

std::optional<std::vector<kept_sample>> words_in(std::string_view list) {
  std::vector<kept_sample> words;
  while (!list.empty()) {
    const auto word = meaning_of(cut(list, ','));
    if (!word || words.size() == 64) return std::nullopt;
    words.push_back(*word);
  }
  return words;
}

std::optional<kept_stretch> stretch_in(std::string_view section) {
  kept_stretch out{.check = std::string(cut(section, ' ')), .samples = {}};
  const std::string_view begin = cut(section, ' ');
  const auto words = words_in(cut(section, ' '));
  std::int64_t at = 0;
  const auto [end, error] = std::from_chars(begin.data(), begin.data() + begin.size(), at);
  if (out.check.empty() || error != std::errc{} || end != begin.data() + begin.size() || !words) return std::nullopt;
  // A step is at most 2^50: added to this, no sum is beyond an integer.
  if (at < 0 || at > most_packed_ms) return std::nullopt;
  while (!section.empty()) {
    const auto step = take(section), value = take(section);
    if (!step || !value || (at += static_cast<std::int64_t>(*step)) > most_packed_ms) return std::nullopt;
    const std::uint64_t which = *value / 2;
    if (*value % 2 == 1 ? which >= words->size() : which > 0xffffffff) return std::nullopt;
    kept_sample s{.at = {}, .what = outcome::good, .why = cause::none, .rtt = static_cast<std::uint32_t>(which)};
    if (*value % 2 == 1) s = (*words)[which];
    s.at = wall_from_ms(at);
    out.samples.push_back(s);
  }
  return out.samples.empty() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

std::string pack(std::span<const kept_stretch> stretches) {
  std::string out;
  for (const kept_stretch& one : stretches) {
    const std::span<const kept_sample> all(one.samples);
    for (std::size_t first = 0, next = 1; first < all.size(); ++next)
      if (next == all.size() || all[next].at < all[next - 1].at) {
        put_stretch(out, one.check, all.subspan(first, next - first));
        first = next;
      }
  }
  return out;
}

result<std::vector<kept_stretch>> unpack(std::string_view packed) {
  std::vector<kept_stretch> out;
  if (packed.size() > most_text) return said({"样本文本过长", "the samples' text is too long"});
  while (!packed.empty()) {
    auto one = stretch_in(cut(packed, ';'));
    if (!one) return said({"样本读不懂", "the samples cannot be read"});
    out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace changtong
