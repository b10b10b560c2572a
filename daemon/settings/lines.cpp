#include "daemon/settings/lines.h"

#include <algorithm>

#include "daemon/core/ascii.h"
#include "daemon/core/csv.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
line_table::line_table(std::string bytes, std::string_view file, config_draft& draft, bool shared, findings& found)
    : file_(file), draft_(draft), found_(found) {
  for (const category_draft& c : draft.categories) {
    categories_.emplace(c.what.id, c.what.id);
    categories_.emplace(c.what.name, c.what.id);
  }
  for (const auto& [other, id] : other_category_names()) categories_.emplace(other, id);
  auto text = to_utf8(std::move(bytes));
  if (!text) {
    found_.error(file_, text.error());
    return;
  }
  text_ = std::move(*text);
  if (shared) divide(*draft.value.nodes);
  read();
}

place line_table::at(spot s, std::size_t skip) const {
  return {file_, s.line, s.line == 0 ? 0 : column_at(text_, s.offset + skip)};
}

void line_table::error(const csv_field& cell, phrase text) {
  found_.error(at({cell.line, cell.offset}), std::move(text));
}

row_rules line_table::rules() const {
  const bool shared = whole_.has_value();
  return {.columns = columns_of_lines(),
          .required = {id, category, address},
          .most = shared ? most_listed : most_lines,
          .too_many = shared
                          ? both("清单超过 {} 行：请分成几份", "the list has more than {} rows: split it", most_listed)
                          : both("专线超过 {} 条：请用 nodes 分给几台",
                                 "more than {} lines: share them among several nodes (nodes)", most_lines),
          .no_headings = {"没有表头：第一行请写 编号,名称,类别,地址（id,name,category,address）",
                          "no headings: begin with id,name,category,address (编号,名称,类别,地址)"}};
}

void line_table::read() {
  read_rows(text_, file_, rules(), found_, [this](row_cells cells) { read_row(cells); });
}

/** Before any line is kept: whose it is depends on its parents, who may stand anywhere. */
void line_table::divide(node_division& by) {
  whole_.emplace(by, text_, file_);
  findings told_by_the_second_reading;
  read_rows(text_, file_, rules(), told_by_the_second_reading, [this](row_cells cells) {
    const auto known = categories_.find(trim(cells[category].text));
    whole_->add({.id = trim(cells[id].text),
                 .parent = trim(cells[parent].text),
                 .line = cells[id].line,
                 .category = known == categories_.end() ? std::string_view{} : known->second,
                 .town = read_back(trim(cells[town].text))});
  });
  whole_->settle(by, found_);
  const std::size_t own = by.all[by.self].lines;
  if (own > most_lines)
    found_.error(draft_.nodes_at, both("节点 {} 要管 {} 条专线，最多 {} 条：请分给更多节点",
                                       "node {} would take {} lines, at most {}: share them among more nodes",
                                       quote(by.all[by.self].name), own, most_lines));
}

std::string line_table::words(const csv_field& cell, column which, std::size_t most) {
  const std::string_view text = read_back(trim(cell.text));
  if (text.size() > most)
    error(cell,
          both("{}超过 {} 字节：请缩短", "{} is longer than {} bytes: shorten it", headings()[which].words(), most));
  else if (has_control_characters(text))
    error(cell, both("{}含有控制字符或换行：请删去", "{} has a control character or line break: remove it",
                     headings()[which].words()));
  else if (const auto unseen = unseen_character(text))
    error(cell, both("{}的{}", "{}: {}", headings()[which].words(), *unseen));
  else
    return std::string(text);
  return {};
}

void line_table::read_addresses(target& into, const csv_field& cell) {
  const auto parts = split(cell.text, " ;\t\r\n");
  if (parts.empty())
    return error(cell,
                 {"地址为空：每条专线都要有探测地址", "the address is empty: every line needs one to be asked at"});
  if (parts.size() > most_addresses)
    return error(cell, both("有 {} 个地址，最多探测 {} 个：请只留接入单位自己的",
                            "{} addresses, at most {} are asked: keep the unit's own", parts.size(), most_addresses));
  for (const std::string_view part : parts) {
    const csv_field piece{.text = part,
                          .line = cell.line,
                          .offset = cell.offset + static_cast<std::size_t>(part.data() - cell.text.data())};
    const auto read = parse_address(part);
    if (!read)
      error(piece, both("{} 不是 IPv4 或 IPv6 地址：多个地址用空格或 ';' 分隔",
                        "{} is no IPv4 or IPv6 address: separate several with spaces or ';'", quote(part)));
    else if (const auto bad = bad_peer(*read))
      error(piece, both("地址 {} {}", "address {} {}", part, *bad));
    else if (std::ranges::find(into.addresses, *read) != into.addresses.end())
      error(piece, both("地址 {} 出现两次：请删去一个", "address {} stands twice: remove one", part));
    else
      into.addresses.push_back(*read);
  }
}

