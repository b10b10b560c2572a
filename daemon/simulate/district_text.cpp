// The district as the two files a real one would have: the daemon reads them through its normal door.
#include <fmt/format.h>

#include <iterator>

#include "daemon/simulate/district.h"
#include "daemon/simulate/secured_agent.h"

namespace changtong::simulate {

namespace {

/** The district's name server stands at its first line, and is asked for the first site. Cuts of the line leave it
 * alone, so it only colours; so does a burst of echoes, which this host answers itself. */
void add_quality_checks(std::string& csv, const district& d) {
  const std::string address = "," + dotted(d.lines.front().address) + ",";
  const std::size_t at = csv.find(address);
  csv.insert(at + address.size() - 1, " " + dotted(d.name_server));
  const district_site& s = d.sites.front();
  csv.insert(
      csv.find("\"\n", at),
      fmt::format(" icmp:count=5,interval=10s dns:name={},expect={},recursive=no,port={},to=2,role=health,interval=5s",
                  s.host, dotted(s.address), d.ports.dns));
}

}  // namespace

std::string lines_csv(const district& d) {
  std::string out = "编号,名称,类别,接入单位,乡镇,运营商,电路编号,带宽,地址,上级,等级,检查\n";
  // TCP is asked more often, so it leads: an agent that dies while its router still answers is no outage for a moment.
  std::size_t number = 0;
  for (const district_line& l : d.lines) {
    fmt::format_to(std::back_inserter(out),
                   "{},{},{},{},{},{},{},{},{},{},{},\"tcp:port={},reset=bad "
                   "snmp:credential={},port={},if=1,profile=auto,interval={}s\"\n",
                   l.id, l.name, l.category, l.unit, l.town, l.carrier, l.circuit, l.bandwidth_mbps, dotted(l.address),
                   l.parent == no_line ? "" : d.lines[l.parent].id, l.category == "township" ? "A" : "B", d.ports.tcp,
                   is_secured(l, number++) ? "secured" : "demo", d.ports.snmp, 3 * d.interval.count() / 1000);
  }
  add_quality_checks(out, d);
  return out;
}

std::string sites_csv(const district& d) {
  std::string out = "编号,名称,网址,周期,时限,加密周期,须有文字,不得有文字\n";
  for (const district_site& s : d.sites)
    fmt::format_to(std::back_inserter(out), "{},{},{},5s,{}s,1s,{}\n", s.id, s.name, s.url,
                   s.manner == site_manner::silent_domain ? 2 : 5,
                   s.manner == site_manner::gbk ? "政务公开,数据库连接失败" : ",");
  return out;
}

namespace {

/** Between double quotes. */
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= ' ') out += c;
  }
  return out + '"';
}

/** Each message at once, none merged: whoever listens wants to see them all. */
std::string alerts_yaml(std::string_view webhook) {
  return fmt::format(
      "# 告警：每条消息以 JSON 发往这里，一条一次 POST。\n"
      "alerts:\n"
      "  channels:\n"
      "    webhook: {{ kind: webhook, url: {}, per_minute: 600, burst: 100 }}\n"
      "  # "
      "演示只看几分钟，所以时限都短：六分钟内断四次即为时通时断，丢包半分钟即告警，网站五分钟无人确认即告知下一位。\n"
      "  staff: [李工, 王工]\n"
      "  together: {{ flap_window: 6m }}\n"
      "  limits:\n"
      "    - {{ of: loss, at: 10%, clear: 1%, holds: 30s, away: 1m }}\n"
      "  rules:\n"
      "    - categories: [website]\n"
      "      steps: [ {{ tell: [on_duty], by: [webhook] }}, {{ after: 5m, tell: [next], by: [webhook] }} ]\n"
      "    - steps: [ {{ tell: [on_duty], by: [webhook] }} ]\n",
      quoted(webhook));
}

}  // namespace

