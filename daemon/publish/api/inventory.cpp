// lines.csv: looked at, changed line by line, and an office's own sheet put into it.
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/lines/desk.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

using sheets::line_columns;

constexpr std::size_t most_value = 8192;  // bytes of one cell; `check` is stricter

std::string_view heading(std::optional<line_columns::column> c) {
  return c ? line_columns::headings()[*c].english : std::string_view();
}

/** As line_json of the preview: what is not stated is left out. */
std::string cells_json(const sheets::line_cells& cells) {
  json_object line;
  for (std::size_t c = 0; c < line_columns::columns; ++c)
    if (!cells[c].empty()) line.add(line_columns::headings()[c].english, cells[c]);
  return line.text();
}

std::string changed_json(std::string_view id, std::string_view field, std::string_view from, std::string_view to) {
  return json_object().add("id", id).add("field", field).add("from", from).add("to", to).text();
}

std::string json_of(const sheets::line_difference& d) {
  static constexpr std::array<std::string_view, 3> words{"added", "removed", "changed"};
  return json_object()
      .add("id", d.id)
      .add("what", words.at(static_cast<std::size_t>(d.what)))
      .add("field", heading(d.field))
      .add("from", d.from)
      .add("to", d.to)
      .text();
}

// -- saying no --------------------------------------------------------------------------------------------------------

struct manner {
  int status;
  std::string_view code;
};
/** In the order of lines::refusal::reason. */
constexpr std::array<manner, 9> manners{{{409, "changed_meanwhile"},
                                         {400, "has_problems"},
                                         {400, "to_confirm"},
                                         {400, "nothing_to_change"},
                                         {409, "configuration_refused"},
                                         {409, "no_inventory"},
                                         {409, "not_writable"},
                                         {503, "busy"},
                                         {503, "inventory_unreadable"}}};

web_response no(const lines::refusal& r) {
  const manner& how = manners.at(static_cast<std::size_t>(r.why));
  if (r.why != lines::refusal::reason::changed) return problem_answer(how.status, how.code, r.text.cn, r.text.en);
  json_object error, out;
  error.add("code", how.code).add("text", r.text.cn).add("text_en", r.text.en);
  json_array all;
  for (const sheets::line_difference& d : r.meanwhile) all.add_raw(json_of(d));
  out.add_raw("error", error.text()).add("hash", r.hash).add_bool("told", r.told).add_raw("meanwhile", all.text());
  web_response answer = json_answer(out.text());
  answer.status = how.status;
  return answer;
}

web_response bad_body(const phrase& why) { return problem_answer(400, "bad_body", why.cn, why.en); }

web_response no_desk() {
  return problem_answer(503, "no_inventory_here", "这里不能改清单", "the inventory cannot be changed here");
}

// -- bodies -----------------------------------------------------------------------------------------------------------

struct changes {
  std::string hash;
  std::vector<sheets::line_edit> edits;
};

const phrase unreadable_body{
    "内容无法读取：应为 {\"add\":[…],\"change\":[…]}，每条专线按 lines.csv 的表头",
    "the body cannot be read: {\"add\":[…],\"change\":[…]} is wanted, each line by the headings "
    "of lines.csv"};

result<sheets::line_edit> read_line(const boost::json::value& from, bool fresh) {
  const auto* o = from.if_object();
  if (o == nullptr) return said(unreadable_body);
  sheets::line_edit e{.fresh = fresh};
  for (const auto& [key, value] : *o) {
    const auto column = line_columns::named(std::string_view(key));
    if (!column)
      return said(
          both("lines.csv 没有表头 '{}'", "lines.csv has no heading '{}'", shortened(std::string_view(key), 40)));
    if (!value.is_string() || value.get_string().size() > most_value)
      return said(both("{} 须为不超过 8192 字节的文本", "{} must be text of at most 8192 bytes", heading(*column)));
    if (e.cells[*column]) return said(both("{} 给了两次", "{} is given twice", heading(*column)));
    e.cells[*column] = std::string(value.get_string());
  }
  return e;
}

result<changes> read_changes(std::string_view body) {
  boost::system::error_code failed;
  const auto all = boost::json::parse(body, failed);
  const auto* o = failed ? nullptr : all.if_object();
  if (o == nullptr) return said(unreadable_body);
  changes out;
  for (const auto& [key, value] : *o) {
    const bool add = key == "add";
    const auto* list = value.if_array();
    if (key == "hash" && value.is_string()) {
      out.hash = value.get_string();
    } else if ((add || key == "change") && list != nullptr) {
      if (list->size() > lines::most_edits - out.edits.size())
        return said({"一次至多 2000 条专线", "at most 2,000 lines at once"});
      for (const auto& one : *list) {
        auto line = read_line(one, add);
        if (!line) return line.error();
        out.edits.push_back(std::move(*line));
      }
    } else {
      return said(unreadable_body);
    }
  }
  if (out.edits.empty()) return said({"没有写要改什么", "it does not say what to change"});
  return out;
}

