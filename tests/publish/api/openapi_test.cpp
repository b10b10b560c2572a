#include "daemon/publish/api/openapi.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/evaluate/small_evaluation.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

using boost::json::value;

struct OpenApiTest : testing::Test, asking {
  [[nodiscard]] const value& resolve(const value& schema) const {
    const value* s = &schema;
    if (const auto* all_of = s->as_object().if_contains("allOf")) s = &all_of->at(0);
    const auto* ref = s->as_object().if_contains("$ref");
    if (ref == nullptr) return *s;
    const std::string name(std::string_view(ref->as_string()).substr(std::string_view("#/components/schemas/").size()));
    return document.at("components").at("schemas").at(name);
  }
  static bool may_be_null(const value& schema) {
    const auto* n = schema.as_object().if_contains("nullable");
    return n != nullptr && n->as_bool();
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
    const std::string type(schema.at("type").as_string());
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
    mounted.insert(r.method + " " + r.path + (r.path.ends_with('/') ? "{id}" : ""));
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
  check_answer("/api/v1/outages", "get", ask("GET", "/api/v1/outages"));
  check_answer("/api/v1/availability", "get", ask("GET", "/api/v1/availability", {{"by", "line"}}));
  check_answer("/api/v1/evaluation", "get", ask("GET", "/api/v1/evaluation"));
  d.evaluation = std::make_shared<const evaluate::evaluation>(evaluate::small_evaluation());
  check_answer("/api/v1/evaluation", "get", ask("GET", "/api/v1/evaluation"));
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
  d.counters.heartbeat_ms = 0;
  check_answer("/api/v1/summary", "get", ask("GET", "/api/v1/summary"));
  check_answer("/api/v1/lines/{id}", "get", ask("GET", "/api/v1/lines/T01"));
  check_answer("/api/v1/outages", "get", ask("GET", "/api/v1/outages"));
  check_answer("/readyz", "get", ask("GET", "/readyz"));
}

TEST_F(OpenApiTest, EveryParameterThatIsDescribedIsAccepted) {
  for (const char* path : {"/api/v1/lines", "/api/v1/outages", "/api/v1/availability"}) {
    for (const value& p : document.at("paths").at(path).at("get").at("parameters").as_array()) {
      const std::string name(p.at("name").as_string());
      const std::string sample = name == "from" || name == "to" ? "2026-03-14"
                                 : name == "by"                 ? "line"
                                 : name == "state"              ? "up"
                                 : name == "kind"               ? "line"
                                                                : "1";
      EXPECT_EQ(ask("GET", path, {{name, sample}}).status, 200) << path << "?" << name;
    }
  }
}

}  // namespace
}  // namespace changtong::api
