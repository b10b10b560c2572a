#include "daemon/publish/api/openapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/core/fact_table.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/embedded.h"
#include "daemon/publish/api/entry_schemas.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

constexpr std::string_view about_all =
    "专线与网站的状态、中断与畅通率，停机窗口、批注与值班记录。Ratios are numbers at full precision, null where a "
    "formula "
    "has no value; instants carry the offset of the configured zone.";

std::string one(std::string_view key, std::string_view json) { return json_object().add_raw(key, json).text(); }

/** `{"content": …}` of a body with this schema; without one, a text or file of one of these types. */
json_object content(std::string_view schema, const std::vector<std::string_view>& types) {
  json_object kinds, out;
  if (schema.empty())
    for (const std::string_view type : types)
      kinds.add_raw(type, one("schema", json_object().add("type", "string").text()));
  else
    kinds.add_raw("application/json",
                  one("schema", json_object().add("$ref", fmt::format("#/components/schemas/{}", schema)).text()));
  out.add_raw("content", kinds.text());
  return out;
}

/** Of a file: its bytes as they are. */
json_object file_content(std::string_view schema) {
  json_object out;
  out.add_raw("content",
              one("application/octet-stream",
                  one("schema", json_object().add("$ref", fmt::format("#/components/schemas/{}", schema)).text())));
  return out;
}

std::string schema_of(const parameter& p) {
  json_object out;
  json_array words;
  for (const std::string_view word : p.words) words.add(word);
  switch (p.what) {
    case parameter::kind::number:
      out.add("type", "integer").add("default", static_cast<std::int64_t>(p.otherwise));
      out.add("minimum", std::int64_t{0}).add("maximum", static_cast<std::int64_t>(p.most));
      break;
    case parameter::kind::flag:
      out.add("type", "string").add_raw("enum", R"(["1","0","true","false"])");
      break;
    case parameter::kind::word:
      out.add("type", "string").add_raw("enum", words.text());
      break;
    case parameter::kind::text:
    case parameter::kind::target:
      out.add("type", "string");
      break;
  }
  return out.text();
}

std::string parameters_of(const route& r) {
  json_array out;
  if (prefix_of(r) != r.path)
    out.add_raw(json_object()
                    .add("name", "id")
                    .add("in", "path")
                    .add_bool("required", true)
                    .add_raw("schema", R"({"type":"string"})")
                    .text());
  for (const parameter& p : r.parameters) {
    json_object written;
    written.add("name", p.name).add("in", "query");
    if (!p.about.empty()) written.add("description", p.about);
    out.add_raw(written.add_raw("schema", schema_of(p)).text());
  }
  return out.text();
}

std::string_view done_words(const route& r) {
  if (!r.done.empty()) return r.done;
  return r.needs && !r.body.empty() ? "Durable in the ledger" : "OK";
}

/** By status. What follows from a row is not said in it: see `refusal`. */
std::string responses_of(const route& r) {
  std::map<int, refusal> all{{200, {200, done_words(r), r.answer}}};
  if ((!r.needs || r.method == "GET") && !r.any_parameter) all[400] = {400, "A parameter is unknown or wrong"};
  if (!r.needs && !r.open) {
    all[401] = {401, "There are users, and nobody has signed in"};
    all[403] = {403, "The password has to be changed first"};
  }
  if (std::ranges::any_of(r.parameters, [](const parameter& p) { return p.what == parameter::kind::target; })) {
    all[404] = {404, "No line or site is called so"};
    all[409] = {409, "Several lines or sites are called so"};
  }
  if (r.method == "POST") all[400] = {400, "The body holds something, and this takes none"};
  if (!r.body.empty()) all[400] = {400, "The body says nothing that could be entered"};
  if (r.needs) {
    all[401] = {401, "Missing or wrong token, or nobody has signed in"};
    all[403] = {403, "Whoever asks has not the right, X-CSRF-Token is not the session's, or no token is configured"};
  }
  if (!r.open) all[503] = {503, "The users cannot be read, so nobody can say who asks"};
  for (const refusal& no : r.refusals) all[no.status] = no;
  json_object out;
  for (const auto& [status, what] : all)
    out.add_raw(std::to_string(status), content(what.schema, r.types).add("description", what.why).text());
  return out.text();
}

