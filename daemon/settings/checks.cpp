#include "daemon/settings/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/reading/words.h"
#include "daemon/settings/table_columns.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_arguments = 16;

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (coded) i += 2;
  }
  return out;
}

std::string encode(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == ' ' || c == ',' || c == ';' || c == '%')
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  return out;
}

/** Where a kind's complaint first names this key as a whole word, or npos. */
std::size_t named_at(std::string_view text, std::string_view key) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
  };
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1))
    if ((at == 0 || !letter(at - 1)) && !letter(at + key.size())) return at;
  return std::string_view::npos;
}

/** The generic arguments; returns false if `key` is none of them. */
bool take_generic(parsed_check& into, const std::string& key, const std::string& value) {
  if (key == "role") {
    into.role_stated = true;
    into.role = check_role::reach;
    if (value == "health")
      into.role = check_role::health;
    else if (value != "reach")
      into.wrong = both("role {} 无效：应为 reach（决定通断）或 health（只影响显示）",
                        "role {} is neither reach (decides up or down) nor health (only colours)", quote(value));
    return true;
  }
  if (key == "to") {
    into.to = value;
    return true;
  }
  const auto taken = take_timing(into.when, key, value);
  if (taken && !*taken) into.wrong = words_of(taken->error());
  return taken.has_value();
}

std::string stated_timing(const timing_layer& when) {
  std::string out;
  const auto add = [&](std::string_view key, const std::string& value) { out += fmt::format(",{}={}", key, value); };
  if (when.interval) add("interval", duration_text(when.interval->value));
  if (when.timeout) add("timeout", duration_text(when.timeout->value));
  if (when.fast) add("fast", duration_text(when.fast->value));
  if (when.down_after) add("down_after", std::to_string(when.down_after->value));
  if (when.up_after) add("up_after", std::to_string(when.up_after->value));
  return out;
}

void take_habit(parsed_check& into) {
  const check_settings::habit usual = into.settings->usual();
  if (usual.role && !into.role_stated) into.role = *usual.role;
  if (usual.interval) into.usual.interval = stated<milliseconds>{*usual.interval, {}};
  if (usual.timeout) into.usual.timeout = stated<milliseconds>{*usual.timeout, {}};
}

/** A header may hold a token, and a check's text is stored and shown: only its name is. */
std::string shown_header(const std::string& header) { return header.substr(0, header.find(':')); }

}  // namespace

check_reader::check_reader(const config_draft& draft, const surroundings& from, findings& found)
    : draft_(draft), from_(from), found_(found) {
  for (const category_draft& c : draft.categories) categories_.emplace(c.what.id, &c.when);
  for (const kind& k : from.kinds) {
    built_in_.push_back(built_in(k.name));
    const auto own = draft.kinds.find(k.name);
    kinds_.push_back(own == draft.kinds.end() ? timing_layer{} : own->second);
  }
  service_defaults_.down_after = draft.defaults.down_after;
  service_defaults_.up_after = draft.defaults.up_after;
}

const credential* check_reader::find_credential(std::string_view name) const {
  const auto at = std::ranges::find(draft_.value.credentials, name, &credential::name);
  return at == draft_.value.credentials.end() ? nullptr : &*at;
}

const parsed_check& check_reader::read(std::string_view spec) {
  if (const auto at = known_.find(spec); at != known_.end()) return *at->second;
  return *known_.emplace(std::string(spec), std::make_unique<parsed_check>(parse(spec))).first->second;
}

