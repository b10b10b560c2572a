#include "daemon/settings/names.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>

#include <array>
#include <memory>
#include <utility>

#include "daemon/core/command.h"

namespace changtong {
namespace {

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString without_blanks(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    if (const UChar32 c = text.char32At(i);
        !u_isUWhiteSpace(c) && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
      out.append(c);
  return out;
}

/** Where ICU's tables are missing the text is compared as it is. */
icu::UnicodeString folded(const icu::UnicodeString& text) {
  UErrorCode failed = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(failed);
  if (U_FAILURE(failed)) return text;
  icu::UnicodeString out = fold->normalize(text, failed);
  return U_FAILURE(failed) ? text : out;
}

/** Ideographs that differ only in how long a stroke is or whether it closes, each with the one that stands for all of
 * them. TS 39 keeps them apart; the groups are those that Chinese primers teach side by side as 形近字. */
constexpr std::array<std::pair<char16_t, char16_t>, 8> drawn_alike{{{u'曰', u'日'},
                                                                    {u'已', u'己'},
                                                                    {u'巳', u'己'},
                                                                    {u'末', u'未'},
                                                                    {u'士', u'土'},
                                                                    {u'戌', u'戊'},
                                                                    {u'戍', u'戊'},
                                                                    {u'入', u'人'}}};

icu::UnicodeString one_drawing(icu::UnicodeString text) {
  for (int32_t i = 0; i < text.length(); ++i)
    for (const auto& [other, shown] : drawn_alike)
      if (text.charAt(i) == other) text.setCharAt(i, shown);
  return text;
}

std::string skeleton(const icu::UnicodeString& written) {
  const icu::UnicodeString text = one_drawing(written);
  static const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker = [] {
    UErrorCode failed = U_ZERO_ERROR;
    USpoofChecker* made = uspoof_open(&failed);
    return std::unique_ptr<USpoofChecker, decltype(&uspoof_close)>(U_FAILURE(failed) ? nullptr : made, &uspoof_close);
  }();
  UErrorCode failed = U_ZERO_ERROR;
  icu::UnicodeString out;
  if (checker != nullptr) uspoof_getSkeletonUnicodeString(checker.get(), 0, text, out, &failed);
  return utf8(checker == nullptr || U_FAILURE(failed) ? text : out);
}

}  // namespace

name_key key_of_name(std::string_view name) {
  const icu::UnicodeString seen =
      without_blanks(icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())}));
  const icu::UnicodeString fold = without_blanks(folded(seen));
  return {.folded = utf8(fold), .seen = skeleton(seen), .seen_folded = skeleton(fold)};
}

bool alike(const name_key& a, const name_key& b) {
  return a.folded == b.folded || a.seen == b.seen || a.seen_folded == b.seen_folded;
}

bool one_person(std::string_view a, std::string_view b) { return a == b || alike(key_of_name(a), key_of_name(b)); }

std::string_view reserved_name(std::string_view name) {
  // What the books write where no person stands behind an entry: authors, ways in, and the parts of `via`.
  constexpr std::array<std::string_view, 10> own{nobody, "automatic", "changtong", "config",          "SIGHUP",
                                                 "cli",  "file",      "shared",    "unauthenticated", via_file};
  const name_key key = key_of_name(name);
  for (const std::string_view one : own)
    if (alike(key, key_of_name(one))) return one;
  return {};
}

}  // namespace changtong
