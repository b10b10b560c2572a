#include "daemon/publish/api/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "daemon/publish/api/routes.h"

#include "tests/evaluate/small_evaluation.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

using boost::json::value;

struct OpenApiTest : testing::Test, asking {
  [[nodiscard]] const value& resolve(const value& schema) const {
    const value* s = &schema;
    if (const auto* any = s->as_object().if_contains("anyOf")) s = &any->at(0);
    const auto* ref = s->as_object().if_contains("$ref");
    if (ref == nullptr) return *s;
    const std::string name(std::string_view(ref->as_string()).substr(std::string_view("#/components/schemas/").size()));
    return document.at("components").at("schemas").at(name);
  }
  /** The types that a schema names, without null. */
  static std::vector<std::string> types(const value& schema) {
    std::vector<std::string> out;
    const value& type = schema.at("type");
    if (type.is_string()) return {std::string(type.as_string())};
    for (const value& one : type.as_array())
      if (one != "null") out.emplace_back(one.as_string());
    return out;
  }
  static bool may_be_null(const value& schema) {
    if (const auto* any = schema.as_object().if_contains("anyOf"))
      return std::ranges::any_of(any->as_array(), [](const value& one) { return may_be_null(one); });
    const auto* type = schema.as_object().if_contains("type");
    return type != nullptr && (*type == "null" || (type->is_array() && types(schema).size() < type->as_array().size()));
  }
  static bool has_type(const value& v, std::string_view type) {
    if (type == "object") return v.is_object();
    if (type == "array") return v.is_array();
    if (type == "string") return v.is_string();
    if (type == "boolean") return v.is_bool();
    if (type == "integer") return v.is_int64() || v.is_uint64();
    return v.is_number();
  }
  /** Every documented field is there with its type, and no field is there that is not documented. */
  void check(const value& v, const value& written, const std::string& where) const {
    const value& schema = resolve(written);
    if (v.is_null()) {
      EXPECT_TRUE(may_be_null(written) || may_be_null(schema)) << where << " is null";
      return;
    }
    const std::string type = types(schema).at(0);
    ASSERT_TRUE(has_type(v, type)) << where << " is not " << type << ": " << serialize(v);
    if (const auto* values = schema.as_object().if_contains("enum")) {
      EXPECT_NE(std::ranges::find(values->as_array(), v), values->as_array().end()) << where << ": " << serialize(v);
    }
    if (type == "array") {
      for (const value& one : v.as_array()) check(one, schema.at("items"), where + "[]");
    }
    const auto* properties = type == "object" ? schema.as_object().if_contains("properties") : nullptr;
    if (properties == nullptr) return;
    for (const auto& name : schema.at("required").as_array())
      EXPECT_TRUE(v.as_object().contains(name.as_string())) << where << " lacks " << name;
    for (const auto& [name, inner] : v.as_object()) {
      const auto* known = properties->as_object().if_contains(name);
      ASSERT_NE(known, nullptr) << where << " has the undocumented field " << name;
      check(inner, *known, where + "." + std::string(name));
    }
  }
  void check_answer(const std::string& documented, const std::string& method, const web_response& answer) const {
    const auto& responses = document.at("paths").at(documented).at(method).at("responses").as_object();
    const auto* response = responses.if_contains(std::to_string(answer.status));
    ASSERT_NE(response, nullptr) << documented << " answers " << answer.status;
    check(boost::json::parse(answer.body), response->at("content").at("application/json").at("schema"), documented);
  }
  value document = boost::json::parse(openapi_document());
};

TEST_F(OpenApiTest, IsServedAsItIs) { EXPECT_EQ(json("/api/v1/openapi.json"), document); }

TEST_F(OpenApiTest, DescribesExactlyTheMountedRoutes) {
  std::set<std::string> mounted;
  for (const web_route& r : made->routes())
    EXPECT_TRUE(mounted.insert(r.method + " " + r.path + (r.path.ends_with('/') ? "{id}" + r.ending : "")).second)
        << r.path;
  std::set<std::string> described;
  for (const auto& [path, methods] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object())
      described.insert((method == "get" ? "GET " : "POST ") + std::string(path));
  }
  EXPECT_EQ(mounted, described);
}

