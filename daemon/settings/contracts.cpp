#include "daemon/settings/contracts.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"
#include "daemon/settings/whole_list.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_contracts = 1000;
constexpr std::size_t most_bands = 20;
constexpr std::size_t most_names = 200'000;
constexpr milliseconds second{1000}, year{366LL * 86'400'000};

/** `10%` of the fee, or the fee of `1 day`, `2 days`. */
bool read_credit(credit_band& band, std::string_view text) {
  const auto words = split(text, " ");
  if (words.size() == 2 && (words[1] == "day" || words[1] == "days" || words[1] == "天")) {
    const auto days = parse_whole(words[0], 366);
    band.days = static_cast<std::int64_t>(days.value_or(0));
    return band.days > 0;
  }
  band.of_fee = parse_percent(text);
  return band.of_fee.has_value() && text.ends_with('%');
}

class contract_reader {
 public:
  contract_reader(const yaml_node& node, std::string_view file, const civil_zone& zone, findings& found)
      : from_(node, {"合同", "a contract"}, file, found,
              {"id",
               "carrier",
               "lines",
               "categories",
               "grades",
               "grade",
               "availability_target",
               "period",
               "max_single_outage",
               "response_limit",
               "repair_limit",
               "report_deadline",
               "report_to",
               "repair_clock",
               "windows",
               "user_power",
               "monthly_fee",
               "credit_bands",
               "credit_cap",
               "source",
               "clause",
               "valid_from",
               "valid_to"}),
        file_(file),
        zone_(zone),
        found_(found) {}

  contract_draft read() {
    who();
    limits();
    money();
    from_.require("source", "source: 专线租用合同〔2026〕12号");
    take("source", draft_.what.source, 256);
    take("clause", draft_.what.clause, 256);
    dates();
    return std::move(draft_);
  }

 private:
  void take(std::string_view key, std::string& into, std::size_t most) {
    if (auto t = from_.text(key, most)) into = std::move(t->value);
  }

  void who() {
    from_.require("id", "id: dx-2026");
    from_.require("carrier", "carrier: 电信");
    draft_.at = from_.at("id");
    take("id", draft_.what.id, 64);
    if (const auto bad = bad_id(draft_.what.id); bad && !draft_.what.id.empty())
      from_.error(draft_.at, both("编号 {} {}", "id {} {}", quote(draft_.what.id), *bad));
    take("carrier", draft_.what.carrier, 128);
    take("grade", draft_.what.grade, 64);
    draft_.lines = names("lines");
    for (const auto& [id, at] : draft_.lines) draft_.what.lines.push_back(id);
    for (const auto& [id, at] : names("categories")) draft_.what.categories.push_back(id);
    for (const auto& [id, at] : names("grades")) draft_.what.grades.push_back(id);
  }

  [[nodiscard]] std::vector<stated<std::string>> names(std::string_view key) const {
    return from_.texts(key, {.least = 1,
                             .most = most_names,
                             .no_list = both("{} 应为列表，至少一项，如 [V001, V002]",
                                             "{} must be a list of at least one name, as [V001, V002]", key),
                             .no_text = both("{} 中的每一项应为一行文字，最多 128 字节",
                                             "a name in {} must be one line of text, at most 128 bytes", key)});
  }

  void limits() {
    contract& c = draft_.what;
    c.availability_target = percent("availability_target", "99.9");
    c.period = word("period", {"month", "year"}, 0) == 1 ? contract_period::year : contract_period::month;
    c.max_single_outage = time("max_single_outage");
    c.response_limit = time("response_limit");
    c.repair_limit = time("repair_limit");
    c.report_deadline = time("report_deadline");
    report_address();
    if (from_.find("repair_clock") != nullptr)
      c.clock = word("repair_clock", {"discovery", "report"}, 0) == 1 ? repair_clock::report : repair_clock::discovery;
    else if (c.repair_limit)
      from_.error(from_.at("repair_limit"),
                  {"写了 repair_limit 就要写 repair_clock：从发现（discovery）还是从报障（report）起算",
                   "repair_limit needs repair_clock: say whether the time begins with discovery or with report"});
    constexpr std::array treatments{window_treatment::removed, window_treatment::counted, window_treatment::shown};
    c.windows = treatments.at(word("windows", {"removed", "counted", "shown"}, 0));
    if (from_.find("user_power") != nullptr)
      c.user_power =
          word("user_power", {"excluded", "counted"}, 1) == 0 ? power_treatment::excluded : power_treatment::counted;
  }

  /** Whether a channel can carry it is asked where the channels are known. */
  void report_address() {
    take("report_to", draft_.what.report_to, 254);
    const std::string& to = draft_.what.report_to;
    const std::size_t sign = to.find('@');
    if (!to.empty() && (sign == 0 || sign == std::string::npos || sign + 1 == to.size() ||
                        to.find_first_of(" ,;<>\"@", sign + 1) != std::string::npos))
      from_.error(from_.at("report_to"), {"report_to 应为一个邮件地址，如 baozhang@example.cn",
                                          "report_to must be one mail address, as baozhang@example.cn"});
  }

