// lines.csv and the file of sites: looked at, changed row by row by one description of both, and an office's own sheet
// put into lines.csv.
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"
#include "daemon/lines/desk.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

using reading::columns_of_lines, reading::columns_of_sites;
using reading::table_columns;

constexpr std::size_t most_value = 8192;  // bytes of one cell; `check` is stricter

std::string_view heading(const table_columns& of, std::optional<std::size_t> c) {
  return c ? of.headings[*c].english : std::string_view();
}

/** As line_json of the preview: what is not stated is left out, and what is kept back. */
std::string cells_json(const table_columns& of, const sheets::row_cells& cells) {
  json_object row;
  for (std::size_t c = 0; c < cells.size(); ++c)
    if (!cells[c].empty() && !of.headings[c].kept_back) row.add(of.headings[c].english, cells[c]);
  return row.text();
}

std::string changed_json(std::string_view id, std::string_view field, std::string_view from, std::string_view to) {
  return json_object().add("id", id).add("field", field).add("from", from).add("to", to).text();
}

std::string json_of(const table_columns& of, const sheets::row_difference& d) {
  static constexpr std::array<std::string_view, 3> words{"added", "removed", "changed"};
  return json_object()
      .add("id", d.id)
      .add("what", words.at(static_cast<std::size_t>(d.what)))
      .add("field", heading(of, d.field))
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

web_response no(const table_columns& of, const lines::refusal& r) {
  const manner& how = manners.at(static_cast<std::size_t>(r.why));
  if (r.why != lines::refusal::reason::changed) return problem_answer(how.status, how.code, r.text.cn, r.text.en);
  json_object error, out;
  error.add("code", how.code).add("text", r.text.cn).add("text_en", r.text.en);
  json_array all;
  for (const sheets::row_difference& d : r.meanwhile) all.add_raw(json_of(of, d));
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
  std::vector<sheets::row_edit> edits;
};

problem unreadable_body(const table_columns& of) {
  return said(both("内容无法读取：应为 {{\"add\":[…],\"change\":[…]}}，每个{}按 {} 的表头",
                   "the body cannot be read: {{\"add\":[…],\"change\":[…]}} is wanted, each {} by the headings of {}",
                   of.one, of.file));
}

result<sheets::row_edit> read_row(const table_columns& of, const boost::json::value& from, bool fresh) {
  const auto* o = from.if_object();
  if (o == nullptr) return unreadable_body(of);
  sheets::row_edit e{.fresh = fresh};
  for (const auto& [key, value] : *o) {
    const auto column = of.named(std::string_view(key));
    if (!column)
      return said(
          both("{1} 没有表头 '{0}'", "{1} has no heading '{0}'", shortened(std::string_view(key), 40), of.file));
    if (of.headings[*column].kept_back)
      return said(both("{} 里可能有口令：请直接在 {} 中改", "a secret may stand in {}: change it in {} itself",
                       heading(of, *column), of.file));
    if (!value.is_string() || value.get_string().size() > most_value)
      return said(both("{} 须为不超过 8192 字节的文本", "{} must be text of at most 8192 bytes", heading(of, *column)));
    if (!e.cells.emplace(*column, value.get_string()).second)
      return said(both("{} 给了两次", "{} is given twice", heading(of, *column)));
  }
  return e;
}

result<changes> read_changes(const table_columns& of, std::string_view body) {
  boost::system::error_code failed;
  const auto all = boost::json::parse(body, failed);
  const auto* o = failed ? nullptr : all.if_object();
  if (o == nullptr) return unreadable_body(of);
  changes out;
  for (const auto& [key, value] : *o) {
    const bool add = key == "add";
    const auto* list = value.if_array();
    if (key == "hash" && value.is_string()) {
      out.hash = value.get_string();
    } else if ((add || key == "change") && list != nullptr) {
      if (list->size() > lines::most_edits - out.edits.size())
        return said({"一次至多 2000 行", "at most 2,000 rows at once"});
      for (const auto& one : *list) {
        auto row = read_row(of, one, add);
        if (!row) return row.error();
        out.edits.push_back(std::move(*row));
      }
    } else {
      return unreadable_body(of);
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

/** A function of a route for one of the two tables. */
using which = const table_columns& (*)();

template <which of>
web_response show_table(context& from, const question&) {
  if (from.from.inventory == nullptr) return no_desk();
  const auto now = from.from.inventory->look(of());
  if (!now) return no(of(), now.error());
  json_array categories;
  for (const category& c : now->categories)
    categories.add_raw(json_object().add("id", c.id).add("name", c.name).text());
  const phrase why = now->read_only.value_or(phrase{});
  return json_answer(json_object()
                         .add("file", now->file)
                         .add("hash", now->hash)
                         .add(of().one.en + "s", static_cast<std::int64_t>(now->count))
                         .add_bool("writable", !now->read_only)
                         .add("why", why.cn)
                         .add("why_en", why.en)
                         .add_raw("categories", categories.text())
                         .text());
}

template <which of>
web_response show_row(context& from, const question& q) {
  if (from.from.inventory == nullptr) return no_desk();
  const auto found = from.from.inventory->row(of(), q.id);
  if (!found) return no(of(), found.error());
  if (!found->what) {
    const phrase none = both("清单里没有这个编号的{}", "the inventory has no {} with that id", of().one);
    return problem_answer(404, "unknown_" + of().one.en, none.cn, none.en);
  }
  return json_answer(
      json_object().add("hash", found->hash).add_raw(of().one.en, cells_json(of(), *found->what)).text());
}

std::string list_of(const table_columns& of, const std::vector<sheets::cell_problem>& problems) {
  json_array all;
  for (const sheets::cell_problem& p : problems)
    all.add_raw(json_object()
                    .add("id", p.id)
                    .add("field", heading(of, p.field))
                    .add("text", p.text.cn)
                    .add("text_en", p.text.en)
                    .text());
  return all.text();
}

std::string preview_json(const table_columns& of, const lines::looked_at<sheets::edit_preview>& from) {
  json_array added, changed, closed;
  for (const sheets::row_cells& a : from.what.added)
    added.add_raw(json_object().add("id", a[of.id]).add_raw(of.one.en, cells_json(of, a)).text());
  for (const sheets::edited_cell& c : from.what.changed)
    changed.add_raw(changed_json(c.id, heading(of, c.what), c.from, c.to));
  for (const sheets::closed_row& c : from.what.closed)
    closed.add_raw(json_object().add("id", c.id).add("closed", c.day).text());
  return json_object()
      .add("hash", from.hash)
      .add_raw("added", added.text())
      .add_raw("changed", changed.text())
      .add_raw("closed", closed.text())
      .add_raw("problems", list_of(of, from.what.problems))
      .add_raw("warnings", list_of(of, from.what.warnings))
      .text();
}

template <which of>
web_response preview_changes(context& from, const question& q) {
  const auto wanted = read_changes(of(), q.request.body);
  if (!wanted) return bad_body(words_of(wanted.error()));
  if (from.from.inventory == nullptr) return no_desk();
  const auto p = from.from.inventory->preview(of(), wanted->edits);
  return p ? json_answer(preview_json(of(), *p)) : no(of(), p.error());
}

/** The first few, for the audit log; the copy has them all. */
std::string first_of(const std::vector<std::string>& ids) {
  constexpr std::size_t most = 20;
  if (ids.size() <= most) return fmt::format("{}", fmt::join(ids, " "));
  return fmt::format("{} … ({})", fmt::join(ids.begin(), ids.begin() + most, " "), ids.size());
}

/** Of the rows that are asked for, as they were written: of a refusal the audit log says which. */
std::vector<std::string> ids_of(const table_columns& of, const std::vector<sheets::row_edit>& edits) {
  constexpr std::size_t longest = 64;
  std::vector<std::string> ids;
  for (const sheets::row_edit& e : edits)
    if (const auto id = e.cells.find(of.id); id != e.cells.end())
      ids.push_back(as_seen(shortened(id->second, longest)));
  return ids;
}

web_response applied(const question& q, const table_columns& of, const lines::answer<lines::applied>& done) {
  if (!done) return no(of, done.error());
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

template <which of>
web_response apply_changes(context& from, const question& q) {
  if (auto no = nameless(q)) return std::move(*no);
  const auto wanted = read_changes(of(), q.request.body);
  if (!wanted) return bad_body(words_of(wanted.error()));
  if (wanted->hash.empty()) return bad_body(no_hash);
  if (from.from.inventory == nullptr) return no_desk();
  if (q.touched != nullptr) *q.touched = first_of(ids_of(of(), wanted->edits));
  return applied(q, of(), from.from.inventory->apply(of(), wanted->edits, wanted->hash, q.who.name));
}

web_response preview_sheet(context& from, const question& q) {
  const auto wish = sheet_wish_of(q);
  if (!wish) return bad_body(words_of(wish.error()));
  if (from.from.inventory == nullptr) return no_desk();
  const auto p = from.from.inventory->preview(q.request.body, *wish);
  if (!p) return no(columns_of_lines(), p.error());
  const auto all = from.from.inventory->look(columns_of_lines());
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
      q, columns_of_lines(),
      from.from.inventory->apply(q.request.body, *wish, q.flag("confirm"), std::string(q.text("hash")), q.who.name));
}

// -- rows -------------------------------------------------------------------------------------------------------------

constexpr refusal stands_against{409, "The inventory, or the configuration, stands against it", "InventoryRefused"};
constexpr refusal not_here{503, "The inventory cannot be changed here, or cannot be read just now"};

constexpr std::string_view all_or_nothing =
    "All or nothing: written to the file, of which a copy is kept, then loaded. 409 with what somebody changed "
    "meanwhile, where it is not the text of `hash`; where the daemon refuses it, the file is put back.";

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
       .function = show_table<columns_of_lines>},
      {.path = "/api/v1/inventory/lines/{id}",
       .summary = "一条专线在清单里的写法",
       .answer = "InventoryLine",
       .refusals = {{404, "The inventory has no such line"}, stands_against, not_here},
       .function = show_row<columns_of_lines>},
      {.path = "/api/v1/inventory/sites",
       .summary = "网站清单文件",
       .about =
           "Whether sites can be changed here. 409 no_inventory where the configuration lists them itself, with how "
           "to move them.",
       .answer = "SiteInventory",
       .refusals = {stands_against, not_here},
       .function = show_table<columns_of_sites>},
      {.path = "/api/v1/inventory/sites/{id}",
       .summary = "一个网站在清单里的写法",
       .about = "Without its headers, in which a secret may stand.",
       .answer = "InventorySite",
       .refusals = {{404, "The inventory has no such site"}, stands_against, not_here},
       .function = show_row<columns_of_sites>},
      looking(row("/api/v1/inventory/changes/preview", "预览专线的新增、修改、停用",
                  "By the rules of `check`, with the inventory as it would be. Changes nothing.", "LineChanges",
                  preview_changes<columns_of_lines>),
              "ChangesPreview"),
      changing(row("/api/v1/inventory/changes", "新增、修改、停用专线", all_or_nothing, "LineChanges",
                   apply_changes<columns_of_lines>)),
      looking(row("/api/v1/inventory/sites/changes/preview", "预览网站的新增、修改、停用",
                  "As lines are: by the rules of `check`, with the file of sites as it would be. Changes nothing.",
                  "SiteChanges", preview_changes<columns_of_sites>),
              "SiteChangesPreview"),
      changing(row("/api/v1/inventory/sites/changes", "新增、修改、停用网站", all_or_nothing, "SiteChanges",
                   apply_changes<columns_of_sites>)),
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
