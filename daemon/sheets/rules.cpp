#include "daemon/sheets/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "daemon/reading/words.h"
#include "daemon/sheets/table_file.h"

namespace changtong::sheets {
namespace {

/** A line that is in no inventory, for a configuration that has to have one. */
constexpr std::string_view stand_in = "id,category,address\nimport-stand-in,village,192.0.2.1\n";

/** `text` in the place of the table's file. */
verdict verdict_on(const std::string& config, const surroundings& world, const std::string& table,
                   const std::string& text) {
  surroundings amended = world;
  amended.read = [&](const std::string& path) -> result<std::string> {
    if (path == table) return result<std::string>(boost::system::in_place_value, text);
    return world.read(path);
  };
  auto loaded = load(config, amended);
  verdict found;
  if (loaded)
    found = {.problems = {},
             .warnings = std::move(loaded->warnings),
             .made = loaded->value.targets,
             .shared = loaded->value.nodes.has_value()};
  else
    found.problems = loaded.error().list;
  for (auto* list : {&found.problems, &found.warnings})
    for (problem& p : *list)
      if (p.file == table) p.file.clear();
  return found;
}

/** Names behind `credential=`. */
std::set<std::string> credentials_in(std::string_view text) {
  constexpr std::string_view key = "credential=";
  std::set<std::string> names;
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at)) {
    at += key.size();
    std::size_t end = at;
    while (end < text.size() && reading::name_character(text[end])) ++end;
    if (end > at && names.size() < 100) names.emplace(text.substr(at, end - at));
  }
  return names;
}

/** An inventory that is still to be written is no mistake of the configuration here. */
bool has_no_lines(const std::string& file, const surroundings& world) {
  auto text = world.read(file);
  if (!text) return true;
  const auto lines = table_file::read(std::move(*text));
  return lines && lines->count() == 0;
}

/** Every file is read once: a pipe says what it says once. */
surroundings read_once(const surroundings& disk) {
  surroundings s = disk;
  s.read = [disk, known = std::make_shared<std::map<std::string, result<std::string>>>()](const std::string& path) {
    auto at = known->find(path);
    if (at == known->end()) at = known->emplace(path, disk.read(path)).first;
    return at->second;
  };
  return s;
}

}  // namespace

boost::system::result<rules, problems> rules_of(const std::string& config, const surroundings& disk,
                                                const reading::table_columns& table) {
  const surroundings world = read_once(disk);
  auto known = load(config, world);
  if (!known) {
    surroundings without = world;
    without.lines = std::string(stand_in);
    auto rest = load(config, without);
    if (!rest || rest->value.inventory_file.empty() || !has_no_lines(rest->value.inventory_file, world))
      return known.error();
    known = std::move(rest);
  }
  const settings& s = known->value;
  rules r;
  r.file = table.of == target_kind::site ? s.sites_file : s.inventory_file;
  if (s.sites_file.empty())
    r.sites_listed = static_cast<std::size_t>(std::ranges::count(s.targets->targets, target_kind::site, &target::kind));
  r.categories = s.targets->categories;
  r.check = [config, world, file = r.file](const std::string& text) { return verdict_on(config, world, file, text); };
  return r;
}

rules built_in_rules(const surroundings& world) {
  rules r;
  const auto read = [](std::string yaml, std::string csv) {
    return [yaml = std::move(yaml), csv = std::move(csv)](const std::string& path) -> result<std::string> {
      return result<std::string>(boost::system::in_place_value, path.ends_with(".csv") ? csv : yaml);
    };
  };
  surroundings own = world;
  own.read = read("inventory: lines.csv\n", std::string(stand_in));
  r.categories = load("changtong.yaml", own).value().value.targets->categories;
  r.check = [own, read](const std::string& lines_csv) {
    std::string yaml = "inventory: lines.csv\ncredentials:\n  unused: { version: 2c, community: \"-\" }\n";
    for (const std::string& name : credentials_in(lines_csv))
      yaml += fmt::format("  {}: {{ version: 2c, community: \"-\" }}\n", name);
    surroundings amended = own;
    amended.read = read(std::move(yaml), lines_csv);
    auto found = load("changtong.yaml", amended);
    verdict v;
    if (!found) v.problems = found.error().list;
    for (problem& p : v.problems) p.file.clear();
    return v;
  };
  return r;
}

}  // namespace changtong::sheets
