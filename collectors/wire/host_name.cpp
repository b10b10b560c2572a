#include "collectors/wire/host_name.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <memory>

#include "daemon/core/ascii.h"

namespace changtong::wire {
namespace {

constexpr std::size_t longest = 253;

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; }

/** The rest of UTS 46 is for names that are not ASCII: names in use break its rules for hyphens. */
std::optional<std::string> from_unicode(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UIDNA, decltype(&::uidna_close)> rules(
      ::uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status),
      ::uidna_close);
  std::array<char, 512> out{};
  UIDNAInfo found = UIDNA_INFO_INITIALIZER;
  const auto length = ::uidna_nameToASCII_UTF8(rules.get(), utf8.data(), static_cast<std::int32_t>(utf8.size()),
                                               out.data(), static_cast<std::int32_t>(out.size()), &found, &status);
  if (U_FAILURE(status) || found.errors != 0) return std::nullopt;
  return std::string(out.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::optional<std::string> host_name(std::string_view utf8) {
  if (utf8.empty() || utf8.size() > 3 * longest) return std::nullopt;
  std::string name(utf8);
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    auto converted = from_unicode(utf8);
    if (!converted) return std::nullopt;
    name = std::move(*converted);
  }
  name = ascii::lower(name);
  if (name.empty() || name.size() > longest || !std::ranges::all_of(name, is_plain)) return std::nullopt;
  return name;
}

}  // namespace changtong::wire