result<sheets::sheet_wish> sheet_wish_of(const question& q) {
  sheets::sheet_wish wish{.tab = std::string(q.text("sheet")), .close_missing = std::string(q.text("close_missing"))};
  if (!wish.close_missing.empty() && !is_civil_day(wish.close_missing))
    return said({"close_missing 不是日期，请写 2026-03-14", "close_missing is no day, write 2026-03-14"});
  if (q.request.body.empty()) return said({"没有收到表格：请选择文件", "there is no sheet in the body: choose a file"});
  return wish;
}

// -- answers ----------------------------------------------------------------------------------------------------------

web_response show_inventory(context& from, const question&) {
  if (from.from.inventory == nullptr) return no_desk();
  const auto now = from.from.inventory->look();
  if (!now) return no(now.error());
  json_array categories;
  for (const category& c : now->categories)
    categories.add_raw(json_object().add("id", c.id).add("name", c.name).text());
  const phrase why = now->read_only.value_or(phrase{});
  return json_answer(json_object()
                         .add("file", now->file)
                         .add("hash", now->hash)
                         .add("lines", static_cast<std::int64_t>(now->count))
                         .add_bool("writable", !now->read_only)
                         .add("why", why.cn)
                         .add("why_en", why.en)
                         .add_raw("categories", categories.text())
                         .text());
}

web_response show_line(context& from, const question& q) {
  if (from.from.inventory == nullptr) return no_desk();
  const auto found = from.from.inventory->line(q.id);
  if (!found) return no(found.error());
  if (!found->what) return problem_answer(404, "unknown_line", "清单里没有这条专线", "the inventory has no such line");
  return json_answer(json_object().add("hash", found->hash).add_raw("line", cells_json(*found->what)).text());
}

std::string preview_json(const lines::looked_at<sheets::edit_preview>& of) {
  json_array added, changed, closed, problems;
  for (const sheets::line_cells& a : of.what.added)
    added.add_raw(json_object().add("id", a[line_columns::id]).add_raw("line", cells_json(a)).text());
  for (const sheets::changed_cell& c : of.what.changed)
    changed.add_raw(changed_json(c.id, heading(c.what), c.from, c.to));
  for (const sheets::closed_line& c : of.what.closed)
    closed.add_raw(json_object().add("id", c.id).add("closed", c.day).text());
  for (const sheets::cell_problem& p : of.what.problems)
    problems.add_raw(json_object()
                         .add("id", p.id)
                         .add("field", heading(p.field))
                         .add("text", p.text.cn)
                         .add("text_en", p.text.en)
                         .text());
  return json_object()
      .add("hash", of.hash)
      .add_raw("added", added.text())
      .add_raw("changed", changed.text())
      .add_raw("closed", closed.text())
      .add_raw("problems", problems.text())
      .text();
}

web_response preview_changes(context& from, const question& q) {
  const auto wanted = read_changes(q.request.body);
  if (!wanted) return bad_body(words_of(wanted.error()));
  if (from.from.inventory == nullptr) return no_desk();
  const auto p = from.from.inventory->preview(wanted->edits);
  return p ? json_answer(preview_json(*p)) : no(p.error());
}

/** The first few, for the audit log; the copy has them all. */
std::string first_of(const std::vector<std::string>& ids) {
  constexpr std::size_t most = 20;
  if (ids.size() <= most) return fmt::format("{}", fmt::join(ids, " "));
  return fmt::format("{} … ({})", fmt::join(ids.begin(), ids.begin() + most, " "), ids.size());
}

web_response applied(const question& q, const lines::answer<lines::applied>& done) {
  if (!done) return no(done.error());
  if (q.touched != nullptr) *q.touched = first_of(done->touched);
  const phrase remark = done->remark.value_or(phrase{});
  return json_answer(json_object()
                         .add_bool("applied", true)
                         .add("hash", done->hash)
                         .add("copy", done->copy)
                         .add("text", done->text.cn)
                         .add("text_en", done->text.en)
                         .add("remark", remark.cn)
                         .add("remark_en", remark.en)
                         .text());
}

/** Where the monitor sends its questions, and with which credentials, is changed by somebody who has a name. */
std::optional<web_response> nameless(const question& q) {
  if (q.who.name != nobody) return std::nullopt;
  return problem_answer(403, "nobody", "清单由写明姓名的人来改：请登录，或用本人的令牌",
                        "the inventory is changed by somebody with a name: sign in, or use a token of your own");
}

const phrase no_hash{"没有写是对哪一份清单的修改：请先预览", "it does not say of which inventory: preview it first"};