  std::optional<milliseconds> time(std::string_view key) {
    const auto d = from_.duration(key, second, year);
    return d ? std::optional(d->value) : std::nullopt;
  }

  std::optional<share> percent(std::string_view key, std::string_view example) { return percent(from_, key, example); }
  static std::optional<share> percent(const block& from, std::string_view key, std::string_view example) {
    const auto written = from.text(key, 32);
    if (!written) return std::nullopt;
    const auto s = parse_percent(written->value);
    if (!s)
      from.error(written->at, both("{} {} 不是百分比：请写 {}，0 至 100，最多 9 位小数",
                                   "{} {} is no percentage: write {}, from 0 to 100 with at most 9 decimals", key,
                                   quote(written->value), example));
    return s;
  }

  std::size_t word(std::string_view key, std::initializer_list<std::string_view> known, std::size_t otherwise) {
    const auto written = from_.text(key, 32);
    if (!written) return otherwise;
    const auto at = std::ranges::find(known, written->value);
    if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
    from_.error(written->at, unknown_word(as_written(key), written->value, {known.begin(), known.size()}));
    return otherwise;
  }

  void money() {
    contract& c = draft_.what;
    if (const auto fee = from_.text("monthly_fee", 32)) {
      c.monthly_fee = parse_yuan(fee->value);
      if (!c.monthly_fee)
        from_.error(fee->at, both("monthly_fee {} 不是以元计的金额：请写 1200 或 1200.50",
                                  "monthly_fee {} is no amount in yuan: write 1200 or 1200.50", quote(fee->value)));
    }
    c.credit_cap = percent("credit_cap", "100%");
    const yaml_node* node = from_.find("credit_bands");
    if (node == nullptr) return;
    if (node->what != yaml_node::shape::list || node->children.size() > most_bands)
      return from_.error(from_.at(*node),
                         both("credit_bands 应为列表，最多 {} 项：每项以 '- ' 开头",
                              "credit_bands must be a list of at most {}: begin each with '- '", most_bands));
    for (const yaml_node& n : node->children)
      if (auto b = band(n)) c.credit_bands.push_back(*b);
    const auto twice = [](const credit_band& a, const credit_band& b) {
      return a.below == b.below && a.outage_longer_than == b.outage_longer_than;
    };
    for (std::size_t i = 0; i < c.credit_bands.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if (twice(c.credit_bands[i], c.credit_bands[k]))
          from_.error(from_.at(*node), {"credit_bands 中有两项条件相同：请只留一项",
                                        "credit_bands has the same condition twice: keep one"});
  }

  std::optional<credit_band> band(const yaml_node& node) {
    const block from(node, {"credit_bands 的一项", "a credit band"}, file_, found_,
                     {"below", "outage_longer_than", "credit"});
    from.require("credit", "credit: \"10%\" or credit: \"1 day\"");
    credit_band b;
    b.below = percent(from, "below", "99.9");
    if (const auto d = from.duration("outage_longer_than", second, year)) b.outage_longer_than = d->value;
    const bool below = from.find("below") != nullptr, longer = from.find("outage_longer_than") != nullptr;
    if (below == longer && !from.strange())
      from.error(from.begin(), {"credit_bands 的一项只有一个条件：below 或 outage_longer_than",
                                "a credit band has one condition: below or outage_longer_than"});
    const auto credit = from.text("credit", 32);
    if (!credit) return std::nullopt;
    if (!read_credit(b, credit->value)) {
      from.error(credit->at, both("credit {} 既不是费用的百分比也不是天数：请写 \"10%\" 或 \"1 day\"",
                                  "credit {} is neither a share of the fee nor days: write \"10%\" or \"1 day\"",
                                  quote(credit->value)));
      return std::nullopt;
    }
    return below != longer ? std::optional(b) : std::nullopt;
  }

  void dates() {
    const auto edge = [&](std::string_view key) -> std::optional<period> {
      const auto written = from_.text(key, 64);
      if (!written) return std::nullopt;
      const auto at = parse_scope_edge(zone_, written->value);
      if (at) return *zone_.parse(written->value);
      from_.error(written->at, both("{} {}", "{} {}", key, words_of(at.error())));
      return std::nullopt;
    };
    contract& c = draft_.what;
    if (const auto p = edge("valid_from")) c.valid_from = p->from;
    if (const auto p = edge("valid_to")) c.valid_to = p->to;
    if (validity(c).empty())
      from_.error(from_.at("valid_to"), {"valid_to 不晚于 valid_from", "valid_to is not after valid_from"});
  }

  block from_;
  std::string_view file_;
  const civil_zone& zone_;
  findings& found_;
  contract_draft draft_;
};

void check_names(const contract_draft& c, const inventory& inv, const whole_list* whole,
                 const std::set<std::string_view>& carriers, findings& found) {
  for (const std::string& id : c.what.categories)
    if (std::ranges::find(inv.categories, id, &category::id) == inv.categories.end())
      found.error(c.at, both("合同 {} 写有类别 {}，而没有这个类别",
                             "contract {} names the category {}, which is not there", quote(c.what.id), quote(id)));
  for (const auto& [id, at] : c.lines) {
    const target* t = inv.find(id);
    if (t == nullptr && whole != nullptr && whole->has(id)) continue;  // its own node looks at it
    if (t == nullptr || t->kind != target_kind::line)
      found.error(
          at, both("合同 {} 写有专线 {}，而清单中没有", "contract {} names the line {}, which is not in the inventory",
                   quote(c.what.id), quote(id)));
    else if (t->carrier != c.what.carrier)
      found.error(at,
                  both("专线 {} 的运营商是 {}，而合同是与 {} 签的", "line {} is of carrier {}, the contract is with {}",
                       quote(id), quote(t->carrier), quote(c.what.carrier)));
  }
  if (whole == nullptr && c.lines.empty() && !carriers.contains(c.what.carrier))
    found.warn(c.at,
               both("合同 {} 的运营商 {} 没有任何专线", "contract {} is with carrier {}, of whom there is no line",
                    quote(c.what.id), quote(c.what.carrier)));
}

/** The first line that two contracts claim at one time is said once a pair, not for each of a thousand lines. */
void check_overlaps(const std::vector<contract_draft>& contracts, const inventory& inv, findings& found) {
  std::map<std::string_view, std::vector<std::size_t>> of_carrier;
  for (std::size_t i = 0; i < contracts.size(); ++i) of_carrier[contracts[i].what.carrier].push_back(i);
  std::set<std::pair<std::size_t, std::size_t>> said;
  for (const target& t : inv.targets) {
    const auto mine = of_carrier.find(t.carrier);
    if (t.kind != target_kind::line || mine == of_carrier.end()) continue;
    std::vector<std::size_t> claiming;
    for (const std::size_t i : mine->second)
      if (covers(contracts[i].what, {t.id, t.carrier, t.category, t.grade})) claiming.push_back(i);
    for (std::size_t b = 1; b < claiming.size(); ++b)
      for (std::size_t a = 0; a < b; ++a) {
        const contract_draft &x = contracts[claiming[a]], &y = contracts[claiming[b]];
        if (intersect(validity(x.what), validity(y.what)).empty() || !said.emplace(claiming[a], claiming[b]).second)
          continue;
        found.error(y.at, both("合同 {} 与 {} 在同一时间都包含专线 {}：请用 valid_to 结束其一，或缩小范围",
                               "contracts {} and {} both cover line {} at the same time: end one with valid_to, or "
                               "narrow its lines",
                               quote(x.what.id), quote(y.what.id), quote(t.id)));
      }
  }
}

}  // namespace

