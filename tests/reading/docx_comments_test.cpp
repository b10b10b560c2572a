#include "daemon/reading/docx_comments.h"

#include <gtest/gtest.h>

#include "daemon/reading/office_file.h"
#include "daemon/reading/office_package.h"
#include "tests/reading/packed.h"

namespace changtong::reading {
namespace {

const std::string words_of_word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const std::string types =
    R"(<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>)";

std::string run(const std::string& text) { return "<w:r><w:t>" + text + "</w:t></w:r>"; }
std::string paragraph(const std::string& runs) {
  return "<w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr>" + runs + "</w:p>";
}

std::string docx(const std::string& body, std::vector<std::pair<std::string, std::string>> more = {}) {
  more.emplace_back("word/document.xml",
                    "<w:document xmlns:w=\"" + words_of_word + "\"><w:body>" + body + "</w:body></w:document>");
  more.emplace_back("[Content_Types].xml", types);
  more.emplace_back("word/styles.xml", "<w:styles/>");
  return test::packed<>(more);
}

std::string part(const std::string& bytes, const std::string& name) {
  auto parts = office_package::over(bytes);
  if (!parts) return "damaged";
  const auto text = parts->part(name);
  return text ? *text : text.error().text;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(DocxComments, StandBesideTheRunsThatHoldTheQuote) {
  const std::string was = docx(paragraph(run("甲")) + paragraph(run("全年支出") + run("919.94") + run("万元。")));
  const auto made = with_comments(was, {{2, "919.94", "一 < 二"}}, "changtong");
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->placed, 1U);
  EXPECT_NE(part(made->bytes, "word/document.xml")
                .find("全年支出</w:t></w:r><w:commentRangeStart w:id=\"0\"/><w:r><w:t>919.94</w:t></w:r>"
                      "<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r><w:r><w:t>万元"),
            std::string::npos)
      << part(made->bytes, "word/document.xml");
  const std::string comments = part(made->bytes, "word/comments.xml");
  EXPECT_NE(comments.find("xmlns:w=\"" + words_of_word), std::string::npos);
  EXPECT_NE(comments.find("w:author=\"changtong\""), std::string::npos);
  EXPECT_NE(comments.find("一 &lt; 二"), std::string::npos) << comments;
  EXPECT_NE(part(made->bytes, "word/_rels/document.xml.rels").find("Target=\"comments.xml\""), std::string::npos);
  EXPECT_NE(part(made->bytes, "[Content_Types].xml").find("PartName=\"/word/comments.xml\""), std::string::npos);
  EXPECT_EQ(part(made->bytes, "word/styles.xml"), "<w:styles/>");
}

TEST(DocxComments, ChangeNothingOfWhatTheDocumentSays) {
  const std::string cell = "<w:tc>" + paragraph(run("甲")) + paragraph(run("乙 ")) + "</w:tc>";
  const std::string was = docx(paragraph("<w:hyperlink>" + run("链接") + "</w:hyperlink>" + run(" 尾&amp; ")) +
                               "<w:tbl><w:tr>" + cell + cell + "</w:tr></w:tbl>" + paragraph(run("末")));
  const auto before = office_text(was);
  const auto made = with_comments(was, {{1, "链接", "a"}, {2, "", "b"}, {2, "乙", "c"}, {3, "末", "d"}}, "changtong");
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->placed, 4U);
  EXPECT_EQ(*office_text(made->bytes), *before);
  const std::string body = part(made->bytes, "word/document.xml");
  EXPECT_NE(body.find("<w:commentRangeStart w:id=\"0\"/><w:hyperlink>"), std::string::npos) << body;
  for (const char* id : {"0", "1", "2", "3"}) EXPECT_EQ(count(body, std::string("w:id=\"") + id + "\""), 3U) << body;
}

TEST(DocxComments, JoinThoseThatAreThere) {
  const std::string rels =
      R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="notes.xml"/></Relationships>)";
  const std::string was =
      docx(paragraph(run("甲")), {{"word/_rels/document.xml.rels", rels},
                                  {"word/notes.xml", "<w:comments xmlns:w=\"" + words_of_word +
                                                         "\"><w:comment w:id=\"4\"><w:p/></w:comment></w:comments>"}});
  const auto made = with_comments(was, {{1, "甲", "新"}}, "changtong");
  ASSERT_TRUE(made);
  EXPECT_EQ(part(made->bytes, "word/_rels/document.xml.rels"), rels);
  const std::string comments = part(made->bytes, "word/notes.xml");
  EXPECT_NE(comments.find("w:id=\"4\""), std::string::npos);
  EXPECT_NE(comments.find("w:id=\"5\""), std::string::npos) << comments;
}

