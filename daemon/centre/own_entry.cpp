#include "daemon/centre/own_entry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/entries/entry_words.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/exact_line.h"

namespace changtong::centre {
namespace {

namespace json = boost::json;
using availability::seconds;
using ledger::digest_at;
using ledger::instant_at;
using ledger::text_at;

std::string hex(const ledger::digest& d) { return host::hex(ledger::bytes_of(d)); }

template <class List, class Text>
std::string array_of(const List& list, Text text) {
  json_array out;
  for (const auto& one : list) out.add_raw(text(one));
  return out.text();
}
template <class Of, class Read>
std::vector<Of> list_at(const json::object& o, std::string_view key, Read read) {
  std::vector<Of> out;
  for (const json::value& v : o.at(key).as_array()) out.push_back(read(v.as_object()));
  return out;
}

void add_instant(json_object& o, std::string_view key, const std::optional<wall_t>& at) {
  at ? o.add(key, ms_of(*at)) : o.add_null(key);
}
std::optional<wall_t> maybe_instant_at(const json::object& o, std::string_view key) {
  if (o.at(key).is_null()) return std::nullopt;
  return instant_at(o, key);
}

// ---- sums: as a node's closings name them ---------------------------------------------------------------------------

std::string row_text(const closed_row& r) {
  json_object o;
  o.add("province", r.province).add("city", r.city).add("district", r.district);
  o.add("category", r.category).add("name", r.name);
  add_instant(o, "scope_from", r.sums.scope ? std::optional(r.sums.scope->from) : std::nullopt);
  add_instant(o, "scope_to", r.sums.scope ? std::optional(r.sums.scope->to) : std::nullopt);
  for (const auto& [key, member] : entries::closed_lengths) o.add(key, std::int64_t{(r.sums.*member).count()});
  for (const auto& [key, member] : entries::closed_counts) o.add(key, r.sums.*member);
  return o.text();
}
closed_row row_from(const json::object& o) {
  closed_row r{.province = text_at(o, "province"),
               .city = text_at(o, "city"),
               .district = text_at(o, "district"),
               .category = text_at(o, "category"),
               .name = text_at(o, "name"),
               .sums = {}};
  const auto from = maybe_instant_at(o, "scope_from"), to = maybe_instant_at(o, "scope_to");
  if (from && to) r.sums.scope = period{*from, *to};
  for (const auto& [key, member] : entries::closed_lengths) r.sums.*member = milliseconds{o.at(key).as_int64()};
  for (const auto& [key, member] : entries::closed_counts) r.sums.*member = o.at(key).as_int64();
  return r;
}

std::string head_text(const sealed_head& h) {
  json_object o;
  o.add("node", h.node).add("branch", h.branch).add("seq", h.head.seq).add("hash", hex(h.head.hash));
  if (h.known) o.add("known", ms_of(*h.known));
  return o.text();
}
ledger::shipped_head head_at(const json::object& o) {
  return {.seq = o.at("seq").as_int64(), .hash = digest_at(o, "hash")};
}

std::string known_text(const known_node& n) {
  json_object o;
  o.add("node", n.node).add("branch", n.branch).add("entries", n.entries);
  add_instant(o, "as_of", n.as_of);
  return o.text();
}
std::string change_text(const entries::difference& d) {
  json_object o;
  return o.add("key", d.key).add("field", d.field).add("before", d.before).add("after", d.after).text();
}

// ---- bodies ---------------------------------------------------------------------------------------------------------

std::string body_of(const branch_begun& e) {
  json_object o;
  o.add("at", ms_of(e.at)).add("node", e.node).add("branch", e.branch);
  return o.add("author", e.author).add("reason", e.reason).text();
}
branch_begun branch_from(const json::object& o) {
  return {.at = instant_at(o, "at"),
          .node = text_at(o, "node"),
          .branch = o.at("branch").as_int64(),
          .author = text_at(o, "author"),
          .reason = text_at(o, "reason")};
}

std::string body_of(const node_retired& e) {
  json_object o;
  o.add("at", ms_of(e.at)).add("node", e.node);
  add_instant(o, "since", e.since);
  return o.add("author", e.author).add("reason", e.reason).text();
}
node_retired retired_from(const json::object& o) {
  return {.at = instant_at(o, "at"),
          .node = text_at(o, "node"),
          .since = maybe_instant_at(o, "since"),
          .author = text_at(o, "author"),
          .reason = text_at(o, "reason")};
}

std::string body_of(const heads_sealed& s) {
  return signed_text(s) + ",\"signature\":\"" + host::hex(s.signature) + "\"}";
}
heads_sealed seal_from(const json::object& o) {
  return {.at = instant_at(o, "at"),
          .number = o.at("seal").as_int64(),
          .centre = text_at(o, "centre"),
          .day = text_at(o, "day"),
          .zone = text_at(o, "zone"),
          .own = head_at(o.at("own").as_object()),
          .heads = list_at<sealed_head>(o, "heads",
                                        [](const json::object& h) {
                                          return sealed_head{text_at(h, "node"), h.at("branch").as_int64(), head_at(h),
                                                             h.contains("known") ? std::optional(instant_at(h, "known"))
                                                                                 : std::nullopt};
                                        }),
          .key = text_at(o, "key"),
          .signature = ledger::bytes_at(o, "signature")};
}

/** The month comes first: by it a closing is found without reading all of it. */
std::string body_of(const month_closed& c) {
  json_object o;
  o.add("month", c.month).add("version", c.version).add("at", ms_of(c.at)).add("zone", c.zone);
  o.add("from", ms_of(c.when.from)).add("to", ms_of(c.when.to)).add("author", c.author).add("reason", c.reason);
  o.add_raw("nodes", array_of(c.nodes, known_text)).add_raw("changes", array_of(c.changes, change_text));
  return o.add("more", c.more).add_raw("figures", array_of(c.figures, row_text)).text();
}
month_closed closed_from(const json::object& o) {
  month_closed c{.at = instant_at(o, "at"),
                 .month = text_at(o, "month"),
                 .zone = text_at(o, "zone"),
                 .when = {instant_at(o, "from"), instant_at(o, "to")},
                 .version = o.at("version").as_int64(),
                 .author = text_at(o, "author"),
                 .reason = text_at(o, "reason"),
                 .figures = list_at<closed_row>(o, "figures", row_from),
                 .nodes = {},
                 .changes = {},
                 .more = o.at("more").as_int64()};
  c.nodes = list_at<known_node>(o, "nodes", [](const json::object& n) {
    return known_node{text_at(n, "node"), n.at("branch").as_int64(), n.at("entries").as_int64(),
                      maybe_instant_at(n, "as_of")};
  });
  c.changes = list_at<entries::difference>(o, "changes", [](const json::object& d) {
    return entries::difference{text_at(d, "key"), text_at(d, "field"), d.at("before").as_int64(),
                               d.at("after").as_int64()};
  });
  return c;
}

std::string body_of(const ahead_explained& e) {
  json_object o;
  return o.add("at", ms_of(e.at)).add("ahead", ms_of(e.ahead)).add("author", e.author).add("reason", e.reason).text();
}
ahead_explained ahead_from(const json::object& o) {
  return {.at = instant_at(o, "at"),
          .ahead = instant_at(o, "ahead"),
          .author = text_at(o, "author"),
          .reason = text_at(o, "reason")};
}

std::string body_of(const approval_said& e) {
  json_object o;
  o.add("at", ms_of(e.at)).add("answer", approval_answers.at(static_cast<std::size_t>(e.answer)));
  o.add("order", e.order).add("node", e.node).add("window", e.window).add("version", e.version);
  o.add_bool("approved", e.approved).add("author", e.author).add("reason", e.reason);
  return o.add("words", e.words.cn).add("words_en", e.words.en).text();
}
approval_said approval_from(const json::object& o) {
  const auto answer = std::ranges::find(approval_answers, text_at(o, "answer"));
  return {.at = instant_at(o, "at"),
          .answer = static_cast<approval_answer>(answer - approval_answers.begin()),
          .order = text_at(o, "order"),
          .node = text_at(o, "node"),
          .window = text_at(o, "window"),
          .version = text_at(o, "version"),
          .approved = o.at("approved").as_bool(),
          .author = text_at(o, "author"),
          .reason = text_at(o, "reason"),
          .words = {text_at(o, "words"), text_at(o, "words_en")}};
}

std::string_view kind_of(const own_entry& e) {
  return std::array{branch_kind, retired_kind, seal_kind, closed_kind, ahead_kind, approval_kind}.at(e.index());
}

template <class T>
result<own_entry> exactly(std::string_view body, T (*from)(const json::object&)) {
  auto read = ledger::read_exact(body, most_own_bytes, from, [](const T& made) { return body_of(made); });
  if (read) return own_entry(std::move(*read));
  return said({"内容不是中心自己的账目，或被改动过", "the body is not an entry of a centre's, or was changed"});
}

result<own_entry> decoded(const ledger::shipped_entry& e) {
  if (e.kind == branch_kind) return exactly(e.body, branch_from);
  if (e.kind == retired_kind) return exactly(e.body, retired_from);
  if (e.kind == seal_kind) return exactly(e.body, seal_from);
  if (e.kind == closed_kind) return exactly(e.body, closed_from);
  if (e.kind == ahead_kind) return exactly(e.body, ahead_from);
  if (e.kind == approval_kind) return exactly(e.body, approval_from);
  return said(both("没有 {} 这一类", "there is no kind {}", e.kind));
}

wall_t label_of(const own_entry& e) {
  return std::visit([](const auto& one) { return one.at; }, e);
}

}  // namespace

std::string signed_text(const heads_sealed& s) {
  json_object own;
  own.add("seq", s.own.seq).add("hash", hex(s.own.hash));
  json_object o;
  o.add("seal", s.number).add("at", ms_of(s.at)).add("centre", s.centre).add("day", s.day).add("zone", s.zone);
  o.add_raw("own", own.text()).add_raw("heads", array_of(s.heads, head_text)).add("key", s.key);
  std::string text = o.text();
  text.pop_back();  // the brace that closes it
  return text;
}

result<void> check_words(const own_entry& e) {
  return std::visit(
      [](const auto& one) -> result<void> {
        if constexpr (requires { one.author; })
          if (const auto bad = entries::bad_words(one.author, one.reason))
            return said(bad->text, bad->text_en, problem_class::usage);
        return {};
      },
      e);
}

ledger::shipped_entry encode(const own_entry& e) {
  return {.seq = 0,
          .at = label_of(e),
          .kind = std::string(kind_of(e)),
          .body = std::visit([](const auto& one) { return body_of(one); }, e),
          .hash = {}};
}

result<own_entry> decode(const ledger::shipped_entry& e) {
  auto read = decoded(e);
  if (read && label_of(*read) != e.at)
    return said({"所标的时刻不是内容里的时刻", "its label is not the instant in it"});
  return read;
}

}  // namespace changtong::centre