parsed_check check_reader::parse(std::string_view spec) {
  parsed_check out{.spec = std::string(spec)};
  const std::string_view name = spec.substr(0, spec.find(':'));
  const auto k = std::ranges::find(from_.kinds, name, &kind::name);
  if (k == from_.kinds.end()) {
    std::vector<std::string_view> known;
    for (const kind& each : from_.kinds) known.push_back(each.name);
    out.wrong = unknown_word({"检查种类", "kind of check"}, name, known);
    return out;
  }
  out.kind = static_cast<kind_index>(k - from_.kinds.begin());
  out.role = k->role;
  kind_arguments arguments;
  std::vector<std::size_t> offsets;
  for (std::size_t at = name.size(); at < spec.size();) {
    ++at;  // the colon or comma
    const std::size_t end = std::min(spec.find(',', at), spec.size());
    out.wrong_offset = at;
    if (!take_pair(out, arguments, name, spec.substr(at, end - at))) return out;
    if (arguments.pairs.size() > offsets.size()) offsets.push_back(at);
    at = end;
  }
  out.wrong_offset = 0;
  finish(out, std::move(arguments), offsets);
  return out;
}

bool check_reader::take_pair(parsed_check& into, kind_arguments& rest, std::string_view kind, std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals + 1 == pair.size() ||
      rest.pairs.size() == most_arguments) {
    into.wrong = both("{0} 的参数不是 key=value：请写 {0}:key=value,key=value",
                      "an argument of {0} is not key=value: write {0}:key=value,key=value", kind);
    return false;
  }
  std::string key(pair.substr(0, equals)), value = decode(pair.substr(equals + 1));
  if (has_control_characters(value) || first_bad_utf8(value) != std::string::npos)
    into.wrong = both("{} 含有控制字符，或不是 UTF-8", "{} has a control character or is not UTF-8", quote(key));
  else if (!take_generic(into, key, value))
    rest.pairs.push_back({std::move(key), std::move(value)});
  return !into.wrong;
}

void check_reader::finish(parsed_check& into, kind_arguments arguments, const std::vector<std::size_t>& offsets) {
  arguments.name_servers = draft_.value.name_servers;
  arguments.profiles = draft_.value.profiles;
  arguments.find_credential = [this](std::string_view name) { return find_credential(name); };
  for (std::size_t i = 0; i < arguments.pairs.size(); ++i) {
    const auto& [key, value] = arguments.pairs[i];
    if (key != "credential" || find_credential(value) != nullptr) continue;
    std::vector<std::string_view> known;
    for (const credential& c : draft_.value.credentials) known.push_back(c.name);
    into.wrong = known.empty() ? both("凭据 {} 没有定义：请写在 'credentials' 之下",
                                      "unknown credential {}: define it under 'credentials'", quote(value))
                               : unknown_word({"凭据", "credential"}, value, known);
    into.wrong_offset = offsets[i];
    return;
  }
  const kind& k = from_.kinds[into.kind];
  auto settings = k.entry.parse(arguments);
  if (settings) {
    into.settings = std::move(*settings);
    take_habit(into);
    return;
  }
  const phrase words = words_of(settings.error());
  const std::string& text = words.en;
  const bool names_itself = text.starts_with(fmt::format("{}:", k.name));
  into.wrong = names_itself ? words : both("{}：{}", "{}: {}", k.name, words);
  std::size_t first = std::string_view::npos;
  for (std::size_t i = 0; i < arguments.pairs.size(); ++i)
    if (const std::size_t at = named_at(text, arguments.pairs[i].key); at < first) {
      first = at;
      into.wrong_offset = offsets[i];
    }
}

