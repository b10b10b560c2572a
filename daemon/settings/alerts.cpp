#include "daemon/settings/alerts.h"

#include <algorithm>
#include <array>

#include "daemon/core/fields.h"
#include "daemon/core/url.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_names = 1000;
constexpr std::size_t most_carriers = 100;
constexpr milliseconds second{1000}, hour{3'600'000};

bool is_word(const block& from, std::string_view key, std::array<std::string_view, 2> words, bool otherwise) {
  const auto t = from.text(key, 16);
  if (!t) return otherwise;
  if (t->value != words[0] && t->value != words[1])
    from.error(t->at,
               both("{} 应为 {} 或 {}，而不是 {}", "{} is {} or {}, not {}", key, words[0], words[1], quote(t->value)));
  return t->value == words[0];
}

class alerts_reader {
 public:
  alerts_reader(const yaml_node& node, const config_draft& known, const surroundings& world, findings& found)
      : known_(known),
        file_(known.root.file),
        world_(world),
        found_(found),
        from_(node, as_written("alerts"), file_, found,
              {"channels", "rules", "together", "head", "staff", "handover", "carriers", "link", "certificate_days",
               "degraded", "limits", "digest", "words"}) {}

  alerts_draft read() {
    into_.at = from_.begin();
    from_.require("channels", "channels: { wecom: { kind: wecom, url: \"${WECOM_URL}\" } }");
    if (const auto* n = from_.find("channels")) read_channels(into_, *n, file_, world_, found_);
    staff();
    if (const auto* n = from_.find("together")) together(*n);
    if (const auto* n = from_.find("carriers")) carriers(*n);
    if (const auto* n = from_.find("digest")) digest(*n);
    if (const auto n = from_.whole("certificate_days", 1, 365))
      into_.value.certificate_days = static_cast<int>(n->value);
    into_.value.degraded = is_word(from_, "degraded", {"true", "false"}, true);
    limits();
    if (const auto dir = from_.text("words", 1024)) into_.value.words_dir = beside(file_, dir->value);
    link();
    if (const auto* n = from_.find("rules"))
      read_rules(into_, *n, known_, found_);
    else
      into_.value.rules.push_back(built_in_rule(into_.value));
    return std::move(into_);
  }

 private:
  void limits() {
    if (const auto* n = from_.find("limits")) read_limits(into_, *n, known_, found_);
    for (quality_limit& l : built_in_limits(known_.value.degrade)) into_.value.limits.push_back(std::move(l));
  }

  void staff() {
    alert_settings& a = into_.value;
    const auto known = [&](const stated<std::string>& one, std::string_view key) {
      std::vector<std::string_view> names;
      for (const person& p : known_.value.people) names.push_back(p.name);
      if (std::ranges::find(names, one.value) != names.end()) return true;
      from_.error(one.at, names.empty()
                              ? both("{} 中的 {} 不在 api.people 中：告警只告知登记在册的人",
                                     "{} names {}, who is not among api.people: alerts go to people who are there", key,
                                     quote(one.value))
                              : both("{}：{}", "{}: {}", key, unknown_word({"人员", "person"}, one.value, names)));
      return false;
    };
    if (const auto head = from_.text("head", 64); head && known(*head, "head")) a.head = head->value;
    for (const auto& one : names_in(from_, "staff"))
      if (known(one, "staff") && std::ranges::find(a.staff, one.value) == a.staff.end()) a.staff.push_back(one.value);
    if (const auto minute = minute_in(from_, "handover")) a.handover = *minute;
  }

  void together(const yaml_node& node) {
    const block body(node, as_written("alerts.together"), file_, found_,
                     {"lines", "within", "quiet", "at_most", "flaps", "flap_window"});
    together_limits& t = into_.value.together;
    if (const auto n = body.whole("lines", 2, 1000)) t.lines = n->value;
    if (const auto n = body.whole("flaps", 2, 100)) t.flaps = n->value;
    const auto take = [&](milliseconds& to, std::string_view key, milliseconds low, milliseconds high) {
      if (const auto d = body.duration(key, low, high)) to = d->value;
    };
    take(t.within, "within", second, 10 * 60 * second);
    take(t.quiet, "quiet", milliseconds{100}, 60 * second);
    take(t.at_most, "at_most", milliseconds{100}, 120 * second);
    take(t.flap_window, "flap_window", 60 * second, 24 * hour);
    if (t.at_most < t.quiet)
      body.error(body.at("at_most"),
                 both("at_most {} 短于 quiet {}：应不短于它", "at_most {} is shorter than quiet {}: make it no shorter",
                      duration_text(t.at_most), duration_text(t.quiet)));
  }