std::string relation(const std::string& id, const std::string& target) {
  return "<Relationship Id=\"" + id +
         "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"" + target +
         "\"/>";
}
std::string relations(const std::string& all) {
  return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + all +
         "</Relationships>";
}
std::string comment(const std::string& id) { return "<w:comment w:id=\"" + id + "\"><w:p/></w:comment>"; }
std::string comments(const std::string& all) { return "<w:comments xmlns:w=\"w\">" + all + "</w:comments>"; }

TEST(DocxComments, NumbersThatNobodyGivesStandInNobodysWay) {
  const auto numbered = [](const std::string& all, const std::string& body) {
    const auto made = with_comments(
        docx(body + paragraph(run("甲")), {{"word/_rels/document.xml.rels", relations(relation("r1", "comments.xml"))},
                                           {"word/comments.xml", comments(all)}}),
        {{1, "甲", "新"}}, "changtong");
    return made ? part(made->bytes, "word/comments.xml") : made.error().text;
  };
  EXPECT_EQ(count(numbered(comment("2147483647") + comment("0"), ""), "w:id=\"1\""), 1U) << "none is beyond the last";
  for (const char* odd : {"99999999999999999999", "-7", "x", ""})
    EXPECT_EQ(count(numbered(comment(odd), ""), "w:id=\"0\""), 1U) << odd;
}

TEST(DocxComments, AMarkWhoseCommentIsGoneGetsNoOther) {
  const auto made =
      with_comments(docx(paragraph("<w:commentRangeStart w:id=\"0\"/>" + run("甲"))), {{1, "甲", "新"}}, "changtong");
  ASSERT_TRUE(made);
  EXPECT_EQ(count(part(made->bytes, "word/comments.xml"), "w:id=\"1\""), 1U);
}

TEST(DocxComments, APartThatNothingLeadsToStays) {
  const auto made = with_comments(docx(paragraph(run("甲")), {{"word/comments.xml", comments(comment("3"))}}),
                                  {{1, "甲", "新"}}, "changtong");
  ASSERT_TRUE(made);
  EXPECT_EQ(part(made->bytes, "word/comments.xml"), comments(comment("3")));
  EXPECT_NE(part(made->bytes, "word/comments1.xml").find("新"), std::string::npos);
  EXPECT_NE(part(made->bytes, "word/_rels/document.xml.rels").find("Target=\"comments1.xml\""), std::string::npos);
  EXPECT_NE(part(made->bytes, "[Content_Types].xml").find("PartName=\"/word/comments1.xml\""), std::string::npos);
}

TEST(DocxComments, AreRefusedWhereTheDocumentsOwnAreOdd) {
  const auto with = [](const std::string& all, std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("word/_rels/document.xml.rels", relations(all));
    return with_comments(docx(paragraph(run("甲")), std::move(more)), {{1, "甲", "新"}}, "changtong");
  };
  const std::string usual = relation("r1", "comments.xml");
  EXPECT_TRUE(with(usual, {{"word/comments.xml", comments("")}}));
  EXPECT_FALSE(with(usual, {})) << "it leads nowhere";
  EXPECT_FALSE(
      with(usual + relation("r2", "more.xml"), {{"word/comments.xml", comments("")}, {"word/more.xml", comments("")}}));
  EXPECT_FALSE(with(relation("r1", "/word/document.xml"), {})) << "the document itself would be replaced";
  EXPECT_FALSE(with(relation("r1", ""), {}));
  EXPECT_FALSE(with(usual, {{"word/comments.xml", "<w:other/>"}}));
}

/** Word holds no comment inside a text box: it stands beside the paragraph's own child. */
TEST(DocxComments, StandOutsideTextBoxes) {
  const std::string box = "<w:r><w:pict><w:txbxContent>" + paragraph(run("框内")) + "</w:txbxContent></w:pict></w:r>";
  const auto made = with_comments(docx(paragraph(box)), {{1, "框内", "a"}}, "changtong");
  ASSERT_TRUE(made);
  EXPECT_NE(part(made->bytes, "word/document.xml").find("<w:commentRangeStart w:id=\"0\"/><w:r><w:pict>"),
            std::string::npos);
}

TEST(DocxComments, LeaveOutWhatHasNoWords) {
  const auto made = with_comments(docx(paragraph("") + paragraph(run("甲"))), {{1, "甲", "a"}, {9, "甲", "b"}}, "c");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->placed, 0U);
}

TEST(DocxComments, AreRefusedForWhatIsNoDocument) {
  EXPECT_FALSE(with_comments("PK\x03\x04 none", {}, "c"));
  EXPECT_FALSE(with_comments(test::packed<>({{"a.txt", "x"}}), {}, "c"));
  EXPECT_FALSE(with_comments(test::packed<>({{"word/document.xml", "<w:document"}}), {}, "c"));
  EXPECT_FALSE(with_comments(docx(""), std::vector<line_comment>(most_comments + 1), "c"));
}

}  // namespace
}  // namespace changtong::reading