std::string operation(const route& r) {
  json_object out;
  out.add("summary", r.summary);
  std::string about;
  if (r.needs && r.needs_by_body == nullptr)
    about = fmt::format("Needs the right `{}`. ", right_names.at(static_cast<std::size_t>(*r.needs)));
  about += r.about;
  while (about.ends_with(' ')) about.pop_back();
  if (!about.empty()) out.add("description", about);
  out.add_raw("parameters", parameters_of(r));
  if (r.needs) out.add_raw("security", R"([{"token":[]},{"session":[]}])");
  if (!r.needs && !r.open) out.add_raw("security", R"([{},{"token":[]},{"session":[]}])");
  json_object body = r.most_body > 0 ? file_content(r.body) : content(r.body, {});
  if (!r.body.empty()) out.add_raw("requestBody", body.add_bool("required", true).text());
  return out.add_raw("responses", responses_of(r)).text();
}

/** In the order of the table, what has one path together. */
std::string paths() {
  std::vector<std::pair<std::string_view, json_object>> out;
  for (const route& r : all_routes()) {
    auto at = std::ranges::find(out, r.path, [](const auto& written) { return written.first; });
    if (at == out.end()) at = out.insert(at, {r.path, json_object()});
    at->second.add_raw(r.method == "GET" ? "get" : "post", operation(r));
  }
  json_object all;
  for (const auto& [path, methods] : out) all.add_raw(path, methods.text());
  return all.text();
}

std::string schema_of(const fact_row& row) {
  switch (row.unit) {
    case fact_unit::unix_seconds:
      return R"({"type":["string","null"],"format":"date-time"})";
    case fact_unit::nanoseconds:
    case fact_unit::thousandths:
    case fact_unit::millionths:
      return R"({"type":["number","null"]})";
    case fact_unit::counter:
    case fact_unit::number:
      break;
  }
  return row.zero_is_unknown ? R"({"type":"integer"})" : R"({"type":["integer","null"]})";
}

/** `"@facts": "line"` stands where the fields of core/fact_table.h belong. */
std::string with_facts(std::string text) {
  for (const auto& [whom, mark] : {std::pair{fact_of::line, R"("@facts": "line")"},
                                   {fact_of::interface, R"("@facts": "interface")"},
                                   {fact_of::site, R"("@facts": "site")"}}) {
    json_object fields;
    for (const fact_row& row : fact_table)
      if (row.of == whom && !row.field.empty()) fields.add_raw(row.field, schema_of(row));
    const std::string all = fields.text();
    const std::size_t at = text.find(mark);
    text.replace(at, std::string_view(mark).size(), all, 1, all.size() - 2);
  }
  return text;
}

/** What is written by hand, and what follows from the tables of what people enter and of facts. */
std::string schemas() {
  const std::string derived = entry_schemas();
  return derived.substr(0, derived.size() - 1) + "," + with_facts(std::string(schemas_json().substr(1)));
}

}  // namespace

std::string openapi_document() {
  json_object info, components, out;
  info.add("title", "畅通 Changtong").add("version", "1").add("description", about_all);
  components.add_raw(
      "securitySchemes",
      R"({"token":{"type":"http","scheme":"bearer"},"session":{"type":"apiKey","in":"cookie","name":"changtong_session",)"
      R"("description":"Over TLS its name is __Host-changtong_session"}})");
  components.add_raw("schemas", schemas());
  out.add("openapi", "3.1.0").add_raw("info", info.text()).add_raw("paths", paths());
  return out.add_raw("components", components.text()).text();
}

std::vector<route> document_routes() {
  const auto show = [](context&, const question&) { return json_answer(openapi_document()); };
  return {
      {.path = "/api/v1/openapi.json",
       .summary = "本文档",
       .any_parameter = true,
       .answer = "OpenApi",
       .function = show},
  };
}

}  // namespace changtong::api
