#include "daemon/settings/profiles.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "daemon/core/fact_table.h"
#include "daemon/reading/block.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace reading {
namespace {

constexpr std::size_t most_facts = 64, most_values = 32;

/** How a number is written there, and for which of our units that will do. */
struct unit_words {
  std::string_view word;
  fact_unit of;
  std::string_view only;  ///< the beginning of a fact's name; empty: any
  double scale;           ///< in the fact's own unit
  std::int64_t least, greatest;
  profile_form form = profile_form::linear;
};
constexpr std::array units{
    unit_words{"percent", fact_unit::millionths, "", 10'000, 0, 100},
    unit_words{"share", fact_unit::millionths, "", 1'000'000, 0, INT64_MAX},
    unit_words{"celsius", fact_unit::thousandths, "temperature", 1000, -100, 300},
    unit_words{"centi_dbm", fact_unit::thousandths, "optical", 10, -10'000, 3000},
    unit_words{"milli_dbm", fact_unit::thousandths, "optical", 1, -100'000, 30'000},
    unit_words{"microwatts", fact_unit::thousandths, "optical", 1, 0, 1'000'000, profile_form::microwatts},
    unit_words{"mixed_optics", fact_unit::thousandths, "optical", 1, -10'000, 1'000'000, profile_form::mixed},
    unit_words{"count", fact_unit::number, "", 1, 0, 10'000},
};

constexpr std::array<std::pair<std::string_view, profile_rows>, 4> row_words{{{"greatest", profile_rows::greatest},
                                                                              {"non_zero", profile_rows::non_zero},
                                                                              {"failed", profile_rows::failed},
                                                                              {"sum", profile_rows::sum}}};
constexpr std::array<std::pair<std::string_view, profile_index>, 3> index_words{
    {{"device", profile_index::device}, {"interface", profile_index::interface}, {"entity", profile_index::entity}}};

class profile_reader {
 public:
  profile_reader(const yaml_node& root, std::string_view file, findings& found)
      : top_(root, {"设备画像", "a profile"}, file, found, {"name", "title", "objects", "facts"}),
        file_(file),
        found_(found) {}

  device_profile read() {
    device_profile p;
    top_.require("name", "name: my-device");
    top_.require("facts", "facts: [ { fact: processor_use, column: 1.3.6.1.4.1.…, unit: percent } ]");
    if (const auto name = top_.text("name", 64)) {
      p.name = name->value;
      if (p.name == "auto" || bad_id(p.name))
        top_.error(name->at, both("名称 {} 不可用：字母、数字、点、下划线或连字符，且不是 auto",
                                  "the name {} will not do: letters, digits, dot, underscore or hyphen, and not auto",
                                  quote(p.name)));
    }
    if (const auto title = top_.text("title", 64)) p.title = title->value;
    if (const auto* list = list_of(top_, "objects"))
      for (const yaml_node& n : list->children)
        if (const auto o = object(n)) p.objects.push_back(*o);
    if (const auto* list = list_of(top_, "facts", most_facts))
      for (const yaml_node& n : list->children) fact(n, p);
    return p;
  }

 private:
  const yaml_node* list_of(const block& from, std::string_view key, std::size_t most = most_values) {
    const yaml_node* node = from.find(key);
    if (node == nullptr) return nullptr;
    if (node->what == yaml_node::shape::list && node->children.size() <= most) return node;
    from.error(from.at(*node), both("{} 应为列表，最多 {} 项", "{} must be a list of at most {}", key, most));
    return nullptr;
  }

  std::optional<object_parts> object(const yaml_node& n) {
    const auto parts = n.what == yaml_node::shape::scalar ? parse_object(n.scalar) : std::nullopt;
    if (!parts)
      found_.error({file_, n.line, n.column},
                   {"应为对象标识，如 1.3.6.1.4.1.2011.2，2 至 64 段",
                    "an object identifier is needed, as 1.3.6.1.4.1.2011.2, of 2 to 64 parts"});
    return parts;
  }
  object_parts object_in(const block& from, std::string_view key) {
    const yaml_node* n = from.find(key);
    return n == nullptr ? object_parts{} : object(*n).value_or(object_parts{});
  }

  template <class T, std::size_t N>
  void word(const block& from, std::string_view key, const std::array<std::pair<std::string_view, T>, N>& words,
            T& to) {
    const auto written = from.text(key, 32);
    if (!written) return;
    std::vector<std::string_view> known;
    for (const auto& [w, value] : words) {
      known.push_back(w);
      if (w == written->value) to = value;
    }
    if (std::ranges::find(known, written->value) == known.end())
      from.error(written->at, both("{}：{}", "{}: {}", key, unknown_word({"写法", "word"}, written->value, known)));
  }

  std::vector<std::int64_t> numbers(const block& from, std::string_view key) {
    std::vector<std::int64_t> all;
    const yaml_node* list = list_of(from, key);
    if (list == nullptr) return all;
    for (const yaml_node& n : list->children) {
      std::int64_t value = 0;
      const auto [end, error] = std::from_chars(n.scalar.data(), n.scalar.data() + n.scalar.size(), value);
      if (n.scalar.empty() || error != std::errc{} || end != n.scalar.data() + n.scalar.size())
        from.error(from.at(n), both("{} 中的每一项应为整数", "each in {} must be a whole number", key));
      else
        all.push_back(value);
    }
    return all;
  }

  void fact(const yaml_node& node, device_profile& into) {
    const block body(node, {"facts 中的一项", "one of facts"}, file_, found_,
                     {"fact", "column", "scalar", "unit", "rows", "index", "invalid", "well", "share_of", "where",
                      "option", "status", "source"});
    body.require("fact", "fact: processor_use");
    body.require("unit", "unit: percent");
    body.require("status", "status: unverified");
    body.require("source", "source: …");
    profile_fact f{};
    const fact_row* row = fact_named(body);
    const bool column = body.find("column") != nullptr, scalar = body.find("scalar") != nullptr;
    if (column == scalar && !body.strange())
      body.error(body.begin(), {"应写 column（表列）或 scalar（标量，末尾为 .0）之一",
                                "either column (of a table) or scalar (it ends in .0) belongs here"});
    f.object = object_in(body, column ? "column" : "scalar");
    if (scalar && !column && !f.object.empty()) take_scalar(body, f.object);
    word(body, "rows", row_words, f.rows);
    word(body, "index", index_words, f.index);
    f.invalid = numbers(body, "invalid");
    f.well = numbers(body, "well");
    f.share_of = object_in(body, "share_of");
    where(body, f);
    for (const auto& [key, to] : {std::pair{"option", &f.option}, {"status", &f.status}, {"source", &f.source}})
      if (const auto text = body.text(key, 128)) *to = text->value;
    if (row == nullptr) return;
    f.name = row->name;
    if (unit(body, *row, f) && suits(body, *row, f)) once(body, f, into);
  }

  const fact_row* fact_named(const block& body) {
    const auto written = body.text("fact", 64);
    if (!written) return nullptr;
    std::vector<std::string_view> known;
    for (const fact_row& row : fact_table) {
      if (std::ranges::find(facts_of_profiles, row.name) == facts_of_profiles.end()) continue;
      if (row.text == written->value) return &row;
      known.push_back(row.text);
    }
    body.error(written->at, unknown_word({"指标", "fact"}, written->value, known));
    return nullptr;
  }

  void take_scalar(const block& body, object_parts& object) {
    if (object.back() == 0)
      object.pop_back();
    else
      body.error(body.at("scalar"), {"标量的末尾应为 .0", "a scalar ends in .0"});
  }

  void where(const block& body, profile_fact& f) {
    const yaml_node* node = body.find("where");
    if (node == nullptr) return;
    const block inner(*node, as_written("where"), file_, found_, {"column", "is"});
    inner.require("column", "column: 1.3.6.1.2.1.25.2.3.1.2");
    inner.require("is", "is: 1.3.6.1.2.1.25.2.1.2");
    f.where = object_in(inner, "column");
    f.is = object_in(inner, "is");
  }

  bool unit(const block& body, const fact_row& row, profile_fact& f) {
    const auto written = body.text("unit", 32);
    if (!written) return false;
    std::vector<std::string_view> known;
    for (const unit_words& u : units) {
      if (u.of != row.unit || !row.text.starts_with(u.only)) continue;
      known.push_back(u.word);
      if (u.word != written->value) continue;
      f.form = u.form;
      f.scale = u.scale;
      f.least = u.least;
      f.greatest = u.greatest;
      return true;
    }
    body.error(written->at, unknown_word(both("{} 的单位", "unit of {}", row.text), written->value, known));
    return false;
  }

  bool suits(const block& body, const fact_row& row, const profile_fact& f) {
    const bool share = body.text("unit", 32)->value == "share";
    if (share == f.share_of.empty() && !body.strange())
      body.error(body.at("unit"), {"unit: share 与 share_of 须同时写", "unit: share and share_of go together"});
    else if ((f.rows == profile_rows::failed) == f.well.empty())
      body.error(body.begin(), {"rows: failed 与 well 须同时写", "rows: failed and well go together"});
    else if ((row.of == fact_of::interface) == (f.index == profile_index::device))
      body.error(
          body.begin(),
          row.of == fact_of::interface ? both("{} 属于接口：请写 index: interface 或 index: entity",
                                              "{} is an interface's: write index: interface or index: entity", row.text)
                                       : both("{} 属于设备：不写 index", "{} is the device's: write no index",
                                              row.text));
    else
      return true;
    return false;
  }

  void once(const block& body, profile_fact& f, device_profile& into) {
    const auto same = [&](const profile_fact& o) { return o.name == f.name && o.option == f.option; };
    if (std::ranges::any_of(into.facts, same))
      return body.error(body.at("fact"),
                        both("{} 出现两次：请删去一个，或写 option 让检查来选",
                             "{} stands twice: remove one, or let checks choose by option", name_of(f.name)));
    into.facts.push_back(std::move(f));
  }

  block top_;
  std::string_view file_;
  findings& found_;
};

}  // namespace

device_profile read_profile_file(const std::string& text, std::string_view file, findings& found) {
  const auto tree = parse_yaml(text);
  if (!tree) {
    found.error(file, tree.error());
    return {};
  }
  return profile_reader(*tree, file, found).read();
}

std::shared_ptr<const device_profiles> read_profiles(const std::vector<std::string>& files,
                                                     const std::vector<place>& written, const surroundings& world,
                                                     findings& found) {
  if (files.empty()) return built_in_profiles();
  auto all = std::make_shared<device_profiles>(*built_in_profiles());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& file = files[i];
    const auto text = world.read(file);
    if (!text) {
      found.error(written[i], both("无法读取设备画像 {}：{}", "cannot read the profile {}: {}", quote(file),
                                   words_of(text.error())));
      continue;
    }
    device_profile p = read_profile_file(*text, file, found);
    const auto at = std::ranges::lower_bound(*all, p.name, {}, &device_profile::name);
    at != all->end() && at->name == p.name ? static_cast<void>(*at = std::move(p))
                                           : static_cast<void>(all->insert(at, std::move(p)));
  }
  return all;
}

}  // namespace reading

std::shared_ptr<const device_profiles> built_in_profiles() {
  static const auto all = [] {
    reading::findings none;  // a test reads the same files
    auto made = std::make_shared<device_profiles>();
    for (const auto& [file, text] : {std::pair{"generic.yaml", profile_generic()},
                                     {"h3c-comware.yaml", profile_h3c_comware()},
                                     {"huawei-vrp.yaml", profile_huawei_vrp()},
                                     {"ruijie.yaml", profile_ruijie()},
                                     {"zte.yaml", profile_zte()}})
      made->push_back(reading::read_profile_file(std::string(text), file, none));
    return made;
  }();
  return all;
}

}  // namespace changtong