std::string config_yaml(const district& d, std::string_view listen, std::string_view webhook) {
  std::string out = fmt::format(
      "# 演示区县「{}」：由 changtong demo 生成（--lines {} --seed {}），地址都在 127.0.0.0/8，与真实单位无关。\n"
      "zone: Asia/Shanghai\n"
      "listen: \"{}\"\n"
      "ledger: ledger.db\n"
      "inventory: lines.csv\n"
      "# 本机应答不到 1 毫秒，半秒不答即算一次失败；连续 3 次失败确认中断，连续 2 次成功确认恢复。\n"
      "defaults: {{ interval: {}ms, timeout: 500ms, fast_interval: 250ms, down_after: 3, up_after: 2 }}\n"
      "# 丢包一成以上或平均应答超过 100 毫秒的线路显示为劣化（仍算畅通）。\n"
      "degrade: {{ samples: 16, loss_ratio: 0.1, rtt: 100ms }}\n"
      "credentials:\n"
      "  demo: {{ version: 2c, community_file: community }}\n"
      "  # 三分之一的设备用 v3；口令与团体字在同一文件中。\n"
      "  secured: {{ version: 3, user: {}, auth: SHA-256, auth_password_file: community, priv: AES, "
      "priv_password_file: "
      "community }}\n"
      "# 设备的陷阱通知：上级报告接口中断，断电的设备先报告失电、恢复后报告冷启动。\n"
      "traps: {{ listen: \"127.0.0.1:{}\" }}\n"
      "# 两个人：停机窗口一人申请、另一人批准；控制台里“接手”问的令牌就在这两个文件里。\n"
      "api:\n"
      "  people:\n"
      "    - {{ name: 李工, token_file: li.token, may: [request, duty, annotate, acknowledge] }}\n"
      "    - {{ name: 王工, token_file: wang.token, may: [approve, close, reload, acknowledge] }}\n"
      "# 锚点：本机内核对没有人监听的端口立即拒绝，这也是应答，所以演示中的上联从不中断。\n"
      "anchors:\n"
      "  - {{ address: 127.18.1.1, checks: \"tcp:port=9,reset=good\" }}\n"
      "  - {{ address: 127.18.1.2, checks: \"tcp:port=9,reset=good\" }}\n"
      "# 网站的域名由演示自己的域名服务器解析；其中一个域名，它从不应答。\n"
      "name_servers: [\"{}:{}\"]\n"
      "sites: sites.csv\n",
      d.name, d.lines.size(), d.seed, listen, d.interval.count(), secured_user, d.ports.traps, dotted(d.name_server),
      d.ports.dns);
  out +=
      "# 本年度绩效自评：指标的现值与得分见 /metrics 与 /api/v1/evaluation\nevaluation: { plan: plan.yaml, every: 10s "
      "}\n";
  if (!map_geojson(d).empty()) out += "# 乡镇界线，大屏据此画图；画的不是真实的地方\nmap: map.geojson\n";
  if (!webhook.empty()) out += alerts_yaml(webhook);
  return out;
}

std::string plan_yaml(const district& d, std::string_view year) {
  return fmt::format(R"(# 演示区县「{}」{} 年度绩效自评方案：由 changtong demo 生成，金额为虚构。
year: {}
project: 电子政务外网运行维护（演示）
unit: {}
layout: anhui
reverse: 1
score_by: A
group_formula: R1
coverage_floor: 50%
execution: {{ weight: 10, rows: [ {{ name: 年度资金总额, full_year: 900, executed: 450 }} ] }}
levels:
  - name: 产出
    weight: 60
    groups:
      - name: 产出数量
        indicators:
          - {{ id: ops, name: 运维保障天数, target: ≥全年天数, weight: 10, source: {{ kind: measured, figure: operation_days }} }}
      - name: 产出质量
        indicators:
          - {{ id: lines, name: 政务专线畅通率, target: ≥99.9%, weight: 20, source: {{ kind: measured, figure: availability }} }}
          - {{ id: villages, name: 村与社区专线畅通率, target: ≥99.5%, weight: 10, source: {{ kind: measured, figure: availability, select: {{ categories: [village] }} }} }}
      - name: 产出时效
        indicators:
          - {{ id: repair, name: 故障平均修复用时, target: ≤4小时, weight: 10, source: {{ kind: measured, figure: repair_mean }} }}
          - {{ id: in_time, name: 八小时内修复率, target: ≥95%, weight: 10, source: {{ kind: measured, figure: repair_within, within: 8h }} }}
  - name: 效果
    weight: 30
    groups:
      - name: 社会效益
        indicators:
          - {{ id: sites, name: 政府网站可用率, target: ≥99%, weight: 20, source: {{ kind: measured, figure: website_availability }} }}
          - {{ id: mechanism, name: 运维机制可持续, target: 机制健全, weight: 10, source: {{ kind: document, files: [lines.csv] }} }}
)",
                     d.name, year, year, d.name);
}

}  // namespace changtong::simulate
