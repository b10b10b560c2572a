#include "daemon/publish/api/entry_schemas.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "daemon/core/command.h"
#include "daemon/core/json.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

constexpr std::string_view any_instant = "2026-03-14 22:00 in the zone, or ISO 8601 with an offset";

json_object typed(std::string_view name) { return std::move(json_object().add("type", name)); }
json_object instant() { return std::move(typed("string").add("format", "date-time")); }
json_object list_of(const json_object& one) { return std::move(typed("array").add_raw("items", one.text())); }

// How a type of field looks.
json_object look(const std::string* /*type*/) { return typed("string"); }
json_object look(const std::optional<wall_t>* /*type*/) { return typed("string"); }
json_object look(const wall_t* /*type*/) { return instant(); }
json_object look(const std::int64_t* /*type*/) { return typed("integer"); }
json_object look(const bool* /*type*/) { return typed("boolean"); }
json_object look(const std::vector<std::string>* /*type*/) { return list_of(typed("string")); }
template <named_value E>
json_object look(const E* /*type*/) {
  json_array names;
  for (const E one : values_of<E>::all) names.add(name_of(one));
  return std::move(typed("string").add_raw("enum", names.text()));
}

/** An object under way. */
class shape {
 public:
  void add(std::string_view name, json_object type, std::string_view means, bool required) {
    if (!means.empty()) type.add("description", means);
    properties_.add_raw(name, type.text());
    if (required) required_.emplace_back(name);
  }
  [[nodiscard]] std::string text(bool nothing_else = false) const {
    json_object o = typed("object");
    if (nothing_else) o.add_bool("additionalProperties", false);
    if (!required_.empty()) o.add_raw("required", json_list(required_));
    return o.add_raw("properties", properties_.text()).text();
  }

 private:
  json_object properties_;
  std::vector<std::string> required_;
};

/** The fields of a command; `needed`: besides those that always have to be said. */
template <class Command>
void add_body(shape& to, std::initializer_list<std::string_view> needed = {}) {
  each_field<Command>([&]<class F>(const F& f) {
    using value = typename F::value;
    constexpr bool when = std::is_same_v<value, std::optional<wall_t>>;
    to.add(f.name, look(static_cast<const value*>(nullptr)), when && f.means.empty() ? any_instant : f.means,
           f.stands == presence::always || std::ranges::find(needed, f.name) != needed.end());
  });
}

/** A window's step and id stand beside its table. */
void add_window_bodies(json_object& to) {
  shape request, step;
  request.add("id", typed("string"), "A-Z a-z 0-9 . _ - ; made from the day where it is left out", false);
  request.add("target", typed("string"), {}, false);
  add_body<window_command>(request, {"from", "to"});
  step.add("step", std::move(typed("string").add_raw("enum", R"(["approve","revise","cancel"])")), {}, true);
  add_body<window_command>(step);
  to.add_raw(description<window_command>::schema, request.text()).add_raw("WindowStep", step.text());
}

/** All that a record says, as entries.cpp answers it. */
template <class T>
std::string answer_of() {
  shape s;
  each_field<T>([&]<class F>(const F& f) {
    using value = typename F::value;
    if (f.stands == presence::as_json) return s.add(f.name, list_of(typed("object")), f.means, true);
    const bool may_lack = std::is_same_v<value, wall_t> && f.stands == presence::if_any;
    s.add(f.name, look(static_cast<const value*>(nullptr)), f.means, !may_lack);
  });
  if constexpr (std::is_same_v<T, duty_record>)
    s.add("late", typed("boolean"), "entered more than 24 hours after the day ended", true);
  if constexpr (std::is_same_v<T, trap_record>) {
    s.add("name", typed("string"), "as its MIB has it; the identifier where it is not known", true);
    s.add("chinese", typed("string"), "empty where it is not known", true);
  }
  if constexpr (requires { description<T>::counts; }) s.add("counts", typed("boolean"), description<T>::counts, true);
  return s.text();
}

/** With the period that was asked for, where a period can be asked for. */
template <class T>
std::string list_answer() {
  const auto asks_for_period = [](const route& r) {
    return r.answer == description<T>::list &&
           std::ranges::find(r.parameters, "from", &parameter::name) != r.parameters.end();
  };
  shape s;
  if (std::ranges::any_of(all_routes(), asks_for_period))
    s.add("from", instant(), {}, true), s.add("to", instant(), {}, true);
  const std::string one = fmt::format("#/components/schemas/{}", description<T>::schema);
  s.add(list_name<T>(), list_of(json_object().add("$ref", one)), {}, true);
  return s.text();
}

template <class T>
void add_schemas(json_object& to) {
  if constexpr (std::is_same_v<T, window_record>) return add_window_bodies(to);  // its list is of windows, not of steps
  if constexpr (has_command<T>) {
    using command = typename description<T>::command;
    shape body;
    add_body<command>(body);
    to.add_raw(description<command>::schema, body.text(requires { description<command>::nothing_else; }));
  }
  if constexpr (requires { description<T>::schema; }) to.add_raw(description<T>::schema, answer_of<T>());
  if constexpr (requires { description<T>::list; }) to.add_raw(description<T>::list, list_answer<T>());
}

template <class... T>
void add_all(json_object& to, types<T...> /*all*/) {
  (add_schemas<T>(to), ...);
}

}  // namespace

std::string entry_schemas() {
  json_object all;
  add_all(all, declarations{});
  return all.text();
}

}  // namespace changtong::api