  void carriers(const yaml_node& node) {
    const block all = block::of_names(node, "carriers", file_, found_);
    if (all.members().size() > most_carriers)
      return all.error(all.begin(), both("运营商超过 {} 家", "more than {} carriers", most_carriers));
    for (const block::member& m : all.members()) {
      const block body(*m.value, both("运营商 {}", "carrier {}", quote(m.key)), file_, found_, {"phone", "mail"});
      person reached;  // a desk is reached as a person is
      read_contacts(reached, body);
      if (reached.phone.empty() && reached.mail.empty() && !body.strange() && body.members().empty())
        body.error(body.begin(), both("运营商 {} 没有 phone 也没有 mail：至少写一个",
                                      "carrier {} has neither phone nor mail: write one at least", quote(m.key)));
      into_.carriers.push_back({std::string(m.key), all.at(*m.key_node)});
      into_.value.carriers.push_back({std::string(m.key), reached.phone, reached.mail});
    }
  }

  void digest(const yaml_node& node) {
    const block body(node, as_written("alerts.digest"), file_, found_, {"at", "by"});
    body.require("at", "at: \"08:41\"");
    body.require("by", "by: [wecom]");
    into_.value.digest = minute_in(body, "at");
    into_.value.digest_by = channels_in(body, "by", into_.value);
    if (into_.value.digest && *into_.value.digest % 30 == 0)
      found_.warn(body.at("at"), {"整点和半点时群机器人最容易被限流：请写如 08:41",
                                  "robots are throttled most at the full and the half hour: write such as 08:41"});
  }

  void link() {
    const auto written = from_.text("link", 512);
    if (!written) return;
    const auto origin = url_origin_of(written->value);
    const bool web = origin && (origin->scheme == "http" || origin->scheme == "https") && !origin->host.empty();
    if (!web || origin->user || written->value.find_first_of("?#") != std::string::npos)
      from_.error(written->at, both("link {} 不是控制台的地址：请写 http://10.1.2.3:8080，不带用户名、? 和 #",
                                    "link {} is no address of the console: write http://10.1.2.3:8080, without a "
                                    "user, ? and #",
                                    quote(written->value)));
    else
      into_.value.link = written->value.substr(0, written->value.find_last_not_of('/') + 1);
  }

  const config_draft& known_;
  std::string_view file_;
  const surroundings& world_;
  findings& found_;
  block from_;
  alerts_draft into_;
};

}  // namespace

std::vector<stated<std::string>> names_in(const block& from, std::string_view key) {
  return from.texts(key, {.most = most_names,
                          .no_list = both("{} 应为列表，如 [甲, 乙]", "{} must be a list, as [A, B]", key),
                          .no_text = both("{} 中的每一项应为一行文字，最多 128 字节",
                                          "each in {} must be one line of text, at most 128 bytes", key)});
}

std::vector<std::string> channels_in(const block& from, std::string_view key, const alert_settings& s) {
  std::vector<std::string> out;
  std::vector<std::string_view> ids;
  for (const alert_channel& c : s.channels) ids.push_back(c.id);
  for (stated<std::string>& one : names_in(from, key))
    if (s.channel(one.value) == nullptr)
      from.error(one.at, both("{}：{}", "{}: {}", key, unknown_word({"渠道", "channel"}, one.value, ids)));
    else if (std::ranges::find(out, one.value) == out.end())
      out.push_back(std::move(one.value));
  return out;
}

void read_alerts(config_draft& into, const yaml_node& node, const surroundings& world, findings& found) {
  auto draft = std::make_shared<alerts_draft>(alerts_reader(node, into, world, found).read());
  into.value.alerts = draft->value;
  into.alerts = std::move(draft);
}

}  // namespace changtong::reading
