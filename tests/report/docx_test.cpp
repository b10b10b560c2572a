// report.docx as pandoc made it, and what becomes of a pandoc that is missing, slow or refuses.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/report/embedded.h"
#include "daemon/report/evaluation_files.h"
#include "daemon/report/pandoc.h"
#include "daemon/report/written_report.h"
#include "tests/report/office_file.h"
#include "tests/report/sample_evaluation.h"

namespace changtong::report {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

struct folder {
  fs::path path;
  folder() {
    std::string name = (fs::temp_directory_path() / "changtong-docx-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() { fs::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  [[nodiscard]] auto files() const { return std::distance(fs::directory_iterator(path), {}); }
};

/** The search path of programs, until the end of the block. */
class search_path {
 public:
  explicit search_path(const std::string& path) : before_(std::getenv("PATH")) { ::setenv("PATH", path.c_str(), 1); }
  ~search_path() { ::setenv("PATH", before_.c_str(), 1); }
  search_path(const search_path&) = delete;
  search_path& operator=(const search_path&) = delete;

 private:
  std::string before_;
};

/** A program called pandoc that does `script`. */
void put_pandoc(const folder& f, const std::string& script) {
  const fs::path program = f.path / "pandoc";
  std::ofstream(program) << "#!/bin/sh\n" << script << '\n';
  fs::permissions(program, fs::perms::owner_all);
}

class Docx : public testing::Test {
 protected:
  void SetUp() override {
    const auto done = write_report_docx(sample::whole_year(), here_.path / "report.docx");
    ASSERT_TRUE(done) << done.error().text;
    ASSERT_EQ(here_.files(), 1) << "no temporary file stays";
    parts_ = office::parts_of(here_.path / "report.docx");
    for (const auto& [name, bytes] : parts_)
      if (name.ends_with(".xml") || name.ends_with(".rels")) office::parse(xml_[name], bytes, name);
  }
  [[nodiscard]] pugi::xpath_node_set all(const char* query) { return xml_["word/document.xml"].select_nodes(query); }

  folder here_;
  std::map<std::string, std::string> parts_;
  std::map<std::string, pugi::xml_document> xml_;
};

TEST_F(Docx, HasBordersAroundEveryCellOfEveryTable) {
  const auto tables = all("//w:tbl");
  EXPECT_EQ(tables.size(), 7U);
  for (const auto& t : tables)
    EXPECT_STREQ(t.node().child("w:tblPr").child("w:tblStyle").attribute("w:val").value(), "Table");
  const auto borders = xml_["word/styles.xml"].select_node("//w:style[@w:styleId='Table']//w:tblBorders").node();
  for (const char* edge : {"w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"})
    EXPECT_STREQ(borders.child(edge).attribute("w:val").value(), "single") << edge;
}

TEST_F(Docx, HasTheFontsOfOfficialDocuments) {
  const auto font = [&](const char* style) {
    return std::string(xml_["word/styles.xml"]
                           .select_node(fmt::format("//w:style[@w:styleId='{}']//w:rFonts", style).c_str())
                           .node()
                           .attribute("w:eastAsia")
                           .value());
  };
  EXPECT_EQ(font("Title"), "方正小标宋简体");
  EXPECT_EQ(font("Heading1"), "黑体");
  EXPECT_EQ(font("Heading2"), "楷体_GB2312");
  EXPECT_EQ(font("BodyText"), "仿宋_GB2312");
  EXPECT_THAT(parts_["word/fontTable.xml"], HasSubstr("w:altName")) << "what machines have instead";
}

TEST_F(Docx, EveryStyleThatItUsesIsDefined) {
  std::set<std::string> defined;
  for (const auto& s : xml_["word/styles.xml"].select_nodes("//w:style"))
    defined.insert(s.node().attribute("w:styleId").value());
  const auto used = all("//w:pStyle|//w:rStyle|//w:tblStyle");
  EXPECT_GT(used.size(), 100U);
  for (const auto& u : used)
    EXPECT_TRUE(defined.contains(u.node().attribute("w:val").value())) << u.node().attribute("w:val").value();
}

TEST_F(Docx, IsA4WithTheMarginsAndThePageNumberOfOfficialDocuments) {
  const auto section = all("//w:sectPr").first().node();
  EXPECT_EQ(section.child("w:pgSz").attribute("w:w").as_int(), 11906);
  const auto margin = section.child("w:pgMar");
  const auto millimetres = [&](const char* edge) { return margin.attribute(edge).as_double() * 25.4 / 1440; };
  EXPECT_NEAR(millimetres("w:top"), 37, 0.1);
  EXPECT_NEAR(millimetres("w:bottom"), 35, 0.1);
  EXPECT_NEAR(millimetres("w:left"), 28, 0.1);
  EXPECT_NEAR(millimetres("w:right"), 26, 0.1);
  EXPECT_THAT(parts_["word/footer1.xml"], HasSubstr("PAGE"));
  EXPECT_FALSE(section.child("w:footerReference").empty());
}

TEST_F(Docx, SaysWhatThePageSays) {
  std::string text;
  for (const auto& p : all("//w:p")) {
    text += p.node().child("w:pPr").child("w:pStyle").attribute("w:val").value();
    text += ' ';
    for (const auto& t : p.node().select_nodes(".//w:t")) text += t.node().text().get();
    text += '\n';
  }
  EXPECT_THAT(text, HasSubstr("Title 2026年度信息化项目建设项目绩效自评报告\n"));
  EXPECT_THAT(text, HasSubstr("Heading1 三、综合评价情况及评价结论\n"));
  EXPECT_THAT(text, HasSubstr("Heading2 （一）项目概况\n"));
  EXPECT_THAT(text, HasSubstr("自评总分98.06分，等级为优。\n"));
  EXPECT_THAT(text, HasSubstr("TableCaption 图3　逐日中断情况"));
  EXPECT_EQ(all("//w:vMerge[@w:val='restart']").size(), 9U) << "levels of more than one indicator are merged";
}

TEST_F(Docx, ItsCalendarHasOneMarkADay) {
  std::size_t marks = 0;
  for (const auto& r : all("//w:tc//w:r[w:rPr/w:rStyle]"))
    if (std::string(r.node().child("w:t").text().get()) == "■") ++marks;
  EXPECT_EQ(marks, 365U);
}

TEST(DocxDraft, ShowsHostileTextAsTextAndThatItIsADraft) {
  auto e = sample::draft();
  e.indicators[1].level3 = "</w:t><w:br/>$x$ <img src=\"file:///etc/passwd\"/> \\input{x} \x02";
  e.chapters[1].paragraphs = {"<a href=\"http://192.0.2.1/\">x</a>"};
  const folder f;
  ASSERT_TRUE(write_report_docx(e, f.path / "r.docx"));
  auto parts = office::parts_of(f.path / "r.docx");
  pugi::xml_document xml;
  office::parse(xml, parts["word/document.xml"], "document");
  EXPECT_THAT(parts["word/document.xml"], HasSubstr("草稿　不得报送"));
  EXPECT_THAT(parts["word/document.xml"], HasSubstr("&lt;img src"));
  EXPECT_THAT(parts["word/_rels/document.xml.rels"], Not(HasSubstr("192.0.2.1"))) << "no link";
  for (const auto& [name, bytes] : parts) EXPECT_THAT(name, Not(HasSubstr("media"))) << "no picture";
}

TEST(Pandoc, ThatIsNotInstalledIsNamedWithItsPackage) {
  const folder f, empty;
  const search_path nowhere(empty.path);
  const auto done = write_report_docx(sample::whole_year(), f.path / "r.docx");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("apt-get install pandoc"));
  EXPECT_EQ(f.files(), 0) << "nothing is left behind";
}

TEST(EvaluationFiles, AreAllThereOrTheOthersAreWrittenAllTheSame) {
  const folder f, g, empty;
  const auto all = write_evaluation_files(sample::draft(), f.path);
  EXPECT_THAT(all.written, testing::ElementsAre("form.xlsx", "report.html", "report.docx"));
  EXPECT_TRUE(all.problems.empty());
  EXPECT_EQ(f.files(), 3);
  const search_path nowhere(empty.path);
  const auto without = write_evaluation_files(sample::draft(), g.path);
  EXPECT_THAT(without.written, testing::ElementsAre("form.xlsx", "report.html"));
  ASSERT_EQ(without.problems.size(), 1U);
  EXPECT_THAT(without.problems[0].text, HasSubstr("report.docx"));
  EXPECT_EQ(g.files(), 2);
}

TEST(Pandoc, ThatHangsIsKilledAtTheEndOfPatience) {
  const folder f, programs;
  put_pandoc(programs, "exec sleep 600");
  const search_path first(programs.path.string() + ":/usr/bin:/bin");
  const auto done = write_report_docx(sample::whole_year(), f.path / "r.docx", std::chrono::milliseconds{50});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("没有完成，已终止"));
  EXPECT_EQ(f.files(), 0);
}

TEST(Pandoc, ThatRefusesIsQuoted) {
  const folder f, programs;
  put_pandoc(programs, "echo 'out of paper' >&2; exit 7");
  const search_path first(programs.path.string() + ":/usr/bin:/bin");
  const auto done = write_report_docx(sample::whole_year(), f.path / "r.docx");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("（7）：out of paper"));
  EXPECT_EQ(f.files(), 0);
}