void line_table::read_category(target& into, const csv_field& cell) {
  const std::string_view text = trim(cell.text);
  if (const auto known = categories_.find(text); known != categories_.end()) {
    into.category = known->second;
    return;
  }
  std::vector<std::string_view> ids;
  for (const category_draft& c : draft_.categories) ids.push_back(c.what.id);
  error(cell, text.empty() ? phrase{"类别为空：请写 village（村/社区）、township（乡镇街）等",
                                    "the category is empty: write village (村/社区), township (乡镇街), …"}
                           : unknown_word({"类别", "category"}, text, ids));
}

void line_table::read_bandwidth(target& into, const csv_field& cell) {
  const std::string text = ascii::lower(trim(cell.text));
  if (text.empty()) return;
  std::string_view number = text;
  double factor = 1;
  for (const auto& [unit, times] : {std::pair{"mbps", 1.0}, {"gbps", 1000.0}, {"兆", 1.0}, {"m", 1.0}, {"g", 1000.0}})
    if (number.ends_with(unit)) {
      number.remove_suffix(std::string_view(unit).size());
      factor = times;
      break;
    }
  const auto read = number.ends_with('%') ? std::nullopt : parse_decimal(trim(number));
  if (!read || *read <= 0 || *read * factor > 1'000'000)
    return error(
        cell, both("带宽 {} 不是以 Mbit/s 计的数：请写 100 或 100M，最大 1000000",
                   "bandwidth {} is no number of Mbit/s: write 100 or 100M, at most 1000000", quote(trim(cell.text))));
  into.bandwidth_mbps = *read * factor;
}

void line_table::read_scope(target& into, const csv_field& from, const csv_field& to) {
  const auto edge = [&](const csv_field& cell, column which) -> std::optional<wall_t> {
    const std::string text(trim(cell.text));
    if (text.empty()) return std::nullopt;
    auto known = dates_.find(text);
    if (known == dates_.end()) {
      known = dates_.emplace(text, parse_scope_edge(draft_.value.zone, day_of_cell(text))).first;
    }
    if (known->second) return *known->second;
    error(cell, both("{} {}", "{} {}", headings()[which].words(), words_of(known->second.error())));
    return std::nullopt;
  };
  into.accepted = edge(from, accepted);
  into.closed = edge(to, closed);
  if (into.accepted && into.closed && *into.closed <= *into.accepted)
    error(to, {"停用日期不晚于开通日期：该专线将永远不在统计范围内",
               "closed is not after accepted: the line would never be in scope"});
}

/** Rule 10: `no` for a line on our own side, whose answers say nothing of our uplink. */
void line_table::read_witness(target& t, const csv_field& cell) {
  const std::string word = ascii::lower(trim(cell.text));
  if (word.empty() || word == "yes" || word == "是") return;
  t.witness = false;
  if (word != "no" && word != "否")
    error(cell,
          both("作证 {} 无效：应为 yes 或 no（是、否），不写即 yes；no 用于我方一侧的专线，上联中断时它仍会应答",
               "witness {}: write yes or no; no is for a line on our own side, which answers even while our uplink is "
               "cut",
               quote(cell.text)));
}

void line_table::read_row(row_cells cells) {
  row made;
  target& t = made.what;
  t.id = trim(cells[id].text);
  if (const auto bad = bad_id(t.id)) error(cells[id], both("编号 {} {}", "id {} {}", quote(t.id), *bad));
  const bool anchor = t.id.starts_with("anchor");
  if (anchor && draft_.anchors_among_lines) t.kind = target_kind::anchor;
  if (anchor && !draft_.anchors_among_lines)
    error(cells[id], both("编号 {} 已保留：以 'anchor' 开头的编号属于锚点",
                          "id {} is reserved: ids that begin with 'anchor' belong to anchors", quote(t.id)));
  t.name = words(cells[name], name, 256);
  if (t.name.empty()) t.name = t.id;
  const auto needless = [&](column c) { return t.kind == target_kind::anchor && trim(cells[c].text).empty(); };
  if (!needless(category)) read_category(t, cells[category]);
  t.unit = words(cells[unit], unit, 256);
  t.town = words(cells[town], town, 128);
  t.carrier = words(cells[carrier], carrier, 128);
  t.circuit = words(cells[circuit], circuit, 128);
  read_bandwidth(t, cells[bandwidth]);
  if (!needless(address)) read_addresses(t, cells[address]);
  t.parent = trim(cells[parent].text);
  read_scope(t, cells[accepted], cells[closed]);
  t.grade = words(cells[grade], grade, 64);
  read_witness(t, cells[witness]);
  // A row of another node is as right or wrong as one of ours, so that all take one list or none does.
  if (whole_ && !whole_->ours(read_++)) {
    if (checks_of_others_.size() < most_spellings)
      checks_of_others_.try_emplace(std::string(cells[checks].text), spot{cells[checks].line, cells[checks].offset});
    return;
  }
  made.checks = cells[checks].text;
  made.id_at = {cells[id].line, cells[id].offset};
  made.parent_at = {cells[parent].line, cells[parent].offset};
  made.checks_at = {cells[checks].line, cells[checks].offset};
  made.circuit_at = {cells[circuit].line, cells[circuit].offset};
  made.address_at = {cells[address].line, cells[address].offset};
  rows_.push_back(std::move(made));
}

}  // namespace changtong::reading
