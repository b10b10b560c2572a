#include "daemon/settings/names.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "daemon/core/alert_settings.h"
#include "daemon/core/command.h"
#include "daemon/core/plain_text.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

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

/** Ideographs that differ only in how long a stroke is, whether it closes or by one dot, each with the one that stands
 * for all of them. TS 39 keeps them apart; the groups are those that Chinese primers teach side by side as 形近字. */
constexpr std::array<std::pair<char16_t, char16_t>, 17> drawn_alike{{{u'曰', u'日'},
                                                                     {u'已', u'己'},
                                                                     {u'巳', u'己'},
                                                                     {u'末', u'未'},
                                                                     {u'士', u'土'},
                                                                     {u'戌', u'戊'},
                                                                     {u'戍', u'戊'},
                                                                     {u'入', u'人'},
                                                                     {u'汩', u'汨'},
                                                                     {u'剌', u'刺'},
                                                                     {u'荼', u'茶'},
                                                                     {u'睛', u'晴'},
                                                                     {u'亳', u'毫'},
                                                                     {u'冼', u'洗'},
                                                                     {u'壸', u'壶'},
                                                                     {u'○', u'〇'},
                                                                     {u'◯', u'〇'}}};

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

std::optional<phrase> unfit_name(std::string_view name) {
  if (const auto odd = first_odd(name))
    return both("姓名的第 {} 个字符 U+{:04X} 有误（{}）：请删去", "character {} of the name is U+{:04X}, {}: delete it",
                odd->nth, static_cast<std::uint32_t>(odd->code),
                odd->what == oddity::unseen ? phrase{"不可见的字符", "which nobody sees"} : reading::told(odd->what));
  if (name.find("、") != std::string_view::npos)
    return both("姓名 {} 中有顿号：一项只写一人，账本以顿号分开接收人",
                "the name {} has an ideographic comma in it: write one person an entry, the books part receivers by it",
                reading::quote(name));
  if (std::ranges::find(told_roles, name) != told_roles.end())
    return both("姓名 {} 是告警步骤 tell 中的用词：请换一个",
                "the name {} is a word of the steps of alerts (tell): take another", name);
  const std::string_view own = reserved_name(name);
  if (own.empty()) return std::nullopt;
  if (name == own)
    return both("姓名 {} 为程序自用：记录将看不出是谁",
                "the name {} is the program's own: entries would not show a person", name);
  return both("姓名 {} 与程序自用的 {} 相似：请换一个",
              "the name {} looks like {}, which is the program's own: take another", reading::quote(name), own);
}

}  // namespace changtong