std::optional<parsed_check> check_reader::read_site(const site_draft& site) {
  const auto k = std::ranges::find(from_.kinds, "http", &kind::name);
  if (k == from_.kinds.end()) {
    found_.error(site.begin, {"此版本未包含 'http' 采集器：无法监测网站",
                              "this build has no 'http' collector: sites cannot be watched"});
    return std::nullopt;
  }
  parsed_check out{.kind = static_cast<kind_index>(k - from_.kinds.begin()), .role = k->role};
  kind_arguments arguments;
  arguments.url = site.what.url;
  std::vector<std::size_t> offsets;
  std::string written;
  for (const auto& [pair, at] : site.arguments) {
    written += fmt::format(",{}={}", pair.key, encode(pair.key == "header" ? shown_header(pair.value) : pair.value));
    offsets.push_back(offsets.size() + 1);  // not a place in text: which argument, from 1
    arguments.pairs.push_back(pair);
  }
  written += stated_timing(site.when);
  out.spec = written.empty() ? "http" : "http:" + written.substr(1);
  finish(out, std::move(arguments), offsets);
  if (!out.wrong) return out;
  const bool about_url = named_at(out.wrong->en, "url") != std::string_view::npos;
  const place& elsewhere = about_url ? site.url_at : site.begin;
  found_.error(out.wrong_offset > 0 ? site.arguments[out.wrong_offset - 1].second : elsewhere,
               columns_of_sites().in_their_words(*out.wrong));
  return std::nullopt;
}

timing check_reader::when(const parsed_check& c, const target& of, const timing_layer& own, const where& at) {
  static const timing_layer nothing{};
  const auto category = categories_.find(of.category);
  const timing_layer& by_category = category == categories_.end() ? nothing : *category->second;
  const bool service = is_service(from_.kinds[c.kind].name);
  timing_layer confirm_only;
  confirm_only.down_after = by_category.down_after;
  confirm_only.up_after = by_category.up_after;
  const std::array<const timing_layer*, 7> layers{
      &foundation_,
      &built_in_[c.kind],
      service ? &service_defaults_ : &draft_.defaults,
      service && of.kind != target_kind::site ? &confirm_only : &by_category,
      &kinds_[c.kind],
      &c.usual,
      &own};
  timing made = resolve(layers, at, found_);
  if (!c.settings) return made;
  const milliseconds least = c.settings->asking_takes();
  if (least.count() > 0 && made.timeout < least + least_timeout)
    found_.error(at(), both("时限 {} 太短：单是把问题发完就要 {}，请写 timeout={} 或更长",
                            "the timeout {} is too short: asking alone takes {}; write timeout={} or more",
                            duration_text(made.timeout), duration_text(least), duration_text(least + least_timeout)));
  return made;
}

bool check_reader::append(inventory& into, target_index index, const parsed_check& c, const timing_layer& own,
                          const where& at) {
  target& of = into.targets[index];
  const kind& k = from_.kinds[c.kind];
  check made;
  if (k.entry.needs_address) {
    std::size_t chosen = 0;
    if (!c.to.empty()) {
      const auto number = parse_whole(c.to, of.addresses.size());
      const auto literal = parse_address(c.to);
      const auto same = literal ? std::ranges::find(of.addresses, *literal) : of.addresses.end();
      if (number && *number > 0)
        chosen = *number - 1;
      else if (same != of.addresses.end())
        chosen = static_cast<std::size_t>(same - of.addresses.begin());
      else {
        found_.error(at(), both("to={} 不在该专线的 {} 个地址之中：请写序号（从 1 起）或地址",
                                "to={} is none of the line's {} addresses: give its number (from 1) or the address",
                                quote(c.to), of.addresses.size()));
        return false;
      }
    }
    if (chosen < of.addresses.size()) made.address = of.addresses[chosen];
  }
  std::size_t nth = 1;
  for (std::uint32_t i = 0; i < of.check_count; ++i) nth += into.checks[of.first_check + i].kind == c.kind;
  made.id = of.id + "/" + std::string(k.name);
  if (nth > 1) made.id += "#" + std::to_string(nth);
  made.spec = c.spec;
  made.kind = c.kind;
  made.role = c.role;
  made.target = index;
  made.when = when(c, of, own, at);
  made.settings = c.settings;
  made.bandwidth_mbps = static_cast<float>(of.bandwidth_mbps);
  if (of.check_count == 0) of.first_check = static_cast<std::uint32_t>(into.checks.size());
  ++of.check_count;
  into.checks.push_back(std::move(made));
  return true;
}

}  // namespace changtong::reading