TEST_F(OpenApiTest, AnswersHaveTheDocumentedFieldsAndNoOther) {
  d.cut("V002", d.now - milliseconds{60'000}, cause::timeout, cause::upstream, "T02");
  check_answer("/api/v1/summary", "get", ask("GET", "/api/v1/summary"));
  check_answer("/api/v1/lines", "get", ask("GET", "/api/v1/lines"));
  check_answer("/api/v1/lines", "get", ask("GET", "/api/v1/lines", {{"limit", "x"}}));
  check_answer("/api/v1/lines/{id}", "get", ask("GET", "/api/v1/lines/V002"));
  check_answer("/api/v1/lines/{id}", "get", ask("GET", "/api/v1/lines/portal"));
  check_answer("/api/v1/lines/{id}", "get", ask("GET", "/api/v1/lines/none"));
  check_answer("/api/v1/lines/{id}/recent", "get", ask("GET", "/api/v1/lines/none/recent"));
  check_answer("/api/v1/sites/{id}/recent", "get", ask("GET", "/api/v1/sites/none/recent"));
  check_answer("/api/v1/outages", "get", ask("GET", "/api/v1/outages"));
  check_answer("/api/v1/availability", "get", ask("GET", "/api/v1/availability", {{"by", "line"}}));
  check_answer("/api/v1/evaluation", "get", ask("GET", "/api/v1/evaluation"));
  d.evaluation = std::make_shared<const evaluate::evaluation>(evaluate::small_evaluation());
  check_answer("/api/v1/evaluation", "get", ask("GET", "/api/v1/evaluation"));
  check_answer("/api/v1/closings", "get", ask("GET", "/api/v1/closings"));
  check_answer("/readyz", "get", ask("GET", "/readyz"));
  d.remarks = {{"seals_set_aside", "封存另存", "seals were set aside"}};
  check_answer("/readyz", "get", ask("GET", "/readyz"));
  check_answer("/api/v1/summary", "get", ask("GET", "/api/v1/summary"));
  check_answer("/api/v1/reload", "post", post("Bearer correct horse"));
  check_answer("/api/v1/reload", "post", post(""));
}

TEST_F(OpenApiTest, HoldsWhenTheLedgerDoesNotAnswer) {
  d.no_ledger = true;
  start();
  d.tallies.heartbeat_ms = 0;
  check_answer("/api/v1/summary", "get", ask("GET", "/api/v1/summary"));
  check_answer("/api/v1/lines/{id}", "get", ask("GET", "/api/v1/lines/T01"));
  check_answer("/api/v1/outages", "get", ask("GET", "/api/v1/outages"));
  check_answer("/readyz", "get", ask("GET", "/readyz"));
}

TEST_F(OpenApiTest, EveryParameterThatIsDescribedIsAccepted) {
  d.pair();  // some questions are a pair's alone
  start();
  for (const route& r : all_routes())
    for (const parameter& p : r.method == "GET" ? r.parameters : std::vector<parameter>{}) {
      const std::string name(p.name);
      const std::string sample(name == "year"                      ? "2026"
                               : p.what == parameter::kind::target ? "V001"
                               : name == "from" || name == "to"    ? "2026-03-14"
                               : p.words.empty()                   ? "1"
                                                                   : p.words[0]);
      const auto& described = document.at("paths").at(r.path).at("get").at("parameters").as_array();
      EXPECT_TRUE(std::ranges::any_of(described, [&](const value& has) { return has.at("name").as_string() == name; }))
          << r.path;
      d.people = {{.name = "甲", .token = secret("audits"), .may = {right::audit}}};
      const std::string path = r.path == "/api/v1/lines/{id}" ? "/api/v1/lines/T01" : std::string(r.path);
      EXPECT_EQ(ask("GET", path, {{name, sample}}, {{"authorization", "Bearer audits"}}).status,
                r.needs ? 503 : 200)  // there are no users here whose log it would be
          << r.path << "?" << name << "=" << sample;
    }
}

/** A line may be called as a word of a route: no literal path of its own method may hide it. */
TEST_F(OpenApiTest, NoRouteHidesAnId) {
  for (const route& of_ids : all_routes()) {
    if (prefix_of(of_ids) == of_ids.path) continue;
    for (const route& literal : all_routes()) {
      if (prefix_of(literal) != literal.path || literal.method != of_ids.method) continue;
      const bool under = literal.path.starts_with(prefix_of(of_ids)) && literal.path.ends_with(ending_of(of_ids));
      EXPECT_FALSE(under) << literal.path << " hides an id of " << of_ids.path;
    }
  }
}

struct RoutesTest : OpenApiTest {
  RoutesTest() {
    d.people = {{.name = "甲", .token = secret("everything"), .may = {}}};
    for (std::size_t i = 0; i < right_names.size(); ++i) d.people[0].may.push_back(right(i));
  }
  const std::multimap<std::string, std::string> everybodys{{"authorization", "Bearer everything"}};
  /** An address that the row takes. */
  static std::string address(const route& r) {
    return std::string(prefix_of(r)) + (prefix_of(r) == r.path ? "" : "V001") + std::string(ending_of(r));
  }
  /** Holds a refusal to its row, and to the house: code, Chinese, English. */
  void refused(const route& r, const web_response& answer, int status) const {
    EXPECT_EQ(answer.status, status) << r.path;
    check_answer(std::string(r.path), r.method == "GET" ? "get" : "post", answer);
    const auto said = boost::json::parse(answer.body).at("error");
    EXPECT_FALSE(said.at("text").as_string().empty()) << r.path;
    EXPECT_NE(said.at("text"), said.at("text_en")) << r.path;
  }
};

TEST_F(RoutesTest, AParameterThatNoRowNamesIsRefusedWhereverSomethingIsAsked) {
  std::set<std::string_view> looked_away;
  d.evaluation = std::make_shared<const evaluate::evaluation>(evaluate::small_evaluation());
  for (const route& r : all_routes()) {
    if (r.method != "GET") continue;
    const auto answer = ask("GET", address(r), {{"catgory", "village"}}, everybodys);
    if (answer.status == 200) {
      looked_away.insert(r.path);
      continue;
    }
    refused(r, answer, 400);
    EXPECT_THAT(answer.body, testing::HasSubstr("未知参数 catgory"));
    EXPECT_THAT(answer.body, testing::HasSubstr("unknown parameter catgory"));
    for (const parameter& p : r.parameters) {
      EXPECT_THAT(answer.body, testing::HasSubstr(std::string(p.name))) << "what there is, is said";
      const std::string name(p.name);
      refused(r, ask("GET", address(r), {{name, "1"}, {name, "1"}}, everybodys), 400);
    }
  }
  EXPECT_EQ(looked_away, (std::set<std::string_view>{"/api/v1/openapi.json", "/healthz", "/readyz"}));
}

TEST_F(RoutesTest, AValueThatItsRowDoesNotKnowIsRefused) {
  d.pair();
  start();
  for (const route& r : all_routes())
    for (const parameter& p : r.parameters) {
      if (p.what == parameter::kind::text || r.method != "GET") continue;  // of a POST: inventory_test.cpp
      if (p.what == parameter::kind::target) {
        refused(r, ask("GET", address(r), {{std::string(p.name), "V0001"}}, everybodys), 404);
        continue;
      }
      const std::string most = std::to_string(p.most), beyond = std::to_string(p.most + 1);
      for (const std::string& wrong : {std::string("two"), std::string("-1"), std::string("1 "), beyond})
        if (!(p.what == parameter::kind::flag && wrong == beyond))
          refused(r, ask("GET", address(r), {{std::string(p.name), wrong}}, everybodys), 400);
      if (p.what == parameter::kind::number) {
        EXPECT_EQ(ask("GET", address(r), {{std::string(p.name), most}}, everybodys).status, r.needs ? 503 : 200)
            << r.path << ": what needs a right has nobody to ask here";
        EXPECT_EQ(ask("GET", address(r), {{std::string(p.name), ""}}, everybodys).status, 400) << r.path;
      }
    }
}

TEST_F(RoutesTest, ARightIsAskedForByItsRow) {
  std::set<right> asked;
  for (const route& r : all_routes()) {
    if (r.open) continue;  // signing in and out: accounts_test.cpp
    EXPECT_TRUE(r.method != "POST" || r.needs) << r.path << ": whoever changes something has a name";
    if (!r.needs) continue;
    asked.insert(*r.needs);
    d.people = {{.name = "甲", .token = secret("all"), .may = {}}, {.name = "乙", .token = secret("one"), .may = {}}};
    for (std::size_t i = 0; i < right_names.size(); ++i)
      (right(i) == *r.needs ? d.people[1] : d.people[0]).may.push_back(right(i));
    const auto asked_by = [&](const std::string& token) {
      return ask(std::string(r.method), address(r), {}, {{"authorization", "Bearer " + token}},
                 r.method == "POST" ? "{}" : "");
    };
    refused(r, ask(std::string(r.method), address(r)), 401);
    refused(r, asked_by("all"), 403);
    const auto answer = asked_by("one");
    EXPECT_TRUE(answer.status != 401 && answer.status != 403) << r.path << ": " << answer.body;
  }
  asked.insert(right::approve);  // stands in the body of a step
  EXPECT_EQ(asked.size(), right_names.size());
}

TEST_F(RoutesTest, EverySchemaThatARowNamesIsThereAndNoneIsIdle) {
  std::set<std::string> named{"Error"};
  for (const route& r : all_routes()) {
    for (const std::string_view schema : {r.body, r.answer})
      if (!schema.empty()) named.insert(std::string(schema));
    for (const refusal& no : r.refusals) named.insert(std::string(no.schema));
  }
  const auto& schemas = document.at("components").at("schemas").as_object();
  for (const std::string& name : named) EXPECT_TRUE(schemas.contains(name)) << name;
  const std::string text = serialize(document);
  for (const auto& [name, schema] : schemas)
    EXPECT_NE(text.find("\"#/components/schemas/" + std::string(name) + "\""), std::string::npos) << name;
}

}  // namespace
}  // namespace changtong::api