web_response apply_changes(context& from, const question& q) {
  if (auto no = nameless(q)) return std::move(*no);
  const auto wanted = read_changes(q.request.body);
  if (!wanted) return bad_body(words_of(wanted.error()));
  if (wanted->hash.empty()) return bad_body(no_hash);
  if (from.from.inventory == nullptr) return no_desk();
  return applied(q, from.from.inventory->apply(wanted->edits, wanted->hash, q.who.name));
}

web_response preview_sheet(context& from, const question& q) {
  const auto wish = sheet_wish_of(q);
  if (!wish) return bad_body(words_of(wish.error()));
  if (from.from.inventory == nullptr) return no_desk();
  const auto p = from.from.inventory->preview(q.request.body, *wish);
  if (!p) return no(p.error());
  const auto all = from.from.inventory->look();
  json_array confirm;
  for (const auto& [word, id] : p->what.to_confirm) {
    std::string name = id;
    if (all)
      for (const category& c : all->categories)
        if (c.id == id) name = c.name;
    confirm.add_raw(json_object().add("word", word).add("category", id).add("name", name).text());
  }
  return json_answer(json_object()
                         .add("hash", p->hash)
                         .add("tab", p->what.title)
                         .add("unchanged", static_cast<std::int64_t>(p->what.unchanged))
                         .add_raw("confirm", confirm.text())
                         .add_raw("preview", sheets::to_json(p->what))
                         .text());
}

web_response apply_sheet(context& from, const question& q) {
  if (auto no = nameless(q)) return std::move(*no);
  const auto wish = sheet_wish_of(q);
  if (!wish) return bad_body(words_of(wish.error()));
  if (q.text("hash").empty()) return bad_body(no_hash);
  if (from.from.inventory == nullptr) return no_desk();
  return applied(
      q, from.from.inventory->apply(q.request.body, *wish, q.flag("confirm"), std::string(q.text("hash")), q.who.name));
}

// -- rows -------------------------------------------------------------------------------------------------------------

constexpr refusal stands_against{409, "The inventory, or the configuration, stands against it", "InventoryRefused"};
constexpr refusal not_here{503, "The inventory cannot be changed here, or cannot be read just now"};

route row(std::string_view path, std::string_view summary, std::string_view about, std::string_view body,
          decltype(route::function) function) {
  return {.method = "POST",
          .path = path,
          .summary = summary,
          .about = about,
          .needs = right::reload,
          .body = body,
          .refusals = {stands_against, not_here},
          .function = function};
}

route looking(route r, std::string_view answer) {
  r.only_looks = true;
  r.answer = answer;
  r.done = "OK";
  return r;
}

route changing(route r) {
  r.answer = "InventoryApplied";
  r.done = "Written, loaded and in force";
  return r;
}

route with_file(route r, std::vector<parameter> more) {
  r.most_body = lines::most_sheet_bytes;
  r.parameters = {{.name = "sheet", .about = "which sheet of the workbook"},
                  {.name = "close_missing", .about = "a day: lines that the sheet does not have are closed on it"}};
  std::ranges::move(more, std::back_inserter(r.parameters));
  return r;
}

}  // namespace

std::vector<route> inventory_routes() {
  return {
      {.path = "/api/v1/inventory",
       .summary = "清单文件",
       .about = "Whether lines can be changed here, and which categories there are.",
       .answer = "Inventory",
       .refusals = {stands_against, not_here},
       .function = show_inventory},
      {.path = "/api/v1/inventory/lines/{id}",
       .summary = "一条专线在清单里的写法",
       .answer = "InventoryLine",
       .refusals = {{404, "The inventory has no such line"}, stands_against, not_here},
       .function = show_line},
      looking(row("/api/v1/inventory/changes/preview", "预览专线的新增、修改、停用",
                  "By the rules of `check`, with the inventory as it would be. Changes nothing.", "LineChanges",
                  preview_changes),
              "ChangesPreview"),
      changing(
          row("/api/v1/inventory/changes", "新增、修改、停用专线",
              "All or nothing: written to lines.csv, of which a copy is kept, then loaded. 409 with what somebody "
              "changed meanwhile, where it is not the text of `hash`; where the daemon refuses it, the file is put "
              "back.",
              "LineChanges", apply_changes)),
      looking(with_file(row("/api/v1/inventory/sheet/preview", "预览单位自己的表格",
                            "XLSX or CSV of any encoding against the inventory. Changes nothing.", "SheetBytes",
                            preview_sheet),
                        {}),
              "SheetPreview"),
      changing(with_file(row("/api/v1/inventory/sheet", "导入单位自己的表格",
                             "The bytes that were previewed, and the `hash` of the preview; as changes are applied.",
                             "SheetBytes", apply_sheet),
                         {{.name = "hash", .about = "of the inventory that it was previewed against"},
                          flag("confirm", "the categories that were guessed are right")})),
  };
}

}  // namespace changtong::api
