#include "daemon/settings/entry_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include "daemon/core/exact.h"
#include "daemon/settings/csv.h"
#include "daemon/settings/place.h"
#include "daemon/settings/words.h"

namespace changtong {
namespace {

using namespace reading;

struct heading {
  std::string_view english;
  std::vector<std::string_view> chinese;
  bool required = true;
};

/** A small table: its headings in any order, its rows as cells in the order of `headings`. */
class table {
 public:
  table(std::string bytes, const std::string& file, std::vector<heading> headings)
      : file_(file), headings_(std::move(headings)) {
    auto text = to_utf8(std::move(bytes));
    if (!text)
      found_.error({file_, text.error().line, text.error().column}, text.error().text);
    else
      text_ = std::move(*text);
  }

  using cells = std::vector<csv_field>;
  /** Calls `each` once a row that is not blank; an absent column is an empty cell. */
  void read(const std::function<void(const cells&)>& each) {
    if (found_.errors() > 0) return;
    csv_reader csv(text_);
    reader_ = &csv;
    cells fields;
    for (;;) {
      const auto more = csv.next(fields);
      if (!more) return found_.error({file_, more.error().line, more.error().column}, more.error().text);
      if (!*more) break;
      if (order_.empty()) {
        if (!read_headings(fields)) return;
      } else if (fields.size() != order_.size()) {
        error(fields[0],
              fmt::format("this row has {} fields and the headings have {}: put a field that holds commas in quotes",
                          fields.size(), order_.size()));
      } else if (!std::ranges::all_of(fields, [](const csv_field& f) { return trim(f.text).empty(); })) {
        each(in_order(fields));
      }
    }
    if (order_.empty()) found_.error({file_, 1, 1}, "no headings: the first row names the columns");
  }

  void error(const csv_field& cell, std::string text) {
    found_.error({file_, cell.line, reader_->column_of(cell)}, std::move(text));
  }

  [[nodiscard]] filed_commands done(std::vector<filed_command> all) {
    if (found_.errors() == 0 && all.empty()) found_.error({file_, 1, 1}, "no entries: every row is empty");
    if (found_.errors() > 0) return problems{found_.sorted_errors(file_)};
    return filed_commands(boost::system::in_place_value, std::move(all));
  }

 private:
  bool read_headings(const cells& fields) {
    std::vector<std::string_view> known;
    for (const heading& h : headings_) {
      known.push_back(h.english);
      known.insert(known.end(), h.chinese.begin(), h.chinese.end());
    }
    for (const csv_field& f : fields) {
      const std::string_view word = trim(f.text);
      const auto h = std::ranges::find_if(headings_, [&](const heading& one) {
        return one.english == word || std::ranges::find(one.chinese, word) != one.chinese.end();
      });
      const auto which = static_cast<std::size_t>(h - headings_.begin());
      if (h == headings_.end())
        error(f,
              word.empty() ? "an empty heading: remove the column or name it" : unknown_word("heading", word, known));
      else if (std::ranges::find(order_, which) != order_.end())
        error(f, fmt::format("heading '{}' stands twice: remove one column", word));
      order_.push_back(which);
    }
    if (found_.errors() > 0) return false;
    for (std::size_t i = 0; i < headings_.size(); ++i)
      if (headings_[i].required && std::ranges::find(order_, i) == order_.end())
        error(fields[0],
              fmt::format("the heading '{}' ({}) is missing", headings_[i].english, headings_[i].chinese[0]));
    return found_.errors() == 0;
  }

  [[nodiscard]] cells in_order(const cells& fields) const {
    cells out(headings_.size(), {.text = {}, .line = fields[0].line, .offset = fields[0].offset});
    for (std::size_t i = 0; i < fields.size(); ++i) out[order_[i]] = fields[i];
    return out;
  }

  const std::string& file_;
  std::vector<heading> headings_;
  std::string text_;
  findings found_;
  std::vector<std::size_t> order_;
  csv_reader* reader_ = nullptr;
};

/** 2026/3/4 as spreadsheets write it -> 2026-03-04; anything else stays. */
std::string plain_day(std::string_view text) {
  const auto parts = split(text, "/-");
  if (parts.size() != 3 || parts[0].size() != 4 || parts[1].size() > 2 || parts[2].size() > 2) return std::string(text);
  return fmt::format("{}-{:0>2}-{:0>2}", parts[0], parts[1], parts[2]);
}

/** A day that spreadsheets wrote, before a time of day. */
std::string plain_instant(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::string(text);
  std::string_view time = text.substr(blank + 1);
  return plain_day(text.substr(0, blank)) + " " + (time.find(':') == 1 ? "0" : "") + std::string(time);
}

/** Separators of names: also the Chinese ones, which are three bytes. */
std::vector<std::string_view> names(std::string_view text) {
  std::vector<std::string_view> out;
  constexpr std::array<std::string_view, 5> separators{"、", "，", "；", ";", ","};
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    if (const auto name = trim(text.substr(begin, end - begin)); !name.empty()) out.push_back(name);
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto s =
        std::ranges::find_if(separators, [&](std::string_view one) { return text.substr(at).starts_with(one); });
    if (s == separators.end()) {
      ++at;
      continue;
    }
    take(at);
    begin = at += s->size();
  }
  take(text.size());
  return out;
}

constexpr std::size_t most_text = 1000, most_id = 64;  // bytes, as the books have it

std::string words(table& from, const csv_field& cell) {
  const std::string_view text = trim(cell.text);
  if (text.size() > most_text || has_control_characters(text))
    from.error(cell, "longer than 1000 bytes, or with a line break or control character: shorten or remove it");
  return std::string(text.substr(0, most_text));
}

void keep(table& from, const csv_field& at, std::vector<filed_command>& all, command c) {
  if (all.size() == most_commands) from.error(at, fmt::format("more than {} entries: split the file", most_commands));
  if (all.size() <= most_commands) all.push_back({.what = std::move(c), .line = at.line});
}

}  // namespace

