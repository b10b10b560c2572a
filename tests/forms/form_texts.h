#pragma once
// The forms of tests/forms: rows of cells between bars (< merged with its left neighbour, ^ with the one above), or
// `like OTHER` and cells that differ; below --- what is wrong in it, by cell.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/reading/office_file.h"

namespace changtong::forms {

struct form_text {
  std::string name, tab;
  bool docx = false;
  std::vector<std::vector<std::string>> rows;
  std::map<std::string, std::string> wrong;  ///< cell -> what it should say (its beginning)
  std::vector<std::string> asks;
  int year = 0;
  std::string total;

  [[nodiscard]] reading::office_table table() const {
    reading::office_table t{.title = docx ? "" : tab, .hidden = false, .cells = {}};
    const auto cell = [&](std::size_t r, std::size_t c) { return c < rows[r].size() ? rows[r][c] : std::string(); };
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t c = 0; c < rows[r].size(); ++c) {
        const std::string& text = rows[r][c];
        if (text == "<" || text == "^" || (text.empty() && !docx)) continue;
        reading::office_cell made{.row = r, .column = c, .rows = 1, .columns = 1, .text = text};
        while (cell(r, c + made.columns) == "<") ++made.columns;
        while (r + made.rows < rows.size() && cell(r + made.rows, c) == "^") ++made.rows;
        t.cells.push_back(std::move(made));
      }
    return t;
  }
  /** F12 as messages have it. */
  [[nodiscard]] std::string place(const std::string& cell) const {
    if (!docx) return "「" + tab + "」" + cell;
    return "表1 第" + cell.substr(1) + "行第" + std::to_string(cell[0] - 'A' + 1) + "列";
  }
};

/** A sheet whose cells are all there, none merged. */
inline reading::office_table table_of(const std::vector<std::vector<std::string>>& rows,
                                      const std::string& title = "表") {
  reading::office_table t{.title = title, .hidden = false, .cells = {}};
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c)
      t.cells.push_back({.row = r, .column = c, .rows = 1, .columns = 1, .text = rows[r][c]});
  return t;
}

inline std::string trimmed(std::string s) {
  s.erase(0, std::min(s.find_first_not_of(' '), s.size()));
  s.erase(s.find_last_not_of(" \r") + 1);
  return s;
}

inline form_text read_form_text(const std::filesystem::path& file) {
  form_text f;
  std::ifstream in(file);
  bool below = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "---") {
      below = true;
    } else if (below) {
      std::istringstream words(line);
      std::string what, cell, rest;
      words >> what >> cell;
      std::getline(words, rest);
      if (what == "wrong") f.wrong[cell] = trimmed(rest);
      if (what == "ask") f.asks.push_back(cell);
      if (what == "year") f.year = std::stoi(cell);
      if (what == "total") f.total = cell;
    } else if (line.starts_with("like ")) {
      f = read_form_text(file.parent_path() / (line.substr(5) + ".txt"));
      f.wrong.clear();
      f.total.clear();
    } else if (line.starts_with("tab: ")) {
      f.tab = line.substr(5);
    } else if (line == "kind: docx") {
      f.docx = true;
    } else if (const auto mark = line.find(" :="); mark != std::string::npos && mark < 4) {
      const std::size_t column = static_cast<std::size_t>(line[0] - 'A');
      f.rows.at(std::stoul(line.substr(1, mark - 1)) - 1).at(column) = trimmed(line.substr(mark + 3));
    } else {
      std::vector<std::string> cells;
      for (std::size_t at = 0; at <= line.size();) {
        const std::size_t bar = std::min(line.find('|', at), line.size());
        cells.push_back(trimmed(line.substr(at, bar - at)));
        at = bar + 1;
      }
      f.rows.push_back(std::move(cells));
    }
  }
  f.name = file.stem();
  return f;
}

inline std::vector<form_text> form_texts(const std::string& folder) {
  std::vector<form_text> all;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(CHANGTONG_SOURCE_DIR "/tests/forms/") + folder))
    all.push_back(read_form_text(file.path()));
  std::ranges::sort(all, {}, &form_text::name);
  return all;
}

}  // namespace changtong::forms
