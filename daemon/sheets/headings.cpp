#include "daemon/sheets/headings.h"

#include <algorithm>

#include "daemon/core/ascii.h"
#include "daemon/reading/days.h"
#include "daemon/reading/words.h"
#include "daemon/sheets/cell_address.h"

namespace changtong::sheets {
namespace {

using column = line_columns::column;

constexpr std::size_t rows_looked_at = 60;

std::string on_one_line(std::string_view text) {
  std::string out(reading::trim(text));
  std::erase_if(out, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
  return out;
}

/** 带宽（G） counts in Gbit/s. */
double factor_of(std::string_view heading) {
  const std::string unit = ascii::lower(in_parentheses(heading));
  if (unit.find('g') != std::string::npos || unit.find("千兆") != std::string::npos) return 1000;
  if (unit.starts_with('k')) return 0.001;
  return 1;
}

/** Gives each column of a row of headings its meaning: those with the names of lines.csv first, then those that have
 * one meaning, then those that take what is left. */
class assignment {
 public:
  assignment(const grid_row& row, const word_list& words) : words_(words) {
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      if (std::string text = on_one_line(row.cells[i].text); !text.empty()) open_.push_back({i, std::move(text)});
  }

  headings made() {
    own_names();
    by_words([](const word_list::entry& e) { return e.confirmed; });
    by_words([](const word_list::entry& e) { return e.meanings.size() == 1; });
    by_words([](const word_list::entry&) { return true; });
    running_numbers();
    for (const candidate& c : open_) {
      const auto* known = words_.find(c.text);
      const bool twice =
          line_columns::named(bare_word(c.text)) || (known != nullptr && line_columns::named(known->meanings[0]));
      out_.unread.push_back({c.place, c.text,
                             twice ? phrase{"已另有一列是这个意思", "another column means the same"}
                                   : phrase{"清单里没有这一项", "the inventory has no such column"}});
    }
    return std::move(out_);
  }

 private:
  struct candidate {
    std::size_t place;
    std::string text;
  };

  bool take(const candidate& c, column which) {
    if (out_.columns[which]) return false;
    out_.columns[which] = {
        .place = c.place, .heading = c.text, .factor = which == column::bandwidth ? factor_of(c.text) : 1};
    return true;
  }

  void own_names() {
    std::erase_if(open_, [this](const candidate& c) {
      const auto own = line_columns::named(bare_word(c.text));
      return own && take(c, *own);
    });
  }

  template <class Which>
  void by_words(Which which) {
    std::erase_if(open_, [&](const candidate& c) {
      const auto* known = words_.find(c.text);
      if (known == nullptr || !which(*known)) return false;
      for (const std::string& m : known->meanings) {
        if (m == "status" && !out_.status) {
          out_.status = {.place = c.place, .heading = c.text};
          return true;
        }
        const auto named = line_columns::named(m);
        if (!named || !take(c, *named)) continue;
        if (!known->confirmed) out_.by_other_words.emplace_back(c.text, *named);
        return true;
      }
      return false;
    });
  }

  void running_numbers() {
    std::erase_if(open_, [this](const candidate& c) {
      const auto* known = words_.find(c.text);
      if (known == nullptr || known->meanings[0] != "number" || !take(c, column::id)) return false;
      out_.running_number = true;
      out_.by_other_words.emplace_back(c.text, column::id);
      return true;
    });
  }

  const word_list& words_;
  std::vector<candidate> open_;
  headings out_;
};

/** Headings of two rows, of which the upper one was merged over both: a blank takes what stands above it. */
grid_row with_row_above(const grid& g, std::size_t at, const word_list& words) {
  grid_row row = g.rows[at];
  if (at == 0) return row;
  const grid_row& above = g.rows[at - 1];
  row.cells.resize(std::max(row.cells.size(), above.cells.size()));
  for (std::size_t i = 0; i < above.cells.size(); ++i) {
    const auto* known = words.find(above.cells[i].text);
    const bool heading = line_columns::named(bare_word(above.cells[i].text)) || known != nullptr;
    if (heading && bare_word(row.cells[i].text).empty()) row.cells[i] = above.cells[i];
  }
  return row;
}

/** How many of the first rows have something there that is an address of a network. */
std::size_t addresses_at(const grid& g, std::size_t row, std::size_t place) {
  std::size_t count = 0;
  for (std::size_t i = row + 1; i < std::min(g.rows.size(), row + 1 + rows_looked_at); ++i) {
    if (place >= g.rows[i].cells.size()) continue;
    const cell_value r = read_addresses(std::string(reading::trim(reading::half_width(g.rows[i].cells[place].text))));
    if (!r.problem && !r.value.empty()) ++count;
  }
  return count;
}

/** 地址 is where a unit lives as often as what it is asked at: of two such columns that one counts which has IP. */
void choose_addresses(const grid& g, const word_list& words, headings& h) {
  auto& chosen = h.columns[column::address];
  if (!chosen) return;
  for (unread_column& u : h.unread) {
    const auto* known = words.find(u.heading);
    const bool may = line_columns::named(bare_word(u.heading)) == column::address ||
                     (known != nullptr && line_columns::named(known->meanings[0]) == column::address);
    if (!may || addresses_at(g, h.row, u.place) <= addresses_at(g, h.row, chosen->place)) continue;
    std::swap(u.place, chosen->place);
    std::swap(u.heading, chosen->heading);
    u.why = {"里面不是 IP 地址", "there are no addresses of a network in it"};
    if (known != nullptr && !known->confirmed) h.by_other_words.emplace_back(chosen->heading, column::address);
  }
}

}  // namespace

std::string headings::name_of(line_columns::column c) const {
  return columns[c] ? columns[c]->heading : std::string(line_columns::headings()[c].chinese);
}

std::size_t headings_in(const grid_row& row, const word_list& words) {
  const headings h = assignment(row, words).made();
  return static_cast<std::size_t>(std::ranges::count_if(h.columns, [](const auto& c) { return c.has_value(); }));
}

std::optional<headings> find_headings(const grid& g, const word_list& words) {
  constexpr std::size_t least = 2;
  std::size_t best = 0, most = least - 1;
  for (std::size_t i = 0; i < std::min(g.rows.size(), rows_looked_at); ++i)
    if (const std::size_t n = headings_in(g.rows[i], words); n > most) most = n, best = i;
  if (most < least) return std::nullopt;
  headings h = assignment(with_row_above(g, best, words), words).made();
  h.row = best;
  choose_addresses(g, words, h);
  return h;
}

}  // namespace changtong::sheets