filed_commands read_windows_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(std::move(bytes), file,
             {{"id", {"编号", "窗口编号"}, false},
              {"targets", {"线路", "线路编号"}},
              {"from", {"开始", "开始时间", "起"}},
              {"to", {"结束", "结束时间", "止"}},
              {"text", {"事由", "说明", "备注"}, false}});
  std::vector<filed_command> all;
  from.read([&](const table::cells& row) {
    window_command w;
    w.id = trim(row[0].text);
    if (w.id.size() > 64) from.error(row[0], "the id is longer than 64 characters: shorten it");
    for (const std::string_view id : split(row[1].text, " ;\t")) w.targets.emplace_back(id);
    if (w.targets.empty()) from.error(row[1], "no line or site: write their ids, or * for all");
    for (const auto& [cell, edge] : {std::pair{&row[2], &w.from}, {&row[3], &w.to}}) {
      const auto at = zone.parse_instant(plain_instant(trim(cell->text)));
      if (at)
        *edge = *at;
      else
        from.error(*cell, at.error().text);
    }
    if (w.from && w.to && *w.to <= *w.from) from.error(row[3], "the window ends before it begins");
    w.text = words(from, row[4]);
    keep(from, row[1], all, std::move(w));
  });
  return from.done(std::move(all));
}

filed_commands read_duty_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(
      std::move(bytes), file,
      {{"day", {"日期"}}, {"person", {"值班人", "值班人员", "值班", "姓名"}}, {"text", {"备注", "说明"}, false}});
  std::vector<filed_command> all;
  from.read([&](const table::cells& row) {
    const std::string day = plain_day(trim(row[0].text));
    if (day.size() != 10 || !zone.parse(day))
      from.error(row[0], fmt::format("{} is no day: write 2026-03-14", quote(trim(row[0].text))));
    const auto people = names(row[1].text);
    if (people.empty()) from.error(row[1], "nobody is named: who was on duty?");
    const std::string text = words(from, row[2]);
    for (const std::string_view person : people) {
      if (person.size() > 64 || has_control_characters(person))
        from.error(row[1], "a name is longer than 64 bytes or has control characters: shorten it");
      else
        keep(from, row[1], all, duty_command{.day = day, .person = std::string(person), .text = text});
    }
  });
  return from.done(std::move(all));
}

filed_commands read_counters_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(std::move(bytes), file,
             {{"counter", {"计数器", "计数器名"}},
              {"at", {"时间", "时刻"}},
              {"value", {"数值", "读数"}},
              {"unit", {"单位"}, false},
              {"source", {"来源"}, false}});
  std::vector<filed_command> all;
  std::map<std::pair<std::string, wall_t>, int> lines;
  from.read([&](const table::cells& row) {
    counter_command c;
    c.counter = trim(row[0].text);
    if (c.counter.empty() || c.counter.size() > most_id)
      from.error(row[0], "the counter is not named, or its name is longer than 64 characters: A-Z a-z 0-9 - _");
    if (const auto at = zone.parse_instant(plain_instant(trim(row[1].text))))
      c.about = *at;
    else
      from.error(row[1], at.error().text);
    c.value = trim(row[2].text);
    if (const auto value = parse_exact(c.value); !value || *value < 0)
      from.error(row[2], fmt::format("{} is no number that a counter shows: write 51234 or 1234.5", quote(c.value)));
    c.unit = words(from, row[3]);
    c.source = words(from, row[4]);
    if (c.about)
      if (const auto [first, fresh] = lines.try_emplace({c.counter, *c.about}, row[0].line); !fresh)
        from.error(row[0],
                   fmt::format("the counter stands at line {} with the same time: remove one of them", first->second));
    keep(from, row[0], all, std::move(c));
  });
  return from.done(std::move(all));
}

result<std::string> read_entry_file(const std::string& path) {
  auto text = real_surroundings({}).read(path);
  if (!text) return problem{.text = "cannot read it: " + text.error().text, .file = path};
  return text;
}

}  // namespace changtong
