#include "daemon/centre/command_text.h"

#include <array>
#include <utility>

#include "daemon/core/json.h"
#include "daemon/core/line_state_named.h"
#include "daemon/ledger/exact_line.h"
#include "daemon/ledger/read_open.h"

namespace changtong::centre {
namespace {

namespace json = boost::json;
using ledger::count_in, ledger::instant_at, ledger::text_at;

constexpr std::size_t most_command_bytes = 65'536, most_answer_bytes = 65'536;

constexpr std::array<std::pair<std::string_view, std::string node_command::*>, 4> words_of_approvals{
    {{"centre", &node_command::centre},
     {"text", &node_command::text},
     {"version", &node_command::version},
     {"order", &node_command::order}}};

double number_in(const json::object& o, std::string_view key) {
  return o.at(key).is_null() ? -1 : o.at(key).to_number<double>();
}

}  // namespace

std::string text_of(const node_command& c) {
  json_object o;
  o.add("command", c.what).add("target", c.target);
  if (!c.by.empty()) o.add("by", c.by);
  if (c.until) o.add("until", ms_of(*c.until));
  if (!c.entry.empty()) o.add("entry", c.entry);
  for (const auto& [key, member] : words_of_approvals)
    if (!(c.*member).empty()) o.add(key, c.*member);
  return o.text();
}

std::optional<node_command> read_command(std::string_view text) {
  return ledger::read_open(text, most_command_bytes, [](const json::object& o) {
    node_command c{.what = text_at(o, "command"), .target = text_at(o, "target")};
    if (o.contains("by")) c.by = text_at(o, "by");
    if (o.contains("until")) c.until = instant_at(o, "until");
    if (o.contains("entry")) c.entry = text_at(o, "entry");
    for (const auto& [key, member] : words_of_approvals)
      if (o.contains(key)) c.*member = text_at(o, key);
    return c;
  });
}

std::string text_of(const probe_seen& p) {
  json_object o;
  o.add("target", p.line.target).add("name", p.line.name).add("state", name_of(p.line.state));
  o.add("since", ms_of(p.line.since)).add("cause", name_of(p.line.why)).add("asked", ms_of(p.asked));
  p.sampled ? o.add("sampled", ms_of(*p.sampled)) : o.add_null("sampled");
  p.rtt_seconds < 0 ? o.add_null("rtt_ms") : o.add("rtt_ms", p.rtt_seconds * 1'000);
  p.loss_ratio < 0 ? o.add_null("loss") : o.add("loss", p.loss_ratio);
  return o.text();
}

std::optional<probe_seen> read_probe_seen(std::string_view text) {
  return ledger::read_open(text, most_answer_bytes, [](const json::object& o) {
    probe_seen p;
    p.line.target = text_at(o, "target");
    p.line.name = text_at(o, "name");
    p.line.state = line_state_named(text_at(o, "state"));
    p.line.since = instant_at(o, "since");
    p.line.why = cause_named(text_at(o, "cause")).value_or(cause::none);
    p.asked = instant_at(o, "asked");
    if (!o.at("sampled").is_null()) p.sampled = instant_at(o, "sampled");
    p.rtt_seconds = number_in(o, "rtt_ms");
    if (p.rtt_seconds > 0) p.rtt_seconds /= 1'000;
    p.loss_ratio = number_in(o, "loss");
    return p;
  });
}

std::string text_of(const window_requested& w) {
  json_array notices;
  for (const phrase& n : w.notices) notices.add_raw(json_object().add("text", n.cn).add("text_en", n.en).text());
  return json_object().add("window", w.id).add("targets", w.targets).add_raw("notices", notices.text()).text();
}

std::optional<window_requested> read_window_requested(std::string_view text) {
  return ledger::read_open(text, most_answer_bytes, [](const json::object& o) {
    window_requested w{.id = text_at(o, "window"), .targets = ledger::count_in(o, "targets"), .notices = {}};
    for (const json::value& n : o.at("notices").as_array())
      w.notices.push_back({text_at(n.as_object(), "text"), text_at(n.as_object(), "text_en")});
    return w;
  });
}

}  // namespace changtong::centre
