#pragma once
/** XLSX and DOCX read back by libraries that did not write them: the parts of the ZIP, parsed as XML; the cells of a
 * sheet with their formulas, merges and print settings; and golden files. */
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace changtong::report::office {

/** Name -> bytes of every part. Strict: headers and directory must agree in every field. */
inline std::map<std::string, std::string> parts_of(const std::string& path, bool strict = true) {
  std::map<std::string, std::string> out;
  int error = 0;
  zip_t* z = zip_open(path.c_str(), ZIP_RDONLY | (strict ? ZIP_CHECKCONS : 0), &error);
  if (z == nullptr) {
    ADD_FAILURE() << path << " is no ZIP: " << error;
    return out;
  }
  for (zip_int64_t i = 0; i < zip_get_num_entries(z, 0); ++i) {
    zip_stat_t s;
    zip_stat_index(z, static_cast<zip_uint64_t>(i), 0, &s);
    std::string bytes(s.size, '\0');
    zip_file_t* f = zip_fopen_index(z, static_cast<zip_uint64_t>(i), 0);
    EXPECT_EQ(zip_fread(f, bytes.data(), s.size), static_cast<zip_int64_t>(s.size));
    zip_fclose(f);
    out[s.name] = std::move(bytes);
  }
  zip_close(z);
  return out;
}

inline void parse(pugi::xml_document& into, const std::string& text, const std::string& what) {
  const auto done = into.load_buffer(text.data(), text.size(), pugi::parse_full);
  EXPECT_TRUE(done) << what << ": " << done.description() << " at " << done.offset;
}

struct cell_view {
  std::string text, formula;
  bool number = false;
  pugi::xml_node style;  ///< xf
};

struct sheet_view {
  std::string name;
  std::map<std::string, cell_view> cells;     ///< by address; blank ones too
  std::map<std::string, std::string> merges;  ///< "A1" -> "A1:I1"
  std::map<std::string, std::string> page;    ///< of pageSetup, and fitToPage
  std::map<int, double> heights;              ///< row from 1
  std::string repeated, header;
  /** Its text; fails the test if there is no such cell. */
  [[nodiscard]] std::string at(const std::string& address) const {
    const auto c = cells.find(address);
    if (c != cells.end()) return c->second.text;
    ADD_FAILURE() << name << " has no cell " << address;
    return {};
  }
  /** Address of the first cell with this text, by rows. */
  [[nodiscard]] std::string where(const std::string& text) const {
    for (const auto& [row, height] : heights)
      for (char c = 'A'; c <= 'N'; ++c)
        if (const auto found = cells.find(fmt::format("{}{}", c, row));
            found != cells.end() && found->second.text == text)
          return found->first;
    return {};
  }
};

class workbook_view {
 public:
  explicit workbook_view(const std::string& path) : parts_(parts_of(path)) {
    for (const auto& [name, bytes] : parts_)
      if (name.ends_with(".xml") || name.ends_with(".rels")) parse(xml_[name], bytes, name);
    for (const auto& si : xml_["xl/sharedStrings.xml"].child("sst").children("si"))
      shared_.emplace_back(si.child("t").text().get());
    int number = 0;
    for (const auto& s : xml_["xl/workbook.xml"].child("workbook").child("sheets").children("sheet"))
      read(s.attribute("name").value(), ++number);
  }

  std::vector<sheet_view> sheets;

 private:
  void read(const std::string& name, int number) {
    sheet_view out;
    out.name = name;
    const auto root = xml_[fmt::format("xl/worksheets/sheet{}.xml", number)].child("worksheet");
    for (const auto& row : root.child("sheetData").children("row")) {
      out.heights[row.attribute("r").as_int()] = row.attribute("ht").as_double();
      for (const auto& c : row.children("c")) out.cells[c.attribute("r").value()] = read(c);
    }
    for (const auto& m : root.child("mergeCells").children("mergeCell")) {
      const std::string range = m.attribute("ref").value();
      out.merges[range.substr(0, range.find(':'))] = range;
    }
    for (const auto& a : root.child("pageSetup").attributes()) out.page[a.name()] = a.value();
    out.page["fitToPage"] = root.child("sheetPr").child("pageSetUpPr").attribute("fitToPage").value();
    out.header = root.child("headerFooter").child("oddHeader").text().get();
    for (const auto& d : xml_["xl/workbook.xml"].child("workbook").child("definedNames").children("definedName"))
      if (d.attribute("localSheetId").as_int() == number - 1) out.repeated = d.text().get();
    sheets.push_back(std::move(out));
  }

  cell_view read(const pugi::xml_node& c) {
    cell_view v;
    const std::string type = c.attribute("t").value();
    v.text = type == "s" ? shared_.at(c.child("v").text().as_uint()) : c.child("v").text().get();
    v.formula = c.child("f").text().get();
    v.number = type.empty() && !v.text.empty();
    if (v.number) v.text = fmt::format("{:.15g}", std::stod(v.text));  // as spreadsheets show it
    auto xf = xml_["xl/styles.xml"].child("styleSheet").child("cellXfs").first_child();
    for (unsigned n = c.attribute("s").as_uint(); n > 0; --n) xf = xf.next_sibling();
    v.style = xf;
    return v;
  }

  std::map<std::string, std::string> parts_;
  std::map<std::string, pugi::xml_document> xml_;
  std::vector<std::string> shared_;
};

/** A sheet as text: one line a cell that says something, in order of rows. */
inline std::string structure_of(const sheet_view& s) {
  std::string out = fmt::format("sheet {}\n", s.name);
  for (const auto& [key, value] : s.page) out += fmt::format("page {} {}\n", key, value);
  if (!s.repeated.empty()) out += fmt::format("repeated {}\n", s.repeated);
  for (const auto& [row, height] : s.heights)
    for (char column = 'A'; column <= 'N'; ++column) {
      const std::string address = fmt::format("{}{}", column, row);
      const auto c = s.cells.find(address);
      if (c == s.cells.end() || (c->second.text.empty() && !s.merges.contains(address))) continue;
      std::string text = c->second.text;
      for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n')) text.replace(at, 1, "⏎");
      out += fmt::format("{} {}{}{}\n", s.merges.contains(address) ? s.merges.at(address) : address, text,
                         c->second.number ? " #" : "", c->second.formula.empty() ? "" : " =" + c->second.formula);
    }
  return out;
}

/** Compares with tests/report/golden/NAME; what was made is left in BUILD/golden/NAME, to look at and to take over. */
inline void expect_golden(const std::string& name, const std::string& text) {
  namespace fs = std::filesystem;
  const fs::path made = fs::path(CHANGTONG_BINARY_DIR) / "golden" / name;
  fs::create_directories(made.parent_path());
  std::ofstream(made, std::ios::binary) << text;
  std::ifstream in(fs::path(CHANGTONG_SOURCE_DIR) / "tests/report/golden" / name, std::ios::binary);
  std::istringstream is(text);
  for (std::string expected, got; std::getline(in, expected) || std::getline(is, got); expected.clear(), got.clear()) {
    if (got.empty()) std::getline(is, got);
    ASSERT_EQ(got, expected) << name << "; the whole is in " << made;
  }
}

}  // namespace changtong::report::office