std::vector<contract_draft> read_contracts(const yaml_node& node, std::string_view file, const civil_zone& zone,
                                           findings& found) {
  std::vector<contract_draft> out;
  const place at{file, node.line, node.column};
  if (node.what != yaml_node::shape::list) {
    found.error(at, both("contracts 应为列表，而不是{}：每项以 '- ' 开头",
                         "contracts must be a list, not {}: begin each with '- '", node.shape_name()));
    return out;
  }
  if (node.children.size() > most_contracts) {
    found.error(at, both("合同超过 {} 份", "more than {} contracts", most_contracts));
    return out;
  }
  for (const yaml_node& child : node.children) {
    contract_draft c = contract_reader(child, file, zone, found).read();
    const auto same = [&](const contract_draft& o) { return !c.what.id.empty() && o.what.id == c.what.id; };
    if (const auto twice = std::ranges::find_if(out, same); twice != out.end())
      found.error(c.at, both("合同编号 {} 重复：第 {} 行已用", "duplicate contract id {}: line {} has it already",
                             quote(c.what.id), twice->at.line));
    out.push_back(std::move(c));
  }
  return out;
}

void check_report_addresses(const std::vector<contract_draft>& contracts, const alert_settings& alerts,
                            findings& found) {
  if (std::ranges::find(alerts.channels, channel_kind::mail, &alert_channel::kind) != alerts.channels.end()) return;
  for (const contract_draft& c : contracts)
    if (!c.what.report_to.empty())
      found.warn(c.at, both("合同 {} 写了 report_to，但 alerts 没有邮件渠道（kind: mail）：报障单发不出去",
                            "contract {} has report_to, but alerts has no channel of kind mail: its tickets go nowhere",
                            quote(c.what.id)));
}

void check_contracts(const std::vector<contract_draft>& contracts, const inventory& inv, const whole_list* whole,
                     findings& found) {
  std::set<std::string_view> carriers;
  for (const target& t : inv.targets) carriers.insert(t.carrier);
  for (const contract_draft& c : contracts) check_names(c, inv, whole, carriers, found);
  check_overlaps(contracts, inv, found);
}

}  // namespace changtong::reading