TEST(Pandoc, ThatWritesNothingOrDiesGivesNoFile) {
  const folder f, programs;
  const search_path first(programs.path.string() + ":/usr/bin:/bin");
  put_pandoc(programs, "exit 0");
  EXPECT_FALSE(write_report_docx(sample::whole_year(), f.path / "r.docx"));
  put_pandoc(programs, "kill -9 $$");
  const auto died = write_report_docx(sample::whole_year(), f.path / "r.docx");
  ASSERT_FALSE(died);
  EXPECT_THAT(died.error().text, HasSubstr("被信号终止"));
  EXPECT_EQ(f.files(), 0);
}

TEST(Pandoc, GetsAPrivateInputBoundsOfMemoryAndNothingOfOurEnvironment) {
  const folder f, programs;
  ::setenv("CHANGTONG_TEST_SECRET", "s3cret", 1);
  put_pandoc(programs,
             "while [ \"$(ulimit -d)\" = unlimited ]; do :; done\n"
             "{ stat -c '%a' \"$HOME\" \"$HOME/report.html\"; ulimit -d; env; ls /proc/self/fd | wc -l; } >&2\n"
             "exit 3");
  const search_path first(programs.path.string() + ":/usr/bin:/bin");
  const auto done = write_report_docx(sample::whole_year(), f.path / "r.docx");
  ::unsetenv("CHANGTONG_TEST_SECRET");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("700 600 1048576 "));
  EXPECT_THAT(done.error().text, Not(HasSubstr("s3cret")));
}

TEST(Pandoc, WithNowhereToWriteSaysWhatToDo) {
  const auto done = write_report_docx(sample::whole_year(), "/nowhere/r.docx");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("检查目录"));
}

TEST(Reference, HasEveryPartThatItsSourcesHave) {
  const folder f;
  std::ofstream(f.path / "reference.docx", std::ios::binary) << reference_docx();
  const auto parts = office::parts_of(f.path / "reference.docx", false);
  const fs::path sources = fs::path(CHANGTONG_SOURCE_DIR) / "daemon/report/reference";
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(sources))
    if (entry.is_regular_file()) {
      ++files;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      const std::string name = fs::relative(entry.path(), sources).generic_string();
      ASSERT_TRUE(parts.contains(name)) << name << " is not packed; add it to the list in CMakeLists.txt";
      EXPECT_EQ(parts.at(name), bytes) << name;
    }
  EXPECT_EQ(parts.size(), files);
}

}  // namespace
}  // namespace changtong::report
