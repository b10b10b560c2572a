#include "daemon/core/html.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(HtmlText, WhatCouldEndATextOrAnAttributeIsAReference) {
  EXPECT_EQ(html_text(R"(<a href="x" title='y'>&amp;)"), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;");
}

TEST(HtmlText, ChineseTextStaysAsItIs) { EXPECT_EQ(html_text("龙河镇 100 %"), "龙河镇 100 %"); }

}  // namespace
}  // namespace changtong
