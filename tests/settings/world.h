#pragma once
/** A disk and an environment made of maps. */
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "daemon/settings/settings.h"
#include "tests/reading/two_languages.h"
#include "tests/settings/fake_kinds.h"

namespace changtong::fakes {

struct world {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables{{"COMMUNITY", "s3cret-community"},
                                               {"API_TOKEN", "s3cret-token-0123456789"}};
  std::set<std::string> open_files;

  [[nodiscard]] surroundings view() const {
    return {.read = [this](const std::string& path) -> result<std::string> {
              const auto f = files.find(path);
              if (f == files.end()) return said("没有这个文件", "no such file");
              return result<std::string>(boost::system::in_place_value, f->second);
            },
            .environment = [this](const std::string& name) -> std::optional<std::string> {
              const auto v = variables.find(name);
              return v == variables.end() ? std::nullopt : std::optional(v->second);
            },
            .open_to_others = [this](const std::string& path) { return open_files.contains(path); },
            .kinds = fake_kinds()};
  }
};

/** Headings and one row each; the configuration names them as lines.csv. */
inline world with(std::string yaml, std::string csv = "id,category,address\nV1,village,192.0.2.7\n") {
  world w;
  w.files["c.yaml"] = "inventory: lines.csv\nanchors: [198.51.100.1, 198.51.100.2]\n" + std::move(yaml);
  w.files["lines.csv"] = std::move(csv);
  return w;
}

/** All errors in English, one a line; empty if it loads. */
inline std::string errors(const world& w, const std::string& path = "c.yaml") {
  const auto r = load(path, w.view());
  std::string out;
  if (!r)
    for (const problem& p : r.error().list) out += english(p) + "\n";
  return out;
}

/** The same in both languages, as people see them. */
inline std::string told(const world& w) {
  const auto r = load("c.yaml", w.view());
  std::string out;
  if (!r)
    for (const problem& p : r.error().list) out += to_string(p) + "\n";
  return out;
}

inline loaded good(const world& w, const std::string& path = "c.yaml") {
  auto r = load(path, w.view());
  if (!r) {
    ADD_FAILURE() << errors(w, path);
    throw std::runtime_error("these settings should load");
  }
  return std::move(*r);
}

inline const check& check_of(const settings& s, const std::string& line, std::uint32_t nth = 0) {
  const target* t = s.targets->find(line);
  if (t == nullptr || nth >= t->check_count)
    throw std::runtime_error("no check " + std::to_string(nth) + " of " + line);
  return s.targets->checks[t->first_check + nth];
}

}  // namespace changtong::fakes
