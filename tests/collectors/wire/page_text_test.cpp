#include "collectors/wire/page_text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "daemon/core/utf8.h"

namespace changtong::wire {
namespace {

// 数据库 in GBK, in UTF-16 and in Big5 (資料庫), as other programs write them.
const std::string gbk = "\xca\xfd\xbe\xdd\xbf\xe2";
const std::string utf16le("\x70\x65\x6e\x63\x93\x5e", 6);
const std::string utf16be("\x65\x70\x63\x6e\x5e\x93", 6);

TEST(PageText, TheHeadersCharsetIsTaken) {
  for (const char* type : {"text/html; charset=GBK", "text/html;charset=\"gb2312\"", "text/html; Charset = GB18030",
                           "text/html; charset='gbk'; x=1", "text/html; charset=x-gbk"})
    EXPECT_EQ(page_text(gbk, type), "数据库") << type;
  EXPECT_EQ(page_text("\xb8\xea\xae\xc6\xae\x77", "text/html; charset=big5"), "資料庫");
  EXPECT_EQ(page_text(utf16le, "text/html; charset=utf-16"), "数据库");
  EXPECT_EQ(page_text("caf\xe9", "text/html; charset=ISO-8859-1"), "café");
}

TEST(PageText, Gb2312MeansGb18030) {
  EXPECT_EQ(page_text("\x81\x30\x84\x36", "text/html; charset=gb2312"),
            page_text("\x81\x30\x84\x36", "; charset=gb18030"));
  EXPECT_EQ(page_text("\xe9\x46", "; charset=gb2312"), "镕") << "is in GBK, not in GB 2312";
}

TEST(PageText, AByteOrderMarkOutweighsAllElse) {
  EXPECT_EQ(page_text("\xff\xfe" + utf16le, "text/html; charset=gbk"), "数据库");
  EXPECT_EQ(page_text("\xfe\xff" + utf16be, ""), "数据库");
  EXPECT_EQ(page_text("\xef\xbb\xbf数据库", "text/html; charset=gbk"), "数据库");
}

TEST(PageText, ThePagesOwnWordCountsWhereTheHeaderHasNone) {
  for (const char* meta : {"<meta charset=gbk>", "<META CHARSET='GB2312' />", "<meta name=x>\n<meta charset=\"gbk\">",
                           "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">",
                           "<meta content='text/html;charset=GBK' http-equiv=content-type>"})
    EXPECT_EQ(page_encoding(std::string("<html><head>") + meta + gbk, "text/html"), "gb18030") << meta;
  EXPECT_EQ(page_encoding("<!-- <meta charset=big5> --><meta charset=gbk>", ""), "gb18030");
  EXPECT_EQ(page_encoding("<meta charset=gbk>", "text/html; charset=utf-8"), "UTF-8") << "the header comes first";
  EXPECT_EQ(page_encoding("<meta charset=gbk>", "text/html; charset=nonsense"), "gb18030");
  EXPECT_EQ(page_encoding("<meta charset=utf-16>", ""), "UTF-8") << "it could not have been read";
}

TEST(PageText, WithoutAnyWordItIsUtf8IfItCanBeAndElseGb18030) {
  EXPECT_EQ(page_text("数据库", ""), "数据库");
  EXPECT_EQ(page_text(gbk, "text/html"), "数据库");
}

TEST(PageText, ReferencesAreWhatTheyStandFor) {
  EXPECT_EQ(without_references("&#25968;&#x636E;&#X5e93; &lt;&amp;&gt;&nbsp;&quot;"), "数据库 <&> \"");
  EXPECT_EQ(without_references("&#25968 &unknown; & &#; &#x; &#xffffffffff;"),
            "数 &unknown; & &#; &#x; &#xffffffffff;");
  EXPECT_EQ(without_references("&#0;&#xd800;&#x110000;"), "���");
}

TEST(PageText, ARefreshAtOnceLeadsOn) {
  const auto to = [](const std::string& content) {
    return refresh_target("<html><META http-equiv='Refresh' content=\"" + content + "\">").value_or("-");
  };
  EXPECT_EQ(to("0;url=/ok"), "/ok");
  EXPECT_EQ(to(" 3 ; URL = 'https://x/?a=1&amp;b=2'"), "https://x/?a=1&b=2");
  EXPECT_EQ(to("0,index.htm"), "index.htm");
  EXPECT_EQ(to("5"), "-");
  EXPECT_EQ(to("300;url=/ok"), "-") << "a reader stays on this page";
  EXPECT_EQ(refresh_target("<noscript><meta http-equiv=refresh content='0;url=/no'></noscript>"), std::nullopt);
  EXPECT_EQ(refresh_target("<!-- <meta http-equiv=refresh content='0;url=/no'> -->"), std::nullopt);
  EXPECT_EQ(refresh_target("<script>'<meta http-equiv=refresh content=\"0;url=/no\">'</script>"), std::nullopt);
}

TEST(PageText, HeaderThatLeadsOnHasNoReferences) {
  EXPECT_EQ(refresh_in("0; url=/x?a=1&amp;b=2"), "/x?a=1&amp;b=2");
  EXPECT_EQ(refresh_in(""), std::nullopt);
  EXPECT_EQ(refresh_in("; url=/x"), std::nullopt);
}

TEST(PageText, AnyBytesBecomeValidUtf8) {
  rc::check([](const std::string& bytes, const std::string& type) {
    for (const std::string& declared : {type, std::string("; charset=gbk"), std::string("; charset=utf-16")}) {
      std::string text = page_text(bytes, declared);
      RC_ASSERT(text.size() <= bytes.size() * 3 + 16);
      std::string_view rest = text;
      while (!rest.empty()) {
        const std::size_t n = utf8_length(rest);
        RC_ASSERT(n > 0 || rest.size() < 4);
        rest.remove_prefix(std::max<std::size_t>(n, 1));
      }
      static_cast<void>(refresh_target(without_references(text)));
      static_cast<void>(refresh_in(bytes));
    }
  });
}

}  // namespace
}  // namespace changtong::wire
